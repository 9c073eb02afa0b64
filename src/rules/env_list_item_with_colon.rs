//! `- NAME:value` in a list of variables, where `- NAME=value` is meant.

use crate::compose::KeyValue;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "env-list-item-with-colon";

/// Judges the variables and the build arguments of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        let spec = service.spec();
        let arguments = spec.build.iter().flat_map(|build| &build.args);
        for pair in spec.environment.iter().chain(arguments) {
            findings.extend(judge(project, service.name(), pair));
        }
    }
}

fn judge(project: &Project<'_>, service: &str, pair: &KeyValue) -> Option<Diagnostic> {
    let (name, value) = pair.key.value.split_once(':')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let span = pair
        .key
        .span()
        .filter(|_| is_name && pair.value.is_none())?;
    let parsed = project.yaml_of(span);
    // A key of a mapping is a name of its own.
    let item = parsed
        .tree
        .item_at(span)
        .filter(|item| item.span().start + 1 >= span.start)?;
    let message =
        format!("`{name}` is not set: without `=` the item names one variable, `{name}:{value}`");
    let text = parsed.tree.source().slice(item.span());
    let colon = text.find(':')?;
    let blanks = text[colon + 1..].len() - text[colon + 1..].trim_start_matches(' ').len();
    let start = item.span().start + crate::text::offset(colon);
    let edits = vec![Edit::replace(
        Span::new(span.file, start, start + 1 + crate::text::offset(blanks)),
        "=",
    )];
    let fix = Fix {
        title: format!("Write `{name}=…`"),
        safety: Safety::Safe,
        edits,
    };
    Some(
        Diagnostic::new(ID, item.span(), message)
            .service(service)
            .help(format!("Write `{name}=…`"))
            .fix(fix),
    )
}
