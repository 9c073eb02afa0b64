//! Whether a program notices edits: the signs of its row, looked for in its arguments, variables
//! and files.

use super::start::{expand, synthetic};
use super::task::{Item, Task, join};
use super::{Input, Reload, Variable, versions};
use crate::knowledge::{Habit, Language, Program, Sign};
use crate::syntax::dotenv;
use crate::text::Span;

/// Judges a command by the row of its program.
pub(super) fn judge(input: &Input<'_>, task: &Task, program: &Program) -> Reload {
    let task = &expanded(task);
    let extra = files_of(input, task, program.name);
    let look = Look {
        input,
        task,
        language: program.language,
        extra,
    };
    if program.habit == Habit::NotAServer {
        return Reload::NotAServer;
    }
    let spoiled = |at: Span| {
        program.spoilers.iter().find_map(|(sign, reason)| {
            Some(Reload::Broken {
                reason,
                at: look.find(*sign)?.unwrap_or(at),
            })
        })
    };
    let is_off = program.off.iter().any(|sign| look.find(*sign).is_some());
    if let Some((at, how)) = program
        .on
        .iter()
        .find_map(|sign| Some((look.find(*sign)?, word_of(*sign))))
    {
        let at = at.unwrap_or(task.span());
        return match spoiled(at) {
            Some(broken) => broken,
            None if is_off => Reload::None,
            None => Reload::Yes {
                how: how.to_owned(),
                at,
            },
        };
    }
    if program.habit != Habit::Keeps {
        if let Some(broken) = spoiled(task.span()) {
            return broken;
        }
        if is_off {
            return Reload::None;
        }
    }
    if let Some((reason, at)) = program
        .mistaken
        .iter()
        .find_map(|(sign, reason)| Some((*reason, look.find(*sign)?)))
    {
        return Reload::Broken {
            reason,
            at: at.unwrap_or(task.span()),
        };
    }
    if let Some((_, reason)) = program
        .unsure
        .iter()
        .find(|(sign, _)| look.find(*sign).is_some())
    {
        return Reload::Unknown((*reason).to_owned());
    }
    if let Some(reason) = look.extra.unsure.clone().or_else(|| unknown_word(task)) {
        return Reload::Unknown(reason);
    }
    match program.habit {
        Habit::Keeps => Reload::None,
        Habit::Restarts => Reload::Yes {
            how: program.name.to_owned(),
            at: task.span(),
        },
        Habit::Hot => Reload::Hot,
        Habit::PerRequest => Reload::PerRequest,
        Habit::NotAServer => Reload::NotAServer,
    }
}

/// Variables and arguments that a program reads from files of its own in the working directory.
#[derive(Default)]
struct Extra {
    environment: Vec<Variable>,
    /// Words that stand for arguments, with where they are written.
    words: Vec<(String, Span)>,
    /// Why the file does not say whether it reloads.
    unsure: Option<String>,
}

/// The command with the values of its variables, as far as they are known.
fn expanded(task: &Task) -> Task {
    let items = task.items.iter().flat_map(|item| {
        let Some(text) = expand(&item.word, &task.environment).filter(|_| !item.word.literal)
        else {
            return vec![item.clone()];
        };
        let words: Vec<&str> = if item.word.quoted {
            vec![text.as_str()]
        } else {
            text.split_whitespace().collect()
        };
        words
            .into_iter()
            .map(|word| Item {
                word: synthetic(word, item.word.span),
                place: item.place,
            })
            .collect()
    });
    task.with(items.collect())
}

/// Arguments that only the container knows, and that may be any: the value of an option is not.
fn unknown_word(task: &Task) -> Option<String> {
    let is_option = |item: &Item| item.text().starts_with('-') && !item.text().contains('=');
    let pairs = task.items.windows(2).filter(|pair| {
        !pair[1].word.literal && pair[1].text().starts_with('$') && !is_option(&pair[0])
    });
    pairs
        .map(|pair| {
            format!(
                "its arguments `{}` are known only in the container",
                pair[1].text()
            )
        })
        .next()
}

fn files_of(input: &Input<'_>, task: &Task, program: &str) -> Extra {
    let mut extra = Extra::default();
    match program {
        // `flask` loads these with python-dotenv, below the real environment.
        "flask run" => {
            for name in [".env", ".flaskenv"] {
                let Some(source) = input.read(&task.cwd, name) else {
                    continue;
                };
                let (entries, _) = dotenv::parse(&source, dotenv::Format::Standard);
                extra
                    .environment
                    .extend(entries.into_iter().filter_map(|entry| {
                        let value = entry.value?.text.as_str().to_owned();
                        Some(Variable {
                            name: entry.key,
                            value: Some(value),
                            span: Some(entry.key_span),
                        })
                    }));
            }
        }
        // A setting of the configuration file is an argument in other words.
        "gunicorn" => {
            let texts = task.texts();
            let named = texts
                .windows(2)
                .find(|pair| matches!(pair[0], "-c" | "--config"))
                .map(|pair| pair[1].trim_start_matches("file:"));
            let joined = texts.iter().find_map(|word| word.strip_prefix("--config="));
            let file = named.or(joined).unwrap_or("gunicorn.conf.py");
            // A module is named with dots.
            let module = file
                .strip_prefix("python:")
                .map(|module| format!("{}.py", module.replace('.', "/")));
            let Some(source) = input.read(&task.cwd, module.as_deref().unwrap_or(file)) else {
                let is_named = named.or(joined).is_some();
                extra.unsure = is_named.then(|| {
                    format!("its configuration `{file}` is not among the files of the project")
                });
                return extra;
            };
            let mut start = 0;
            for line in source.text().split_inclusive('\n') {
                let at = source.span(start..start + line.trim_end().len());
                start += line.len();
                let Some((name, value)) = line.split_once('=') else {
                    continue;
                };
                let value = value.split('#').next().unwrap_or_default().trim();
                match (name.trim(), value) {
                    ("reload", "True") => extra.words.push(("--reload".to_owned(), at)),
                    ("reload", value) if value != "False" => {
                        extra.unsure = Some(
                            "its configuration decides about reloading only when it runs"
                                .to_owned(),
                        );
                    }
                    ("preload_app", "True") => extra.words.push(("--preload".to_owned(), at)),
                    ("worker_class", class) => extra.words.push((class.to_owned(), at)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    extra
}

struct Look<'l, 'a> {
    input: &'l Input<'a>,
    task: &'l Task,
    language: Language,
    extra: Extra,
}

impl Look<'_, '_> {
    /// Where a sign is written: `None` when it is not, `Some(None)` when it has no place.
    fn find(&self, sign: Sign) -> Option<Option<Span>> {
        match sign {
            Sign::Word(word) => {
                let is_value = |rest: &str| rest.strip_prefix('=').is_some_and(is_yes);
                self.word(|text| text == word || text.strip_prefix(word).is_some_and(is_value))
            }
            Sign::Part(part) => self.word(|text| text.contains(part)),
            Sign::Pair(name, value) => {
                let texts = self.task.texts();
                let apart = texts
                    .windows(2)
                    .position(|pair| pair == [name, value])
                    .map(|at| Some(self.task.items[at].word.span));
                apart.or_else(|| {
                    self.word(|text| {
                        text.strip_prefix(name)
                            .and_then(|rest| rest.strip_prefix('='))
                            == Some(value)
                    })
                })
            }
            Sign::Variable(name) => self.variable(name, is_yes),
            Sign::VariableIs(name, expected) => self.variable(name, |value| value == expected),
            Sign::VariableHolds(name, part) => self.variable(name, |value| {
                value.split_whitespace().any(|word| word.contains(part))
            }),
            Sign::File(name, part) => {
                let source = self.input.read(&self.task.cwd, name)?;
                let at = source.text().find(part)?;
                Some(Some(source.span(at..at + part.len())))
            }
            Sign::Script(part) => {
                let arguments = self
                    .task
                    .items
                    .iter()
                    .skip(1)
                    .map(Item::text)
                    .filter(|word| !word.starts_with('-'));
                let source = arguments
                    .take(1)
                    .find_map(|word| self.input.read(&self.task.cwd, word))?;
                let at = source.text().find(part)?;
                Some(Some(source.span(at..at + part.len())))
            }
            Sign::NoFile(name) => self
                .input
                .read(&self.task.cwd, name)
                .is_none()
                .then_some(None),
            Sign::Shown(name) => (self.input.shown)(&join(&self.task.cwd, name)).then_some(None),
            Sign::Since(package, version) => {
                (self.is_at_least(package, version) == Some(true)).then_some(None)
            }
            Sign::Before(package, version) => {
                (self.is_at_least(package, version) == Some(false)).then_some(None)
            }
            Sign::All(signs) => {
                let mut found = signs.iter().map(|sign| self.find(*sign));
                let first = found.next()??;
                found.all(|found| found.is_some()).then_some(first)
            }
        }
    }

    fn is_at_least(&self, package: &str, version: (u32, u32)) -> Option<bool> {
        versions::is_at_least(self.input, &self.task.cwd, self.language, package, version)
    }

    fn word(&self, fits: impl Fn(&str) -> bool) -> Option<Option<Span>> {
        let argument = self
            .task
            .items
            .iter()
            .skip(1)
            .find(|item| fits(item.text()))
            .map(|item| item.word.span);
        let extra = || {
            self.extra
                .words
                .iter()
                .find(|(word, _)| fits(word))
                .map(|(_, span)| *span)
        };
        argument.or_else(extra).map(Some)
    }

    fn variable(&self, name: &str, fits: impl Fn(&str) -> bool) -> Option<Option<Span>> {
        let mut all = self.extra.environment.iter().chain(&self.task.environment);
        let variable = all.rfind(|variable| variable.name == name)?;
        fits(variable.value.as_deref()?).then_some(variable.span)
    }
}

/// What a person would call a sign.
fn word_of(sign: Sign) -> &'static str {
    match sign {
        Sign::Word(word) | Sign::Part(word) | Sign::Pair(word, _) => word,
        Sign::Variable(name) | Sign::VariableIs(name, _) | Sign::VariableHolds(name, _) => name,
        Sign::File(name, _)
        | Sign::NoFile(name)
        | Sign::Shown(name)
        | Sign::Script(name)
        | Sign::Since(name, _)
        | Sign::Before(name, _) => name,
        Sign::All(signs) => signs.first().map_or("", |first| word_of(*first)),
    }
}

/// Whether a value is none of the usual ways to say no.
fn is_yes(value: &str) -> bool {
    !matches!(
        value.to_ascii_lowercase().as_str(),
        "" | "0" | "false" | "no" | "off" | "n" | "f"
    )
}
