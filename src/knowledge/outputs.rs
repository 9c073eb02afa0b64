//! Where the build tools of JavaScript put what they make, unless their configuration says
//! otherwise.
//!
//! Facts of the tools' documentation, as of August 2026. What is not listed may write anywhere.

/// A command that writes to a known place.
#[derive(Debug)]
pub struct Output {
    /// The command as it begins.
    pub command: &'static str,
    /// The directories it fills, seen from where it runs.
    pub writes: &'static [&'static str],
    /// What the names of its configuration files begin with.
    pub settings: &'static [&'static str],
    /// Words in them that may move the output, or bring in something that does.
    pub moved_by: &'static [&'static str],
    /// The variable that moves the output.
    pub variable: Option<&'static str>,
    /// What it only makes where one of these words stands in a configuration file.
    pub asked_for: &'static [(&'static str, &'static [&'static str])],
    /// Whether it reads the places of its output from `tsconfig.json`.
    pub typescript: bool,
}

const ROW: Output = Output {
    command: "",
    writes: &[],
    settings: &[],
    moved_by: &[],
    variable: None,
    asked_for: &[],
    typescript: false,
};

/// Frameworks and plugins of Vite that write where they like.
const VITE: &[&str] = &[
    "outDir",
    "root",
    "rollupOptions",
    "rolldownOptions",
    "environments",
    "builder",
    "closeBundle",
    "writeBundle",
    "sveltekit",
    "@sveltejs/kit",
    "remix",
    "reactRouter",
    "react-router",
    "qwik",
    "laravel",
    "tanstack",
    "solid-start",
    "solidStart",
    "vike",
    "nitro",
    "electron",
    "ruby",
    "django",
    "symfony",
    "copy",
];

const OUTPUTS: &[Output] = &[
    Output {
        command: "vite build",
        writes: &["dist", "node_modules"],
        settings: &["vite.config."],
        moved_by: VITE,
        ..ROW
    },
    Output {
        command: "react-scripts build",
        writes: &["build", "node_modules"],
        variable: Some("BUILD_PATH"),
        ..ROW
    },
    Output {
        command: "vue-cli-service build",
        writes: &["dist", "node_modules"],
        settings: &["vue.config."],
        moved_by: &["outputDir", "dest", "output", "pluginOptions"],
        ..ROW
    },
    Output {
        command: "next build",
        writes: &[".next", "out", "next-env.d.ts", "public", "tsconfig.json"],
        settings: &["next.config."],
        moved_by: &["distDir"],
        variable: Some("NEXT_PRIVATE_STANDALONE"),
        asked_for: &[
            (".next/standalone", &["standalone", "output"]),
            ("out", &["export", "output"]),
        ],
        ..ROW
    },
    Output {
        command: "tsc",
        typescript: true,
        ..ROW
    },
    Output {
        command: "vue-tsc",
        typescript: true,
        ..ROW
    },
    Output {
        command: "nest build",
        writes: &["dist"],
        settings: &["nest-cli."],
        moved_by: &["outputPath", "monorepo"],
        typescript: true,
        ..ROW
    },
    Output {
        command: "eslint",
        ..ROW
    },
];

/// What is known of a command with these words.
pub fn output(words: &[&str]) -> Option<&'static Output> {
    let begins = |output: &&Output| {
        let mut words = words.iter();
        output
            .command
            .split(' ')
            .all(|part| words.next() == Some(&part))
    };
    OUTPUTS.iter().find(begins)
}
