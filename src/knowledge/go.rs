//! Go: its tool, and programs that restart what is written in it.

use super::package_manager::{
    Alone, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Words, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Reading};
use Needs::Compiles;
use Words::Packages;
use Write::{At, Flag};

const GO_TOOL: Manager = Manager {
    ecosystem: Ecosystem::Go,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[Manager {
    name: "go",
    frozen_by: Some(&[]),
    locks_choose: false,
    programs: &["go"],
    verbs: &[
        Verb {
            commands: &["go mod download"],
            manifests: &["go.mod", "go.sum?", "go.work?", "go.work.sum?"],
            writes: &[At("/go/pkg/mod")],
            directory_flags: &["-C"],
            ..VERB
        },
        Verb {
            commands: &[
                "go build",
                "go generate",
                "go test",
                "go vet",
                "go run",
                "go mod tidy",
                "go mod vendor",
            ],
            manifests: &["go.mod", "go.sum?"],
            needs: Compiles,
            writes: &[Flag("-o")],
            directory_flags: &["-C"],
            value_flags: &["-ldflags", "-tags", "-mod", "-gcflags", "-p", "-buildmode"],
            alone: Alone::Command {
                words: "mod download",
                keeps: &[],
            },
            ..VERB
        },
        Verb {
            commands: &["go install", "go get"],
            words: Packages,
            value_flags: &["-ldflags", "-tags"],
            ..VERB
        },
    ],
    refreshes: &["run", "test", "build", "generate"],
    kept_by: &["-mod=vendor"],
    manifests: &["go.mod", "go.work"],
    locks: &["go.sum", "go.work.sum"],
    cache: CacheMount::None("steps after the install read the modules there"),
    harmless: &["env", "version", "clean"],
    source: "go.dev/ref/mod, pkg.go.dev/cmd/go",
    ..GO_TOOL
}];

const GO: Program = Program {
    language: Language::Go,
    watches: &["**/*.go"],
    ..ROW
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "air",
        commands: &["air"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/air-verse/air",
        ..GO
    },
    Program {
        name: "CompileDaemon",
        commands: &["CompileDaemon"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/githubnemo/CompileDaemon",
        ..GO
    },
    Program {
        name: "wgo",
        commands: &[
            "wgo",
            "gow",
            "reflex",
            "arelo",
            "realize",
            "fresh",
            "gin",
            "modd",
            "refresh",
            "bra",
            "entr",
            "watchexec",
            "inotifywait",
        ],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/bokwoon95/wgo",
        ..GO
    },
    Program {
        name: "dlv",
        commands: &["dlv"],
        source: "github.com/go-delve/delve",
        reads: Reading::File,
        ..GO
    },
    Program {
        name: "go run",
        commands: &["go run"],
        dev: &[Dev::Wrap(&["wgo"])],
        source: "pkg.go.dev/cmd/go",
        ..GO
    },
    Program {
        name: "go build",
        commands: &["go"],
        family: Family::Build,
        habit: Habit::NotAServer,
        source: "pkg.go.dev/cmd/go",
        ..GO
    },
];
