//! A compose file that Docker Compose refuses to load.

use crate::compose::INVALID_COMPOSE;
use crate::project::Project;
use crate::rules::Findings;

/// Passes on what the loader found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project.problems().filter(|problem| problem.rule == INVALID_COMPOSE).for_each(|problem| findings.push(problem.clone()));
}
