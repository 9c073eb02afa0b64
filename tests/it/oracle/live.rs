//! A program that is asked: ours, or the reference, `docker-compose` on the path.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::answer::Answer;
use super::case::Case;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program, if it is installed. Without it the tests that ask it pass, unless
/// `COMPOSELINT_ORACLE` demands it.
pub(crate) fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let program = std::env::split_paths(&path)
        .map(|directory| directory.join("docker-compose"))
        .find(|program| program.is_file());
    if program.is_none() {
        assert!(
            std::env::var_os("COMPOSELINT_ORACLE").is_none(),
            "COMPOSELINT_ORACLE demands `docker-compose` on the path"
        );
        println!(
            "skipped: there is no `docker-compose` on the path, so the recorded answers are taken on trust"
        );
    }
    program
}

/// Runs a case in a directory of its own, with nothing of our environment. `config` is what the
/// program calls the command.
pub(super) fn ask(program: &Path, config: &str, case: &Case) -> Answer {
    let parent = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let (parent, home) = (
        fs::canonicalize(parent.path()).unwrap(),
        fs::canonicalize(home.path()).unwrap(),
    );
    let project = parent.join(&case.name);
    for path in case.files() {
        let (from, to) = (case.directory.join(&path), project.join(&path));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        copy(&from, &to);
    }
    let cwd = project.join(&case.cwd);
    fs::create_dir_all(&cwd).unwrap();
    let places = [
        ("$PROJECT", &project),
        ("$HOME", &home),
        ("$PARENT", &parent),
    ];
    let place = |text: &str| {
        places.iter().fold(text.to_owned(), |text, (name, path)| {
            text.replace(name, &path.to_string_lossy())
        })
    };
    let hide = |text: &str| {
        places.iter().fold(text.to_owned(), |text, (name, path)| {
            text.replace(&*path.to_string_lossy(), name)
        })
    };

    let mut child = Command::new(program)
        .args(case.args.iter().map(|arg| {
            if arg == "config" {
                config.to_owned()
            } else {
                place(arg)
            }
        }))
        .current_dir(cwd)
        .env_clear()
        .env("HOME", &home)
        .envs(
            case.environment
                .iter()
                .map(|(key, value)| (key, place(value))),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(case.stdin.as_bytes())
        .ok();
    let mut streams = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let out = std::thread::spawn(move || {
        let (mut out, mut err) = (String::new(), String::new());
        streams.0.read_to_string(&mut out).ok();
        streams.1.read_to_string(&mut err).ok();
        (out, err)
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (out, err) = out.join().unwrap();
    assert!(
        !err.contains("this is a bug in composelint"),
        "{}: {err}",
        case.name
    );
    if !status.success() {
        return Answer::Refusal(err);
    }
    // The program doubles every dollar sign of what can be read as a compose file again.
    let out = if case.has("--no-interpolate") || case.has("--variables") {
        out
    } else {
        out.replace("$$", "$")
    };
    let out = hide(&out);
    match () {
        () if case.has("json") => Answer::of_json(&out),
        () if LISTS.into_iter().any(|list| case.has(list)) => {
            // Every process has these two.
            Answer::of_lines(
                out.lines()
                    .filter(|line| !line.starts_with("HOME=") && !line.starts_with("PWD=")),
            )
        }
        () => Answer::of_yaml(&out),
    }
}

/// Options that ask for lines.
const LISTS: [&str; 9] = [
    "--services",
    "--volumes",
    "--networks",
    "--models",
    "--images",
    "--profiles",
    "--variables",
    "--environment",
    "--hash",
];

/// Copies a file, or makes a link that leads to the same place.
fn copy(from: &Path, to: &Path) {
    #[cfg(unix)]
    if let Ok(target) = fs::read_link(from) {
        return std::os::unix::fs::symlink(target, to).unwrap();
    }
    fs::copy(from, to).unwrap();
}
