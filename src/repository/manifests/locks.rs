//! Lock files: which version of a package is installed. Nobody writes them by hand, so those that are
//! no JSON are read line by line, as their tools write them.

use rustc_hash::FxHashMap;

use super::normal;
use crate::syntax::json::{Node, Tree};
use crate::text::Source;
use crate::workspace::Workspace;

/// The versions that a lock file names.
#[derive(Debug, Default)]
pub struct Lock {
    /// By normal names; of several versions the first.
    versions: FxHashMap<String, String>,
}

impl Lock {
    /// The version of a package, as written.
    pub fn version(&self, package: &str) -> Option<&str> {
        self.versions.get(&normal(package)).map(String::as_str)
    }

    /// The names of all packages, as registries compare them.
    pub fn packages(&self) -> impl Iterator<Item = &str> {
        self.versions.keys().map(String::as_str)
    }

    fn add(&mut self, name: &str, version: &str) {
        self.versions
            .entry(normal(name))
            .or_insert_with(|| version.to_owned());
    }
}

/// Whether a file of this name is a lock file that can be read.
pub(super) fn is_lock(name: &str) -> bool {
    matches!(
        name,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "yarn.lock"
            | "pnpm-lock.yaml"
            | "bun.lock"
            | "uv.lock"
            | "poetry.lock"
            | "pdm.lock"
            | "Pipfile.lock"
            | "Cargo.lock"
            | "composer.lock"
            | "Gemfile.lock"
            | "mix.lock"
    )
}

pub(super) fn read(workspace: &Workspace<'_>, source: &Source) -> Lock {
    let mut lock = Lock::default();
    let name = source
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let text = source.text();
    match name {
        "package-lock.json" | "npm-shrinkwrap.json" => npm(&workspace.json(source).tree, &mut lock),
        "Pipfile.lock" => pipenv(&workspace.json(source).tree, &mut lock),
        "composer.lock" => composer(&workspace.json(source).tree, &mut lock),
        "bun.lock" => bun(&workspace.json(source).tree, &mut lock),
        "uv.lock" | "poetry.lock" | "pdm.lock" | "Cargo.lock" => tables(text, &mut lock),
        "yarn.lock" => yarn(text, &mut lock),
        "pnpm-lock.yaml" => pnpm(text, &mut lock),
        "Gemfile.lock" => bundler(text, &mut lock),
        "mix.lock" => mix(text, &mut lock),
        _ => {}
    }
    lock
}

fn entries<'t>(tree: &'t Tree, key: &str) -> impl Iterator<Item = (String, Node<'t>)> + use<'t> {
    let table = tree.at(&[key]);
    table
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|entry| Some((entry.key.as_str()?.into_owned(), entry.value)))
}

/// `"node_modules/x": {"version": "1.2.3"}`, and since npm 1 `"x": {"version": "1.2.3"}`.
fn npm(tree: &Tree, lock: &mut Lock) {
    for key in ["packages", "dependencies"] {
        for (name, value) in entries(tree, key) {
            let name = name.strip_prefix("node_modules/").unwrap_or(&name);
            if let Some(version) = value.get("version").and_then(Node::as_str) {
                lock.add(name, &version);
            }
        }
    }
}

/// `"flask": {"version": "==2.3.0"}`
fn pipenv(tree: &Tree, lock: &mut Lock) {
    for key in ["default", "develop"] {
        for (name, value) in entries(tree, key) {
            if let Some(version) = value.get("version").and_then(Node::as_str) {
                lock.add(&name, version.trim_start_matches('='));
            }
        }
    }
}

fn composer(tree: &Tree, lock: &mut Lock) {
    for key in ["packages", "packages-dev"] {
        for package in tree.at(&[key]).into_iter().flat_map(Node::items) {
            let text = |key| package.get(key).and_then(Node::as_str);
            if let (Some(name), Some(version)) = (text("name"), text("version")) {
                lock.add(&name, &version);
            }
        }
    }
}

/// `"x": ["x@1.2.3", …]`
fn bun(tree: &Tree, lock: &mut Lock) {
    for (_, value) in entries(tree, "packages") {
        let first = value.items().next().and_then(Node::as_str);
        if let Some((name, version)) = first.as_deref().and_then(|text| text.rsplit_once('@')) {
            lock.add(name, version);
        }
    }
}

/// `[[package]]`, `name = "x"`, `version = "1.2"`.
fn tables(text: &str, lock: &mut Lock) {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
        Some(rest.trim().trim_matches('"').to_owned())
    };
    let mut name = None;
    for line in text.lines() {
        if line.starts_with('[') {
            name = None;
        } else if let Some(found) = value(line, "name") {
            name = Some(found);
        } else if let Some(version) = value(line, "version")
            && let Some(name) = name.take()
        {
            lock.add(&name, &version);
        }
    }
}

/// `"x@^1.2", x@^1.3:` and on the next line `version "1.2.3"` or `version: 1.2.3`.
fn yarn(text: &str, lock: &mut Lock) {
    let mut name = None;
    for line in text.lines() {
        if !line.starts_with([' ', '#']) && line.ends_with(':') {
            let first = line.trim_start_matches('"');
            // The name of a scope begins with `@` as well.
            let end = first
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == '@')
                .map(|(at, _)| at);
            name = end.map(|end| &first[..end]);
        } else if let Some(version) = line.trim().strip_prefix("version")
            && let Some(name) = name.take()
        {
            lock.add(name, version.trim_matches([':', ' ', '"']));
        }
    }
}

/// `/x@1.2.3:`, `'@scope/x@1.2.3':`, `x@1.2.3(peer@4):`
fn pnpm(text: &str, lock: &mut Lock) {
    for line in text.lines() {
        let Some(key) = line.trim().strip_suffix(':') else {
            continue;
        };
        let key = key.trim_matches('\'').trim_start_matches('/');
        let key = key.split('(').next().unwrap_or(key);
        if let Some((name, version)) = key.rsplit_once('@')
            && !name.is_empty()
        {
            lock.add(name, version);
        }
    }
}

/// `    rails (7.1.2)`; what a gem depends on stands two blanks further in.
fn bundler(text: &str, lock: &mut Lock) {
    for line in text.lines() {
        if let Some(entry) = line.strip_prefix("    ")
            && !entry.starts_with(' ')
            && let Some((name, version)) = entry.split_once(" (")
        {
            lock.add(name, version.trim_end_matches(')'));
        }
    }
}

/// `"phoenix": {:hex, :phoenix, "1.7.0", …`
fn mix(text: &str, lock: &mut Lock) {
    for line in text
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('"'))
    {
        let mut texts = line.split('"').skip(1).step_by(2);
        if let (Some(name), Some(version)) = (texts.next(), texts.next()) {
            lock.add(name, version);
        }
    }
}
