//! A Dockerfile that does not begin with a FROM.

use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::INSTRUCTION_BEFORE_FROM;

/// Passes on what the parser found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project
        .problems()
        .filter(|problem| problem.rule == INSTRUCTION_BEFORE_FROM)
        .for_each(|problem| findings.push(problem.clone()));
}
