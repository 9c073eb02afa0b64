//! A key that the Compose specification does not know.

use crate::compose::UNKNOWN_KEY;
use crate::project::Project;
use crate::rules::Findings;

/// Passes on what the loader found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project
        .problems()
        .filter(|problem| problem.rule == UNKNOWN_KEY)
        .for_each(|problem| findings.push(problem.clone()));
}
