//! A service that is built from a Dockerfile which is not there.

use crate::project::{MISSING_DOCKERFILE, Project};
use crate::rules::Findings;

/// Passes on what the project found when it looked for its Dockerfiles.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project.problems().filter(|problem| problem.rule == MISSING_DOCKERFILE).for_each(|problem| findings.push(problem.clone()));
}
