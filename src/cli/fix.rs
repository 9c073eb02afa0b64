//! `composelint fix`: writes what the library repaired in memory, and tells what it did and what is
//! left.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::arguments::Fix;
use super::{Setting, Status, count, terminal};
use crate::diagnostic::Safety;
use crate::disk;
use crate::files::Remembered;
use crate::fix::{self, Applied, Change, Fixed, Proposal, Request};
use crate::lint::{self, Outcome};
use crate::report::termcolor::WriteColor;
use crate::report::{Hint, Sanitised, one_line, unified_diff};
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Fix) -> anyhow::Result<Status> {
    let options = lint::Options {
        keep_models: true,
        ..setting.lint_options(&arguments.paths, &arguments.selection)?
    };
    if setting.reads_stdin() {
        bail!("standard input cannot be repaired; name a file");
    }
    let disk = setting.files()?;
    // Everything is checked several times, as it was when it was first seen.
    let files = Remembered::with_texts(&disk);
    let mut questions = Questions {
        setting,
        asks: arguments.interactive,
        answer: None,
    };
    let mut status = Ok(Status::Clean);
    fix::run(
        &files,
        &mut Request {
            safety: if arguments.unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            },
            check: &|workspace| lint::check(workspace, &options),
            wants: &mut |proposal| questions.wants(proposal),
            finish: &mut |fixed, workspace, outcome| {
                status = match arguments.diff {
                    true => show(setting, &fixed),
                    false => write_and_tell(setting, &options, &fixed, workspace, &outcome),
                };
            },
        },
    );
    status
}

/// Prints what would change.
fn show(setting: &Setting, fixed: &Fixed) -> anyhow::Result<Status> {
    setting.print_source(|out| {
        fixed
            .changes
            .iter()
            .try_for_each(|change| show_change(setting, change, out))
    })?;
    if !fixed.changes.is_empty() {
        let all: Vec<&Applied> = fixed.applied.iter().collect();
        terminal::note(&format!(
            "nothing was written; without `--diff` it repairs {}",
            summary(&all)
        ));
    }
    Ok(if fixed.changes.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

fn show_change(setting: &Setting, change: &Change, out: &mut dyn WriteColor) -> io::Result<()> {
    let hints = change.marks.iter();
    let hints = hints.map(|mark| Hint {
        range: mark.range.clone(),
        safety: mark.safety,
        title: &mark.title,
        rule: mark.rule,
    });
    let hints: Vec<Hint<'_>> = hints.collect();
    unified_diff(
        &setting.relative(&change.path),
        change.before.as_deref(),
        &change.after,
        &hints,
        out,
    )
}

fn write_and_tell(
    setting: &Setting,
    options: &lint::Options,
    fixed: &Fixed,
    workspace: &Workspace<'_>,
    outcome: &Outcome,
) -> anyhow::Result<Status> {
    let unwritten = write(setting, fixed);
    let is_made = |fix: &&Applied| !fix.files.iter().any(|path| unwritten.contains(path));
    let made: Vec<&Applied> = fixed.applied.iter().filter(is_made).collect();
    match setting.format.is_for_people() {
        true => setting.print(true, |out| tell(setting, fixed, &made, &mut Sanitised(out)))?,
        false => tell(setting, fixed, &made, &mut io::stderr())?,
    }
    match unwritten.is_empty() {
        true => setting.report(workspace, outcome)?,
        // What was not written is as it was, and so are its findings.
        false => {
            let disk = setting.files()?;
            let workspace = Workspace::new(&disk);
            setting.report(&workspace, &lint::check(&workspace, options))?;
        }
    }
    Ok(match () {
        () if !unwritten.is_empty() || !outcome.errors.is_empty() || outcome.has_invalid_config => {
            Status::Failed
        }
        () if !outcome.diagnostics.is_empty() => Status::Findings,
        () => Status::Clean,
    })
}

/// Writes the new texts, each file in one step, and files that a repair changes together only
/// together. What cannot be written is told and does not stop the others; it is among those that
/// are given back.
fn write(setting: &Setting, fixed: &Fixed) -> Vec<PathBuf> {
    let mut unwritten = Vec::new();
    // Two paths may lead to one file.
    let mut written: BTreeMap<PathBuf, &str> = BTreeMap::new();
    for together in together(fixed) {
        let mut ready = Vec::new();
        let mut fault: Option<(&Path, String)> = None;
        for change in &together {
            let target =
                std::fs::canonicalize(&change.path).unwrap_or_else(|_| change.path.clone());
            if written.get(&target) == Some(&change.after.as_str()) {
                continue;
            }
            match disk::prepare(
                &change.path,
                change.before.as_deref().map(str::as_bytes),
                change.after.as_bytes(),
            ) {
                Ok(prepared) => ready.push((change.path.as_path(), prepared)),
                Err(error) => fault = fault.or(Some((&change.path, error.to_string()))),
            }
            written.insert(target, &change.after);
        }
        let mut done: Vec<&Path> = Vec::new();
        for (path, prepared) in ready {
            match fault {
                Some(_) => drop(prepared),
                None => match prepared.finish() {
                    Ok(()) => done.push(path),
                    Err(error) => fault = Some((path, error.to_string())),
                },
            }
        }
        let Some((culprit, reason)) = fault else {
            continue;
        };
        for change in together
            .into_iter()
            .filter(|change| !done.contains(&change.path.as_path()))
        {
            let path = setting.relative(&change.path);
            match change.path == culprit {
                true => terminal::error(&format!("{path} was not written: {reason}")),
                false => terminal::error(&format!(
                    "{path} was not written: a repair changes it together with {}",
                    setting.relative(culprit)
                )),
            }
            unwritten.push(change.path.clone());
        }
    }
    unwritten
}

/// The changes, those together that one repair makes.
fn together(fixed: &Fixed) -> Vec<Vec<&Change>> {
    let number: BTreeMap<&Path, usize> = fixed
        .changes
        .iter()
        .enumerate()
        .map(|(number, change)| (change.path.as_path(), number))
        .collect();
    // The number of each change's group: that of its first one.
    let mut groups: Vec<usize> = (0..fixed.changes.len()).collect();
    for fix in fixed.applied.iter().filter(|fix| fix.files.len() > 1) {
        let mut members: Vec<usize> = fix
            .files
            .iter()
            .filter_map(|path| Some(groups[*number.get(path.as_path())?]))
            .collect();
        members.sort_unstable();
        let Some(first) = members.first().copied() else {
            continue;
        };
        groups
            .iter_mut()
            .filter(|group| members.contains(group))
            .for_each(|group| *group = first);
    }
    let mut together: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
    for (change, group) in fixed.changes.iter().zip(groups) {
        together.entry(group).or_default().push(change);
    }
    together.into_values().collect()
}

fn tell(
    setting: &Setting,
    fixed: &Fixed,
    made: &[&Applied],
    out: &mut dyn Write,
) -> io::Result<()> {
    for fix in made {
        writeln!(
            out,
            "fixed {}: {} [{}]",
            names(setting, fix),
            one_line(&fix.title),
            fix.rule
        )?;
    }
    for (fix, reason) in &fixed.refused {
        writeln!(
            out,
            "left: {} [{}], because {}",
            one_line(&fix.title),
            fix.rule,
            one_line(reason)
        )?;
    }
    if !fixed.is_settled {
        writeln!(
            out,
            "left: the rest, because some repairs undo each other; this is a bug in composelint"
        )?;
    }
    match made.len() {
        0 => Ok(()),
        _ => writeln!(out, "Fixed {}.\n", summary(made)),
    }
}

fn names(setting: &Setting, fix: &Applied) -> String {
    let files: Vec<String> = fix
        .files
        .iter()
        .map(|path| one_line(&setting.relative(path)))
        .collect();
    files.join(", ")
}

/// `3 problems in 2 files (1 of them unsafe)`
fn summary(made: &[&Applied]) -> String {
    let risky = made.iter().filter(|fix| fix.safety < Safety::Safe).count();
    let risky = if risky > 0 {
        format!(" ({risky} of them unsafe)")
    } else {
        String::new()
    };
    let files: BTreeSet<&PathBuf> = made.iter().flat_map(|fix| &fix.files).collect();
    format!(
        "{} in {}{risky}",
        count(made.len(), "problem"),
        count(files.len(), "file")
    )
}

/// Asks about each repair, until the user answers for all that follow.
struct Questions<'s> {
    setting: &'s Setting,
    asks: bool,
    /// The answer to everything that follows.
    answer: Option<bool>,
}

impl Questions<'_> {
    fn wants(&mut self, proposal: &Proposal<'_>) -> bool {
        if !self.asks {
            return true;
        }
        if let Some(answer) = self.answer {
            return answer;
        }
        let fix = proposal.fix;
        let shown = self.setting.print_source(|out| {
            writeln!(out, "\n{} [{}]", one_line(&fix.message), fix.rule)?;
            proposal.texts.iter().try_for_each(|(path, before, after)| {
                self.show(fix, path, before.as_deref(), after, out)
            })
        });
        if shown.is_err() {
            self.answer = Some(false);
            return false;
        }
        let word = if fix.safety == Safety::Safe {
            "safe"
        } else {
            "unsafe"
        };
        loop {
            let question = format!(
                "{} ({word})? [y]es, [n]o, [a]ll, [q]uit: ",
                one_line(&fix.title)
            );
            let mut line = String::new();
            // The end of the input answers as one who walks away does.
            let is_over = !terminal::ask(&question)
                || io::stdin()
                    .lock()
                    .read_line(&mut line)
                    .is_ok_and(|read| read == 0);
            match line.trim().to_ascii_lowercase().as_str() {
                _ if is_over => self.answer = Some(false),
                "y" | "yes" => return true,
                "n" | "no" => return false,
                "a" | "all" => self.answer = Some(true),
                "q" | "quit" => self.answer = Some(false),
                _ => continue,
            }
            return self.answer.unwrap_or(false);
        }
    }

    fn show(
        &self,
        fix: &Applied,
        path: &Path,
        before: Option<&str>,
        after: &str,
        out: &mut dyn WriteColor,
    ) -> io::Result<()> {
        let all = Hint {
            range: 0..after.len(),
            safety: fix.safety,
            title: &fix.title,
            rule: fix.rule,
        };
        unified_diff(&self.setting.relative(path), before, after, &[all], out)
    }
}
