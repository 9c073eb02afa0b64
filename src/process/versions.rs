//! Which version of a package a container gets: from the lock files and manifests that lie in it,
//! and from its image's tag.

use crate::knowledge::{Language, file_name};

use super::Input;
use super::task::join;

/// Major and minor version.
pub(super) type Version = (u32, u32);

/// What a file says of a package's version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pinned {
    /// This one.
    To(Version),
    /// The newest there is: nothing, or only a lower bound is given.
    Newest,
    /// Something older than this.
    Below(Version),
    /// It is listed, but nothing can be said.
    Somehow,
}

impl Pinned {
    fn is_at_least(self, version: Version) -> Option<bool> {
        match self {
            Pinned::To(known) => Some(known >= version),
            Pinned::Newest => Some(true),
            Pinned::Below(limit) if limit <= version => Some(false),
            Pinned::Below(_) | Pinned::Somehow => None,
        }
    }
}

/// Lock files first: they say what is really installed.
const PYTHON: [&str; 12] = [
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "requirements.txt",
    "requirements/base.txt",
    "requirements/dev.txt",
    "requirements/local.txt",
    "requirements-dev.txt",
    "requirements.in",
    "pyproject.toml",
    "Pipfile",
];
const NODE: [&str; 4] = [
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "package.json",
];

/// Whether the container has at least that version of a package; `None` when it is not known to
/// have it, or which.
pub(super) fn is_at_least(
    input: &Input<'_>,
    cwd: &str,
    language: Language,
    package: &str,
    version: Version,
) -> Option<bool> {
    if package == "node" {
        return Some(of_node(input.image.base.as_deref()?)? >= version.0);
    }
    let names: &[&str] = match language {
        Language::Python => &PYTHON,
        Language::JavaScript => &NODE,
        _ => return None,
    };
    let mut directory = cwd.to_owned();
    let mut directories = vec![directory.clone()];
    for _ in 0..3 {
        directory = join(&directory, "..");
        directories.push(directory.clone());
    }
    directories.push("/tmp".to_owned());
    directories.dedup();
    let files = directories
        .iter()
        .flat_map(|directory| names.iter().map(move |name| (directory, *name)));
    files
        .filter_map(|(directory, name)| pinned(name, input.read(directory, name)?.text(), package))
        .next()?
        .is_at_least(version)
}

/// The major version of Node.js in an image's tag; that of `lts` and `latest` is newer than any.
pub fn of_node(base: &str) -> Option<u32> {
    let (name, tag) = base
        .split('@')
        .next()?
        .rsplit_once(':')
        .unwrap_or((base, "latest"));
    if file_name(name) != "node" {
        return None;
    }
    let number = tag
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    match number.parse() {
        Ok(number) => Some(number),
        Err(_)
            if ["lts", "current", "latest", "alpine", "slim"]
                .iter()
                .any(|start| tag.starts_with(start)) =>
        {
            Some(u32::MAX)
        }
        Err(_) => None,
    }
}

fn pinned(file: &str, text: &str, package: &str) -> Option<Pinned> {
    match file {
        "uv.lock" | "poetry.lock" | "pdm.lock" => in_toml_lock(text, package),
        "Pipfile.lock" | "package-lock.json" => in_json_lock(text, package),
        "yarn.lock" => in_yarn_lock(text, package),
        "pnpm-lock.yaml" => in_pnpm_lock(text, package),
        "package.json" => in_package_json(text, package),
        "pyproject.toml" | "Pipfile" => in_toml(text, package),
        _ => text.lines().find_map(|line| in_requirement(line, package)),
    }
}

/// `[[package]]`, `name = "x"`, `version = "1.2"`.
fn in_toml_lock(text: &str, package: &str) -> Option<Pinned> {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
        Some(rest.trim().trim_matches('"').to_owned())
    };
    let mut lines = text
        .lines()
        .skip_while(|line| value(line, "name").is_none_or(|name| !is_same(&name, package)))
        .skip(1);
    let version = lines
        .by_ref()
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| value(line, "version"))?;
    Some(exactly(&version))
}

/// `"flask": {…, "version": "==2.3.0"}`, `"node_modules/x": {"version": "1.2.3"}`.
fn in_json_lock(text: &str, package: &str) -> Option<Pinned> {
    let opens = |line: &str| {
        let name = line
            .trim()
            .strip_suffix('{')
            .map(str::trim_end)
            .and_then(|line| line.strip_suffix(':'));
        let name = name.map(|name| name.trim_matches('"')).unwrap_or_default();
        is_same(name.strip_prefix("node_modules/").unwrap_or(name), package)
    };
    let lines = text.lines().skip_while(|line| !opens(line)).skip(1);
    let version = lines
        .take(40)
        .find_map(|line| line.trim().strip_prefix("\"version\":"))?;
    Some(exactly(version.trim().trim_matches([',', '"', ' '])))
}

fn in_yarn_lock(text: &str, package: &str) -> Option<Pinned> {
    let opens = |line: &str| {
        let name = line.trim_start_matches('"');
        !line.starts_with(' ')
            && name
                .strip_prefix(package)
                .is_some_and(|rest| rest.starts_with('@'))
    };
    let version = text
        .lines()
        .skip_while(|line| !opens(line))
        .nth(1)?
        .trim()
        .strip_prefix("version")?;
    Some(exactly(version.trim_matches([':', ' ', '"'])))
}

fn in_pnpm_lock(text: &str, package: &str) -> Option<Pinned> {
    let version = text.lines().find_map(|line| {
        let name = line.trim().trim_start_matches('\'').trim_start_matches('/');
        name.strip_prefix(package)?.strip_prefix('@')
    })?;
    Some(exactly(version.trim_end_matches([':', '\''])))
}

fn in_package_json(text: &str, package: &str) -> Option<Pinned> {
    let key = format!("\"{package}\":");
    let at = text.find(&key)? + key.len();
    let range = text[at..]
        .trim_start()
        .strip_prefix('"')?
        .split('"')
        .next()?;
    Some(range_of(range))
}

/// `flask = "^2.0"` and `"flask>=2"` of a manifest.
fn in_toml(text: &str, package: &str) -> Option<Pinned> {
    text.lines().map(str::trim).find_map(|line| {
        if let Some((name, value)) = line.split_once('=')
            && is_same(name.trim().trim_matches('"'), package)
            && !value.starts_with('=')
        {
            return value
                .trim()
                .strip_prefix('"')
                .map_or(Some(Pinned::Somehow), |value| {
                    Some(range_of(value.split('"').next()?))
                });
        }
        let quoted = line.split(['"', '\'']).skip(1).step_by(2);
        quoted
            .into_iter()
            .find_map(|requirement| in_requirement(requirement, package))
    })
}

/// A line of a requirements file: `Flask[async]==2.3.1 ; python_version > "3"`.
fn in_requirement(line: &str, package: &str) -> Option<Pinned> {
    let line = line.split(['#', ';']).next()?.trim();
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if !is_same(name, package) {
        return None;
    }
    let rest = rest.trim_start();
    let range = rest.strip_prefix('[').map_or(rest, |extras| {
        extras.split_once(']').map_or("", |(_, behind)| behind)
    });
    Some(range_of(range.trim()))
}

/// What a range admits: `==2.3`, `>=1,<3`, `^2.1`, `~=2.2.0`, `2.x`, `*`.
fn range_of(range: &str) -> Pinned {
    let mut pinned = if range.is_empty() || range == "*" || range == "latest" {
        Pinned::Newest
    } else {
        Pinned::Somehow
    };
    for part in range.split([',', ' ']).filter(|part| !part.is_empty()) {
        let number = part.trim_start_matches(['=', '<', '>', '~', '^', '!', ' ']);
        let Some((major, minor)) = parse(number) else {
            continue;
        };
        let dots = number.matches('.').count();
        pinned = match &part[..part.len() - number.len()] {
            "==" | "===" | "=" | "" if !number.contains(['*', 'x']) => {
                return Pinned::To((major, minor));
            }
            ">=" | ">" if pinned == Pinned::Somehow => Pinned::Newest,
            "<" => Pinned::Below((major, minor)),
            "<=" => Pinned::Below((major, minor + 1)),
            "^" if major > 0 => Pinned::Below((major + 1, 0)),
            "^" => Pinned::Below((0, minor + 1)),
            "~=" | "~" if dots >= 2 => Pinned::Below((major, minor + 1)),
            "~=" | "~" => Pinned::Below((major + 1, 0)),
            _ => pinned,
        };
    }
    pinned
}

fn exactly(version: &str) -> Pinned {
    parse(version.trim_start_matches('=')).map_or(Pinned::Somehow, Pinned::To)
}

fn parse(version: &str) -> Option<Version> {
    let mut numbers = version.trim_start_matches('v').split('.');
    let mut number = || {
        let text = numbers.next()?;
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        text[..end].parse().ok()
    };
    Some((number()?, number().unwrap_or(0)))
}

/// Names of packages, with `-`, `_`, `.` and case as pip sees them.
fn is_same(name: &str, package: &str) -> bool {
    let plain = |c: char| {
        if matches!(c, '_' | '.') {
            '-'
        } else {
            c.to_ascii_lowercase()
        }
    };
    name.len() == package.len() && name.chars().map(plain).eq(package.chars().map(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, text: &str, expected: Option<Pinned>) {
        assert_eq!(pinned(file, text, "flask"), expected, "{text}");
    }

    #[test]
    fn requirements_pin_a_version_or_let_it_be() {
        for (line, expected) in [
            ("Flask==2.2.5\n", Some(Pinned::To((2, 2)))),
            ("flask", Some(Pinned::Newest)),
            ("flask>=1.0  # web", Some(Pinned::Newest)),
            ("flask[async]>=1.0,<2.3", Some(Pinned::Below((2, 3)))),
            ("flask~=2.2.0", Some(Pinned::Below((2, 3)))),
            ("flask-cors==4.0\nflask_login\n", None),
            ("-r base.txt\nflask @ git+https://x", Some(Pinned::Somehow)),
        ] {
            check("requirements.txt", line, expected);
        }
    }

    #[test]
    fn lock_files_say_what_is_installed() {
        check(
            "uv.lock",
            "[[package]]\nname = \"flask\"\nversion = \"3.1.0\"\n",
            Some(Pinned::To((3, 1))),
        );
        check(
            "poetry.lock",
            "[[package]]\nname = \"x\"\nversion = \"1\"\n\n[[package]]\nname = \"Flask\"\nversion = \"2.0.1\"\n",
            Some(Pinned::To((2, 0))),
        );
        check(
            "Pipfile.lock",
            "{\n \"flask\": {\n  \"hashes\": [],\n  \"version\": \"==2.1.0\"\n }\n}",
            Some(Pinned::To((2, 1))),
        );
        check(
            "package-lock.json",
            "  \"node_modules/flask\": {\n   \"version\": \"5.0.4\",\n",
            Some(Pinned::To((5, 0))),
        );
        check(
            "yarn.lock",
            "flask@^1.2.0:\n  version \"1.4.2\"\n",
            Some(Pinned::To((1, 4))),
        );
        check(
            "pnpm-lock.yaml",
            "packages:\n\n  /flask@1.2.3:\n",
            Some(Pinned::To((1, 2))),
        );
    }

    #[test]
    fn manifests_give_ranges() {
        check(
            "pyproject.toml",
            "[tool.poetry.dependencies]\nflask = \"^2.0\"\n",
            Some(Pinned::Below((3, 0))),
        );
        check(
            "pyproject.toml",
            "[project]\ndependencies = [\"click\", \"flask>=2.0\"]\n",
            Some(Pinned::Newest),
        );
        check(
            "package.json",
            "{\"dependencies\": {\"flask\": \"~1.2.3\"}}",
            Some(Pinned::Below((1, 3))),
        );
    }

    #[test]
    fn a_range_is_older_only_when_all_of_it_is() {
        assert_eq!(Pinned::Below((2, 3)).is_at_least((2, 3)), Some(false));
        assert_eq!(Pinned::Below((3, 0)).is_at_least((2, 3)), None);
        assert_eq!(Pinned::To((2, 3)).is_at_least((2, 3)), Some(true));
    }

    #[test]
    fn the_tag_of_the_image_tells_the_version_of_node() {
        assert_eq!(of_node("node:20.11-alpine"), Some(20));
        assert_eq!(of_node("docker.io/library/node:lts-slim"), Some(u32::MAX));
        assert_eq!(of_node("node"), Some(u32::MAX));
        assert_eq!(of_node("node:bookworm"), None);
        assert_eq!(of_node("oven/bun:1"), None);
    }
}
