//! What is known of programs: how to recognise one, whether it notices an edit by itself, how to
//! make it notice.
//!
//! The tables lie below, one file a family of languages; this file says what a row means and finds
//! the row of a command. A row makes claims about somebody else's program: `source` says where it
//! can be checked.

use std::cmp::Reverse;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

pub mod base_images;
pub mod caches;
mod compiled;
pub mod contents;
pub mod databases;
pub mod health;
pub mod image_kinds;
pub mod images;
pub mod installs;
mod node;
pub mod noise;
mod others;
pub mod official_images;
pub mod outputs;
pub mod paths;
pub mod ports;
pub mod polling;
mod python;
mod reloaders;
pub mod tools;
mod web;
pub mod wrappers;

pub use images::{BaseImage, Entry, base_image, reloading_script, script_of};
pub use polling::{PollingVariable, polling_variable};
pub use reloaders::{Reloader, Rereads, reloader, rereads};
pub use tools::{Tool, tool};
pub use wrappers::{Wrapper, is_assignment, wrapper};

/// The variable with the directories in which uvicorn looks for edits, `:` between them; it reads
/// every option so. Source: uvicorn.dev/settings (`UVICORN_*`), click's handling of paths given
/// more than once.
pub const UVICORN_DIRECTORIES: &str = "UVICORN_RELOAD_DIRS";

/// A program, or one way to call it.
#[derive(Debug)]
pub struct Program {
    /// What people call it.
    pub name: &'static str,
    /// Commands that are it: the program's file name and words that must follow it in this order,
    /// among others. A word that starts or ends with `*` stands for all that end or start so.
    pub commands: &'static [&'static str],
    /// What its code is written in.
    pub language: Language,
    /// What kind of process it is.
    pub family: Family,
    /// What it does about an edit when nothing is said.
    pub habit: Habit,
    /// What makes it notice edits.
    pub on: &'static [Sign],
    /// What keeps it from noticing them, though its habit is to.
    pub off: &'static [Sign],
    /// What spoils a reload that is switched on, and how.
    pub spoilers: &'static [(Sign, &'static str)],
    /// What looks like a reload and is none when nothing else switches it on, and why.
    pub mistaken: &'static [(Sign, &'static str)],
    /// What makes it impossible to say, and why.
    pub unsure: &'static [(Sign, &'static str)],
    /// How to make it notice edits, the least risky way first.
    pub dev: &'static [Dev],
    /// Words that make a development server reachable from outside of the container.
    pub host: &'static [&'static str],
    /// What it reads.
    pub reads: Reading,
    /// Where it looks for the module that it is given.
    pub imports: Imports,
    /// Directories under the mounted code that must stay the image's own.
    pub protect: &'static [&'static str],
    /// Variables that make its watcher poll, for file systems without events.
    pub polling: &'static [&'static str],
    /// The files it watches by itself.
    pub watches: &'static [&'static str],
    /// Where its reloader looks.
    pub roots: Roots,
    /// Where the row can be checked.
    pub source: &'static str,
}

/// What a row has where it says nothing.
pub(crate) const ROW: Program = Program {
    name: "",
    commands: &[],
    language: Language::Other,
    family: Family::Server,
    habit: Habit::Keeps,
    on: &[],
    off: &[],
    spoilers: &[],
    mistaken: &[],
    unsure: &[],
    dev: &[],
    host: &[],
    reads: Reading::Source,
    imports: Imports::Unknown,
    protect: &[],
    polling: &[],
    watches: &[],
    roots: Roots::Unknown,
    source: "",
};

/// What code is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript and TypeScript, on Node.js, Deno or Bun, and in the browser.
    JavaScript,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Java, Kotlin, Scala, Clojure.
    Jvm,
    /// C#, F#.
    DotNet,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// Elixir, Erlang.
    Elixir,
    /// Something else, or nothing of the project.
    Other,
}

/// What kind of process a program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Answers requests with the project's code.
    Server,
    /// Runs the project's code on jobs, messages or a clock.
    Worker,
    /// Restarts something else when files change.
    Watcher,
    /// Runs a file of the project; whether it stays, the file knows.
    Interpreter,
    /// The project's own binary.
    Compiled,
    /// Serves files.
    Static,
    /// Makes something and ends.
    Build,
    /// Does something and ends.
    OneShot,
    /// Somebody else's program: it runs no code of the project.
    Foreign,
}

/// What a program does about an edit when nothing is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Habit {
    /// It keeps the code that it read when it started.
    Keeps,
    /// It restarts.
    Restarts,
    /// It changes itself while it runs.
    Hot,
    /// It reads the code anew for each request.
    PerRequest,
    /// It is not to be asked: it ends soon, or runs no code of the project.
    NotAServer,
}

/// Something written that decides about reloading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// An argument: `--reload`, also as `--reload=…`.
    Word(&'static str),
    /// An argument that holds this text.
    Part(&'static str),
    /// Two arguments, one behind the other, or joined by `=`.
    Pair(&'static str, &'static str),
    /// A variable with a value that is not a way to say no.
    Variable(&'static str),
    /// A variable with this value.
    VariableIs(&'static str, &'static str),
    /// A variable whose value holds this text.
    VariableHolds(&'static str, &'static str),
    /// A file in the working directory that holds this text.
    File(&'static str, &'static str),
    /// No such file in the working directory.
    NoFile(&'static str),
    /// A mount shows the host's directory of this name in the working directory.
    Shown(&'static str),
    /// The file that an interpreter is given holds that text.
    Script(&'static str),
    /// At least this version of a package, major and minor, is in the container, as its lock files
    /// and manifests say.
    Since(&'static str, (u32, u32)),
    /// An older version of that package is in the container.
    Before(&'static str, (u32, u32)),
    /// All of these; the first says where.
    All(&'static [Sign]),
}

/// A way to make a program notice edits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dev {
    /// Set a variable.
    Variable(&'static str, &'static str),
    /// Add a word to the value of a variable.
    VariableWord(&'static str, &'static str),
    /// Add arguments at the end.
    Append(&'static [&'static str]),
    /// Add arguments behind the program's name.
    Prepend(&'static [&'static str]),
    /// Put another subcommand in the place of this one.
    Subcommand(&'static str, &'static str),
    /// Put another program in the place of its own name, with all arguments.
    Rename(&'static [&'static str]),
    /// Put these words before the command; the first is a tool that a manifest of the project must
    /// list.
    Wrap(&'static [&'static str]),
    /// Give the whole command, quoted, to this tool, which a manifest of the project must list.
    WrapQuoted(&'static [&'static str]),
    /// Run a script of `package.json` that reloads.
    Script,
    /// Take an argument out. Goes before another way.
    Without(&'static str),
    /// The next way only if a manifest lists this package.
    Listed(&'static str),
    /// The next way only if no older version of this package is known to be in the container.
    Since(&'static str, (u32, u32)),
}

/// What a program reads its code from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The sources, where it runs.
    Source,
    /// The file it is given: a source, or something made from sources.
    File,
    /// Something made from sources, at this path.
    Artifact(&'static str),
    /// No code of the project.
    Nothing,
}

/// Where the reloader of a program looks for edits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Roots {
    /// At every file that it has loaded, wherever it lies.
    Loaded,
    /// At the directories that these arguments name; without one at the directory it starts in.
    Named(&'static [&'static str]),
    /// At the directories behind its first argument; without one at the directory it starts in.
    Behind,
    /// Not known.
    Unknown,
}

/// Where a program looks for a module that it is given by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imports {
    /// In the directory it starts in, before what is installed.
    WorkingDirectory,
    /// Not known.
    Unknown,
}

const TABLES: [&[Program]; 5] = [
    python::PROGRAMS,
    node::PROGRAMS,
    compiled::PROGRAMS,
    web::PROGRAMS,
    others::PROGRAMS,
];

/// The row of a binary that the project's own build makes, whatever its name is.
pub static BINARY: Program = compiled::BINARY;

/// Every row.
pub fn programs() -> impl Iterator<Item = &'static Program> {
    TABLES.into_iter().flatten()
}

/// The row of a name.
pub fn program(name: &str) -> Option<&'static Program> {
    programs().find(|program| program.name == name)
}

/// The row of a command: the one that names most of its words.
pub fn recognise(argv: &[&str]) -> Option<&'static Program> {
    let rows = ROWS.get_or_init(Rows::new);
    let named = rows
        .by_name
        .get(file_name(argv.first()?))
        .into_iter()
        .flatten();
    let fitting = named
        .chain(&rows.patterns)
        .filter(|row| is_command(row.command, argv));
    // Of rows that name as many words the first wins, so that a table can put the special before
    // the general.
    fitting
        .max_by_key(|row| (row.words, Reverse(row.number)))
        .map(|row| row.program)
}

static ROWS: OnceLock<Rows> = OnceLock::new();

/// Every command of the tables, to be found by the name of its program.
struct Rows {
    by_name: FxHashMap<&'static str, Vec<Row>>,
    /// Those whose program is named by a pattern.
    patterns: Vec<Row>,
}

struct Row {
    program: &'static Program,
    command: &'static str,
    /// How many words it has.
    words: usize,
    /// Its place in the tables.
    number: usize,
}

impl Rows {
    fn new() -> Self {
        let mut rows = Rows {
            by_name: FxHashMap::default(),
            patterns: Vec::new(),
        };
        let commands = programs().flat_map(|program| {
            program
                .commands
                .iter()
                .map(move |command| (program, *command))
        });
        for (number, (program, command)) in commands.enumerate() {
            let row = Row {
                program,
                command,
                words: command.split(' ').count(),
                number,
            };
            let name = command.split(' ').next().unwrap_or_default();
            match name.contains('*') {
                true => rows.patterns.push(row),
                false => rows.by_name.entry(name).or_default().push(row),
            }
        }
        rows
    }
}

fn is_command(command: &str, argv: &[&str]) -> bool {
    let mut rest = argv.iter();
    let mut words = command.split(' ');
    let is_first = words
        .next()
        .is_some_and(|name| rest.next().is_some_and(|word| fits(name, file_name(word))));
    is_first && words.all(|name| rest.any(|word| fits(name, word) || fits(name, file_name(word))))
}

fn fits(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => word.len() > end.len() && word.ends_with(end),
        (_, Some(start)) => word.starts_with(start),
        _ => pattern == word,
    }
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
