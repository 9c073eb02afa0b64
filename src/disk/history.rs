//! What git recorded of a directory: which files change often, and what is committed.
//!
//! git itself is never started. It runs programs that a repository names — to verify signatures, to
//! fetch what is missing, to filter files — and there are more ways to name one than can be turned
//! off. Here is nothing that could run: commits, trees and files are read as data, through the same
//! guards as every other file. No settings are read, no other repository is asked for objects, and
//! nothing is fetched: what is not there is not known.
//!
//! A library would open these files by itself, without the guards.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::{Component, Path};
use std::sync::Mutex;

use rustc_hash::{FxHashMap, FxHashSet};

mod object;
mod objects;
mod pack;

use super::read;
use super::repository::{Repository, around};
use object::{Id, Kind};
use objects::Objects;

/// So many commits tell what changes often.
const COMMITS: usize = 500;

/// So many commits are looked at, merges too.
const MOST_COMMITS: usize = 10_000;

/// So many names are counted.
const MOST_NAMES: usize = 200_000;

/// git allows no more steps from `HEAD` to a commit.
const MOST_LINKS: usize = 5;

/// Refs are short; the file that packs them has a line for each.
const LONGEST_REF: u64 = 64 * 1024;
const LONGEST_PACKED_REFS: u64 = 16 * 1024 * 1024;

/// The history of a repository, seen from one of its directories.
pub struct History {
    objects: Mutex<Objects>,
    /// The commit that is checked out; `None` before the first one.
    head: Option<Id>,
    /// The tree of that commit, as this directory sees it.
    tree: Option<Id>,
    /// From the top of the repository to this directory.
    prefix: Vec<String>,
}

/// What changed in the last commits.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// How many commits were looked at, without merges.
    pub commits: usize,
    /// Each file with the number of commits that changed it, the most often changed first.
    pub files: Vec<(String, usize)>,
}

impl History {
    /// The history of the repository that a directory lies in; `None` where there is none, or none
    /// that can be read.
    pub fn of(directory: &Path) -> Option<Self> {
        let repository = around(directory)?;
        let below = directory.strip_prefix(&repository.root).ok()?;
        let prefix = below
            .iter()
            .map(|part| part.to_str().map(str::to_owned))
            .collect::<Option<_>>()?;
        let mut history = History {
            head: head(&repository)?,
            objects: Mutex::new(Objects::new(&repository.common.join("objects"))),
            tree: None,
            prefix,
        };
        if let Some(head) = &history.head {
            let objects = &mut *history.objects.lock().ok()?;
            let top = commit(objects, head)?.tree;
            history.tree = below_tree(objects, top, &history.prefix)?;
        }
        Some(history)
    }

    /// Which files below the directory the last commits changed.
    pub fn changed(&self) -> Changed {
        let mut changed = Changed::default();
        let Ok(mut objects) = self.objects.lock() else {
            return changed;
        };
        let mut files = FxHashMap::default();
        for of_commit in self.last_commits(&mut objects) {
            let Some(paths) = self.changed_in(&mut objects, &of_commit) else {
                continue;
            };
            changed.commits += 1;
            for path in paths {
                if files.len() < MOST_NAMES || files.contains_key(&path) {
                    *files.entry(path).or_default() += 1;
                }
            }
        }
        changed.files = files.into_iter().collect();
        changed
            .files
            .sort_by(|(one, first), (other, second)| second.cmp(first).then(one.cmp(other)));
        changed
    }

    /// Whether the commit that is checked out has a file or directory at a path from the directory;
    /// `None` where that is not known.
    pub fn has(&self, path: &str) -> Option<bool> {
        Some(self.entry(path)?.is_some())
    }

    /// What a file holds in the commit that is checked out, without what git would make of it on
    /// the way to the disk; `None` where there is no such file.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        let entry = self.entry(path)?.filter(|entry| entry.is_regular)?;
        let mut objects = self.objects.lock().ok()?;
        Some(objects.read(&entry.id, Kind::Blob)?.to_vec())
    }

    fn entry(&self, path: &str) -> Option<Option<Entry>> {
        let mut objects = self.objects.lock().ok()?;
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop()?;
        let Some(top) = self.tree.clone() else {
            return Some(None);
        };
        match below_tree(&mut objects, top, &parts)? {
            Some(tree) => Some(entries(&mut objects, &tree)?.remove(name)),
            None => Some(None),
        }
    }

    /// The last commits that are not merges, the newest first.
    fn last_commits(&self, objects: &mut Objects) -> Vec<Commit> {
        let mut last = Vec::new();
        let mut seen: FxHashSet<Id> = self.head.iter().cloned().collect();
        let mut open = BinaryHeap::new();
        let mut pushed = 0;
        let head = self.head.as_ref().and_then(|head| commit(objects, head));
        open.extend(head.map(|head| (head.time, Reverse(0), head)));
        while let Some((_, _, next)) = open.pop() {
            for parent in &next.parents {
                if seen.len() < MOST_COMMITS && seen.insert(parent.clone()) {
                    // A shallow clone has not all of them.
                    let Some(parent) = commit(objects, parent) else {
                        continue;
                    };
                    pushed += 1;
                    open.push((parent.time, Reverse(pushed), parent));
                }
            }
            if next.parents.len() < 2 {
                last.push(next);
            }
            if last.len() == COMMITS {
                break;
            }
        }
        last
    }

    /// The files that a commit changed, from the directory; `None` where that is not known.
    fn changed_in(&self, objects: &mut Objects, of: &Commit) -> Option<Vec<String>> {
        let new = below_tree(objects, of.tree.clone(), &self.prefix)?;
        let old = match of.parents.first() {
            Some(parent) => {
                let tree = commit(objects, parent)?.tree;
                below_tree(objects, tree, &self.prefix)?
            }
            None => None,
        };
        differences(objects, old, new)
    }
}

/// The commit that is checked out: `None` where that cannot be read, `Some(None)` where none was
/// made yet.
fn head(repository: &Repository) -> Option<Option<Id>> {
    let mut place = "HEAD".to_owned();
    for _ in 0..=MOST_LINKS {
        let Some(text) = reference(repository, &place) else {
            // Without `HEAD` it is no repository, and this branch stands where branches are kept
            // in a way that is not read here.
            let is_unborn = place != "HEAD" && place != "refs/heads/.invalid";
            return is_unborn.then_some(None);
        };
        match text.strip_prefix("ref: ") {
            Some(name) => place = branch(name.trim())?.to_owned(),
            None => return Id::from_hex(text.trim().as_bytes()).map(Some),
        }
    }
    None
}

/// The name of a ref, if it is one and no way out of the repository.
fn branch(name: &str) -> Option<&str> {
    let mut parts = Path::new(name).components();
    let is_plain = parts.all(|part| matches!(part, Component::Normal(_)));
    (is_plain && name.starts_with("refs/")).then_some(name)
}

/// What a ref holds.
fn reference(repository: &Repository, name: &str) -> Option<String> {
    for directory in [&repository.git, &repository.common] {
        if let Ok(bytes) = read::read(&directory.join(name), LONGEST_REF) {
            return String::from_utf8(bytes).ok();
        }
    }
    let packed = read::read(&repository.common.join("packed-refs"), LONGEST_PACKED_REFS).ok()?;
    let packed = String::from_utf8_lossy(&packed);
    let line = packed.lines().find_map(|line| {
        let (id, named) = line.split_once(' ')?;
        (named == name).then_some(id)
    });
    line.map(str::to_owned)
}

/// What is needed of a commit.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Commit {
    tree: Id,
    parents: Vec<Id>,
    time: i64,
}

fn commit(objects: &mut Objects, id: &Id) -> Option<Commit> {
    let bytes = objects.read(id, Kind::Commit)?;
    let (mut tree, mut parents, mut time) = (None, Vec::new(), 0);
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some(hex) = line.strip_prefix(b"tree ") {
            tree = Id::from_hex(hex);
        } else if let Some(hex) = line.strip_prefix(b"parent ") {
            parents.push(Id::from_hex(hex)?);
        } else if let Some(who) = line.strip_prefix(b"committer ") {
            // A name, an address, seconds, and a time zone.
            let seconds = who.rsplit(|byte| *byte == b' ').nth(1);
            let seconds = seconds.and_then(|seconds| std::str::from_utf8(seconds).ok());
            time = seconds
                .and_then(|seconds| seconds.parse().ok())
                .unwrap_or(0);
            break;
        }
    }
    Some(Commit {
        tree: tree?,
        parents,
        time,
    })
}

/// A name in a tree.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    id: Id,
    is_tree: bool,
    is_regular: bool,
    /// As it stands there: a file that becomes executable has changed.
    mode: Vec<u8>,
}

/// What a tree holds. A name that git would never write is left out.
fn entries(objects: &mut Objects, tree: &Id) -> Option<BTreeMap<String, Entry>> {
    let bytes = objects.read(tree, Kind::Tree)?;
    let mut entries = BTreeMap::new();
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        let name = String::from_utf8_lossy(rest.get(space + 1..end)?).into_owned();
        let id = Id::from_bytes(rest.get(end + 1..end + 1 + tree.length())?);
        let mode = rest[..space].to_vec();
        let mut parts = Path::new(&name).components();
        let is_plain =
            matches!(parts.next(), Some(Component::Normal(part)) if part == name.as_str());
        rest = &rest[end + 1 + tree.length()..];
        if is_plain {
            let entry = Entry {
                id,
                is_tree: mode == b"40000",
                is_regular: mode.starts_with(b"100"),
                mode,
            };
            entries.insert(name, entry);
        }
    }
    Some(entries)
}

/// The tree at a path below a tree: `None` where that cannot be read, `Some(None)` where there is
/// none.
fn below_tree(objects: &mut Objects, tree: Id, path: &[impl AsRef<str>]) -> Option<Option<Id>> {
    let mut tree = tree;
    for name in path {
        match entries(objects, &tree)?.remove(name.as_ref()) {
            Some(entry) if entry.is_tree => tree = entry.id,
            _ => return Some(None),
        }
    }
    Some(Some(tree))
}

/// The files that differ between two trees; `None` where that is not known.
fn differences(objects: &mut Objects, old: Option<Id>, new: Option<Id>) -> Option<Vec<String>> {
    let mut paths = Vec::new();
    let mut open = vec![(String::new(), old, new)];
    while let Some((above, old, new)) = open.pop() {
        if old == new {
            continue;
        }
        let mut old = match old {
            Some(tree) => entries(objects, &tree)?,
            None => BTreeMap::new(),
        };
        let new = match new {
            Some(tree) => entries(objects, &tree)?,
            None => BTreeMap::new(),
        };
        let mut pairs = Vec::new();
        for (name, new) in new {
            let old = old.remove(&name);
            pairs.push((name, old, Some(new)));
        }
        for (name, old) in old {
            pairs.push((name, Some(old), None));
        }
        for (name, old, new) in pairs {
            if old == new {
                continue;
            }
            let path = format!("{above}{name}");
            let is_file =
                |entry: &Option<Entry>| entry.as_ref().is_some_and(|entry| !entry.is_tree);
            if is_file(&old) || is_file(&new) {
                paths.push(path.clone());
            }
            let [old, new] =
                [old, new].map(|entry| entry.filter(|entry| entry.is_tree).map(|entry| entry.id));
            // What was written by hand may lie in itself.
            if path.len() < 4096 && paths.len() < MOST_NAMES {
                open.push((format!("{path}/"), old, new));
            }
        }
    }
    Some(paths)
}

#[cfg(test)]
mod tests;
