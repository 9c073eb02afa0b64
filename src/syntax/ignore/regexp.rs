//! A pattern as the regular expression of Go that moby's patternmatcher makes of it, written as one
//! of ours.
//!
//! Go's flavour is told in the documentation of its package `regexp/syntax`. Ours differs in a few
//! places: what `\d`, `\s`, `\w` and `\b` know beyond ASCII, what may stand within `[…]`, and which
//! letters a backslash may precede.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use regex::bytes::{Regex, RegexBuilder};

const NO_ESCAPE: &str = "a backslash stands before a character that it gives no meaning";
const OPEN: &str = "`[` is never closed";

/// Compiles a pattern.
///
/// # Errors
/// Why it is no regular expression.
pub(super) fn compile(pattern: &str) -> Result<Regex, &'static str> {
    let written = translate(&expression(pattern))?;
    RegexBuilder::new(&written)
        .build()
        .map_err(|_| "it is no regular expression when its stars are spelled out")
}

/// The regular expression of the reference. Of what means something in one, only ASCII below `@` is
/// escaped.
fn expression(pattern: &str) -> String {
    let mut text = String::from("^");
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                text.push_str(if characters.peek().is_none() {
                    ".*"
                } else {
                    "(.*/)?"
                });
            }
            '*' => text.push_str("[^/]*"),
            '?' => text.push_str("[^/]"),
            '.' | '+' | '(' | ')' | '$' => text.extend(['\\', character]),
            '\\' => {
                text.push('\\');
                text.extend(characters.next());
            }
            _ => text.push(character),
        }
    }
    text.push('$');
    text
}

/// Writes an expression of Go as one of ours.
fn translate(expression: &str) -> Result<String, &'static str> {
    let mut ours = String::new();
    let mut rest = expression.chars().peekable();
    // One repetition may not follow another.
    let mut is_repeated = false;
    while let Some(character) = rest.next() {
        let mut repeats = false;
        match character {
            '[' => class(&mut rest, &mut ours)?,
            '\\' => escape(&mut rest, &mut ours)?,
            '{' => match repetition(&rest.clone().collect::<String>())? {
                Some(length) => {
                    repeats = true;
                    ours.push('{');
                    ours.extend(rest.by_ref().take(length));
                }
                None => ours.push_str("\\{"),
            },
            '*' | '+' | '?' => {
                repeats = true;
                ours.push(character);
            }
            '(' | ')' | '|' | '^' | '$' | '.' => ours.push(character),
            plain => literal(plain, &mut ours),
        }
        if repeats && is_repeated {
            return Err("one repetition follows another");
        }
        is_repeated = repeats;
    }
    Ok(ours)
}

fn literal(character: char, ours: &mut String) {
    write!(ours, "\\x{{{:x}}}", u32::from(character)).expect("a string takes all that is written");
}

/// How long the rest of `{2}`, `{2,}` or `{2,3}` is; `None` where the brace stands for itself.
fn repetition(rest: &str) -> Result<Option<usize>, &'static str> {
    let Some((inside, _)) = rest.split_once('}') else {
        return Ok(None);
    };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let is_number = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text.len() == 1 || !text.starts_with('0'))
    };
    if !is_number(least) || !(most.is_empty() || is_number(most)) {
        return Ok(None);
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let is_too_much = number(least) > 1000
        || !most.is_empty() && (number(most) > 1000 || number(most) < number(least));
    if is_too_much {
        Err("a repetition in `{…}` is too large, or ends before it begins")
    } else {
        Ok(Some(inside.len() + 1))
    }
}

/// What stands behind a backslash outside of a class.
fn escape(rest: &mut Peekable<Chars<'_>>, ours: &mut String) -> Result<(), &'static str> {
    match rest.peek() {
        Some(anchor @ ('A' | 'z')) => ours.extend(['\\', *anchor]),
        Some(border @ ('b' | 'B')) => {
            ours.extend(["(?-u:\\", border.encode_utf8(&mut [0; 4]), ")"])
        }
        Some('Q') => {
            rest.next();
            while let Some(character) = rest.next() {
                if character == '\\' && rest.next_if_eq(&'E').is_some() {
                    break;
                }
                literal(character, ours);
            }
            return Ok(());
        }
        _ => {
            match group(rest)? {
                Some(group) => ours.push_str(&group),
                None => literal(escaped(rest)?, ours),
            }
            return Ok(());
        }
    }
    rest.next();
    Ok(())
}

/// `\d`, `\pL` and the like, behind their backslash.
fn group(rest: &mut Peekable<Chars<'_>>) -> Result<Option<String>, &'static str> {
    let known = match rest.peek() {
        Some('d') => "[0-9]",
        Some('D') => "[^0-9]",
        Some('s') => "[\\t\\n\\x0C\\r ]",
        Some('S') => "[^\\t\\n\\x0C\\r ]",
        Some('w') => "[0-9A-Za-z_]",
        Some('W') => "[^0-9A-Za-z_]",
        Some('p' | 'P') => {
            let is_negated = rest.next() == Some('P');
            let name = match rest.next().ok_or(NO_ESCAPE)? {
                '{' => {
                    let name: String = rest
                        .by_ref()
                        .take_while(|character| *character != '}')
                        .collect();
                    name
                }
                letter => letter.to_string(),
            };
            let (is_taken_back, name) = name
                .strip_prefix('^')
                .map_or((false, name.as_str()), |name| (true, name));
            let letter = if is_negated == is_taken_back {
                'p'
            } else {
                'P'
            };
            return Ok(Some(format!("\\{letter}{{{name}}}")));
        }
        _ => return Ok(None),
    };
    rest.next();
    Ok(Some(known.to_owned()))
}

/// The one character that an escape stands for, behind its backslash.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<char, &'static str> {
    let octal = |character: &char| matches!(character, '0'..='7');
    match rest.next().ok_or(NO_ESCAPE)? {
        'a' => Ok('\u{7}'),
        'f' => Ok('\u{c}'),
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        't' => Ok('\t'),
        'v' => Ok('\u{b}'),
        'x' => hexadecimal(rest),
        first @ '0'..='7' => {
            if first != '0' && !rest.peek().is_some_and(octal) {
                return Err(NO_ESCAPE);
            }
            let mut code = first as u32 - '0' as u32;
            for _ in 0..2 {
                let Some(digit) = rest.next_if(octal) else {
                    break;
                };
                code = code * 8 + (digit as u32 - '0' as u32);
            }
            char::from_u32(code).ok_or(NO_ESCAPE)
        }
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Ok(other),
        _ => Err(NO_ESCAPE),
    }
}

/// `\x41` and `\x{41}`, behind the `x`.
fn hexadecimal(rest: &mut Peekable<Chars<'_>>) -> Result<char, &'static str> {
    let mut code = 0_u32;
    if rest.next_if_eq(&'{').is_none() {
        for _ in 0..2 {
            code = code * 16
                + rest
                    .next()
                    .and_then(|digit| digit.to_digit(16))
                    .ok_or(NO_ESCAPE)?;
        }
        return char::from_u32(code).ok_or(NO_ESCAPE);
    }
    let mut is_empty = true;
    loop {
        match rest.next() {
            Some('}') if !is_empty => return char::from_u32(code).ok_or(NO_ESCAPE),
            Some(digit) => code = code * 16 + digit.to_digit(16).ok_or(NO_ESCAPE)?,
            None => return Err(NO_ESCAPE),
        }
        if code > u32::from(char::MAX) {
            return Err(NO_ESCAPE);
        }
        is_empty = false;
    }
}

/// The rest of `[…]`.
fn class(rest: &mut Peekable<Chars<'_>>, ours: &mut String) -> Result<(), &'static str> {
    ours.push('[');
    if rest.next_if_eq(&'^').is_some() {
        ours.push('^');
    }
    let mut is_first = true;
    loop {
        if !is_first && rest.next_if_eq(&']').is_some() {
            ours.push(']');
            return Ok(());
        }
        is_first = false;
        if let Some(name) = named_class(rest) {
            ours.push_str(&name);
            continue;
        }
        if rest.peek() == Some(&'\\') {
            let mut behind = rest.clone();
            behind.next();
            if let Some(group) = group(&mut behind)? {
                ours.push_str(&group);
                *rest = behind;
                continue;
            }
        }
        let low = bound(rest)?;
        let mut ahead = rest.clone();
        let is_range =
            ahead.next() == Some('-') && ahead.next().is_some_and(|behind| behind != ']');
        let high = if is_range {
            rest.next();
            bound(rest)?
        } else {
            low
        };
        if high < low {
            return Err("a range in `[…]` ends before it begins");
        }
        literal(low, ours);
        ours.push('-');
        literal(high, ours);
    }
}

/// `[:alpha:]` within a class.
fn named_class(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let ahead: String = rest.clone().collect();
    let length = ahead.strip_prefix("[:")?.find(":]")? + 4;
    rest.nth(ahead[..length].chars().count() - 1);
    Some(ahead[..length].to_owned())
}

fn bound(rest: &mut Peekable<Chars<'_>>) -> Result<char, &'static str> {
    match rest.next().ok_or(OPEN)? {
        '\\' => escaped(rest),
        plain => Ok(plain),
    }
}
