//! Variables in a Dockerfile: `$V`, `${V:-default}` and the other forms of BuildKit's `shell.Lex`.
//!
//! BuildKit knows every value; we do not know what a base image sets. A word whose value depends on that is `None`.

use super::glob;

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// Its value.
    Set(String),
    /// It has none.
    Unset,
    /// It may have one, set by a base image or by the builder.
    Unknown,
}

/// How deep `${a:-${b:-…}}` may be nested.
const DEPTH: usize = 20;

/// Values longer than this are not searched for patterns.
const LONGEST_VALUE: usize = 4096;

/// The value of a word: quotes and escapes taken out, variables put in. `None` when it is not known, or when BuildKit
/// would refuse the word.
pub(super) fn word(text: &str, escape: char, lookup: &dyn Fn(&str) -> Lookup) -> Option<String> {
    let mut expander = Expander { rest: text, escape, lookup };
    let value = expander.until(None, false, 0)?;
    expander.rest.is_empty().then_some(value)
}

struct Expander<'a> {
    rest: &'a str,
    escape: char,
    lookup: &'a dyn Fn(&str) -> Lookup,
}

impl<'a> Expander<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Reads up to `end`, which is taken too. `raw` keeps escape characters, as patterns need them.
    fn until(&mut self, end: Option<char>, raw: bool, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let mut value = String::new();
        loop {
            let Some(c) = self.next() else { return end.is_none().then_some(value) };
            match c {
                _ if Some(c) == end => return Some(value),
                '\'' => loop {
                    match self.next()? {
                        '\'' => break,
                        c => value.push(c),
                    }
                },
                '"' => self.double_quoted(&mut value, depth)?,
                '$' => value += &self.dollar(depth)?,
                _ if c == self.escape => {
                    if raw {
                        value.push(c);
                    }
                    value.extend(self.next());
                }
                _ => value.push(c),
            }
        }
    }

    fn double_quoted(&mut self, value: &mut String, depth: usize) -> Option<()> {
        loop {
            match self.next()? {
                '"' => return Some(()),
                '$' => *value += &self.dollar(depth)?,
                c if c == self.escape => match self.peek()? {
                    escaped if escaped == '"' || escaped == '$' || escaped == self.escape => value.extend(self.next()),
                    _ => value.push(c),
                },
                c => value.push(c),
            }
        }
    }

    fn dollar(&mut self, depth: usize) -> Option<String> {
        if self.peek() != Some('{') {
            return match self.name() {
                "" => Some("$".to_owned()),
                name => self.value(name),
            };
        }
        self.next();
        let name = self.name();
        if name.is_empty() {
            return None;
        }
        let known = (self.lookup)(name);
        match self.next()? {
            '}' => self.value(name),
            ':' => {
                let operator = self.next()?;
                let word = self.until(Some('}'), false, depth + 1);
                // `:` makes an empty value as good as none.
                let known = if known == Lookup::Set(String::new()) { Lookup::Unset } else { known };
                choose(operator, known, word)
            }
            operator @ ('-' | '+' | '?') => {
                let word = self.until(Some('}'), false, depth + 1);
                choose(operator, known, word)
            }
            operator @ ('#' | '%') => {
                let pattern = self.until(Some('}'), true, depth + 1)?;
                let value = of(known)?;
                let (pattern, greedy) = match pattern.strip_prefix(operator) {
                    Some(pattern) => (pattern, true),
                    None => (pattern.as_str(), false),
                };
                match operator {
                    '#' => Some(trim_start(&value, pattern, greedy)),
                    _ => Some(trim_end(&value, pattern, greedy)),
                }
            }
            '/' => {
                let all = self.peek() == Some('/');
                if all {
                    self.next();
                }
                let pattern = self.until(Some('/'), true, depth + 1)?;
                let replacement = self.until(Some('}'), true, depth + 1)?;
                Some(replace(&of(known)?, &pattern, &replacement, all))
            }
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        of((self.lookup)(name))
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest;
        let length = match self.peek() {
            Some(c) if c.is_ascii_digit() => rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
        };
        self.rest = &rest[length..];
        &rest[..length]
    }
}

fn of(known: Lookup) -> Option<String> {
    match known {
        Lookup::Set(value) => Some(value),
        Lookup::Unset => Some(String::new()),
        Lookup::Unknown => None,
    }
}

/// `-`, `+` and `?`. A default is taken also where a base image might have set the variable: it is there for when nobody
/// sets it.
fn choose(operator: char, known: Lookup, word: Option<String>) -> Option<String> {
    match (operator, known) {
        ('-', Lookup::Set(value)) => Some(value),
        ('-', _) => word,
        ('+', Lookup::Set(_)) => word,
        ('+', Lookup::Unset) => Some(String::new()),
        ('?', Lookup::Set(value)) => Some(value),
        _ => None,
    }
}

/// The places where a value can be cut, from left to right.
fn cuts(value: &str) -> Vec<usize> {
    if value.len() > LONGEST_VALUE {
        return Vec::new();
    }
    value.char_indices().map(|(at, _)| at).chain([value.len()]).collect()
}

fn trim_start(value: &str, pattern: &str, greedy: bool) -> String {
    let cuts = cuts(value);
    let matches = |cut: &&usize| glob::matches(pattern, &value[..**cut]);
    let cut = if greedy { cuts.iter().rev().find(matches) } else { cuts.iter().find(matches) };
    value[cut.copied().unwrap_or(0)..].to_owned()
}

fn trim_end(value: &str, pattern: &str, greedy: bool) -> String {
    let cuts = cuts(value);
    let matches = |cut: &&usize| glob::matches(pattern, &value[**cut..]);
    let cut = if greedy { cuts.iter().find(matches) } else { cuts.iter().rev().find(matches) };
    value[..cut.copied().unwrap_or(value.len())].to_owned()
}

/// Replaces the longest match, from the left.
fn replace(value: &str, pattern: &str, replacement: &str, all: bool) -> String {
    let cuts = cuts(value);
    let mut result = String::new();
    let mut start = 0;
    let mut index = 0;
    while let Some(&from) = cuts.get(index) {
        let longest = cuts[index..].iter().rposition(|&to| to > from && glob::matches(pattern, &value[from..to]));
        let Some(length) = longest else {
            index += 1;
            continue;
        };
        result += &value[start..from];
        result += replacement;
        index += length;
        start = cuts[index];
        if !all {
            break;
        }
    }
    result + &value[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every form, with A unset, B=banana, E empty and U unknown. The rows are of BuildKit's own table where it has them.
    #[test]
    fn every_form_of_a_variable_is_resolved() {
        let lookup = |name: &str| match name {
            "B" => Lookup::Set("banana".to_owned()),
            "E" => Lookup::Set(String::new()),
            "V" => Lookup::Set("v1.2.3".to_owned()),
            "U" => Lookup::Unknown,
            _ => Lookup::Unset,
        };
        for (text, expected) in [
            ("a", Some("a")),
            ("$A", Some("")),
            ("x$B-y", Some("xbanana-y")),
            ("${B}s", Some("bananas")),
            ("\\$B", Some("$B")),
            ("'$B'", Some("$B")),
            ("\"$B c\"", Some("banana c")),
            ("\"a\\\"b\"", Some("a\"b")),
            ("${A:-x}", Some("x")),
            ("${E:-x}", Some("x")),
            ("${E-x}", Some("")),
            ("${A:-${B}}", Some("banana")),
            ("${B:+x}", Some("x")),
            ("${E:+x}", Some("")),
            ("${E+x}", Some("x")),
            ("${A+x}", Some("")),
            ("${B:?no}", Some("banana")),
            ("${A:?no}", None),
            ("${V#v}", Some("1.2.3")),
            ("${V#*.}", Some("2.3")),
            ("${V##*.}", Some("3")),
            ("${V%.*}", Some("v1.2")),
            ("${V%%.*}", Some("v1")),
            ("${B/an/X}", Some("bXana")),
            ("${B//an/X}", Some("bXXa")),
            ("${B/a*a/X}", Some("bX")),
            ("$U", None),
            ("${U:-x}", Some("x")),
            ("${U:+x}", None),
            ("${B", None),
            ("${}", None),
            ("${B^^}", None),
            ("'a", None),
            ("$", Some("$")),
        ] {
            assert_eq!(word(text, '\\', &lookup).as_deref(), expected, "{text}");
        }
    }
}
