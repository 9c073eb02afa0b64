//! Programs that make files out of others, whatever their words: compilers, bundlers, tools that copy.

use super::manager::{manager_of, managers};
use super::tools;
use super::wrapper::Wrapper;

/// Compilers and bundlers. Sources: the manual of each.
const COMPILERS: &[&str] = &[
    "autoreconf",
    "bazel",
    "buck2",
    "clang",
    "clang++",
    "cmake",
    "configure",
    "esbuild",
    "g++",
    "gcc",
    "javac",
    "make",
    "meson",
    "ninja",
    "rollup",
    "rustc",
    "scons",
    "tsc",
    "tsup",
    "vite",
    "webpack",
    "xmake",
];

/// Tools of languages that compile when they run, fetch or test.
const TOOLS: &[&str] = &["go", "cargo", "dotnet"];

/// Programs that copy, move or unpack.
const MOVERS: &[&str] = &["cp", "rsync", "tar", "mv", "ln", "unzip"];

/// Programs that run scripts of packages in all members of a workspace. Sources: turborepo.com/docs,
/// nx.dev, lerna.js.org, rushjs.io
const WORKSPACE_RUNNERS: &[&str] = &["turbo", "nx", "lerna", "rush"];

/// Programs that run tasks which only their own files tell. Sources: nx.dev, lerna.js.org,
/// pyinvoke.org, ruby.github.io/rake
const TASK_RUNNERS: &[&str] = &["nx", "lerna", "invoke", "inv", "rake"];

/// Whether a program runs tasks that are not followed.
pub fn runs_own_tasks(program: &str) -> bool {
    TASK_RUNNERS.contains(&program)
}

/// Whether a program compiles or bundles.
pub fn compiles(program: &str) -> bool {
    COMPILERS.contains(&program)
}

/// Whether a program puts files somewhere.
pub fn makes_files(program: &str) -> bool {
    compiles(program) || TOOLS.contains(&program) || MOVERS.contains(&program)
}

/// Whether a program runs scripts of `package.json`: a package manager, or a runner over a workspace.
pub fn runs_package_scripts(program: &str) -> bool {
    let manager = manager_of(program);
    WORKSPACE_RUNNERS.contains(&program) || manager.is_some_and(|manager| manager.scripts.is_some())
}

/// Programs that run a bundler, beside those of package managers and of `bundlers`. Sources: their
/// documentation.
const BUNDLERS: &[&str] = &[
    "next",
    "vite",
    "react-scripts",
    "vue-cli-service",
    "gatsby",
    "expo",
];

/// Whether a program may run a bundler: it is one, or runs scripts or programs of packages.
pub fn may_bundle(program: &str) -> bool {
    let runs_programs = |wrapper: &Wrapper| wrapper.commands.contains(&program);
    let mut wrappers = managers()
        .filter(|manager| manager.scripts.is_some())
        .flat_map(|manager| manager.wrappers);
    BUNDLERS.contains(&program) || runs_package_scripts(program) || wrappers.any(runs_programs)
}

/// Whether a program comes with packages, or runs what does: a tool that only developers install, a
/// package manager.
pub fn needs_packages(program: &str) -> bool {
    let is_tool = tools::of_command(program).is_some_and(|tool| tool.bases.contains(&"node"));
    is_tool || may_bundle(program)
}
