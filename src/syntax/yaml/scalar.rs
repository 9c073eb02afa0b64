//! What a scalar is: null, bool, number, timestamp or text, as go-yaml v4 resolves it.
//!
//! Its language is that of YAML 1.2 with remains of 1.1: `yes` and `on` are text and sexagesimals
//! do not exist, but `010` is octal and a date is a timestamp.

use std::borrow::Cow;

use super::timestamp::timestamp;
use super::{Kind, Node, Scalar, Style};

/// The tags that say what a scalar is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    Binary,
    /// `!!str`, and every tag that go-yaml does not know: the text is left as it is.
    Text,
}

impl Tag {
    /// The tag as written. A `%TAG` that gives `!!` another meaning is not looked at.
    fn of(text: &str) -> Tag {
        let verbatim = text
            .strip_prefix("!<tag:yaml.org,2002:")
            .and_then(|name| name.strip_suffix('>'));
        match verbatim.or(text.strip_prefix("!!")) {
            Some("null") => Tag::Null,
            Some("bool") => Tag::Bool,
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            Some("timestamp") => Tag::Timestamp,
            Some("binary") => Tag::Binary,
            _ => Tag::Text,
        }
    }

    /// What a text with this tag should have been.
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Tag::Null => "null",
            Tag::Bool => "true or false",
            Tag::Int => "an integer",
            Tag::Float => "a number",
            Tag::Timestamp => "a date",
            Tag::Binary => "base64",
            Tag::Text => "text",
        }
    }
}

impl<'t> Node<'t> {
    /// The value of a scalar by its type; `None` for any other node. A text that its tag does not
    /// fit stays text.
    pub fn scalar(self) -> Option<Scalar<'t>> {
        if self.kind() != Kind::Scalar {
            return None;
        }
        let text = self.text();
        Some(match self.tag() {
            Some((tag, _)) => match tagged(Tag::of(tag), &text) {
                Some(value) => value,
                None => Scalar::String(text),
            },
            None if self.style() == Style::Plain => plain(&text).unwrap_or(Scalar::String(text)),
            None => Scalar::String(text),
        })
    }

    /// The tag that the text of this scalar does not fit.
    pub(super) fn misfit(self) -> Option<Tag> {
        let tag = Tag::of(self.tag()?.0);
        let is_misfit =
            self.kind() == Kind::Scalar && tag != Tag::Text && tagged(tag, &self.text()).is_none();
        is_misfit.then_some(tag)
    }

    /// Whether this is the key `<<`, which takes in other mappings. In quotes it is a key like any
    /// other.
    pub fn is_merge_key(self) -> bool {
        match self.tag() {
            Some((tag, _)) => tag == "!!merge",
            None => {
                self.style() == Style::Plain
                    && self.kind() == Kind::Scalar
                    && self.tree().source().slice(self.span()) == "<<"
            }
        }
    }
}

fn tagged(tag: Tag, text: &str) -> Option<Scalar<'static>> {
    match (tag, plain(text)) {
        (Tag::Text, _) => None,
        (Tag::Binary, _) => decode_base64(text)
            .map(|bytes| Scalar::String(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))),
        (Tag::Float, Some(Scalar::Int(value))) if i64::try_from(value).is_ok() => {
            Some(Scalar::Float(value as f64))
        }
        (Tag::Null, value @ Some(Scalar::Null)) => value,
        (Tag::Bool, value @ Some(Scalar::Bool(_))) => value,
        (Tag::Int, value @ Some(Scalar::Int(_))) => value,
        (Tag::Float, value @ Some(Scalar::Float(_))) => value,
        (Tag::Timestamp, value @ Some(Scalar::Timestamp(_))) => value,
        _ => None,
    }
}

/// The value of a plain text; `None` when it is nothing but text.
pub(super) fn plain(text: &str) -> Option<Scalar<'static>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Scalar::Null),
        "true" | "True" | "TRUE" => return Some(Scalar::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Scalar::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Some(Scalar::Float(f64::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return Some(Scalar::Float(f64::NEG_INFINITY)),
        "-0" | "-0.0" => return Some(Scalar::Float(-0.0)),
        _ => {}
    }
    match text.as_bytes()[0] {
        // Between digits, Go lets an underscore pass; elsewhere it does not.
        b'.' if has_sound_underscores(text) => float(&text.replace('_', "")),
        b'0'..=b'9' | b'+' | b'-' => {
            let digits = match text.contains('_') {
                true => Cow::Owned(text.replace('_', "")),
                false => Cow::Borrowed(text),
            };
            timestamp(text)
                .map(Scalar::Timestamp)
                .or_else(|| integer(&digits))
                .or_else(|| float(&digits))
        }
        _ => None,
    }
}

/// An integer as Go's `ParseInt` and `ParseUint` read it with base 0; `None` for one that does not
/// fit 64 bits.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let (negative, digits) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // A second sign would pass the parser of Rust.
    if !digits.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    // With a sign only the signed type is tried.
    let fits =
        i64::try_from(value).is_ok() || text.as_bytes()[0] != b'+' && u64::try_from(value).is_ok();
    fits.then_some(Scalar::Int(value))
}

/// A float: digits with at most one point, and an exponent. One too large is text.
fn float(text: &str) -> Option<Scalar<'static>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.map_or("0", |exponent| {
        exponent.strip_prefix(['+', '-']).unwrap_or(exponent)
    });
    let is_float = is_digits(whole)
        && is_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && !exponent_digits.is_empty()
        && is_digits(exponent_digits);
    let value: f64 = if is_float {
        text.parse().ok()?
    } else {
        return None;
    };
    value.is_finite().then_some(Scalar::Float(value))
}

/// Whether every underscore stands between two digits.
fn has_sound_underscores(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    bytes.iter().enumerate().all(|(index, byte)| {
        *byte != b'_' || index > 0 && is_digit(index - 1) && is_digit(index + 1)
    })
}

/// Standard base64 with its padding; line breaks are skipped, as Go does.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let chars: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let padding = chars.iter().rev().take_while(|byte| **byte == b'=').count();
    if !chars.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut decoded = Vec::with_capacity(chars.len() / 4 * 3);
    for group in chars[..chars.len() - padding].chunks(4) {
        let mut bits = 0u32;
        for byte in group {
            bits = bits << 6 | base64_digit(*byte)?;
        }
        let len = group.len();
        bits <<= 6 * (4 - len);
        decoded.extend_from_slice(&bits.to_be_bytes()[1..len.max(1)]);
    }
    Some(decoded)
}

fn base64_digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}
