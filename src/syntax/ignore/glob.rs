//! One pattern against one path, in the way of moby's patternmatcher: `*`, `?`, `**`, `[…]`, `\`.
//!
//! The reference makes a regular expression of Go from every pattern, and what it does not escape
//! means there what it means in Go (`|`, `^`, `{2}`, `\d`). Patterns that hold none of this have a
//! matcher of their own here.

use memchr::memmem::Finder;

use super::{regexp, valid};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) enum Glob {
    /// The path itself.
    Exact(String),
    /// `x**`: every path that starts so.
    Prefix(String),
    /// `**x`: every path that ends so.
    Suffix(Vec<u8>),
    /// Stars, question marks and plain classes. Every path that it matches holds `literal`, which
    /// most paths do not.
    Wild {
        literal: Box<Finder<'static>>,
        parts: Vec<PathPiece>,
    },
    /// Anything else, as the regular expression that it is in the reference.
    Regexp(Box<regex::bytes::Regex>),
    /// No regular expression, which is found out only when a path is held against it.
    Broken(&'static str),
}

/// A part of a pattern: what one character of the path must be, or a way past it.
#[derive(Clone, Debug)]
pub(super) enum PathPiece {
    /// This character.
    Character(char),
    /// `?`: any but `/`.
    Any,
    /// `[…]`: any of these ranges, or none of them. It may be `/`, as in the reference.
    Class {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
    /// `*`: any number of characters but `/`.
    Star,
    /// `**` before something, which is two parts: this one goes on behind the next or enters it …
    Optional,
    /// … and this one takes any number of characters up to and with a `/`.
    Directories,
    /// `**` at the end: whatever follows.
    Rest,
}

impl Glob {
    /// Compiles a cleaned pattern.
    ///
    /// # Errors
    /// What Go's `filepath.Match` calls a syntax error, in words.
    pub(super) fn new(pattern: &str) -> Result<Self, &'static str> {
        valid::check(pattern)?;
        // The reader of the reference passes over a byte order mark, and cuts its stars off by the
        // byte.
        let read = pattern.strip_prefix('\u{feff}').unwrap_or(pattern);
        let is_plain = |text: &str| !text.contains(['*', '?', '[', ']', '\\']);
        if is_plain(read) {
            return Ok(Glob::Exact(pattern.to_owned()));
        }
        if read.strip_prefix("**").is_some_and(is_plain) {
            return Ok(Glob::Suffix(pattern.as_bytes()[2..].to_vec()));
        }
        if let Some(prefix) = pattern
            .strip_suffix("**")
            .filter(|_| read.strip_suffix("**").is_some_and(is_plain))
        {
            return Ok(Glob::Prefix(prefix.to_owned()));
        }
        if let Some(parts) = parts(read) {
            return Ok(Glob::Wild {
                literal: Box::new(Finder::new(&longest_literal(&parts)).into_owned()),
                parts,
            });
        }
        Ok(
            regexp::compile(read)
                .map_or_else(Glob::Broken, |regexp| Glob::Regexp(Box::new(regexp))),
        )
    }

    /// The only path that it matches.
    pub(super) fn exact(&self) -> Option<&str> {
        if let Glob::Exact(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// Whether it matches all of `path`. What is broken matches nothing.
    pub(super) fn matches(&self, path: &str) -> bool {
        match self {
            Glob::Exact(text) => path == text,
            Glob::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Glob::Suffix(suffix) => {
                path.as_bytes().ends_with(suffix)
                    || suffix
                        .strip_prefix(b"/")
                        .is_some_and(|name| name == path.as_bytes())
            }
            Glob::Wild { literal, parts } => {
                literal.find(path.as_bytes()).is_some() && wild_matches(parts, path)
            }
            Glob::Regexp(regexp) => regexp.is_match(path.as_bytes()),
            Glob::Broken(_) => false,
        }
    }
}

/// The parts of a pattern; `None` where a regular expression reads more into it.
fn parts(pattern: &str) -> Option<Vec<PathPiece>> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                match characters.peek() {
                    None => parts.push(PathPiece::Rest),
                    Some(_) => parts.extend([PathPiece::Optional, PathPiece::Directories]),
                }
            }
            '*' => parts.push(PathPiece::Star),
            '?' => parts.push(PathPiece::Any),
            '[' => parts.push(class(&mut characters)?),
            '\\' => parts.push(PathPiece::Character(
                characters.next().filter(|escaped| is_itself(*escaped))?,
            )),
            '|' | '^' | '{' => return None,
            _ => parts.push(PathPiece::Character(character)),
        }
    }
    Some(parts)
}

/// Whether a character behind a backslash stands for itself in a regular expression too.
fn is_itself(escaped: char) -> bool {
    escaped.is_ascii() && !escaped.is_ascii_alphanumeric()
}

/// The longest text that must stand in every path that matches.
fn longest_literal(parts: &[PathPiece]) -> String {
    let runs = parts.split(|part| !matches!(part, PathPiece::Character(_)));
    let text = |run: &[PathPiece]| {
        run.iter()
            .filter_map(|part| {
                if let PathPiece::Character(character) = part {
                    Some(*character)
                } else {
                    None
                }
            })
            .collect()
    };
    runs.max_by_key(|run| run.len())
        .map(text)
        .unwrap_or_default()
}

/// The rest of `[…]`, when it holds nothing but characters and ranges of them.
fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<PathPiece> {
    let negated = characters.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    let bound =
        |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| match characters.next()? {
            '-' | ']' | '[' | '*' | '?' => None,
            '\\' => characters.next().filter(|escaped| is_itself(*escaped)),
            character => Some(character),
        };
    loop {
        if !ranges.is_empty() && characters.next_if_eq(&']').is_some() {
            return Some(PathPiece::Class { ranges, negated });
        }
        let low = bound(characters)?;
        let high = match characters.next_if_eq(&'-') {
            Some(_) => bound(characters)?,
            None => low,
        };
        if high < low {
            return None;
        }
        ranges.push((low, high));
    }
}

/// Runs all ways through the pattern at once, so that no pattern takes longer than its length times
/// the path's.
fn wild_matches(parts: &[PathPiece], path: &str) -> bool {
    let mut current = vec![false; parts.len() + 1];
    let mut next = current.clone();
    current[0] = true;
    go_past(parts, &mut current);
    for character in path.chars() {
        next.fill(false);
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| current[*at]) {
            match part {
                PathPiece::Character(expected) => next[at + 1] |= character == *expected,
                PathPiece::Any => next[at + 1] |= character != '/',
                PathPiece::Class { ranges, negated } => {
                    next[at + 1] |= ranges
                        .iter()
                        .any(|(low, high)| (*low..=*high).contains(&character))
                        != *negated;
                }
                PathPiece::Star => next[at] |= character != '/',
                PathPiece::Optional => {}
                PathPiece::Directories => {
                    next[at] |= character != '\n';
                    next[at + 1] |= character == '/';
                }
                PathPiece::Rest => next[at] |= character != '\n',
            }
        }
        go_past(parts, &mut next);
        std::mem::swap(&mut current, &mut next);
    }
    current[parts.len()]
}

/// Adds what can be reached without a character.
fn go_past(parts: &[PathPiece], states: &mut [bool]) {
    for (at, part) in parts.iter().enumerate() {
        if !states[at] {
            continue;
        }
        match part {
            PathPiece::Star | PathPiece::Rest => states[at + 1] = true,
            PathPiece::Optional => {
                states[at + 1] = true;
                states[at + 2] = true;
            }
            _ => {}
        }
    }
}
