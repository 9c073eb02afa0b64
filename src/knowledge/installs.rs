//! The commands that install dependencies or build a program: what they read, what they write, when
//! they need the sources.
//!
//! To teach composelint a command, add a row. Facts are from each tool's documentation of the
//! command.

use Ecosystem::{Dart, Dotnet, Elixir, Go, Jvm, Node, Php, Python, Ruby, Rust, System};
use Needs::{Compiles, Manifests, ManifestsWith, Sources};
use Words::{Creates, Files, Ignored, Local, Packages};
use Write::{At, Flag, Here, OrVariable, WhenVariable};

/// A family of tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Ecosystem {
    Python,
    Node,
    Go,
    Rust,
    Jvm,
    Dotnet,
    Php,
    Ruby,
    Elixir,
    Dart,
    /// The packages of the operating system.
    System,
}

/// What a command needs besides its flags.
pub(crate) enum Needs {
    /// Nothing but its manifests.
    Manifests,
    /// Nothing but its manifests if one of these is given, each a flag or several; else the
    /// sources, because of this.
    ManifestsWith(&'static [&'static str], &'static str),
    /// The sources, because of this.
    Sources(&'static str),
    /// The sources: it compiles them.
    Compiles,
}

/// What words that are no flags mean.
pub(crate) enum Words {
    /// Names of packages; one that looks like a path is a local package. With names, the manifests
    /// are not read.
    Packages,
    /// Names of packages that are added to those of the manifests.
    Local,
    /// Manifests.
    Files,
    /// Nothing to us.
    Ignored,
    /// The directory that is made.
    Creates,
}

/// Where a command writes.
pub(crate) enum Write {
    /// Below the working directory.
    Here(&'static str),
    /// There.
    At(&'static str),
    /// Where a variable says, else below the working directory.
    OrVariable(&'static str, &'static str),
    /// Below the working directory if a variable is set and not false.
    WhenVariable(&'static str, &'static str),
    /// Where a flag says.
    Flag(&'static str),
}

/// A command.
pub(crate) struct Row {
    pub(crate) ecosystem: Ecosystem,
    /// The tool's name in messages.
    pub(crate) manager: &'static str,
    /// The program and the words behind it, flags left out.
    pub(crate) commands: &'static [&'static str],
    /// What it reads, relative to its directory. `?`: if it is there; `a|b`: one of them; `*` and
    /// `**` are patterns.
    pub(crate) manifests: &'static [&'static str],
    pub(crate) needs: Needs,
    pub(crate) words: Words,
    pub(crate) writes: &'static [Write],
    /// Flags whose value is a file that it reads.
    pub(crate) file_flags: &'static [&'static str],
    /// Flags whose value is the directory that it works in.
    pub(crate) directory_flags: &'static [&'static str],
    /// Other flags with a value behind a blank.
    pub(crate) value_flags: &'static [&'static str],
    /// Flags whose value is a part of the project.
    pub(crate) path_flags: &'static [&'static str],
    /// Flags with which it has nothing to do with the project.
    pub(crate) global_flags: &'static [&'static str],
}

const ROW: Row = Row {
    ecosystem: System,
    manager: "",
    commands: &[],
    manifests: &[],
    needs: Manifests,
    words: Ignored,
    writes: &[],
    file_flags: &[],
    directory_flags: &[],
    value_flags: &[],
    path_flags: &[],
    global_flags: &[],
};

const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--timeout",
    "--retries",
    "--prefix",
    "--target",
    "-t",
    "--root",
    "--platform",
    "--python-version",
    "--cache-dir",
    "--progress-bar",
    "--proxy",
    "--cert",
    "--no-binary",
    "--only-binary",
    "--python",
    "-p",
    "--index-strategy",
    "--extra",
    "--group",
    "--upgrade-strategy",
    "--index",
];
const PIP_PATHS: &[&str] = &["-e", "--editable", "-f", "--find-links"];
const UV_VALUES: &[&str] = &[
    "--group",
    "--no-group",
    "--only-group",
    "--extra",
    "--no-extra",
    "--python",
    "-p",
    "--package",
    "--index-url",
    "--index",
    "--link-mode",
    "--cache-dir",
    "--no-install-package",
];
const NODE_LIFECYCLE: &str = "its own `package.json` may have install scripts";

/// All rows. Of two that match a command the one with more words counts.
pub(crate) const TABLE: &[Row] = &[
    // Python
    Row {
        ecosystem: Python,
        manager: "pip",
        commands: &["pip install", "pip wheel", "pip download"],
        words: Packages,
        writes: &[Flag("--target"), Flag("-t"), Flag("--prefix")],
        file_flags: &["-r", "--requirement", "-c", "--constraint"],
        value_flags: PIP_VALUES,
        path_flags: PIP_PATHS,
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "uv",
        commands: &["uv pip install", "uv pip sync"],
        words: Packages,
        writes: &[Flag("--target"), Flag("--prefix")],
        file_flags: &[
            "-r",
            "--requirement",
            "--requirements",
            "-c",
            "--constraint",
            "--constraints",
        ],
        value_flags: PIP_VALUES,
        path_flags: PIP_PATHS,
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "pip-tools",
        commands: &["pip-sync"],
        words: Files,
        value_flags: PIP_VALUES,
        path_flags: PIP_PATHS,
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "uv",
        commands: &["uv sync"],
        manifests: &["pyproject.toml", "uv.lock?", ".python-version?"],
        needs: ManifestsWith(
            &[
                "--no-install-project",
                "--no-install-workspace",
                "--no-install-local",
            ],
            "it installs the project itself (no `--no-install-project`)",
        ),
        writes: &[OrVariable("UV_PROJECT_ENVIRONMENT", ".venv")],
        directory_flags: &["--directory", "--project"],
        value_flags: UV_VALUES,
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "poetry",
        commands: &["poetry install", "poetry sync"],
        manifests: &["pyproject.toml", "poetry.lock?", "poetry.toml?"],
        needs: ManifestsWith(
            &["--no-root"],
            "it installs the project itself (no `--no-root`)",
        ),
        writes: &[WhenVariable("POETRY_VIRTUALENVS_IN_PROJECT", ".venv")],
        directory_flags: &["-C", "--directory", "-P", "--project"],
        value_flags: &["--only", "--with", "--without", "-E", "--extras"],
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "pdm",
        commands: &["pdm install", "pdm sync"],
        manifests: &["pyproject.toml", "pdm.lock?", "pdm.toml?"],
        needs: ManifestsWith(
            &["--no-self"],
            "it installs the project itself (no `--no-self`)",
        ),
        writes: &[Here(".venv")],
        directory_flags: &["-p", "--project"],
        value_flags: &["-G", "--group", "--without", "-L", "--lockfile"],
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "pipenv",
        commands: &["pipenv install", "pipenv sync"],
        manifests: &["Pipfile", "Pipfile.lock?"],
        words: Local,
        writes: &[WhenVariable("PIPENV_VENV_IN_PROJECT", ".venv")],
        file_flags: &["-r", "--requirements"],
        value_flags: &["--python", "-i", "--index", "--categories"],
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "conda",
        commands: &[
            "conda env create",
            "conda env update",
            "mamba env create",
            "mamba env update",
            "micromamba env create",
        ],
        manifests: &["environment.yml|environment.yaml?"],
        words: Local,
        file_flags: &["-f", "--file"],
        value_flags: &["-n", "--name", "-p", "--prefix", "--solver"],
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "conda",
        commands: &[
            "conda install",
            "conda create",
            "mamba install",
            "mamba create",
            "micromamba install",
            "micromamba create",
        ],
        words: Packages,
        file_flags: &["-f", "--file"],
        value_flags: &[
            "-n",
            "--name",
            "-p",
            "--prefix",
            "-c",
            "--channel",
            "--solver",
        ],
        ..ROW
    },
    Row {
        ecosystem: Python,
        manager: "venv",
        commands: &["venv", "uv venv", "virtualenv"],
        words: Creates,
        writes: &[],
        value_flags: &["--python", "-p", "--prompt"],
        ..ROW
    },
    // Node
    Row {
        ecosystem: Node,
        manager: "npm",
        commands: &["npm ci", "npm clean-install", "npm install", "npm i"],
        manifests: &[
            "package.json",
            "package-lock.json|npm-shrinkwrap.json?",
            ".npmrc?",
            "patches/**?",
        ],
        needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
        words: Local,
        writes: &[Here("node_modules")],
        directory_flags: &["--prefix", "-C"],
        value_flags: &[
            "--registry",
            "--cache",
            "--loglevel",
            "--omit",
            "--include",
            "-w",
            "--workspace",
            "--fetch-retries",
            "--fetch-timeout",
        ],
        global_flags: &["-g", "--global"],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "yarn",
        commands: &["yarn", "yarn install"],
        manifests: &[
            "package.json",
            "yarn.lock?",
            ".yarnrc?",
            ".yarnrc.yml?",
            ".npmrc?",
            ".yarn/releases/**?",
            ".yarn/plugins/**?",
            ".yarn/patches/**?",
            ".yarn/cache/**?",
            "patches/**?",
        ],
        needs: ManifestsWith(&["--ignore-scripts", "--mode=skip-build"], NODE_LIFECYCLE),
        writes: &[Here("node_modules")],
        directory_flags: &["--cwd"],
        value_flags: &[
            "--network-timeout",
            "--registry",
            "--cache-folder",
            "--network-concurrency",
            "--modules-folder",
        ],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "yarn",
        commands: &["yarn workspaces focus"],
        manifests: &[
            "package.json",
            "yarn.lock?",
            ".yarnrc.yml?",
            ".yarn/releases/**?",
            ".yarn/plugins/**?",
            ".yarn/patches/**?",
        ],
        needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
        writes: &[Here("node_modules")],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "yarn",
        commands: &["yarn global add"],
        words: Packages,
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "pnpm",
        commands: &["pnpm install", "pnpm i"],
        manifests: &[
            "package.json",
            "pnpm-lock.yaml?",
            "pnpm-workspace.yaml?",
            ".npmrc?",
            ".pnpmfile.cjs?",
            "patches/**?",
        ],
        needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
        words: Local,
        writes: &[Here("node_modules")],
        directory_flags: &["-C", "--dir", "--prefix"],
        value_flags: &[
            "--filter",
            "-F",
            "--registry",
            "--store-dir",
            "--reporter",
            "--loglevel",
        ],
        global_flags: &["-g", "--global"],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "pnpm",
        commands: &["pnpm fetch"],
        manifests: &[
            "pnpm-lock.yaml",
            "pnpm-workspace.yaml?",
            ".npmrc?",
            "patches/**?",
        ],
        writes: &[Here("node_modules")],
        directory_flags: &["-C", "--dir", "--prefix"],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "pnpm",
        commands: &["pnpm add"],
        words: Packages,
        global_flags: &["-g", "--global"],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "bun",
        commands: &["bun install", "bun i", "bun ci"],
        manifests: &[
            "package.json",
            "bun.lock|bun.lockb?",
            "bunfig.toml?",
            ".npmrc?",
            "patches/**?",
        ],
        needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
        words: Local,
        writes: &[Here("node_modules")],
        directory_flags: &["--cwd"],
        value_flags: &["--filter", "--registry", "--cache-dir", "--backend"],
        global_flags: &["-g", "--global"],
        ..ROW
    },
    Row {
        ecosystem: Node,
        manager: "deno",
        commands: &["deno install", "deno cache"],
        manifests: &["deno.json|deno.jsonc?", "deno.lock?", "package.json?"],
        words: Packages,
        writes: &[At("/deno-dir")],
        ..ROW
    },
    // Go
    Row {
        ecosystem: Go,
        manager: "go",
        commands: &["go mod download"],
        manifests: &["go.mod", "go.sum?", "go.work?", "go.work.sum?"],
        writes: &[At("/go/pkg/mod")],
        directory_flags: &["-C"],
        ..ROW
    },
    Row {
        ecosystem: Go,
        manager: "go",
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
        ..ROW
    },
    Row {
        ecosystem: Go,
        manager: "go",
        commands: &["go install", "go get"],
        words: Packages,
        value_flags: &["-ldflags", "-tags"],
        ..ROW
    },
    // Rust
    Row {
        ecosystem: Rust,
        manager: "cargo",
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
        ..ROW
    },
    Row {
        ecosystem: Rust,
        manager: "cargo-chef",
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
        ..ROW
    },
    Row {
        ecosystem: Rust,
        manager: "cargo-chef",
        commands: &["cargo chef prepare"],
        needs: Sources("it reads every manifest"),
        ..ROW
    },
    Row {
        ecosystem: Rust,
        manager: "cargo",
        commands: &["cargo install"],
        words: Packages,
        value_flags: &["--version", "--vers", "--root", "--git", "--features"],
        path_flags: &["--path"],
        ..ROW
    },
    Row {
        ecosystem: Rust,
        manager: "cargo",
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
        ..ROW
    },
    // JVM
    Row {
        ecosystem: Jvm,
        manager: "maven",
        commands: &[
            "mvn dependency:go-offline",
            "mvn dependency:resolve",
            "mvn dependency:resolve-plugins",
            "mvn de.qaware.maven:go-offline-maven-plugin:resolve-dependencies",
        ],
        manifests: &["pom.xml", ".mvn/**?", "mvnw?", "**/pom.xml?"],
        writes: &[At("/root/.m2")],
        file_flags: &["-f", "--file", "-s", "--settings"],
        value_flags: &["-pl", "--projects", "-P", "-T"],
        ..ROW
    },
    Row {
        ecosystem: Jvm,
        manager: "maven",
        commands: &["mvn"],
        manifests: &["pom.xml", ".mvn/**?"],
        needs: Compiles,
        writes: &[Here("target")],
        value_flags: &[
            "-pl",
            "--projects",
            "-P",
            "-T",
            "-f",
            "--file",
            "-s",
            "--settings",
        ],
        ..ROW
    },
    Row {
        ecosystem: Jvm,
        manager: "gradle",
        commands: &[
            "gradle dependencies",
            "gradle resolveDependencies",
            "gradle downloadDependencies",
            "gradle --version",
        ],
        manifests: &[
            "build.gradle|build.gradle.kts?",
            "settings.gradle|settings.gradle.kts?",
            "gradle.properties?",
            "**/build.gradle?",
            "**/build.gradle.kts?",
            "gradle/**?",
            "gradlew?",
            "buildSrc/**?",
        ],
        writes: &[Here(".gradle")],
        value_flags: &["-p", "--project-dir", "-x", "-b"],
        ..ROW
    },
    Row {
        ecosystem: Jvm,
        manager: "gradle",
        commands: &["gradle"],
        manifests: &[
            "build.gradle|build.gradle.kts?",
            "settings.gradle|settings.gradle.kts?",
        ],
        needs: Compiles,
        writes: &[Here("build"), Here(".gradle")],
        value_flags: &["-p", "--project-dir", "-x", "-b"],
        ..ROW
    },
    // .NET
    Row {
        ecosystem: Dotnet,
        manager: "dotnet",
        commands: &["dotnet restore", "dotnet tool restore"],
        manifests: &[
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
        ],
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
        ..ROW
    },
    Row {
        ecosystem: Dotnet,
        manager: "dotnet",
        commands: &[
            "dotnet build",
            "dotnet publish",
            "dotnet test",
            "dotnet run",
            "dotnet pack",
        ],
        needs: Compiles,
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
        ..ROW
    },
    // PHP
    Row {
        ecosystem: Php,
        manager: "composer",
        commands: &["composer install", "composer i", "composer update"],
        manifests: &[
            "composer.json",
            "composer.lock?",
            "symfony.lock?",
            "auth.json?",
        ],
        needs: ManifestsWith(
            &["--no-scripts --no-autoloader"],
            "it runs scripts and reads the classes of the project",
        ),
        writes: &[Here("vendor")],
        directory_flags: &["-d", "--working-dir"],
        ..ROW
    },
    // Ruby
    Row {
        ecosystem: Ruby,
        manager: "bundler",
        commands: &["bundle install", "bundle", "bundle i"],
        manifests: &[
            "Gemfile",
            "Gemfile.lock?",
            ".ruby-version?",
            "*.gemspec?",
            ".bundle/config?",
            ".tool-versions?",
        ],
        writes: &[
            Flag("--path"),
            OrVariable("BUNDLE_PATH", "/usr/local/bundle"),
        ],
        value_flags: &["-j", "--jobs", "--retry", "--without", "--with"],
        file_flags: &["--gemfile"],
        ..ROW
    },
    Row {
        ecosystem: Ruby,
        manager: "gem",
        commands: &["gem install"],
        words: Packages,
        value_flags: &["-v", "--version", "-i"],
        ..ROW
    },
    // Elixir
    Row {
        ecosystem: Elixir,
        manager: "mix",
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
        ..ROW
    },
    Row {
        ecosystem: Elixir,
        manager: "mix",
        commands: &["mix local.hex", "mix local.rebar"],
        words: Ignored,
        ..ROW
    },
    Row {
        ecosystem: Elixir,
        manager: "mix",
        commands: &[
            "mix compile",
            "mix release",
            "mix phx.digest",
            "mix assets.deploy",
        ],
        needs: Compiles,
        writes: &[Here("_build")],
        ..ROW
    },
    // Dart
    Row {
        ecosystem: Dart,
        manager: "pub",
        commands: &["dart pub get", "flutter pub get"],
        manifests: &["pubspec.yaml", "pubspec.lock?"],
        writes: &[Here(".dart_tool")],
        directory_flags: &["-C", "--directory"],
        ..ROW
    },
    // Packages of the operating system
    Row {
        manager: "apt",
        commands: &[
            "apt-get install",
            "apt install",
            "apt-get update",
            "apt update",
            "apt-get upgrade",
            "apt-get dist-upgrade",
            "apt-get build-dep",
        ],
        words: Packages,
        value_flags: &["-o", "-t", "--target-release"],
        ..ROW
    },
    Row {
        manager: "apk",
        commands: &["apk add", "apk update", "apk upgrade"],
        words: Packages,
        value_flags: &["-t", "--virtual", "-X", "--repository"],
        ..ROW
    },
    Row {
        manager: "dnf",
        commands: &[
            "dnf install",
            "yum install",
            "microdnf install",
            "dnf update",
            "yum update",
            "zypper install",
        ],
        words: Packages,
        value_flags: &["--enablerepo", "--disablerepo", "--setopt"],
        ..ROW
    },
    Row {
        manager: "pacman",
        commands: &["pacman"],
        words: Packages,
        ..ROW
    },
];

/// Words before a command that run the rest as a command. Flags between them are skipped.
pub(crate) const WRAPPERS: &[&str] = &[
    "sudo",
    "exec",
    "command",
    "time",
    "nice",
    "env",
    "corepack",
    "python -m",
    "pipenv run",
    "poetry run",
    "uv run",
    "npx",
    "bundle exec",
];

/// Commands that neither read nor change the sources: they may stand between a copy and an install.
/// Behind each the flags and words do not matter, except for paths in what they change, which are
/// the business of whoever asks.
pub(crate) const HARMLESS: &[&str] = &[
    "true",
    ":",
    "set",
    "echo",
    "printf",
    "export",
    "unset",
    "cd",
    "mkdir",
    "umask",
    "ulimit",
    "sleep",
    "which",
    "command -v",
    "pip config",
    "pip cache",
    "pip --version",
    "pip list",
    "pip freeze",
    "pip check",
    "npm config",
    "npm cache",
    "npm set",
    "npm --version",
    "npm -v",
    "yarn config",
    "yarn cache",
    "yarn --version",
    "pnpm config",
    "pnpm store",
    "bun --version",
    "bun pm cache",
    "corepack enable",
    "corepack prepare",
    "corepack install",
    "uv cache",
    "uv --version",
    "uv python",
    "poetry config",
    "poetry cache",
    "poetry --version",
    "pdm config",
    "pipenv --clear",
    "conda clean",
    "conda config",
    "mamba clean",
    "go env",
    "go version",
    "go clean",
    "cargo --version",
    "rustup",
    "rustc --version",
    "composer config",
    "composer clear-cache",
    "composer --version",
    "bundle config",
    "bundle clean",
    "gem update",
    "gem sources",
    "apt-get clean",
    "apt-get autoremove",
    "apt-get autoclean",
    "apt-get remove",
    "apt-get purge",
    "apt clean",
    "apk del",
    "apk cache",
    "dnf clean",
    "yum clean",
    "dotnet --version",
    "dotnet --info",
    "node --version",
    "node -v",
    "python --version",
    "useradd",
    "adduser",
    "groupadd",
    "addgroup",
    "usermod",
    "locale-gen",
    "update-ca-certificates",
    "ldconfig",
    "a2enmod",
    "docker-php-ext-install",
    "docker-php-ext-enable",
    "docker-php-ext-configure",
    "pecl",
    "date",
    "uname",
    "id",
];
