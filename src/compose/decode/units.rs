//! Sizes and durations as text.

use crate::compose::cast::go_float;
pub(super) use crate::compose::typed::duration;

/// Bytes, as docker/go-units and, before it, a plain integer say them: `64m`, `1.5gb`, `1 GiB`,
/// `-1`.
pub(in crate::compose) fn size(text: &str) -> Option<i64> {
    if let Ok(bytes) = text.parse() {
        return Some(bytes);
    }
    let last = text.rfind(|char: char| char.is_ascii_digit() || char == '.' || char == ' ')?;
    let number = if text.as_bytes()[last] == b' ' {
        &text[..last]
    } else {
        &text[..=last]
    };
    let bytes = go_float(number).filter(|bytes| *bytes >= 0.0)?;
    let unit = text[last + 1..].to_ascii_lowercase();
    let (prefix, rest) = match unit.as_str() {
        "" | "b" => ("", ""),
        unit => unit.split_at_checked(1)?,
    };
    let exponent = ["", "k", "m", "g", "t", "p"]
        .into_iter()
        .position(|known| known == prefix)?;
    let factor = 1_i64 << (10 * exponent);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "the reference computes in the same type"
    )]
    matches!(rest, "" | "b" | "ib").then(|| match bytes * factor as f64 {
        // What does not fit becomes what the processor makes of it.
        bytes if bytes >= i64::MAX as f64 => i64::MIN,
        bytes => bytes as i64,
    })
}
