//! `composelint check`: what was found, and whether it fails the run.

use super::arguments::{Check, FailOn};
use super::{Setting, Status};
use crate::config::Configs;
use crate::lint;
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Check) -> anyhow::Result<Status> {
    let options = setting.lint_options(&arguments.paths, &arguments.selection)?;
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let outcome = lint::check(&workspace, &options);
    setting.report(&workspace, &outcome)?;
    let stated = || Configs::new(&workspace, &options.config).of(&setting.here).fail_on.map(FailOn::from_config);
    let fail_on = arguments.fail_on.or_else(stated).unwrap_or(FailOn::Info);
    Ok(match () {
        () if !outcome.errors.is_empty() || outcome.has_invalid_config => Status::Failed,
        () if outcome.diagnostics.iter().any(|diagnostic| fail_on.includes(diagnostic.severity)) => Status::Findings,
        () => Status::Clean,
    })
}
