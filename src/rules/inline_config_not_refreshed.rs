//! A config or secret whose text stands in the compose file or in a variable.

use crate::compose::Resource;
use crate::compose::references::{self, Section};
use crate::diagnostic::Diagnostic;
use crate::links::{Action, commands};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "inline-config-not-refreshed";

/// Judges the configs and secrets that services use.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let resources = compose
        .configs
        .iter()
        .map(|resource| (Section::Configs, resource));
    for (section, resource) in resources.chain(
        compose
            .secrets
            .iter()
            .map(|resource| (Section::Secrets, resource)),
    ) {
        let uses = |service: &Service<'_>| {
            references::used(service.spec())
                .into_iter()
                .any(|(used, name, _)| used == section && name == resource.name.value)
        };
        if let Some(user) = project.developed_services().find(uses) {
            findings.extend(report(section, resource, user));
        }
    }
}

fn report(section: Section, resource: &Resource, user: Service<'_>) -> Option<Diagnostic> {
    let service = user.name();
    let (key, value) = ["content", "environment"]
        .into_iter()
        .find_map(|key| Some((key, resource.data.get(key)?)))?;
    let (noun, name) = (section.noun(), resource.name.as_str());
    let what = if key == "content" { "text" } else { "variable" };
    let message = format!(
        "a change of the {noun} `{name}` does not reach `{service}` while its container lives: `up` does not look at its {what}"
    );
    let finding = Diagnostic::new(ID, value.span().or(resource.name.span())?, message)
        .note("not compared")
        .service(service);
    Some(finding.help(format!(
        "Keep it in a file, with `file:`. Until then a change needs `{}`",
        commands::command(user, &Action::StopStart).unwrap_or_default()
    )))
}
