//! What a file system was seen to hold, so that no path and no directory is looked at twice.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use super::{Entry, Files, Kind};

/// Another file system as it was when each part of it was first seen. Of texts it keeps small ones,
/// up to a limit, unless more is asked for: whoever reads them mostly keeps them.
pub struct Remembered<'f> {
    base: &'f dyn Files,
    texts: Seen<Arc<[u8]>>,
    /// Why what could not be read could not.
    failures: Seen<(io::ErrorKind, String)>,
    /// How many bytes of texts may still be kept, and how many of one text.
    room: AtomicUsize,
    longest_text: usize,
    sizes: Seen<Option<u64>>,
    links: Seen<Option<PathBuf>>,
    run_bits: Seen<Option<bool>>,
    kinds: Seen<Option<Kind>>,
    lists: Seen<Arc<[Entry]>>,
    walks: Seen<Arc<[PathBuf]>>,
}

/// In longer listings a name that is not there is asked for: to look at every entry would take
/// longer.
const MOST_NAMES: usize = 500;

/// Without being asked, only texts of up to so many bytes are kept, and so many bytes together.
const LONGEST_TEXT: usize = 64 << 10;
const MOST_TEXT: usize = 16 << 20;

/// By the bytes of clean paths.
type Seen<T> = RwLock<FxHashMap<OsString, T>>;

impl<'f> Remembered<'f> {
    /// Nothing seen yet.
    pub fn new(base: &'f dyn Files) -> Self {
        Remembered {
            base,
            texts: Seen::default(),
            failures: Seen::default(),
            room: AtomicUsize::new(MOST_TEXT),
            longest_text: LONGEST_TEXT,
            sizes: Seen::default(),
            links: Seen::default(),
            run_bits: Seen::default(),
            kinds: Seen::default(),
            lists: Seen::default(),
            walks: Seen::default(),
        }
    }

    /// The same with all texts, for those who look at everything several times.
    pub fn with_texts(base: &'f dyn Files) -> Self {
        Remembered {
            room: AtomicUsize::new(usize::MAX),
            longest_text: usize::MAX,
            ..Remembered::new(base)
        }
    }

    /// What the directory around a path tells without asking about the path itself. A link may lead
    /// anywhere, so of what is listed only directories are known, and what is not there: where
    /// capitals do not count, no name may differ by them alone.
    fn kind_by_directory(&self, path: &Path) -> Option<Option<Kind>> {
        let lists = self
            .lists
            .read()
            .expect("no thread panics while it holds the table");
        let directory = path.parent()?;
        let Some(entries) = lists.get(directory.as_os_str()) else {
            // Nothing lies in a directory that is not there.
            drop(lists);
            return self.kind_by_directory(directory)?.is_none().then_some(None);
        };
        let name = path.file_name()?.to_str()?;
        if let Ok(found) = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)) {
            return entries[found].is_directory.then_some(Some(Kind::Directory));
        }
        // A directory that may not be read has no names either.
        let is_listed = name.is_ascii() && (1..=MOST_NAMES).contains(&entries.len());
        let is_absent = is_listed
            && !entries
                .iter()
                .any(|entry| entry.name.eq_ignore_ascii_case(name));
        is_absent.then_some(None)
    }
}

impl Files for Remembered<'_> {
    fn is_executable(&self, path: &Path) -> Option<bool> {
        once(&self.run_bits, path, || self.base.is_executable(path))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if let Some(text) = known(&self.texts, path) {
            return Ok(text.to_vec());
        }
        if let Some((kind, message)) = known(&self.failures, path) {
            return Err(io::Error::new(kind, message));
        }
        let text = self.base.read(path).inspect_err(|error| {
            once(&self.failures, path, || (error.kind(), error.to_string()));
        })?;
        let room = self.room.load(Ordering::Relaxed);
        if text.len() <= self.longest_text.min(room) {
            self.room.store(room - text.len(), Ordering::Relaxed);
            once(&self.texts, path, || text.as_slice().into());
        }
        Ok(text)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.kind_by_directory(path)
            .unwrap_or_else(|| once(&self.kinds, path, || self.base.kind(path)))
    }

    fn size(&self, path: &Path) -> Option<u64> {
        once(&self.sizes, path, || self.base.size(path))
    }

    fn link(&self, path: &Path) -> Option<PathBuf> {
        once(&self.links, path, || self.base.link(path))
    }

    fn list(&self, directory: &Path) -> Arc<[Entry]> {
        once(&self.lists, directory, || self.base.list(directory))
    }

    fn walk(&self, directory: &Path) -> Vec<PathBuf> {
        once(&self.walks, directory, || self.base.walk(directory).into()).to_vec()
    }
}

fn known<T: Clone>(seen: &Seen<T>, path: &Path) -> Option<T> {
    let seen = seen
        .read()
        .expect("no thread panics while it holds the table");
    seen.get(path.as_os_str()).cloned()
}

fn once<T: Clone>(seen: &Seen<T>, path: &Path, look: impl FnOnce() -> T) -> T {
    if let Some(known) = known(seen, path) {
        return known;
    }
    let found = look();
    seen.write()
        .expect("no thread panics while it holds the table")
        .entry(path.as_os_str().to_owned())
        .or_insert(found)
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    /// Counts what it is asked.
    struct Counting {
        base: Memory,
        asked: AtomicUsize,
    }

    impl Files for Counting {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.base.read(path)
        }

        fn kind(&self, path: &Path) -> Option<Kind> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.base.kind(path)
        }

        fn list(&self, directory: &Path) -> Arc<[Entry]> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.base.list(directory)
        }

        fn walk(&self, directory: &Path) -> Vec<PathBuf> {
            self.base.walk(directory)
        }
    }

    #[test]
    fn texts_are_read_once_unless_they_are_long() {
        let counting = Counting {
            base: Memory::new()
                .with("/p/a", "x")
                .with("/p/long", "x".repeat(LONGEST_TEXT + 1)),
            asked: AtomicUsize::new(0),
        };
        let (all, short) = (
            Remembered::with_texts(&counting),
            Remembered::new(&counting),
        );
        for files in [&all, &all, &short, &short] {
            assert_eq!(files.read(Path::new("/p/a")).unwrap(), b"x");
            assert!(files.read(Path::new("/p/long")).is_ok());
            let error = files.read(Path::new("/p/b")).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
        }
        assert_eq!(
            counting.asked.load(Ordering::Relaxed),
            3 + 4,
            "what is missing is asked for once as well"
        );
    }

    #[test]
    fn nothing_lies_in_a_directory_that_is_not_there() {
        let counting = Counting {
            base: Memory::new().with("/p/a", "x"),
            asked: AtomicUsize::new(0),
        };
        let files = Remembered::new(&counting);
        files.list(Path::new("/p"));
        assert_eq!(files.kind(Path::new("/p/none/below/x")), None);
        assert_eq!(counting.asked.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn nothing_is_looked_at_twice() {
        let counting = Counting {
            base: Memory::new().with("/p/a/b", "x"),
            asked: AtomicUsize::new(0),
        };
        let files = Remembered::new(&counting);
        for _ in 0..3 {
            assert_eq!(files.list(Path::new("/p")).len(), 1);
            assert_eq!(
                files.kind(Path::new("/p/a")),
                Some(Kind::Directory),
                "the listing has told"
            );
            assert_eq!(files.kind(Path::new("/p/a/b")), Some(Kind::File));
            assert_eq!(files.kind(Path::new("/p/nothing")), None);
        }
        assert_eq!(
            counting.asked.load(Ordering::Relaxed),
            2,
            "nor does it have to be asked what is not listed"
        );
    }
}
