//! Patterns for names, as Go's `path.Match` has them: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before
//! what stands for itself.

/// One place of a pattern.
enum NamePiece {
    /// Any number of characters.
    Many,
    /// Any one character.
    One,
    /// One of these ranges, or none of them.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// This one.
    Plain(char),
}

impl NamePiece {
    fn takes(&self, char: char) -> bool {
        match self {
            NamePiece::Many => false,
            NamePiece::One => char != '/',
            NamePiece::Class { negated, ranges } => {
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&char))
                    != *negated
            }
            NamePiece::Plain(plain) => *plain == char,
        }
    }
}

/// Whether a name is like a pattern. A pattern that is none is like nothing but itself.
pub(super) fn is_like(name: &str, pattern: &str) -> bool {
    let Some(parts) = parse(pattern) else {
        return name == pattern;
    };
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut next) = (0, 0);
    // The last star, and how much of the name it has swallowed.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match parts.get(next) {
            Some(NamePiece::Many) => {
                star = Some((next, at));
                next += 1;
            }
            Some(part) if part.takes(name[at]) => {
                at += 1;
                next += 1;
            }
            _ => match star {
                Some((place, swallowed)) => {
                    star = Some((place, swallowed + 1));
                    (at, next) = (swallowed + 1, place + 1);
                }
                None => return false,
            },
        }
    }
    parts[next..]
        .iter()
        .all(|part| matches!(part, NamePiece::Many))
}

fn parse(pattern: &str) -> Option<Vec<NamePiece>> {
    let mut parts = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(char) = rest.next() {
        parts.push(match char {
            '*' => NamePiece::Many,
            '?' => NamePiece::One,
            '\\' => NamePiece::Plain(rest.next()?),
            '[' => {
                let negated = rest.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || rest.peek() != Some(&']') {
                    let low = member(&mut rest)?;
                    let high = if rest.next_if_eq(&'-').is_some() {
                        member(&mut rest)?
                    } else {
                        low
                    };
                    ranges.push((low, high));
                }
                rest.next();
                NamePiece::Class { negated, ranges }
            }
            char => NamePiece::Plain(char),
        });
    }
    Some(parts)
}

/// One character of a class.
fn member(rest: &mut impl Iterator<Item = char>) -> Option<char> {
    match rest.next()? {
        '-' | ']' => None,
        '\\' => rest.next(),
        char => Some(char),
    }
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn patterns_are_those_of_go() {
        for (name, pattern) in [
            ("web1", "w*"),
            ("web1", "web[0-9]"),
            ("web2", "web[^1]"),
            ("db", "d?"),
            ("a*", "a\\*"),
            ("[a", "[a"),
        ] {
            assert!(is_like(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [
            ("web1", "web[^1]"),
            ("web12", "web[0-9]"),
            ("ab", "a"),
            ("a", "[]a]"),
            ("web1", "web{1,2}"),
        ] {
            assert!(!is_like(name, pattern), "{name} {pattern}");
        }
    }
}
