//! Bytes to tokens, as libyaml does it in the dialect of go-yaml v4.
//!
//! Indentation becomes tokens of its own; a key without `?` is recognised when its `:` comes, and
//! is marked then on the token it began with. A token is handed out only when it can no longer
//! become such a key.

use std::collections::VecDeque;

use super::Style;
use super::chars::{
    self, break_len, byte, is_blank, is_document_mark, is_line_end, is_space_or_end,
};
use super::fault::{Fault, Problem};
use crate::text::offset;

mod properties;
mod scalars;

/// How far the reference looks behind a comment for another one.
const COMMENT_REACH: usize = 512;

/// A piece of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// A block mapping begins with this token.
    opens_mapping: bool,
    /// A key begins with this token.
    is_key: bool,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    StreamEnd,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar(Style),
}

/// A place where a key may have begun.
#[derive(Clone, Copy)]
struct SimpleKey {
    /// Nothing but a key can stand here.
    required: bool,
    flow_level: u32,
    /// The index of the token it begins with, counted from the start of the file.
    token: usize,
    line: u32,
    column: i32,
    start: usize,
}

pub(super) struct Scanner<'s> {
    text: &'s [u8],
    pos: usize,
    line: u32,
    line_start: usize,

    queue: VecDeque<Token>,
    /// How many tokens have left the queue.
    taken: usize,
    /// How many tokens of the queue stand for a `BlockMappingStart` or a `Key` besides themselves,
    /// counted twice for both.
    implied: usize,
    /// Whether the front of the queue may be handed out.
    ready: bool,
    ended: bool,
    last: TokenKind,
    last_start: usize,

    /// Column of the innermost block collection; -1 outside of all.
    indent: i32,
    indents: Vec<i32>,
    flow_level: u32,
    key_allowed: bool,
    /// Where a key of the current flow level may have begun.
    key: Option<SimpleKey>,
    /// The same for the levels around it.
    outer_keys: Vec<SimpleKey>,

    comments: Vec<(u32, u32)>,
    /// Where the last quoted text of several lines began: it may well have been meant to end
    /// earlier.
    long_quote: Option<u32>,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s [u8], start: usize) -> Self {
        Scanner {
            text,
            pos: start,
            line: 0,
            line_start: start,
            queue: VecDeque::new(),
            taken: 0,
            implied: 0,
            ready: false,
            ended: false,
            last: TokenKind::StreamEnd,
            last_start: start,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            key_allowed: true,
            key: None,
            outer_keys: Vec::new(),
            comments: Vec::new(),
            long_quote: None,
        }
    }

    /// The next token.
    pub(super) fn peek(&mut self) -> Result<Token, Box<Fault>> {
        while !self.ready {
            if self.is_front_settled() {
                self.ready = true;
            } else {
                self.fetch()?;
            }
        }
        let mut token = *self.queue.front().expect("a settled queue is not empty");
        if token.opens_mapping || token.is_key {
            token.kind = if token.opens_mapping {
                TokenKind::BlockMappingStart
            } else {
                TokenKind::Key
            };
            token.end = token.start;
        }
        Ok(token)
    }

    /// Takes the token that was peeked at.
    pub(super) fn skip(&mut self) {
        self.ready = false;
        let Some(token) = self.queue.front_mut() else {
            return;
        };
        let implied = if token.opens_mapping {
            &mut token.opens_mapping
        } else {
            &mut token.is_key
        };
        if *implied {
            *implied = false;
            self.implied -= 1;
        } else {
            self.queue.pop_front();
            self.taken += 1;
        }
    }

    /// The comments met so far.
    pub(super) fn take_comments(&mut self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.comments)
    }

    /// Where the last quoted text of several lines began.
    pub(super) fn long_quote(&self) -> Option<u32> {
        self.long_quote
    }

    /// The reference keeps two tokens in hand behind the one it gives out, and does not give out
    /// what may yet become a key. Which error is met first depends on it.
    fn is_front_settled(&self) -> bool {
        if self.ended {
            return true;
        }
        let is_implied = self
            .queue
            .front()
            .is_some_and(|token| token.opens_mapping || token.is_key);
        let first_key = self.outer_keys.first().or(self.key.as_ref());
        self.queue.len() + self.implied > 2
            && (is_implied || first_key.is_none_or(|key| key.token != self.taken))
    }

    fn fetch(&mut self) -> Result<(), Box<Fault>> {
        self.skip_to_token();
        self.unroll_indent(self.column());
        if self.pos >= self.text.len() {
            return self.fetch_stream_end();
        }
        let here = byte(self.text, self.pos);
        if self.column() == 0 {
            if here == b'%' {
                return self.fetch_directive();
            }
            if is_document_mark(self.text, self.pos) {
                return self.fetch_document_mark();
            }
        }
        let in_flow = self.flow_level > 0;
        let spaced = is_space_or_end(self.text, self.pos + 1);
        match here {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if spaced => self.fetch_block_entry(),
            b'?' if spaced => self.fetch_key(),
            b':' if spaced || in_flow && !self.is_item_start() => self.fetch_value(),
            b'*' => self.fetch_property(TokenKind::Alias),
            b'&' => self.fetch_property(TokenKind::Anchor),
            b'!' => self.fetch_property(TokenKind::Tag),
            b'|' if !in_flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !in_flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_flow_scalar(Style::SingleQuoted),
            b'"' => self.fetch_flow_scalar(Style::DoubleQuoted),
            b'\t' => Err(self.fault(Problem::Tab)),
            b'|' | b'>' | b'%' | b'@' | b'`' => Err(self.fault(Problem::Start(here))),
            _ => self.fetch_flow_scalar(Style::Plain),
        }
    }

    /// Skips blanks, comments and line breaks. A tab is a blank only where no key may begin.
    fn skip_to_token(&mut self) {
        loop {
            let tab = if self.flow_level > 0 || !self.key_allowed {
                b'\t'
            } else {
                b' '
            };
            while matches!(byte(self.text, self.pos), here if here == b' ' || here == tab) {
                self.pos += 1;
            }
            if byte(self.text, self.pos) == b'#' {
                self.skip_comments();
            }
            match break_len(self.text, self.pos) {
                0 => return,
                len => self.skip_break(len),
            }
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// Skips a comment and those on the next lines. Before the latter the reference lets tabs pass,
    /// though nowhere else.
    fn skip_comments(&mut self) {
        loop {
            self.skip_comment();
            let mut next = self.pos;
            while next - self.pos < COMMENT_REACH
                && (is_blank(byte(self.text, next)) || break_len(self.text, next) > 0)
            {
                next += break_len(self.text, next).max(1);
            }
            if byte(self.text, next) != b'#' {
                return;
            }
            while self.pos < next {
                match break_len(self.text, self.pos) {
                    0 => self.pos += 1,
                    len => self.skip_break(len),
                }
            }
        }
    }

    /// Skips from a `#` to the end of the line.
    fn skip_comment(&mut self) {
        let start = self.pos;
        self.pos = chars::line_end(self.text, start);
        self.comments.push((offset(start), offset(self.pos)));
    }

    fn skip_blanks(&mut self) {
        while is_blank(byte(self.text, self.pos)) {
            self.pos += 1;
        }
    }

    /// Skips a line break of `len` bytes; nothing if there is none.
    fn skip_break(&mut self, len: usize) {
        if len == 0 {
            return;
        }
        self.pos += len;
        self.line += 1;
        self.line_start = self.pos;
    }

    fn column(&self) -> i32 {
        i32::try_from(self.pos - self.line_start).unwrap_or(i32::MAX)
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.last = kind;
        self.last_start = start;
        self.queue.push_back(Token {
            kind,
            start: offset(start),
            end: offset(end),
            opens_mapping: false,
            is_key: false,
        });
    }

    /// Takes the next `len` bytes as a token.
    fn push_indicator(&mut self, kind: TokenKind, len: usize) {
        self.push(kind, self.pos, self.pos + len);
        self.pos += len;
    }

    fn fault(&self, problem: Problem) -> Box<Fault> {
        self.fault_since(self.pos, problem)
    }

    fn fault_since(&self, start: usize, problem: Problem) -> Box<Fault> {
        Box::new(Fault {
            long_quote: self.long_quote,
            ..Fault::new(problem, offset(self.pos), offset(start))
        })
    }

    // Indentation.

    /// Opens a block collection if this column lies deeper than the one that is open.
    fn roll_indent(&mut self, column: i32) -> bool {
        let opens = self.flow_level == 0 && self.indent < column;
        if opens {
            self.indents.push(self.indent);
            self.indent = column;
        }
        opens
    }

    /// Closes the block collections that lie deeper than this column.
    fn unroll_indent(&mut self, column: i32) {
        while self.flow_level == 0 && self.indent > column {
            self.push(TokenKind::BlockEnd, self.pos, self.pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    // Simple keys.

    fn save_key(&mut self) -> Result<(), Box<Fault>> {
        if !self.key_allowed {
            return Ok(());
        }
        self.remove_key()?;
        self.key = Some(SimpleKey {
            required: self.flow_level == 0 && self.indent == self.column(),
            flow_level: self.flow_level,
            token: self.taken + self.queue.len(),
            line: self.line,
            column: self.column(),
            start: self.pos,
        });
        Ok(())
    }

    fn remove_key(&mut self) -> Result<(), Box<Fault>> {
        match self.key {
            Some(SimpleKey {
                required: true,
                start,
                ..
            }) => Err(self.fault_since(start, Problem::NoColon)),
            _ => {
                self.key = None;
                Ok(())
            }
        }
    }

    // Tokens of one kind each.

    fn fetch_stream_end(&mut self) -> Result<(), Box<Fault>> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.outer_keys.clear();
        self.ended = true;
        self.push(TokenKind::StreamEnd, self.pos, self.pos);
        Ok(())
    }

    fn fetch_document_mark(&mut self) -> Result<(), Box<Fault>> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let is_start = byte(self.text, self.pos) == b'-';
        self.push_indicator(
            if is_start {
                TokenKind::DocumentStart
            } else {
                TokenKind::DocumentEnd
            },
            3,
        );
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<(), Box<Fault>> {
        self.save_key()?;
        self.outer_keys.extend(self.key.take());
        self.flow_level += 1;
        self.key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<(), Box<Fault>> {
        self.remove_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.key = self
                .outer_keys
                .pop_if(|key| key.flow_level == self.flow_level);
        }
        self.key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Box<Fault>> {
        self.remove_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Box<Fault>> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.fault(Problem::EntryNotAllowed));
            }
            if self.roll_indent(self.column()) {
                self.push(TokenKind::BlockSequenceStart, self.pos, self.pos);
            }
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Box<Fault>> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.fault(Problem::KeyNotAllowed));
            }
            if self.roll_indent(self.column()) {
                self.push(TokenKind::BlockMappingStart, self.pos, self.pos);
            }
        }
        self.remove_key()?;
        self.key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Box<Fault>> {
        if let Some(key) = self.key.take_if(|key| key.line == self.line) {
            let opens_mapping = self.roll_indent(key.column);
            let token = &mut self.queue[key.token - self.taken];
            token.is_key = true;
            token.opens_mapping = opens_mapping;
            self.implied += 1 + usize::from(opens_mapping);
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return Err(self.fault_since(self.last_start, Problem::ValueNotAllowed));
                }
                if self.roll_indent(self.column()) {
                    self.push(TokenKind::BlockMappingStart, self.pos, self.pos);
                }
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    /// Whether an item of a flow collection may start here: a `:` is text then.
    fn is_item_start(&self) -> bool {
        matches!(
            self.last,
            TokenKind::FlowEntry | TokenKind::FlowSequenceStart
        )
    }

    fn fetch_directive(&mut self) -> Result<(), Box<Fault>> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let start = self.pos;
        let kind = self.directive()?;
        let end = self.pos;
        self.skip_blanks();
        if byte(self.text, self.pos) == b'#' {
            self.skip_comment();
        }
        if !is_line_end(self.text, self.pos) {
            return Err(self.fault_since(start, Problem::Directive("nothing may follow here")));
        }
        // The line break belongs to the directive: no key may begin on the next line.
        self.skip_break(break_len(self.text, self.pos));
        self.push(kind, start, end);
        Ok(())
    }

    fn fetch_property(&mut self, kind: TokenKind) -> Result<(), Box<Fault>> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.pos;
        match kind {
            TokenKind::Tag => self.tag()?,
            _ => self.anchor(kind)?,
        }
        self.push(kind, start, self.pos);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, style: Style) -> Result<(), Box<Fault>> {
        self.remove_key()?;
        self.key_allowed = true;
        let start = self.pos;
        let end = self.block_scalar()?;
        self.push(TokenKind::Scalar(style), start, end);
        Ok(())
    }

    fn fetch_flow_scalar(&mut self, style: Style) -> Result<(), Box<Fault>> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.pos;
        let end = match style {
            Style::Plain => self.plain()?,
            _ => self.quoted()?,
        };
        self.push(TokenKind::Scalar(style), start, end);
        Ok(())
    }
}
