//! A reloader that is switched on and cannot work.

use crate::dev;
use crate::dev::{DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::knowledge::Language;
use crate::links::LinkName;
use crate::links::reload;
use crate::links::verdict::Verdict;
use crate::process::{Process, Reload};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "reload-flag-ineffective";

/// Judges every process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        for finding in service
            .processes()
            .iter()
            .filter_map(|process| judge(project, service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let Reload::Broken { reason, at } = process.reload else {
        return None;
    };
    // What OPcache does to PHP is said by a rule of its own.
    if process.language() == Some(Language::Php) {
        return None;
    }
    let bringer = reload::brought_without_restart(service, process)?;
    let verdict = Verdict::of_code(service, process, &[LinkName::ReadAgain])?;
    let (name, program) = (service.name(), process.name());
    let message = format!("`{program}` of `{name}` is told to reload, but never will: {reason}");
    let mut finding = Diagnostic::new(ID, at, message)
        .note("this keeps it from reloading")
        .service(name);
    if !at.contains(process.written_at) && !process.written_at.contains(at) {
        finding = finding.label(process.written_at, format!("`{program}` is started here"));
    }
    finding = finding.label(bringer.span, "edits arrive here");
    let forms = DevForms::of(project);
    let form = forms
        .of_service(name)
        .map(DevForm::reload_only)
        .filter(|form| !form.is_empty());
    let fix = form.and_then(|form| {
        dev::fix(
            project,
            &[form],
            format!("Start `{program}` so that it reloads"),
        )
    });
    let how = match fix {
        Some(_) => "Start it in a way that reloads: `composelint override --write` does it",
        None => "`composelint explain reload-flag-ineffective` names what works instead",
    };
    Some(
        finding
            .help(format!("{how}. {}", verdict.until_then("each edit")))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}
