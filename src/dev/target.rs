//! In which file development settings go, and how sure it is that they belong there.
//!
//! Docker Compose lays `compose.override.yaml` over the main file by itself, wherever the project
//! is started without `-f`. So a new file gets that name only where nothing says that production is
//! started so too.

use std::path::{Path, PathBuf};

use crate::compose::MAIN_NAMES;
use crate::diagnostic::Safety;
use crate::files::Files;
use crate::project::Project;
use crate::project::purpose::Intent;
use crate::project::user_annotations::Mode;
use crate::repository::override_files::{MARK, is_ours, named};
use crate::syntax::yaml::Node;
use crate::text::Source;

/// Parts of names that say what a file is for.
const DEVELOPMENT: [&str; 9] = [
    "override",
    "dev",
    "develop",
    "development",
    "local",
    "watch",
    "hot",
    "debug",
    "devel",
];

/// What such a file beside the main one is called behind the main one's stem; the one that is
/// loaded by itself first.
const SIBLINGS: [&str; 9] = [
    ".override",
    ".dev",
    "-dev",
    ".development",
    ".develop",
    ".local",
    "-local",
    ".override.dev",
    ".dev.override",
];

/// This much weight of signs for production forbids a file that is loaded by itself.
const SIGNS_OF_PRODUCTION: u32 = 2;

/// A file for development settings.
#[derive(Clone, Debug)]
pub struct Target {
    /// The file; it may not exist yet.
    pub source: Source,
    /// How sure it is that settings may be written there.
    pub safety: Safety,
    /// Whether Docker Compose loads it by itself.
    pub is_automatic: bool,
    /// Whether it is one of the files that the project was loaded from.
    pub is_loaded: bool,
    /// What its first lines say it was asked for, or what a new file is to say there.
    pub asked: Asked,
    /// Whether it is another project rather than an override: nothing is written into it.
    pub stands_alone: bool,
}

impl Target {
    /// The main file beside which Docker Compose loads it by itself, whatever files it was written
    /// for.
    pub fn loaded_beside(&self, files: &dyn Files) -> Option<PathBuf> {
        let path = self.source.path();
        let is_override = path
            .file_stem()
            .is_some_and(|stem| stem == "compose.override" || stem == "docker-compose.override");
        let mut names = MAIN_NAMES
            .iter()
            .map(|name| path.with_file_name(name))
            .filter(|_| is_override);
        names.find(|main| files.is_file(main))
    }
}

/// What an override was asked for: it is written into its first lines, so that the next run asks
/// for the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How edits are to arrive, unless that is by mounts.
    pub mode: Option<Mode>,
    /// For which services; all of them when empty.
    pub services: Vec<String>,
}

impl Asked {
    fn read(source: &Source) -> Asked {
        let line = source
            .text()
            .lines()
            .take_while(|line| line.starts_with('#'))
            .find(|line| line.contains(MARK))
            .unwrap_or_default();
        let after = |option: &str| {
            Some(
                line.split_once(option)?
                    .1
                    .split([' ', ';'])
                    .next()
                    .unwrap_or_default(),
            )
        };
        let mode = after("--mode ").and_then(|word| match word {
            "watch" => Some(Mode::Watch),
            "mount" => Some(Mode::Mount),
            _ => None,
        });
        let services = after("--services ")
            .into_iter()
            .flat_map(|list| list.split(',').map(str::to_owned))
            .collect();
        Asked { mode, services }
    }

    /// As options of a command line; empty when nothing special is asked.
    pub(super) fn written(&self) -> String {
        let mode = if self.mode == Some(Mode::Watch) {
            " --mode watch"
        } else {
            ""
        };
        let services = if self.services.is_empty() {
            String::new()
        } else {
            format!(" --services {}", self.services.join(","))
        };
        if mode.is_empty() && services.is_empty() {
            String::new()
        } else {
            format!(" override{mode}{services}")
        }
    }
}

/// The file where development settings of a project go: the one that is there already, else a new
/// one.
pub fn choose(project: &Project<'_>) -> Target {
    let files = main_files(project);
    let is_one = files.len() == 1;
    if let Some(path) = files.last().filter(|path| {
        if is_one {
            is_for_development(path)
        } else {
            is_general(path)
        }
    }) {
        return at(project, path);
    }
    if let Some(path) = sibling(project, &files) {
        return at(project, &path);
    }
    let Some(base) = files.first() else {
        return at(project, &project.directory().join("compose.override.yaml"));
    };
    let part = if may_be_automatic(project, &files) {
        "override"
    } else {
        "dev"
    };
    at(project, &named(base, part))
}

/// A file that the user names.
pub fn at(project: &Project<'_>, path: &Path) -> Target {
    let source = project.workspace().read_or_new(path);
    let safety = if source.exists() && !is_ours(source.text()) {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let files = main_files(project);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let is_beside = files
        .first()
        .is_some_and(|base| base.parent() == path.parent() && is_main(base));
    let stem = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"))
        .unwrap_or(name);
    let is_automatic = is_beside
        && files.iter().skip(1).all(|file| file == path)
        && matches!(stem, "compose.override" | "docker-compose.override");
    let is_loaded = files.iter().any(|file| file == path);
    let asked = Asked::read(&source);
    Target {
        safety,
        is_automatic,
        is_loaded,
        asked,
        stands_alone: !is_loaded && stands_alone(project, &source),
        source,
    }
}

/// Whether every service of a file says what it runs, so that the file needs no other below it.
fn stands_alone(project: &Project<'_>, source: &Source) -> bool {
    let parsed = project.workspace().yaml(source);
    let Some(services) = parsed.tree.root().and_then(|root| root.get("services")) else {
        return false;
    };
    let says = |service: Node<'_>| {
        let service = service.resolve().unwrap_or(service);
        ["image", "build", "extends", "<<"]
            .iter()
            .any(|key| service.get(key).is_some())
    };
    services.entries().next().is_some() && services.entries().all(|entry| says(entry.value))
}

/// The files of a project that the user named, or discovery found.
pub fn main_files(project: &Project<'_>) -> Vec<PathBuf> {
    let files = project
        .compose()
        .map(|compose| &compose.files[..compose.main_files.min(compose.files.len())]);
    files
        .unwrap_or_default()
        .iter()
        .map(|source| source.path().to_path_buf())
        .collect()
}

fn is_main(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| MAIN_NAMES.contains(&name))
}

fn is_for_development(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.split(['.', '-', '_'])
        .any(|part| DEVELOPMENT.contains(&part))
}

/// Whether a file is for development as a whole, and not for something special: `compose.dev.yaml`,
/// and not `compose.keycloak.override.yaml`.
fn is_general(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut parts = stem.split(['.', '-', '_']);
    is_for_development(path)
        && parts.all(|part| {
            DEVELOPMENT.contains(&part)
                || ["compose", "docker", "stack", "services"].contains(&part)
        })
}

/// An override or development file beside the main one, which was not loaded with it: never a
/// second one. A file that is a project of its own is none.
fn sibling(project: &Project<'_>, files: &[PathBuf]) -> Option<PathBuf> {
    let base = files.first().filter(|base| is_main(base))?;
    let stems = ["compose", "docker-compose"];
    let names = SIBLINGS.iter().flat_map(|part| {
        stems
            .iter()
            .flat_map(move |stem| ["yaml", "yml"].map(|ending| format!("{stem}{part}.{ending}")))
    });
    let paths = names
        .map(|name| base.with_file_name(name))
        .filter(|path| !files.contains(path) && project.workspace().files().is_file(path));
    paths.into_iter().find(|path| {
        project
            .workspace()
            .read(path)
            .is_ok_and(|source| !stands_alone(project, &source))
    })
}

fn may_be_automatic(project: &Project<'_>, files: &[PathBuf]) -> bool {
    let names_it = project
        .recipes()
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .any(|call| !call.files.is_empty() && call.loads(files));
    let production = project
        .intent()
        .map_or(0, |intent| intent.weight(Intent::Production));
    let is_named = files.first().is_some_and(|base| names_files(project, base));
    files.len() == 1
        && is_main(&files[0])
        && !names_it
        && !is_named
        && production < SIGNS_OF_PRODUCTION
}

/// Whether `.env` names the files to load, so that no other is.
fn names_files(project: &Project<'_>, base: &Path) -> bool {
    let env = base
        .parent()
        .map(|directory| directory.join(".env"))
        .and_then(|path| project.workspace().read(&path).ok());
    env.is_some_and(|env| {
        env.text().lines().any(|line| {
            line.trim_start()
                .trim_start_matches("export ")
                .starts_with("COMPOSE_FILE=")
        })
    })
}
