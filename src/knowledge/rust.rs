//! Rust: Cargo, and programs that restart what is written in it.

use super::package_manager::{
    Alone, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Words, Write,
};
use super::program::{Family, Habit, Language, Program, ROW};
use Needs::{Compiles, Sources};
use Words::Packages;
use Write::{At, OrVariable};

const CARGO: Manager = Manager {
    ecosystem: Ecosystem::Rust,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "cargo",
        programs: &["cargo"],
        verbs: &[
            Verb {
                commands: &["cargo fetch", "cargo vendor"],
                manifests: &[
                    "Cargo.toml",
                    "Cargo.lock?",
                    "rust-toolchain?",
                    "rust-toolchain.toml?",
                    ".cargo/**?",
                ],
                needs: Sources("it wants a target such as `src/main.rs`"),
                writes: &[At("/usr/local/cargo/registry")],
                directory_flags: &["-C"],
                file_flags: &["--manifest-path"],
                value_flags: &["--target"],
                ..VERB
            },
            Verb {
                commands: &["cargo install"],
                words: Packages,
                value_flags: &["--version", "--vers", "--root", "--git", "--features"],
                path_flags: &["--path"],
                ..VERB
            },
            Verb {
                commands: &[
                    "cargo build",
                    "cargo check",
                    "cargo test",
                    "cargo run",
                    "cargo zigbuild",
                    "cargo leptos build",
                ],
                manifests: &["Cargo.toml", "Cargo.lock?"],
                needs: Compiles,
                writes: &[OrVariable("CARGO_TARGET_DIR", "target")],
                value_flags: &[
                    "--target",
                    "--profile",
                    "--features",
                    "-p",
                    "--package",
                    "--bin",
                    "--manifest-path",
                    "-j",
                ],
                alone: Alone::Somehow,
                ..VERB
            },
        ],
        refreshes: &["*"],
        kept_by: &["--offline"],
        manifests: &["Cargo.toml"],
        locks: &["Cargo.lock"],
        cache: CacheMount::None("steps after the install read the registry there"),
        harmless: &["--version"],
        source: "doc.rust-lang.org/cargo/commands",
        ..CARGO
    },
    Manager {
        name: "cargo-chef",
        programs: &["cargo-chef"],
        verbs: &[
            Verb {
                commands: &["cargo chef cook"],
                writes: &[OrVariable("CARGO_TARGET_DIR", "target")],
                file_flags: &["--recipe-path"],
                value_flags: &[
                    "--target",
                    "--profile",
                    "--features",
                    "-p",
                    "--package",
                    "--bin",
                ],
                ..VERB
            },
            Verb {
                commands: &["cargo chef prepare"],
                needs: Sources("it reads every manifest"),
                fetches: false,
                ..VERB
            },
        ],
        cache: CacheMount::None("steps after the install read the registry there"),
        source: "github.com/LukeMathWalker/cargo-chef",
        ..CARGO
    },
];

const RUST: Program = Program {
    language: Language::Rust,
    protect: &["target"],
    ..ROW
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "cargo watch",
        commands: &["cargo watch", "cargo-watch", "bacon", "systemfd"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/watchexec/cargo-watch",
        ..RUST
    },
    Program {
        name: "cargo leptos watch",
        commands: &["cargo leptos watch", "trunk serve", "dx serve"],
        habit: Habit::Restarts,
        source: "github.com/leptos-rs/cargo-leptos",
        ..RUST
    },
    Program {
        name: "cargo run",
        commands: &["cargo run", "cargo shuttle run"],
        source: "doc.rust-lang.org/cargo/commands/cargo-run.html",
        ..RUST
    },
    Program {
        name: "cargo build",
        commands: &["cargo"],
        family: Family::Build,
        habit: Habit::NotAServer,
        source: "doc.rust-lang.org/cargo",
        ..RUST
    },
];
