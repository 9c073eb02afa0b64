//! The manifests that a process can see from a directory of its container.

use std::sync::Arc;

use super::Input;
use super::task::join;
use crate::knowledge::manager::manifest_names;
use crate::knowledge::managers;
use crate::repository::manifests::{self, Dependency, Lock, Manifest};

/// A container is searched this far upwards.
const MOST_LEVELS: usize = 4;

/// The manifest of that name in a directory of the container.
pub(super) fn named(input: &Input<'_>, directory: &str, name: &str) -> Option<Arc<Manifest>> {
    let source = input.read(directory, name)?;
    Some(manifests::of(input.workspace, &source))
}

/// The manifests in a directory of the container, with what they include.
pub(super) fn at(input: &Input<'_>, directory: &str) -> Vec<Arc<Manifest>> {
    let workspace = input.workspace;
    let named = manifest_names()
        .iter()
        .filter_map(|name| input.read(directory, name));
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

/// The lock files in a directory of the container.
pub(super) fn locks_at(input: &Input<'_>, directory: &str) -> Vec<Arc<Lock>> {
    let found = managers()
        .flat_map(|manager| manager.locks)
        .filter_map(|name| input.read(directory, name));
    found
        .map(|source| manifests::lock_of(input.workspace, &source))
        .collect()
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
    is_it: impl Fn(&Dependency) -> bool,
) -> bool {
    upwards(directory).iter().any(|directory| {
        at(input, directory)
            .iter()
            .flat_map(|manifest| &manifest.dependencies)
            .any(&is_it)
    })
}
