//! Runs the program as a user does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program in `directory`, words separated by blanks, in an environment that says nothing.
pub(crate) fn run(directory: &Path, words: &str) -> Run {
    run_with(directory, words, &[])
}

/// The same, with these variables.
pub(crate) fn run_with(directory: &Path, words: &str, environment: &[(&str, PathBuf)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
    command
        .current_dir(directory)
        .args(words.split_whitespace());
    let unwanted = |name: &str| {
        name.starts_with("COMPOSE") || name.contains("COLOR") || name.starts_with("GITHUB_")
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(unwanted)) {
        command.env_remove(name);
    }
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(
        !stderr.contains("panicked") && !stderr.contains("this is a bug"),
        "{words}: {stderr}"
    );
    Run {
        code: status.code().expect("no signal ended it"),
        stdout,
        stderr,
    }
}

/// A copy of a directory of the repository that is gone after the test.
pub(crate) fn copy(directory: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(copy.path().join(&folder)).unwrap();
        for entry in fs::read_dir(root().join(directory).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                fs::copy(entry.path(), copy.path().join(path)).unwrap();
            }
        }
    }
    copy
}
