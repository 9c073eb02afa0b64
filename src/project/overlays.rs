//! Override files: which of those that lie beside the main file are loaded, by whom, and what they
//! cannot say.

use std::path::{Path, PathBuf};

use crate::compose::references::Section;
use crate::compose::{MAIN_NAMES, OVERRIDE_NAMES};
use crate::project::Project;
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind};
use crate::syntax::yaml::{Kind, Node, Style};
use crate::text::{Source, Span};

/// A file that people take for a part of the project, and that is not loaded.
pub struct Unloaded<'p> {
    /// The file.
    pub source: Source,
    /// Why not.
    pub why: Why<'p>,
}

/// Why a file is not loaded.
pub enum Why<'p> {
    /// Docker Compose takes this main file, and only one.
    OtherMain(PathBuf),
    /// Docker Compose takes this override, and only one.
    OtherOverride(PathBuf),
    /// Its name is nearly that of an override: this one.
    Misspelt(String),
    /// A script for development names the main file alone.
    LeftOut(&'p Recipe, &'p ComposeCall),
}

/// Words in the name of a script for development.
const DEVELOPMENT: [&str; 5] = ["dev", "develop", "development", "local", "debug"];

/// Words in the name of a script that is for something else.
const ELSEWHERE: [&str; 8] = [
    "prod",
    "production",
    "deploy",
    "release",
    "ci",
    "test",
    "staging",
    "stage",
];

/// The files beside the main one that look like a part of the project, and are loaded by nobody.
pub fn unloaded<'p>(project: &'p Project<'_>) -> Vec<Unloaded<'p>> {
    let Some(compose) = project.compose() else {
        return Vec::new();
    };
    let Some(main) = compose.files.first().filter(|main| is_main(main.path())) else {
        return Vec::new();
    };
    let directory = main.path().parent().unwrap_or(Path::new("/"));
    let loaded: Vec<&Path> = compose.files[..compose.main_files.min(compose.files.len())]
        .iter()
        .map(Source::path)
        .collect();
    let named = |path: &Path| {
        let calls = project.recipes().iter().flat_map(|recipe| &recipe.calls);
        calls.into_iter().any(|call| {
            call.paths.iter().flatten().any(|loaded| loaded == path) && !call.files.is_empty()
        })
    };
    let told = |name: &str| project.elsewhere().mentions(name);
    let mut found = Vec::new();
    let overrides: Vec<&&Path> = loaded.iter().filter(|path| is_override(path)).collect();
    for entry in project
        .workspace()
        .files()
        .list(directory)
        .iter()
        .filter(|entry| !entry.is_directory)
    {
        let path = directory.join(&entry.name);
        if loaded.contains(&path.as_path())
            || compose.files.iter().any(|source| source.path() == path)
            || named(&path)
        {
            continue;
        }
        let why = if is_main(&path) {
            // Which one is taken is asked of the project that is loaded by itself.
            (rank(&MAIN_NAMES, main.path()) < rank(&MAIN_NAMES, &path) && !told(&entry.name))
                .then(|| Why::OtherMain(main.path().to_path_buf()))
        } else if is_override(&path) {
            let first = overrides
                .first()
                .filter(|other| rank(&OVERRIDE_NAMES, other) < rank(&OVERRIDE_NAMES, &path));
            first
                .filter(|_| !told(&entry.name))
                .map(|other| Why::OtherOverride(other.to_path_buf()))
        } else {
            misspelt(&entry.name)
                .filter(|_| overrides.is_empty() && loaded.len() == 1 && !told(&entry.name))
                .map(Why::Misspelt)
        };
        let source = project.workspace().read(&path).ok();
        found.extend(
            why.zip(source)
                .map(|(why, source)| Unloaded { source, why }),
        );
    }
    if let ([_, over], Some((recipe, call))) = (loaded.as_slice(), left_out(project, main.path()))
        && is_override(over)
        && let Ok(source) = project.workspace().read(over)
    {
        found.push(Unloaded {
            source,
            why: Why::LeftOut(recipe, call),
        });
    }
    found
}

/// A call in a script for development that names the main file and no other.
fn left_out<'p>(project: &'p Project<'_>, main: &Path) -> Option<(&'p Recipe, &'p ComposeCall)> {
    let scripts = project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind == RecipeKind::Runnable);
    scripts
        .flat_map(|recipe| recipe.calls.iter().map(move |call| (recipe, call)))
        .find(|(recipe, call)| {
            let is_alone = call.files.len() == 1
                && call.files_known
                && call
                    .paths
                    .as_deref()
                    .is_some_and(|paths| matches!(paths, [only] if only == main));
            let title = recipe.title().to_ascii_lowercase();
            let has = |words: &[&str]| {
                title
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(|part| words.contains(&part))
            };
            is_alone && call.is("up") && !call.remote && has(&DEVELOPMENT) && !has(&ELSEWHERE)
        })
}

fn name_of(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// The place of a file in the list of names that Docker Compose looks for.
fn rank(names: &[&str], path: &Path) -> usize {
    names
        .iter()
        .position(|name| *name == name_of(path))
        .unwrap_or(names.len())
}

fn is_main(path: &Path) -> bool {
    MAIN_NAMES.contains(&name_of(path))
}

fn is_override(path: &Path) -> bool {
    OVERRIDE_NAMES.contains(&name_of(path))
}

/// The name of an override that a name nearly is: `docker-compose.overrides.yml`,
/// `docker-compose-override.yml`.
fn misspelt(name: &str) -> Option<String> {
    let (stem, ending) = name
        .rsplit_once('.')
        .filter(|(_, ending)| matches!(*ending, "yml" | "yaml"))?;
    let rest = stem
        .strip_prefix("docker-compose")
        .or_else(|| stem.strip_prefix("docker_compose"))
        .or_else(|| stem.strip_prefix("compose"))?;
    let word = rest.strip_prefix(['.', '-', '_'])?;
    let is_near = matches!(
        word,
        "overrides"
            | "overide"
            | "overrride"
            | "overriden"
            | "overridden"
            | "ovverride"
            | "overrid"
            | "orverride"
    );
    let is_other = word == "override";
    let start = if stem.starts_with("docker") {
        "docker-compose"
    } else {
        "compose"
    };
    (is_near || is_other)
        .then(|| format!("{start}.override.{ending}"))
        .filter(|right| right != name)
}

/// Whether another compose file of the repository builds the stage of that name.
pub fn builds_stage_elsewhere(project: &Project<'_>, stage: &str) -> bool {
    let own: Vec<&Path> = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.files)
        .map(|source| source.path())
        .collect();
    let is_yaml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|ending| ending == "yml" || ending == "yaml")
    };
    let others = project
        .workspace()
        .files()
        .walk(project.root())
        .into_iter()
        .filter(|path| is_yaml(path) && !own.contains(&path.as_path()));
    let names_it = |line: &str| {
        line.trim()
            .strip_prefix("target:")
            .is_some_and(|rest| rest.trim().trim_matches(['"', '\'']) == stage)
    };
    others
        .filter_map(|path| project.workspace().read(&path).ok())
        .any(|source| source.text().lines().any(names_it))
}

/// Whether another compose file of the directory uses a resource, which may be loaded together with
/// this one: it names it and does not declare it itself.
pub fn is_named_beside(project: &Project<'_>, section: Section, span: Span, name: &str) -> bool {
    let workspace = project.workspace();
    let here = workspace.sources().get(span.file);
    let Some(directory) = here.path().parent() else {
        return false;
    };
    let entries = workspace.files().list(directory);
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    let others = entries
        .iter()
        .filter(|entry| !entry.is_directory && is_yaml(&entry.name))
        .map(|entry| directory.join(&entry.name));
    let mut others = others
        .filter(|path| path != here.path())
        .filter_map(|path| workspace.read(&path).ok());
    others.any(|other| {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_word = |at: usize| {
            !other.text()[..at].ends_with(part)
                && !other.text()[at + name.len()..].starts_with(part)
        };
        let declares = || {
            let parsed = workspace.yaml(&other);
            parsed
                .tree
                .documents()
                .filter_map(|root| root.get(section.key()))
                .any(|section| section.get(name).is_some())
        };
        other.text().match_indices(name).any(|(at, _)| is_word(at)) && !declares()
    })
}

/// An empty list in a later file that is meant to take away what an earlier one says, and does not.
pub struct Kept<'p> {
    /// The service.
    pub service: &'p str,
    /// The key.
    pub key: &'static str,
    /// The empty list.
    pub span: Span,
    /// What stays.
    pub kept: Span,
}

/// Keys whose lists are added up over the files.
const ADDED_UP: [&str; 15] = [
    "ports",
    "volumes",
    "env_file",
    "expose",
    "depends_on",
    "environment",
    "profiles",
    "extra_hosts",
    "dns",
    "tmpfs",
    "secrets",
    "configs",
    "labels",
    "cap_add",
    "devices",
];

/// The empty lists of overrides that take nothing away.
pub fn kept<'p>(project: &'p Project<'_>) -> Vec<Kept<'p>> {
    let Some(compose) = project.compose().filter(|compose| compose.main_files > 1) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for source in compose.files.iter().take(compose.main_files).skip(1) {
        let parsed = project.workspace().yaml(source);
        let Some(services) = parsed.tree.root().and_then(|root| root.get("services")) else {
            continue;
        };
        for service in &compose.services {
            let Some(over) = services.get(&service.name.value) else {
                continue;
            };
            for key in ADDED_UP {
                let Some(empty) = over.get(key).filter(|value| is_empty(*value)) else {
                    continue;
                };
                let kept = service.data.get(key).and_then(|value| {
                    let items = value
                        .as_list()
                        .unwrap_or_default()
                        .iter()
                        .map(|item| item.span());
                    let entries = value
                        .as_map()
                        .into_iter()
                        .flatten()
                        .map(|entry| entry.key_span);
                    items
                        .chain(entries)
                        .flatten()
                        .find(|span| span.file != source.id())
                });
                found.extend(kept.map(|kept| Kept {
                    service: &service.name.value,
                    key,
                    span: empty.span(),
                    kept,
                }));
            }
        }
    }
    found
}

/// `[]` or `{}`, without a tag.
fn is_empty(value: Node<'_>) -> bool {
    let is_collection =
        matches!(value.kind(), Kind::Sequence | Kind::Mapping) && value.style() == Style::Flow;
    is_collection && value.tag().is_none() && value.children().next().is_none()
}
