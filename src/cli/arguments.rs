//! The command line as types.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{
    ArgAction, Args, Command as ClapCommand, CommandFactory, Parser, Subcommand, ValueEnum,
};

use crate::diagnostic::Severity;
use crate::report::Format;

/// Why is my container running old code, and what is the least I must do for my edit to take
/// effect?
///
/// Reads compose files, Dockerfiles and everything around them as one project. Without a command it
/// checks.
#[derive(Parser, Debug)]
#[command(
    name = "composelint",
    version,
    subcommand_required = true,
    max_term_width = 100
)]
#[command(
    override_usage = "composelint [check] [OPTIONS] [PATH]...\n       composelint <COMMAND> [OPTIONS]"
)]
#[command(after_help = "Exit codes: 0 nothing to say, 1 findings, 2 could not run.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) project: Project,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Find why edits do not reach the containers (the default)
    Check(Check),
    /// Repair what can be repaired
    Fix(Fix),
    /// Print the development override that the project lacks
    Override(Override),
    /// List the services: what each is, where its code comes from, and whether it notices edits
    Services(Services),
    /// Tell what would start and what not, what is missing, how long it takes at least, and what
    /// edits need then
    Plan(Plan),
    /// Tell why an edit reaches a service or does not, link by link
    Why(Why),
    /// Print the project as docker compose config does, and tell where each value comes from
    Resolve(Resolve),
    /// Print the tree of a file with the place of every part; exit with 1 if Docker would refuse
    /// the file
    Syntax(Syntax),
    /// Print the layers of a build: what each rests on, and which of them an edit makes again
    Layers(Layers),
    /// Print what enters a build context, what is kept out, and what changes most often
    Context(ContextOf),
    /// Print the document of a rule: what, why, examples, and when it does not apply
    Explain {
        /// Names of rules
        #[arg(value_name = "RULE", required = true)]
        rules: Vec<String>,
    },
    /// List the rules
    Rules,
}

#[derive(Args, Debug)]
pub(super) struct Check {
    /// Directories to search for projects, compose files and Dockerfiles [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) selection: Selection,
    /// Run ShellCheck, which must be installed, over the scripts in Dockerfiles
    #[arg(long)]
    pub(super) shellcheck: bool,
    /// Exit with 1 from this severity on [default: as composelint.toml says, or info]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Args, Debug)]
pub(super) struct Fix {
    /// Directories, compose files and Dockerfiles to repair [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing, print what would change; exit with 1 if something would
    #[arg(long)]
    pub(super) diff: bool,
    /// Show each repair and ask whether to make it
    #[arg(short, long, conflicts_with = "diff")]
    pub(super) interactive: bool,
    /// Also apply fixes that may change what the project does
    #[arg(long)]
    pub(super) unsafe_fixes: bool,
    #[command(flatten)]
    pub(super) selection: Selection,
}

#[derive(Args, Debug)]
pub(super) struct Override {
    /// The project's directory or compose file [default: .]
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
    /// Write it to FILE, or where the project calls for; what a person wrote there is extended,
    /// never replaced
    #[arg(long, value_name = "FILE")]
    pub(super) write: Option<Option<PathBuf>>,
    /// Write nothing, tell where the override that is there differs from what would be generated;
    /// exit with 1 if it does
    #[arg(long, conflicts_with_all = ["write", "recipes"])]
    pub(super) check: bool,
    /// How edits are to arrive, where the project does not say [default: mount]
    #[arg(long, value_name = "MODE", value_enum)]
    pub(super) mode: Option<Mode>,
    /// Only for these services
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    pub(super) services: Vec<String>,
    /// Also print or write targets that start the project with it, into the Makefile, the justfile
    /// or the package.json
    #[arg(long)]
    pub(super) recipes: bool,
}

/// How edits arrive in the containers.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// Directories are mounted
    Mount,
    /// `docker compose watch` copies what is edited
    Watch,
}

#[derive(Args, Debug)]
pub(super) struct Services {
    /// The project's directory or compose file [default: .]
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Plan {
    /// The project's directory or compose file [default: .]
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
}

/// An edit takes effect when four links hold: it arrives in the container, nothing hides it there,
/// the process reads that copy, and something makes it read it again.
#[derive(Args, Debug)]
pub(super) struct Why {
    /// The service
    #[arg(value_name = "SERVICE")]
    pub(super) service: String,
    /// The file or directory that is edited [default: the code of the service]
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Syntax {
    /// Dockerfiles, YAML files and others; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Shape::Tree)]
    pub(super) format: Shape,
    /// The language of the files [default: by their names, else a Dockerfile]
    #[arg(long, value_name = "LANGUAGE", value_enum)]
    pub(super) language: Option<super::syntax::language::Language>,
}

/// A way to print a tree.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A line for each part
    Tree,
    /// The S-expressions of BuildKit's parser, for a Dockerfile
    Buildkit,
}

/// What Docker Compose makes of the project. Variables that are not set are blank, as there.
#[derive(Args, Debug)]
pub(super) struct Resolve {
    /// Only these services and what they depend on; `*` and `?` stand for any characters
    #[arg(value_name = "SERVICE")]
    pub(super) services: Vec<String>,
    /// The language to print
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Language::Yaml)]
    pub(super) format: Language,
    /// Say behind each line which file and line it comes from, and through which steps
    #[arg(long)]
    pub(super) origins: bool,
    /// Leave variables as they are written
    #[arg(long)]
    pub(super) no_interpolate: bool,
    /// Add nothing that nobody wrote: default network, names, implied dependencies
    #[arg(long)]
    pub(super) no_normalize: bool,
    /// Do not ask whether what services refer to exists
    #[arg(long)]
    pub(super) no_consistency: bool,
    /// Do not read the env files of services
    #[arg(long)]
    pub(super) no_env_resolution: bool,
    /// Leave paths relative
    #[arg(long)]
    pub(super) no_path_resolution: bool,
    #[command(flatten)]
    pub(super) listing: Listing,
}

/// Names instead of the project.
#[derive(Args, Debug)]
#[command(next_help_heading = "Lists, in the place of the project")]
#[group(multiple = false)]
pub(super) struct Listing {
    /// List the services
    #[arg(long = "services")]
    pub(super) service_names: bool,
    /// List the volumes
    #[arg(long)]
    pub(super) volumes: bool,
    /// List the networks
    #[arg(long)]
    pub(super) networks: bool,
    /// List the models
    #[arg(long)]
    pub(super) models: bool,
    /// List the images
    #[arg(long)]
    pub(super) images: bool,
    /// List the profiles
    #[arg(long = "profiles")]
    pub(super) profile_names: bool,
    /// List the variables that the files use, with their defaults
    #[arg(long)]
    pub(super) variables: bool,
    /// List the variables that the files can use, with their values
    #[arg(long)]
    pub(super) environment: bool,
    /// List the hash by which docker compose knows a service has changed; `*` for all
    #[arg(long, value_name = "SERVICES")]
    pub(super) hash: Option<String>,
}

/// A language to print a project in.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Language {
    Yaml,
    Json,
}

/// What BuildKit would say of each layer after an edit, CACHED or not, and why. Nothing is built.
#[derive(Args, Debug)]
pub(super) struct Layers {
    /// A service, a Dockerfile, or a directory with one
    #[arg(value_name = "SERVICE")]
    pub(super) service: String,
    /// Files that are edited, new or deleted
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) changed: Vec<PathBuf>,
    /// A build argument that gets another value, or this one
    #[arg(long = "changed-arg", value_name = "NAME[=VALUE]")]
    pub(super) changed_args: Vec<String>,
    /// A line of the Dockerfile that is edited, or several: 7-9
    #[arg(long = "changed-line", value_name = "LINE")]
    pub(super) changed_lines: Vec<String>,
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(super) format: Option<Look>,
}

/// Files, sizes, the lines of the ignore file that keep something out, what would be worth a line
/// there, and which edits make most layers again.
#[derive(Args, Debug)]
pub(super) struct ContextOf {
    /// A service, a directory, or a Dockerfile [default: all builds of the project]
    #[arg(value_name = "SERVICE|DIR")]
    pub(super) name: Option<String>,
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(super) format: Option<Look>,
}

/// How something that is looked at is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    Text,
    Json,
}

#[derive(Args, Debug, Default)]
pub(super) struct Selection {
    /// Run only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Run these rules, too, though they are off by default
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) extend_select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
}

/// The options of docker compose, with its meaning. They may stand before or after the command, as
/// there.
#[derive(Args, Debug)]
#[command(next_help_heading = "Project, as in docker compose")]
pub(super) struct Project {
    /// Compose files of one project, merged in this order
    #[arg(short, long = "file", value_name = "FILE", global = true, action = ArgAction::Append)]
    pub(super) files: Vec<PathBuf>,
    /// Name of the project
    #[arg(short, long, value_name = "NAME", global = true)]
    pub(super) project_name: Option<String>,
    /// A profile to enable
    #[arg(long = "profile", value_name = "NAME", global = true, action = ArgAction::Append)]
    pub(super) profiles: Vec<String>,
    /// A file of variables in the place of .env
    #[arg(long = "env-file", value_name = "FILE", global = true, action = ArgAction::Append)]
    pub(super) env_files: Vec<PathBuf>,
    /// What relative paths in compose files start from [default: the directory of the first one]
    #[arg(long, value_name = "DIRECTORY", global = true)]
    pub(super) project_directory: Option<PathBuf>,
    /// Keep resources that no service uses (resolve)
    #[arg(long, global = true)]
    pub(super) all_resources: bool,
    /// Run in backward compatibility mode (resolve)
    #[arg(long, global = true)]
    pub(super) compatibility: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// The settings file [default: the nearest composelint.toml or .composelint.toml, from the
    /// project upwards]
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, global = true, conflicts_with = "config")]
    pub(super) isolated: bool,
    /// How findings are written [default: $COMPOSELINT_OUTPUT_FORMAT, or full]
    #[arg(long, value_name = "FORMAT", global = true, value_parser = format_parser())]
    pub(super) output_format: Option<Format>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, value_enum, default_value_t = When::Auto, hide_possible_values = true)]
    pub(super) color: When,
    /// Print findings only, no summary
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

/// When to use colours.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// On a terminal, unless the environment says otherwise
    Auto,
    Always,
    Never,
}

/// From which severity on findings fail a run.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// What a settings file says.
    pub(super) fn from_config(fail_on: Option<Severity>) -> FailOn {
        match fail_on {
            Some(Severity::Error) => FailOn::Error,
            Some(Severity::Warning) => FailOn::Warning,
            Some(Severity::Info) => FailOn::Info,
            None => FailOn::Never,
        }
    }

    /// Whether a finding of this severity fails the run.
    pub(super) fn includes(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|format| PossibleValue::new(format.as_str())))
        .map(|word| Format::from_word(&word).expect("the parser lets only words of formats pass"))
}

/// Reads the command line, the program's name first. Without a command it is `check`.
///
/// # Errors
/// What clap says, help and version included.
pub(super) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Arguments, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if needs_command(&arguments) {
        arguments.insert(1.min(arguments.len()), "check".into());
    }
    Arguments::try_parse_from(arguments)
}

/// Whether the first word that belongs to no option is something else than a command.
fn needs_command(arguments: &[OsString]) -> bool {
    let program = Arguments::command();
    let check = program
        .find_subcommand("check")
        .expect("check is a command")
        .clone();
    let mut rest = arguments.iter().skip(1).map(OsString::as_os_str);
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("-h" | "--help" | "-V" | "--version") => return false,
            Some("--") => return true,
            Some(option) if option.starts_with('-') && option.len() > 1 => {
                if [&program, &check]
                    .into_iter()
                    .any(|command| awaits_value(command, option))
                {
                    rest.next();
                }
            }
            _ => return !is_command(&program, word),
        }
    }
    true
}

fn is_command(program: &ClapCommand, word: &OsStr) -> bool {
    word == "help"
        || program
            .get_subcommands()
            .any(|command| word == command.get_name())
}

/// Whether the word after `option` is its value.
fn awaits_value(command: &ClapCommand, option: &str) -> bool {
    command.get_arguments().any(|argument| {
        let long = argument
            .get_long()
            .is_some_and(|long| option.strip_prefix("--") == Some(long));
        let short = argument.get_short().is_some_and(|short| {
            option
                .strip_prefix('-')
                .is_some_and(|rest| rest == short.to_string())
        });
        (long || short) && argument.get_action().takes_values()
    })
}

/// The names of all commands, to suggest one.
pub(super) fn command_names() -> Vec<String> {
    Arguments::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Arguments, clap::Error> {
        parse(
            std::iter::once("composelint")
                .chain(line.split_whitespace())
                .map(OsString::from),
        )
    }

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_checks() {
        for line in [
            "",
            ".",
            "api web",
            "-f a.yaml -f b.yaml",
            "--output-format json .",
            "--select x,y -- check",
            "-q",
            "-fcheck",
        ] {
            assert!(
                matches!(check(line).unwrap().command, Command::Check(_)),
                "{line}"
            );
        }
        let Command::Check(found) = check("--profile fix api").unwrap().command else {
            panic!()
        };
        assert_eq!(found.paths, [PathBuf::from("api")]);
    }

    #[test]
    fn options_of_the_project_stand_before_or_after_the_command() {
        for line in [
            "-f a.yaml --file b.yaml --profile p fix --diff",
            "fix --diff -f a.yaml --file=b.yaml --profile p",
        ] {
            let arguments = check(line).unwrap();
            assert!(
                matches!(arguments.command, Command::Fix(Fix { diff: true, .. })),
                "{line}"
            );
            assert_eq!(
                arguments.project.files,
                [PathBuf::from("a.yaml"), "b.yaml".into()],
                "{line}"
            );
            assert_eq!(arguments.project.profiles, ["p"]);
        }
    }

    #[test]
    fn write_takes_a_file_or_none() {
        let file = |line: &str| match check(line).unwrap().command {
            Command::Override(found) => found.write,
            other => panic!("{other:?}"),
        };
        assert_eq!(file("override"), None);
        assert_eq!(file("override --write"), Some(None));
        assert_eq!(
            file("override --write dev.yaml"),
            Some(Some("dev.yaml".into()))
        );
    }

    #[test]
    fn a_wrong_word_is_refused_and_help_is_no_failure() {
        for line in [
            "check --output-format xml",
            "fix --no-such",
            "explain",
            "--fail-on nothing",
        ] {
            assert_eq!(check(line).unwrap_err().exit_code(), 2, "{line}");
        }
        for line in ["--version", "help", "help fix"] {
            assert_eq!(check(line).unwrap_err().exit_code(), 0, "{line}");
        }
    }
}
