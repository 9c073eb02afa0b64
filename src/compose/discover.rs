//! Which projects a directory tree holds: its compose files, grouped into the views that people
//! really load.
//!
//! A file that means something only over another one is shown over that one; a file that others
//! include or extend is part of theirs; a template for another program is no compose file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::load::load;
use crate::compose::locate::{MAIN_NAMES, OVERRIDE_NAMES};
use crate::compose::view::{View, ViewKind};
use crate::workspace::Workspace;

mod facts;

use facts::{Facts, Name};

/// What a directory tree holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Discovery {
    /// The projects, in the order of their directories; the default one of a directory first.
    pub views: Vec<View>,
    /// Compose files that mean nothing alone and have nothing to lie over.
    pub fragments: Vec<PathBuf>,
    /// All Dockerfiles, whether a view builds them or not.
    pub dockerfiles: Vec<PathBuf>,
}

/// Finds all projects among the files of the directory tree below `root`, as
/// [`Files::walk`](crate::files::Files::walk) gives them.
pub fn discover(workspace: &Workspace<'_>, root: &Path, paths: &[PathBuf]) -> Discovery {
    let mut discovery = Discovery::default();
    let mut candidates = Candidates::new();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if is_dockerfile_name(name) {
            if !facts::is_template_path(path) {
                discovery.dockerfiles.push(path.clone());
            }
        } else if let Some(facts) = NameKind::of(name)
            .filter(|kind| *kind != NameKind::Stage || is_near(root, path))
            .and_then(|kind| facts::of(workspace, path, kind))
        {
            candidates.insert(path.clone(), facts);
        }
    }
    let parts = parts_of_others(&candidates);
    let mut grouping = Grouping {
        workspace,
        candidates: &candidates,
        bases: FxHashSet::default(),
    };
    let is_main = |path: &&PathBuf| main_beside(path, &candidates).as_ref() == Some(*path);
    let is_free = |path: &&PathBuf| {
        let main = main_beside(path, &candidates).filter(|main| main != *path);
        !parts.contains(*path)
            && main.and_then(|main| over(&main, &candidates)).as_ref() != Some(*path)
    };
    // Main files first, and those above before those below: the others lie over them.
    let (mut mains, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        candidates.keys().filter(is_free).partition(is_main);
    mains.sort_by_key(|path| (path.components().count(), *path));
    for path in mains.into_iter().chain(others) {
        match grouping.place(path) {
            Some(view) => discovery.views.push(view),
            None => discovery.fragments.push(path.clone()),
        }
    }
    discovery.views.sort_by(|one, two| {
        (&one.directory, one.kind, &one.files).cmp(&(&two.directory, two.kind, &two.files))
    });
    discovery.fragments.sort();
    discovery
}

/// Whether a file is a compose file by its content alone: one that a call names may be called
/// anything.
pub fn is_compose_file(workspace: &Workspace<'_>, path: &Path) -> bool {
    facts::of(workspace, path, NameKind::Stage).is_some()
}

type Candidates = BTreeMap<PathBuf, Facts>;

struct Grouping<'g, 'f> {
    workspace: &'g Workspace<'f>,
    candidates: &'g Candidates,
    /// Main files that are projects of their own.
    bases: FxHashSet<PathBuf>,
}

impl Grouping<'_, '_> {
    /// The view that a file is at the head of, or laid over; `None` if it is a part of nothing that
    /// can be known.
    fn place(&mut self, path: &Path) -> Option<View> {
        let directory = path.parent()?;
        let facts = &self.candidates[path];
        let is_main = main_beside(path, self.candidates).as_deref() == Some(path);
        let (kind, over) = if is_main {
            (ViewKind::Default, over(path, self.candidates))
        } else {
            (ViewKind::Alone, None)
        };
        let alone = View::new(
            directory.to_path_buf(),
            std::iter::once(path.to_path_buf()).chain(over).collect(),
            kind,
        );
        let needs = Needs::of(&alone.files, self.candidates);
        let is_whole = match is_main {
            true => needs.is_empty(),
            false if facts.is_bare() => false,
            false => {
                needs.is_empty()
                    && (!facts.has_include || load(self.workspace, &alone).diagnostics.is_empty())
            }
        };
        if is_whole {
            self.bases.extend(is_main.then(|| path.to_path_buf()));
            return Some(alone);
        }
        if let Some(files) = self
            .base(path, &needs)
            .and_then(|base| self.over(path, base))
        {
            return Some(View::new(
                files[0].parent()?.to_path_buf(),
                files,
                ViewKind::Overlay,
            ));
        }
        // What another file of the repository declares shows that this one is loaded together with
        // it, somehow.
        let is_met = |(other, facts): (&PathBuf, &Facts)| {
            let is_near = is_main && other.parent() == Some(directory);
            !is_near && !alone.files.contains(other) && needs.are_met_by(facts)
        };
        let is_part = self.candidates.iter().any(is_met)
            || !(is_main || needs.incomplete.is_empty())
            || facts.is_bare();
        self.bases
            .extend((is_main && !is_part).then(|| path.to_path_buf()));
        (!is_part).then_some(alone)
    }

    /// The nearest main file, here or above, that has what a file needs.
    fn base(&self, path: &Path, needs: &Needs) -> Option<PathBuf> {
        let facts = &self.candidates[path];
        let mains = path
            .ancestors()
            .skip(1)
            .filter_map(|directory| first(directory, &MAIN_NAMES, self.candidates));
        mains
            .filter(|base| base != path && self.bases.contains(base))
            .find(|base| {
                let beside = base.parent() == path.parent();
                let says_more = self.candidates[base].has_include || facts.is_bare();
                needs.are_met_by(&self.candidates[base])
                    || facts.has_include
                    || (beside && says_more)
            })
    }

    /// A file over its base, with the files of its directory that declare what both lack.
    fn over(&self, path: &Path, base: PathBuf) -> Option<Vec<PathBuf>> {
        let known = Needs::of(std::slice::from_ref(&base), self.candidates);
        let mut files = vec![base, path.to_path_buf()];
        loop {
            let needs = Needs::of(&files, self.candidates).without(&known);
            if needs.is_empty() {
                return Some(files);
            }
            let beside =
                |other: &&PathBuf| other.parent() == path.parent() && !files.contains(other);
            let mut helpers = self
                .candidates
                .keys()
                .filter(beside)
                .filter(|other| needs.are_met_by(&self.candidates[*other]));
            match (helpers.next(), helpers.next()) {
                (Some(helper), None) => files.insert(files.len() - 1, helper.clone()),
                // With several helpers nobody can say which of them people take.
                (Some(_), Some(_)) => return None,
                // A main file that lacks things even so is a part of something else; of another one
                // it is to be said.
                _ => {
                    return (main_beside(path, self.candidates).as_deref() != Some(path))
                        .then_some(files);
                }
            }
        }
    }
}

/// What files use and do not declare.
struct Needs {
    /// Services without image and build.
    incomplete: Vec<String>,
    /// Services, volumes, networks and the like.
    names: Vec<Name>,
}

impl Needs {
    fn of(files: &[PathBuf], candidates: &Candidates) -> Needs {
        let facts: Vec<&Facts> = files
            .iter()
            .filter_map(|file| candidates.get(file))
            .collect();
        let needs_no_more = |name: &&Name| {
            !facts
                .iter()
                .any(|facts| facts.declares.contains(*name) || facts.has_include)
        };
        let is_complete = |name: &String| {
            facts
                .iter()
                .any(|facts| facts.complete.contains(name) || facts.has_include)
        };
        Needs {
            incomplete: facts
                .iter()
                .flat_map(|facts| &facts.incomplete)
                .filter(|name| !is_complete(name))
                .cloned()
                .collect(),
            names: facts
                .iter()
                .flat_map(|facts| &facts.uses)
                .filter(needs_no_more)
                .cloned()
                .collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.incomplete.is_empty() && self.names.is_empty()
    }

    /// What these needs have over others.
    fn without(mut self, others: &Needs) -> Needs {
        self.incomplete
            .retain(|name| !others.incomplete.contains(name));
        self.names.retain(|name| !others.names.contains(name));
        self
    }

    /// Whether a file has any of it.
    fn are_met_by(&self, facts: &Facts) -> bool {
        self.incomplete
            .iter()
            .any(|name| facts.complete.contains(name))
            || self.names.iter().any(|name| facts.declares.contains(name))
    }
}

/// The main file of the directory that a file lies in.
fn main_beside(path: &Path, candidates: &Candidates) -> Option<PathBuf> {
    first(path.parent()?, &MAIN_NAMES, candidates)
}

/// The file that is laid over a main file unasked.
fn over(main: &Path, candidates: &Candidates) -> Option<PathBuf> {
    first(main.parent()?, &OVERRIDE_NAMES, candidates)
}

/// How sure a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum NameKind {
    /// `docker compose` finds it by itself.
    Main,
    /// `compose.dev.yaml`, `docker-compose-test.yml`, `api.compose.yml`.
    Compose,
    /// It has `compose` in it; its content decides.
    Perhaps,
    /// It is named after a stage of work, as in the templates of cookiecutter-django, or not at
    /// all: its content decides, which must be nothing but that of a compose file.
    Stage,
}

/// Names, without their ending, that people give to compose files whose calls all name them.
const STAGES: [&str; 10] = [
    "local",
    "dev",
    "development",
    "prod",
    "production",
    "staging",
    "test",
    "testing",
    "ci",
    "docker",
];

impl NameKind {
    fn of(name: &str) -> Option<NameKind> {
        let stem = name
            .strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))?;
        if MAIN_NAMES.contains(&name) || OVERRIDE_NAMES.contains(&name) {
            return Some(NameKind::Main);
        }
        let begins = |word: &str| {
            stem.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
        };
        if begins("compose") || begins("docker-compose") || stem.ends_with(".compose") {
            return Some(NameKind::Compose);
        }
        match stem.to_ascii_lowercase().contains("compose") {
            true => Some(NameKind::Perhaps),
            false => STAGES.contains(&stem).then_some(NameKind::Stage),
        }
    }
}

/// Endings of files that are named after a Dockerfile and are none: ignore files, templates,
/// copies, documents.
const NO_DOCKERFILES: [&str; 21] = [
    ".dockerignore",
    ".containerignore",
    ".tt",
    ".erb",
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".template",
    ".mustache",
    ".hbs",
    ".liquid",
    ".njk",
    ".ejs",
    ".m4",
    ".bak",
    ".orig",
    ".md",
    ".txt",
    ".sh",
];

/// Whether a file lies where people put the compose files of a project: what is deeper, or among
/// tests, is input of something.
fn is_near(root: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    let is_tests = |name: &std::ffi::OsStr| name == "test" || name == "tests";
    below.components().count() <= 3 && !below.iter().any(is_tests)
}

fn is_dockerfile_name(name: &str) -> bool {
    let is = |base: &str| {
        name.strip_prefix(base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let is_other = NO_DOCKERFILES.iter().any(|ending| name.ends_with(ending));
    (is("Dockerfile")
        || is("Containerfile")
        || name.ends_with(".Dockerfile")
        || name.ends_with(".dockerfile"))
        && !is_other
}

fn first(directory: &Path, names: &[&str], candidates: &Candidates) -> Option<PathBuf> {
    names
        .iter()
        .map(|name| directory.join(name))
        .find(|path| candidates.contains_key(path))
}

/// The files that are read as part of another one. Of files that read each other in a ring, the
/// first is no part.
fn parts_of_others(candidates: &Candidates) -> FxHashSet<PathBuf> {
    let mut parts: FxHashSet<PathBuf> = FxHashSet::default();
    for (path, facts) in candidates {
        parts.extend(facts.includes.iter().filter(|part| *part != path).cloned());
        // What another file extends may be loaded by itself as well: a main file always is.
        let extended = facts.extends.iter().filter(|part| {
            *part != path && candidates.get(*part).is_some_and(|facts| !facts.is_main)
        });
        parts.extend(extended.cloned());
    }
    let mut reached: FxHashSet<&PathBuf> = FxHashSet::default();
    let roots: Vec<&PathBuf> = candidates
        .keys()
        .filter(|path| !parts.contains(*path))
        .collect();
    for root in roots {
        reach(root, candidates, &mut reached);
    }
    for path in candidates.keys() {
        if !reached.contains(path) {
            parts.remove(path);
            reach(path, candidates, &mut reached);
        }
    }
    parts
}

fn reach<'c>(from: &'c PathBuf, candidates: &'c Candidates, reached: &mut FxHashSet<&'c PathBuf>) {
    let mut rest = vec![from];
    while let Some(path) = rest.pop() {
        if let Some(facts) = candidates.get(path).filter(|_| reached.insert(path)) {
            rest.extend(facts.includes.iter().chain(&facts.extends));
        }
    }
}

#[cfg(test)]
mod tests;
