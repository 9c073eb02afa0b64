//! Tools that restart a program and are no part of any image: what they are called where they are
//! installed.

/// A tool.
#[derive(Debug)]
pub struct Tool {
    /// The row of its program in the tables.
    pub program: &'static str,
    /// The package that brings it, as manifests name it.
    pub package: &'static str,
    /// Extras of other packages that bring it.
    pub extras: &'static [&'static str],
    /// Words of which one stands wherever it is installed or listed: names of its package, and of
    /// others that bring it.
    pub packages: &'static [&'static str],
    /// Images, without tag, in which it is missing unless somebody installs it.
    pub bases: &'static [&'static str],
    /// How to install it.
    pub install: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        program: "nodemon",
        package: "nodemon",
        extras: &[],
        packages: &["nodemon"],
        bases: &["node"],
        install: "`npm install --save-dev nodemon`",
    },
    Tool {
        program: "tsx watch",
        package: "tsx",
        extras: &[],
        packages: &["tsx"],
        bases: &["node"],
        install: "`npm install --save-dev tsx`",
    },
    Tool {
        program: "ts-node-dev",
        package: "ts-node-dev",
        extras: &[],
        packages: &["ts-node-dev", "node-dev"],
        bases: &["node"],
        install: "`npm install --save-dev ts-node-dev`",
    },
    Tool {
        program: "watchfiles",
        package: "watchfiles",
        extras: &[
            "uvicorn[standard",
            "fastapi[standard",
            "fastapi[all",
            "granian[reload",
            "granian[all",
            "arq[watch",
        ],
        packages: &["watchfiles", "[standard", "[all"],
        bases: &["python"],
        install: "`pip install watchfiles`",
    },
    Tool {
        program: "watchmedo",
        package: "watchdog",
        extras: &["dramatiq[watch", "dramatiq[all", "taskiq[reload"],
        packages: &["watchdog", "watchmedo"],
        bases: &["python"],
        install: "`pip install watchdog`",
    },
    Tool {
        program: "air",
        package: "github.com/air-verse/air",
        extras: &[],
        packages: &["cosmtrek/air", "air-verse/air", "/air"],
        bases: &["golang"],
        install: "`go install github.com/air-verse/air@latest`",
    },
    Tool {
        program: "CompileDaemon",
        package: "github.com/githubnemo/CompileDaemon",
        extras: &[],
        packages: &["CompileDaemon", "compiledaemon"],
        bases: &["golang"],
        install: "`go install github.com/githubnemo/CompileDaemon@latest`",
    },
    Tool {
        program: "cargo watch",
        package: "cargo-watch",
        extras: &[],
        packages: &["cargo-watch", "bacon", "systemfd", "binstall", "watchexec"],
        bases: &["rust"],
        install: "`cargo install cargo-watch`",
    },
];

/// The tool that a program is, if it is one.
pub fn tool(program: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.program == program)
}

/// The tool that a command begins with: `watchmedo auto-restart`.
pub fn of_command(command: &str) -> Option<&'static Tool> {
    TOOLS
        .iter()
        .find(|tool| tool.program.split(' ').next() == Some(command))
}

/// Words of commands that only make sense while code is edited.
pub const WORDS_OF_RELOADING: &[&str] = &[
    "--reload",
    "nodemon",
    "watchfiles",
    "watchmedo",
    "ts-node-dev",
    "tsx",
    "air",
    "reflex",
    "CompileDaemon",
    "runserver",
    "run dev",
    "start:dev",
    "dev",
    "next dev",
    "vite",
    "cargo-watch",
    "--watch",
];
