//! Spans as the formats name them: a relative path, lines and columns.

use std::path::{Component, Path};

use rustc_hash::FxHashMap;

use super::Report;
use crate::text::{Column, FileId, Position, Source, Span};

/// Names the places of one report. Made for asking in order: columns on one long line are counted
/// once, not once for each finding on it.
pub(super) struct Places<'a> {
    report: &'a Report<'a>,
    unit: Column,
    files: FxHashMap<FileId, PlacedFile>,
}

struct PlacedFile {
    source: Source,
    path: String,
    last: (u32, Position),
}

impl<'a> Places<'a> {
    /// Columns are counted in `unit`.
    pub(super) fn new(report: &'a Report<'a>, unit: Column) -> Self {
        Places {
            report,
            unit,
            files: FxHashMap::default(),
        }
    }

    /// A path of the host as it is printed.
    pub(super) fn relative(&self, path: &Path) -> String {
        relative(self.report.root, path)
    }

    /// The path as it is printed.
    pub(super) fn path(&mut self, file: FileId) -> &str {
        &self.place(file).path
    }

    /// The file.
    pub(super) fn source(&mut self, file: FileId) -> &Source {
        &self.place(file).source
    }

    /// Start and end of a span, lines and columns from 0.
    pub(super) fn range(&mut self, span: Span) -> (Position, Position) {
        let unit = self.unit;
        let place = self.place(span.file);
        let start = count_on(&place.source, place.last, span.start, unit);
        place.last = (span.start, start);
        (start, count_on(&place.source, place.last, span.end, unit))
    }

    fn place(&mut self, file: FileId) -> &mut PlacedFile {
        self.files.entry(file).or_insert_with(|| {
            let source = self.report.sources.get(file);
            let path = relative(self.report.root, source.path());
            PlacedFile {
                source,
                path,
                last: (0, Position { line: 0, column: 0 }),
            }
        })
    }
}

/// The position of `offset`, counted on from a known place if that lies before it on the same line.
fn count_on(
    source: &Source,
    (known, position): (u32, Position),
    offset: u32,
    unit: Column,
) -> Position {
    let lines = source.lines();
    let line = lines.line(offset);
    if line != position.line || offset < known || position.column == 0 {
        return lines.position(source.text(), offset, unit);
    }
    let between =
        &source.text().as_bytes()[known as usize..(offset as usize).min(source.text().len())];
    Position {
        line,
        column: position.column + unit.count(between),
    }
}

/// `path` as seen from the directory `root`, with `/`. Both are absolute. A path with nothing in
/// common stays absolute.
pub fn relative(root: &Path, path: &Path) -> String {
    let common = root
        .components()
        .zip(path.components())
        .take_while(|(left, right)| left == right)
        .count();
    let shared = path
        .components()
        .take(common)
        .any(|part| matches!(part, Component::Normal(_)));
    let up = root.components().count() - common;
    if up > 0 && !shared {
        return path.to_string_lossy().into_owned();
    }
    let down = path
        .components()
        .skip(common)
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = std::iter::repeat_n("..".to_owned(), up)
        .chain(down)
        .collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}
