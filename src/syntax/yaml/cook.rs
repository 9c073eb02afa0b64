//! Scalars as they are meant: escapes, folded lines, doubled quotes, block scalars. Done only when
//! asked for.

use std::borrow::Cow;
use std::ops::Range;

use super::chars::{self, break_len, byte, is_blank, line_end, quoted_stop};
use super::{Kind, Node, Style};
use crate::text::{Cooked, CookedBuilder, offset};

impl<'t> Node<'t> {
    /// The text of a scalar as it is meant; empty for any other node.
    pub fn text(self) -> Cow<'t, str> {
        if self.kind() != Kind::Scalar {
            return Cow::Borrowed("");
        }
        if let Some(range) = self.verbatim_range() {
            return Cow::Borrowed(&self.tree().source().text()[range]);
        }
        let mut text = String::new();
        self.cook(&mut text);
        Cow::Owned(text)
    }

    /// The text of a scalar with the map to its source.
    pub fn cooked(self) -> Cooked {
        let mut builder = CookedBuilder::new(self.span());
        if self.kind() == Kind::Scalar {
            self.cook(&mut builder);
        }
        builder.finish()
    }

    /// Where the text stands in the source exactly as it is meant, if it does.
    fn verbatim_range(self) -> Option<Range<usize>> {
        let text = self.tree().source().text().as_bytes();
        let range = match self.style() {
            Style::Plain => self.span().range(),
            Style::SingleQuoted | Style::DoubleQuoted => self.inside_quotes(),
            _ => return None,
        };
        let inside = &text[range.clone()];
        let is_verbatim = match self.style() {
            Style::SingleQuoted => !inside.contains(&b'\''),
            Style::DoubleQuoted => !inside.contains(&b'\\'),
            _ => true,
        };
        // Not further than to its end: a file of one line has many scalars.
        (is_verbatim && line_end(&text[..range.end], range.start) >= range.end).then_some(range)
    }

    fn inside_quotes(self) -> Range<usize> {
        let Range { start, end } = self.span().range();
        start + 1..(end - 1).max(start + 1)
    }

    fn cook(self, sink: &mut impl Sink) {
        let text = self.tree().source().text();
        match self.style() {
            Style::Plain => Lines {
                text,
                range: self.span().range(),
                quote: 0,
            }
            .cook(sink),
            Style::SingleQuoted => Lines {
                text,
                range: self.inside_quotes(),
                quote: b'\'',
            }
            .cook(sink),
            Style::DoubleQuoted => Lines {
                text,
                range: self.inside_quotes(),
                quote: b'"',
            }
            .cook(sink),
            _ => self.cook_block(sink),
        }
    }

    fn cook_block(self, sink: &mut impl Sink) {
        let text = self.tree().source().text();
        let bytes = text.as_bytes();
        let Range { start, end } = self.span().range();
        let header: Vec<u8> = bytes[start + 1..]
            .iter()
            .copied()
            .take_while(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
            .collect();
        let increment = header
            .iter()
            .find(|byte| byte.is_ascii_digit())
            .map(|digit| usize::from(digit - b'0'));
        let header_end = line_end(bytes, start);
        let mut block = Block {
            text,
            folds: self.style() == Style::Folded,
            indent: increment.map(|increment| self.block_column() + increment),
            pending: Vec::new(),
            begun: false,
            after_blank: false,
        };
        let mut pos = header_end + break_len(bytes, header_end);
        while pos <= end && pos < bytes.len() && header_end < end {
            pos = block.line(pos, sink);
        }
        let kept = match header {
            _ if header.contains(&b'-') => 0,
            _ if header.contains(&b'+') => block.pending.len(),
            _ if block.begun => block.pending.len().min(1),
            _ => 0,
        };
        for line_break in &block.pending[..kept] {
            block.push_break(line_break, sink);
        }
    }

    /// Column of the innermost block collection around the node.
    fn block_column(self) -> usize {
        let around = std::iter::successors(self.parent(), |node| node.parent())
            .find(|node| node.style() == Style::Block);
        let Some(around) = around else { return 0 };
        let start = around.span().start as usize;
        let content = self.tree().source().content_start() as usize;
        let before = &self.tree().source().text()[content..start];
        before.len()
            - before
                .rfind(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
                .map_or(0, |at| at + char_len(before, at))
    }
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// What takes the text, with its map or without.
trait Sink {
    /// Text that stands at `start` as it is.
    fn verbatim(&mut self, text: &str, start: usize);
    /// Text that is written otherwise.
    fn replaced(&mut self, text: &str, source: Range<usize>);
}

impl Sink for String {
    fn verbatim(&mut self, text: &str, _: usize) {
        self.push_str(text);
    }

    fn replaced(&mut self, text: &str, _: Range<usize>) {
        self.push_str(text);
    }
}

impl Sink for CookedBuilder {
    fn verbatim(&mut self, text: &str, start: usize) {
        CookedBuilder::verbatim(self, text, offset(start));
    }

    fn replaced(&mut self, text: &str, source: Range<usize>) {
        CookedBuilder::replaced(self, text, offset(source.start)..offset(source.end));
    }
}

/// The line break at `at` as it is meant: `\n`, but for U+2028 and U+2029, which stay.
fn meant_break(text: &str, at: usize) -> &str {
    match break_len(text.as_bytes(), at) {
        3 => &text[at..at + 3],
        _ => "\n",
    }
}

/// A plain or quoted scalar, whose lines are folded.
struct Lines<'t> {
    text: &'t str,
    range: Range<usize>,
    /// The quote around it; 0 for a plain one.
    quote: u8,
}

impl Lines<'_> {
    fn cook(&self, sink: &mut impl Sink) {
        let mut pos = self.range.start;
        while pos < self.range.end {
            pos = self.word(pos, sink);
            pos = self.blanks(pos, sink);
        }
    }

    fn is_break(&self, pos: usize) -> bool {
        pos < self.range.end && break_len(self.text.as_bytes(), pos) > 0
    }

    /// Takes text up to the next blank or line break.
    fn word(&self, start: usize, sink: &mut impl Sink) -> usize {
        let bytes = self.text.as_bytes();
        let (mut from, mut pos) = (start, start);
        while pos < self.range.end {
            pos = quoted_stop(bytes, pos).min(self.range.end);
            let here = byte(bytes, pos);
            if pos == self.range.end || is_blank(here) || self.is_break(pos) {
                break;
            }
            if here == b'\\' && self.quote == b'"' {
                sink.verbatim(&self.text[from..pos], from);
                pos = self.escape(pos, sink);
                from = pos;
                if is_after_break(bytes, pos) {
                    break;
                }
            } else if here == b'\'' && self.quote == b'\'' {
                sink.verbatim(&self.text[from..pos], from);
                let end = (pos + 2).min(self.range.end);
                sink.replaced("'", pos..end);
                pos = end;
                from = pos;
            } else {
                pos += 1;
            }
        }
        sink.verbatim(&self.text[from..pos], from);
        pos
    }

    /// Takes blanks, or folds the line breaks among them.
    fn blanks(&self, start: usize, sink: &mut impl Sink) -> usize {
        let bytes = self.text.as_bytes();
        // Behind an escaped line break no other is folded, and blanks are indentation.
        let mut at_line_start =
            self.quote == b'"' && start > self.range.start && is_after_break(bytes, start);
        let escaped = at_line_start;
        let (mut pos, mut breaks) = (start, Vec::new());
        while pos < self.range.end && (is_blank(bytes[pos]) || self.is_break(pos)) {
            match break_len(bytes, pos) {
                0 => pos += 1,
                len => {
                    breaks.push(meant_break(self.text, pos));
                    at_line_start = true;
                    pos += len;
                }
            }
        }
        if !at_line_start {
            sink.verbatim(&self.text[start..pos], start);
        } else if escaped {
            sink.replaced(&breaks.concat(), start..pos);
        } else {
            let folded = match breaks.as_slice() {
                ["\n"] => " ".to_owned(),
                ["\n", rest @ ..] => rest.concat(),
                all => all.concat(),
            };
            sink.replaced(&folded, start..pos);
        }
        pos
    }

    /// Takes an escape. What is none, in a file that could not be read whole, is taken as it
    /// stands.
    fn escape(&self, start: usize, sink: &mut impl Sink) -> usize {
        let bytes = self.text.as_bytes();
        let line_break = if start + 1 < self.range.end {
            break_len(bytes, start + 1)
        } else {
            0
        };
        if line_break > 0 {
            return start + 1 + line_break;
        }
        let digits = match byte(bytes, start + 1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            letter => {
                let end = start + 2;
                return match simple_escape(letter) {
                    Some(meant) if end <= self.range.end => {
                        sink.replaced(meant, start..end);
                        end
                    }
                    _ => {
                        sink.verbatim("\\", start);
                        start + 1
                    }
                };
            }
        };
        let end = start + 2 + digits;
        let code = self
            .text
            .get(start + 2..end)
            .filter(|_| end <= self.range.end)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(meant) => {
                sink.replaced(meant.encode_utf8(&mut [0; 4]), start..end);
                end
            }
            None => {
                sink.verbatim("\\", start);
                start + 1
            }
        }
    }
}

/// Whether a line break ends right before `pos`.
fn is_after_break(bytes: &[u8], pos: usize) -> bool {
    (1..=3.min(pos)).any(|len| break_len(bytes, pos - len) == len)
}

fn simple_escape(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'0' => "\0",
        b'a' => "\x07",
        b'b' => "\x08",
        b't' | b'\t' => "\t",
        b'n' => "\n",
        b'v' => "\x0B",
        b'f' => "\x0C",
        b'r' => "\r",
        b'e' => "\x1B",
        b' ' => " ",
        b'"' => "\"",
        b'\'' => "'",
        b'\\' => "\\",
        b'N' => "\u{85}",
        b'_' => "\u{A0}",
        b'L' => "\u{2028}",
        b'P' => "\u{2029}",
        _ => return None,
    })
}

/// A block scalar that is being cooked line by line.
struct Block<'t> {
    text: &'t str,
    folds: bool,
    /// Column of its text; settled by the first line that is not blank.
    indent: Option<usize>,
    /// The line breaks behind the last line that was not blank.
    pending: Vec<Range<usize>>,
    /// Whether there was such a line.
    begun: bool,
    /// Whether it began with a blank.
    after_blank: bool,
}

impl Block<'_> {
    /// Takes the line that starts at `start` and gives the start of the next one.
    fn line(&mut self, start: usize, sink: &mut impl Sink) -> usize {
        let bytes = self.text.as_bytes();
        let end = line_end(bytes, start);
        let spaces = bytes[start..end]
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        let content = start + spaces.min(self.indent.unwrap_or(usize::MAX));
        if content < end {
            let begins_blank = is_blank(bytes[content]);
            self.join(begins_blank, content, sink);
            self.indent.get_or_insert(spaces);
            self.begun = true;
            self.after_blank = begins_blank;
            sink.verbatim(&self.text[content..end], content);
        }
        let len = break_len(bytes, end);
        if len > 0 {
            self.pending.push(end..end + len);
        }
        end + len.max(1)
    }

    /// Puts the pending line breaks before a line, or what they fold to.
    fn join(&mut self, begins_blank: bool, content: usize, sink: &mut impl Sink) {
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        if self.folds && self.begun && !self.after_blank && !begins_blank {
            match rest {
                [single] if meant_break(self.text, single.start) == "\n" => {
                    sink.replaced(" ", single.start..content);
                    rest = &[];
                }
                [first, more @ ..] if meant_break(self.text, first.start) == "\n" => rest = more,
                _ => {}
            }
        }
        for line_break in rest {
            self.push_break(line_break, sink);
        }
    }

    fn push_break(&self, line_break: &Range<usize>, sink: &mut impl Sink) {
        match chars::byte(self.text.as_bytes(), line_break.start) {
            b'\n' => sink.verbatim("\n", line_break.start),
            _ => sink.replaced(meant_break(self.text, line_break.start), line_break.clone()),
        }
    }
}
