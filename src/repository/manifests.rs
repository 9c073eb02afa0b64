//! What manifests and lock files declare: dependencies, scripts, members of a workspace, names,
//! locked versions. Each file is read once, whoever asks.
//!
//! What a manifest means to an install, a process or a rule is theirs to say; this room only knows
//! how each kind is written.

use std::path::Path;
use std::sync::Arc;

use crate::knowledge::{Tool, manager};
use crate::text::{Cooked, Source, Span};
use crate::workspace::Workspace;

mod locks;
mod node;
mod others;
mod python;
mod requirements;

pub use locks::Lock;

/// A manifest.
#[derive(Debug, Default)]
pub struct Manifest {
    /// Its own name for the package that it describes.
    pub name: Option<Cooked>,
    /// What it depends on, in the order of the file.
    pub dependencies: Vec<Dependency>,
    /// Commands that people call by a name.
    pub scripts: Vec<Script>,
    /// Programs that the installed package has: `project.scripts`, `bin`.
    pub programs: Vec<Program>,
    /// Patterns or paths of the members of its workspace.
    pub members: Vec<Cooked>,
    /// Files of the same kind that it includes: `-r` and `-c` of a requirements file.
    pub includes: Vec<Cooked>,
    /// Dependencies that lie in the repository.
    pub locals: Vec<Local>,
    /// Patches of dependencies.
    pub patches: Vec<Cooked>,
    /// The package manager that it asks for: `packageManager`.
    pub package_manager: Option<Cooked>,
    /// What else a `pyproject.toml` says of its own package.
    pub python: PythonPackage,
}

/// Something that a manifest depends on.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Parts of it that are asked for by name: `standard` of `uvicorn[standard]`.
    pub extras: Vec<String>,
    /// The versions that it may have, as written; empty for any.
    pub wanted: String,
    /// When it is installed.
    pub group: Group,
    /// Where its name, or the whole requirement, is written.
    pub span: Span,
    /// Where the versions are written.
    pub wanted_span: Span,
}

/// When a dependency is installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// Always.
    Runtime,
    /// For development.
    Development,
    /// When it is asked for: extras, optional dependencies.
    Optional,
    /// While the package is built.
    Build,
}

/// A command with a name.
#[derive(Clone, Debug)]
pub struct Script {
    /// Who runs it: `npm` for every package manager of Node.js, `poe`, `pdm`, `hatch`, `rye`, `pipenv`.
    pub runner: &'static str,
    /// Its name; that of Hatch begins with its environment: `default:dev`.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// Its commands; `None` for one that is written in another language or made of other scripts.
    pub lines: Option<Vec<Cooked>>,
    /// Whether it is written as a list.
    pub is_list: bool,
}

/// A program that an installed package has.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// What it starts: `package.module:function`, a file.
    pub target: Cooked,
}

/// A dependency that lies in the repository.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: String,
    /// Where it lies, relative to the manifest, where the manifest says so.
    pub path: Option<Cooked>,
    /// Whether it is a member of the same workspace.
    pub is_member: bool,
    /// Where that is written.
    pub span: Span,
}

/// How a Python project is installed itself.
#[derive(Clone, Debug, Default)]
pub struct PythonPackage {
    /// `[build-system]` is there.
    pub has_build_system: bool,
    /// Its dependencies are worked out by the build: `dynamic`.
    pub computes_dependencies: bool,
    /// What the tables of managers say of whether it is a package: `tool.uv.package = false`.
    pub stated: Vec<(&'static str, bool)>,
    /// `tool.uv.workspace` or `tool.uv.sources` is there.
    pub names_uv_packages: bool,
}

impl PythonPackage {
    /// Whether it is a package that a manager installs, where the manager's own table says so.
    pub fn is_package(&self, manager: &str) -> Option<bool> {
        let mut stated = self.stated.iter();
        stated
            .find(|(name, _)| *name == manager)
            .map(|(_, is_package)| *is_package)
    }
}

impl Manifest {
    /// A dependency by its name.
    pub fn dependency(&self, package: &str) -> Option<&Dependency> {
        self.dependencies
            .iter()
            .find(|dependency| is_same(&dependency.name, package))
    }

    /// A script by who runs it and its name.
    pub fn script(&self, runner: &str, name: &str) -> Option<&Script> {
        self.scripts
            .iter()
            .find(|script| script.runner == runner && script.name == name)
    }
}

impl Dependency {
    /// Whether it is `package`, or `package[extra]` with that extra: `uvicorn[standard]`.
    pub fn is(&self, package: &str) -> bool {
        match package
            .strip_suffix(']')
            .and_then(|package| package.split_once('['))
        {
            Some((name, extra)) => {
                is_same(&self.name, name) && self.extras.iter().any(|known| is_same(known, extra))
            }
            None => is_same(&self.name, package),
        }
    }

    /// Whether a tool is installed with it: it is the tool's package, or asks for an extra that
    /// brings the tool.
    pub fn brings(&self, tool: &Tool) -> bool {
        let mut extras = tool.extras.iter();
        self.is(tool.package) || extras.any(|extra| self.is(&format!("{extra}]")))
    }
}

/// The manifests and lock files of a directory, those of its `requirements/`, and what they include.
#[derive(Debug, Default)]
pub struct Directory {
    /// The manifests.
    pub manifests: Vec<Arc<Manifest>>,
    /// The lock files.
    pub locks: Vec<Arc<Lock>>,
}

impl Directory {
    /// Every dependency of every manifest.
    pub fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.manifests
            .iter()
            .flat_map(|manifest| &manifest.dependencies)
    }
}

/// What a file declares. One whose name is unknown is taken for a list of requirements if that is
/// how such files end, and declares nothing otherwise.
pub fn of(workspace: &Workspace<'_>, source: &Source) -> Arc<Manifest> {
    workspace.once(source.path(), || {
        read(workspace, source).unwrap_or_default()
    })
}

/// What a lock file has locked; nothing for any other file.
pub fn lock_of(workspace: &Workspace<'_>, source: &Source) -> Arc<Lock> {
    workspace.once(source.path(), || locks::read(workspace, source))
}

/// A manifest and all that it includes, each once.
pub fn with_includes(workspace: &Workspace<'_>, source: &Source) -> Vec<Arc<Manifest>> {
    /// Nobody includes more files than that.
    const MOST: usize = 50;
    let mut sources = vec![source.clone()];
    let mut found = Vec::new();
    while let Some(source) = sources.get(found.len()).cloned() {
        let manifest = of(workspace, &source);
        for file in &manifest.includes {
            let directory = source.path().parent().unwrap_or(Path::new("/"));
            let path = crate::files::clean(&directory.join(file.as_str()));
            let is_known = sources.iter().any(|known| known.path() == path);
            if !is_known
                && sources.len() < MOST
                && let Ok(included) = workspace.read(&path)
            {
                sources.push(included);
            }
        }
        found.push(manifest);
    }
    found
}

/// The manifests and lock files that lie in a directory.
pub fn in_directory(workspace: &Workspace<'_>, directory: &Path) -> Arc<Directory> {
    workspace.once(directory, || {
        let mut found = Directory::default();
        for entry in workspace
            .files()
            .list(directory)
            .iter()
            .filter(|entry| !entry.is_directory)
        {
            let is_lock = locks::is_lock(&entry.name);
            if !is_lock && !is_manifest(&entry.name) {
                continue;
            }
            let Ok(source) = workspace.read(&directory.join(&entry.name)) else {
                continue;
            };
            if is_lock {
                found.locks.push(lock_of(workspace, &source));
            } else {
                found.manifests.extend(with_includes(workspace, &source));
            }
        }
        let lists = directory.join("requirements");
        if !workspace.files().is_directory(&lists) {
            return found;
        }
        for entry in workspace.files().list(&lists).iter() {
            if is_requirements(&entry.name)
                && let Ok(source) = workspace.read(&lists.join(&entry.name))
            {
                found.manifests.extend(with_includes(workspace, &source));
            }
        }
        found
    })
}

/// Whether a file of this name is read as a manifest wherever it lies. Of files with other names only
/// those that speak of requirements are.
fn is_manifest(name: &str) -> bool {
    let is_known = manager::manifest_names().contains(&name) || OTHERS.contains(&name);
    is_known || (name.contains("requirements") && is_requirements(name))
}

/// Manifests that no row of a manager names.
const OTHERS: [&str; 3] = ["setup.cfg", "environment.yaml", "go.work"];

fn is_requirements(name: &str) -> bool {
    name.ends_with(".txt") || name.ends_with(".in")
}

fn read(workspace: &Workspace<'_>, source: &Source) -> Option<Manifest> {
    let name = source.path().file_name()?.to_str()?;
    Some(match name {
        "package.json" => node::package(&workspace.json(source).tree),
        "pnpm-workspace.yaml" => node::pnpm_workspace(&workspace.yaml(source).tree),
        "pyproject.toml" => python::pyproject(&workspace.toml(source).tree),
        "pixi.toml" => python::pixi(&workspace.toml(source).tree),
        "Pipfile" => python::pipfile(&workspace.toml(source).tree),
        "setup.py" => python::setup(source),
        "setup.cfg" => python::setup_settings(source),
        "environment.yml" | "environment.yaml" => python::conda(&workspace.yaml(source).tree),
        "go.mod" | "go.work" => others::go(source),
        "Cargo.toml" => others::cargo(&workspace.toml(source).tree),
        "composer.json" => others::composer(&workspace.json(source).tree),
        "Gemfile" => others::gems(source),
        "mix.exs" => others::mix(source),
        "pom.xml" => others::pom(source),
        "build.gradle" | "build.gradle.kts" => others::gradle(source),
        _ if is_requirements(name) => requirements::read(source),
        _ => return None,
    })
}

/// The lines of a file that hold something, trimmed, with where they stand. Those that begin with `#`
/// are comments.
fn lines(source: &Source) -> impl Iterator<Item = (&str, usize)> {
    let mut start = source.content_start() as usize;
    source.text()[start..]
        .split_inclusive('\n')
        .filter_map(move |line| {
            let at = start + (line.len() - line.trim_start().len());
            start += line.len();
            let text = line.trim();
            (!text.is_empty() && !text.starts_with('#')).then_some((text, at))
        })
}

/// The name of a package as registries compare it: `-`, `_`, `.` and case make no difference. Source:
/// packaging.python.org/specifications/name-normalization
fn normal(name: &str) -> String {
    name.chars()
        .map(|c| {
            if matches!(c, '_' | '.') {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

/// Whether two names are those of one package.
pub fn is_same(name: &str, other: &str) -> bool {
    name.len() == other.len() && normal(name) == normal(other)
}

#[cfg(test)]
mod tests;
