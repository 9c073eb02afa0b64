//! A server whose code is mounted or synced, but which never reads it again.

use crate::dev;
use crate::dev::{DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::knowledge::Family;
use crate::links::LinkName;
use crate::links::code_origin;
use crate::links::reload;
use crate::links::staying;
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "server-without-reload";

/// Judges every server of a project that may be for development.
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
    let serves = match process.program?.family {
        Family::Server => true,
        Family::Interpreter => {
            !service.spec().ports.is_empty() || !staying::is_worker(service, process)
        }
        _ => false,
    };
    let bringer = dev::brought_but_not_reloaded(service, process).filter(|_| serves)?;
    let verdict = Verdict::of_code(service, process, &[LinkName::ReadAgain])?;
    let (name, program) = (service.name(), process.name());
    let message = match code_origin::maker(service, process) {
        Some(_) => format!(
            "`{name}` sees edits of its code, but compiles it only when it starts: `{program}` keeps what was made then"
        ),
        None => format!(
            "`{name}` sees edits of its code, but `{program}` never reads them: it keeps the code that it started with"
        ),
    };
    let (span, note, other, label) = match reload::says_in_compose(service, process) {
        true => (
            process.written_at,
            "no reloader is on",
            bringer.span,
            "edits arrive here",
        ),
        false => (
            bringer.span,
            "edits arrive here",
            process.written_at,
            "no reloader is on",
        ),
    };
    let mut finding = Diagnostic::new(ID, span, message)
        .note(note)
        .label(other, label)
        .service(name);
    for step in process.steps_elsewhere() {
        finding = finding.label(step.span, format!("found through {}", step.what));
    }
    let forms = DevForms::of(project);
    let form = forms
        .of_service(name)
        .map(DevForm::reload_only)
        .filter(|form| !form.is_empty());
    if form
        .as_ref()
        .is_some_and(|form| dev::is_settled(project, std::slice::from_ref(form)))
    {
        return None;
    }
    let fix = form.and_then(|form| {
        dev::fix(
            project,
            &[form],
            format!("Switch the reloader of `{program}` on"),
        )
    });
    let how = match fix {
        Some(_) => "Switch its reloader on for development: `composelint override --write` does it",
        None => {
            "For development, start it with a reloader; `composelint explain server-without-reload` names some"
        }
    };
    Some(
        finding
            .help(format!("{how}. {}", verdict.until_then("each edit")))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}
