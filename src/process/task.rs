//! A command on its way to a process, and what can become of it: the data that every layer of the
//! resolution takes and gives.

use super::{Reads, Reload, Step, Variable, WordsAt};
use crate::knowledge::Program;
use crate::syntax::shell::{Command, Word};
use crate::text::Span;

/// A word, and where in the start of the container it stands.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) word: Word,
    pub(super) place: WordsAt,
}

impl Item {
    pub(super) fn in_file(word: Word) -> Self {
        Item {
            word,
            place: WordsAt::File,
        }
    }

    pub(super) fn text(&self) -> &str {
        self.word.text.as_str()
    }
}

/// A command on its way to a process.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) items: Vec<Item>,
    pub(super) cwd: String,
    pub(super) environment: Vec<Variable>,
    pub(super) chain: Vec<Step>,
    pub(super) side_effects: Vec<Command>,
    pub(super) script: Option<PackageScript>,
}

impl Task {
    pub(super) fn texts(&self) -> Vec<&str> {
        self.items.iter().map(Item::text).collect()
    }

    pub(super) fn span(&self) -> Span {
        self.items[0].word.span
    }

    /// The same surroundings with another command.
    pub(super) fn with(&self, items: Vec<Item>) -> Task {
        Task {
            items,
            ..self.clone()
        }
    }

    pub(super) fn step(mut self, what: String, span: Span) -> Task {
        self.chain.push(Step { what, span });
        self
    }
}

/// What became of a command.
pub(super) enum Outcome {
    /// It runs these.
    Tasks(Vec<Task>),
    /// It cannot be known.
    Unknown(Task, String),
    /// It is a program.
    Program(Task, &'static Program, Option<(Reload, Reads)>),
}

/// A script of a `package.json`, and who runs it.
#[derive(Clone, Debug)]
pub(super) struct PackageScript {
    /// `npm`, `yarn`, `pnpm`, `bun`.
    pub(super) manager: String,
    /// The directory of the manifest.
    pub(super) directory: String,
    /// Its name.
    pub(super) name: String,
    /// Where the call of the package manager stands.
    pub(super) place: WordsAt,
}

/// Joins a path of the container to a directory, and takes `.` and `..` out.
pub(super) fn join(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
