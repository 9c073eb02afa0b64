//! `yes`, `no`, `on` and `off` where `true` and `false` are meant.

use crate::compose::YES_OR_NO_BOOLEAN;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

/// Passes on what the loader found, with a repair.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let problems = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.warnings);
    for problem in problems.filter(|problem| problem.rule == YES_OR_NO_BOOLEAN) {
        findings.push(
            problem
                .clone()
                .help("Write `true` or `false`")
                .fix(fix(project, problem.span)),
        );
    }
}

/// The boolean without quotes, unless a variable takes part in it or another place uses the same
/// text, which may be no boolean there. In a mapping that others use as a whole it is one for all
/// of them.
fn fix(project: &Project<'_>, span: Span) -> Option<Fix> {
    let parsed = project.yaml_of(span);
    let node = parsed
        .tree
        .node_at(span.start)
        .filter(|node| node.span() == span && node.tag().is_none() && node.anchor().is_none())?;
    let word = match node.text().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" => "true",
        "no" | "n" | "off" => "false",
        _ => return None,
    };
    Some(Fix::new(
        format!("Write `{word}`"),
        Safety::Safe,
        Edit::replace(span, word),
    ))
}
