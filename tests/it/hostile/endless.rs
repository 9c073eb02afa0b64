//! Files that never end or never begin, in the place of every file that is read: no command waits
//! for them, and none takes the memory of the machine.

use std::path::Path;
use std::process::Command;

use super::{Case, many};

/// Every command that reads a project.
const COMMANDS: &[&str] = &[
    "check",
    "check web",
    "fix --diff",
    "services",
    "plan",
    "why api",
    "why api .",
    "resolve",
    "layers api",
    "context",
    "context api",
    "override",
    "syntax Dockerfile",
    "syntax compose.yaml",
    "-f other.yaml check",
    "--env-file other.env resolve",
    "--config other.toml check",
];

const COMPOSE: &str = "include: [inc.yaml]
services:
  api:
    build: .
    env_file: [api.env]
    command: ./start.sh
    extends: {file: base.yaml, service: base}
    configs: [nginx]
    label_file: labels
  web:
    build: {context: web, dockerfile: web.Dockerfile}
    volumes: [./web:/app, ./app.conf:/etc/app.conf]
configs: {nginx: {file: nginx.conf}}
secrets: {token: {file: token.txt}}
";

const DOCKERFILE: &str = "FROM python:3.13
WORKDIR /app
COPY requirements.txt package.json ./
RUN pip install -r requirements.txt
COPY . .
ENTRYPOINT [\"./entrypoint.sh\"]
CMD [\"uvicorn\", \"main:app\"]
";

/// A project in which something is found, with a history where git is installed.
fn project() -> Case {
    let case = Case::new()
        .with("compose.yaml", COMPOSE)
        .with("Dockerfile", DOCKERFILE)
        .with("inc.yaml", "services: {inc: {image: x}}\n")
        .with("base.yaml", "services: {base: {environment: {A: b}}}\n")
        .with("other.yaml", "services: {other: {build: .}}\n")
        .with("main.py", "import x\n")
        .with("requirements.txt", "uvicorn\n")
        .with("x.log", "")
        .with("web/web.Dockerfile", DOCKERFILE)
        .with("web/main.py", "")
        .with("web/build/x.py", "");
    let commit = "init -q -b main && git add main.py && git commit -q -m x";
    let made = Command::new("/bin/sh")
        .args(["-c", &format!("git {commit}")])
        .current_dir(case.directory.path())
        .envs(["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"].map(|name| (name, "/nowhere")))
        .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "a")))
        .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "a@b.c")))
        .status()
        .unwrap();
    if !made.success() {
        eprintln!("git is not installed: the project has no history");
        std::fs::create_dir_all(case.directory.path().join(".git")).unwrap();
    }
    case
}

const IGNORE_FILES: &[&str] = &[
    ".gitignore",
    ".composelintignore",
    ".ignore",
    ".rgignore",
    ".git/info/exclude",
    ".dockerignore",
    "web/.gitignore",
    "web/.composelintignore",
    "web/.ignore",
    "web/.git",
    "web/.dockerignore",
    "web/web.Dockerfile.dockerignore",
];

const FILES_OF_GIT: &[&str] = &[
    ".git",
    ".git/HEAD",
    ".git/config",
    ".git/config.worktree",
    ".git/index",
    ".git/commondir",
    ".git/gitdir",
    ".git/packed-refs",
    ".git/shallow",
    ".git/refs/heads/main",
    ".git/info/grafts",
    ".git/info/attributes",
    ".git/objects/info/alternates",
    ".git/objects/info/commit-graph",
    ".git/objects/pack/p.idx",
    ".git/objects/pack/p.pack",
    ".gitattributes",
    ".gitmodules",
];

/// All but the first compose file, without which none of them would be asked for.
const OTHER_FILES: &[&str] = &[
    "compose.override.yaml",
    "docker-compose.dev.yml",
    "inc.yaml",
    "base.yaml",
    "other.yaml",
    "Dockerfile",
    "web/web.Dockerfile",
    ".env",
    "other.env",
    "api.env",
    "labels",
    "nginx.conf",
    "app.conf",
    "token.txt",
    "composelint.toml",
    ".composelint.toml",
    "other.toml",
    ".hadolint.yaml",
    ".shellcheckrc",
    "start.sh",
    "entrypoint.sh",
    "main.py",
    "web/main.py",
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "package.json",
    "package-lock.json",
    "pnpm-workspace.yaml",
    "tsconfig.json",
    "vite.config.js",
    "nodemon.json",
    "composer.json",
    "Cargo.toml",
    "go.mod",
    "Gemfile",
    "pom.xml",
    "Makefile",
    "Justfile",
    "Taskfile.yml",
    "Procfile",
    "README.md",
    ".github/workflows/ci.yml",
    ".devcontainer/devcontainer.json",
    ".gitlab-ci.yml",
];

/// Puts something in the place of a file.
fn replace(case: &Case, path: &str, with: &Endless) {
    let path = case.directory.path().join(path);
    if path.is_dir() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    let _ = std::fs::remove_file(&path);
    if std::fs::create_dir_all(path.parent().unwrap()).is_err() {
        return;
    }
    match with {
        Endless::Pipe => assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        ),
        Endless::Link(target) => std::os::unix::fs::symlink(target, &path).unwrap(),
        Endless::Socket => drop(std::os::unix::net::UnixListener::bind(&path)),
        Endless::Text(text) => std::fs::write(&path, text).unwrap(),
        Endless::Hole => std::fs::File::create(&path)
            .unwrap()
            .set_len(1 << 40)
            .unwrap(),
    }
}

enum Endless {
    Pipe,
    Link(&'static str),
    Socket,
    Text(String),
    /// A file of a terabyte that holds nothing.
    Hole,
}

/// Runs the commands that read the most over a project for each of these files, and then all
/// commands over one in which all of them are like that.
fn survive(files: &[&str], kinds: &[Endless]) {
    for kind in &kinds[..1] {
        for file in files {
            let case = project();
            replace(&case, file, kind);
            for words in ["check", "context", "override"] {
                case.ends_in("", words, &[]);
            }
        }
    }
    for kind in kinds {
        let case = project();
        for file in files {
            replace(&case, file, kind);
        }
        for words in COMMANDS {
            case.ends_in("", words, &[]);
        }
    }
}

fn kinds() -> Vec<Endless> {
    let mut kinds = vec![Endless::Pipe];
    // Those of /proc call themselves regular files: what each of them holds is made while it is
    // read, without end or until something happens.
    for target in [
        "/dev/zero",
        "/dev/tty",
        "/proc/self/pagemap",
        "/proc/kmsg",
        "/proc/kcore",
    ] {
        if Path::new(target).symlink_metadata().is_ok() {
            kinds.push(Endless::Link(target));
        }
    }
    kinds.extend([Endless::Socket, Endless::Hole]);
    kinds
}

#[test]
fn ignore_files() {
    survive(IGNORE_FILES, &kinds());
}

#[test]
fn ignore_files_above() {
    for kind in kinds() {
        for name in [".gitignore", ".composelintignore", ".git/info/exclude"] {
            let case = project();
            replace(&case, name, &kind);
            for words in ["check", "services -f web/compose.yaml", "context ."] {
                case.ends_in("web", words, &[]);
            }
        }
    }
}

#[test]
fn files_of_git() {
    survive(
        FILES_OF_GIT,
        &[Endless::Pipe, Endless::Link("/dev/zero"), Endless::Hole],
    );
    // Whatever object is asked for.
    let case = project();
    let objects = case.directory.path().join(".git/objects");
    for directory in std::fs::read_dir(objects).into_iter().flatten().flatten() {
        for object in std::fs::read_dir(directory.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = object.path();
            let within = path.strip_prefix(case.directory.path()).unwrap();
            replace(&case, within.to_str().unwrap(), &Endless::Pipe);
        }
    }
    case.ends_in("", "context api", &[]);
}

#[test]
fn all_other_files() {
    for kind in kinds() {
        let case = project();
        replace(&case, "compose.yaml", &kind);
        for words in COMMANDS {
            case.ends_in("", words, &[]);
        }
    }
    survive(OTHER_FILES, &kinds());
}

#[test]
fn ignore_files_with_more_patterns_than_anybody_writes() {
    for pattern in ["*a*b*c?[x-z]**/d", "a", "*"] {
        for (lines, files) in [(300_000, 1), (10_000, 50)] {
            let text = many(lines, |n| format!("{pattern}{n}*\n"));
            let case = project();
            for n in 0..files {
                let file = format!("d{n}/.gitignore");
                replace(&case, &file, &Endless::Text(text.clone()));
            }
            case.ends_in("", "check", &[]);
        }
    }
}

#[test]
fn files_that_lead_to_each_other_in_the_place_of_git() {
    let case = project();
    replace(&case, ".git", &Endless::Text("gitdir: a\n".to_owned()));
    replace(
        &case,
        "a/.git",
        &Endless::Text("gitdir: ../.git\n".to_owned()),
    );
    replace(
        &case,
        "web/.git",
        &Endless::Text("gitdir: .git\n".to_owned()),
    );
    replace(
        &case,
        "web/b/.git",
        &Endless::Text("gitdir: ../../web/b/.git\n".to_owned()),
    );
    for words in COMMANDS {
        case.ends_in("", words, &[]);
        case.ends_in("web/b", words, &[]);
    }
}
