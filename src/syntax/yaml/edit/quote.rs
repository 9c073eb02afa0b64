//! Quotes around a text that YAML would take for something else.

use std::borrow::Cow;

use crate::syntax::yaml::scalar::plain;

/// Which quotes a file prefers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quotes {
    /// `'…'`
    Single,
    /// `"…"`
    Double,
}

/// Where a text is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TextContext {
    /// A value on its own line.
    Block,
    /// A key.
    Key,
    /// Within brackets or braces.
    Flow,
}

/// The text as it is written on one line, in quotes if it needs them.
pub(super) fn quote(text: &str, place: TextContext, quotes: Quotes) -> Cow<'_, str> {
    if is_safe(text, place) {
        return Cow::Borrowed(text);
    }
    let needs_escapes = text.chars().any(needs_escape);
    let prefers_single = quotes == Quotes::Single || text.contains(['"', '\\']);
    match prefers_single && !needs_escapes {
        true => Cow::Owned(single_quoted(text)),
        false => Cow::Owned(double_quoted(text)),
    }
}

/// The text in single quotes. It must hold no line break and no control character.
pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text in double quotes, which can hold anything.
pub(super) fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            char if needs_escape(char) => {
                let code = u32::from(char);
                quoted.push_str(&if code <= 0xFF {
                    format!("\\x{code:02x}")
                } else {
                    format!("\\u{code:04x}")
                });
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether the character can only stand in double quotes, as an escape.
pub(super) fn needs_escape(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// A text of several lines as a `|` block: the header and the lines. `None` for a text that does
/// not survive it.
pub(super) fn block_text(text: &str) -> Option<(&'static str, impl Iterator<Item = &str>)> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_plain = !text
        .chars()
        .any(|char| needs_escape(char) && !matches!(char, '\n' | '\t'));
    let is_multiline = body.contains('\n') || body.len() < text.len();
    // Blanks at the start would be taken for indentation, and more than one line break at the end
    // is lost.
    let survives = is_plain
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && !body.is_empty();
    (is_multiline && survives).then(|| {
        (
            if body.len() < text.len() { "|" } else { "|-" },
            body.split('\n'),
        )
    })
}

/// Whether a text can be written without quotes and is still a string: for go-yaml, and for readers
/// of YAML 1.1, to which `yes` is a boolean and `22:22` a number.
pub(super) fn is_safe(text: &str, place: TextContext) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let is_indicator = match first {
        '-' => text.len() == 1 || text[1..].starts_with(' ') || text.starts_with("---"),
        '.' => text.starts_with("..."),
        '=' => text == "=",
        '<' => text == "<<",
        _ => matches!(
            first,
            '?' | ':'
                | ','
                | '['
                | ']'
                | '{'
                | '}'
                | '#'
                | '&'
                | '*'
                | '!'
                | '|'
                | '>'
                | '\''
                | '"'
                | '%'
                | '@'
                | '`'
                | ' '
        ),
    };
    let ends_value = text.ends_with([' ', ':']) || text.contains(": ") || text.contains(" #");
    // A colon is no danger to go-yaml here, but to other readers.
    let ends_flow =
        place == TextContext::Flow && text.contains([',', '[', ']', '{', '}', ':', '?']);
    !is_indicator
        && !ends_value
        && !ends_flow
        && !text.chars().any(needs_escape)
        && plain(text).is_none()
        && !is_old_boolean(text)
        && !is_sexagesimal(text)
}

fn is_old_boolean(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off"
    )
}

/// `22:22` and `1:20:30.5`, which YAML 1.1 reads in base 60.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = unsigned.split('.').next().unwrap_or_default();
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let is_number = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let is_below_sixty =
        |part: &str| is_number(part) && part.parse::<u8>().is_ok_and(|number| number < 60);
    whole.contains(':') && is_number(first) && parts.all(is_below_sixty)
}
