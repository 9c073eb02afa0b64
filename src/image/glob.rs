//! `*`, `?` and `[…]` against one name or one value.

/// Whether `pattern` matches all of `text`. `\` takes the meaning from the next character. Of two
/// stars only the last is ever tried again, so that the time is at most the product of both
/// lengths.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut position) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while position < text.len() {
        if pattern.get(at) == Some(&'*') {
            at += 1;
            star = Some((at, position));
            continue;
        }
        if let Some(length) = one(&pattern[at..], text[position]) {
            at += length;
            position += 1;
            continue;
        }
        let Some((after, from)) = star else {
            return false;
        };
        star = Some((after, from + 1));
        (at, position) = (after, from + 1);
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// How many characters of the pattern match the character `c`.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        '[' => class(pattern, c),
        '\\' => (*pattern.get(1)? == c).then_some(2),
        literal => (literal == c).then_some(1),
    }
}

/// `[a-z]`, `[^a-z]`.
fn class(pattern: &[char], c: char) -> Option<usize> {
    let end = 2 + pattern.get(2..)?.iter().position(|c| *c == ']')?;
    let (inner, negated) = match pattern[1] {
        '^' | '!' => (&pattern[2..end], true),
        _ => (&pattern[1..end], false),
    };
    let mut found = false;
    let mut rest = inner;
    while let Some(&first) = rest.first() {
        let last = if rest.get(1) == Some(&'-') && rest.len() > 2 {
            rest[2]
        } else {
            first
        };
        found |= first <= c && c <= last;
        rest = &rest[if last == first { 1 } else { 3 }..];
    }
    (found != negated).then_some(end + 1)
}
