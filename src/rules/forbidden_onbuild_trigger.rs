//! An instruction behind ONBUILD that cannot stand there.

use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::FORBIDDEN_ONBUILD_TRIGGER;

/// Passes on what the parser found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project
        .problems()
        .filter(|problem| problem.rule == FORBIDDEN_ONBUILD_TRIGGER)
        .for_each(|problem| findings.push(problem.clone()));
}
