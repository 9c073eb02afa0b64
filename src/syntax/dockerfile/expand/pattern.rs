//! The patterns of `${V#p}`, `${V%p}` and `${V/p/r}`: `*`, `?`, and `\` before one of them.
//!
//! BuildKit makes regular expressions of them, so that `*` and `?` stop at a line end, and `$` in
//! the replacement of `//` means what it means there.

/// Values longer than this are not searched.
const LONGEST_VALUE: usize = 4096;

/// Patterns longer than this are not looked for.
const LONGEST_PATTERN: usize = 512;

/// What one part of a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ValuePiece {
    /// This character.
    Character(char),
    /// Any character but a line end.
    Any,
    /// Any number of them.
    Star,
}

/// Whether a pattern can be read.
///
/// # Errors
/// Why not, in words.
pub(super) fn check(pattern: &str, is_reversed: bool) -> Result<(), String> {
    parts(pattern, is_reversed).map(drop)
}

/// `value` without what `pattern` matches at its start, or at its end; the shortest match, or the
/// longest. `None` when the texts are too long to be looked at.
///
/// # Errors
/// As [`check`].
pub(super) fn cut(
    value: &str,
    pattern: &str,
    at_end: bool,
    greedy: bool,
) -> Result<Option<String>, String> {
    let parts = parts(pattern, at_end)?;
    if is_too_long(value, pattern) {
        return Ok(None);
    }
    let mut text: Vec<char> = value.chars().collect();
    if at_end {
        text.reverse();
    }
    let end = Search::new(&parts, &text, greedy).at(0).unwrap_or(0);
    Ok(Some(if at_end {
        text[end..].iter().rev().collect()
    } else {
        text[end..].iter().collect()
    }))
}

/// `value` with the first match of `pattern`, or all of them, replaced. `None` as in [`cut`].
///
/// # Errors
/// As [`check`].
pub(super) fn replace(
    value: &str,
    pattern: &str,
    replacement: &str,
    all: bool,
) -> Result<Option<String>, String> {
    let parts = parts(pattern, false)?;
    if is_too_long(value, pattern) {
        return Ok(None);
    }
    let text: Vec<char> = value.chars().collect();
    let mut result = String::new();
    let mut start = 0;
    let mut search_from = 0;
    let mut last_end = None;
    while search_from <= text.len() {
        let mut search = Search::new(&parts, &text, true);
        let Some((from, to)) =
            (search_from..=text.len()).find_map(|from| Some((from, search.at(from)?)))
        else {
            break;
        };
        // An empty match right behind another match does not count.
        if from < to || last_end != Some(from) {
            result.extend(&text[start..from]);
            let matched: String = text[from..to].iter().collect();
            match all {
                true => template(replacement, &matched, &mut result),
                false => result += replacement,
            }
            start = to;
            if !all {
                break;
            }
        }
        last_end = Some(to);
        search_from = if to > from { to } else { to + 1 };
    }
    result.extend(&text[start..]);
    Ok(Some(result))
}

fn is_too_long(value: &str, pattern: &str) -> bool {
    value.len() > LONGEST_VALUE || pattern.len() > LONGEST_PATTERN
}

fn parts(pattern: &str, is_reversed: bool) -> Result<Vec<ValuePiece>, String> {
    let mut characters: Vec<char> = pattern.chars().collect();
    if is_reversed {
        characters = reverse(&characters);
    }
    let mut parts = Vec::new();
    let mut rest = characters.into_iter().peekable();
    while let Some(c) = rest.next() {
        match c {
            '*' => parts.push(ValuePiece::Star),
            '?' => parts.push(ValuePiece::Any),
            '\\' if matches!(rest.peek(), Some('}' | '/')) => {}
            '\\' => match rest.next() {
                Some(escaped @ ('*' | '?' | '\\')) => parts.push(ValuePiece::Character(escaped)),
                Some(escaped) => {
                    return Err(format!(
                        "`\\{escaped}` is no escape in the pattern of a variable"
                    ));
                }
                None => return Err("a pattern cannot end with a backslash".to_owned()),
            },
            c => parts.push(ValuePiece::Character(c)),
        }
    }
    Ok(parts)
}

/// The pattern from behind; an escape stays before what it escapes.
fn reverse(pattern: &[char]) -> Vec<char> {
    let mut groups = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        let length = if pattern[at] == '\\' && at + 1 < pattern.len() {
            2
        } else {
            1
        };
        groups.push(&pattern[at..at + length]);
        at += length;
    }
    groups.into_iter().rev().flatten().copied().collect()
}

/// A search that tries every way at most once.
struct Search<'s> {
    parts: &'s [ValuePiece],
    text: &'s [char],
    greedy: bool,
    tried: Vec<bool>,
}

impl<'s> Search<'s> {
    fn new(parts: &'s [ValuePiece], text: &'s [char], greedy: bool) -> Self {
        Search {
            parts,
            text,
            greedy,
            tried: vec![false; (parts.len() + 1) * (text.len() + 1)],
        }
    }

    /// The end of the match that starts at `from`.
    fn at(&mut self, from: usize) -> Option<usize> {
        let mut ways = vec![(0, from)];
        while let Some((part, at)) = ways.pop() {
            let Some(meant) = self.parts.get(part) else {
                return Some(at);
            };
            if std::mem::replace(&mut self.tried[part * (self.text.len() + 1) + at], true) {
                continue;
            }
            let next = self.text.get(at);
            let is_any = next.is_some_and(|c| *c != '\n');
            match meant {
                ValuePiece::Character(c) if next == Some(c) => ways.push((part + 1, at + 1)),
                ValuePiece::Any if is_any => ways.push((part + 1, at + 1)),
                // The way that is pushed last is tried first.
                ValuePiece::Star if !is_any => ways.push((part + 1, at)),
                ValuePiece::Star if self.greedy => ways.extend([(part + 1, at), (part, at + 1)]),
                ValuePiece::Star => ways.extend([(part, at + 1), (part + 1, at)]),
                _ => {}
            }
        }
        None
    }
}

/// A replacement in the way of Go's `regexp.Expand`: `$0` is the match, another name is nothing,
/// `$$` is `$`.
fn template(replacement: &str, matched: &str, result: &mut String) {
    let mut rest = replacement;
    while let Some((before, behind)) = rest.split_once('$') {
        result.push_str(before);
        if let Some(behind) = behind.strip_prefix('$') {
            result.push('$');
            rest = behind;
            continue;
        }
        let braced = behind.strip_prefix('{');
        let body = braced.unwrap_or(behind);
        let length = body
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(body.len());
        let name = &body[..length];
        let behind_name = match braced {
            Some(body) => body[length..].strip_prefix('}'),
            None => Some(&body[length..]),
        };
        match behind_name {
            Some(behind_name) if !name.is_empty() => {
                if name.bytes().all(|byte| byte == b'0') && name.len() == 1 {
                    result.push_str(matched);
                }
                rest = behind_name;
            }
            _ => {
                result.push('$');
                rest = behind;
            }
        }
    }
    result.push_str(rest);
}
