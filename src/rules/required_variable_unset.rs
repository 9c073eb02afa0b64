//! A variable that the compose file demands with `${NAME:?}` and that is set nowhere.

use crate::compose::value::demand;
use crate::compose::{Data, Step, Value, VariableSource};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::repository::mentions::is_always_set;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "required-variable-unset";

/// Reports each variable once. Who deploys a project sets variables where nobody sees them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|_| project.may_be_development()) else {
        return;
    };
    let used = unset(&compose.data);
    let sources = project.workspace().sources();
    let demanded = used.into_iter().filter_map(|(name, span)| {
        let source = sources.get(span.file);
        let message = demand(source.slice(span), name)?.to_owned();
        (!is_always_set(name)).then_some((name, span, message))
    });
    let demanded: Vec<(&str, Span, String)> = demanded.collect();
    if demanded.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    if elsewhere.hides_variables(project.directory()) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for (name, span, text) in &demanded {
        if told.contains(name) || elsewhere.mentions(name) {
            continue;
        }
        told.push(name);
        let message =
            format!("`{name}` must be set and is set nowhere: Docker Compose refuses the project");
        let note = if text.is_empty() {
            "demanded here".to_owned()
        } else {
            text.clone()
        };
        let mut finding = Diagnostic::new(ID, *span, message).note(note);
        for (_, other, _) in demanded
            .iter()
            .filter(|(other, place, _)| other == name && place != span)
        {
            finding = finding.label(*other, "and here");
        }
        findings.push(finding.help(format!("Set `{name}=…` in a file `.env` beside the compose file, or name it in a template of one")));
    }
}

/// Every use of a variable that is not set, in the order in which they are written.
fn unset(data: &Value<Data>) -> Vec<(&str, Span)> {
    let mut found: Vec<(&str, Span)> = Vec::new();
    let mut rest = vec![data];
    while let Some(value) = rest.pop() {
        for step in &value.origin.steps {
            if let Step::Variable {
                used,
                name,
                from: VariableSource::Unset,
            } = step
            {
                found.push((name, *used));
            }
        }
        match &value.value {
            Data::List(items) => rest.extend(items),
            Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    found.sort_by_key(|(_, span)| (span.file, span.start));
    found.dedup();
    found
}
