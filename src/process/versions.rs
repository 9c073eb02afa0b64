//! Which version of a package a container gets: from the lock files and manifests that lie in it,
//! and from its image's tag.

use crate::knowledge::{Language, file_name};

use super::Input;
use super::manifests;

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
    if !matches!(language, Language::Python | Language::JavaScript) {
        return None;
    }
    let mut directories = manifests::upwards(cwd);
    if cwd != "/tmp" {
        directories.push("/tmp".to_owned());
    }
    directories
        .iter()
        .find_map(|directory| pinned(input, directory, language, package))?
        .is_at_least(version)
}

/// What the files of a directory say: lock files first, for they say what is really installed.
fn pinned(input: &Input<'_>, directory: &str, language: Language, package: &str) -> Option<Pinned> {
    let locks = manifests::locks_at(input, directory, language);
    if let Some(version) = locks.iter().find_map(|lock| lock.version(package)) {
        return Some(exactly(version));
    }
    let manifests = manifests::at(input, directory, Some(language));
    let dependency = manifests
        .iter()
        .find_map(|manifest| manifest.dependency(package))?;
    Some(range_of(&dependency.wanted))
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::files::Memory;
    use crate::process::{Image, Input, PathContent};
    use crate::workspace::Workspace;

    #[track_caller]
    fn check(file: &str, text: &str, expected: Option<Pinned>) {
        let memory = Memory::new().with(Path::new("/app").join(file), text);
        let workspace = Workspace::new(&memory);
        let input = Input {
            entrypoint: None,
            command: None,
            image: Image::default(),
            working_dir: None,
            environment: Vec::new(),
            lookup: &|path| match workspace.read(Path::new(path)) {
                Ok(source) => PathContent::File(source),
                Err(_) => PathContent::Nothing,
            },
            shown: &|_| true,
            host: &|path| Some(path.into()),
            workspace: &workspace,
        };
        let of_node = [
            "package.json",
            "package-lock.json",
            "yarn.lock",
            "pnpm-lock.yaml",
        ];
        let language = if of_node.contains(&file) {
            Language::JavaScript
        } else {
            Language::Python
        };
        let found = pinned(&input, "/app", language, "flask");
        assert_eq!(found, expected, "{text}");
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
            "{\"default\": {\n \"flask\": {\n  \"hashes\": [],\n  \"version\": \"==2.1.0\"\n }\n}}",
            Some(Pinned::To((2, 1))),
        );
        check(
            "package-lock.json",
            "{\"packages\": {\n  \"node_modules/flask\": {\n   \"version\": \"5.0.4\",\n",
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
