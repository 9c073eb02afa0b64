//! The least change that makes a process notice edits: a variable, a script that is there already,
//! a flag, another command.
//!
//! Nothing is invented: a tool is only used when a manifest of the project lists it.

use super::manifests;
use super::packages::{self, manifest_above};
use super::step::Resolver;
use super::task::{Item, Task, join};
use super::{Input, Process, Reads, Reload, WordsAt, start::synthetic, versions};
use crate::knowledge;
use crate::knowledge::images;
use crate::knowledge::{Dev, Sign, managers, tools};
use crate::repository::manifests::{Dependency, Manifest};
use crate::syntax::shell;
use crate::text::{Cooked, Source};

/// A change of the service, and why it helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReloadChange {
    /// What to change.
    pub change: ServiceChange,
    /// Why it helps, in a sentence without a full stop.
    pub reason: String,
}

/// What to change of a service. Texts are as the container gets them: `$` is to be doubled in a
/// compose file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceChange {
    /// A variable of `environment:`.
    Environment {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Another `command:`.
    Command(Vec<String>),
    /// Another `entrypoint:`, which holds the command as well.
    Entrypoint {
        /// All words.
        words: Vec<String>,
        /// Whether a `command:` of the service must go.
        drops_command: bool,
    },
}

/// Names of package scripts that people give to the way of running for development.
const SCRIPTS: [&str; 9] = [
    "dev",
    "start:dev",
    "develop",
    "start-dev",
    "dev:server",
    "start:watch",
    "watch",
    "serve:dev",
    "serve",
];

/// A word of a new command: one of the old, or a new one.
#[derive(Clone, PartialEq, Eq)]
enum CommandWord {
    Old(usize),
    New(String),
}

/// How to make `process` notice edits; `None` when it does already, or nothing sure can be said.
pub fn reload_change(input: &Input<'_>, process: &Process) -> Option<ReloadChange> {
    reload_changes(input, process).into_iter().next()
}

/// The ways to make `process` notice edits, the least risky first.
pub fn reload_changes(input: &Input<'_>, process: &Process) -> Vec<ReloadChange> {
    let (true, Some(program)) = (
        matches!(process.reload, Reload::None | Reload::Broken { .. }),
        process.program,
    ) else {
        return Vec::new();
    };
    let forms = Forms { input, process };
    if let Some(script) = input
        .image
        .base
        .as_deref()
        .and_then(images::reloading_script)
        && input.entrypoint.is_none()
        && input.image.entrypoint.is_none()
        && input.image.cmd.is_none()
    {
        let reason =
            "the image brings a script along that starts the server with its reloader".to_owned();
        return vec![ReloadChange {
            change: ServiceChange::Command(vec![script.to_owned()]),
            reason,
        }];
    }
    // Its own reloader does nothing for them, asked for or not.
    if process
        .words()
        .iter()
        .any(|word| word.contains("UvicornWorker"))
    {
        return forms.uvicorn_instead().into_iter().collect();
    }
    let without: Vec<&str> = program
        .dev
        .iter()
        .filter_map(|dev| {
            if let Dev::Without(word) = dev {
                Some(*word)
            } else {
                None
            }
        })
        .collect();
    let off: Vec<&str> = program
        .off
        .iter()
        .filter_map(|sign| {
            if let Sign::Word(word) = sign {
                Some(*word)
            } else {
                None
            }
        })
        .collect();
    let kept: Vec<CommandWord> = (0..process.argv.len())
        .filter(|at| {
            !without
                .iter()
                .chain(&off)
                .any(|word| process.words()[*at] == *word)
        })
        .map(CommandWord::Old)
        .collect();
    let is_shorter = kept.len() < process.argv.len();
    if is_shorter && program.habit != knowledge::Habit::Keeps {
        return forms
            .command(
                kept,
                "without the flag that switches reloading off it reloads".to_owned(),
            )
            .into_iter()
            .collect();
    }
    // What spoils it stays: a flag would not help.
    if let Reload::Broken { reason, .. } = process.reload
        && !is_shorter
        && program
            .spoilers
            .iter()
            .any(|(_, spoiled)| *spoiled == reason)
    {
        return Vec::new();
    }
    // What spoiled it is gone; the flag that asks for it is there.
    let asks = program
        .on
        .iter()
        .any(|sign| matches!(sign, Sign::Word(word) if process.words().contains(word)));
    if is_shorter && asks {
        return forms
            .command(kept, "with what is left out it did not reload".to_owned())
            .into_iter()
            .collect();
    }
    let mut fits = true;
    let found = program.dev.iter().filter_map(|dev| match dev {
        Dev::Since(package, version) => {
            fits = versions::is_at_least(input, &process.cwd, program.language, package, *version)
                != Some(false);
            None
        }
        Dev::Listed(package) => {
            fits = forms.is_listed(package);
            None
        }
        dev => std::mem::replace(&mut fits, true).then(|| forms.form(*dev, &kept, is_shorter))?,
    });
    found.collect()
}

struct Forms<'f, 'a> {
    input: &'f Input<'a>,
    process: &'f Process,
}

impl Forms<'_, '_> {
    fn form(&self, dev: Dev, kept: &[CommandWord], is_shorter: bool) -> Option<ReloadChange> {
        let name = self.process.name();
        let runs_artifact = matches!(self.process.reads, Reads::Artifact(_));
        let new = |words: &[&str]| {
            words
                .iter()
                .map(|word| CommandWord::New((*word).to_owned()))
                .collect::<Vec<CommandWord>>()
        };
        match dev {
            Dev::Without(_) | Dev::Since(..) | Dev::Listed(_) => None,
            Dev::Variable(..) | Dev::VariableWord(..) if is_shorter => None,
            Dev::Variable(variable, value) => {
                let change = ServiceChange::Environment {
                    name: variable.to_owned(),
                    value: value.to_owned(),
                };
                Some(ReloadChange {
                    change,
                    reason: format!("`{name}` reads `{variable}`"),
                })
            }
            Dev::VariableWord(variable, word) => {
                let known = self
                    .process
                    .trail
                    .environment
                    .iter()
                    .rev()
                    .find(|known| known.name == variable);
                let value = match known.map(|known| known.value.as_deref()) {
                    Some(None) => return None,
                    Some(Some(value)) if !value.is_empty() => format!("{value} {word}"),
                    _ => word.to_owned(),
                };
                let change = ServiceChange::Environment {
                    name: variable.to_owned(),
                    value,
                };
                Some(ReloadChange {
                    change,
                    reason: format!("`{name}` reads `{variable}`"),
                })
            }
            Dev::Append(words) => {
                let parts = [kept, &new(words)].concat();
                self.command(
                    parts,
                    format!("`{name}` reloads with `{}`", words.join(" ")),
                )
            }
            Dev::Script => self.script(),
            _ if runs_artifact && !matches!(dev, Dev::Subcommand(..)) => None,
            Dev::Prepend(words)
                if words[0].starts_with("--watch-path") && !self.watches_directories() =>
            {
                None
            }
            Dev::Prepend(words) => {
                let parts = [&kept[..1], &new(words), &kept[1..]].concat();
                self.command(
                    parts,
                    format!("`{name}` reloads with `{}`", words.join(" ")),
                )
            }
            Dev::Subcommand(old, replacement) => {
                let at = self
                    .process
                    .words()
                    .iter()
                    .skip(1)
                    .position(|word| *word == old)?
                    + 1;
                let mut parts = kept.to_vec();
                let words: Vec<&str> = replacement.split(' ').collect();
                parts.splice(at..=at, new(&words));
                parts.extend(self.host(&parts));
                self.command(
                    parts,
                    format!("`{name} {replacement}` reloads, `{name} {old}` does not"),
                )
            }
            Dev::Rename(words) => {
                let is_listed = self.is_listed(words[0]);
                let parts = [&new(words), &kept[1..]].concat();
                is_listed.then(|| {
                    self.command(
                        parts,
                        format!("the project lists `{}`, which restarts `{name}`", words[0]),
                    )
                })?
            }
            Dev::Wrap(words) => {
                let parts = [&new(words), kept].concat();
                self.is_listed(words[0]).then(|| {
                    self.command(
                        parts,
                        format!("the project lists `{}`, which restarts `{name}`", words[0]),
                    )
                })?
            }
            Dev::WrapQuoted(words) => {
                let texts: Vec<String> = self
                    .process
                    .words()
                    .iter()
                    .map(|word| quote(word))
                    .collect();
                let parts = [new(words), vec![CommandWord::New(texts.join(" "))]].concat();
                self.is_listed(words[0]).then(|| {
                    self.command(
                        parts,
                        format!("the project lists `{}`, which restarts `{name}`", words[0]),
                    )
                })?
            }
        }
    }

    /// A development server in a container must listen to the outside.
    fn host(&self, parts: &[CommandWord]) -> Vec<CommandWord> {
        let texts: Vec<String> = parts.iter().map(|part| self.text(part)).collect();
        let argv: Vec<&str> = texts.iter().map(String::as_str).collect();
        host_words(&argv)
            .iter()
            .map(|word| CommandWord::New((*word).to_owned()))
            .collect()
    }

    /// A script of `package.json` that reloads, in the place of the one that does not.
    fn script(&self) -> Option<ReloadChange> {
        let process = self.process;
        let (directory, place, manager) = match &process.trail.script {
            Some(script) => (
                script.directory.clone(),
                script.place,
                Some(script.manager.clone()),
            ),
            None => (process.cwd.clone(), process.trail.place, None),
        };
        let (manifest, directory) = manifest_above(self.input, &directory)?;
        let manager = manager.unwrap_or_else(|| self.manager(&manifest, &directory).to_owned());
        let taken = process
            .trail
            .script
            .as_ref()
            .map(|script| script.name.as_str());
        SCRIPTS
            .iter()
            .filter(|name| Some(**name) != taken)
            .find_map(|name| {
                packages::script(&manifest, name)?;
                let mut words = vec![manager.clone(), "run".to_owned(), (*name).to_owned()];
                let at = process.written_at;
                let task = Task {
                    items: words
                        .iter()
                        .map(|word| Item::in_file(synthetic(word, at)))
                        .collect(),
                    cwd: directory.clone(),
                    environment: process.trail.environment.clone(),
                    chain: Vec::new(),
                    side_effects: Vec::new(),
                    script: None,
                };
                let found = Resolver::new(self.input).follow(task);
                let good = found.iter().find(|found| {
                    matches!(
                        found.reload,
                        Reload::Yes { .. } | Reload::Hot | Reload::PerRequest
                    )
                })?;
                if found.len() == 1 {
                    let host = host_words(&good.words());
                    words.extend((!host.is_empty() && manager == "npm").then(|| "--".to_owned()));
                    words.extend(host.iter().map(|word| (*word).to_owned()));
                }
                let reason = format!(
                    "`package.json` has a script `{name}`, which runs `{}`",
                    good.program.map_or(good.name(), |program| program.name)
                );
                // Package managers look for the manifest from the working directory upwards.
                let is_near = process.trail.script.is_some()
                    || join(&process.cwd, ".").starts_with(&directory);
                let parts: Vec<CommandWord> = words.into_iter().map(CommandWord::New).collect();
                is_near.then(|| self.place(place, &parts, reason))?
            })
    }

    /// The package manager of a directory: the one that its manifest names, or whose lock file lies
    /// there.
    fn manager(&self, manifest: &Manifest, directory: &str) -> &'static str {
        let is_there = |lock: &&&str| {
            !matches!(
                self.input.look(&join(directory, lock)),
                super::PathContent::Nothing
            )
        };
        let named = manifest.package_manager.as_ref();
        let named = named.and_then(|named| named.as_str().split('@').next());
        let running = || managers().filter(|manager| manager.scripts.is_some());
        running()
            .find(|manager| Some(manager.name) == named)
            .or_else(|| {
                running()
                    .filter(|manager| manager.name != "npm")
                    .find(|manager| manager.locks.iter().any(|lock| is_there(&lock)))
            })
            .map_or("npm", |manager| manager.name)
    }

    /// gunicorn's uvicorn workers never reload; uvicorn itself does.
    fn uvicorn_instead(&self) -> Option<ReloadChange> {
        let words = self.process.words();
        let app = words.iter().skip(1).find(|word| {
            word.contains(':')
                && !word.starts_with('-')
                && !word.contains("://")
                && word
                    .split(':')
                    .nth(1)
                    .is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        })?;
        let bind = words
            .windows(2)
            .find(|pair| matches!(pair[0], "-b" | "--bind"))
            .map(|pair| pair[1]);
        let bind = bind.or_else(|| {
            words
                .iter()
                .find_map(|word| word.strip_prefix("--bind=").or(word.strip_prefix("-b=")))
        });
        let (host, port) = bind.unwrap_or("127.0.0.1:8000").rsplit_once(':')?;
        if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let host = if host.is_empty() { "0.0.0.0" } else { host };
        let parts = ["uvicorn", app, "--host", host, "--port", port, "--reload"]
            .map(|word| CommandWord::New(word.to_owned()));
        self.command(
            parts.to_vec(),
            "uvicorn itself reloads, its workers under gunicorn do not".to_owned(),
        )
    }

    /// Whether Node.js can watch a directory on Linux, as it does from version 20 on; its version
    /// stands in the image's tag.
    fn watches_directories(&self) -> bool {
        let base = self.input.image.base.as_deref().unwrap_or_default();
        let Some((name, tag)) = base.rsplit_once(':') else {
            return false;
        };
        let version = tag
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        let is_new = version.parse::<u32>().map_or(
            tag.starts_with("lts") || tag.starts_with("current"),
            |version| version >= 20,
        );
        knowledge::file_name(name) == "node" && is_new
    }

    /// Whether a manifest of the project lists a tool, or a package that brings it.
    fn is_listed(&self, tool: &str) -> bool {
        // A program and its package are not always called the same, and some packages bring a
        // watcher with their extras.
        let is_it = |dependency: &Dependency| match tools::of_command(tool) {
            Some(row) => dependency.brings(row),
            None => dependency.is(tool),
        };
        manifests::list(self.input, &self.process.cwd, None, is_it)
    }

    fn text(&self, part: &CommandWord) -> String {
        match part {
            CommandWord::Old(at) => self.process.words()[*at].to_owned(),
            CommandWord::New(text) => text.clone(),
        }
    }

    fn command(&self, parts: Vec<CommandWord>, reason: String) -> Option<ReloadChange> {
        self.place(
            self.script_call().unwrap_or(self.process.trail.place),
            &parts,
            reason,
        )
    }

    /// Where a package script is called whose whole work is to start `node` in the container's
    /// working directory: there the command itself can stand. Other programs of a script are found
    /// only by the package manager.
    fn script_call(&self) -> Option<WordsAt> {
        let process = self.process;
        let script = process.trail.script.as_ref()?;
        let input = self.input;
        let start = input
            .working_dir
            .as_ref()
            .or(input.image.workdir.as_ref())?;
        let is_whole = process.trail.place == WordsAt::File
            && process.side_effects.is_empty()
            && process.name() == "node";
        (is_whole && join(start, ".") == join(&process.cwd, ".")).then_some(script.place)
    }

    /// Puts a new command where the old one stands among the words that the container is started
    /// with.
    fn place(&self, place: WordsAt, parts: &[CommandWord], reason: String) -> Option<ReloadChange> {
        let start = &self.process.trail.start;
        let old: Vec<String> = start
            .words
            .iter()
            .map(|word| word.text.as_str().to_owned())
            .collect();
        let mut words = old.clone();
        let first = match place {
            WordsAt::File => return None,
            WordsAt::Words(at) => {
                words.truncate(at);
                words.extend(parts.iter().map(|part| self.text(part)));
                at
            }
            WordsAt::Shell {
                word,
                command,
                first,
            } => {
                words[word] = self.rewrite(&old[word], command, first, parts)?;
                word
            }
        };
        let is_same_entry =
            words.len() >= start.entry && words[..start.entry] == old[..start.entry];
        let change = if first >= start.entry || is_same_entry {
            ServiceChange::Command(words.split_off(start.entry))
        } else {
            ServiceChange::Entrypoint {
                words,
                drops_command: start.has_command,
            }
        };
        Some(ReloadChange { change, reason })
    }

    /// The shell text with other words in the place of those of one command.
    fn rewrite(
        &self,
        text: &str,
        command: usize,
        first: usize,
        parts: &[CommandWord],
    ) -> Option<String> {
        let source = Source::detached(text);
        let script = shell::parse(&Cooked::verbatim(&source, source.whole()));
        let words = script.commands.get(command)?.words.get(first..)?;
        let (from, to) = (
            words.first()?.span.start as usize,
            words.last()?.span.end as usize,
        );
        // Old words keep their quotes and variables, where they are still the same ones.
        let is_same = words.len() == self.process.argv.len()
            && words
                .iter()
                .zip(self.process.words())
                .all(|(word, text)| word.text.as_str() == text);
        let mut written = Vec::new();
        for part in parts {
            written.push(match part {
                CommandWord::Old(at) if is_same => text[words[*at].span.range()].to_owned(),
                CommandWord::Old(_) => return None,
                CommandWord::New(text) => quote(text),
            });
        }
        Some(format!(
            "{}{}{}",
            &text[..from],
            written.join(" "),
            &text[to..]
        ))
    }
}

/// What a development server needs to be reached from outside, unless it is told where to listen.
fn host_words(argv: &[&str]) -> &'static [&'static str] {
    let host = knowledge::recognise(argv).map_or(&[][..], |program| program.host);
    let is_told = argv.iter().any(|word| {
        ["--host", "-H", "--hostname", "--bind"]
            .iter()
            .any(|flag| word == flag || word.starts_with(&format!("{flag}=")))
    });
    if is_told { &[] } else { host }
}

/// A word as a shell must see it.
fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
