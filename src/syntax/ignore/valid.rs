//! Whether Go's `filepath.Match` can read a pattern, as far as moby's patternmatcher asks: it holds
//! every pattern against the path `.`, and `Match` reads a pattern only as far as that path leads
//! it.

/// Looks for what `filepath.Match(pattern, ".")` calls a syntax error.
///
/// # Errors
/// The error in words.
pub(super) fn check(pattern: &str) -> Result<(), &'static str> {
    let mut rest = pattern.as_bytes();
    let mut name: &[u8] = b".";
    while !rest.is_empty() {
        let (is_behind_star, chunk, behind) = next_chunk(rest);
        rest = behind;
        if is_behind_star && chunk.is_empty() {
            return Ok(());
        }
        // A star may take nothing of the path, or all of it.
        let starts = if is_behind_star {
            0..name.len() + 1
        } else {
            0..1
        };
        let mut ends = Vec::new();
        for start in starts {
            ends.push(read_chunk(chunk, &name[start..])?);
        }
        match ends
            .into_iter()
            .flatten()
            .find(|left| left.is_empty() || !rest.is_empty())
        {
            Some(left) => name = left,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// What stands before the next star outside of a class: whether it follows stars itself, its text,
/// and all behind it.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = &pattern[stars..];
    let mut is_in_class = false;
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            b'\\' => at += 1,
            b'[' => is_in_class = true,
            b']' => is_in_class = false,
            b'*' if !is_in_class => break,
            _ => {}
        }
        at += 1;
    }
    let (chunk, behind) = pattern.split_at(at.min(pattern.len()));
    (stars > 0, chunk, behind)
}

/// Reads all of a chunk, and what it leaves of the path when it matches.
fn read_chunk<'n>(mut chunk: &[u8], name: &'n [u8]) -> Result<Option<&'n [u8]>, &'static str> {
    let mut left = Some(name);
    while let Some((first, rest)) = chunk.split_first() {
        chunk = rest;
        let byte = left.and_then(|left| left.first().copied());
        let fits = match first {
            b'[' => {
                let (behind, fits) = read_class(chunk, byte)?;
                chunk = behind;
                fits
            }
            b'?' => byte.is_some_and(|byte| byte != b'/'),
            b'\\' => {
                let (escaped, behind) = chunk.split_first().ok_or("it ends with a backslash")?;
                chunk = behind;
                byte == Some(*escaped)
            }
            plain => byte == Some(*plain),
        };
        left = left
            .filter(|left| fits && !left.is_empty())
            .map(|left| &left[1..]);
    }
    Ok(left)
}

/// The rest of `[…]`: what stands behind it, and whether `byte` is in it.
fn read_class(mut class: &[u8], byte: Option<u8>) -> Result<(&[u8], bool), &'static str> {
    let is_negated = class.first() == Some(&b'^');
    class = &class[usize::from(is_negated)..];
    let mut is_in = false;
    let mut is_first = true;
    loop {
        if !is_first && class.first() == Some(&b']') {
            return Ok((&class[1..], byte.is_some() && is_in != is_negated));
        }
        is_first = false;
        let (low, behind) = read_bound(class)?;
        class = behind;
        let mut high = low;
        if class.first() == Some(&b'-') {
            (high, class) = read_bound(&class[1..])?;
        }
        is_in |= byte.is_some_and(|byte| low <= char::from(byte) && char::from(byte) <= high);
    }
}

/// A character in a class. The class must go on behind it.
fn read_bound(class: &[u8]) -> Result<(char, &[u8]), &'static str> {
    const OPEN: &str = "`[` is never closed";
    let class = match class {
        [] => return Err(OPEN),
        [b'-' | b']', ..] => return Err("`[…]` may not hold `-` or `]` without a backslash"),
        [b'\\', rest @ ..] => rest,
        rest => rest,
    };
    let length = class
        .iter()
        .skip(1)
        .take_while(|byte| **byte & 0xc0 == 0x80)
        .count()
        + 1;
    let character = class
        .get(..length)
        .and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next())
        .ok_or(OPEN)?;
    match &class[length..] {
        [] => Err(OPEN),
        rest => Ok((character, rest)),
    }
}
