//! Sizes and durations as text.

pub(super) use crate::compose::typed::duration;

/// Bytes, as docker/go-units and, before it, a plain integer say them: `64m`, `1.5gb`, `1 GiB`, `-1`.
pub(in crate::compose) fn size(text: &str) -> Option<i64> {
    if let Ok(bytes) = text.parse() {
        return Some(bytes);
    }
    let last = text.rfind(|char: char| char.is_ascii_digit() || char == '.' || char == ' ')?;
    let number = if text.as_bytes()[last] == b' ' { &text[..last] } else { &text[..=last] };
    let bytes: f64 = number.parse().ok().filter(|bytes: &f64| *bytes >= 0.0)?;
    let unit = text[last + 1..].to_ascii_lowercase();
    let (prefix, rest) = match unit.as_str() {
        "" | "b" => ("", ""),
        unit => unit.split_at_checked(1)?,
    };
    let exponent = ["", "k", "m", "g", "t", "p"].into_iter().position(|known| known == prefix)?;
    let factor = 1_i64 << (10 * exponent);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the reference computes in the same type")]
    matches!(rest, "" | "b" | "ib").then_some((bytes * factor as f64) as i64)
}
