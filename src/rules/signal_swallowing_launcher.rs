//! A shell that is process 1 and hands no signal on: each stop and restart takes ten seconds.

use crate::diagnostic::Diagnostic;
use crate::links::reload;
use crate::links::staying;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "signal-swallowing-launcher";

/// Judges what starts every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = judge(service) {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(service: Service<'_>) -> Option<Diagnostic> {
    let process = service
        .processes()
        .first()
        .filter(|process| service.processes().len() == 1 && staying::stays(service, process))?;
    let script = reload::shell_that_stays(service, process)?;
    let (name, program) = (service.name(), process.name());
    let message = format!(
        "a shell stays before `{program}` of `{name}` and hands no signal on: each stop and restart takes ten seconds"
    );
    let finding = Diagnostic::new(ID, process.written_at, message)
        .note("started without `exec`")
        .label(script.span, script.what.clone());
    let help = format!(
        "Start it with `exec`, so that it takes the place of the shell; or give `{name}` the line `init: true`"
    );
    Some(finding.help(help).service(name))
}
