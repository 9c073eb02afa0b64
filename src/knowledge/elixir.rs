//! Elixir: Mix and programs.

use super::package_manager::{
    CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Words, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Sign};
use Needs::Compiles;
use Words::Ignored;
use Write::Here;

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Elixir,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[Manager {
    name: "mix",
    frozen_by: Some(&["--check-locked"]),
    programs: &["mix"],
    verbs: &[
        Verb {
            commands: &["mix deps.get", "mix deps.compile"],
            manifests: &[
                "mix.exs",
                "mix.lock?",
                "config/*.exs?",
                "apps/*/mix.exs?",
                "apps/*/config/*.exs?",
            ],
            writes: &[Here("deps"), Here("_build")],
            value_flags: &["--only"],
            ..VERB
        },
        Verb {
            commands: &["mix local.hex", "mix local.rebar"],
            words: Ignored,
            fetches: false,
            ..VERB
        },
        Verb {
            commands: &[
                "mix compile",
                "mix release",
                "mix phx.digest",
                "mix assets.deploy",
            ],
            needs: Compiles,
            writes: &[Here("_build")],
            ..VERB
        },
    ],
    refreshes: &["deps.get", "deps.update", "setup"],
    customary: &["mix setup"],
    manifests: &["mix.exs"],
    locks: &["mix.lock"],
    fills: &["deps"],
    cache: CacheMount::None("later steps run Hex out of /root/.mix, beside its cache"),
    harmless: &[],
    source: "hexdocs.pm/mix/Mix.Tasks.Deps.Get.html",
    ..TOOL
}];

const ELIXIR: Program = Program {
    language: Language::Elixir,
    protect: &["_build", "deps"],
    ..ROW
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "mix phx.server",
        commands: &["mix phx.server", "iex phx.server"],
        habit: Habit::PerRequest,
        off: &[Sign::VariableIs("MIX_ENV", "prod")],
        dev: &[Dev::Variable("MIX_ENV", "dev")],
        source: "hexdocs.pm/phoenix/Phoenix.CodeReloader.html",
        ..ELIXIR
    },
    Program {
        name: "mix run",
        commands: &["mix run --no-halt", "mix run", "iex"],
        unsure: &[(
            Sign::File("config/dev.exs", "code_reloader: true"),
            "Phoenix may reload the code with each request",
        )],
        family: Family::Worker,
        source: "hexdocs.pm/mix/Mix.Tasks.Run.html",
        ..ELIXIR
    },
    Program {
        name: "mix",
        commands: &["mix"],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "hexdocs.pm/mix",
        ..ELIXIR
    },
];
