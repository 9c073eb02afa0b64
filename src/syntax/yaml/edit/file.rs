//! Lines, columns and habits of a file that is to be changed.

use memchr::{memchr2, memrchr2};

use super::insert::{Insert, Layout};
use super::quote::Quotes;
use super::{Edits, Entry, Kind, Node, Style, refuse};
use crate::diagnostic::Edit;
use crate::syntax::yaml::Tree;
use crate::text::Source;

pub(super) struct File<'t> {
    pub(super) source: &'t Source,
    pub(super) text: &'t str,
    eol: &'static str,
}

impl<'t> File<'t> {
    pub(super) fn of(node: Node<'t>) -> Self {
        File::new(node.tree())
    }

    pub(super) fn new(tree: &'t Tree) -> Self {
        let text = tree.source().text();
        let eol = match memchr2(b'\n', b'\r', text.as_bytes()).map(|at| &text.as_bytes()[at..]) {
            Some([b'\r', b'\n', ..]) => "\r\n",
            Some([b'\r', ..]) => "\r",
            _ => "\n",
        };
        File {
            source: tree.source(),
            text,
            eol,
        }
    }

    // Places.

    fn content_start(&self) -> usize {
        self.source.content_start() as usize
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        memrchr2(b'\n', b'\r', &self.text.as_bytes()[..at])
            .map_or(self.content_start(), |end| end + 1)
    }

    /// The end of the line that holds `at`, before its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        memchr2(b'\n', b'\r', &self.text.as_bytes()[at..]).map_or(self.text.len(), |len| at + len)
    }

    /// The start of the line behind the one that ends at `line_end`, or the end of the file.
    pub(super) fn next_line(&self, line_end: usize) -> usize {
        let rest = &self.text.as_bytes()[line_end..];
        line_end
            + if rest.starts_with(b"\r\n") {
                2
            } else {
                rest.len().min(1)
            }
    }

    /// How many bytes come before `at` on its line. Before a block collection they are all spaces
    /// and indicators.
    pub(super) fn column(&self, at: u32) -> usize {
        at as usize - self.line_start(at as usize)
    }

    /// Whether only blanks come before `at` on its line.
    pub(super) fn is_line_start(&self, at: usize) -> bool {
        self.text[self.line_start(at)..at]
            .bytes()
            .all(|byte| byte == b' ' || byte == b'\t')
    }

    /// The `:` of an entry; `None` if none is written, or the key begins with `?`.
    pub(super) fn colon(&self, entry: Entry) -> Option<usize> {
        let rest = &self.text[entry.key.full_span().end as usize..];
        let blanks = rest
            .bytes()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        rest[blanks..]
            .starts_with(':')
            .then_some(entry.key.full_span().end as usize + blanks)
    }

    /// The end of the comma behind a child of a flow collection.
    pub(super) fn comma_behind(&self, mut at: usize) -> Option<usize> {
        loop {
            match self.text.as_bytes().get(at)? {
                b',' => return Some(at + 1),
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at = self.line_end(at),
                _ => return None,
            }
        }
    }

    /// The first dash at or behind `at`, before which only blanks and comments can come.
    pub(super) fn dash(&self, mut at: usize) -> usize {
        while let Some(byte) = self.text.as_bytes().get(at) {
            match byte {
                b'-' => break,
                b'#' => at = self.line_end(at),
                _ => at += 1,
            }
        }
        at
    }

    /// The end of the last line that belongs to a block collection: behind its last child, and
    /// behind the comments right below that are indented at least like it. Less indented ones
    /// belong to what follows.
    pub(super) fn end_of_block(&self, collection: Node) -> usize {
        let column = self.column(collection.span().start);
        // A list without indentation has the column of the keys around it, and so have their
        // comments.
        let around = collection
            .parent()
            .filter(|parent| parent.style() == Style::Block)
            .map(|parent| self.column(parent.span().start));
        let min_column = if around == Some(column) {
            column + 1
        } else {
            column
        };
        let mut end = self.line_end(collection.span().end as usize);
        loop {
            let start = self.next_line(end);
            let line = &self.text[start..self.line_end(start)];
            let indent = line.len() - line.trim_start_matches(' ').len();
            if start == end || indent < min_column || !line[indent..].starts_with('#') {
                return end;
            }
            end = start + line.len();
        }
    }

    // Habits.

    /// How the children of a collection are written: as those beside them, as others of the file,
    /// or as most people do.
    pub(super) fn layout(&self, near: Node) -> Layout {
        let found = |kind: Kind| {
            let beside = near
                .entries()
                .find_map(|entry| self.offset_below(entry, kind));
            let anywhere = || {
                near.tree()
                    .all()
                    .flat_map(Node::entries)
                    .find_map(|entry| self.offset_below(entry, kind))
            };
            beside
                .or_else(|| self.own_offset(near).filter(|_| kind == Kind::Mapping))
                .or_else(anywhere)
        };
        let step = found(Kind::Mapping).unwrap_or(2);
        let dash = found(Kind::Sequence).unwrap_or(step);
        Layout {
            step,
            dash,
            quotes: self.quotes(near),
        }
    }

    /// How much deeper than its key a block of this kind lies.
    fn offset_below(&self, entry: Entry, kind: Kind) -> Option<usize> {
        let value = entry.value;
        // Behind a `?` the value begins beside its key, not below it.
        if value.kind() != kind || value.style() != Style::Block || self.colon(entry).is_none() {
            return None;
        }
        let offset = self
            .column(value.span().start)
            .checked_sub(self.column(entry.key.full_span().start));
        offset.filter(|offset| *offset > 0 || kind == Kind::Sequence)
    }

    /// How much deeper than the mapping around it a mapping lies.
    fn own_offset(&self, mapping: Node) -> Option<usize> {
        let parent = mapping
            .parent()
            .filter(|parent| parent.kind() == Kind::Mapping && parent.style() == Style::Block)?;
        let is_block = mapping.kind() == Kind::Mapping && mapping.style() == Style::Block;
        let offset = self
            .column(mapping.span().start)
            .checked_sub(self.column(parent.span().start))?;
        (is_block && offset > 0).then_some(offset)
    }

    fn quotes(&self, near: Node) -> Quotes {
        let quoted = |node: Node| matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
        let found = near
            .children()
            .find(|node| quoted(*node))
            .or_else(|| near.tree().all().find(|node| quoted(*node)));
        match found.map(Node::style) {
            Some(Style::SingleQuoted) => Quotes::Single,
            _ => Quotes::Double,
        }
    }

    /// Whether a blank line stands before the last entry of a mapping: one is put before the next,
    /// too.
    pub(super) fn separates_by_blank_lines(&self, mapping: Node) -> bool {
        let entries: Vec<Entry> = mapping.entries().collect();
        let [.., before, last] = entries.as_slice() else {
            return false;
        };
        let between =
            &self.text[before.value.full_span().end as usize..last.key.full_span().start as usize];
        // The first line is the rest of the one before, the last is the indentation of the next.
        let lines: Vec<&str> = between.split('\n').collect();
        lines.len() > 2
            && lines[1..lines.len() - 1]
                .iter()
                .any(|line| line.trim().is_empty())
    }

    // Edits.

    pub(super) fn insert(&self, at: usize, text: String) -> Edit {
        self.replace(at, at, text)
    }

    pub(super) fn replace(&self, start: usize, end: usize, text: String) -> Edit {
        let text = if self.eol == "\n" {
            text
        } else {
            text.replace('\n', self.eol)
        };
        Edit {
            span: self.source.span(start..end),
            text,
        }
    }

    /// Puts lines, each ended by `\n`, behind the line that ends at `line_end`, in or below `near`.
    /// The last line break of the file stays what it is: there or not there.
    pub(super) fn insert_lines(
        &self,
        line_end: usize,
        lines: &str,
        insert: &Insert,
        near: Node,
    ) -> Edits {
        if line_end == self.text.len() && self.is_open_text(near) {
            return refuse(
                near.span(),
                "the file ends within a block of text: put a line break behind it",
            );
        }
        Ok(vec![
            self.insert(line_end, self.below(line_end, lines, insert)),
        ])
    }

    /// The text of lines to be put at the end of a line.
    pub(super) fn below(&self, line_end: usize, lines: &str, insert: &Insert) -> String {
        let ends_file = line_end == self.text.len() && insert.ends_in_block_text();
        let lines = if ends_file {
            lines
        } else {
            lines.strip_suffix('\n').unwrap_or(lines)
        };
        format!("\n{lines}")
    }

    /// Whether the node ends in a block of text which a line break behind it would change.
    fn is_open_text(&self, node: Node) -> bool {
        let last = last_in(node);
        self.ends_in_open_text(last) && last.span().end as usize == self.text.len()
    }

    /// Whether the node ends in a block of text to which the line break behind it belongs.
    pub(super) fn ends_in_open_text(&self, node: Node) -> bool {
        let last = last_in(node);
        let header = self
            .source
            .slice(last.span())
            .lines()
            .next()
            .unwrap_or_default();
        let is_block =
            matches!(last.style(), Style::Literal | Style::Folded) && last.kind() == Kind::Scalar;
        is_block && !header.contains('-')
    }
}

/// The node that ends last in a node.
fn last_in(node: Node<'_>) -> Node<'_> {
    std::iter::successors(Some(node), |node| node.children().last())
        .last()
        .unwrap_or(node)
}
