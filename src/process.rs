//! What a container runs, and whether that notices an edit.
//!
//! [`resolve`] starts with `entrypoint`, `command`, ENTRYPOINT and CMD and follows them through
//! wrappers, shells, entry scripts, package scripts and process managers to the programs that run
//! in the end. It reads files only through [`Input::lookup`], and where it cannot know it says so:
//! a process that is not known is better than a wrong one.

use std::path::PathBuf;
use std::rc::Rc;

use crate::knowledge;
use crate::knowledge::manager::brings_packages;
use crate::knowledge::{Language, Program};
use crate::syntax::shell::{Command, Word};
use crate::text::{Cooked, Source, Span};
use crate::workspace::Workspace;

mod reload_change;
mod dropped;
mod judge;
mod manager;
mod manifests;
mod packages;
mod python;
mod script;
mod start;
mod step;
mod task;
mod tasks;
mod versions;

pub use dropped::{DroppedCommand, dropped_command};
pub use reload_change::{ReloadChange, ServiceChange, reload_change, reload_changes};
pub use versions::of_node as node_version;

/// All that decides what a container runs.
pub struct Input<'a> {
    /// `entrypoint:` of the service.
    pub entrypoint: Option<Argv>,
    /// `command:` of the service.
    pub command: Option<Argv>,
    /// What the image says.
    pub image: Image,
    /// `working_dir:` of the service.
    pub working_dir: Option<String>,
    /// `environment:` and `env_file:` of the service.
    pub environment: Vec<Variable>,
    /// What lies at an absolute path of the container, through mounts and COPY.
    pub lookup: &'a dyn Fn(&str) -> PathContent,
    /// Whether the host's files are what lies at an absolute path of the container.
    pub shown: &'a dyn Fn(&str) -> bool,
    /// The directory on the host that an absolute directory of the container shows or was copied from.
    pub host: &'a dyn Fn(&str) -> Option<PathBuf>,
    /// Where the files that `lookup` finds were read, so that manifests among them are read once.
    pub workspace: &'a Workspace<'a>,
}

/// The configuration of an image, of the stage that is built.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// ENTRYPOINT
    pub entrypoint: Option<Argv>,
    /// CMD
    pub cmd: Option<Argv>,
    /// SHELL; empty for `/bin/sh -c`.
    pub shell: Vec<String>,
    /// WORKDIR, absolute.
    pub workdir: Option<String>,
    /// ENV, later ones last.
    pub environment: Vec<Variable>,
    /// The image that the first stage starts from, or the service's own `image:`; `None` when it is
    /// not known.
    pub base: Option<String>,
    /// Where the image is named: the FROM line, or `image:`.
    pub base_span: Option<Span>,
}

/// A command as written.
#[derive(Clone, Debug)]
pub enum Argv {
    /// A list of words: the exec form, and every compose form. Empty words clear what the image
    /// says.
    Exec(Vec<Word>, Span),
    /// Text for a shell: the shell form of a Dockerfile.
    Shell(Cooked),
}

/// A variable of the environment.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; `None` when it comes from outside.
    pub value: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// What lies at a path of the container.
#[derive(Clone, Debug)]
pub enum PathContent {
    /// A text file of the project.
    File(Source),
    /// Something that the image's own build makes, or that is no text.
    Made,
    /// Nothing that the project knows of.
    Nothing,
}

impl Input<'_> {
    /// What lies at a path of the container.
    fn look(&self, path: &str) -> PathContent {
        (self.lookup)(path)
    }

    /// The file `name` of a directory of the container.
    fn read(&self, directory: &str, name: &str) -> Option<Source> {
        self.look(&task::join(directory, name)).file()
    }
}

impl PathContent {
    /// The file, if it is one of the project.
    pub fn file(self) -> Option<Source> {
        match self {
            PathContent::File(source) => Some(source),
            _ => None,
        }
    }
}

/// A process of a container.
#[derive(Clone, Debug)]
pub struct Process {
    /// The program and its arguments, without what wraps them.
    pub argv: Vec<Word>,
    /// Where the command that decides is written.
    pub written_at: Span,
    /// How it was found, outermost first.
    pub chain: Vec<Step>,
    /// The directory it starts in.
    pub cwd: String,
    /// What is known of the program.
    pub program: Option<&'static Program>,
    /// Whether it notices an edit.
    pub reload: Reload,
    /// What runs before it: installations, migrations.
    pub side_effects: Vec<Command>,
    /// What it reads its code from.
    pub reads: Reads,
    /// Why it is not known what runs.
    pub unknown: Option<String>,
    trail: Trail,
}

impl Process {
    /// The program's file name.
    pub fn name(&self) -> &str {
        self.argv
            .first()
            .map_or("", |word| knowledge::file_name(word.text.as_str()))
    }

    /// The texts of the program and its arguments.
    pub fn words(&self) -> Vec<&str> {
        self.argv.iter().map(|word| word.text.as_str()).collect()
    }

    /// The first word that the container is started with.
    pub fn first_word(&self) -> Option<&str> {
        self.trail
            .start
            .words
            .first()
            .map(|word| word.text.as_str())
    }

    /// The words that the container is started with, before anything is unwrapped.
    pub fn start_words(&self) -> impl Iterator<Item = &str> {
        self.trail.start.words.iter().map(|word| word.text.as_str())
    }

    /// Whether it serves files or forwards requests, and runs no code of the project.
    pub fn is_static_server(&self) -> bool {
        self.program
            .is_some_and(|program| program.family == knowledge::Family::Static)
    }

    /// Whether packages are installed anew before it runs, by the command that starts it:
    /// `uv run`, `cargo run`, `sh -c "npm ci && npm start"`.
    pub fn is_started_by_an_install(&self) -> bool {
        let start = &self.trail.start.words;
        let words: Vec<&str> = start
            .iter()
            .flat_map(|word| word.text.as_str().split_whitespace())
            .collect();
        brings_packages(&words)
    }

    /// A variable that is in effect when it starts; `Some(None)` when its value comes from outside.
    pub fn variable(&self, name: &str) -> Option<Option<&str>> {
        self.trail
            .environment
            .iter()
            .rev()
            .find(|variable| variable.name == name)
            .map(|variable| variable.value.as_deref())
    }

    /// Where a variable that is in effect when it starts is written.
    pub fn variable_span(&self, name: &str) -> Option<Span> {
        self.trail
            .environment
            .iter()
            .rev()
            .find(|variable| variable.name == name)?
            .span
    }

    /// The steps on the way to it that lie elsewhere than the command itself.
    pub fn steps_elsewhere(&self) -> impl Iterator<Item = &Step> {
        self.chain.iter().filter(|step| {
            !step.span.contains(self.written_at) && !self.written_at.contains(step.span)
        })
    }

    /// What its code is written in, as far as the program tells.
    pub fn language(&self) -> Option<Language> {
        self.program.map(|program| program.language)
    }
}

/// A step on the way to a process.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is: `command`, `CMD`, `npm script "dev"`, `entry script /start.sh`.
    pub what: String,
    /// Where it is written.
    pub span: Span,
}

/// Whether a process notices an edit of what it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// It keeps the code that it started with.
    None,
    /// It restarts.
    Yes {
        /// What makes it: a flag, a variable, or the program's name when it always does.
        how: String,
        /// Where that is written.
        at: Span,
    },
    /// It reads the code for each request.
    PerRequest,
    /// It changes itself while it runs.
    Hot,
    /// It is told to reload and cannot.
    Broken {
        /// Why.
        reason: &'static str,
        /// What spoils it.
        at: Span,
    },
    /// It ends soon, or runs no code of the project.
    NotAServer,
    /// It cannot be known; why.
    Unknown(String),
}

/// What a process reads its code from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The sources.
    Source,
    /// Something made from sources, at this path.
    Artifact(String),
    /// The package of this name, as it is installed: the command is one that the project declares.
    Package(String),
    /// It cannot be known.
    Unknown,
}

/// How a process hangs on the words that the container is started with, to be able to change them.
#[derive(Clone, Debug)]
struct Trail {
    start: Rc<Start>,
    place: WordsAt,
    /// Variables in effect, the strongest last.
    environment: Vec<Variable>,
    /// The package script it came from, if it is one.
    script: Option<task::PackageScript>,
}

/// The words a container is started with.
#[derive(Debug, Default)]
struct Start {
    words: Vec<Word>,
    /// How many of them come from the entrypoint.
    entry: usize,
    /// Whether `command:` is written in the compose file.
    has_command: bool,
}

/// Where the program's words stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum WordsAt {
    /// They are the words from this one on.
    Words(usize),
    /// They are a simple command, by its index, in the shell text which is this word.
    Shell {
        word: usize,
        command: usize,
        first: usize,
    },
    /// In a file.
    File,
}

/// Finds what a container runs. There is always at least one process; what is not known is one that
/// says why.
pub fn resolve(input: &Input<'_>) -> Vec<Process> {
    step::Resolver::new(input).run()
}

#[cfg(test)]
mod tests;
