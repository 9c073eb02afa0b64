//! `- NAME: value` in a list of variables, where `- NAME=value` is meant.

use crate::compose::ENV_LIST_ITEM_IS_A_MAP;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{Insert, render};
use crate::syntax::yaml::{Kind, Scalar, Style};
use crate::text::Span;

/// Passes on what the loader found, with a repair.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for problem in project
        .problems()
        .filter(|problem| problem.rule == ENV_LIST_ITEM_IS_A_MAP)
    {
        let help =
            "In a list write `- NAME=value`; as a mapping leave the dashes out: `NAME: value`";
        findings.push(
            problem
                .clone()
                .note("a mapping, not text")
                .help(help)
                .fix(fix(project, problem.span)),
        );
    }
}

/// `NAME=value` in the place of the mapping, when it has one pair and a value.
fn fix(project: &Project<'_>, span: Span) -> Option<Fix> {
    let parsed = project.yaml_of(span);
    let item = parsed
        .tree
        .item_at(span)
        .filter(|item| item.kind() == Kind::Mapping && item.style() == Style::Block)?;
    let mut entries = item.entries();
    let (entry, None) = (entries.next()?, entries.next()) else {
        return None;
    };
    let written = parsed.tree.source().slice(item.span()).trim_end();
    if entry.value.span().is_empty()
        && entry.key.text().contains('=')
        && !written.contains(['"', '\\', '\n', '#'])
    {
        // `NAME=value:` is a key without a value, because of the colon at its end.
        let edit = Edit::replace(
            crate::text::Span::new(
                span.file,
                item.span().start,
                item.span().start + crate::text::offset(written.len()),
            ),
            format!("\"{written}\""),
        );
        return Some(Fix::new("Put it in quotes".to_owned(), Safety::Safe, edit));
    }
    let is_text = entry.value.kind() == Kind::Scalar && entry.value.scalar() != Some(Scalar::Null);
    if !is_text || entry.key.is_merge_key() || entry.value.text().contains('\n') {
        return None;
    }
    let text = render(
        &Insert::text(format!("{}={}", entry.key.text(), entry.value.text())),
        0,
    );
    let edit = Edit::replace(item.span(), text.trim_end());
    Some(Fix::new(
        format!("Write `{}=…`", entry.key.text()),
        Safety::Safe,
        edit,
    ))
}
