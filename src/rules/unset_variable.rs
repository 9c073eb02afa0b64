//! A variable that is set nowhere, where nothing in its place leaves no image, no port or another
//! path.

use crate::compose::value::demand;
use crate::compose::{Data, MountKind, Service, Step, Value, VariableSource};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::repository::mentions::is_always_set;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "unset-variable";

/// A use of an unset variable, and what it does.
struct Use<'c> {
    name: &'c str,
    span: Span,
    service: &'c str,
    effect: String,
}

/// Reports each variable once. What an env file, a template of one, a script, a workflow or a
/// document names is set somewhere.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let sources = project.workspace().sources();
    // What must be set by all means has a rule of its own.
    let is_required =
        |used: &Use<'_>| demand(sources.get(used.span.file).slice(used.span), used.name).is_some();
    let is_own = |used: &Use<'_>| !is_always_set(used.name) && !is_required(used);
    let uses: Vec<Use<'_>> = compose
        .services
        .iter()
        .flat_map(|service| uses(project, service))
        .filter(is_own)
        .collect();
    if uses.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    if elsewhere.hides_variables(project.directory()) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for used in &uses {
        if told.contains(&used.name) || elsewhere.mentions(used.name) {
            continue;
        }
        told.push(used.name);
        let message = format!("`{}` is set nowhere: {}", used.name, used.effect);
        let mut finding = Diagnostic::new(ID, used.span, message)
            .note("empty")
            .service(used.service);
        for other in uses
            .iter()
            .filter(|other| other.name == used.name && other.span != used.span)
        {
            finding = finding.label(other.span, "and here");
        }
        let name = used.name;
        findings
            .push(finding.help(format!("Set `{name}=…` in a file `.env` beside the compose file, or give it a default: `${{{name}:-…}}`")));
    }
}

fn uses<'c>(project: &Project<'_>, service: &'c Service) -> Vec<Use<'c>> {
    let mut found = Vec::new();
    let name = service.name.as_str();
    let mut add = |value: &'c Value<String>, effect: &dyn Fn(&str) -> Option<String>| {
        let unset = unset(&value.origin.steps);
        let sources = project.workspace().sources();
        let mut blank = value.value.clone();
        for (_, span) in &unset {
            blank = blank.replace(sources.get(span.file).slice(*span), "");
        }
        if let (Some((variable, span)), Some(effect)) = (unset.first(), effect(&blank)) {
            found.push(Use {
                name: variable,
                span: *span,
                service: name,
                effect,
            });
        }
    };
    if let Some(image) = &service.image {
        add(image, &|blank| {
            let is_wrong = blank.is_empty()
                || blank.starts_with([':', '/'])
                || blank.ends_with([':', '/', '@'])
                || blank.contains("/:");
            is_wrong.then(|| match blank {
                "" => "it leaves no image, and Docker Compose refuses the project".to_owned(),
                _ => format!("it leaves the image `{blank}`, which Docker refuses"),
            })
        });
    }
    for published in service
        .ports
        .iter()
        .filter_map(|port| port.published.as_ref())
    {
        add(published, &|blank| {
            blank
                .is_empty()
                .then(|| "the port is published at a random one of the host".to_owned())
        });
    }
    for mount in service
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind)
    {
        let Some(source) = &mount.source else {
            continue;
        };
        add(source, &|blank| match blank {
            "" => Some("it leaves no path to mount".to_owned()),
            _ if blank.starts_with('/') && source.value.starts_with('$') => {
                Some(format!("it mounts `{blank}` of the host's root"))
            }
            _ => None,
        });
    }
    found.extend(targets(service));
    found
}

/// Ports of containers, which have no text in the model when a variable hides them.
fn targets(service: &Service) -> Vec<Use<'_>> {
    let ports = service
        .data
        .get("ports")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let targets = ports
        .iter()
        .filter_map(|port| port.get("target"))
        .filter(|target| matches!(target.value, Data::String(_)));
    let found = targets
        .flat_map(|target| unset(&target.origin.steps))
        .map(|(name, span)| {
            let effect = "no port of the container is left, and Docker Compose refuses the project"
                .to_owned();
            Use {
                name,
                span,
                service: service.name.as_str(),
                effect,
            }
        });
    found.collect()
}

fn unset(steps: &[Step]) -> Vec<(&str, Span)> {
    let unset = steps.iter().filter_map(|step| match step {
        Step::Variable {
            used,
            name,
            from: VariableSource::Unset,
        } => Some((name.as_str(), *used)),
        _ => None,
    });
    unset.collect()
}
