//! The JSON form of an instruction: an array of strings, and nothing else.

use std::ops::Range;

use super::Word;
use crate::text::{Cooked, CookedBuilder};

mod valid;

/// What the arguments are as JSON.
pub(super) enum Json {
    /// An array of strings.
    Strings(Vec<Word>),
    /// Not JSON: they are meant in another form.
    No,
    /// JSON, but an array with something in it that is no string: BuildKit refuses it.
    NotStrings,
}

/// Reads the part of the line at `range`.
pub(super) fn read(line: &Cooked, range: Range<usize>) -> Json {
    let text = &line.as_str()[range.clone()];
    if !text.starts_with('[') {
        return Json::No;
    }
    match strings(line, range) {
        Some(words) => Json::Strings(words),
        None if valid::is_json(text.as_bytes()) => Json::NotStrings,
        None => Json::No,
    }
}

fn strings(line: &Cooked, range: Range<usize>) -> Option<Vec<Word>> {
    let mut reader = Reader {
        line,
        position: range.start,
        end: range.end,
    };
    let mut words = Vec::new();
    reader.take('[')?;
    if reader.take(']').is_none() {
        loop {
            words.push(reader.string()?);
            if reader.take(',').is_none() {
                reader.take(']')?;
                break;
            }
        }
    }
    reader.skip_blanks();
    (reader.position == reader.end).then_some(words)
}

struct Reader<'l> {
    line: &'l Cooked,
    position: usize,
    end: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.line.as_str()[self.position..self.end]
    }

    fn skip_blanks(&mut self) {
        let blanks = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        self.position = self.end - self.rest().trim_start_matches(blanks).len();
    }

    /// Steps over `expected` if it is next.
    fn take(&mut self, expected: char) -> Option<()> {
        self.skip_blanks();
        self.rest()
            .starts_with(expected)
            .then(|| self.position += expected.len_utf8())
    }

    fn string(&mut self) -> Option<Word> {
        self.skip_blanks();
        let start = self.position;
        let mut text = CookedBuilder::new(self.line.span_of(start..start));
        self.take('"')?;
        loop {
            let plain = self
                .rest()
                .find(|c: char| c == '"' || c == '\\' || c < ' ')?;
            text.append(self.line, self.position..self.position + plain);
            self.position += plain;
            match self.rest().as_bytes().first()? {
                b'"' => break,
                b'\\' => {
                    let (character, length) = escape(self.rest())?;
                    let span = self.line.span_of(self.position..self.position + length);
                    text.replaced(character.encode_utf8(&mut [0; 4]), span.start..span.end);
                    self.position += length;
                }
                _ => return None,
            }
        }
        self.position += 1;
        let span = self.line.span_of(start..self.position);
        text.set_whole(span);
        Some(Word {
            text: text.finish(),
            span,
        })
    }
}

/// The character of the escape at the start of `text`, and its length. Half a surrogate pair is
/// U+FFFD, as in Go.
fn escape(text: &str) -> Option<(char, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = code_unit(text)?;
            let low = code_unit(&text[6..]).unwrap_or_default();
            return match char::decode_utf16([high, low]).next() {
                Some(Ok(character)) if character.len_utf16() == 2 => Some((character, 12)),
                Some(Ok(character)) => Some((character, 6)),
                _ => Some((char::REPLACEMENT_CHARACTER, 6)),
            };
        }
        _ => return None,
    };
    Some((character, 2))
}

fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}
