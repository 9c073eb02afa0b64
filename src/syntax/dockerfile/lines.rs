//! Physical lines, and the logical lines that continuations make of them.

use std::ops::Range;

use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// The longest physical line that BuildKit reads: the buffer of its scanner, less one byte.
pub(super) const LONGEST_LINE: usize = 65_535;

/// A physical line.
#[derive(Clone, Copy)]
pub(super) struct Line<'s> {
    /// Offset of the first byte.
    pub(super) start: usize,
    /// The text without its line end.
    pub(super) text: &'s str,
    /// Offset after the line end.
    pub(super) next: usize,
}

impl<'s> Line<'s> {
    /// The line without leading white space.
    pub(super) fn trimmed(self) -> Line<'s> {
        let text = self.text.trim_start();
        Line {
            start: self.start + self.text.len() - text.len(),
            text,
            next: self.next,
        }
    }

    /// The bytes of the line without its line end.
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// The lines of a text, in order.
pub(super) struct Lines<'s> {
    source: &'s Source,
    position: usize,
    /// The first line that is longer than [`LONGEST_LINE`].
    pub(super) too_long: Option<Span>,
}

impl<'s> Lines<'s> {
    /// The lines of a source, without its byte order mark.
    pub(super) fn new(source: &'s Source) -> Self {
        Lines {
            source,
            position: source.content_start() as usize,
            too_long: None,
        }
    }

    /// Goes back to an offset where a line starts.
    pub(super) fn rewind(&mut self, position: usize) {
        self.position = position;
    }
}

impl<'s> Iterator for Lines<'s> {
    type Item = Line<'s>;

    fn next(&mut self) -> Option<Line<'s>> {
        let rest = &self.source.text()[self.position..];
        if rest.is_empty() {
            return None;
        }
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let line = Line {
            start: self.position,
            text: rest[..length].trim_end_matches(['\r', '\n']),
            next: self.position + length,
        };
        self.position = line.next;
        // The line end has to fit in too, or the end of the file to be seen.
        if length > LONGEST_LINE + usize::from(rest.as_bytes()[length - 1] == b'\n')
            && self.too_long.is_none()
        {
            self.too_long = Some(self.source.span(line.range()));
        }
        Some(line)
    }
}

/// Whether a line is a comment, wherever it stands.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Joins `first` with the lines that continue it. Comment lines and empty lines in between belong
/// to no instruction.
pub(super) fn logical(
    first: Line<'_>,
    lines: &mut Lines<'_>,
    escape: char,
    comments: &mut Vec<Span>,
) -> Cooked {
    let source = lines.source;
    let mut text = CookedBuilder::new(source.span(first.range()));
    let mut end = first.range().end;
    let mut continues = append(&mut text, first, escape);
    while continues {
        let Some(line) = lines.next() else { break };
        if is_comment(line.text) {
            comments.push(source.span(line.trimmed().range()));
        } else if !line.text.trim_start().is_empty() {
            end = line.range().end;
            continues = append(&mut text, line, escape);
        }
    }
    text.set_whole(source.span(first.start..end));
    text.finish()
}

/// Appends a line without its continuation character; whether it had one.
fn append(text: &mut CookedBuilder, line: Line<'_>, escape: char) -> bool {
    let kept = continued(line.text, escape);
    text.verbatim(kept.unwrap_or(line.text), offset(line.start));
    kept.is_some()
}

/// What stands before the continuation character: an escape character at the end, blanks behind it
/// allowed. Two of them are no continuation, nor are three.
fn continued(line: &str, escape: char) -> Option<&str> {
    let kept = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!kept.ends_with(escape)).then_some(kept)
}
