//! Which commands of a RUN install dependencies or compile: what they read, what they write,
//! whether they need the sources.
//!
//! The commands are rows of `knowledge`; here is how a command line is held against a row.
//! Whatever is not wholly understood is not called pure.

use crate::syntax::shell::{Command, Operator, Script, Word};
use crate::text::Span;

use super::config::Config;
use super::path;
use super::scope::Scope;

pub use crate::knowledge::Ecosystem;
use crate::knowledge::harmless;
use crate::knowledge::manager::{Alone, Called, Manager, Needs, Verb, Words, Write, verb_of};
use crate::knowledge::wrappers::unwrapped;

/// A command that installs dependencies, or builds.
#[derive(Clone, Debug)]
pub struct Install {
    /// Its family.
    pub ecosystem: Ecosystem,
    /// The tool: `pip`, `npm`, `cargo`.
    pub manager: &'static str,
    /// The RUN instruction.
    pub run: Span,
    /// The command in it.
    pub command: Span,
    /// The directory it works in, absolute; `None` when unknown.
    pub directory: Option<String>,
    /// What it reads.
    pub manifests: Vec<ManifestPattern>,
    /// Why it needs the sources, not only its manifests; `None` when it does not.
    pub needs_sources: Option<String>,
    /// The flag that would make it need no more than its manifests: `--no-root`.
    pub pure_with: Option<&'static str>,
    /// Whether every word was understood: no variable, no pattern, no condition around it.
    pub understood: bool,
    /// Container directories that it fills, absolute: `node_modules`, a virtual environment,
    /// `vendor`.
    pub writes: Vec<String>,
    /// Its flags, as written.
    pub flags: Vec<String>,
    /// Directories of the project that it installs as packages.
    pub packages: Vec<LocalPackage>,
    /// How the part of it that needs the manifests only can be done by itself.
    pub alone: Alone,
    compiles: bool,
}

/// A directory of the project that an install takes as a package: `pip install .`,
/// `-e ./libs/common`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPackage {
    /// Relative to the install's directory, or absolute.
    pub path: String,
    /// Whether only a reference to the directory is installed, so that an edit there is seen.
    pub editable: bool,
}

/// A file that an install reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestPattern {
    /// A path relative to the install's directory, or an absolute container path. `a|b` means one
    /// of them; `*` stands for a part of a name and `**` for any directories.
    pub path: String,
    /// Whether the install fails without it.
    pub required: bool,
    /// Where the command names it.
    pub span: Option<Span>,
}

impl Install {
    /// Whether it compiles the project rather than fetch what others wrote.
    pub fn builds(&self) -> bool {
        self.compiles
    }

    /// The same in a form that needs no more than its manifests.
    pub fn of_manifests_only(&self) -> Install {
        Install {
            needs_sources: None,
            pure_with: None,
            compiles: false,
            ..self.clone()
        }
    }

    /// Whether it installs packages of the operating system.
    pub fn is_system(&self) -> bool {
        self.ecosystem == Ecosystem::System
    }
}

/// Why a compiler needs the sources.
const COMPILES: &str = "it compiles the sources";

/// The installs among the commands of a RUN, and the commands that are neither installs nor
/// harmless.
pub(super) fn find(
    script: &Script,
    run: Span,
    config: &Config,
    scope: &Scope,
) -> (Vec<Install>, Vec<Span>) {
    let mut finder = Finder {
        run,
        config,
        scope,
        directory: config.workdir.clone(),
        installs: Vec::new(),
        others: Vec::new(),
        before: Operator::Sequence,
    };
    for command in &script.commands {
        finder.command(command);
        finder.before = command.next;
    }
    (finder.installs, finder.others)
}

struct Finder<'a> {
    run: Span,
    config: &'a Config,
    scope: &'a Scope,
    /// The working directory at this point of the script.
    directory: Option<String>,
    installs: Vec<Install>,
    others: Vec<Span>,
    /// The operator before the command.
    before: Operator,
}

/// A word behind the command.
struct Argument {
    /// `None` when it depends on what only the shell knows.
    text: Option<String>,
    span: Span,
}

impl Finder<'_> {
    fn command(&mut self, command: &Command) {
        if command.argv().starts_with(&["mix", "do"]) {
            each_of_mix_do(command)
                .iter()
                .for_each(|task| self.command(task));
            return;
        }
        let arguments: Vec<Argument> = command
            .words
            .iter()
            .map(|word| Argument {
                text: self.scope.shell_text(word),
                span: word.span,
            })
            .collect();
        if arguments.is_empty() {
            return;
        }
        let texts = command.argv();
        if texts[0] == "cd" {
            self.change_directory(
                command,
                arguments
                    .get(1)
                    .and_then(|argument| argument.text.as_deref()),
            );
            return;
        }
        let start = unwrapped(&texts);
        if let Some(called) = verb_of(&texts[start..]) {
            let install = self.install(&called, command, &arguments[start + 1..]);
            self.installs.push(install);
        } else if !is_harmless(&texts[start..]) || writes_a_file(command) {
            self.others.push(command.span);
        }
    }

    /// Whether a command runs just once, whatever happens before it, and is fed by nothing.
    fn is_plain(&self, command: &Command) -> bool {
        command.depth == 0
            && command.function.is_none()
            && command.next != Operator::Background
            && !matches!(self.before, Operator::Or | Operator::Pipe)
            && !command
                .redirections
                .iter()
                .any(|redirection| redirection.operator.contains('<'))
    }

    /// A `cd` in a subshell or a branch is not followed out of it, so that everything after it is
    /// uncertain.
    fn change_directory(&mut self, command: &Command, target: Option<&str>) {
        let known = target
            .filter(|target| *target != "-" && !target.starts_with('~') && command.depth == 0);
        self.directory = match (known, &self.directory) {
            (Some(target), _) if target.starts_with('/') => Some(path::join("/", target)),
            (Some(target), Some(directory)) => Some(path::join(directory, target)),
            _ => None,
        };
    }

    /// Reads the words behind the program.
    fn install(&self, called: &Called, command: &Command, arguments: &[Argument]) -> Install {
        let (manager, row) = (called.manager, called.verb);
        let is_python = manager.ecosystem == Ecosystem::Python;
        let mut install = Install {
            ecosystem: manager.ecosystem,
            manager: manager.name,
            alone: row.alone,
            run: self.run,
            command: command.span,
            directory: self.directory.clone(),
            manifests: Vec::new(),
            needs_sources: None,
            pure_with: None,
            understood: self.is_plain(command),
            writes: Vec::new(),
            flags: Vec::new(),
            packages: Vec::new(),
            compiles: row.builds(),
        };
        let mut names = Vec::new();
        let mut values: Vec<(String, String)> = Vec::new();
        let mut rest = arguments
            .iter()
            .enumerate()
            .filter(|(index, _)| !called.used.contains(index))
            .map(|(_, argument)| argument);
        while let Some(argument) = rest.next() {
            let Some(text) = argument.text.as_deref() else {
                install.understood = false;
                continue;
            };
            if !text.starts_with('-') || text == "-" {
                names.push((text.to_owned(), argument.span));
                continue;
            }
            install.flags.push(text.to_owned());
            let Some((flag, value)) = flag_with_value(row, text) else {
                continue;
            };
            let (value, span) = match value {
                Some(value) => (Some(value.to_owned()), argument.span),
                None => match rest.next() {
                    Some(next) => (next.text.clone(), next.span),
                    None => (None, argument.span),
                },
            };
            let Some(value) = value else {
                install.understood &= row.value_flags.contains(&flag);
                continue;
            };
            if row.file_flags.contains(&flag) && !is_remote(&value) {
                install.manifests.push(ManifestPattern {
                    path: value.clone(),
                    required: true,
                    span: Some(span),
                });
            }
            if row.directory_flags.contains(&flag) {
                install.directory = install
                    .directory
                    .as_deref()
                    .map(|directory| path::join(directory, &value));
            }
            if row.path_flags.contains(&flag) && !is_remote(&value) {
                install.needs_sources = Some(format!("`{flag} {value}` is a path of the project"));
            }
            if matches!(flag, "-e" | "--editable")
                && row.path_flags.contains(&flag)
                && !is_remote(&value)
            {
                install.packages.push(LocalPackage {
                    path: without_extras(&value).to_owned(),
                    editable: true,
                });
            }
            values.push((flag.to_owned(), value));
        }
        let has = |flag: &str| {
            install.flags.iter().any(|given| {
                given == flag
                    || given
                        .strip_prefix(flag)
                        .is_some_and(|rest| rest.starts_with('='))
            })
        };
        let has_flag = |flags: &[&str]| flags.iter().any(|flags| flags.split(' ').all(has));
        let is_global = has_flag(row.global_flags);
        let is_freed = matches!(row.needs, Needs::ManifestsWith(flags, _) if has_flag(flags));
        let is_editable = !has("--no-editable") && self.config.variable("UV_NO_EDITABLE").is_none();
        self.words(manager, row, &mut install, &names, is_global);
        match row.needs {
            Needs::Manifests => {}
            Needs::ManifestsWith(..) if is_global || is_freed => {}
            // Whether a package has install scripts stands in its manifest.
            Needs::ManifestsWith(flags, _) if manager.ecosystem == Ecosystem::Node => {
                install.pure_with = flags.first().copied()
            }
            Needs::ManifestsWith(flags, reason) => {
                install
                    .needs_sources
                    .get_or_insert_with(|| reason.to_owned());
                install.pure_with = flags.first().copied();
            }
            Needs::Sources(reason) => {
                _ = install
                    .needs_sources
                    .get_or_insert_with(|| reason.to_owned())
            }
            Needs::Compiles => {
                _ = install
                    .needs_sources
                    .get_or_insert_with(|| COMPILES.to_owned())
            }
        }
        if !is_global {
            self.writes(row, &mut install, &names, &values);
        }
        if is_python && matches!(row.words, Words::Packages) {
            let local = names
                .iter()
                .filter(|(name, _)| is_local(name) && !name.ends_with(".whl"));
            let package = |path: &str| LocalPackage {
                path: without_extras(path).to_owned(),
                editable: false,
            };
            install
                .packages
                .extend(local.map(|(name, _)| package(name)));
        }
        // These install the project of their directory, unless a flag frees them from it.
        let installs_itself = matches!(row.needs, Needs::ManifestsWith(..) | Needs::Sources(_));
        if is_python && installs_itself && !is_freed {
            install.packages.push(LocalPackage {
                path: ".".to_owned(),
                editable: is_editable,
            });
        }
        install
    }

    /// What the words that are no flags mean, and whether the manifests are read.
    fn words(
        &self,
        manager: &Manager,
        row: &Verb,
        install: &mut Install,
        names: &[(String, Span)],
        is_global: bool,
    ) {
        let local = names.iter().find(|(name, _)| is_local(name));
        let reads_manifests = match row.words {
            Words::Packages | Words::Local => {
                if let Some((name, _)) = local {
                    install.needs_sources = Some(format!("`{name}` is a path of the project"));
                }
                matches!(row.words, Words::Local) || names.is_empty()
            }
            Words::Files | Words::Ignored | Words::Creates => true,
        };
        // `go install` without a version compiles what lies there.
        if manager.ecosystem == Ecosystem::Go
            && matches!(row.words, Words::Packages)
            && (names.is_empty() || !names.iter().all(|(name, _)| name.contains('@')))
        {
            install
                .needs_sources
                .get_or_insert_with(|| COMPILES.to_owned());
        }
        let is_file = |name: &str| match row.words {
            // An option of MSBuild begins with a slash.
            Words::Files => !name.starts_with("/p:"),
            Words::Packages => is_requirements_file(name),
            _ => false,
        };
        let files = names
            .iter()
            .filter(|(name, _)| is_file(name) && !is_remote(name));
        install
            .manifests
            .extend(files.map(|(name, span)| ManifestPattern {
                path: name.clone(),
                required: true,
                span: Some(*span),
            }));
        if reads_manifests && !is_global {
            // A project or solution that is named leads to the others.
            let is_led_to = |manifest: &&&str| {
                !(matches!(row.words, Words::Files) && !names.is_empty() && manifest.contains("*."))
            };
            install
                .manifests
                .extend(
                    row.manifests
                        .iter()
                        .filter(is_led_to)
                        .map(|manifest| ManifestPattern {
                            path: manifest.trim_end_matches('?').to_owned(),
                            required: !manifest.ends_with('?'),
                            span: None,
                        }),
                );
        }
    }

    fn writes(
        &self,
        row: &Verb,
        install: &mut Install,
        names: &[(String, Span)],
        values: &[(String, String)],
    ) {
        let here = |path: &str| {
            install
                .directory
                .as_deref()
                .map(|directory| path::join(directory, path))
        };
        let absolute = |path: &str| {
            if path.starts_with('/') {
                Some(path::join("/", path))
            } else {
                here(path)
            }
        };
        let mut writes: Vec<Option<String>> = row
            .writes
            .iter()
            .map(|write| match write {
                Write::Here(path) => here(path),
                Write::At(path) => Some((*path).to_owned()),
                Write::OrVariable(name, path) => {
                    absolute(self.config.variable(name).unwrap_or(path))
                }
                Write::WhenVariable(name, path) => {
                    let is_on = |value: &str| {
                        !matches!(
                            value.to_ascii_lowercase().as_str(),
                            "" | "0" | "false" | "no"
                        )
                    };
                    self.config
                        .variable(name)
                        .filter(|value| is_on(value))
                        .and_then(|_| here(path))
                }
                Write::Flag(flag) => {
                    let (_, value) = values.iter().find(|(given, _)| given == flag)?;
                    absolute(value)
                }
            })
            .collect();
        if matches!(row.words, Words::Creates) {
            let name = names.last().map_or(".venv", |(name, _)| name.as_str());
            writes.push(absolute(name));
        }
        install.writes = writes.into_iter().flatten().collect();
    }
}

/// `mix do deps.get, deps.compile` is `mix deps.get` and then `mix deps.compile`; newer versions
/// take `+` for the comma.
fn each_of_mix_do(command: &Command) -> Vec<Command> {
    let mut tasks = vec![vec![command.words[0].clone()]];
    for word in &command.words[2..] {
        let text = word.text.as_str();
        let name = text.trim_end_matches([',', '+']);
        if let Some(task) = tasks.last_mut().filter(|_| !name.is_empty()) {
            task.push(Word {
                text: word.text.slice(0..name.len()),
                ..word.clone()
            });
        }
        if name.len() < text.len() {
            tasks.push(vec![command.words[0].clone()]);
        }
    }
    tasks
        .into_iter()
        .filter(|words| words.len() > 1)
        .map(|words| Command {
            words,
            ..command.clone()
        })
        .collect()
}

/// The flag and its value where the row knows that it has one: `-r file`, `-rfile`,
/// `--requirement=file`.
fn flag_with_value<'t>(row: &Verb, text: &'t str) -> Option<(&'t str, Option<&'t str>)> {
    let writes = row.writes.iter().filter_map(|write| {
        if let Write::Flag(flag) = write {
            Some(*flag)
        } else {
            None
        }
    });
    let known = |flag: &str| {
        row.file_flags.contains(&flag)
            || row.directory_flags.contains(&flag)
            || row.value_flags.contains(&flag)
            || row.path_flags.contains(&flag)
            || writes.clone().any(|known| known == flag)
    };
    if let Some((flag, value)) = text.split_once('=') {
        return known(flag).then_some((flag, Some(value)));
    }
    if known(text) {
        return Some((text, None));
    }
    let (flag, value) = text.split_at_checked(2)?;
    let is_short = !flag.starts_with("--")
        && (row.file_flags.contains(&flag) || row.path_flags.contains(&flag));
    is_short.then_some((flag, Some(value)))
}

/// Whether a name of a package is a path.
fn is_local(name: &str) -> bool {
    (name == "."
        || name.starts_with("./")
        || name.starts_with("../")
        || name.starts_with(".[")
        || name.starts_with('/'))
        && !is_requirements_file(name)
        || name.ends_with(".whl")
        || name.starts_with("file:")
}

/// `.[dev]` is the directory `.` with the extra `dev`.
fn without_extras(path: &str) -> &str {
    path.split('[')
        .next()
        .unwrap_or(path)
        .trim_start_matches("file:")
}

/// Whether a value names something of the network.
fn is_remote(value: &str) -> bool {
    value.contains("://") || value.starts_with("git+")
}

fn is_requirements_file(name: &str) -> bool {
    name.ends_with(".txt") || name.ends_with("pyproject.toml") || name.ends_with(".in")
}

fn is_harmless(texts: &[&str]) -> bool {
    let name = texts
        .first()
        .map(|text| path::name(text))
        .unwrap_or_default();
    let rest = texts.get(1..).unwrap_or_default();
    match name {
        "rm" => return rest.iter().all(|text| is_outside(text)),
        // One that asks for a file looks at the sources.
        "test" | "[" => {
            return !rest.iter().any(|text| {
                matches!(
                    *text,
                    "-e" | "-f" | "-d" | "-r" | "-s" | "-x" | "-L" | "-nt" | "-ot"
                )
            });
        }
        _ => {}
    }
    // Settings of the directory are files in it.
    !rest.contains(&"--local") && harmless::is_harmless(texts)
}

/// Whether a command's output goes to a file that may lie among the sources.
fn writes_a_file(command: &Command) -> bool {
    const ELSEWHERE: [&str; 7] = ["/dev/", "/etc/", "/tmp/", "/usr/", "/root/", "/var/", "&"];
    command.redirections.iter().any(|redirection| {
        let target = redirection.target.text.as_str();
        redirection.operator.contains('>')
            && !target
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
            && !ELSEWHERE.iter().any(|start| target.starts_with(start))
    })
}

/// Whether `rm` leaves the sources alone: flags, and caches in places where no sources lie.
fn is_outside(text: &str) -> bool {
    const CACHES: [&str; 6] = [
        "/var/lib/apt/",
        "/var/cache/",
        "/tmp/",
        "/root/.cache",
        "/root/.npm",
        "/usr/share/",
    ];
    text.starts_with('-') || CACHES.iter().any(|cache| text.starts_with(cache))
}

#[cfg(test)]
mod tests;
