//! A key that is set twice in one mapping.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::DUPLICATE_KEY;
use crate::syntax::yaml::{Entry, Kind, edit};

/// Passes on what the parser found, with a repair where both say the same.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for problem in project
        .problems()
        .filter(|problem| problem.rule == DUPLICATE_KEY)
    {
        findings.push(problem.clone().fix(fix(project, problem)));
    }
}

fn fix(project: &Project<'_>, problem: &Diagnostic) -> Option<Fix> {
    let parsed = project.yaml_of(problem.span);
    let second = parsed.tree.entry_at(problem.span)?;
    let first = parsed.tree.entry_at(problem.labels.first()?.span)?;
    let source = parsed.tree.source();
    let text = |entry: Entry<'_>| source.slice(entry.value.full_span()).to_owned();
    if text(first) == text(second) {
        return Fix::of(
            "Take out the second, which says the same",
            Safety::Safe,
            edit::remove_entry(second),
        );
    }
    // Readers that allow it take the last. A whole mapping is too much to lose unseen.
    let safety = if second.value.kind() == Kind::Mapping || first.value.kind() == Kind::Mapping {
        Safety::Suggest
    } else {
        Safety::Unsafe
    };
    Fix::of(
        "Keep the second, which other readers of YAML take",
        safety,
        edit::remove_entry(first),
    )
}
