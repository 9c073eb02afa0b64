//! A development stage is built, but a command of the compose file takes the place of what it would
//! run.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::links::replaced_command::replaced_reloader;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "command-overrides-dev-stage";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let reloader = replaced_reloader(service)?;
    let command = service.spec().command.as_ref()?;
    let stage = service.image()?.selected()?;
    let stage_name = stage.name.clone()?;
    let (name, span) = (service.name(), command.span()?);
    let message = format!(
        "`{name}` builds the stage `{stage_name}`, but its `command` takes the place of the one there that notices edits"
    );
    let process = service.processes().first()?;
    let mut finding = Diagnostic::new(ID, span, message)
        .note(format!(
            "`{}` keeps the code that it started with",
            process.name()
        ))
        .service(name);
    finding = finding.label(reloader, "this would run without it");
    if let Some(target) = service
        .spec()
        .build
        .as_ref()
        .and_then(|build| build.target.as_ref())
        .and_then(|target| target.span())
    {
        finding = finding.label(target, "the stage is chosen here");
    }
    let parsed = project.yaml_of(span);
    let entry = parsed.tree.node_at(span.start).and_then(|node| {
        let mapping = std::iter::successors(Some(node), |node| node.parent())
            .find(|node| node.entry("command").is_some())?;
        mapping.entry("command")
    });
    let fix = entry.and_then(|entry| {
        Fix::of(
            "Take the command out",
            Safety::Unsafe,
            edit::remove_entry(entry),
        )
    });
    Some(finding.help("Take `command` out; where another file sets it, `command: !reset null` in the later one").fix(fix))
}
