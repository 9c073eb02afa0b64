//! Something said to composelint that it does not understand, in `x-composelint`. What stands in
//! `composelint.toml` holds for many projects and is reported once, by whoever reads it.

use crate::project::Project;
use crate::project::user_annotations::INVALID_SETTING;
use crate::rules::Findings;

/// Passes on what the project found when it read what the user states.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project
        .problems()
        .filter(|problem| problem.rule == INVALID_SETTING)
        .for_each(|problem| findings.push(problem.clone()));
}
