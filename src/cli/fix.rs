//! `composelint fix`: writes what the library repaired in memory, and tells what it did and what is left.

use std::io::{self, Write};

use anyhow::bail;

use super::arguments::Fix;
use super::{Setting, Status, count, terminal};
use crate::diagnostic::Safety;
use crate::disk;
use crate::fix::{self, Change, Fixed};
use crate::lint::{self, Outcome};
use crate::report::{Sanitised, one_line, unified_diff};
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Fix) -> anyhow::Result<Status> {
    let options = setting.lint_options(&arguments.paths, &arguments.selection)?;
    if setting.reads_stdin() {
        bail!("standard input cannot be repaired; name a file");
    }
    let files = setting.files()?;
    let safety = if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let check = |workspace: &Workspace<'_>| lint::check(workspace, &options);
    let fixed = fix::run(&files, safety, &check);
    if arguments.diff {
        setting.print_source(|out| {
            let mut show =
                |change: &Change| unified_diff(&setting.relative(&change.path), change.before.as_deref(), &change.after, &mut *out);
            fixed.changes.iter().try_for_each(&mut show)
        })?;
        return Ok(if fixed.changes.is_empty() { Status::Clean } else { Status::Findings });
    }
    let is_written = write(setting, &fixed);
    match setting.format.is_for_people() {
        true => setting.print(true, |out| tell(setting, &fixed, &mut Sanitised(out)))?,
        false => tell(setting, &fixed, &mut io::stderr())?,
    }
    let mut status = Ok(Status::Clean);
    fix::remaining(&files, &fixed, &check, &mut |workspace, outcome| status = report(setting, workspace, &outcome));
    Ok(if is_written { status? } else { Status::Failed })
}

/// Writes the new texts, each file in one step. A file that cannot be written is told and does not stop the others.
fn write(setting: &Setting, fixed: &Fixed) -> bool {
    let mut is_written = true;
    for change in &fixed.changes {
        if let Err(error) = disk::replace(&change.path, change.before.as_deref().map(str::as_bytes), change.after.as_bytes()) {
            terminal::error(&format!("{} was not written: {error}", setting.relative(&change.path)));
            is_written = false;
        }
    }
    is_written
}

fn tell(setting: &Setting, fixed: &Fixed, out: &mut dyn Write) -> io::Result<()> {
    for fix in &fixed.applied {
        let files: Vec<String> = fix.files.iter().map(|path| one_line(&setting.relative(path))).collect();
        writeln!(out, "fixed {}: {} [{}]", files.join(", "), one_line(&fix.title), fix.rule)?;
    }
    for (fix, reason) in &fixed.refused {
        writeln!(out, "left: {} [{}], because {}", one_line(&fix.title), fix.rule, one_line(reason))?;
    }
    if !fixed.is_settled {
        writeln!(out, "left: the rest, because some repairs undo each other; this is a bug in composelint")?;
    }
    match (fixed.applied.len(), fixed.changes.len()) {
        (0, _) => Ok(()),
        (problems, files) => writeln!(out, "Fixed {} in {}.\n", count(problems, "problem"), count(files, "file")),
    }
}

fn report(setting: &Setting, workspace: &Workspace<'_>, outcome: &Outcome) -> anyhow::Result<Status> {
    setting.report(workspace, outcome)?;
    Ok(match () {
        () if !outcome.errors.is_empty() => Status::Failed,
        () if !outcome.diagnostics.is_empty() => Status::Findings,
        () => Status::Clean,
    })
}
