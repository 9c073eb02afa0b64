//! `composelint check`: what was found, and whether it fails the run.

use super::arguments::Check;
use super::{Setting, Status};
use crate::lint;
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Check) -> anyhow::Result<Status> {
    let options = setting.lint_options(&arguments.paths, &arguments.selection)?;
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let outcome = lint::check(&workspace, &options);
    setting.report(&workspace, &outcome)?;
    Ok(match () {
        () if !outcome.errors.is_empty() => Status::Failed,
        () if outcome.diagnostics.iter().any(|diagnostic| arguments.fail_on.includes(diagnostic.severity)) => Status::Findings,
        () => Status::Clean,
    })
}
