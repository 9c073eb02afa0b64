//! A tool that restarts the program, and that nothing installs.

use crate::diagnostic::Diagnostic;
use crate::links::reload;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "reload-tool-not-installed";

/// Judges every process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = judge(service) {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(service: Service<'_>) -> Option<Diagnostic> {
    let (process, tool) = service
        .processes()
        .iter()
        .find_map(|process| Some((process, reload::missing_tool(service, process)?)))?;
    let name = service.name();
    let message = format!(
        "`{name}` is started by `{}`, which nothing installs in its image",
        process.name()
    );
    let mut finding = Diagnostic::new(ID, process.written_at, message)
        .note("not found when it starts")
        .service(name);
    if let Some(stage) = service.image().and_then(|image| image.selected()) {
        finding = finding.label(
            stage.span,
            "no step of this image installs it, and no manifest lists it",
        );
    }
    Some(finding.help(format!(
        "Install it in the stage for development: {}",
        tool.install
    )))
}
