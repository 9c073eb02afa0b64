//! What a file system was seen to hold, so that no path and no directory is looked at twice.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use super::{Entry, Files, Kind};

/// Another file system as it was when each part of it was first seen. Texts are kept only where
/// that is asked for: whoever reads them mostly does that.
pub struct Remembered<'f> {
    base: &'f dyn Files,
    texts: Option<Seen<Arc<[u8]>>>,
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

/// By the bytes of clean paths.
type Seen<T> = RwLock<FxHashMap<OsString, T>>;

impl<'f> Remembered<'f> {
    /// Nothing seen yet.
    pub fn new(base: &'f dyn Files) -> Self {
        Remembered {
            base,
            texts: None,
            sizes: Seen::default(),
            links: Seen::default(),
            run_bits: Seen::default(),
            kinds: Seen::default(),
            lists: Seen::default(),
            walks: Seen::default(),
        }
    }

    /// The same, with the texts, for those who look at everything several times.
    pub fn with_texts(base: &'f dyn Files) -> Self {
        Remembered {
            texts: Some(Seen::default()),
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
        let entries = lists.get(path.parent()?.as_os_str())?;
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
        let Some(texts) = &self.texts else {
            return self.base.read(path);
        };
        if let Some(text) = texts
            .read()
            .expect("no thread panics while it holds the table")
            .get(path.as_os_str())
        {
            return Ok(text.to_vec());
        }
        let text = self.base.read(path)?;
        Ok(once(texts, path, || text.into()).to_vec())
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

fn once<T: Clone>(seen: &Seen<T>, path: &Path, look: impl FnOnce() -> T) -> T {
    let known = |seen: &FxHashMap<OsString, T>| seen.get(path.as_os_str()).cloned();
    if let Some(known) = known(
        &seen
            .read()
            .expect("no thread panics while it holds the table"),
    ) {
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
    use std::sync::atomic::{AtomicUsize, Ordering};

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
    fn texts_are_read_once_where_that_is_asked_for() {
        let counting = Counting {
            base: Memory::new().with("/p/a", "x"),
            asked: AtomicUsize::new(0),
        };
        let (kept, read) = (
            Remembered::with_texts(&counting),
            Remembered::new(&counting),
        );
        for files in [&kept, &kept, &read, &read] {
            assert_eq!(files.read(Path::new("/p/a")).unwrap(), b"x");
            assert!(files.read(Path::new("/p/b")).is_err());
        }
        assert_eq!(
            counting.asked.load(Ordering::Relaxed),
            1 + 2 + 2 + 2,
            "what is missing is asked for each time"
        );
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
