//! `layers` and `context` as a user calls them.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::program::run;

/// A service with a build, and files around it.
fn project() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        (
            "compose.yaml",
            "services:\n  api:\n    build:\n      context: ./api\n      args: {SHA: \"1\"}\n  db:\n    image: postgres:17\n",
        ),
        (
            "api/Dockerfile",
            "FROM node:22 AS unused\nRUN x\nFROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nARG SHA\nRUN npm run build\nCMD [\"node\", \"x\"]\n",
        ),
        ("api/package.json", "{}"),
        ("api/src/index.js", "1"),
        ("api/debug.log", "12345"),
        ("api/.dockerignore", "# comment\nnode_modules\n"),
        ("api/node_modules/x/index.js", "1234567890"),
        ("shared/Dockerfile", "FROM scratch\nCOPY a /a\n"),
        ("shared/a", "1"),
        ("shared/b", "1"),
    ];
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// The status of each layer by its label in BuildKit's progress.
fn statuses(directory: &TempDir, words: &str) -> Vec<String> {
    let run = run(directory.path(), &format!("layers {words} --format json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let build: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let layers = build["stages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|stage| stage["layers"].as_array().unwrap());
    let labelled = layers.filter(|layer| layer["label"].is_string());
    labelled
        .map(|layer| {
            format!(
                "{} {}",
                layer["label"].as_str().unwrap(),
                layer["status"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn an_edit_of_the_sources_leaves_the_install_cached() {
    let project = project();
    let found = statuses(&project, "api --changed api/src/index.js");
    let expected = ["cached", "cached", "cached", "cached", "re-run", "re-run"];
    let expected: Vec<String> = expected
        .iter()
        .enumerate()
        .map(|(at, status)| format!("[stage-1 {}/6] {status}", at + 1))
        .collect();
    assert_eq!(found, expected);
    let text = run(project.path(), "layers api --changed api/src/index.js").stdout;
    assert!(
        text.contains("copies src/index.js") && text.contains("rests on line 7"),
        "{text}"
    );
    assert!(
        text.contains("2 of 6 layers run again, one of them heavy (line 9).")
            && text.contains("Not built: `unused`."),
        "{text}"
    );
}

#[test]
fn arguments_and_lines_are_edits_too() {
    let project = project();
    let again = |words: &str| {
        statuses(&project, words)
            .iter()
            .filter(|status| status.ends_with("re-run"))
            .count()
    };
    assert_eq!(again("api --changed-arg SHA"), 1);
    assert_eq!(again("api --changed-arg SHA=1"), 0);
    // The Dockerfile itself is copied.
    assert_eq!(again("api --changed-line 10"), 2);
    assert_eq!(again("api --changed-line 6"), 3);
    assert_eq!(again("api --changed-line 1-3"), 6);
    assert_eq!(again("shared --changed shared/a"), 1);
    assert_eq!(again("shared/Dockerfile --changed shared/b"), 0);
}

#[test]
fn what_is_no_build_is_refused_with_a_word_that_helps() {
    let project = project();
    for (words, expected) in [
        ("layers db", "`db` builds nothing: it runs an image"),
        ("layers ap", "did you mean `api`?"),
        ("layers api --changed-line x", "`x` is no line"),
        (
            "context nothing",
            "there is no service, Dockerfile or directory",
        ),
    ] {
        let run = run(project.path(), words);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words}");
        assert!(run.stderr.contains(expected), "{words}: {}", run.stderr);
    }
}

#[test]
fn a_context_tells_what_enters_and_what_is_kept_out() {
    let project = project();
    let text = run(project.path(), "context api").stdout;
    for expected in [
        "enter the build: `COPY . .` (line 7) takes all of it",
        "api/.dockerignore:2  node_modules",
        "worth a line in api/.dockerignore",
        "*.log  a log; it grows while the project runs",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&run(project.path(), "context shared --format json").stdout).unwrap();
    assert_eq!(
        (
            &json[0]["files"],
            &json[0]["taken"]["files"],
            &json[0]["whole"]
        ),
        (&3.into(), &1.into(), &serde_json::Value::Null)
    );
}

#[test]
fn git_tells_what_changes_most_often() {
    let project = project();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(project.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@b.c"])
            .args(words);
        assert!(git.output().unwrap().status.success(), "{words:?}");
    };
    git(&["init", "-q"]);
    for text in ["1", "2", "3"] {
        fs::write(project.path().join("api/src/index.js"), text).unwrap();
        git(&["add", "."]);
        git(&["commit", "-qm", text]);
    }
    let text = run(project.path(), "context api").stdout;
    assert!(
        text.contains("changes most often, in the last 3 commits"),
        "{text}"
    );
    assert!(
        text.contains("3×  src/index.js  2 of 6 layers run again, heavy: line 9"),
        "{text}"
    );
}
