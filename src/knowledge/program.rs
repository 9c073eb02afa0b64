//! Programs: what a row says.

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
