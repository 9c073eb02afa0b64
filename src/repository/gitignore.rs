//! Whether git ignores a path: `.gitignore` files from the top of the repository down to the path, and
//! `.git/info/exclude`.
//!
//! The `ignore` crate reads the patterns; their texts come in through the workspace, like all others.
//! Which file decides is as in gitignore(5): the last pattern that matches in the deepest file, and
//! nothing below an ignored directory comes back. The user's own `core.excludesFile` is not part of a
//! repository, and whether a file is tracked stands in the index: neither is asked.

use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::workspace::Workspace;

mod glob;

/// Lines of one file that are read. A file that is longer was not written by hand, and each pattern
/// takes memory.
const MOST_LINES: usize = 20_000;

/// Whether git ignores a file or directory. `root` stands for the top of the repository where no
/// `.git` shows it. A path where nothing is counts as ignored if a file or a directory would be.
pub fn is_ignored(workspace: &Workspace<'_>, root: &Path, path: &Path) -> bool {
    let files = workspace.files();
    let repository = path
        .ancestors()
        .skip(1)
        .find(|above| files.exists(&above.join(".git")));
    let top = repository.unwrap_or(root);
    let Ok(below) = path.strip_prefix(top) else {
        return false;
    };
    let depth = below.components().count();
    // From the top down: what lies in an ignored directory is ignored, whatever deeper files say.
    let directories: Vec<&Path> = path.ancestors().skip(1).take(depth).collect();
    for directory in directories
        .iter()
        .rev()
        .filter(|directory| **directory != top)
    {
        if decides(workspace, top, directory, true) == Some(true) {
            return true;
        }
    }
    if files.exists(path) {
        decides(workspace, top, path, files.is_directory(path)) == Some(true)
    } else {
        [false, true]
            .iter()
            .any(|is_directory| decides(workspace, top, path, *is_directory) == Some(true))
    }
}

/// What the patterns say of one path, without the directories above it: whether it is ignored; `None`
/// when no pattern matches.
fn decides(workspace: &Workspace<'_>, top: &Path, path: &Path, is_directory: bool) -> Option<bool> {
    let directories = path
        .ancestors()
        .skip(1)
        .take_while(|above| above.starts_with(top));
    for directory in directories {
        let file = directory.join(".gitignore");
        let patterns = workspace.once(&file, || Patterns::read(workspace, &file, directory));
        if let Some(ignored) = patterns.decide(path, is_directory) {
            return Some(ignored);
        }
    }
    let file = top.join(".git/info/exclude");
    let patterns = workspace.once(&file, || Patterns::read(workspace, &file, top));
    patterns.decide(path, is_directory)
}

/// The patterns of one file; none where it cannot be read.
struct Patterns(Gitignore);

impl Patterns {
    /// The patterns of a file, which count from a directory on.
    fn read(workspace: &Workspace<'_>, file: &Path, directory: &Path) -> Patterns {
        let mut builder = GitignoreBuilder::new(directory);
        if workspace.files().is_file(file)
            && let Ok(source) = workspace.read(file)
        {
            for line in source.text()[source.content_start() as usize..]
                .lines()
                .take(MOST_LINES)
            {
                if let Some(glob) = glob::of_line(line) {
                    // git ignores a pattern that makes no sense, too.
                    let _ = builder.add_line(None, &glob);
                }
            }
        }
        Patterns(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    fn decide(&self, path: &Path, is_directory: bool) -> Option<bool> {
        match self.0.matched(path, is_directory) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        }
    }
}

#[cfg(test)]
mod tests;
