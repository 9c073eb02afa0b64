//! Patterns as git reads them; git itself is asked as well, where it is installed.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::*;
use crate::disk::Disk;
use crate::files::{Files, Memory};

/// Ignore files, and paths with whether git ignores each; those that end with `/` are directories.
type Case<'c> = (&'c [(&'c str, &'c str)], &'c [(&'c str, bool)]);

const CASES: &[Case<'_>] = &[
    (
        &[(".gitignore", ".env")],
        &[("api/.env", true), (".envrc", false)],
    ),
    (
        &[(".gitignore", "*.env\n!dev.env")],
        &[("api/a.env", true), ("dev.env", false)],
    ),
    (
        &[(".gitignore", "/config.json")],
        &[("config.json", true), ("api/config.json", false)],
    ),
    (
        &[(".gitignore", "secrets/")],
        &[("api/secrets/db.txt", true), ("x/secrets", false)],
    ),
    (
        &[(".gitignore", "api/*.key")],
        &[("api/tls.key", true), ("o/api/tls.key", false)],
    ),
    (
        &[(".gitignore", "**/local.yml")],
        &[("a/b/local.yml", true), ("local.yml", true)],
    ),
    (
        &[(".gitignore", "# dev.env\n\\#x\n\\!y")],
        &[("dev.env", false), ("#x", true), ("!y", true)],
    ),
    (
        &[(".gitignore", "[Bb]in/")],
        &[("Bin/a", true), ("o/bin/a", true), ("cbin/a", false)],
    ),
    (
        &[(".gitignore", "conf/**/x")],
        &[
            ("conf/x", true),
            ("conf/a/b/x", true),
            ("conf/a/xx", false),
            ("a/conf/x", false),
        ],
    ),
    (
        &[(".gitignore", "x?")],
        &[("xy", true), ("d/xy", true), ("x", false), ("xyz", false)],
    ),
    (
        &[(".gitignore", "[a-c]*.txt\n[!a]b")],
        &[
            ("b1.txt", true),
            ("d.txt", false),
            ("ab", false),
            ("bb", true),
        ],
    ),
    (
        &[(".gitignore", "*\n!*/\n!*.md")],
        &[("d/a.md", false), ("d/a.txt", true)],
    ),
    // A deeper file takes back, and adds.
    (
        &[
            (".gitignore", "*.log"),
            ("api/.gitignore", "!keep.log\n/own"),
        ],
        &[
            ("keep.log", true),
            ("api/keep.log", false),
            ("api/d/keep.log", false),
            ("own", false),
            ("api/own", true),
        ],
    ),
    // Nothing below an ignored directory comes back.
    (
        &[(".gitignore", "build/"), ("build/.gitignore", "!*")],
        &[("build/keep", true), ("a/build/keep", true)],
    ),
    (
        &[(".gitignore", "dir/*\n!dir/keep")],
        &[("dir/keep", false), ("dir/x", true)],
    ),
    (
        &[(".gitignore", "y/**")],
        &[("y/z", true), ("o/y/z", false)],
    ),
    (
        &[(".gitignore", "a/**/b")],
        &[("a/b", true), ("a/c/d/b", true)],
    ),
    // What the crate reads otherwise.
    (
        &[(".gitignore", "*.{js,ts}\na{b")],
        &[("k.js", false), ("k.{js,ts}", true), ("a{b", true)],
    ),
    (
        &[(
            ".gitignore",
            "[[:digit:]]x\n[^[:alpha:]]q\na[!x]b\na[/]c\nc[+-9]d",
        )],
        &[
            ("1x", true),
            ("ax", false),
            ("1q", true),
            ("aq", false),
            ("ab", false),
            ("a/b", false),
            ("a/c", false),
            ("c0d", true),
            ("c/d", false),
        ],
    ),
    (
        &[(
            ".gitignore",
            "[]a]x\n[a\\]]y\n[a-c-e]z\n[!-]w\n[\\!^]v\n[z-a]u",
        )],
        &[
            ("]x", true),
            ("]y", true),
            ("-z", true),
            ("dz", false),
            ("aw", true),
            ("-w", false),
            ("!v", true),
            ("^v", true),
            ("yu", false),
        ],
    ),
    (
        &[(".gitignore", "foo[\nbar\r\n\nbaz ")],
        &[("foo[", false), ("bar", true), ("baz", true)],
    ),
    (&[(".gitignore", "\u{feff}top")], &[("top", true)]),
    // A clone's own list yields to the files of the repository.
    (
        &[
            (".git/info/exclude", "*.tmp\n/q"),
            ("api/.gitignore", "!a.tmp"),
        ],
        &[
            ("a.tmp", true),
            ("api/a.tmp", false),
            ("q", true),
            ("api/q", false),
        ],
    ),
];

fn ask(files: &dyn Files, root: &Path, path: &str) -> bool {
    is_ignored(&Workspace::new(files), root, &root.join(path))
}

#[test]
fn patterns_mean_what_they_mean_to_git() {
    let root = Path::new("/p");
    for (files, paths) in CASES {
        let with = |memory: Memory, (path, text): &(&str, &str)| memory.with(root.join(path), text);
        let ignoring = files.iter().fold(Memory::new(), with);
        for (path, expected) in *paths {
            let memory = ignoring.clone().with(root.join(path), "");
            assert_eq!(ask(&memory, root, path), *expected, "{path} by {files:?}");
        }
    }
}

#[test]
fn git_says_the_same() {
    for (files, paths) in CASES {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.args(arguments).current_dir(root).env("HOME", root);
            command
                .env("GIT_CONFIG_NOSYSTEM", "1")
                .env("GIT_CONFIG_GLOBAL", "/dev/null");
            command
                .env_remove("GIT_DIR")
                .env_remove("GIT_WORK_TREE")
                .env_remove("XDG_CONFIG_HOME");
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            command
        };
        match git(&["init", "-q", "--template="]).status() {
            Ok(status) if status.success() => {}
            _ => {
                eprintln!("SKIPPED: git is not installed");
                return;
            }
        }
        let named = paths.iter().map(|(path, _)| (*path, ""));
        for (path, text) in named.chain(files.iter().copied()) {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut asked = git(&["check-ignore", "--no-index", "--stdin", "-z"])
            .spawn()
            .unwrap();
        let list: Vec<&str> = paths.iter().map(|(path, _)| *path).collect();
        asked
            .stdin
            .take()
            .unwrap()
            .write_all(list.join("\0").as_bytes())
            .unwrap();
        let answer = String::from_utf8(asked.wait_with_output().unwrap().stdout).unwrap();
        let ignored: Vec<&str> = answer.split('\0').collect();
        for (path, expected) in *paths {
            assert_eq!(
                ignored.contains(path),
                *expected,
                "git: {path} by {files:?}"
            );
            assert_eq!(
                ask(&Disk, root, path),
                *expected,
                "on disk: {path} by {files:?}"
            );
        }
    }
}

#[test]
fn the_nearest_repository_counts_and_not_those_around_it() {
    let files = Memory::new()
        .with("/p/.git/HEAD", "")
        .with("/p/.gitignore", "*.env")
        .with("/p/module/.git", "gitdir: elsewhere")
        .with("/p/module/.gitignore", "*.tmp");
    let below = Path::new("/p/api");
    assert!(
        ask(&files, below, "a.env"),
        "the root may lie below the top"
    );
    assert!(!ask(&files, below, "a.tmp"));
    let module = Path::new("/p/module");
    assert!(!ask(&files, module, "a.env"));
    assert!(ask(&files, module, "a.tmp"));
}

#[test]
fn what_is_not_there_may_be_a_directory() {
    let files = Memory::new().with("/p/.gitignore", "static/");
    assert!(ask(&files, Path::new("/p"), "api/static"));
    assert!(!is_ignored(
        &Workspace::new(&files),
        Path::new("/p"),
        &PathBuf::from("/q/static")
    ));
}
