//! A key that is set twice in one mapping.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::DUPLICATE_KEY;
use crate::syntax::yaml::edit;

/// Passes on what the parser found, with a repair where both say the same.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for problem in project.problems().filter(|problem| problem.rule == DUPLICATE_KEY) {
        findings.push(problem.clone().fix(fix(project, problem)));
    }
}

fn fix(project: &Project<'_>, problem: &Diagnostic) -> Option<Fix> {
    let parsed = project.yaml_of(problem.span);
    let second = parsed.tree.entry_at(problem.span)?;
    let first = parsed.tree.entry_at(problem.labels.first()?.span)?;
    let source = parsed.tree.source();
    let is_same = source.slice(first.value.full_span()) == source.slice(second.value.full_span());
    let edits = is_same.then(|| edit::remove_entry(second))?;
    Fix::of("Take out the second, which says the same", Safety::Safe, edits)
}
