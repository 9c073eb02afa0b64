//! What the name of a directory says of what lies in it: packages of others, or output of a build.
//!
//! Which directories hold packages stands in the rows of package managers.

use super::manager::language_of_packages;

/// Directories that builds and frameworks fill, and whether nobody keeps sources under that name:
/// `bin` is output of .NET and holds scripts of Rails. Sources: the documentation of each tool; the
/// templates of github.com/github/gitignore.
const OUTPUTS: &[(&str, bool)] = &[
    (".angular", true),
    (".next", true),
    (".nuxt", true),
    (".output", true),
    (".parcel-cache", true),
    (".svelte-kit", true),
    (".turbo", true),
    ("_build", true),
    ("artifacts", false),
    ("bin", false),
    ("build", true),
    ("coverage", true),
    ("dist", true),
    ("generated", false),
    ("obj", false),
    ("out", false),
    ("publish", false),
    ("release", false),
    ("target", true),
    ("tmp", false),
];

/// Directories that tools fill on the machine of whoever develops, beside a file of this name.
const FILLED_BESIDE: &[(&str, &str)] = &[
    ("package.json", "node_modules"),
    ("requirements.txt", ".venv"),
    ("pyproject.toml", ".venv"),
    ("Pipfile", ".venv"),
    ("Cargo.toml", "target"),
];

/// Whether it holds packages or build output: nothing in it was written by hand.
pub fn is_made(name: &str) -> bool {
    holds_packages(name) || OUTPUTS.iter().any(|(output, _)| *output == name)
}

/// Names that people and builds give to directories of files for the browser.
const FOR_BROWSERS: &[&str] = &["public", "static", "assets"];

/// Caches worth keeping between containers: what a path ends with, and a name for the volume. Sources:
/// go.dev/ref/mod#module-cache, doc.rust-lang.org/cargo/guide/cargo-home.html,
/// maven.apache.org/guides/introduction/introduction-to-repositories.html,
/// docs.gradle.org/current/userguide/directory_layout.html,
/// learn.microsoft.com/nuget/consume-packages/managing-the-global-packages-and-cache-folders
pub const KEPT_CACHES: &[(&str, &str)] = &[
    ("/go/pkg/mod", "go-mod"),
    ("/go-build", "go-build"),
    ("/cargo/registry", "cargo-registry"),
    ("/cargo/git", "cargo-git"),
    ("/.m2", "maven"),
    ("/.gradle", "gradle"),
    ("/.nuget/packages", "nuget"),
];

/// Whether a build may make it.
pub fn may_be_made(name: &str) -> bool {
    is_made(name) || FOR_BROWSERS.contains(&name)
}

/// Whether it holds packages or build output in every project.
pub fn is_always_made(name: &str) -> bool {
    let is_sure = |(output, sure): &(&str, bool)| *sure && *output == name;
    holds_packages(name) && !matches!(name, "deps" | "bundle") || OUTPUTS.iter().any(is_sure)
}

/// Whether it holds packages of others.
pub fn holds_packages(name: &str) -> bool {
    language_of_packages(name).is_some()
}

/// What is filled beside a file of that name, each with the file.
pub fn filled_beside() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILLED_BESIDE.iter().copied()
}
