//! `X: ${X}` in `environment` over an env file that gives X a value: what is not set in the shell
//! is empty.

use std::path::Path;

use crate::compose::{KeyValue, Step, VariableSource};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::dotenv::{self, Format};
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "env-override-blank";

/// Judges every variable of every service that has an env file.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .services()
        .filter(|service| !service.spec().env_files.is_empty())
    {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let blank: Vec<(&KeyValue, Span)> = service
        .spec()
        .environment
        .iter()
        .filter_map(|entry| Some((entry, lost(project, service, entry)?)))
        .collect();
    let (first, from) = blank.first()?;
    let (name, variable) = (service.name(), first.key.as_str());
    let message = match blank.len() {
        1 => format!(
            "`{name}` gets `{variable}` empty: `environment` goes over its env file, and nothing sets the variable there"
        ),
        many => format!(
            "`{name}` gets `{variable}` and {} more empty: `environment` goes over its env file, and nothing sets the variables there",
            many - 1
        ),
    };
    let value = first.value.as_ref()?;
    let mut finding = Diagnostic::new(ID, value.span().or(first.key.span())?, message)
        .note("from the shell or `.env`, not from the env file")
        .service(name);
    finding = finding.label(*from, "this value is lost");
    for (other, _) in &blank[1..] {
        if let Some(span) = other.key.span() {
            finding = finding.label(span, "and this one");
        }
    }
    let mut edits = Vec::new();
    for (entry, _) in &blank {
        let span = entry.key.span()?;
        let parsed = project.yaml_of(span);
        match (
            parsed.tree.entry_at(span),
            parsed.tree.item_at(entry.value.as_ref()?.span()?),
        ) {
            (Some(entry), _) => edits.extend(edit::remove_entry(entry).unwrap_or_default()),
            (None, Some(item)) => edits.extend(edit::remove_item(item).unwrap_or_default()),
            (None, None) => {}
        }
    }
    let fix = (blank.len() == 1 && !edits.is_empty()).then(|| Fix {
        title: format!("Leave `{variable}` to the env file"),
        safety: Safety::Safe,
        edits,
    });
    Some(finding.help(format!("Take `{variable}` out of `environment`: the env file gives it to the container by itself")).fix(fix))
}

/// Where an env file of the service gives a variable the value that `environment` takes away.
fn lost(project: &Project<'_>, service: Service<'_>, entry: &KeyValue) -> Option<Span> {
    let value = entry.value.as_ref()?;
    let name = entry.key.as_str();
    let is_of_shell = value
        .origin
        .steps
        .iter()
        .any(|step| matches!(step, Step::Variable { name: used, from: VariableSource::Unset, .. } if used == name));
    let sources = project.workspace().sources();
    let written = value
        .span()
        .map(|span| sources.get(span.file).slice(span).to_owned())
        .unwrap_or_default();
    let is_alone = [
        format!("${{{name}}}"),
        format!("${name}"),
        format!("${{{name}:-}}"),
        format!("${{{name}-}}"),
    ]
    .iter()
    .any(|form| written.ends_with(form.as_str()));
    if !is_of_shell || !is_alone || sets(project, &project.directory().join(".env"), name) {
        return None;
    }
    // What a template for `.env` names will be set there.
    let beside = project.workspace().files().list(project.directory());
    let templates = beside
        .iter()
        .filter(|entry| !entry.is_directory && entry.name.contains("env"));
    let of_service = |path: &Path| {
        service
            .spec()
            .env_files
            .iter()
            .any(|(file, _)| file.value == path)
    };
    let paths = templates
        .map(|entry| project.directory().join(&entry.name))
        .filter(|path| !of_service(path));
    if paths.into_iter().any(|path| sets(project, &path, name)) {
        return None;
    }
    service
        .spec()
        .env_files
        .iter()
        .find_map(|(path, _)| set_in(project, &path.value, name))
}

fn sets(project: &Project<'_>, path: &Path, name: &str) -> bool {
    let Ok(source) = project.workspace().read(path) else {
        return false;
    };
    dotenv::parse(&source, Format::Standard)
        .0
        .iter()
        .any(|entry| entry.key == name)
}

fn set_in(project: &Project<'_>, path: &Path, name: &str) -> Option<Span> {
    let source = project.workspace().read(path).ok()?;
    let (entries, _) = dotenv::parse(&source, Format::Standard);
    let entry = entries.into_iter().rfind(|entry| entry.key == name)?;
    entry
        .value
        .filter(|value| !value.text.as_str().is_empty())
        .map(|_| entry.key_span)
}
