//! A server whose code is mounted or synced, but which never reads it again.

use crate::diagnostic::Diagnostic;
use crate::project::dev::{self, DevForm};
use crate::project::knowledge::Family;
use crate::project::process::{Process, Reads, Reload};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "server-without-reload";

/// Judges every server of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        for process in service.processes() {
            if let Some(finding) = judge(project, service, process) {
                findings.push(finding);
            }
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let is_server = process.program.is_some_and(|program| matches!(program.family, Family::Server | Family::Interpreter));
    if !is_server || process.reload != Reload::None || process.reads != Reads::Source {
        return None;
    }
    let bringer = service.bringer(process).filter(|bringer| !bringer.restarts)?;
    let (name, program) = (service.name(), process.name());
    let mut commands = service.spec().command.iter().chain(&service.spec().entrypoint);
    let in_compose = commands.any(|command| command.span().is_some_and(|span| span.contains(process.written_at)));
    let message = format!("`{name}` sees edits of its code, but `{program}` never reads them: it keeps the code that it started with");
    let (span, note, other, label) = match in_compose {
        true => (process.written_at, "no reloader is on", bringer.span, "edits arrive here"),
        false => (bringer.span, "edits arrive here", process.written_at, "no reloader is on"),
    };
    let mut finding = Diagnostic::new(ID, span, message).note(note).label(other, label).service(name);
    for step in process.chain.iter().filter(|step| !step.span.contains(process.written_at) && !process.written_at.contains(step.span)) {
        finding = finding.label(step.span, format!("found through {}", step.what));
    }
    let form = project.dev_form(name).map(DevForm::reload_only).filter(|form| !form.is_empty());
    let fix = form.and_then(|form| dev::fix(project, &[form], format!("Switch the reloader of `{program}` on")));
    let how = match fix {
        Some(_) => "Switch its reloader on for development: `composelint override --write` does it",
        None => "For development, start it with a reloader; `composelint explain server-without-reload` names some",
    };
    Some(finding.help(format!("{how}. Until then each edit needs `docker compose restart {name}`")).fix(fix))
}
