//! What ignore files leave out. They are read here, so that a pipe or a device of that name is
//! passed over as it is everywhere else.
//!
//! Only files of the project count. What a user ignores on this machine alone, by git's
//! `core.excludesFile`, does not: whoever checks the same project gets the same answer.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use super::history::History;
use super::{Disk, IGNORE_FILE, read, repository};
use crate::files::Files;

/// Longer ignore files are not read, nor files with more lines in all: each line becomes a matcher,
/// which takes far more memory and time than the line.
const LONGEST: u64 = 256 * 1024;
const MOST_LINES: usize = 100_000;

/// The ignore files that hold below a directory, each read when the first of its names is asked
/// for.
pub(super) struct Ignored {
    /// What holds for the names in a directory. The one that was asked for is there from the start.
    levels: RwLock<FxHashMap<PathBuf, Arc<Level>>>,
    /// How many lines were read.
    lines: AtomicUsize,
}

/// The ignore files of one directory, and those above it.
#[derive(Default)]
struct Level {
    above: Option<Arc<Level>>,
    own: Option<Gitignore>,
    git: Option<Gitignore>,
    exclude: Option<Gitignore>,
}

impl Ignored {
    pub(super) fn new(directory: &Path) -> Self {
        // Outside a repository an ignore file of a directory above belongs to something else.
        let in_repository = directory
            .ancestors()
            .any(|ancestor| ancestor.join(".git").exists());
        let mut above: Vec<&Path> = directory.ancestors().collect();
        if !in_repository {
            above.truncate(1);
        }
        let ignored = Ignored {
            levels: RwLock::default(),
            lines: AtomicUsize::new(0),
        };
        let mut level = Arc::new(Level::default());
        for directory in above.into_iter().rev() {
            level = Level::read(directory, &level, &ignored.lines);
        }
        ignored.keep(directory, &level);
        ignored
    }

    /// Whether an ignore file leaves the path out. Nothing is asked below a directory that is left
    /// out.
    pub(super) fn is_ignored(&self, path: &Path, is_directory: bool) -> bool {
        let level = path.parent().map(|directory| self.level(directory));
        level.is_some_and(|level| level.matched(path, is_directory).is_ignore())
    }

    /// The same, where only what git reads counts.
    fn is_ignored_by_git(&self, path: &Path, is_directory: bool) -> bool {
        let level = path.parent().map(|directory| self.level(directory));
        level.is_some_and(|level| level.matched_by_git(path, is_directory).is_ignore())
    }

    fn level(&self, directory: &Path) -> Arc<Level> {
        let known = self.levels.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(level) = known.get(directory) {
            return level.clone();
        }
        drop(known);
        let above = match directory.parent() {
            Some(parent) => self.level(parent),
            None => Arc::default(),
        };
        let level = Level::read(directory, &above, &self.lines);
        self.keep(directory, &level);
        level
    }

    fn keep(&self, directory: &Path, level: &Arc<Level>) {
        let mut known = self.levels.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(directory.to_path_buf(), level.clone());
    }
}

impl Level {
    /// What holds in a directory: most have no ignore file, and share what holds above them.
    fn read(directory: &Path, above: &Arc<Level>, in_all: &AtomicUsize) -> Arc<Level> {
        let own = patterns(directory, &directory.join(IGNORE_FILE), in_all);
        let git = patterns(directory, &directory.join(".gitignore"), in_all);
        let exclude = match repository::at(directory) {
            Some(found) => patterns(directory, &found.common.join("info/exclude"), in_all),
            None => None,
        };
        if own.is_none() && git.is_none() && exclude.is_none() {
            return above.clone();
        }
        let above = Some(above.clone());
        Arc::new(Level {
            above,
            own,
            git,
            exclude,
        })
    }

    /// What our own ignore files say wins, then what git's do.
    fn matched(&self, path: &Path, is_directory: bool) -> Match<()> {
        let own = self.nearest(|level| &level.own, path, is_directory);
        own.or(self.matched_by_git(path, is_directory))
    }

    fn matched_by_git(&self, path: &Path, is_directory: bool) -> Match<()> {
        let git = self.nearest(|level| &level.git, path, is_directory);
        git.or(self.nearest(|level| &level.exclude, path, is_directory))
    }

    /// What the nearest file of one kind that names the path says of it.
    fn nearest(
        &self,
        kind: fn(&Level) -> &Option<Gitignore>,
        path: &Path,
        is_directory: bool,
    ) -> Match<()> {
        let mut level = Some(self);
        while let Some(here) = level {
            if let Some(patterns) = kind(here) {
                let matched = patterns.matched(path, is_directory).map(|_| ());
                if !matched.is_none() {
                    return matched;
                }
            }
            level = here.above.as_deref();
        }
        Match::None
    }
}

/// The patterns of an ignore file, which hold from `directory`; `None` when there are none.
fn patterns(directory: &Path, file: &Path, in_all: &AtomicUsize) -> Option<Gitignore> {
    let bytes = read::read(file, LONGEST).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().count();
    if in_all.fetch_add(lines, Ordering::Relaxed) + lines > MOST_LINES {
        return None;
    }
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that is no pattern matches nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|patterns| !patterns.is_empty())
}

/// So many names are looked at for what git ignores, and so many of those that it does are told.
const MOST_NAMES: usize = 1_000_000;
const MOST_IGNORED: usize = 10_000;

/// Files and whole directories that git leaves out, from `directory`, whose history this is:
/// ignored, and not committed all the same.
pub fn ignored_by_git(directory: &Path, history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let ignored = Ignored::new(directory);
    let mut names = 0;
    // With whether everything in it is ignored.
    let mut open = vec![(String::new(), false)];
    while let Some((within, is_out)) = open.pop() {
        for entry in Disk.list(&directory.join(&within)).iter() {
            names += 1;
            if names > MOST_NAMES || found.len() == MOST_IGNORED {
                return found;
            }
            let path = if within.is_empty() {
                entry.name.clone()
            } else {
                format!("{within}/{}", entry.name)
            };
            let host = directory.join(&path);
            if entry.name == ".git" {
                continue;
            }
            let is_out = is_out || ignored.is_ignored_by_git(&host, entry.is_directory);
            if is_out && history.has(&path) == Some(false) {
                found.push(path);
            // A repository within another is a matter of its own.
            } else if entry.is_directory && !Disk.exists(&host.join(".git")) {
                open.push((path, is_out));
            }
        }
    }
    found
}
