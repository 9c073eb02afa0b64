//! Words with variables, expanded where the text says what they are.

use std::cell::Cell;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::syntax::shell::{self, Word};
use crate::text::{Cooked, CookedBuilder, Span};

/// A word after expansion.
#[derive(Clone, Debug)]
pub(super) struct Expanded {
    /// What the program gets; `None` when that is not known. It may be several words then, or none.
    pub(super) text: Option<String>,
    /// Where it is written.
    pub(super) span: Span,
}

/// What is known where a command stands.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    /// Every value a name is given, in order.
    pub(super) variables: FxHashMap<String, Vec<Cooked>>,
    /// Whether `$(NAME)` is a variable, as in makefiles, rather than a command.
    pub(super) parentheses_are_variables: bool,
    /// The directory of the file.
    pub(super) directory: &'a Path,
    /// The directory of the repository.
    pub(super) root: &'a Path,
}

/// Variables are followed through this many others.
const DEPTH_LIMIT: u32 = 6;

/// How many variables one command may expand, so that a small file cannot grow without bound.
const EXPANSION_LIMIT: u32 = 200;

impl Scope<'_> {
    /// Notes that a name is given a value.
    pub(super) fn assign(&mut self, name: &str, value: Cooked) {
        self.variables
            .entry(name.to_owned())
            .or_default()
            .push(value);
    }

    /// Notes that a value is put behind those a name has (`+=`).
    pub(super) fn append(&mut self, name: &str, value: &Cooked) {
        let values = self.variables.entry(name.to_owned()).or_default();
        match values.last_mut() {
            None => values.push(value.clone()),
            Some(last) => {
                let mut builder = CookedBuilder::new(value.span());
                builder.append(last, 0..last.as_str().len());
                builder.replaced(" ", value.span().start..value.span().start);
                builder.append(value, 0..value.as_str().len());
                *last = builder.finish();
            }
        }
    }

    /// The words as the program gets them.
    pub(super) fn expand(&self, words: &[Word]) -> Vec<Expanded> {
        let budget = Cell::new(EXPANSION_LIMIT);
        words
            .iter()
            .flat_map(|word| self.word(word, 0, &budget))
            .collect()
    }

    /// The text with all its variables replaced, if all are known.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        self.substitute(text, 0, &Cell::new(EXPANSION_LIMIT))
    }

    fn word(&self, word: &Word, depth: u32, budget: &Cell<u32>) -> Vec<Expanded> {
        let text = word.text.as_str();
        if word.literal {
            return vec![Expanded {
                text: Some(text.to_owned()),
                span: word.span,
            }];
        }
        let unknown = || {
            vec![Expanded {
                text: None,
                span: word.span,
            }]
        };
        if !text.contains(['$', '`']) {
            // A glob or a `~`: only the running shell knows.
            return unknown();
        }
        if let Some((reference, len)) = reference(text)
            && len == text.len()
            && (!word.quoted || reference.is_array)
            && let Some(name) = self.name(&reference)
        {
            if depth >= DEPTH_LIMIT || !spend(budget) {
                return unknown();
            }
            return match self.variables.get(name) {
                Some(values) => self.split(values, depth, budget).unwrap_or_else(unknown),
                None => match reference.default {
                    Some(default) => self
                        .split(&[Cooked::synthetic(default, word.span)], depth, budget)
                        .unwrap_or_else(unknown),
                    None => unknown(),
                },
            };
        }
        vec![Expanded {
            text: self.substitute(text, depth, budget),
            span: word.span,
        }]
    }

    /// The words of a variable's value. Several values are as good as one when they mean the same
    /// call.
    fn split(&self, values: &[Cooked], depth: u32, budget: &Cell<u32>) -> Option<Vec<Expanded>> {
        let mut found: Option<Vec<Expanded>> = None;
        for value in values {
            let script = shell::parse(value);
            let [command] = script.commands.as_slice() else {
                return None;
            };
            let words: Vec<_> = command
                .words
                .iter()
                .flat_map(|word| self.word(word, depth + 1, budget))
                .collect();
            match &found {
                Some(first) if !mean_the_same(first, &words) => return None,
                Some(_) => {}
                None => found = Some(words),
            }
        }
        found
    }

    fn substitute(&self, text: &str, depth: u32, budget: &Cell<u32>) -> Option<String> {
        let mut result = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['$', '`']) {
            result.push_str(&rest[..at]);
            let (reference, len) = reference(&rest[at..])?;
            if depth >= DEPTH_LIMIT || !spend(budget) {
                return None;
            }
            let value = match self.name(&reference) {
                Some(name) => self.value(name, reference.default, depth, budget)?,
                None => self.command(reference.name, depth, budget)?,
            };
            result.push_str(&value);
            rest = &rest[at + len..];
        }
        result.push_str(rest);
        Some(result)
    }

    fn value(
        &self,
        name: &str,
        default: Option<&str>,
        depth: u32,
        budget: &Cell<u32>,
    ) -> Option<String> {
        if let Some(values) = self.variables.get(name) {
            let first = values.first()?;
            if values.iter().any(|value| value.as_str() != first.as_str()) {
                return None;
            }
            return self.substitute(first.as_str(), depth + 1, budget);
        }
        match name {
            "PWD" | "CURDIR" => Some(".".to_owned()),
            _ => self.substitute(default?, depth + 1, budget),
        }
    }

    /// The variable's name, unless the reference is a command.
    fn name<'t>(&self, reference: &Reference<'t>) -> Option<&'t str> {
        match reference.is_command {
            true if self.parentheses_are_variables && is_name(reference.name) => {
                Some(reference.name)
            }
            true => None,
            false => Some(reference.name),
        }
    }

    /// What a command substitution prints, for the few that name a directory.
    fn command(&self, command: &str, depth: u32, budget: &Cell<u32>) -> Option<String> {
        let command = command.trim().trim_start_matches("shell ").trim();
        if command == "pwd" {
            return Some(".".to_owned());
        }
        if command.contains("git rev-parse --show-toplevel") {
            return self.root.to_str().map(str::to_owned);
        }
        // `cd "$(dirname "$0")/.." && pwd`: what counts is the directory of the script and what is
        // put behind it.
        let of_script = ["BASH_SOURCE", "$0", "${0"]
            .iter()
            .find_map(|mark| command.find(mark).map(|at| at + mark.len()));
        if let (true, Some(at)) = (
            command.contains("dirname") || command.contains("%/*"),
            of_script,
        ) {
            let behind = command[at..].trim_start_matches(|c: char| !matches!(c, '/' | '&' | ';'));
            let suffix: String = behind
                .chars()
                .take_while(|c| !matches!(c, '"' | '\'' | ' ' | ')' | '&' | ';'))
                .collect();
            return Some(format!("{}{suffix}", self.directory.to_str()?));
        }
        let inner = command.strip_prefix("dirname ")?.trim().trim_matches('"');
        let inner = self.substitute(inner, depth + 1, budget)?;
        Path::new(&inner).parent()?.to_str().map(str::to_owned)
    }
}

fn spend(budget: &Cell<u32>) -> bool {
    budget.set(budget.get().saturating_sub(1));
    budget.get() > 0
}

/// Whether two lists of words run the same thing: `docker compose` and `docker-compose` do.
fn mean_the_same(left: &[Expanded], right: &[Expanded]) -> bool {
    fn plain(words: &[Expanded]) -> Vec<Option<&str>> {
        let words: Vec<_> = words.iter().map(|word| word.text.as_deref()).collect();
        match words.as_slice() {
            [Some("docker"), Some("compose"), rest @ ..] => std::iter::once(Some("docker-compose"))
                .chain(rest.iter().copied())
                .collect(),
            _ => words,
        }
    }
    plain(left) == plain(right)
}

/// `$NAME`, `${NAME…}`, `$(…)` or a command in backquotes.
#[derive(Debug)]
struct Reference<'t> {
    /// The variable or the command.
    name: &'t str,
    /// `${NAME:-default}`
    default: Option<&'t str>,
    /// `$(…)` or backquotes.
    is_command: bool,
    /// `${NAME[@]}`
    is_array: bool,
}

/// The reference at the start of `text` and its length; `None` for those that nobody can know
/// (`$1`, `$@`, `$$`).
fn reference(text: &str) -> Option<(Reference<'_>, usize)> {
    let plain = |name| Reference {
        name,
        default: None,
        is_command: false,
        is_array: false,
    };
    if let Some(rest) = text.strip_prefix('`') {
        let end = rest.find('`')?;
        return Some((
            Reference {
                is_command: true,
                ..plain(&rest[..end])
            },
            end + 2,
        ));
    }
    let rest = text.strip_prefix('$')?;
    let close = match rest.chars().next()? {
        '(' => ')',
        '{' => '}',
        first if first.is_ascii_alphabetic() || first == '_' => {
            let len = rest
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                .count();
            return Some((plain(&rest[..len]), 1 + len));
        }
        _ => return None,
    };
    let open = rest.chars().next()?;
    let mut depth = 0_usize;
    let end = rest.char_indices().find_map(|(at, c)| {
        depth += usize::from(c == open);
        depth -= usize::from(c == close);
        (depth == 0).then_some(at)
    })?;
    let inner = &rest[1..end];
    let len = end + 2;
    if open == '(' {
        return Some((
            Reference {
                is_command: true,
                ..plain(inner)
            },
            len,
        ));
    }
    let name_len = inner
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let (name, operation) = inner.split_at(name_len);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let default = operation
        .strip_prefix(":-")
        .or(operation.strip_prefix('-'))
        .or(operation.strip_prefix(":="));
    let is_array = operation == "[@]" || operation == "[*]";
    (operation.is_empty() || is_array || default.is_some()).then_some((
        Reference {
            default,
            is_array,
            ..plain(name)
        },
        len,
    ))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
