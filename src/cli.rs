//! The command line: arguments to one call of the library, its answer to a report.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::{Context as _, bail};

use crate::compose::ProjectOptions;
use crate::config::Choice;
use crate::diagnostic::RuleInfo;
use crate::disk::Disk;
use crate::files::{Overlay, SIZE_LIMIT, clean};
use crate::lint;
use crate::report::termcolor::WriteColor;
use crate::report::{self, Format, Sanitised, one_line};
use crate::rules;
use crate::text::closest;
use crate::workspace::Workspace;

mod arguments;
mod builds;
mod check;
mod chosen;
mod context;
mod effects;
mod explain;
mod fix;
mod layers;
mod overrides;
mod plan;
mod program;
mod resolve;
mod services;
mod shellcheck;
mod syntax;
mod terminal;
mod why;

use arguments::{Command, Output, Project, Selection};

/// The variable that names the output format where the option does not.
const FORMAT_VARIABLE: &str = "COMPOSELINT_OUTPUT_FORMAT";

/// Runs the program with these words, its own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let last_panic = keep_panics_quiet();
    let status = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        match arguments::parse(arguments) {
            Ok(arguments) => dispatch(arguments).unwrap_or_else(|error| {
                terminal::error(&format!("{error:#}"));
                Status::Failed
            }),
            Err(message) => {
                let _ = message.print();
                if message.exit_code() == 0 {
                    Status::Clean
                } else {
                    Status::Failed
                }
            }
        }
    }));
    let status = status.unwrap_or_else(|_| {
        let said = last_panic
            .lock()
            .map(|said| said.clone())
            .unwrap_or_default();
        terminal::error(&format!(
            "this is a bug in composelint, please report it at {}/issues: {said}",
            env!("CARGO_PKG_REPOSITORY")
        ));
        Status::Failed
    });
    ExitCode::from(status as u8)
}

/// How a run ends; the numbers are the exit codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Status {
    /// Nothing to say.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// It could not run, or not on everything that was named.
    Failed = 2,
}

fn dispatch(arguments: arguments::Arguments) -> anyhow::Result<Status> {
    let setting = Setting::new(arguments.project, &arguments.output)?;
    match arguments.command {
        Command::Check(arguments) => check::run(&setting, arguments),
        Command::Fix(arguments) => fix::run(&setting, arguments),
        Command::Override(arguments) => overrides::run(&setting, arguments),
        Command::Plan(arguments) => plan::run(&setting, arguments),
        Command::Services(arguments) => services::run(&setting, arguments),
        Command::Why(arguments) => why::run(&setting, arguments),
        Command::Resolve(arguments) => resolve::run(&setting, arguments),
        Command::Syntax(arguments) => syntax::run(&setting, &arguments),
        Command::Context(arguments) => context::run(&setting, arguments),
        Command::Layers(arguments) => layers::run(&setting, arguments),
        Command::Explain { rules } => explain::rules(&setting, &rules),
        Command::Rules => explain::list(&setting),
    }
}

/// A caught panic is told as a finding or an error of ours, not as Rust tells it. Gives what the
/// last one said, and where.
fn keep_panics_quiet() -> &'static Mutex<String> {
    static LAST: Mutex<String> = Mutex::new(String::new());
    panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST.lock() {
            *last = panic.to_string();
        }
    }));
    &LAST
}

/// What holds for every command.
struct Setting {
    /// The working directory.
    here: PathBuf,
    project: Project,
    format: Format,
    color: arguments::When,
    quiet: bool,
    config: Choice,
}

impl Setting {
    fn new(project: Project, output: &Output) -> anyhow::Result<Self> {
        let here = env::current_dir().context("the working directory cannot be read")?;
        let format = match (output.output_format, env::var(FORMAT_VARIABLE)) {
            (Some(format), _) => format,
            (None, Ok(word)) if !word.is_empty() => {
                Format::from_word(&word).with_context(|| {
                    let words = Format::ALL.map(Format::as_str).join(", ");
                    format!("{FORMAT_VARIABLE} is `{word}`; it must be one of {words}")
                })?
            }
            (None, _) => Format::default(),
        };
        let config = match &output.config {
            _ if output.isolated => Choice::None,
            Some(path) => {
                let path = clean(&here.join(path));
                anyhow::ensure!(
                    path.is_file(),
                    "there is no settings file {}",
                    path.display()
                );
                Choice::Given(path)
            }
            None => Choice::Nearest,
        };
        Ok(Setting {
            here,
            project,
            format,
            color: output.color,
            quiet: output.quiet,
            config,
        })
    }

    /// How something that is looked at is printed, where its own option does not say.
    fn look(&self) -> arguments::Look {
        if self.format == Format::Json {
            arguments::Look::Json
        } else {
            arguments::Look::Text
        }
    }

    /// A path of the command line, absolute and clean.
    fn absolute(&self, path: &Path) -> PathBuf {
        clean(&self.here.join(path))
    }

    /// A path as it is printed.
    fn relative(&self, path: &Path) -> String {
        report::relative(&self.here, path)
    }

    fn reads_stdin(&self) -> bool {
        let is_stdin = |file: &str| file == "-";
        match self.project.files.as_slice() {
            [] => {
                let separator = env::var("COMPOSE_PATH_SEPARATOR")
                    .ok()
                    .filter(|separator| !separator.is_empty());
                let separator =
                    separator
                        .as_deref()
                        .unwrap_or(if cfg!(windows) { ";" } else { ":" });
                env::var("COMPOSE_FILE").is_ok_and(|list| list.split(separator).any(is_stdin))
            }
            files => files.iter().filter_map(|file| file.to_str()).any(is_stdin),
        }
    }

    /// What is read: the disk, and standard input in the place of a file that is named `-`.
    fn files(&self) -> anyhow::Result<Overlay<'static>> {
        let mut files = Overlay::new(&Disk);
        if self.reads_stdin() {
            let mut text = Vec::new();
            io::stdin()
                .take(SIZE_LIMIT)
                .read_to_end(&mut text)
                .context("standard input cannot be read")?;
            files.write(self.absolute(Path::new("-")), text);
        }
        Ok(files)
    }

    /// The options of docker compose, and what it would find in its environment.
    fn project_options(&self) -> ProjectOptions {
        let variable = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        ProjectOptions {
            files: self.project.files.clone(),
            profiles: self.project.profiles.clone(),
            env_files: self.project.env_files.clone(),
            project_directory: self.project.project_directory.clone(),
            project_name: self.project.project_name.clone(),
            working_directory: self.here.clone(),
            environment: env::vars_os().filter_map(variable).collect(),
            ..ProjectOptions::default()
        }
    }

    /// What the library is asked to look at: the paths, or the project that `-f` names, or the
    /// working directory.
    fn lint_options(
        &self,
        paths: &[PathBuf],
        selection: &Selection,
    ) -> anyhow::Result<lint::Options> {
        // An id of another linter may be shared by several rules, so that the names are kept as
        // they are given.
        let ids = |names: &[String]| {
            names
                .iter()
                .map(|name| find_rule(name).map(|_| name.clone()))
                .collect::<anyhow::Result<_>>()
        };
        let project = self.project_options();
        let mut paths: Vec<PathBuf> = paths.iter().map(|path| self.absolute(path)).collect();
        if paths.is_empty() && project.files.is_empty() && project.project_directory.is_none() {
            paths.push(self.here.clone());
        }
        let (select, extend_select, ignore) = (
            ids(&selection.select)?,
            ids(&selection.extend_select)?,
            ids(&selection.ignore)?,
        );
        Ok(lint::Options {
            paths,
            project,
            select,
            extend_select,
            ignore,
            config: self.config.clone(),
            keep_models: false,
        })
    }

    /// Writes to standard output. A reader that has seen enough, such as `head`, is no error.
    fn print(
        &self,
        for_people: bool,
        write: impl FnOnce(&mut dyn WriteColor) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let mut out = terminal::stdout(self.color, for_people);
        match write(&mut *out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }

    /// Writes text of the project to standard output: to a program as it is, to a terminal without
    /// what it would obey.
    fn print_source(
        &self,
        write: impl FnOnce(&mut dyn WriteColor) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let is_terminal = io::stdout().is_terminal();
        self.print(true, |out| {
            if is_terminal {
                write(&mut Sanitised(out))
            } else {
                write(out)
            }
        })
    }

    /// Reports what a run found, and on standard error what could not be checked.
    fn report(&self, workspace: &Workspace<'_>, outcome: &lint::Outcome) -> anyhow::Result<()> {
        for (path, reason) in &outcome.errors {
            self.tell_error(path, reason);
        }
        let lint::Outcome {
            files,
            projects,
            services,
            dockerfiles,
            ..
        } = *outcome;
        if projects + dockerfiles + outcome.diagnostics.len() == 0 && !outcome.errors.is_empty() {
            return Ok(());
        }
        // An editor marks every place; whoever reads a report wants a cause once.
        let diagnostics = match self.format {
            Format::Lsp => outcome.diagnostics.clone(),
            _ => lint::fold(workspace.sources(), outcome.diagnostics.clone()),
        };
        let report = report::Report {
            diagnostics: &diagnostics,
            sources: workspace.sources(),
            root: &self.report_root(),
            checked: report::Checked {
                files,
                projects,
                services,
                dockerfiles,
            },
            quiet: self.quiet,
        };
        self.print(self.format.is_for_people(), |out| {
            report::write(&report, self.format, out)
        })
    }

    fn tell_error(&self, path: &Path, reason: &str) {
        let name = self.relative(path);
        if path == self.here {
            return terminal::error(reason);
        }
        let commands = arguments::command_names();
        let meant = closest(&name, commands.iter().map(String::as_str))
            .filter(|_| !path.exists())
            .map(|command| format!("; did you mean the command `{command}`?"))
            .unwrap_or_default();
        terminal::error(&format!("{name}: {reason}{meant}"));
    }

    /// Paths are relative to the working directory; GitHub takes them as relative to the checked
    /// out repository.
    fn report_root(&self) -> PathBuf {
        let repository = env::var_os("GITHUB_WORKSPACE")
            .map(PathBuf::from)
            .filter(|path| self.here.starts_with(path));
        repository
            .filter(|_| self.format == Format::Github)
            .unwrap_or_else(|| self.here.clone())
    }
}

/// The rule of this name; names of the same check in other linters are known too.
fn find_rule(name: &str) -> anyhow::Result<&'static RuleInfo> {
    if let Some(rule) = rules::infos()
        .iter()
        .find(|rule| rule.id == name || rule.aliases.contains(&name))
    {
        return Ok(rule);
    }
    let meant = closest(name, rules::infos().iter().map(|rule| rule.id))
        .map(|id| format!("did you mean `{id}`? "))
        .unwrap_or_default();
    bail!(
        "there is no rule `{}`; {meant}`composelint rules` lists them",
        one_line(name)
    )
}

/// `1 file`, `2 files`.
fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
