//! What `fix` does when the world around it is unkind: files that change, may not be written or are
//! two names of one, a disk that is full, and an end in the middle of it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::program::run;

const OLD: &str = "version: \"3\"\nservices:\n  web:\n    image: nginx:1.27\n    tty: yes  # hm\n";
const NEW: &str = "services:\n  web:\n    image: nginx:1.27\n    tty: true  # hm\n";

/// A directory with a project of two problems for each name.
fn projects(names: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for name in names {
        fs::create_dir(directory.path().join(name)).unwrap();
        fs::write(directory.path().join(name).join("compose.yaml"), OLD).unwrap();
    }
    directory
}

fn text(directory: &TempDir, path: &str) -> String {
    fs::read_to_string(directory.path().join(path)).unwrap()
}

/// The names of everything in a directory.
fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
    command
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_file_that_is_named_twice_is_repaired_once() {
    let directory = projects(&["a"]);
    let run = run(directory.path(), "fix a/compose.yaml ./a/compose.yaml a");
    assert_eq!(
        (run.code, text(&directory, "a/compose.yaml").as_str()),
        (0, NEW),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(
        run.stdout.contains("Fixed 2 problems in 1 file."),
        "{}",
        run.stdout
    );
}

#[test]
#[cfg(unix)]
fn a_file_with_two_names_is_repaired_once_and_the_link_stays() {
    let directory = projects(&["a", "b"]);
    fs::remove_file(directory.path().join("b/compose.yaml")).unwrap();
    std::os::unix::fs::symlink("../a/compose.yaml", directory.path().join("b/compose.yaml"))
        .unwrap();
    let run = run(directory.path(), "fix");
    assert_eq!(
        (run.code, text(&directory, "a/compose.yaml").as_str()),
        (0, NEW),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(
        fs::symlink_metadata(directory.path().join("b/compose.yaml"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(names(&directory.path().join("a")), ["compose.yaml"]);
}

#[test]
#[cfg(unix)]
fn in_a_read_only_directory_nothing_changes_and_the_other_files_are_done() {
    use std::os::unix::fs::PermissionsExt;
    let directory = projects(&["a", "b", "c"]);
    let mode = |mode| {
        fs::set_permissions(directory.path().join("b"), fs::Permissions::from_mode(mode)).unwrap()
    };
    mode(0o555);
    let run = run(directory.path(), "fix");
    mode(0o755);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr
            .contains("b/compose.yaml was not written: its directory is read-only"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout.contains("Fixed 4 problems in 2 files.")
            && !run.stdout.contains("All checks passed"),
        "{}",
        run.stdout
    );
    assert_eq!(
        ["a", "b", "c"].map(|name| text(&directory, &format!("{name}/compose.yaml"))),
        [NEW, OLD, NEW]
    );
}

#[test]
#[cfg(unix)]
fn files_that_one_repair_changes_are_written_together_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let dockerfile =
        "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n";
    let files = [
        ("a/Dockerfile", dockerfile),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("index.js", ""),
        (".dockerignore", ".git\n"),
        (
            "compose.yaml",
            "services:\n  a:\n    build: {context: ., dockerfile: a/Dockerfile}\n    tty: yes\n",
        ),
    ];
    fs::create_dir(directory.path().join("a")).unwrap();
    for (path, text) in files {
        fs::write(directory.path().join(path), text).unwrap();
    }
    let ignore = directory.path().join(".dockerignore");
    let mut permissions = fs::metadata(&ignore).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&ignore, permissions).unwrap();
    let run = run(
        directory.path(),
        "fix --select copy-all-before-install,yes-or-no-boolean",
    );
    assert!(
        run.stderr
            .contains("error: .dockerignore was not written: it is read-only"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(
        run.stderr.contains(
            "a/Dockerfile was not written: a repair changes it together with .dockerignore"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(text(&directory, "a/Dockerfile"), dockerfile);
    assert!(
        text(&directory, "compose.yaml").contains("tty: true"),
        "the other repair is made"
    );
    assert!(
        run.code == 2 && run.stdout.contains("[copy-all-before-install]"),
        "it is still reported: {}",
        run.stdout
    );
}

/// The limit on the size of files stands for a full disk: a write fails in the middle, whoever runs
/// the program.
#[test]
#[cfg(unix)]
fn without_room_for_a_file_the_old_one_stays_and_the_others_are_done() {
    let directory = projects(&["a", "b", "c"]);
    let long = format!("{OLD}# {}\n", "x".repeat(4096));
    fs::write(directory.path().join("b/compose.yaml"), &long).unwrap();
    let program = env!("CARGO_BIN_EXE_composelint");
    let mut shell = Command::new("sh");
    // A signal that is ignored stays ignored in the program.
    shell
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f 2; exec '{program}' fix"),
        ])
        .current_dir(directory.path());
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(2) && said.contains("b/compose.yaml was not written: "),
        "{said}"
    );
    assert_eq!(
        ["a", "b", "c"].map(|name| text(&directory, &format!("{name}/compose.yaml"))),
        [NEW, &long, NEW]
    );
    assert_eq!(
        names(&directory.path().join("b")),
        ["compose.yaml"],
        "the half that was written is gone"
    );
}

#[test]
fn a_file_that_is_changed_while_it_is_repaired_keeps_the_change_and_the_others_are_done() {
    let directory = projects(&["a", "b"]);
    let mut child = program(directory.path())
        .args(["fix", "--interactive"])
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut question = Vec::new();
    while !question.ends_with(b"[q]uit: ") {
        assert!(
            said.read_until(b' ', &mut question).unwrap() > 0,
            "{}",
            String::from_utf8_lossy(&question)
        );
    }
    // It has been read, and the user thinks.
    let theirs = format!("# mine\n{OLD}");
    fs::write(directory.path().join("b/compose.yaml"), &theirs).unwrap();
    child.stdin.take().unwrap().write_all(b"a\n").unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(
        child.wait_with_output().unwrap().status.code(),
        Some(2),
        "{rest}"
    );
    assert!(
        rest.contains("b/compose.yaml was not written: it was changed since it was read"),
        "{rest}"
    );
    assert_eq!(
        ["a", "b"].map(|name| text(&directory, &format!("{name}/compose.yaml"))),
        [NEW, &theirs]
    );
}

#[test]
fn killed_at_any_moment_every_file_is_the_old_one_or_the_new_one() {
    let names: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut moment = 1_u64;
    let (mut untouched, mut finished) = (false, false);
    for _ in 0..24 {
        let directory = projects(&names);
        let mut child = program(directory.path())
            .arg("fix")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(moment));
        // Where it has ended by itself there is nothing to end.
        let _ = child.kill();
        let is_whole = child.wait().unwrap().code() == Some(0);
        let texts: Vec<String> = names
            .iter()
            .map(|name| text(&directory, &format!("{name}/compose.yaml")))
            .collect();
        assert!(
            texts.iter().all(|text| text == OLD || text == NEW),
            "{texts:?}"
        );
        let done = texts.iter().filter(|text| *text == NEW).count();
        assert!(!is_whole || done == names.len(), "{done} are done");
        untouched |= done == 0;
        finished |= is_whole;
        // Ever later, until one run comes to its end; then earlier again.
        moment = if is_whole {
            1 + moment / 2
        } else {
            moment + 1 + moment / 3
        };
    }
    assert!(
        untouched && finished,
        "the moments were before and behind the work"
    );
}
