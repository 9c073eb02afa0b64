//! Which words a container is started with: entrypoint and command of the service over those of the
//! image.

use super::{Argv, Input, Start, Step, Variable};
use crate::knowledge::Entry;
use crate::knowledge::images;
use crate::syntax::shell::Word;
use crate::text::{Cooked, Span};

/// The words, and the steps to them; `Err` says why nothing can be known.
pub(super) fn words(input: &Input<'_>) -> Result<(Start, Vec<Step>), (String, Option<Span>)> {
    let image = &input.image;
    let is_empty = |argv: &Argv| matches!(argv, Argv::Exec(words, _) if words.is_empty());
    let entrypoint = input
        .entrypoint
        .as_ref()
        .map(|argv| ("entrypoint", argv))
        .or(image.entrypoint.as_ref().map(|argv| ("ENTRYPOINT", argv)));
    let entrypoint = entrypoint.filter(|(_, argv)| !is_empty(argv));
    // An entrypoint of the service drops the image's CMD; an empty one does not.
    let keeps_cmd = input.entrypoint.as_ref().is_none_or(is_empty);
    let command = input
        .command
        .as_ref()
        .filter(|argv| !is_empty(argv))
        .map(|argv| ("command", argv));
    let cmd = image
        .cmd
        .as_ref()
        .filter(|argv| keeps_cmd && !is_empty(argv))
        .map(|argv| ("CMD", argv));
    let command = command.or(cmd);

    let mut start = Start {
        has_command: input.command.as_ref().is_some_and(|argv| !is_empty(argv)),
        ..Start::default()
    };
    let mut steps = Vec::new();
    for (index, (what, argv)) in [entrypoint, command]
        .into_iter()
        .enumerate()
        .filter_map(|(index, part)| Some((index, part?)))
    {
        steps.push(Step {
            what: what.to_owned(),
            span: argv.span(),
        });
        start.words.extend(argv.words(&image.shell));
        if index == 0 {
            start.entry = start.words.len();
        }
    }
    if start.words.is_empty() {
        return from_base(input);
    }
    Ok((start, steps))
}

/// Nothing is written: the base image's own command, if it is known.
fn from_base(input: &Input<'_>) -> Result<(Start, Vec<Step>), (String, Option<Span>)> {
    let span = input.image.base_span;
    let Some(base) = input.image.base.as_deref() else {
        return Err((
            "neither the service nor its Dockerfile says what to run".to_owned(),
            span,
        ));
    };
    let known = images::entry(base);
    let (Some(Entry::Command(words)), Some(at)) = (known, span) else {
        let reason = match known {
            Some(Entry::Foreign) => format!("the image `{base}` runs a program of its own"),
            Some(_) => {
                format!("nothing says what to run, and the image `{base}` runs nothing by itself")
            }
            None => format!("what the image `{base}` runs by itself is not known"),
        };
        return Err((reason, span));
    };
    let words = words.iter().map(|word| synthetic(word, at)).collect();
    let start = Start {
        words,
        ..Start::default()
    };
    Ok((
        start,
        vec![Step {
            what: format!("image `{base}`"),
            span: at,
        }],
    ))
}

impl Argv {
    fn span(&self) -> Span {
        match self {
            Argv::Exec(_, span) => *span,
            Argv::Shell(text) => text.span(),
        }
    }

    fn words(&self, shell: &[String]) -> Vec<Word> {
        match self {
            Argv::Exec(words, _) => words.clone(),
            Argv::Shell(text) => {
                let at = text.span();
                let default = || vec![synthetic("/bin/sh", at), synthetic("-c", at)];
                let mut words = if shell.is_empty() {
                    default()
                } else {
                    shell.iter().map(|word| synthetic(word, at)).collect()
                };
                words.push(Word {
                    text: text.clone(),
                    span: at,
                    quoted: true,
                    literal: true,
                });
                words
            }
        }
    }
}

/// A word that is written nowhere; it points at what it follows from.
pub(super) fn synthetic(text: &str, at: Span) -> Word {
    Word {
        text: Cooked::synthetic(text, at),
        span: at,
        quoted: false,
        literal: true,
    }
}

/// The longest value that is worth knowing, in bytes.
const VALUE_LIMIT: usize = 4096;

/// Puts the values of variables into a word, as a shell would; `None` when one is not known, or
/// something else is in it.
pub(super) fn expand(word: &Word, environment: &[Variable]) -> Option<String> {
    let text = word.text.as_str();
    if word.literal {
        return Some(text.to_owned());
    }
    let value = |name: &str| {
        environment
            .iter()
            .rev()
            .find(|variable| variable.name == name)
            .map(|variable| variable.value.clone())
    };
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        // Variables that double each other would grow without end.
        if expanded.len() > VALUE_LIMIT {
            return None;
        }
        expanded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if let Some(inner) = rest.strip_prefix('{') {
            let end = inner.find('}')?;
            let (name, default) = match inner[..end]
                .split_once(":-")
                .or_else(|| inner[..end].split_once('-'))
            {
                Some((name, default)) => (name, Some(default)),
                None => (&inner[..end], None),
            };
            if name.is_empty()
                || !name.chars().all(is_name)
                || default.is_some_and(|default| default.contains('$'))
            {
                return None;
            }
            match value(name) {
                Some(None) => return None,
                Some(Some(known)) if !known.is_empty() || default.is_none() => {
                    expanded.push_str(&known)
                }
                _ => expanded.push_str(default?),
            }
            rest = &inner[end + 1..];
        } else {
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            if length == 0 {
                return None;
            }
            expanded.push_str(&value(&rest[..length])??);
            rest = &rest[length..];
        }
    }
    expanded.push_str(rest);
    let is_plain = !expanded.contains(['*', '?', '[', '`', '$']);
    (is_plain && expanded.len() <= VALUE_LIMIT).then_some(expanded)
}
