//! Package managers and build tools: what a row says.
//!
//! The rows lie with their ecosystems; `manager` finds the one that is asked for.

use super::program::Language;
use super::wrapper::Wrapper;

/// A family of tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Ecosystem {
    Python,
    Node,
    Go,
    Rust,
    Jvm,
    Dotnet,
    Php,
    Ruby,
    Elixir,
    Dart,
    /// The packages of the operating system.
    System,
}

impl Ecosystem {
    /// The language of its packages; `None` for those of the operating system.
    pub fn language(self) -> Option<Language> {
        Some(match self {
            Ecosystem::Python => Language::Python,
            Ecosystem::Node => Language::JavaScript,
            Ecosystem::Go => Language::Go,
            Ecosystem::Rust => Language::Rust,
            Ecosystem::Jvm => Language::Jvm,
            Ecosystem::Dotnet => Language::DotNet,
            Ecosystem::Php => Language::Php,
            Ecosystem::Ruby => Language::Ruby,
            Ecosystem::Elixir => Language::Elixir,
            Ecosystem::Dart => Language::Other,
            Ecosystem::System => return None,
        })
    }
}

/// A package manager or build tool.
#[derive(Debug)]
pub struct Manager {
    /// What people call it.
    pub name: &'static str,
    /// Its family.
    pub ecosystem: Ecosystem,
    /// File names of its program.
    pub programs: &'static [&'static str],
    /// Its commands that install, fetch or build.
    pub verbs: &'static [Verb],
    /// Words after the program with which it also brings packages into place, before or while it
    /// does something else: `uv run`, `poetry add`. `*` stands for any word.
    pub refreshes: &'static [&'static str],
    /// What projects customarily call a task that installs.
    pub customary: &'static [&'static str],
    /// Flags that keep it from that.
    pub kept_by: &'static [&'static str],
    /// How it runs another program: `poetry run`.
    pub wrappers: &'static [Wrapper],
    /// How it runs a script of `package.json`, if it does.
    pub scripts: Option<&'static Scripts>,
    /// Files in which a project names its packages.
    pub manifests: &'static [&'static str],
    /// Files that say which versions are installed.
    pub locks: &'static [&'static str],
    /// Whether they choose versions; else the manifest does, and they say what must come.
    pub locks_choose: bool,
    /// Words with which an install leaves its lock file as it is; `None` when it always does.
    pub frozen_by: Option<&'static [&'static str]>,
    /// Names of directories that it fills with the packages of others.
    pub fills: &'static [&'static str],
    /// Whether it installs programs of any language.
    pub is_general: bool,
    /// Where it keeps what it has fetched.
    pub cache: CacheMount,
    /// Its commands that neither read nor change the sources, without the program.
    pub harmless: &'static [&'static str],
    /// What it asks before it installs.
    pub asks: Option<Asks>,
    /// Where the row can be checked.
    pub source: &'static str,
}

/// What a row has where it says nothing.
pub(crate) const MANAGER: Manager = Manager {
    name: "",
    ecosystem: Ecosystem::System,
    programs: &[],
    verbs: &[],
    refreshes: &[],
    customary: &[],
    kept_by: &[],
    wrappers: &[],
    scripts: None,
    manifests: &[],
    locks: &[],
    locks_choose: true,
    frozen_by: None,
    fills: &[],
    is_general: false,
    cache: CacheMount::None("nothing is known of it"),
    harmless: &[],
    asks: None,
    source: "",
};

impl Manager {
    /// The commands with which it brings the packages of a project into place, as people write them.
    pub fn phrases(&self) -> impl Iterator<Item = &'static str> {
        let is_of_project = |verb: &&Verb| !verb.builds() && !matches!(verb.words, Words::Packages);
        let commands = self
            .verbs
            .iter()
            .filter(is_of_project)
            .flat_map(|verb| verb.commands);
        // A program alone may stand for anything.
        let is_clear = |phrase: &&str| phrase.contains(' ') || *phrase == "venv";
        commands.chain(self.customary).copied().filter(is_clear)
    }

    /// Whether it installs programs of any language: it is of the operating system, or like one.
    pub fn brings_programs(&self) -> bool {
        self.ecosystem == Ecosystem::System || self.is_general
    }
}

/// What a command needs besides its flags.
#[derive(Debug)]
pub enum Needs {
    /// Nothing but its manifests.
    Manifests,
    /// Nothing but its manifests if one of these is given, each a flag or several; else the
    /// sources, because of this.
    ManifestsWith(&'static [&'static str], &'static str),
    /// The sources, because of this.
    Sources(&'static str),
    /// The sources: it compiles them.
    Compiles,
}

/// What words that are no flags mean.
#[derive(Debug)]
pub enum Words {
    /// Names of packages; one that looks like a path is a local package. With names, the manifests
    /// are not read.
    Packages,
    /// Names of packages that are added to those of the manifests.
    Local,
    /// Manifests.
    Files,
    /// Nothing to us.
    Ignored,
    /// The directory that is made.
    Creates,
}

/// Where a command writes.
#[derive(Debug)]
pub enum Write {
    /// Below the working directory.
    Here(&'static str),
    /// There.
    At(&'static str),
    /// Where a variable says, else below the working directory.
    OrVariable(&'static str, &'static str),
    /// Below the working directory if a variable is set and not false.
    WhenVariable(&'static str, &'static str),
    /// Where a flag says.
    Flag(&'static str),
}

/// How the part of a command that needs the manifests only can be done by itself, so that it stays
/// cached when only sources change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alone {
    /// The command is all that, or nothing of it is.
    No,
    /// The same command with the flag of [`Needs::ManifestsWith`].
    WithFlag,
    /// This command. It goes with the program as it is written, and with the manifests and options
    /// that `keeps` names.
    Command {
        /// The words after the program.
        words: &'static str,
        /// Options that it shares with the command, each with its value.
        keeps: &'static [&'static str],
    },
    /// It can, in a way that depends on the project.
    Somehow,
}

/// A command that installs, fetches or builds.
#[derive(Debug)]
pub struct Verb {
    /// The program and the words behind it, flags left out.
    pub commands: &'static [&'static str],
    /// What it reads, relative to its directory. `?`: if it is there; `a|b`: one of them; `*` and
    /// `**` are patterns.
    pub manifests: &'static [&'static str],
    /// What else it needs.
    pub needs: Needs,
    /// How to do without.
    pub alone: Alone,
    /// What its words mean.
    pub words: Words,
    /// Where it writes.
    pub writes: &'static [Write],
    /// Whether it brings packages of others into place; else it only prepares that.
    pub fetches: bool,
    /// Flags whose value is a file that it reads.
    pub file_flags: &'static [&'static str],
    /// Flags whose value is the directory that it works in.
    pub directory_flags: &'static [&'static str],
    /// Other flags with a value behind a space.
    pub value_flags: &'static [&'static str],
    /// Flags whose value is a part of the project.
    pub path_flags: &'static [&'static str],
    /// Flags with which it has nothing to do with the project.
    pub global_flags: &'static [&'static str],
}

/// What a command has where its row says nothing.
pub(crate) const VERB: Verb = Verb {
    commands: &[],
    manifests: &[],
    needs: Needs::Manifests,
    alone: Alone::No,
    words: Words::Ignored,
    writes: &[],
    fetches: true,
    file_flags: &[],
    directory_flags: &[],
    value_flags: &[],
    path_flags: &[],
    global_flags: &[],
};

impl Verb {
    /// Whether a flag takes a value in the next word.
    pub fn takes_value(&self, flag: &str) -> bool {
        [self.value_flags, self.directory_flags, self.file_flags]
            .iter()
            .any(|flags| flags.contains(&flag))
    }

    /// Whether it compiles the project.
    pub fn builds(&self) -> bool {
        matches!(self.needs, Needs::Compiles)
    }
}

/// Whether a cache mount saves the next build from fetching everything again.
#[derive(Debug)]
pub enum CacheMount {
    /// It does.
    At(Cache),
    /// Not safely, or not at one known place: why.
    None(&'static str),
}

/// Where a manager keeps what it has fetched. Only directories are named from which nothing is run:
/// what lies in a cache mount is not in the image. So no module cache of Go, no registry of cargo, no
/// repository of Maven, which later steps read.
#[derive(Debug)]
pub struct Cache {
    /// Its directories when root installs and nobody says otherwise, absolute.
    pub directories: &'static [&'static str],
    /// The image that has it there; any without it.
    pub image: Option<&'static str>,
    /// Flags that switch it off or move it.
    pub flags: &'static [&'static str],
    /// Variables that do.
    pub variables: &'static [&'static str],
    /// Commands that move it, as they stand in a script.
    pub commands: &'static [&'static str],
}

impl Cache {
    /// Whether the cache lies there in what is built on this image.
    pub fn is_in(&self, base: &str) -> bool {
        let name = base.split([':', '@']).next().unwrap_or_default();
        self.image
            .is_none_or(|image| name.strip_prefix("docker.io/library/").unwrap_or(name) == image)
    }
}

/// A question that a manager asks before it installs.
#[derive(Debug)]
pub struct Asks {
    /// The commands that ask.
    pub commands: &'static [&'static str],
    /// Any of these options answers, without dashes.
    pub answers: &'static [&'static str],
    /// What to write behind the command.
    pub flag: &'static str,
    /// What answers besides: an option of the configuration, in lower case, as a part of a word.
    pub settings: &'static [&'static str],
}

/// How a manager runs the scripts of `package.json`.
#[derive(Debug)]
pub struct Scripts {
    /// Words that it knows by itself, so that they run no script unless `run` stands before them.
    pub own: &'static [&'static str],
    /// Words that run a script of the next word.
    pub run: &'static [&'static str],
    /// Words that run a program.
    pub exec: &'static [&'static str],
    /// Scripts that run without `run`; `*` stands for any, and for programs of packages.
    pub bare: &'static [&'static str],
    /// Options that take a value in the next word.
    pub valued: &'static [&'static str],
}

impl Scripts {
    /// Whether a word is a script, or a program of a package, though no `run` stands before it.
    pub fn runs_bare(&self, word: &str) -> bool {
        let is_own = self.own.contains(&word) || self.exec.contains(&word);
        !is_own && (self.bare.contains(&"*") || self.bare.contains(&word))
    }
}
