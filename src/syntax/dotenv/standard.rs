//! The usual format: quotes, escapes, comments, `export`, `KEY: value`.

use std::ops::Range;

use super::{Entry, Value};
use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Cooked, CookedBuilder, Source, offset};

pub(super) fn parse(source: &Source) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut parser = Parser {
        source,
        text: source.text(),
        position: source.content_start() as usize,
    };
    let mut entries = Vec::new();
    let mut diagnostics = Vec::new();
    while parser.skip_to_statement() {
        let start = parser.position;
        match parser.statement() {
            Ok(entry) => entries.extend(entry),
            Err((range, message)) => {
                let diagnostic = Diagnostic::new(INVALID_SYNTAX, source.span(range), message);
                diagnostics.push(
                    diagnostic.help("Docker Compose refuses the whole file because of this line."),
                );
                parser.position = start;
                parser.skip_line();
            }
        }
    }
    (entries, diagnostics)
}

/// What is wrong, and where.
type Refusal = (Range<usize>, String);

struct Parser<'s> {
    source: &'s Source,
    text: &'s str,
    position: usize,
}

impl<'s> Parser<'s> {
    fn rest(&self) -> &'s str {
        &self.text[self.position..]
    }

    fn skip_line(&mut self) {
        let rest = self.rest().as_bytes();
        self.position += memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    /// Skips white space and comments; false at the end of the text.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.position += rest.len() - trimmed.len();
            match trimmed.starts_with('#') {
                true => self.skip_line(),
                false => return !trimmed.is_empty(),
            }
        }
    }

    /// One statement; `None` when it names no variable.
    fn statement(&mut self) -> Result<Option<Entry>, Refusal> {
        let is_export = self
            .rest()
            .strip_prefix("export")
            .is_some_and(|rest| rest.starts_with(['\t', '\n', '\x0c', '\r', ' ']));
        if is_export {
            self.position += "export".len();
            self.skip_blanks();
        }
        let (key, terminator) = self.key()?;
        let mut entry = Entry {
            key: self.text[key.clone()].to_owned(),
            key_span: self.source.span(key),
            value: None,
        };
        if terminator == Some('\n') {
            return Ok(Some(entry).filter(|entry| !entry.key.is_empty()));
        }
        self.skip_blanks();
        entry.value = Some(match self.rest().bytes().next() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote)?,
            _ => self.unquoted(),
        });
        Ok(Some(entry))
    }

    /// The key and what ends it, which is consumed; a text that ends first has no key and is a
    /// value.
    fn key(&mut self) -> Result<(Range<usize>, Option<char>), Refusal> {
        let start = self.position;
        for (at, character) in self.rest().char_indices() {
            let here = start + at;
            match character {
                '=' | ':' | '\n' => {
                    let end = start + self.text[start..here].trim_end().len();
                    let key = &self.text[start..end];
                    if key.contains(' ') {
                        return Err((
                            start..end,
                            format!("the variable name `{key}` holds a blank"),
                        ));
                    }
                    self.position = here + 1;
                    return Ok((start..end, Some(character)));
                }
                '_' | '.' | '-' | '[' | ']' => {}
                _ if character.is_alphanumeric() || is_blank(character) => {}
                _ => {
                    let shown = character.escape_debug();
                    return Err((
                        here..here + character.len_utf8(),
                        format!("`{shown}` may not stand in the name of a variable"),
                    ));
                }
            }
        }
        match self.rest().is_empty() {
            true => Err((start..start, "`export` names no variable".to_owned())),
            false => Ok((start..start, None)),
        }
    }

    fn unquoted(&mut self) -> Value {
        let start = self.position;
        let line = self.rest().split('\n').next().unwrap_or_default();
        let value = line
            .split_once(" #")
            .map_or(line, |(value, _)| value)
            .trim_end();
        self.skip_line();
        Value {
            text: Cooked::verbatim(self.source, self.source.span(start..start + value.len())),
            expand: true,
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<Value, Refusal> {
        let bytes = self.text.as_bytes();
        let start = self.position;
        let mut builder = CookedBuilder::new(self.source.span(start..start + 1));
        let mut copied = start + 1;
        let mut at = copied;
        loop {
            let Some(length) = memchr::memchr2(quote, b'\\', &bytes[at..]) else {
                return Err((start..start + 1, "this quote is never closed".to_owned()));
            };
            at += length;
            if bytes[at] == quote {
                break;
            }
            let (length, replacement) = escape(&self.text[at..], quote);
            if let Some(replacement) = replacement {
                builder.verbatim(&self.text[copied..at], offset(copied));
                builder.replaced(&replacement, offset(at)..offset(at + length));
                copied = at + length;
            }
            at += length;
        }
        builder.verbatim(&self.text[copied..at], offset(copied));
        builder.set_whole(self.source.span(start..at + 1));
        self.position = at + 1;
        Ok(Value {
            text: builder.finish(),
            expand: quote == b'"',
        })
    }
}

/// White space that does not end a line.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t' | '\x0b' | '\x0c' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

/// The length of the escape at the start of `text`, and what stands for it where that is not
/// itself.
///
/// In single quotes only the quote can be escaped. In double quotes these can:
/// `\a \b \f \n \r \t \v \\ \" \$` and octal `\0ooo`, of which the reference spoils those it cannot
/// read by taking the `0` out.
fn escape(text: &str, quote: u8) -> (usize, Option<String>) {
    let Some(escaped) = text[1..].chars().next() else {
        return (1, None);
    };
    let length = 1 + escaped.len_utf8();
    let one = |character: char| (length, Some(character.to_string()));
    if escaped == char::from(quote) {
        return one(escaped);
    }
    if quote == b'\'' {
        return (length, None);
    }
    match escaped {
        'a' => one('\x07'),
        'b' => one('\x08'),
        'f' => one('\x0c'),
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        'v' => one('\x0b'),
        '\\' => one('\\'),
        '$' => (length, Some("$$".to_owned())),
        '0' => {
            let digits: String = text[2..]
                .chars()
                .take(3)
                .take_while(char::is_ascii_digit)
                .collect();
            let octal = u8::from_str_radix(&digits, 8)
                .ok()
                .filter(|_| digits.len() == 3);
            (
                2 + digits.len(),
                Some(octal.map_or_else(
                    || format!("\\{digits}"),
                    |code| char::from(code).to_string(),
                )),
            )
        }
        _ => (length, None),
    }
}
