//! .NET: its tool, NuGet, and programs.

use super::package_manager::{
    Alone, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Words, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Reading};
use Needs::Compiles;
use Words::{Files, Packages};
use Write::{At, Flag, Here};

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Dotnet,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "dotnet",
        programs: &["dotnet"],
        verbs: &[
            Verb {
                commands: &["dotnet restore", "dotnet tool restore"],
                manifests: PROJECTS,
                words: Files,
                writes: &[Here("obj"), At("/root/.nuget/packages")],
                file_flags: &["--configfile"],
                value_flags: &[
                    "-r",
                    "--runtime",
                    "-s",
                    "--source",
                    "-a",
                    "--arch",
                    "-v",
                    "--verbosity",
                ],
                ..VERB
            },
            Verb {
                commands: &[
                    "dotnet build",
                    "dotnet publish",
                    "dotnet test",
                    "dotnet run",
                    "dotnet pack",
                ],
                manifests: PROJECTS,
                needs: Compiles,
                words: Files,
                writes: &[Here("bin"), Here("obj"), Flag("-o"), Flag("--output")],
                value_flags: &[
                    "-c",
                    "--configuration",
                    "-r",
                    "--runtime",
                    "-f",
                    "--framework",
                    "-a",
                    "--arch",
                    "-v",
                    "--verbosity",
                ],
                alone: Alone::Command {
                    words: "restore",
                    keeps: &["-r", "--runtime", "-a", "--arch", "--os"],
                },
                ..VERB
            },
        ],
        refreshes: &["run", "watch", "build", "restore", "test"],
        kept_by: &["--no-restore", "--no-build"],
        cache: CacheMount::None("later steps read the packages there"),
        locks: &["packages.lock.json"],
        harmless: &["--version", "--info", "nuget"],
        source: "learn.microsoft.com/dotnet/core/tools/dotnet-restore",
        ..TOOL
    },
    Manager {
        name: "nuget",
        programs: &["nuget"],
        verbs: &[
            Verb {
                commands: &["nuget restore"],
                manifests: PROJECTS,
                words: Files,
                writes: &[Here("packages"), Here("obj")],
                file_flags: &["-ConfigFile"],
                value_flags: &["-PackagesDirectory", "-Source", "-Verbosity"],
                ..VERB
            },
            Verb {
                commands: &["nuget install"],
                words: Packages,
                value_flags: &["-Version", "-OutputDirectory", "-Source"],
                ..VERB
            },
        ],
        refreshes: &["update"],
        fills: &[],
        manifests: &["packages.config", "nuget.config"],
        cache: CacheMount::None("later steps read the packages there"),
        harmless: &["sources", "config", "help"],
        source: "learn.microsoft.com/nuget/reference/nuget-exe-cli-reference",
        ..TOOL
    },
];

/// Projects, solutions and what both read.
const PROJECTS: &[&str] = &[
    "**/*.csproj|**/*.fsproj|**/*.vbproj",
    "*.sln?",
    "*.slnx?",
    "**/Directory.Build.props?",
    "**/Directory.Build.targets?",
    "**/Directory.Packages.props?",
    "global.json?",
    "nuget.config?",
    "NuGet.Config?",
    "NuGet.config?",
    "**/packages.lock.json?",
    ".config/dotnet-tools.json?",
];

const DOTNET: Program = Program {
    language: Language::DotNet,
    protect: &["bin", "obj"],
    polling: &["DOTNET_USE_POLLING_FILE_WATCHER"],
    ..ROW
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "dotnet watch",
        commands: &["dotnet watch"],
        habit: Habit::Restarts,
        source: "learn.microsoft.com/dotnet/core/tools/dotnet-watch",
        ..DOTNET
    },
    Program {
        name: "dotnet run",
        commands: &["dotnet run"],
        dev: &[Dev::Subcommand("run", "watch run")],
        source: "learn.microsoft.com/dotnet/core/tools/dotnet-run",
        ..DOTNET
    },
    Program {
        name: "dotnet one-shot",
        commands: &[
            "dotnet ef",
            "dotnet test",
            "dotnet build",
            "dotnet publish",
            "dotnet restore",
        ],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "learn.microsoft.com/dotnet/core/tools",
        ..DOTNET
    },
    Program {
        name: "dotnet",
        commands: &["dotnet", "dotnet *.dll"],
        reads: Reading::File,
        source: "learn.microsoft.com/dotnet/core/tools/dotnet",
        ..DOTNET
    },
    Program {
        name: "mono",
        commands: &["mono"],
        reads: Reading::File,
        source: "mono-project.com",
        ..DOTNET
    },
];
