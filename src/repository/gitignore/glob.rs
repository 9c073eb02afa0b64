//! A line of a `.gitignore` in the words of the `ignore` crate, where that reads it otherwise than git.
//!
//! To the crate braces are alternatives, and brackets may match a slash and know neither escapes nor
//! `[:digit:]`. Source: wildmatch.c of git, checked against `git check-ignore`.

use std::iter::Peekable;
use std::str::Chars;

/// The same pattern for the crate; `None` for one that matches nothing.
pub(super) fn of_line(line: &str) -> Option<String> {
    let mut glob = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                glob.push(character);
                glob.extend(rest.next());
            }
            '{' | '}' => glob.extend(['\\', character]),
            '[' => glob.push_str(&Class::read(&mut rest)?.written()?),
            _ => glob.push(character),
        }
    }
    Some(glob)
}

/// The characters that a bracket expression stands for.
struct Class {
    is_negated: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    /// Reads what follows `[`; `None` when no `]` ends it.
    fn read(rest: &mut Peekable<Chars<'_>>) -> Option<Class> {
        let is_negated = rest.next_if(|next| matches!(next, '!' | '^')).is_some();
        let mut ranges: Vec<(char, char)> = Vec::new();
        // The last single character, from which a `-` may lead on.
        let mut from = None;
        let mut is_first = true;
        loop {
            let character = rest.next()?;
            match character {
                ']' if !is_first => break,
                '[' if rest.peek() == Some(&':') => {
                    ranges.extend(named(rest)?);
                    from = None;
                }
                '-' if from.is_some() && rest.peek().is_some_and(|next| *next != ']') => {
                    let start = from.take().unwrap_or(character);
                    let end = match rest.next()? {
                        '\\' => rest.next()?,
                        end => end,
                    };
                    ranges.push((start, end));
                }
                character => {
                    let meant = if character == '\\' {
                        rest.next()?
                    } else {
                        character
                    };
                    ranges.push((meant, meant));
                    from = Some(meant);
                }
            }
            is_first = false;
        }
        Some(Class { is_negated, ranges })
    }

    /// As the crate writes it, which has no escapes in brackets: `]` first, `-` last, neither `!` nor
    /// `^` at the start, and no slash; `None` when nothing is left.
    fn written(&self) -> Option<String> {
        let mut plain = String::new();
        let mut special = String::new();
        for (start, end) in &self.ranges {
            let mut start = *start;
            for one in SPECIAL {
                if !(start..=*end).contains(&char::from(one)) {
                    continue;
                }
                special.push(char::from(one));
                if u32::from(start) < u32::from(one) {
                    plain.extend([start, '-', char::from(one - 1)]);
                }
                start = char::from(one + 1);
            }
            if start <= *end {
                plain.extend([start, '-', *end]);
            }
        }
        let has = |one: char| special.contains(one);
        let bracket = if has(']') { "]" } else { "" };
        let dash = if has('-') { "-" } else { "" };
        let signs: String = ['!', '^'].into_iter().filter(|sign| has(*sign)).collect();
        if self.is_negated {
            return Some(format!("[!{bracket}{plain}{signs}/{dash}]"));
        }
        match (bracket.is_empty() && plain.is_empty(), dash, signs.as_str()) {
            (false, _, _) => Some(format!("[{bracket}{plain}{signs}{dash}]")),
            (true, "-", _) => Some(format!("[-{signs}]")),
            (true, _, "") => None,
            (true, _, "!^") => Some("{\\!,\\^}".to_owned()),
            (true, _, sign) => Some(format!("\\{sign}")),
        }
    }
}

/// What means more than itself in brackets, to the crate or to git, in the order of the alphabet.
const SPECIAL: [u8; 5] = *b"!-/]^";

/// Reads `:name:]` behind a `[`.
fn named(rest: &mut Peekable<Chars<'_>>) -> Option<&'static [(char, char)]> {
    rest.next();
    let name: String = rest.by_ref().take_while(|next| *next != ':').collect();
    if rest.next() != Some(']') {
        return None;
    }
    Some(match name.as_str() {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "blank" => &[(' ', ' '), ('\t', '\t')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        "upper" => &[('A', 'Z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    })
}
