//! Text that Docker Compose or BuildKit cannot read.

use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::INVALID_SYNTAX;

/// Passes on what the parsers found; of a Dockerfile that can be read, why its stages cannot be put
/// together.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    project
        .problems()
        .filter(|problem| problem.rule == INVALID_SYNTAX)
        .for_each(|problem| findings.push(problem.clone()));
    for file in project.dockerfiles() {
        if file.images[0].dockerfile.diagnostics.is_empty() {
            findings.extend(
                file.refusals()
                    .into_iter()
                    .filter(|refusal| refusal.rule == INVALID_SYNTAX),
            );
        }
    }
}
