//! Which projects a directory tree holds: its compose files, grouped into the views that people really load.
//!
//! A file that means something only over another one is shown over that one; a file that others include or extend is
//! part of theirs; a template for another program is no compose file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::locate::{MAIN_NAMES, OVERRIDE_NAMES};
use crate::compose::view::{View, ViewKind};
use crate::workspace::Workspace;

mod facts;

use facts::Facts;

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

/// Finds all projects below `root`.
pub fn discover(workspace: &Workspace<'_>, root: &Path) -> Discovery {
    let mut discovery = Discovery::default();
    let mut candidates: BTreeMap<PathBuf, Facts> = BTreeMap::new();
    for path in workspace.files().walk(root) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if is_dockerfile_name(name) {
            discovery.dockerfiles.push(path);
        } else if let Some(facts) = NameKind::of(name).and_then(|kind| facts::of(workspace, &path, kind)) {
            candidates.insert(path, facts);
        }
    }
    let parts = parts_of_others(&candidates);
    let mut directories: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for path in candidates.keys() {
        directories.entry(path.parent().unwrap_or(root)).or_default().push(path);
    }
    for (directory, paths) in &directories {
        let main = first(directory, &MAIN_NAMES, &candidates);
        let over = main.as_ref().and_then(|_| first(directory, &OVERRIDE_NAMES, &candidates));
        if let Some(main) = main.clone().filter(|main| !parts.contains(main)) {
            let files = std::iter::once(main).chain(over.clone()).collect();
            discovery.views.push(View::new(directory.to_path_buf(), files, ViewKind::Default));
        }
        for path in paths.iter().copied().filter(|path| Some(*path) != main.as_ref() && Some(*path) != over.as_ref()) {
            if parts.contains(path) {
                continue;
            }
            let above = || directory.parent().and_then(|parent| first(parent, &MAIN_NAMES, &candidates));
            let base = main.clone().or_else(above).filter(|base| belongs_over(&candidates[path], &candidates[base]));
            match base {
                _ if candidates[path].stands_alone => {
                    discovery.views.push(View::new(directory.to_path_buf(), vec![path.clone()], ViewKind::Alone));
                }
                Some(base) => {
                    let directory = base.parent().unwrap_or(root).to_path_buf();
                    discovery.views.push(View::new(directory, vec![base, path.clone()], ViewKind::Overlay));
                }
                None if candidates[path].is_complete => {
                    discovery.views.push(View::new(directory.to_path_buf(), vec![path.clone()], ViewKind::Alone));
                }
                None => discovery.fragments.push(path.clone()),
            }
        }
    }
    discovery
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
}

impl NameKind {
    fn of(name: &str) -> Option<NameKind> {
        let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
        if MAIN_NAMES.contains(&name) || OVERRIDE_NAMES.contains(&name) {
            return Some(NameKind::Main);
        }
        if stem.starts_with("compose") || stem.starts_with("docker-compose") || stem.ends_with(".compose") {
            return Some(NameKind::Compose);
        }
        stem.to_ascii_lowercase().contains("compose").then_some(NameKind::Perhaps)
    }
}

fn is_dockerfile_name(name: &str) -> bool {
    let is = |base: &str| name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let ignores = name.ends_with(".dockerignore") || name.ends_with(".containerignore");
    (is("Dockerfile") || is("Containerfile") || name.ends_with(".Dockerfile") || name.ends_with(".dockerfile")) && !ignores
}

fn first(directory: &Path, names: &[&str], candidates: &BTreeMap<PathBuf, Facts>) -> Option<PathBuf> {
    names.iter().map(|name| directory.join(name)).find(|path| candidates.contains_key(path))
}

/// Whether a file that does not stand alone says something about the project of `base`.
fn belongs_over(file: &Facts, base: &Facts) -> bool {
    let knows = |name: &String| base.services.contains(name);
    file.services.is_empty() || file.services.iter().chain(&file.missing_services).any(knows) || base.has_include
}

/// The files that are read as part of another one. Of files that read each other in a ring, the first is no part.
fn parts_of_others(candidates: &BTreeMap<PathBuf, Facts>) -> FxHashSet<PathBuf> {
    let mut parts: FxHashSet<PathBuf> = FxHashSet::default();
    for (path, facts) in candidates {
        parts.extend(facts.includes.iter().filter(|part| *part != path).cloned());
        // What another file extends may be loaded by itself as well: a main file always is.
        let extended = facts.extends.iter().filter(|part| *part != path && candidates.get(*part).is_some_and(|facts| !facts.is_main));
        parts.extend(extended.cloned());
    }
    let mut reached: FxHashSet<&PathBuf> = FxHashSet::default();
    let roots: Vec<&PathBuf> = candidates.keys().filter(|path| !parts.contains(*path)).collect();
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

fn reach<'c>(from: &'c PathBuf, candidates: &'c BTreeMap<PathBuf, Facts>, reached: &mut FxHashSet<&'c PathBuf>) {
    let mut rest = vec![from];
    while let Some(path) = rest.pop() {
        if let Some(facts) = candidates.get(path).filter(|_| reached.insert(path)) {
            rest.extend(facts.includes.iter().chain(&facts.extends));
        }
    }
}

#[cfg(test)]
mod tests;
