//! How the outside is read: the one door between composelint and a file system.
//!
//! Everything below the roof reads through [`Files`]. The disk is behind it in the program,
//! [`Memory`] in tests, and an [`Overlay`] of open buffers in an editor. [`Remembered`] keeps what
//! was seen once.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf, is_separator};
use std::sync::Arc;

mod remembered;

pub use remembered::Remembered;

/// What a path is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Something else: a socket, a device.
    Other,
}

/// A name in a directory.
#[derive(Clone, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct Entry {
    /// The last component of its path.
    pub name: String,
    /// Whether it is a directory. A link to a directory is none, so that a walk ends.
    pub is_directory: bool,
}

/// A file system that can be read. Paths are absolute and free of `.` and `..`; see [`clean`].
pub trait Files: Sync {
    /// The bytes of a regular file.
    ///
    /// # Errors
    /// What the system says, and `ErrorKind::FileTooLarge` for a file of more than [`SIZE_LIMIT`]
    /// bytes.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// What a path is, following links; `None` when nothing is there or it may not be seen.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// The names in a directory, sorted; empty when it cannot be read.
    fn list(&self, directory: &Path) -> Arc<[Entry]>;

    /// Every file below `directory` that the project itself holds, sorted: what `.gitignore` and
    /// `.composelintignore` exclude is left out, and so is what lies in [`FOREIGN_DIRECTORIES`].
    /// Hidden directories are walked: `.devcontainer` and `.github` hold compose files and recipes.
    fn walk(&self, directory: &Path) -> Vec<PathBuf>;

    /// How many bytes a file has, itself and not what a link leads to; `None` when nothing is
    /// there.
    fn size(&self, path: &Path) -> Option<u64> {
        self.read(path).ok().map(|bytes| bytes.len() as u64)
    }

    /// Where a symbolic link leads in the end; `None` for what is no link. Nothing but the disk has
    /// links.
    fn link(&self, path: &Path) -> Option<PathBuf> {
        let _ = path;
        None
    }

    /// Whether a file has its run bit, as a build or a mount would take it over; `None` where that
    /// is not known. It is asked of the file on disk, not of git's index: that is what Docker sees.
    /// Windows has no such bit.
    fn is_executable(&self, path: &Path) -> Option<bool> {
        let _ = path;
        None
    }

    /// Whether something is there.
    fn exists(&self, path: &Path) -> bool {
        self.kind(path).is_some()
    }

    /// Whether a regular file is there.
    fn is_file(&self, path: &Path) -> bool {
        self.kind(path) == Some(Kind::File)
    }

    /// Whether a directory is there.
    fn is_directory(&self, path: &Path) -> bool {
        self.kind(path) == Some(Kind::Directory)
    }
}

/// Files above this size are not read: no compose file, Dockerfile or manifest that a person wrote
/// comes near it.
pub const SIZE_LIMIT: u64 = 16 * 1024 * 1024;

/// Directories that hold other people's code or build output, never a project's own files.
pub const FOREIGN_DIRECTORIES: [&str; 5] = [
    "node_modules",
    ".venv",
    "__pycache__",
    "site-packages",
    ".git",
];

/// Takes `.` and `..` out of a path by text alone, as Go's `filepath.Clean` and so Docker Compose
/// do.
pub fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match cleaned.components().next_back() {
                Some(Component::Normal(_)) => {
                    cleaned.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => cleaned.push(".."),
            },
            other => cleaned.push(other),
        }
    }
    if cleaned.as_os_str().is_empty() {
        cleaned.push(".");
    }
    cleaned
}

/// The order of [`Path`] for paths that are absolute and clean, without taking them apart: a tree
/// has many of them.
pub fn order(one: &Path, other: &Path) -> Ordering {
    // A separator goes before everything else, so that what lies in a directory follows it at once.
    let rank = |byte: Option<&u8>| {
        byte.map(|byte| {
            if is_separator(char::from(*byte)) {
                0
            } else {
                *byte
            }
        })
    };
    let [one, other] = [one, other].map(|path| path.as_os_str().as_encoded_bytes());
    let differs = one
        .iter()
        .zip(other)
        .position(|(one, other)| one != other)
        .unwrap_or(one.len().min(other.len()));
    rank(one.get(differs)).cmp(&rank(other.get(differs)))
}

/// Whether two lists of absolute, clean paths are the same; far faster than `==`, which takes each
/// path apart.
pub fn same(some: &[PathBuf], others: &[PathBuf]) -> bool {
    some.len() == others.len()
        && some
            .iter()
            .zip(others)
            .all(|(one, other)| one.as_os_str() == other.as_os_str())
}

/// A file system in memory: paths and their texts.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    has_run_bits: bool,
}

impl Memory {
    /// Nothing yet.
    pub fn new() -> Self {
        Memory::default()
    }

    /// Adds or replaces a file; its directories come into being with it.
    pub fn write(&mut self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        self.files
            .insert(clean(path.as_ref()), text.as_ref().to_vec());
    }

    /// Adds a file and returns the whole, to build one in a single expression.
    pub fn with(mut self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Lets the files have run bits, none of which is set. Without them nothing is known.
    pub fn with_run_bits(mut self) -> Self {
        self.has_run_bits = true;
        self
    }

    /// All files and their contents.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_path(), text.as_slice()))
    }

    fn below<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.files
            .range(directory.to_path_buf()..)
            .map(|(path, _)| path.as_path())
            .take_while(move |path| path.starts_with(directory))
    }
}

impl Files for Memory {
    fn is_executable(&self, path: &Path) -> Option<bool> {
        (self.has_run_bits && self.files.contains_key(path)).then_some(false)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None if self.is_directory(path) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        if self.files.contains_key(path) {
            return Some(Kind::File);
        }
        self.below(path).next().map(|_| Kind::Directory)
    }

    fn list(&self, directory: &Path) -> Arc<[Entry]> {
        let mut entries: Vec<Entry> = self
            .below(directory)
            .filter_map(|path| {
                let mut rest = path.strip_prefix(directory).ok()?.components();
                let name = rest.next()?.as_os_str().to_str()?.to_owned();
                Some(Entry {
                    name,
                    is_directory: rest.next().is_some(),
                })
            })
            .collect();
        entries.sort();
        entries.dedup();
        entries.into()
    }

    fn walk(&self, directory: &Path) -> Vec<PathBuf> {
        self.below(directory)
            .filter(|path| !is_foreign(path))
            .map(Path::to_path_buf)
            .collect()
    }
}

/// Whether a path lies in one of [`FOREIGN_DIRECTORIES`].
fn is_foreign(path: &Path) -> bool {
    path.components().any(|part| {
        FOREIGN_DIRECTORIES
            .iter()
            .any(|name| part.as_os_str() == *name)
    })
}

/// Open buffers of an editor over another file system.
pub struct Overlay<'f> {
    base: &'f dyn Files,
    open: Memory,
}

impl<'f> Overlay<'f> {
    /// No buffer open yet.
    pub fn new(base: &'f dyn Files) -> Self {
        Overlay {
            base,
            open: Memory::new(),
        }
    }

    /// Lets `text` stand for what the file system holds at `path`.
    pub fn write(&mut self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        self.open.write(path, text);
    }
}

impl Files for Overlay<'_> {
    fn is_executable(&self, path: &Path) -> Option<bool> {
        self.base.is_executable(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.open.files.get(path) {
            Some(text) => Ok(text.clone()),
            None => self.base.read(path),
        }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.open.kind(path).or_else(|| self.base.kind(path))
    }

    fn list(&self, directory: &Path) -> Arc<[Entry]> {
        let (below, open) = (self.base.list(directory), self.open.list(directory));
        if open.is_empty() {
            return below;
        }
        let mut entries = [below, open].concat();
        entries.sort();
        entries.dedup();
        entries.into()
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.open
            .files
            .get(path)
            .map(|text| text.len() as u64)
            .or_else(|| self.base.size(path))
    }

    fn link(&self, path: &Path) -> Option<PathBuf> {
        self.base.link(path)
    }

    fn walk(&self, directory: &Path) -> Vec<PathBuf> {
        let mut paths = self.base.walk(directory);
        paths.extend(self.open.walk(directory));
        paths.sort();
        paths.dedup();
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_the_order_of_their_components() {
        let paths = [
            "/a", "/a/b", "/a/b/c", "/a-b", "/a-b/c", "/a.b", "/ab", "/é", "/",
        ]
        .map(Path::new);
        for (one, other) in paths
            .iter()
            .flat_map(|one| paths.iter().map(move |other| (one, other)))
        {
            assert_eq!(order(one, other), one.cmp(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("/a/./b/../c", "/a/c"),
            ("/..", "/"),
            ("../x", "../x"),
            ("a/..", "."),
            ("./a//b/", "a/b"),
        ] {
            assert_eq!(clean(Path::new(path)), Path::new(cleaned), "{path}");
        }
    }

    #[test]
    fn directories_in_memory_exist_through_their_files() {
        let files = Memory::new()
            .with("/p/a/x", "1")
            .with("/p/b", "2")
            .with("/p/node_modules/z", "3");
        assert!(files.is_directory(Path::new("/p")) && files.is_file(Path::new("/p/b")));
        assert!(!files.exists(Path::new("/p/c")));
        let names: Vec<_> = files
            .list(Path::new("/p"))
            .iter()
            .map(|entry| (entry.name.clone(), entry.is_directory))
            .collect();
        assert_eq!(
            names,
            [
                ("a".into(), true),
                ("b".into(), false),
                ("node_modules".into(), true)
            ]
        );
        assert_eq!(
            files.walk(Path::new("/p")),
            [PathBuf::from("/p/a/x"), "/p/b".into()]
        );
    }

    #[test]
    fn an_open_buffer_wins_over_the_file() {
        let disk = Memory::new().with("/p/a", "old");
        let mut editor = Overlay::new(&disk);
        editor.write("/p/a", "new");
        assert_eq!(editor.read(Path::new("/p/a")).unwrap(), b"new");
    }
}
