//! A compose file that Docker Compose refuses to load.

use crate::compose::INVALID_COMPOSE;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

/// Passes on what the loader found; what it says of watch triggers has a rule of its own.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let items = project.services().flat_map(|service| service.spec().watch_items());
    let triggers: Vec<_> = items.filter_map(|item| item.span()).collect();
    let is_own = |problem: &&Diagnostic| problem.rule == INVALID_COMPOSE && !triggers.contains(&problem.span);
    project.problems().filter(is_own).for_each(|problem| findings.push(problem.clone()));
}
