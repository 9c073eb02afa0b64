//! Text to nodes, without recursion. What stands in the wrong place is reported and skipped.

use super::{DEPTH_LIMIT, Kind, NodeData, Tree, string};
use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Source, offset};

/// No more problems of one file are reported: the first ones say enough.
const MOST_PROBLEMS: usize = 20;

pub(super) fn parse(source: &Source) -> (Tree, Vec<Diagnostic>) {
    let mut parser = Parser {
        source,
        text: source.text(),
        at: source.content_start() as usize,
        tree: Tree {
            source: source.clone(),
            nodes: Vec::new(),
            comments: Vec::new(),
            trailing_commas: Vec::new(),
        },
        open: Vec::new(),
        skipped: 0,
        problems: Vec::new(),
    };
    parser.run();
    (parser.tree, parser.problems)
}

struct Parser<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    tree: Tree,
    open: Vec<Open>,
    /// How many collections are open beyond the depth limit.
    skipped: usize,
    problems: Vec<Diagnostic>,
}

/// A collection that is not closed yet.
struct Open {
    node: u32,
    last_child: Option<u32>,
    /// The key whose value comes next, or came last.
    key: Option<u32>,
    /// Whether a `:` follows the key.
    has_colon: bool,
    /// Whether a value came since the last comma.
    has_value: bool,
    comma: Option<usize>,
}

impl Parser<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if matches!(self.text.as_bytes().get(start + 1), Some(b'/' | b'*')) => {
                    self.comment()
                }
                b'{' | b'[' => self.opened(byte),
                b'}' | b']' => self.closed(byte),
                b',' => self.comma(),
                b':' => self.colon(),
                b'"' => self.string(),
                _ => self.word(),
            }
        }
        let end = self.text.len();
        if let Some(open) = self.open.first() {
            let opening = self.tree.nodes[open.node as usize].start as usize;
            let bracket = &self.text[opening..=opening];
            let message = format!("the file ends before the `{bracket}` is closed");
            self.problem(opening..opening + 1, message);
        }
        while !self.open.is_empty() {
            self.close_innermost(end);
        }
    }

    fn problem(&mut self, range: std::ops::Range<usize>, message: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            let span = self.source.span(range);
            self.problems
                .push(Diagnostic::new(INVALID_SYNTAX, span, message));
        }
    }

    fn comment(&mut self) {
        let (start, rest) = (self.at, &self.text.as_bytes()[self.at..]);
        let length = match rest[1] {
            b'/' => memchr::memchr(b'\n', rest),
            _ => memchr::memmem::find(&rest[2..], b"*/").map(|length| length + 4),
        };
        self.at += length.unwrap_or(rest.len());
        self.tree.comments.push(self.source.span(start..self.at));
    }

    fn opened(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        if self.skipped > 0 || self.open.len() >= DEPTH_LIMIT {
            if self.skipped == 0 {
                let message = format!("this is nested deeper than {DEPTH_LIMIT} levels");
                self.problem(start..self.at, message);
                self.value(Kind::Unknown, start, self.at);
            }
            self.skipped += 1;
            return;
        }
        let kind = if byte == b'{' {
            Kind::Object
        } else {
            Kind::Array
        };
        if let Some(node) = self.value(kind, start, self.at) {
            self.open.push(Open {
                node,
                last_child: None,
                key: None,
                has_colon: false,
                has_value: false,
                comma: None,
            });
        }
    }

    fn closed(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let wanted = if byte == b'}' {
            Kind::Object
        } else {
            Kind::Array
        };
        let nodes = &self.tree.nodes;
        let is_wanted = |open: &Open| nodes[open.node as usize].kind == wanted;
        let Some(depth) = self.open.iter().rposition(is_wanted) else {
            self.problem(start..self.at, format!("`{}` closes nothing", byte as char));
            return;
        };
        if depth + 1 < self.open.len() {
            self.problem(
                start..self.at,
                format!("`{}` closes the wrong bracket", byte as char),
            );
        }
        while self.open.len() > depth + 1 {
            self.close_innermost(start);
        }
        self.close_innermost(self.at);
    }

    fn close_innermost(&mut self, end: usize) {
        self.finish_pair();
        let Some(open) = self.open.pop() else { return };
        self.tree.nodes[open.node as usize].end = offset(end);
        if let Some(comma) = open.comma
            && !open.has_value
        {
            self.tree
                .trailing_commas
                .push(self.source.span(comma..comma + 1));
        }
    }

    /// A key without a value has `null` for one, which stands nowhere.
    fn finish_pair(&mut self) {
        let Some(open) = self.open.last() else { return };
        if let Some(key) = open.key
            && !open.has_value
        {
            let (start, end) = {
                let key = &self.tree.nodes[key as usize];
                (key.start as usize, key.end as usize)
            };
            self.problem(start..end, "this key has no value");
            self.add(Kind::Null, end, end);
            if let Some(open) = self.open.last_mut() {
                open.has_value = true;
            }
        }
    }

    fn comma(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.skipped > 0 {
            return;
        }
        self.finish_pair();
        let Some(open) = self.open.last_mut() else {
            self.problem(start..start + 1, "`,` stands outside of an object or array");
            return;
        };
        let is_extra = !open.has_value && open.key.is_none();
        (open.key, open.has_colon, open.has_value) = (None, false, false);
        open.comma = Some(start);
        if is_extra {
            self.problem(start..start + 1, "nothing stands before this `,`");
        }
    }

    fn colon(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.skipped > 0 {
            return;
        }
        match self.open.last_mut() {
            Some(open) if open.key.is_some() && !open.has_value && !open.has_colon => {
                open.has_colon = true;
            }
            _ => self.problem(start..start + 1, "`:` stands behind no key"),
        }
    }

    fn string(&mut self) {
        let start = self.at;
        let (end, is_closed) = string::end(self.text.as_bytes(), start);
        self.at = end;
        if self.skipped > 0 {
            return;
        }
        if !is_closed {
            self.problem(start..end, "the line ends before the `\"` is closed");
        }
        let follows_colon = self.text[end..].trim_start().starts_with(':');
        let Some(open) = self.open.last() else {
            self.value(Kind::String, start, end);
            return;
        };
        let is_object = self.tree.nodes[open.node as usize].kind == Kind::Object;
        let is_next_pair = open.has_value && follows_colon;
        if is_object && (open.key.is_none() || is_next_pair) {
            if is_next_pair {
                self.problem(start..end, "a `,` is missing before this key");
            }
            let key = self.add(Kind::String, start, end);
            if let Some(open) = self.open.last_mut() {
                (open.key, open.has_colon, open.has_value) = (Some(key), false, false);
            }
            return;
        }
        self.value(Kind::String, start, end);
    }

    /// A number, `true`, `false`, `null`, or what is none of them.
    fn word(&mut self) {
        let start = self.at;
        // A slash may begin a comment.
        let ends = |c: char| {
            c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '/')
        };
        let length = self.text[start..]
            .find(ends)
            .unwrap_or(self.text.len() - start);
        // A slash or a blank that means nothing here stands alone.
        let first = self.text[start..].chars().next().map_or(1, char::len_utf8);
        self.at = start + length.max(first);
        if self.skipped > 0 {
            return;
        }
        let word = &self.text[start..self.at];
        let kind = match word {
            "true" | "false" => Kind::Bool,
            "null" => Kind::Null,
            _ if is_number(word) => Kind::Number,
            _ => {
                self.problem(start..self.at, "this is neither a value nor a key of JSON");
                Kind::Unknown
            }
        };
        let is_blank = word.trim().is_empty();
        if !is_blank {
            self.value(kind, start, self.at);
        }
    }

    /// Adds a value where one may stand; `None` behind the end of the file's own.
    fn value(&mut self, kind: Kind, start: usize, end: usize) -> Option<u32> {
        let Some(open) = self.open.last() else {
            if self.tree.nodes.is_empty() {
                return Some(self.add(kind, start, end));
            }
            if self.problems.is_empty() {
                self.problem(start..end, "something follows the end of the value");
            }
            return None;
        };
        let is_object = self.tree.nodes[open.node as usize].kind == Kind::Object;
        let (key, has_colon, has_value) = (open.key, open.has_colon, open.has_value);
        if has_value {
            self.problem(start..end, "a `,` is missing before this value");
        }
        if is_object {
            match key {
                // What follows a pair without a comma belongs to its key as well.
                Some(key) if has_value => {
                    let NodeData {
                        kind, start, end, ..
                    } = self.tree.nodes[key as usize];
                    self.add(kind, start as usize, end as usize);
                }
                Some(_) if has_colon => {}
                Some(_) => self.problem(start..end, "a `:` is missing before this value"),
                None => {
                    self.problem(start..end, "this value has no key");
                    self.add(Kind::Unknown, start, start);
                }
            }
        }
        let node = self.add(kind, start, end);
        if let Some(open) = self.open.last_mut() {
            open.has_value = true;
        }
        Some(node)
    }

    /// Appends a node to the innermost collection.
    fn add(&mut self, kind: Kind, start: usize, end: usize) -> u32 {
        let index = offset(self.tree.nodes.len());
        self.tree.nodes.push(NodeData {
            kind,
            start: offset(start),
            end: offset(end),
            first_child: None,
            next: None,
        });
        if let Some(open) = self.open.last_mut() {
            match open.last_child {
                Some(last) => self.tree.nodes[last as usize].next = Some(index),
                None => self.tree.nodes[open.node as usize].first_child = Some(index),
            }
            open.last_child = Some(index);
        }
        index
    }
}

/// `-1.5e+3`: no plus in front, no zeros in front, digits on both sides of the dot.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
