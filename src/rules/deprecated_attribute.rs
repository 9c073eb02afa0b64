//! Names that the Compose specification has given up for others.

use crate::compose::DEPRECATED_ATTRIBUTE;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};
use crate::syntax::yaml::{Entry, Kind, Style};

/// Passes on what the loader found, with a repair.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let problems = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.warnings);
    for problem in problems.filter(|problem| problem.rule == DEPRECATED_ATTRIBUTE) {
        let parsed = project.yaml_of(problem.span);
        let Some(entry) = parsed.tree.entry_at(problem.span) else {
            continue;
        };
        let (help, fix) = match entry.key.text().as_ref() {
            "external" => (
                "Write `external: true` and, beside it, `name: …`",
                beside(entry),
            ),
            old => {
                let new = if old == "x-develop" {
                    "develop"
                } else {
                    "initial_sync"
                };
                let fix = Fix::of(
                    format!("Call it `{new}`"),
                    Safety::Safe,
                    edit::rename_key(entry, new),
                );
                ("Write the name of today", fix)
            }
        };
        findings.push(problem.clone().help(help).fix(fix));
    }
}

/// `external: true` and the name beside it, where the name stands alone below `external` and none
/// is there yet.
fn beside(external: Entry<'_>) -> Option<Fix> {
    let mut inner = external.value.entries();
    let (name, None) = (inner.next()?, inner.next()) else {
        return None;
    };
    let resource = external.key.parent()?;
    let is_plain = external.value.anchor().is_none()
        && name.value.anchor().is_none()
        && name.value.kind() == Kind::Scalar;
    let fits = name.key.text() == "name"
        && is_plain
        && resource.entry("name").is_none()
        && edit::shared_by(external.value).is_none();
    let is_line = !matches!(name.value.style(), Style::Literal | Style::Folded)
        && !name.value.span().is_empty();
    if !fits || !is_line {
        return None;
    }
    let source = external.key.tree().source();
    let title = "Write the name beside `external: true`".to_owned();
    if external.value.style() == Style::Block {
        let line = |at: u32| source.lines().start(source.lines().line(at));
        let indent = |at: u32| &source.text()[line(at) as usize..at as usize];
        let (outer, start) = (
            indent(external.key.span().start),
            name.key.full_span().start,
        );
        let is_below = outer.trim().is_empty()
            && indent(start).trim().is_empty()
            && line(start) > external.key.span().start;
        let colon = external.key.span().end as usize;
        if !is_below || !source.text()[colon..].starts_with(':') || external.value.tag().is_some() {
            return None;
        }
        // The comments stay on their lines.
        let inner = crate::text::Span::new(source.id(), line(start), start);
        let edits = vec![
            Edit::insert_before(source.span(colon + 1..colon + 1), " true"),
            Edit::replace(inner, outer),
        ];
        return Some(Fix {
            title,
            safety: Safety::Safe,
            edits,
        });
    }
    let written = source.slice(name.value.span());
    let lines = source.lines();
    let mut edits: Vec<Edit> = edit::replace_value(external, &Insert::plain("true")).ok()?;
    let line = lines.start(lines.line(external.key.span().start)) as usize;
    let indent = &source.text()[line..external.key.span().start as usize];
    let text = if indent.trim().is_empty() {
        format!("name: {written}\n{indent}")
    } else {
        format!("name: {written}, ")
    };
    edits.insert(0, Edit::insert_before(external.key.span(), text));
    Some(Fix {
        title,
        safety: Safety::Safe,
        edits,
    })
}
