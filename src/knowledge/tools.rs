//! Tools that restart a program and are no part of any image: what they are called where they are
//! installed.

/// A tool.
#[derive(Debug)]
pub struct Tool {
    /// The row of its program in the tables.
    pub program: &'static str,
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
        packages: &["nodemon"],
        bases: &["node"],
        install: "`npm install --save-dev nodemon`",
    },
    Tool {
        program: "tsx watch",
        packages: &["tsx"],
        bases: &["node"],
        install: "`npm install --save-dev tsx`",
    },
    Tool {
        program: "ts-node-dev",
        packages: &["ts-node-dev", "node-dev"],
        bases: &["node"],
        install: "`npm install --save-dev ts-node-dev`",
    },
    Tool {
        program: "watchfiles",
        packages: &["watchfiles", "[standard", "[all"],
        bases: &["python"],
        install: "`pip install watchfiles`",
    },
    Tool {
        program: "watchmedo",
        packages: &["watchdog", "watchmedo"],
        bases: &["python"],
        install: "`pip install watchdog`",
    },
    Tool {
        program: "air",
        packages: &["cosmtrek/air", "air-verse/air", "/air"],
        bases: &["golang"],
        install: "`go install github.com/air-verse/air@latest`",
    },
    Tool {
        program: "CompileDaemon",
        packages: &["CompileDaemon", "compiledaemon"],
        bases: &["golang"],
        install: "`go install github.com/githubnemo/CompileDaemon@latest`",
    },
    Tool {
        program: "cargo watch",
        packages: &["cargo-watch", "bacon", "systemfd", "binstall", "watchexec"],
        bases: &["rust"],
        install: "`cargo install cargo-watch`",
    },
];

/// The tool that a program is, if it is one.
pub fn tool(program: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.program == program)
}
