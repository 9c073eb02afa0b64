//! `composelint check`: what was found, and whether it fails the run.

use std::path::PathBuf;

use super::arguments::{Check, FailOn};
use super::program::Checked;
use super::shellcheck::Installed;
use super::{Setting, Status};
use crate::config::Configs;
use crate::lint;
use crate::workspace::Workspace;

/// The rule that passes on what ShellCheck says.
const SHELLCHECK: &str = "shellcheck";

pub(super) fn run(setting: &Setting, arguments: Check) -> anyhow::Result<Status> {
    let mut options = setting.lint_options(&arguments.paths, &arguments.selection)?;
    let named = setting
        .project
        .files
        .iter()
        .map(|file| setting.absolute(file));
    let directory = setting.project.project_directory.iter();
    let checked: Vec<PathBuf> = named
        .chain(directory.map(|directory| setting.absolute(directory)))
        .chain(options.paths.iter().cloned())
        .chain([setting.here.clone()])
        .collect();
    let shellcheck = Installed::outside(&Checked::around(checked.iter().map(PathBuf::as_path)));
    if arguments.shellcheck {
        shellcheck.ready().map_err(anyhow::Error::msg)?;
        options.extend_select.push(SHELLCHECK.to_owned());
    }
    let files = setting.files()?;
    let workspace = Workspace::new(&files).with_shellcheck(&shellcheck);
    let outcome = lint::check(&workspace, &options);
    setting.report(&workspace, &outcome)?;
    if let Some(reason) = shellcheck.failure() {
        anyhow::bail!(reason);
    }
    let stated = || {
        Configs::new(&workspace, &options.config)
            .of(&setting.here)
            .fail_on
            .map(FailOn::from_config)
    };
    let fail_on = arguments.fail_on.or_else(stated).unwrap_or(FailOn::Info);
    Ok(match () {
        () if !outcome.errors.is_empty() || outcome.has_invalid_config => Status::Failed,
        () if outcome
            .diagnostics
            .iter()
            .any(|diagnostic| fail_on.includes(diagnostic.severity)) =>
        {
            Status::Findings
        }
        () => Status::Clean,
    })
}
