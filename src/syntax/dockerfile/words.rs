//! How a logical line falls into words, in the three ways that the language knows: at blanks, minding quotes, and flags.
//!
//! All positions are byte offsets into the logical line; [`word`] turns a range into a [`Word`] with its place in the file.

use std::ops::Range;

use super::{Flag, Word};
use crate::text::{Cooked, CookedBuilder};

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
    (range.start..range.start + end, range.end - rest.len()..range.end)
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

/// The words between white space outside of quotes; quotes and escapes stay in them. An escape character that is the last
/// of the line is left out.
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

/// The flags at the start, and what is left. `--` alone ends them. Quotes and escapes are taken out of a flag. BuildKit
/// looks at bytes here, so that white space beyond ASCII separates nothing.
pub(super) fn flags(line: &Cooked, range: Range<usize>, escape: char) -> (Vec<Flag>, Range<usize>) {
    let text = line.as_str();
    let mut flags = Vec::new();
    let mut rest = range;
    loop {
        let start = rest.end - text[rest.clone()].trim_start_matches(is_ascii_space).len();
        rest.start = start;
        if !text[rest.clone()].starts_with("--") {
            return (flags, rest);
        }
        let (pieces, end) = flag_pieces(&text[rest.clone()], escape);
        rest.start += end;
        let raw: String = pieces.iter().map(|piece| &text[start + piece.start..start + piece.end]).collect();
        if raw == "--" {
            return (flags, rest);
        }
        flags.push(flag(line, start, end, &raw, &pieces));
    }
}

fn is_ascii_space(c: char) -> bool {
    c.is_ascii() && c.is_whitespace()
}

/// The parts of the word at the start of `text` that are meant, and where it ends.
fn flag_pieces(text: &str, escape: char) -> (Vec<Range<usize>>, usize) {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((mut at, mut c)) = characters.next() {
        match quote {
            None if is_ascii_space(c) => return (pieces, at),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                continue;
            }
            Some(open) if c == open => {
                quote = None;
                continue;
            }
            _ => {}
        }
        if c == escape {
            match characters.next() {
                Some(escaped) => (at, c) = escaped,
                None => break,
            }
        }
        let end = at + c.len_utf8();
        match pieces.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => pieces.push(at..end),
        }
    }
    (pieces, text.len())
}

fn flag(line: &Cooked, start: usize, length: usize, raw: &str, pieces: &[Range<usize>]) -> Flag {
    let span = line.span_of(start..start + length);
    let Some(equals) = raw.find('=') else {
        return Flag { name: raw[2..].to_owned(), value: None, span };
    };
    let written = line.as_str()[start..start + length].find('=').map_or(length, |at| at + 1);
    let value_span = line.span_of(start + written..start + length);
    let mut value = CookedBuilder::new(value_span);
    let mut skip = equals + 1;
    for piece in pieces {
        let skipped = skip.min(piece.len());
        skip -= skipped;
        value.append(line, start + piece.start + skipped..start + piece.end);
    }
    Flag { name: raw[2..equals].to_owned(), value: Some(Word { text: value.finish(), span: value_span }), span }
}
