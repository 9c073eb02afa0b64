//! A string of JSON: where it ends, and what its escapes stand for.

use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// Where the string ends whose opening quote stands at `start`, and whether a quote closes it. It
/// never goes over the end of its line.
pub(super) fn end(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut at = start + 1;
    loop {
        at = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..])
            .map_or(bytes.len(), |length| at + length);
        match bytes.get(at) {
            Some(b'"') => return (at + 1, true),
            Some(b'\\') if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            Some(b'\\') => return (at + 1, false),
            _ => return (at, false),
        }
    }
}

/// The text of a string without escapes.
pub(super) fn plain(written: &str) -> Option<&str> {
    let inside = written.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('\\')).then_some(inside)
}

/// The text of a string, `span` with its quotes.
pub(super) fn cook(source: &Source, span: Span) -> Cooked {
    let written = source.slice(span);
    let closed = end(written.as_bytes(), 0).1;
    let until = written.len() - usize::from(closed);
    let start = span.start as usize;
    let mut builder = CookedBuilder::new(span);
    let mut at = 1;
    while at < until {
        let run = memchr::memchr(b'\\', &written.as_bytes()[at..until])
            .map_or(until, |length| at + length);
        builder.verbatim(&written[at..run], offset(start + at));
        at = run;
        if at < until {
            let (length, meant) = escape(&written[at..until]);
            let range = offset(start + at)..offset(start + at + length);
            builder.replaced(meant.encode_utf8(&mut [0; 4]), range);
            at += length;
        }
    }
    builder.finish()
}

/// The length of the escape that a text begins with, and the character it stands for.
fn escape(text: &str) -> (usize, char) {
    let Some(code) = text[1..].chars().next() else {
        return (1, '\\');
    };
    let meant = match code {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode(text),
        other => other,
    };
    (1 + code.len_utf8(), meant)
}

/// `\u0041`, and the two halves of a character beyond them: `\ud83d\ude00`.
fn unicode(text: &str) -> (usize, char) {
    let unit = |text: Option<&str>| u32::from_str_radix(text?, 16).ok();
    let Some(high) = unit(text.get(2..6)) else {
        return (2, 'u');
    };
    if let 0xd800..0xdc00 = high
        && text.get(6..8) == Some("\\u")
        && let Some(low @ 0xdc00..0xe000) = unit(text.get(8..12))
    {
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return (
            12,
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        );
    }
    (
        6,
        char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER),
    )
}
