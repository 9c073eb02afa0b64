//! Scalars: plain, quoted and block. Their text is checked here and cooked elsewhere, when somebody
//! asks for it.

use super::Scanner;
use crate::syntax::yaml::chars::{
    break_len, byte, is_blank, is_document_mark, is_line_end, is_space_or_end, line_end,
    plain_stop, quoted_stop,
};
use crate::syntax::yaml::fault::{Fault, Problem};
use crate::text::offset;

impl Scanner<'_> {
    /// Scans a plain scalar and gives its end, behind its last character that is no blank.
    pub(super) fn plain(&mut self) -> Result<usize, Box<Fault>> {
        let start = self.pos;
        let mut end = start;
        let mut at_line_start = false;
        while !self.is_at_document_mark() && byte(self.text, self.pos) != b'#' {
            let word = self.pos;
            self.plain_word();
            if self.pos > word {
                end = self.pos;
                at_line_start = false;
            }
            if !self.is_at_blank_or_break() {
                break;
            }
            while self.is_at_blank_or_break() {
                let len = break_len(self.text, self.pos);
                if len > 0 {
                    self.skip_break(len);
                    at_line_start = true;
                } else if at_line_start
                    && self.column() <= self.indent
                    && byte(self.text, self.pos) == b'\t'
                {
                    return Err(self.fault_since(start, Problem::Tab));
                } else {
                    self.pos += 1;
                }
            }
            if self.flow_level == 0 && self.column() <= self.indent {
                break;
            }
        }
        self.key_allowed |= at_line_start;
        Ok(end)
    }

    fn is_at_document_mark(&self) -> bool {
        self.pos == self.line_start && is_document_mark(self.text, self.pos)
    }

    fn is_at_blank_or_break(&self) -> bool {
        is_blank(byte(self.text, self.pos)) || break_len(self.text, self.pos) > 0
    }

    /// Skips to the next blank, or to what ends the scalar.
    fn plain_word(&mut self) {
        loop {
            self.pos = plain_stop(self.text, self.pos);
            if is_space_or_end(self.text, self.pos) || self.is_at_plain_end() {
                return;
            }
            self.pos += 1;
        }
    }

    fn is_at_plain_end(&self) -> bool {
        let next = byte(self.text, self.pos + 1);
        match byte(self.text, self.pos) {
            b':' if is_space_or_end(self.text, self.pos + 1) => true,
            _ if self.flow_level == 0 => false,
            b':' => matches!(next, b',' | b']' | b'}'),
            b'?' => is_space_or_end(self.text, self.pos + 1),
            here => matches!(here, b',' | b'[' | b']' | b'{' | b'}'),
        }
    }

    /// Scans a quoted scalar and gives its end, behind the closing quote.
    pub(super) fn quoted(&mut self) -> Result<usize, Box<Fault>> {
        let (start, line) = (self.pos, self.line);
        let quote = byte(self.text, start);
        self.pos += 1;
        loop {
            if self.is_at_document_mark() {
                return Err(self.fault_since(start, Problem::QuoteMeetsDocument { quote }));
            }
            if self.pos >= self.text.len() {
                return Err(self.fault_since(start, Problem::UnclosedQuote { quote }));
            }
            self.quoted_word(start, quote)?;
            if byte(self.text, self.pos) == quote {
                break;
            }
            while self.is_at_blank_or_break() {
                match break_len(self.text, self.pos) {
                    0 => self.pos += 1,
                    len => self.skip_break(len),
                }
            }
        }
        if self.line > line {
            self.long_quote = Some(offset(start));
        }
        self.pos += 1;
        Ok(self.pos)
    }

    /// Skips to the next blank or to the closing quote.
    fn quoted_word(&mut self, start: usize, quote: u8) -> Result<(), Box<Fault>> {
        loop {
            self.pos = quoted_stop(self.text, self.pos);
            match byte(self.text, self.pos) {
                b'\'' if quote == b'\'' && byte(self.text, self.pos + 1) == b'\'' => self.pos += 2,
                here if here == quote => return Ok(()),
                b'\\' if quote == b'"' => {
                    let len = break_len(self.text, self.pos + 1);
                    if len > 0 {
                        self.skip_break(1 + len);
                        return Ok(());
                    }
                    self.escape(start)?;
                }
                _ if is_space_or_end(self.text, self.pos) => return Ok(()),
                _ => self.pos += 1,
            }
        }
    }

    fn escape(&mut self, start: usize) -> Result<(), Box<Fault>> {
        let escape = byte(self.text, self.pos + 1);
        let digits = match escape {
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"'
            | b'\'' | b'\\' => 0,
            b'N' | b'_' | b'L' | b'P' => 0,
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return Err(self.fault_since(start, Problem::Escape)),
        };
        let hex = self
            .text
            .get(self.pos + 2..self.pos + 2 + digits)
            .unwrap_or_default();
        if hex.len() < digits || !hex.iter().all(u8::is_ascii_hexdigit) {
            return Err(self.fault_since(start, Problem::EscapeDigits { digits }));
        }
        let code = hex.iter().fold(0u64, |code, byte| {
            code * 16 + u64::from(char::from(*byte).to_digit(16).unwrap_or(0))
        });
        if u32::try_from(code).ok().and_then(char::from_u32).is_none() {
            return Err(self.fault_since(start, Problem::EscapeCode));
        }
        self.pos += 2 + digits;
        Ok(())
    }

    /// Scans a block scalar with its header and gives its end: before the line break of its last
    /// line; with `+`, of the last blank line behind it. All blank lines behind it are skipped.
    pub(super) fn block_scalar(&mut self) -> Result<usize, Box<Fault>> {
        let start = self.pos;
        self.pos += 1;
        let (increment, keep) = self.block_header(start)?;
        let mut end = self.pos;
        self.skip_blanks();
        if byte(self.text, self.pos) == b'#' {
            self.skip_comment();
        }
        if !is_line_end(self.text, self.pos) {
            return Err(self.fault_since(start, Problem::BlockHeader));
        }
        self.skip_break(break_len(self.text, self.pos));

        let mut indent = increment.map(|increment| self.indent.max(0) + increment);
        let mut blank_end = self.block_breaks(start, &mut indent)?;
        while Some(self.column()) == indent && self.pos < self.text.len() {
            self.pos = line_end(self.text, self.pos);
            end = self.pos;
            blank_end = None;
            self.skip_break(break_len(self.text, self.pos));
            blank_end = self.block_breaks(start, &mut indent)?.or(blank_end);
        }
        Ok(if keep { blank_end.unwrap_or(end) } else { end })
    }

    /// Scans the indicators behind `|` or `>`, in any order: the indentation, and whether it is
    /// `+`.
    fn block_header(&mut self, start: usize) -> Result<(Option<i32>, bool), Box<Fault>> {
        let (mut increment, mut chomping) = (None, None);
        loop {
            match byte(self.text, self.pos) {
                b'0' if increment.is_none() => {
                    return Err(self.fault_since(start, Problem::BlockZero));
                }
                digit @ b'1'..=b'9' if increment.is_none() => {
                    increment = Some(i32::from(digit - b'0'))
                }
                sign @ (b'+' | b'-') if chomping.is_none() => chomping = Some(sign),
                _ => return Ok((increment, chomping == Some(b'+'))),
            }
            self.pos += 1;
        }
    }

    /// Skips indentation and blank lines of a block scalar, and settles its indentation at the
    /// first call. Gives the start of the last line break skipped.
    fn block_breaks(
        &mut self,
        start: usize,
        indent: &mut Option<i32>,
    ) -> Result<Option<usize>, Box<Fault>> {
        let (mut deepest, mut last) = (0, None);
        loop {
            let is_indentation =
                |scanner: &Self| indent.is_none_or(|indent| scanner.column() < indent);
            while byte(self.text, self.pos) == b' ' && is_indentation(self) {
                self.pos += 1;
            }
            deepest = deepest.max(self.column());
            if byte(self.text, self.pos) == b'\t' && is_indentation(self) {
                return Err(self.fault_since(start, Problem::BlockTab));
            }
            let len = break_len(self.text, self.pos);
            if len == 0 {
                break;
            }
            last = Some(self.pos);
            self.skip_break(len);
        }
        indent.get_or_insert(deepest.max(self.indent + 1).max(0));
        Ok(last)
    }
}
