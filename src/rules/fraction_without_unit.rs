//! A size such as `1.5`, which Docker Compose drops.

use crate::compose::FRACTION_WITHOUT_UNIT;
use crate::project::Project;
use crate::rules::Findings;

/// Passes on what the loader found.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let problems = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.warnings);
    for problem in problems.filter(|problem| problem.rule == FRACTION_WITHOUT_UNIT) {
        findings.push(
            problem
                .clone()
                .help("Write a unit behind the number: `1.5g`, `512m`"),
        );
    }
}
