//! One pattern against one path, in the way of moby's patternmatcher: `*`, `?`, `**`, `[…]`, `\`.

use memchr::memmem::Finder;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) enum Glob {
    /// The path itself.
    Exact(String),
    /// `x**`: every path that starts so.
    Prefix(String),
    /// `**x`: every path that ends so.
    Suffix(String),
    /// Anything else. Every path that it matches holds `literal`, which most paths do not.
    Wild { literal: Box<Finder<'static>>, parts: Vec<Part> },
}

/// A part of a pattern: what one character of the path must be, or a way past it.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// This character.
    Character(char),
    /// `?`: any but `/`.
    Any,
    /// `[…]`: any of these ranges, or none of them. It may be `/`, as in the reference.
    Class { ranges: Vec<(char, char)>, negated: bool },
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
        let is_plain = |text: &str| !text.contains(['*', '?', '[', ']', '\\']);
        if is_plain(pattern) {
            return Ok(Glob::Exact(pattern.to_owned()));
        }
        if let Some(suffix) = pattern.strip_prefix("**").filter(|rest| is_plain(rest)) {
            return Ok(Glob::Suffix(suffix.to_owned()));
        }
        if let Some(prefix) = pattern.strip_suffix("**").filter(|rest| is_plain(rest)) {
            return Ok(Glob::Prefix(prefix.to_owned()));
        }
        let parts = parts(pattern)?;
        Ok(Glob::Wild { literal: Box::new(Finder::new(&longest_literal(&parts)).into_owned()), parts })
    }

    /// The only path that it matches, with all below it.
    pub(super) fn exact(&self) -> Option<&str> {
        if let Glob::Exact(text) = self { Some(text) } else { None }
    }

    /// Whether it matches `path` or one of its parent directories.
    pub(super) fn matches_or_parent_matches(&self, path: &str) -> bool {
        match self {
            Glob::Exact(text) => path.strip_prefix(text.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Glob::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Glob::Suffix(suffix) => {
                let ends_so = |path: &str| path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path);
                ends_so(path) || path.match_indices('/').any(|(slash, _)| ends_so(&path[..slash]))
            }
            Glob::Wild { literal, parts } => literal.find(path.as_bytes()).is_some() && wild_matches(parts, path),
        }
    }
}

fn parts(pattern: &str) -> Result<Vec<Part>, &'static str> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                match characters.peek() {
                    None => parts.push(Part::Rest),
                    Some(_) => parts.extend([Part::Optional, Part::Directories]),
                }
            }
            '*' => parts.push(Part::Star),
            '?' => parts.push(Part::Any),
            '[' => parts.push(class(&mut characters)?),
            '\\' => parts.push(Part::Character(characters.next().ok_or("it ends with a backslash")?)),
            _ => parts.push(Part::Character(character)),
        }
    }
    Ok(parts)
}

/// The longest text that must stand in every path that matches.
fn longest_literal(parts: &[Part]) -> String {
    let runs = parts.split(|part| !matches!(part, Part::Character(_)));
    let text =
        |run: &[Part]| run.iter().filter_map(|part| if let Part::Character(character) = part { Some(*character) } else { None }).collect();
    runs.max_by_key(|run| run.len()).map(text).unwrap_or_default()
}

/// The rest of `[…]`.
fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Part, &'static str> {
    const OPEN: &str = "`[` is never closed";
    let negated = characters.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    let bound = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| match characters.next().ok_or(OPEN)? {
        '-' | ']' => Err("`[…]` may not hold `-` or `]` without a backslash"),
        '\\' => characters.next().ok_or(OPEN),
        character => Ok(character),
    };
    loop {
        if !ranges.is_empty() && characters.next_if_eq(&']').is_some() {
            return Ok(Part::Class { ranges, negated });
        }
        let low = bound(characters)?;
        let high = match characters.next_if_eq(&'-') {
            Some(_) => bound(characters)?,
            None => low,
        };
        if high < low {
            return Err("a range in `[…]` ends before it begins");
        }
        ranges.push((low, high));
    }
}

/// Runs all ways through the pattern at once, so that no pattern takes longer than its length times the path's.
fn wild_matches(parts: &[Part], path: &str) -> bool {
    let mut current = vec![false; parts.len() + 1];
    let mut next = current.clone();
    current[0] = true;
    go_past(parts, &mut current);
    for character in path.chars() {
        if character == '/' && current[parts.len()] {
            return true;
        }
        next.fill(false);
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| current[*at]) {
            match part {
                Part::Character(expected) => next[at + 1] |= character == *expected,
                Part::Any => next[at + 1] |= character != '/',
                Part::Class { ranges, negated } => {
                    next[at + 1] |= ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *negated;
                }
                Part::Star => next[at] |= character != '/',
                Part::Optional => {}
                Part::Directories => {
                    next[at] = true;
                    next[at + 1] |= character == '/';
                }
                Part::Rest => next[at] = true,
            }
        }
        go_past(parts, &mut next);
        std::mem::swap(&mut current, &mut next);
    }
    current[parts.len()]
}

/// Adds what can be reached without a character.
fn go_past(parts: &[Part], states: &mut [bool]) {
    for (at, part) in parts.iter().enumerate() {
        if !states[at] {
            continue;
        }
        match part {
            Part::Star | Part::Rest => states[at + 1] = true,
            Part::Optional => {
                states[at + 1] = true;
                states[at + 2] = true;
            }
            _ => {}
        }
    }
}
