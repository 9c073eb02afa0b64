//! A reloader that looks at all installed packages as well.

use crate::diagnostic::Diagnostic;
use crate::links::reload::{self, WatchedPackages};
use crate::process::Process;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "watcher-includes-vendor-tree";

/// Judges every process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = service
            .processes()
            .iter()
            .find_map(|process| judge(project, service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let WatchedPackages {
        host,
        container,
        mount,
    } = reload::watched_packages(service, process)?;
    let bind = service.mounts()[mount].origin.span?;
    let (name, program) = (service.name(), process.name());
    let shown = project.written(&host);
    let message = format!(
        "`{program}` of `{name}` watches {shown} as well: thousands of files, and a reload whenever packages are installed"
    );
    let finding = Diagnostic::new(ID, bind, message)
        .note(format!("shows {shown} in the container"))
        .label(process.written_at, "watches all of it");
    let help = format!(
        "Let it watch the code alone (`--reload-dir app`), or keep the directory out with the volume `{container}`"
    );
    Some(finding.help(help).service(name))
}
