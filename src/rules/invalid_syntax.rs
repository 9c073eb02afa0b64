//! Text that Docker Compose or BuildKit cannot read.

use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::INVALID_SYNTAX;

/// Passes on what the parsers found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project.problems().filter(|problem| problem.rule == INVALID_SYNTAX).for_each(|problem| findings.push(problem.clone()));
}
