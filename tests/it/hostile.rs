//! Input that nobody means well with: the program ends, says something, and changes nothing that it
//! was not asked to.
//!
//! What these cases would cost if something were quadratic or followed rings is far beyond the
//! watchdog; how long they really take is not asserted.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

#[cfg(unix)]
mod endless;
#[cfg(unix)]
mod strangers;

/// Longer than any case takes, on the slowest machine.
const WATCHDOG: Duration = Duration::from_secs(240);

/// Longer than a small project takes, on the slowest machine that does other work as well.
#[cfg(unix)]
const LITTLE: Duration = Duration::from_secs(120);

/// A directory with a project in it that shall not be harmed.
struct Case {
    directory: TempDir,
}

impl Case {
    fn new() -> Self {
        Case {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn with(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A service that is built from a Dockerfile with this text, in a directory with sources and a
    /// manifest.
    fn building(dockerfile: impl AsRef<[u8]>) -> Self {
        Case::new()
            .with("compose.yaml", BUILD)
            .with("Dockerfile", dockerfile)
            .with("main.py", "")
            .with("requirements.txt", "uvicorn\n")
    }

    #[cfg(unix)]
    fn with_link(self, path: &str, target: &str) -> Self {
        std::os::unix::fs::symlink(target, self.directory.path().join(path)).unwrap();
        self
    }

    #[cfg(unix)]
    fn with_pipe(self, path: &str) -> Self {
        assert!(
            Command::new("mkfifo")
                .arg(self.directory.path().join(path))
                .status()
                .unwrap()
                .success()
        );
        self
    }

    /// Checks it. `check` must end with `code` and say all of `said`; neither `check` nor
    /// `fix --diff` may write.
    #[track_caller]
    fn check(&self, code: i32, said: &[&str]) {
        let before = self.contents();
        let check = self.run("check --output-format concise");
        assert_eq!(check.0, code, "{}", shortened(&check.1));
        for words in said {
            assert!(
                check.1.contains(words),
                "nothing is said of {words:?}: {}",
                shortened(&check.1)
            );
        }
        self.run("fix --diff");
        assert_eq!(self.contents(), before, "a file was changed");
    }

    /// Checks it for no more than that it ends well, whatever is found.
    #[track_caller]
    fn check_only(&self) {
        let code = self.run("check --output-format concise").0;
        self.check(i32::from(code != 0), &[]);
    }

    /// The same as `check` for an input that nothing in it can be repaired, so that even `fix`
    /// leaves it alone.
    #[track_caller]
    fn check_and_fix(&self, code: i32, said: &[&str]) {
        self.check(code, said);
        let before = self.contents();
        let fix = self.run("fix --output-format concise");
        assert_eq!(fix.0, code, "{}", shortened(&fix.1));
        assert_eq!(self.contents(), before, "a file was changed");
    }

    /// The exit code and all that was said.
    #[track_caller]
    fn run(&self, words: &str) -> (i32, String) {
        let out = tempfile::NamedTempFile::new().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
        command
            .current_dir(self.directory.path())
            .args(words.split(' '))
            .stdin(Stdio::null());
        command
            .stdout(out.reopen().unwrap())
            .stderr(out.reopen().unwrap());
        let code = ended(command.spawn().unwrap());
        let mut bytes = Vec::new();
        out.reopen().unwrap().read_to_end(&mut bytes).unwrap();
        let said = String::from_utf8(bytes).unwrap();
        for bad in ["panicked", "this is a bug", "internal error", "overflow"] {
            assert!(!said.contains(bad), "{words}: {}", shortened(&said));
        }
        (code, said)
    }

    /// Runs it in a directory below with little time and memory, and these variables. Gives the exit
    /// code, 2 at most, and all that was said.
    #[cfg(unix)]
    #[track_caller]
    fn ends_in(&self, within: &str, words: &str, variables: &[(&str, &str)]) -> (i32, String) {
        let out = tempfile::NamedTempFile::new().unwrap();
        // Not every system limits memory; there the time must do.
        let limited = "ulimit -v 3000000 2>/dev/null; PATH=$1; shift; exec \"$@\"";
        let mut command = Command::new("/bin/sh");
        let path = std::env::var("PATH").unwrap();
        let given = variables.iter().find(|(name, _)| *name == "PATH");
        command
            .args([
                "-c",
                limited,
                "sh",
                given.map_or(&*path, |(_, value)| value),
            ])
            .arg(env!("CARGO_BIN_EXE_composelint"))
            .args(words.split(' '))
            .current_dir(self.directory.path().join(within))
            .stdin(Stdio::null())
            .stdout(out.reopen().unwrap())
            .stderr(out.reopen().unwrap());
        let code = ended_within(command.spawn().unwrap(), LITTLE)
            .unwrap_or_else(|| panic!("`{words}` does not end: {}", self.shown()));
        let said = fs::read(out.path()).unwrap();
        let said = String::from_utf8_lossy(&said).into_owned();
        let is_well = (0..=2).contains(&code) && !said.contains("this is a bug");
        assert!(
            is_well,
            "`{words}`: {code}, {}, {}",
            shortened(&said),
            self.shown()
        );
        (code, said)
    }

    /// Its files that are not regular, for a message.
    #[cfg(unix)]
    fn shown(&self) -> String {
        let found = Command::new("find")
            .arg(self.directory.path())
            .args([
                "!", "-type", "d", "(", "!", "-type", "f", "-o", "-size", "+1000", ")", "-ls",
            ])
            .output()
            .unwrap();
        String::from_utf8_lossy(&found.stdout).into_owned()
    }

    /// Every regular file and what it holds.
    fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut contents = BTreeMap::new();
        let mut open = vec![self.directory.path().to_path_buf()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    open.push(entry.path());
                } else if kind.is_file() {
                    contents.insert(entry.path(), fs::read(entry.path()).unwrap());
                }
            }
        }
        contents
    }
}

#[track_caller]
fn ended(child: Child) -> i32 {
    ended_within(child, WATCHDOG).expect("it does not end")
}

/// The exit code, -1 when a signal ended it; `None` when it had to be killed.
fn ended_within(mut child: Child, limit: Duration) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(-1));
        }
        if start.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        sleep(Duration::from_millis(2));
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(2000).collect()
}

/// A text for every number, in a row.
fn many(number: usize, text: impl Fn(usize) -> String) -> String {
    (0..number).map(text).collect()
}

const BUILD: &str = "services:\n  api:\n    build: .\n";

const STALE: &str = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"uvicorn\", \"main:app\"]\n";

const LATE: &str = "copy-all-before-install";

// Shapes of files and directories.

#[test]
fn a_directory_in_the_place_of_a_file() {
    Case::new()
        .with("compose.yaml/x", "")
        .with("y/compose.yaml", BUILD)
        .with("y/Dockerfile/x", "")
        .check_and_fix(1, &["y/compose.yaml:3:"]);
}

#[test]
#[cfg(unix)]
fn a_pipe_is_never_waited_for() {
    let pipes = [
        "Dockerfile",
        ".dockerignore",
        ".env",
        "README.md",
        "package.json",
        "docker-compose.dev.yml",
        "Makefile",
    ];
    let case = pipes
        .into_iter()
        .fold(Case::new().with("compose.yaml", BUILD), Case::with_pipe);
    case.check_and_fix(
        1,
        &["`Dockerfile` cannot be read, it is not a regular file"],
    );
}

#[test]
#[cfg(unix)]
fn a_device_has_no_end_and_is_not_read() {
    let links = [
        "Dockerfile",
        ".dockerignore",
        ".env",
        "Makefile",
        "docker-compose.dev.yml",
    ];
    let case = links
        .into_iter()
        .fold(Case::new().with("compose.yaml", BUILD), |case, name| {
            case.with_link(name, "/dev/zero")
        });
    case.check_and_fix(1, &["`Dockerfile` cannot be read"]);
}

#[test]
#[cfg(unix)]
fn links_that_lead_in_a_ring() {
    let case = Case::building(STALE)
        .with("a/x.py", "")
        .with_link("a/up", "..")
        .with_link("ring", "gnir")
        .with_link("gnir", "ring");
    case.with_link(".dockerignore", ".dockerignore")
        .check(1, &[LATE]);
}

#[test]
#[cfg(unix)]
fn a_compose_file_that_includes_itself_through_a_link() {
    let case = Case::new().with(
        "a/compose.yaml",
        "include: [../link/compose.yaml]\nservices: {a: {image: x}}\n",
    );
    case.with_link("link", "a")
        .check_and_fix(1, &["files include each other in a ring"]);
}

#[test]
fn bytes_that_are_no_text() {
    let case = Case::new()
        .with("compose.yaml", b"services:\n  a: \xff\xfe\n")
        .with("b/Dockerfile", [0, 159, 146, 150]);
    let case = case
        .with("c/compose.yaml", BUILD)
        .with("c/Dockerfile", b"FROM \xff\n")
        .with("c/.dockerignore", b"\xff");
    let case = case
        .with("c/package.json", b"\xff")
        .with("c/README.md", b"docker compose up \xff");
    case.check_and_fix(
        1,
        &[
            "compose.yaml:1:1: error",
            "b/Dockerfile:1:1: error",
            "c/compose.yaml:3:",
        ],
    );
}

#[test]
fn characters_that_are_nothing() {
    let case = Case::new()
        .with("compose.yaml", "services:\n  a:\n    image: \"x\0y\"\n")
        .with("a/Dockerfile", "FROM a\0b\nCOPY \0 .\nRUN \0\n");
    let escaped = "services:\n  a:\n    build: {context: \"\\0\", dockerfile: \"a\\0\"}\n    env_file: \"\\0\"\n    volumes: [\"./\\0:/x\"]\n";
    case.with("b/compose.yaml", escaped)
        .check_and_fix(1, &["compose.yaml:3:", "b/compose.yaml:"]);
}

#[test]
fn files_that_are_far_too_large() {
    let large = vec![b'#'; 50 << 20];
    let case = Case::new()
        .with("compose.yaml", &large)
        .with("a/Dockerfile", &large)
        .with("b/compose.yaml", BUILD)
        .with("b/Dockerfile", &large);
    case.check_and_fix(
        1,
        &[
            "compose.yaml:1:1: error",
            "a/Dockerfile:1:1: error",
            "b/compose.yaml:3:",
            "larger than 16 MiB",
        ],
    );
}

#[test]
#[cfg(target_os = "linux")]
fn directories_without_end() {
    let case = Case::building(STALE);
    // Deeper than a path may be long, so it is made from the inside.
    let script = "for i in $(seq 2000); do mkdir -p d && cd -P d || exit 0; done 2>/dev/null";
    let made = Command::new("sh")
        .args(["-c", script])
        .current_dir(case.directory.path())
        .status()
        .unwrap();
    assert!(made.success());
    let check = case.run("check --output-format concise");
    assert!(check.0 == 1 && check.1.contains(LATE), "{}", check.1);
}

#[test]
fn more_files_than_anybody_counts() {
    let case = Case::building(STALE.replace("COPY . .", "COPY *.py */*.py ./\nCOPY . ."));
    (0..5000)
        .fold(case, |case, number| {
            case.with(&format!("d{}/f{number}.py", number % 50), "")
        })
        .check(1, &[LATE]);
}

// YAML and compose.

#[test]
fn nesting_without_end() {
    let deep = [
        format!("services: {}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("services: {}{}", "{a: ".repeat(10_000), "}".repeat(10_000)),
        many(2000, |depth| format!("{}a:\n", " ".repeat(depth))),
        format!("{}\n", "- ".repeat(10_000)),
        format!("{}\n", "? ".repeat(10_000)),
        "[".repeat(10_000),
    ];
    let case = deep
        .iter()
        .enumerate()
        .fold(Case::new(), |case, (number, text)| {
            case.with(&format!("c{number}/compose.yaml"), text)
        });
    case.check_and_fix(
        1,
        &["c0/compose.yaml:", "c1/compose.yaml:", "c2/compose.yaml:"],
    );
}

#[test]
fn nesting_as_deep_as_is_allowed() {
    let lists = format!("x-a: {}{}\n", "[".repeat(900), "]".repeat(900));
    let maps = format!("x-b: {}{}\n", "{a: ".repeat(900), "}".repeat(900));
    let inside = format!("    labels: {}{}\n", "{a: ".repeat(900), "}".repeat(900));
    let case = Case::new()
        .with("compose.yaml", format!("{BUILD}{lists}{maps}"))
        .with("b/compose.yaml", format!("{BUILD}{inside}"));
    case.check_and_fix(1, &["compose.yaml:3:", "b/compose.yaml:"]);
}

#[test]
fn aliases_that_explode() {
    let lists = many(30, |n| {
        format!(
            "x{m}: &a{m} [{}]\n",
            vec![format!("*a{n}"); 9].join(", "),
            m = n + 1
        )
    });
    let bomb = format!(
        "x0: &a0 {{a: b}}\n{lists}services: {{a: {{image: x, labels: *a30, environment: *a30, volumes: *a30}}}}\n"
    );
    let merges = many(1000, |n| {
        format!("x{m}: &a{m} {{<<: [*a{n}, *a{n}], k{m}: v}}\n", m = n + 1)
    });
    let merged =
        format!("x0: &a0 {{k0: b}}\n{merges}services: {{a: {{image: x, environment: *a1000}}}}\n");
    Case::new()
        .with("a/compose.yaml", bomb)
        .with("b/compose.yaml", merged)
        .check_and_fix(1, &["a/compose.yaml:", "b/compose.yaml:"]);
    Case::new()
        .with("compose.yaml", "services: &s\n  a: *s\n")
        .check_and_fix(1, &["compose.yaml:"]);
}

#[test]
fn files_and_services_that_lead_in_rings() {
    let main = "include: [b.yaml, compose.yaml]\nservices:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n  c: {extends: {file: b.yaml, service: c}, image: x}\n";
    let other =
        "include: [compose.yaml]\nservices:\n  c: {extends: {file: compose.yaml, service: c}}\n";
    Case::new()
        .with("compose.yaml", main)
        .with("b.yaml", other)
        .check_and_fix(1, &["compose.yaml:"]);
}

#[test]
fn more_services_than_anybody_runs() {
    let images = many(5000, |n| {
        format!("  s{n}:\n    image: x\n    ports: [\"{}:80\"]\n", n + 1)
    });
    Case::new()
        .with("compose.yaml", format!("services:\n{images}"))
        .check_and_fix(0, &[]);
    let builds = many(100, |n| {
        format!(
            "  s{n}:\n    build: .\n    depends_on: [s{}]\n",
            (n + 1) % 100
        )
    });
    Case::building(STALE)
        .with("compose.yaml", format!("services:\n{builds}"))
        .check(1, &[LATE]);
}

#[test]
fn more_mounts_than_anybody_needs() {
    let mounts = many(1000, |n| {
        format!("      - ./src:/app/x{n}\n      - ./d/f{n}:/app/d/f{n}\n")
    });
    let case = Case::building(STALE).with("compose.yaml", format!("{BUILD}    volumes:\n{mounts}"));
    (0..500)
        .fold(case, |case, n| case.with(&format!("src/f{n}.txt"), ""))
        .check(1, &[LATE]);
}

#[test]
fn variables_that_hold_each_other() {
    let doubled = many(200, |n| format!("A{m}=${{A{n}}}${{A{n}}}\n", m = n + 1));
    let nested = format!("    command: \"{}\"\n", "${A:-".repeat(20_000));
    let case = Case::building(STALE).with(".env", format!("A0=xx\n{doubled}"));
    case.with(
        "compose.yaml",
        format!("{BUILD}    env_file: .env\n    image: ${{A200}}\n{nested}"),
    )
    .check(1, &["compose.yaml:"]);
}

#[test]
fn files_that_lie_over_one_project() {
    let case = Case::building(STALE);
    let over = |case: Case, n: usize| {
        case.with(
            &format!("docker-compose.v{n}.yml"),
            format!("services:\n  api:\n    environment: {{A: \"{n}\"}}\n"),
        )
    };
    (0..100).fold(case, over).check(1, &[LATE]);
}

#[cfg(unix)]
#[test]
fn code_that_leads_back_to_itself_or_never_ends() {
    let many = many(8, |n| format!("  s{n}:\n    build: ./app\n"));
    let case = Case::new()
        .with("compose.yaml", format!("services:\n{many}"))
        .with("app/main.py", "URL = 'http://s1:80'\n");
    let case = case.with(
        "app/Dockerfile",
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n",
    );
    let case = case
        .with("app/links/x.bin", "")
        .with_link("app/links/one", ".")
        .with_link("app/links/two", ".")
        .with_pipe("app/pipe.py");
    let (code, said) = case.run("services");
    assert_eq!(code, 0, "{said}");
    case.check_only();
}

// Dockerfiles and what lies beside them.

#[test]
fn instructions_without_end() {
    let runs = "RUN pip install x\nENV A=b\nCOPY . .\n".repeat(1000);
    Case::building(format!("FROM python\n{runs}")).check(1, &[LATE]);
    Case::building(format!(
        "FROM python\nCOPY . .\nRUN {}true\n",
        "pip install a && ".repeat(10_000)
    ))
    .check_only();
    Case::building(format!("FROM a\n{}", "RUN <<EOF\n".repeat(20_000)))
        .check_and_fix(1, &["Dockerfile:"]);
}

#[test]
fn stages_without_end() {
    let chain = many(3000, |n| {
        format!("FROM s{n} AS s{}\nCOPY --from=s{n} / /\nRUN x\n", n + 1)
    });
    Case::building(format!("FROM python AS s0\nCOPY . .\n{chain}")).check_only();
    let grown = many(100, |n| {
        format!(
            "FROM s{n} AS s{}\nCOPY . /x{n}\nCOPY --from=s{n} / /\nRUN pip install x\n",
            n + 1
        )
    });
    Case::building(format!("FROM python AS s0\nCOPY . .\n{grown}")).check_only();
    let triggers = "ONBUILD RUN pip install x\nONBUILD COPY . .\n".repeat(300);
    Case::building(format!(
        "FROM a AS b\n{triggers}{}",
        many(50, |n| format!("FROM b AS c{n}\n"))
    ))
    .check_only();
}

#[test]
fn shell_that_is_never_closed() {
    let hostile = [
        "$(",
        "if x; then ",
        "{ ",
        "\"$(",
        "`",
        "(",
        "case x in y) ",
        "<<A ",
    ]
    .map(|open| format!("RUN {}\n", open.repeat(20_000)));
    Case::building(format!("FROM a\nCOPY . .\n{}", hostile.concat())).check_only();
    let command = format!(
        "    command: sh -c \"{}{}\"\n    entrypoint: {}\n",
        "$(".repeat(10_000),
        ")".repeat(10_000),
        "((".repeat(20_000)
    );
    Case::building(STALE)
        .with("compose.yaml", format!("{BUILD}{command}"))
        .check(1, &[LATE]);
}

#[test]
fn patterns_without_end() {
    let patterns = many(2000, |n| format!("**/a{n}.*x?z\n!b{n}\nc{n}/*\n"));
    let case = Case::building(STALE).with(".dockerignore", patterns);
    (0..1000)
        .fold(case, |case, n| {
            case.with(&format!("d{}/f{n}.py", n % 50), "")
        })
        .check(1, &[LATE]);
}

#[test]
fn manifests_that_nest_or_name_each_other() {
    let node = "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"start\"]\n";
    for json in [
        format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)),
        "[".repeat(100_000),
        "{\"workspaces\": [\"**\"]}".to_owned(),
    ] {
        let case = Case::building(node)
            .with("package.json", &json)
            .with("pnpm-workspace.yaml", &json)
            .with("tsconfig.json", &json);
        case.with("server.js", "")
            .with("composer.json", json)
            .check_only();
    }
    let rings = many(500, |n| format!("-r r{n}.txt\n"));
    let case = Case::building(STALE).with(
        "requirements.txt",
        format!("-r requirements.txt\n-r other.txt\n{rings}"),
    );
    case.with("other.txt", "-r requirements.txt\n-r ./other.txt\n")
        .check_only();
}

#[test]
fn scripts_that_call_each_other() {
    let node = "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"start\"]\n";
    let scripts = many(100, |n| {
        format!(
            "\"s{n}\": \"npm run s{} && npm run s{}\", ",
            (n + 1) % 100,
            (n + 2) % 100
        )
    });
    let json = format!("{{\"scripts\": {{{scripts}\"start\": \"npm run s0 && npm start\"}}}}");
    Case::building(node)
        .with("package.json", json)
        .with("server.js", "")
        .check_only();

    let shell = "FROM python\nWORKDIR /app\nCOPY . .\nENTRYPOINT [\"./a.sh\"]\nCMD [\"./b.sh\"]\n";
    let case = Case::building(shell).with(
        "a.sh",
        "#!/bin/sh\n. ./b.sh\nsource ./a.sh\n./b.sh\nexec ./b.sh \"$@\"\n",
    );
    case.with(
        "b.sh",
        "#!/bin/sh\n. ./a.sh\n./a.sh & ./b.sh &\nhoncho start\nexec ./a.sh \"$@\"\n",
    )
    .with("Procfile", "web: ./a.sh\nb: honcho start\n")
    .check_only();
}

#[test]
fn recipes_without_end() {
    let case = Case::building(STALE).with(
        "Makefile",
        "up:\n\tdocker compose -f compose.yaml up -d api\n".repeat(2000),
    );
    let case = case.with(
        "README.md",
        "```sh\ncd a && docker compose up\n```\n".repeat(3000),
    );
    let variables = many(1000, |n| format!("V{n}=$(V{m})$(V{m})\n", m = n + 1));
    let case = case.with(
        "docker/Makefile",
        format!("{variables}up:\n\tdocker compose $(V0) up\n"),
    );
    case.with(
        "large/Makefile",
        format!("up:\n\tdocker compose up\n{}", "#".repeat(16 << 20)),
    )
    .check(1, &[LATE]);
}
