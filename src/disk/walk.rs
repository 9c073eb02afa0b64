//! Finds every file below a directory that the project itself holds.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::ignored::Ignored;
use crate::files::{FOREIGN_DIRECTORIES, order};

/// Up to here one thread is done before several have started.
pub(super) const ALONE: usize = 2000;

/// The files below a directory, sorted, without those that an ignore file names.
pub(super) fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(directory);
    // Left to itself, the walk opens every ignore file that it meets, whatever it is.
    walk.standard_filters(false);
    let ignored = Arc::new(Ignored::new(directory));
    walk.filter_entry(move |entry| entry.depth() == 0 || is_wanted(entry, &ignored));
    let mut paths = walk_alone(&walk).unwrap_or_else(|| walk_together(&walk));
    paths.sort_unstable_by(|one, other| order(one, other));
    paths
}

/// The files of a small tree; `None` when it is not small.
fn walk_alone(walk: &WalkBuilder) -> Option<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for (seen, entry) in walk.build().flatten().enumerate() {
        if seen == ALONE {
            return None;
        }
        if is_file(&entry) {
            paths.push(entry.into_path());
        }
    }
    Some(paths)
}

/// The files of any tree, by as many threads as the machine likes, in no order.
fn walk_together(walk: &WalkBuilder) -> Vec<PathBuf> {
    let (sender, found) = mpsc::channel();
    walk.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            // Whoever receives waits for the walk to end, so sending cannot fail.
            if let Some(entry) = entry.ok().filter(is_file) {
                let _ = sender.send(entry.into_path());
            }
            WalkState::Continue
        })
    });
    drop(sender);
    found.into_iter().collect()
}

/// Whether an entry belongs to the project. The directory that was asked for always does, whatever
/// its name.
fn is_wanted(entry: &DirEntry, ignored: &Ignored) -> bool {
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    let is_foreign = is_directory
        && FOREIGN_DIRECTORIES
            .iter()
            .any(|name| entry.file_name() == *name);
    !is_foreign && !ignored.is_ignored(entry.path(), is_directory)
}

/// A link to a file is one; the walk goes through no link to a directory, so it ends.
fn is_file(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Some(kind) if kind.is_symlink() => entry.path().is_file(),
        kind => kind.is_some_and(|kind| kind.is_file()),
    }
}
