//! How a logical line falls into words, in the three ways that the language knows: at blanks,
//! minding quotes, and flags.
//!
//! All positions are byte offsets into the logical line; [`word`] turns a range into a [`Word`]
//! with its place in the file.

use std::ops::Range;

use super::{Flag, Word};
use crate::text::{Cooked, CookedBuilder};

/// The lower case of a character as Go has it: always one character.
pub(super) fn lower(c: char) -> char {
    if c == '\u{130}' {
        'i'
    } else {
        c.to_lowercase().next().unwrap_or(c)
    }
}

/// The blanks that separate words without quotes; other white space does not.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// The part of the line at `range` as a word.
pub(super) fn word(line: &Cooked, range: Range<usize>) -> Word {
    let text = line.slice(range);
    let span = text.span();
    Word { text, span }
}

/// `range` without white space at its ends.
pub(super) fn trim(line: &Cooked, range: Range<usize>) -> Range<usize> {
    let text = &line.as_str()[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// Splits off what stands before the first blanks: (word, rest behind the blanks).
pub(super) fn split_first(line: &Cooked, range: Range<usize>) -> (Range<usize>, Range<usize>) {
    let text = &line.as_str()[range.clone()];
    let end = text.find(is_blank).unwrap_or(text.len());
    let rest = text[end..].trim_start_matches(is_blank);
    (
        range.start..range.start + end,
        range.end - rest.len()..range.end,
    )
}

/// The words between blanks; quotes mean nothing.
pub(super) fn at_blanks(line: &Cooked, range: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut rest = range;
    while !rest.is_empty() {
        let (word, behind) = split_first(line, rest);
        words.push(word);
        rest = behind;
    }
    words
}

/// The words between white space outside of quotes; quotes and escapes stay in them. An escape
/// character that is the last of the line is left out.
pub(super) fn with_quotes(line: &Cooked, range: Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut quote = None;
    let mut start = None;
    let mut characters = line.as_str()[range.clone()].char_indices();
    let mut end = range.end;
    while let Some((at, c)) = characters.next() {
        let at = range.start + at;
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|start| start..at));
            continue;
        }
        start.get_or_insert(at);
        match quote {
            _ if c == escape && quote != Some('\'') => match characters.next() {
                Some(_) => {}
                None => end = at,
            },
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
    }
    words.extend(start.filter(|&start| start < end).map(|start| start..end));
    words
}

/// The flags at the start, and what is left. `--` alone ends them. Quotes and escapes are taken out
/// of a flag.
///
/// BuildKit looks at bytes here: white space beyond ASCII separates nothing, the bytes 0x85 and
/// 0xA0 inside of a character do, and every byte beyond ASCII becomes a character of its own.
pub(super) fn flags(line: &Cooked, range: Range<usize>, escape: char) -> (Vec<Flag>, Range<usize>) {
    let text = line.as_str();
    let mut flags = Vec::new();
    let mut rest = range;
    loop {
        rest.start += text.as_bytes()[rest.clone()]
            .iter()
            .take_while(|byte| is_space(**byte))
            .count();
        if !text.as_bytes()[rest.clone()].starts_with(b"--") {
            return (flags, next_character(text, rest.start)..rest.end);
        }
        let start = rest.start;
        let (kept, end) = flag_bytes(&text.as_bytes()[rest.clone()], escape as u8);
        rest.start += end;
        let raw: String = kept
            .iter()
            .map(|at| char::from(text.as_bytes()[start + at]))
            .collect();
        if raw == "--" {
            return (flags, rest);
        }
        let end = next_character(text, rest.start).min(rest.end);
        flags.push(flag(line, start..end, &raw, &kept));
    }
}

/// Where the first word of the range ends, for HEALTHCHECK; never inside of a character.
pub(super) fn end_of_bytes(text: &str, range: &Range<usize>) -> usize {
    let length = text.as_bytes()[range.clone()]
        .iter()
        .take_while(|byte| !is_space(**byte))
        .count();
    next_character(text, range.start + length)
}

/// What is left of the range behind the blanks at its start, for HEALTHCHECK.
pub(super) fn behind_bytes(text: &str, range: Range<usize>) -> Range<usize> {
    let blanks = text.as_bytes()[range.clone()]
        .iter()
        .take_while(|byte| is_space(**byte))
        .count();
    next_character(text, range.start + blanks)..range.end
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xa0)
}

/// The first start of a character at `at` or behind it.
fn next_character(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The bytes of the flag at the start of `text` that are not quotes or escapes, and where it ends.
fn flag_bytes(text: &[u8], escape: u8) -> (Vec<usize>, usize) {
    let mut kept = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while at < text.len() {
        match (quote, text[at]) {
            (None, byte) if is_space(byte) => return (kept, at),
            (None, byte @ (b'\'' | b'"')) => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            (_, byte) if byte == escape => {
                at += 1;
                if at < text.len() {
                    kept.push(at);
                }
            }
            _ => kept.push(at),
        }
        at += 1;
    }
    (kept, text.len())
}

fn flag(line: &Cooked, range: Range<usize>, raw: &str, kept: &[usize]) -> Flag {
    let span = line.span_of(range.clone());
    let Some(equals) = raw.find('=') else {
        return Flag {
            name: raw[2..].to_owned(),
            value: None,
            span,
        };
    };
    let text = line.as_str();
    let written = text[range.clone()]
        .find('=')
        .map_or(range.end, |at| range.start + at + 1);
    let value_span = line.span_of(written..range.end);
    let mut value = CookedBuilder::new(value_span);
    for at in kept[raw[..=equals].chars().count()..]
        .iter()
        .map(|at| range.start + at)
    {
        let byte = text.as_bytes()[at];
        if byte.is_ascii() {
            value.append(line, at..at + 1);
            continue;
        }
        let first = (0..=at)
            .rev()
            .find(|first| text.is_char_boundary(*first))
            .unwrap_or(at);
        let span = line.span_of(first..next_character(text, at + 1));
        value.replaced(
            char::from(byte).encode_utf8(&mut [0; 4]),
            span.start..span.end,
        );
    }
    Flag {
        name: raw[2..equals].to_owned(),
        value: Some(Word {
            text: value.finish(),
            span: value_span,
        }),
        span,
    }
}
