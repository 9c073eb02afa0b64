//! What git knows of a directory. Where there is no git or no repository, that is nothing.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// So many commits tell what changes often.
const COMMITS: usize = 500;

/// How many commits were looked at, and the files that they changed, the most often changed first;
/// paths from `directory`.
pub(super) fn changes(directory: &Path) -> Option<(usize, Vec<(String, usize)>)> {
    // Without a path to look for, so that git does not walk all of a long history.
    let number = format!("-n{COMMITS}");
    let text = run(
        directory,
        &[
            "log",
            &number,
            "--no-merges",
            "--no-renames",
            "--relative",
            "--name-only",
            "--format=%x00",
            "-z",
        ],
    )?;
    let mut commits = 0;
    let mut files: HashMap<String, usize> = HashMap::new();
    for part in text.split('\0') {
        let name = part.trim_matches('\n');
        match name.is_empty() {
            true => commits += 1,
            false => *files.entry(name.to_owned()).or_default() += 1,
        }
    }
    let mut files: Vec<(String, usize)> = files.into_iter().collect();
    files.sort_by(|(one, first), (other, second)| second.cmp(first).then_with(|| one.cmp(other)));
    files.truncate(200);
    let counted = run(
        directory,
        &[
            "rev-list",
            "--count",
            "--no-merges",
            &format!("--max-count={COMMITS}"),
            "HEAD",
        ],
    )?;
    Some((counted.trim().parse().unwrap_or(commits), files))
}

/// Files and whole directories that git is told to ignore, from `directory`.
pub(super) fn ignored(directory: &Path) -> Vec<String> {
    let text = run(
        directory,
        &[
            "ls-files",
            "-z",
            "--others",
            "--ignored",
            "--exclude-standard",
            "--directory",
            "--",
            ".",
        ],
    );
    text.unwrap_or_default()
        .split('\0')
        .filter(|path| !path.is_empty())
        .take(10_000)
        .map(str::to_owned)
        .collect()
}

fn run(directory: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // Nothing of the repository's own may run: neither a monitor of files nor a pager.
    git.arg("-C")
        .arg(directory)
        .args([
            "--no-pager",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
        ])
        .args(arguments);
    git.env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
