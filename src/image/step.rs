//! The steps of a stage: what each instruction copies or runs, with variables and paths resolved at
//! that point.

use crate::files::{Files, Kind};
use crate::knowledge::shells;
use crate::syntax::dockerfile::{Arguments, Flag, Instruction, Keyword, Word};
use crate::syntax::shell::{self, Assignment, Command, Operator, Script};
use crate::text::Span;

use super::config::Config;
use super::context::Context;
use super::installs::{self, Install};
use super::named::NamedSource;
use super::path;
use super::scope::{Assigned, Scope};
use super::stage_names::{Meaning, Names};

/// One instruction of a stage, or the trigger of an ONBUILD in the stage below.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which instruction of the Dockerfile.
    pub instruction: usize,
    /// Whether it is the trigger of that instruction, not the instruction itself.
    pub is_trigger: bool,
    /// The stage it runs in.
    pub stage: usize,
    /// Its keyword.
    pub keyword: Keyword,
    /// The whole instruction.
    pub span: Span,
    /// The working directory before it; `None` when unknown.
    pub workdir: Option<String>,
    /// The user before it, as written; `None` for that of the base image.
    pub user: Option<String>,
    /// What it does to the file system.
    pub action: Action,
    /// The variables that it gives a value, in order.
    pub sets: Vec<Assigned>,
    /// What BuildKit's cache compares of the instruction itself, variables resolved: neither its
    /// inputs nor, for a RUN, the environment. Empty for what makes no layer.
    pub key: String,
}

impl Step {
    /// Whether BuildKit makes a layer of it: a line in its progress, which is cached or runs.
    pub fn makes_layer(&self) -> bool {
        !self.key.is_empty()
    }
}

/// What a step does to the file system.
#[derive(Clone, Debug)]
pub enum Action {
    /// COPY or ADD.
    Copy(Copied),
    /// RUN.
    Run(Run),
    /// Nothing but a word in the image's configuration.
    Configure,
}

/// COPY or ADD.
#[derive(Clone, Debug)]
pub struct Copied {
    /// What it copies, heredocs excluded.
    pub sources: Vec<SourcePath>,
    /// From where.
    pub from: CopyFrom,
    /// Files written in the Dockerfile itself: their names.
    pub heredocs: Vec<String>,
    /// The absolute container path; `None` when it depends on an unknown variable or working
    /// directory.
    pub destination: Option<String>,
    /// The destination as written.
    pub destination_span: Span,
    /// Whether the destination is written as a directory (`/app/`, `.`) or must be one (several
    /// sources).
    pub into_directory: bool,
    /// `--parents`: the path of each source is kept below the destination.
    pub parents: bool,
    /// `--exclude`: not everything of the sources arrives.
    pub excludes: bool,
    /// The patterns of `--exclude`, variables resolved where they are known.
    pub excluded: Vec<String>,
    /// `--link`: the layer does not rest on those below it.
    pub link: bool,
    /// `--chown`, as written.
    pub chown: Option<String>,
}

/// Where COPY takes its sources from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyFrom {
    /// The build context.
    Context,
    /// An earlier stage.
    Stage(usize),
    /// A named context that is a directory or built by another service: its number.
    Named(usize),
    /// An image, or a named context that is none of the other kinds.
    Image(String),
    /// `--from` names what the build cannot have.
    Unknown,
}

/// One source of COPY or ADD.
#[derive(Clone, Debug)]
pub struct SourcePath {
    /// Variables resolved; as written when that is not possible.
    pub text: String,
    /// As written.
    pub span: Span,
    /// The path in the context (without a leading `/`; empty for all of it), or the absolute path
    /// in the stage or image.
    pub path: String,
    /// What it is.
    pub kind: SourceKind,
}

/// What a source of COPY is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The whole context, or the root of a stage.
    Everything,
    /// A directory of the context: its contents are copied.
    Directory,
    /// A file of the context.
    File,
    /// A pattern, and the paths of the context that it matches.
    Glob(Vec<String>),
    /// A local archive, which ADD unpacks.
    Archive,
    /// A URL or a git repository of ADD.
    Remote,
    /// A path in a stage or an image.
    Inside,
    /// Not in the context, or kept out of it by the ignore file.
    Missing,
    /// It depends on a variable that is not known.
    Unknown,
}

/// RUN.
#[derive(Clone, Debug)]
pub struct Run {
    /// The commands, those of heredocs included; `None` when they are not for a POSIX shell.
    pub script: Option<Script>,
    /// `--mount`.
    pub mounts: Vec<RunMount>,
    /// The installs of dependencies and the builds that were recognised among the commands.
    pub installs: Vec<Install>,
    /// Commands that are neither installs nor known to leave the sources alone.
    pub others: Vec<Span>,
}

/// `RUN --mount=type=bind,from=build,source=/a,target=/b`.
#[derive(Clone, Debug)]
pub struct RunMount {
    /// `bind`, `cache`, `tmpfs`, `secret`, `ssh`.
    pub kind: String,
    /// From where; the context for a bind without `from`.
    pub from: CopyFrom,
    /// `source`.
    pub source: Option<String>,
    /// `target`, absolute.
    pub target: Option<String>,
    /// The whole flag.
    pub span: Span,
}

/// What a step can see while it is read.
pub(super) struct Surroundings<'a> {
    pub(super) context: &'a Context,
    pub(super) files: &'a dyn Files,
    pub(super) names: &'a Names,
    pub(super) stage: usize,
    pub(super) config: &'a Config,
    pub(super) scope: &'a Scope,
}

impl Surroundings<'_> {
    /// What an instruction does, before it is applied to the configuration.
    pub(super) fn action(&self, instruction: &Instruction) -> Action {
        match instruction.keyword {
            Keyword::Copy | Keyword::Add => self
                .copy(instruction)
                .map_or(Action::Configure, Action::Copy),
            Keyword::Run => Action::Run(self.run(instruction)),
            _ => Action::Configure,
        }
    }

    fn copy(&self, instruction: &Instruction) -> Option<Copied> {
        let (destination, words) = instruction.words().split_last()?;
        let from = match instruction.flag("from") {
            None => CopyFrom::Context,
            Some(flag) => flag
                .value
                .as_ref()
                .map_or(CopyFrom::Unknown, |name| self.from(name.text.as_str())),
        };
        let flag = |name: &str| instruction.flag(name);
        let parents = flag("parents").is_some();
        let mut sources = Vec::new();
        let mut heredocs = Vec::new();
        for word in words {
            match instruction
                .heredocs
                .iter()
                .find(|heredoc| heredoc.opener == word.span)
            {
                Some(heredoc) => heredocs.push(heredoc.name.clone()),
                None => sources.push(self.source(word, &from, instruction.keyword, parents)),
            }
        }
        let written = self.scope.expand(destination.text.as_str());
        let into_directory = words.len() > 1
            || written.as_deref().is_some_and(|text| {
                text.ends_with('/') || matches!(path::name(text), "." | ".." | "")
            });
        Some(Copied {
            sources,
            from,
            heredocs,
            destination: written.and_then(|text| self.config.resolve(&text)),
            destination_span: destination.span,
            into_directory,
            parents,
            excludes: flag("exclude").is_some(),
            excluded: self.excluded(instruction),
            // With a mode of its own BuildKit makes no separate layer of it.
            link: flag("link").is_some_and(|flag| {
                !flag
                    .value
                    .as_ref()
                    .is_some_and(|value| is_false(value.text.as_str()))
            }) && flag("chmod").is_none(),
            chown: flag("chown")
                .and_then(|flag| flag.value.as_ref())
                .map(|value| value.text.as_str().to_owned()),
        })
    }

    fn excluded(&self, instruction: &Instruction) -> Vec<String> {
        let flags = instruction
            .flags
            .iter()
            .filter(|flag| flag.name == "exclude");
        flags
            .filter_map(|flag| Some(self.scope.key(flag.value.as_ref()?.text.as_str())))
            .collect()
    }

    /// What BuildKit's cache compares of an instruction; see [`Step::key`]. `salt` makes it another
    /// one.
    pub(super) fn key(&self, instruction: &Instruction, salt: &str) -> String {
        let user = self
            .config
            .user
            .as_ref()
            .and_then(|user| user.value.as_deref())
            .unwrap_or_default();
        let workdir = self.config.workdir.as_deref().unwrap_or("\0");
        let mut parts: Vec<String> = Vec::new();
        match instruction.keyword {
            Keyword::Workdir => {
                let Some(word) = instruction.words().first() else {
                    return String::new();
                };
                let path = self
                    .scope
                    .expand(word.text.as_str())
                    .and_then(|path| self.config.resolve(&path));
                // The root is always there.
                if path.as_deref() == Some("/") {
                    return String::new();
                }
                let written = || format!("{workdir}\0{}", self.scope.key(word.text.as_str()));
                parts.extend([
                    "WORKDIR".to_owned(),
                    path.unwrap_or_else(written),
                    user.to_owned(),
                ]);
            }
            Keyword::Run => {
                parts.push("RUN".to_owned());
                parts.extend(instruction.flags.iter().map(|flag| self.key_of_flag(flag)));
                match &instruction.arguments {
                    Arguments::Shell(text) => {
                        parts.extend(self.config.shell_words());
                        parts.push(text.as_str().to_owned());
                    }
                    _ => parts.extend(
                        instruction
                            .words()
                            .iter()
                            .map(|word| word.text.as_str().to_owned()),
                    ),
                }
                parts.extend(
                    instruction
                        .heredocs
                        .iter()
                        .map(|heredoc| heredoc.body.as_str().to_owned()),
                );
                parts.extend([workdir.to_owned(), user.to_owned()]);
            }
            Keyword::Copy | Keyword::Add => {
                parts.push("COPY".to_owned());
                parts.extend(
                    instruction
                        .flags
                        .iter()
                        .filter(|flag| flag.name != "from")
                        .map(|flag| self.key_of_flag(flag)),
                );
                parts.extend(
                    instruction
                        .words()
                        .iter()
                        .map(|word| self.scope.key(word.text.as_str())),
                );
                let is_relative = instruction
                    .words()
                    .last()
                    .is_some_and(|word| !self.scope.key(word.text.as_str()).starts_with('/'));
                if is_relative {
                    parts.push(workdir.to_owned());
                }
                parts.extend(instruction.heredocs.iter().map(|heredoc| {
                    let body = heredoc.body.as_str();
                    if heredoc.expand {
                        self.scope.key_of_body(body)
                    } else {
                        body.to_owned()
                    }
                }));
            }
            _ => return String::new(),
        }
        parts.join("\0\0") + salt
    }

    fn key_of_flag(&self, flag: &Flag) -> String {
        let value = flag
            .value
            .as_ref()
            .map(|value| self.scope.key(value.text.as_str()))
            .unwrap_or_default();
        format!("{}={value}", flag.name)
    }

    /// The meaning of `--from`: a number, the name of an earlier stage, else an image.
    fn from(&self, name: &str) -> CopyFrom {
        if name.contains('$') {
            return CopyFrom::Unknown;
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return self
                .names
                .find(name, self.stage)
                .map_or(CopyFrom::Unknown, CopyFrom::Stage);
        }
        match self.names.meaning(name, self.stage) {
            Meaning::Stage(stage) => CopyFrom::Stage(stage),
            Meaning::Named(context) => CopyFrom::Named(context),
            Meaning::Image(image) => CopyFrom::Image(image),
        }
    }

    fn source(&self, word: &Word, from: &CopyFrom, keyword: Keyword, parents: bool) -> SourcePath {
        let written = word.text.as_str();
        let span = word.span;
        let Some(text) = self.scope.expand(written) else {
            return SourcePath {
                text: written.to_owned(),
                span,
                path: String::new(),
                kind: SourceKind::Unknown,
            };
        };
        if keyword == Keyword::Add && is_remote(&text) {
            return SourcePath {
                path: text.clone(),
                text,
                span,
                kind: SourceKind::Remote,
            };
        }
        // The pivot of `--parents` is no part of the path.
        let absolute = path::join("/", &text);
        let named = match from {
            CopyFrom::Context => Some(self.context),
            CopyFrom::Named(at) => match self.names.context(*at) {
                NamedSource::Directory(context) => Some(context),
                _ => None,
            },
            _ => None,
        };
        let Some(context) = named else {
            let kind = if absolute == "/" {
                SourceKind::Everything
            } else {
                SourceKind::Inside
            };
            return SourcePath {
                text,
                span,
                path: absolute,
                kind,
            };
        };
        let path = absolute.trim_start_matches('/').to_owned();
        let kind = match context.kind(self.files, &path) {
            _ if path.is_empty() => SourceKind::Everything,
            _ if path::is_glob(&path) => SourceKind::Glob(context.matches(self.files, &path)),
            Some(Kind::Directory) => SourceKind::Directory,
            Some(_) if keyword == Keyword::Add && is_archive(&path) && !parents => {
                SourceKind::Archive
            }
            Some(_) => SourceKind::File,
            None => SourceKind::Missing,
        };
        SourcePath {
            text,
            span,
            path,
            kind,
        }
    }

    fn run(&self, instruction: &Instruction) -> Run {
        let mut mounts = Vec::new();
        for flag in &instruction.flags {
            if let Some(value) = flag.value.as_ref().filter(|_| flag.name == "mount") {
                mounts.push(self.mount(value.text.as_str(), flag.span));
            }
        }
        let script = script(instruction, &self.config.shell_words());
        let (installs, others) = match &script {
            Some(script) => installs::find(script, instruction.span, self.config, self.scope),
            None => (Vec::new(), vec![instruction.span]),
        };
        Run {
            script,
            mounts,
            installs,
            others,
        }
    }

    /// A field is `key=value`; quotes around fields with commas are rare enough to be left alone.
    fn mount(&self, text: &str, span: Span) -> RunMount {
        let mut mount = RunMount {
            kind: "bind".to_owned(),
            from: CopyFrom::Context,
            source: None,
            target: None,
            span,
        };
        for field in text.split(',') {
            let (key, value) = field.split_once('=').unwrap_or((field, ""));
            match key.to_ascii_lowercase().as_str() {
                "type" => mount.kind = value.to_ascii_lowercase(),
                "from" => mount.from = self.from(value),
                "source" | "src" => mount.source = self.scope.expand(value),
                "target" | "dst" | "destination" => {
                    mount.target = self
                        .scope
                        .expand(value)
                        .and_then(|path| self.config.resolve(&path))
                }
                _ => {}
            }
        }
        mount
    }
}

/// The longest RUN that is read as a script, in bytes: no person writes a longer one.
const LONGEST_SCRIPT: u32 = 1 << 16;

/// The commands of a RUN, whatever its form; `shell` are the words that run its text. `None` when
/// that is no POSIX shell, or too long.
pub(crate) fn script(instruction: &Instruction, shell: &[String]) -> Option<Script> {
    if instruction.span.end - instruction.span.start > LONGEST_SCRIPT {
        return None;
    }
    let bodies = instruction.heredocs.iter();
    match &instruction.arguments {
        Arguments::Shell(text) => {
            if !is_posix_shell(shell) {
                return None;
            }
            let mut script = shell::parse(text);
            // `RUN <<EOF` alone: the shell, or the `#!` line of the body, runs the body.
            let feeds_shell = match script.commands.as_slice() {
                [] => true,
                [command] => command.program().is_none_or(shells::is_shell),
                _ => false,
            };
            if feeds_shell && !instruction.heredocs.is_empty() {
                script.commands.clear();
                for body in bodies {
                    let first = body.body.as_str().lines().next().unwrap_or_default();
                    if first
                        .strip_prefix("#!")
                        .is_some_and(|interpreter| !interpreter.trim().ends_with("sh"))
                    {
                        return None;
                    }
                    script.commands.extend(shell::parse(&body.body).commands);
                }
            }
            Some(script)
        }
        Arguments::Json(words) => Some(exec(words, instruction.span)),
        _ => Some(Script::default()),
    }
}

/// The commands of a JSON form: one, or those of the text behind `sh -c`.
fn exec(words: &[Word], span: Span) -> Script {
    if let [shell, flag, text, ..] = words
        && shells::is_shell(shell.text.as_str())
        && flag.text.as_str().starts_with('-')
        && flag.text.as_str().ends_with('c')
    {
        return shell::parse(&text.text);
    }
    let word = |word: &Word| shell::Word {
        text: word.text.clone(),
        span: word.span,
        quoted: true,
        literal: true,
    };
    let command = Command {
        assignments: Vec::<Assignment>::new(),
        words: words.iter().map(word).collect(),
        redirections: Vec::new(),
        next: Operator::End,
        depth: 0,
        conditional: false,
        function: None,
        span,
    };
    Script {
        commands: if words.is_empty() {
            Vec::new()
        } else {
            vec![command]
        },
    }
}

fn is_posix_shell(words: &[String]) -> bool {
    words.iter().any(|word| shells::is_shell(word))
}

fn is_false(value: &str) -> bool {
    value.eq_ignore_ascii_case("false")
}

/// What ADD fetches instead of copying it from the context.
fn is_remote(text: &str) -> bool {
    text.contains("://") || text.starts_with("git@")
}

fn is_archive(path: &str) -> bool {
    [
        ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}
