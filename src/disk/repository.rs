//! Finds where git keeps what it knows of a directory.
//!
//! Nothing here asks git, and no setting of the repository is read: what it names would be a
//! stranger's choice.

use std::fs;
use std::path::{Path, PathBuf};

use super::read;
use crate::files::clean;

/// Longer than any path.
const LONGEST: u64 = 64 * 1024;

/// A checked-out repository.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repository {
    /// Where its files lie.
    pub(super) root: PathBuf,
    /// What belongs to this checkout alone: `HEAD`.
    pub(super) git: PathBuf,
    /// What all checkouts share: branches, objects, `info/exclude`.
    pub(super) common: PathBuf,
}

/// The repository that a directory lies in.
pub(super) fn around(directory: &Path) -> Option<Repository> {
    let root = root_around(directory)?;
    at(root)
}

/// The nearest directory, from here upwards, that has a `.git`.
pub fn root_around(directory: &Path) -> Option<&Path> {
    directory
        .ancestors()
        .find(|ancestor| fs::symlink_metadata(ancestor.join(".git")).is_ok())
}

/// The repository whose files lie in this very directory. A link in the place of `.git` leads to
/// another one.
pub(super) fn at(root: &Path) -> Option<Repository> {
    let marker = root.join(".git");
    let metadata = fs::symlink_metadata(&marker).ok()?;
    if metadata.is_dir() {
        return Some(Repository {
            root: root.to_path_buf(),
            git: marker.clone(),
            common: marker,
        });
    }
    if !metadata.is_file() {
        return None;
    }
    let git = named_in(&marker, "gitdir: ", root)?;
    worktree(root, &git).or_else(|| submodule(root, &git))
}

/// A further checkout of a repository, as `git worktree` makes it. The file `.git` could name any
/// directory, so that one must name the file as well.
fn worktree(root: &Path, git: &Path) -> Option<Repository> {
    let named_back = named_in(&git.join("gitdir"), "", git)?;
    if fs::canonicalize(named_back).ok()? != fs::canonicalize(root.join(".git")).ok()? {
        return None;
    }
    let common = fs::canonicalize(named_in(&git.join("commondir"), "", git)?).ok()?;
    let git = fs::canonicalize(git).ok()?;
    git.starts_with(common.join("worktrees"))
        .then(|| Repository {
            root: root.to_path_buf(),
            git,
            common,
        })
}

/// A repository within another, which keeps what belongs to it.
fn submodule(root: &Path, git: &Path) -> Option<Repository> {
    let outer = around(root.parent()?)?;
    let modules = fs::canonicalize(outer.git.join("modules")).ok()?;
    let git = fs::canonicalize(git).ok()?;
    git.starts_with(modules).then(|| Repository {
        root: root.to_path_buf(),
        git: git.clone(),
        common: git,
    })
}

/// The path that a file holds after `word`, from `directory`.
fn named_in(file: &Path, word: &str, directory: &Path) -> Option<PathBuf> {
    let bytes = read::read(file, LONGEST).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let path = text.strip_prefix(word)?.trim_end_matches(['\n', '\r']);
    (!path.is_empty()).then(|| clean(&directory.join(path)))
}
