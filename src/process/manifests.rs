//! The manifests that a process can see from a directory of its container.

use std::sync::Arc;

use super::Input;
use super::task::join;
use crate::knowledge::manager::Manager;
use crate::knowledge::python::REQUIREMENTS;
use crate::knowledge::{Language, managers};
use crate::repository::manifests::{self, Dependency, Lock, Manifest};

/// A container is searched this far upwards.
const MOST_LEVELS: usize = 4;

/// The manifest of that name in a directory of the container.
pub(super) fn named(input: &Input<'_>, directory: &str, name: &str) -> Option<Arc<Manifest>> {
    let source = input.read(directory, name)?;
    Some(manifests::of(input.workspace, &source))
}

/// The manifests of a language in a directory of the container, with what they include. Of no
/// language those of all.
pub(super) fn at(
    input: &Input<'_>,
    directory: &str,
    language: Option<Language>,
) -> Vec<Arc<Manifest>> {
    let workspace = input.workspace;
    let mut names = names_of(language, |manager| manager.manifests);
    if language.is_none_or(|language| language == Language::Python) {
        names.extend(REQUIREMENTS);
    }
    let named = names.iter().filter_map(|name| input.read(directory, name));
    let mut found: Vec<Arc<Manifest>> = named
        .flat_map(|source| manifests::with_includes(workspace, &source))
        .collect();
    if let Some(host) = (input.host)(directory) {
        found.extend(
            manifests::in_directory(workspace, &host)
                .manifests
                .iter()
                .cloned(),
        );
    }
    found
}

/// The lock files of a language in a directory of the container.
pub(super) fn locks_at(input: &Input<'_>, directory: &str, language: Language) -> Vec<Arc<Lock>> {
    let names = names_of(Some(language), |manager| manager.locks);
    let found = names.iter().filter_map(|name| input.read(directory, name));
    found
        .map(|source| manifests::lock_of(input.workspace, &source))
        .collect()
}

/// The names that the managers of a language have for their files, each once.
fn names_of(
    language: Option<Language>,
    files: impl Fn(&Manager) -> &'static [&'static str],
) -> Vec<&'static str> {
    let mut names = Vec::new();
    for manager in managers() {
        if language.is_none() || manager.ecosystem.language() == language {
            names.extend(files(manager));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// A directory of the container and those above it, the nearest first.
pub(super) fn upwards(directory: &str) -> Vec<String> {
    let mut directories = vec![directory.to_owned()];
    for level in 1..MOST_LEVELS {
        directories.push(join(&directories[level - 1], ".."));
    }
    directories.dedup();
    directories
}

/// Whether a manifest near a directory lists something for which `is_it` holds.
pub(super) fn list(
    input: &Input<'_>,
    directory: &str,
    language: Option<Language>,
    is_it: impl Fn(&Dependency) -> bool,
) -> bool {
    upwards(directory).iter().any(|directory| {
        at(input, directory, language)
            .iter()
            .flat_map(|manifest| &manifest.dependencies)
            .any(&is_it)
    })
}
