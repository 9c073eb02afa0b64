//! Files that lie in projects and that no build needs: other tools make them, or read them.

/// A file or directory that no build needs.
#[derive(Debug)]
pub struct Noise {
    /// Its name; a star at its start stands for anything.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    is_directory: bool,
}

impl Noise {
    /// Whether only a person changes it: an edit of it is rare, and no run of the project makes
    /// one.
    pub fn is_quiet(&self) -> bool {
        self.what.starts_with("settings")
            || self.what.starts_with("scripts")
            || self.what.starts_with("each edit")
    }
}

const fn directory(name: &'static str, what: &'static str) -> Noise {
    Noise {
        name,
        what,
        is_directory: true,
    }
}

const fn file(name: &'static str, what: &'static str) -> Noise {
    Noise {
        name,
        what,
        is_directory: false,
    }
}

const NOISE: [Noise; 43] = [
    directory(".git", "the history; it is another one after each commit"),
    directory(".hg", "the history; it is another one after each commit"),
    directory(".svn", "the history; it is another one after each commit"),
    directory(
        "node_modules",
        "packages of this machine; the image installs its own",
    ),
    directory(
        "bower_components",
        "packages of this machine; the image installs its own",
    ),
    directory(
        ".venv",
        "packages of this machine; the image installs its own",
    ),
    directory(
        "venv",
        "packages of this machine; the image installs its own",
    ),
    directory(".tox", "environments of a test runner"),
    directory(".nox", "environments of a test runner"),
    directory("__pycache__", "a cache; it is another one after each run"),
    directory(".pytest_cache", "a cache; it is another one after each run"),
    directory(".mypy_cache", "a cache; it is another one after each run"),
    directory(".ruff_cache", "a cache; it is another one after each run"),
    directory(".ipynb_checkpoints", "copies that an editor keeps"),
    directory(".next", "output of a development server"),
    directory(".nuxt", "output of a development server"),
    directory(".svelte-kit", "output of a development server"),
    directory(".parcel-cache", "a cache; it is another one after each run"),
    directory(".turbo", "a cache; it is another one after each run"),
    directory(".gradle", "a cache; it is another one after each run"),
    directory(".terraform", "packages of this machine"),
    directory(".nyc_output", "a report of tests"),
    directory("htmlcov", "a report of tests"),
    directory(".idea", "settings of an editor"),
    directory(".vscode", "settings of an editor"),
    directory(".github", "scripts of the code host"),
    file("*.log", "a log; it grows while the project runs"),
    file(
        "*.sqlite3",
        "a local database; it is another one after each run",
    ),
    file(
        "*.sqlite",
        "a local database; it is another one after each run",
    ),
    file("*.pyc", "a cache; it is another one after each run"),
    file("*.pid", "it is another one after each run"),
    file("*.swp", "a copy that an editor keeps"),
    file("*.tsbuildinfo", "a cache; it is another one after each run"),
    file(".DS_Store", "settings of a file browser"),
    file("Thumbs.db", "settings of a file browser"),
    file(".coverage", "a report of tests"),
    file("npm-debug.log", "a log; it grows while the project runs"),
    file("Dockerfile", "each edit of it copies everything again"),
    file("compose.yaml", "each edit of it copies everything again"),
    file("compose.yml", "each edit of it copies everything again"),
    file(
        "docker-compose.yml",
        "each edit of it copies everything again",
    ),
    file(
        "docker-compose.yaml",
        "each edit of it copies everything again",
    ),
    file(
        "compose.override.yaml",
        "each edit of it copies everything again",
    ),
];

/// What a name stands for, when no build needs it.
pub fn of(name: &str, is_directory: bool) -> Option<&'static Noise> {
    NOISE.iter().find(|noise| {
        noise.is_directory == is_directory
            && match noise.name.strip_prefix('*') {
                Some(end) => name.ends_with(end),
                None => name == noise.name,
            }
    })
}
