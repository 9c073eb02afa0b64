//! What has been read so far: every file once, every tree once.
//!
//! A [`Workspace`] joins the outside ([`Files`]) with the table of sources and the trees made from
//! them, so that the loader, the project and two views of one repository never read or parse a file
//! twice.

use std::any::{Any, TypeId};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::files::{Files, Remembered};
use crate::syntax::{dockerfile, json, toml, yaml};
use crate::text::{FileId, Source, Sources};

mod shellcheck;

pub use shellcheck::{Remark, ShellCheck};

/// A tree and what its parser had to say.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The tree.
    pub tree: T,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a file has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    Missing,
    /// A directory is there.
    IsDirectory,
    /// It is larger than [`crate::files::SIZE_LIMIT`].
    TooLarge,
    /// It is not UTF-8; the offset of the first wrong byte.
    NotUtf8(usize),
    /// The system does not let us; in its words.
    Denied(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::Missing => f.write_str("no such file"),
            ReadError::IsDirectory => f.write_str("it is a directory"),
            ReadError::TooLarge => write!(
                f,
                "it is larger than {} MiB",
                crate::files::SIZE_LIMIT >> 20
            ),
            ReadError::NotUtf8(at) => write!(f, "it is not UTF-8 text (byte {at})"),
            ReadError::Denied(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// Files, their texts and their trees. Shared between threads.
pub struct Workspace<'f> {
    files: Remembered<'f>,
    sources: Sources,
    yaml: Cache<yaml::Tree>,
    json: Cache<json::Tree>,
    toml: Cache<toml::Tree>,
    dockerfiles: Cache<dockerfile::Dockerfile>,
    answers: Answers,
    shellcheck: Option<&'f dyn ShellCheck>,
}

type Cache<T> = Mutex<FxHashMap<FileId, Arc<Parsed<T>>>>;

impl<'f> Workspace<'f> {
    /// Nothing read yet.
    pub fn new(files: &'f dyn Files) -> Self {
        Workspace {
            files: Remembered::new(files),
            sources: Sources::new(),
            yaml: Cache::default(),
            json: Cache::default(),
            toml: Cache::default(),
            dockerfiles: Cache::default(),
            answers: Answers::default(),
            shellcheck: None,
        }
    }

    /// The same, with ShellCheck to ask.
    pub fn with_shellcheck(self, shellcheck: &'f dyn ShellCheck) -> Self {
        Workspace {
            shellcheck: Some(shellcheck),
            ..self
        }
    }

    /// ShellCheck, where it can be asked.
    pub fn shellcheck(&self) -> Option<&dyn ShellCheck> {
        self.shellcheck
    }

    /// The file system; each part of it is looked at once.
    pub fn files(&self) -> &dyn Files {
        &self.files
    }

    /// The files read so far.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Reads a file, once. `path` is absolute and clean.
    ///
    /// # Errors
    /// [`ReadError`] when it has no text to read.
    pub fn read(&self, path: &Path) -> Result<Source, ReadError> {
        if let Some(source) = self.sources.find(path)
            && source.exists()
        {
            return Ok(source);
        }
        let bytes = self.files.read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::Missing,
            std::io::ErrorKind::NotADirectory => ReadError::Missing,
            std::io::ErrorKind::IsADirectory => ReadError::IsDirectory,
            std::io::ErrorKind::FileTooLarge => ReadError::TooLarge,
            _ => ReadError::Denied(error.to_string()),
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))?;
        Ok(self.sources.add(path, text))
    }

    /// Names a file that a fix may create, or gives the one that exists.
    pub fn read_or_new(&self, path: &Path) -> Source {
        self.read(path)
            .unwrap_or_else(|_| self.sources.add_missing(path))
    }

    /// What somebody found out about a directory, found out once for all who ask; one answer for
    /// each type.
    pub fn once<T: Any + Send + Sync>(&self, directory: &Path, find: impl FnOnce() -> T) -> Arc<T> {
        self.answers.once(directory, find)
    }

    /// The YAML tree of a file.
    pub fn yaml(&self, source: &Source) -> Arc<Parsed<yaml::Tree>> {
        parse_once(&self.yaml, source, yaml::parse)
    }

    /// The JSON tree of a file.
    pub fn json(&self, source: &Source) -> Arc<Parsed<json::Tree>> {
        parse_once(&self.json, source, json::parse)
    }

    /// The TOML tree of a file.
    pub fn toml(&self, source: &Source) -> Arc<Parsed<toml::Tree>> {
        parse_once(&self.toml, source, toml::parse)
    }

    /// The Dockerfile tree of a file.
    pub fn dockerfile(&self, source: &Source) -> Arc<Parsed<dockerfile::Dockerfile>> {
        parse_once(&self.dockerfiles, source, dockerfile::parse)
    }
}

/// Answers that are found once: one of each type for a key. Whoever asks while an answer is being
/// found waits for that one alone.
#[derive(Default)]
pub struct Answers {
    cells: Mutex<FxHashMap<(PathBuf, TypeId), Cell>>,
}

type Cell = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

impl Answers {
    /// The answer of that type for a key. `find` must not ask for the same one.
    pub fn once<T: Any + Send + Sync>(&self, key: &Path, find: impl FnOnce() -> T) -> Arc<T> {
        let cell = {
            // A panic elsewhere must not break the rest: the map is whole at any moment.
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            let key = (key.to_path_buf(), TypeId::of::<T>());
            Arc::clone(cells.entry(key).or_default())
        };
        let found = cell.get_or_init(|| Arc::new(find()));
        Arc::clone(found)
            .downcast()
            .expect("a cell holds the type of its key")
    }
}

fn parse_once<T>(
    cache: &Cache<T>,
    source: &Source,
    parse: fn(&Source) -> (T, Vec<Diagnostic>),
) -> Arc<Parsed<T>> {
    let known = cache
        .lock()
        .expect("no thread panics while it holds a cache")
        .get(&source.id())
        .cloned();
    if let Some(parsed) = known {
        return parsed;
    }
    let (tree, diagnostics) = parse(source);
    let parsed = Arc::new(Parsed { tree, diagnostics });
    cache
        .lock()
        .expect("no thread panics while it holds a cache")
        .entry(source.id())
        .or_insert(parsed)
        .clone()
}
