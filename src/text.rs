//! Where a byte is: files, spans, lines and columns.
//!
//! Everything above this module points at source text with a [`Span`]: a file and a half-open range
//! of byte offsets. Lines and columns exist only at the edge, where a report or an editor asks for
//! them, and are derived by [`LineIndex`].

use std::ffi::OsString;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

mod closest;
mod cooked;
mod lines;

pub use closest::closest;
pub use cooked::{Cooked, CookedBuilder};
pub use lines::{Column, LineIndex, Position};

/// A file known to one [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct FileId(u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        debug_assert!(start <= end, "a span must not end before it starts");
        Span { file, start, end }
    }

    /// The empty span before the byte at `offset`.
    pub fn at(file: FileId, offset: u32) -> Self {
        Span::new(file, offset, offset)
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether no byte lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside, in the same file.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both; `self` when they lie in different files.
    pub fn cover(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span::new(
            self.file,
            self.start.min(other.start),
            self.end.max(other.end),
        )
    }

    /// The range as indexes into the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The empty span at the start.
    pub fn before(self) -> Span {
        Span::at(self.file, self.start)
    }

    /// The empty span at the end.
    pub fn after(self) -> Span {
        Span::at(self.file, self.end)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

/// One file's path and text: a cheap handle that trees keep, so that a node can say its own text.
#[derive(Clone)]
pub struct Source(Arc<SourceData>);

struct SourceData {
    id: FileId,
    path: PathBuf,
    text: String,
    exists: bool,
    lines: OnceLock<LineIndex>,
    /// Where the text stands, when that is within another file.
    embedded: Option<(Source, Cooked)>,
}

impl Source {
    /// A file outside any [`Sources`], with id 0: for parsing text on its own, as tests do.
    pub fn detached(text: impl Into<String>) -> Self {
        Source::new(FileId(0), PathBuf::new(), text.into(), true)
    }

    fn new(id: FileId, path: PathBuf, text: String, exists: bool) -> Self {
        Source(Arc::new(SourceData {
            id,
            path,
            text,
            exists,
            lines: OnceLock::new(),
            embedded: None,
        }))
    }

    /// The file's id, as spans carry it.
    pub fn id(&self) -> FileId {
        self.0.id
    }

    /// Where the file was read from: the absolute, cleaned path. An embedded text has that of the
    /// file around it.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// False for a file that a fix would create.
    pub fn exists(&self) -> bool {
        self.0.exists
    }

    /// The text without its byte order mark starts here: 0 or 3.
    pub fn content_start(&self) -> u32 {
        if self.0.text.starts_with('\u{feff}') {
            3
        } else {
            0
        }
    }

    /// The text of a span of this file; empty if the span does not lie inside on character
    /// boundaries.
    pub fn slice(&self, span: Span) -> &str {
        debug_assert_eq!(span.file, self.id(), "a span of another file");
        self.0.text.get(span.range()).unwrap_or_default()
    }

    /// The span of the bytes `range`.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id(), offset(range.start), offset(range.end))
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        self.span(0..self.0.text.len())
    }

    /// The file around an embedded text, and the text with its map to that file.
    pub fn embedded(&self) -> Option<(&Source, &Cooked)> {
        self.0
            .embedded
            .as_ref()
            .map(|(around, text)| (around, text))
    }

    /// Where a span of this text stands on the disk: itself, or for an embedded text the part of
    /// the file around it.
    pub fn place(&self, span: Span) -> Span {
        self.embedded()
            .map_or(span, |(_, text)| text.span_of(span.range()))
    }

    /// The line, from 0, of an offset in this text, in the file on the disk.
    pub fn line_on_disk(&self, offset: u32) -> u32 {
        match self.embedded() {
            Some((around, text)) => around.lines().line(text.source_offset(offset as usize)),
            None => self.lines().line(offset),
        }
    }

    /// The table of lines, built at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.0.lines.get_or_init(|| LineIndex::new(&self.0.text))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {})", self.0.id.0, self.0.path.display())
    }
}

/// A byte offset as spans keep it. Files are limited to far less than 4 GiB when they are read.
pub fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// All files of one run, each read once. Shared between threads; files are only ever added.
#[derive(Default)]
pub struct Sources {
    table: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    files: Vec<Source>,
    /// By the bytes of their paths: the paths are clean, and to hash them by their components takes
    /// far longer.
    by_path: FxHashMap<OsString, FileId>,
    /// Texts within files, by where they stand.
    embedded: FxHashMap<Span, Vec<FileId>>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Sources::default()
    }

    /// Adds a file, or returns the one that already has this path.
    pub fn add(&self, path: &Path, text: String) -> Source {
        self.insert(path, text, true)
    }

    /// Names a file that does not exist yet, so that a fix can write into it.
    pub fn add_missing(&self, path: &Path) -> Source {
        self.insert(path, String::new(), false)
    }

    fn insert(&self, path: &Path, text: String, exists: bool) -> Source {
        let mut table = self
            .table
            .write()
            .expect("no thread panics while it holds the table");
        if let Some(id) = table.by_path.get(path.as_os_str()) {
            return table.files[id.0 as usize].clone();
        }
        let id = FileId(offset(table.files.len()));
        let source = Source::new(id, path.to_path_buf(), text, exists);
        table.by_path.insert(path.as_os_str().to_owned(), id);
        table.files.push(source.clone());
        source
    }

    /// A text that stands within a file of this table, as a source of its own: what is found in it
    /// lies in the text, and [`Source::place`] tells where that is written. The same text at the
    /// same place is the same source.
    pub fn embed(&self, text: &Cooked) -> Source {
        let around = self.get(text.span().file);
        let mut table = self
            .table
            .write()
            .expect("no thread panics while it holds the table");
        let known = table
            .embedded
            .get(&text.span())
            .into_iter()
            .flatten()
            .map(|id| &table.files[id.0 as usize]);
        if let Some(source) = known
            .into_iter()
            .find(|source| source.embedded().is_some_and(|(_, known)| known == text))
        {
            return source.clone();
        }
        let id = FileId(offset(table.files.len()));
        let source = Source(Arc::new(SourceData {
            id,
            path: around.path().to_path_buf(),
            text: text.as_str().to_owned(),
            exists: true,
            lines: OnceLock::new(),
            embedded: Some((around, text.clone())),
        }));
        table.embedded.entry(text.span()).or_default().push(id);
        table.files.push(source.clone());
        source
    }

    /// The file of an id that this table gave out.
    pub fn get(&self, id: FileId) -> Source {
        let table = self
            .table
            .read()
            .expect("no thread panics while it holds the table");
        table.files[id.0 as usize].clone()
    }

    /// The file read from this path, if it was.
    pub fn find(&self, path: &Path) -> Option<Source> {
        let table = self
            .table
            .read()
            .expect("no thread panics while it holds the table");
        table
            .by_path
            .get(path.as_os_str())
            .map(|id| table.files[id.0 as usize].clone())
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> String {
        self.get(span.file).slice(span).to_owned()
    }
}

#[cfg(test)]
mod tests;
