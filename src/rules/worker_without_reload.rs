//! A worker whose code is mounted or synced, and which has no reloader that would read it again.

use crate::dev;
use crate::dev::{DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::knowledge::{Dev, Family};
use crate::links::LinkName;
use crate::links::reload;
use crate::links::staying;
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "worker-without-reload";

/// Judges every worker of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        // Several workers of one container are one matter.
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
    let program = process.program?;
    let works = match program.family {
        Family::Worker => true,
        Family::Interpreter => {
            service.spec().ports.is_empty() && staying::is_worker(service, process)
        }
        _ => false,
    };
    let bringer = dev::brought_but_not_reloaded(service, process).filter(|_| works)?;
    let verdict = Verdict::of_code(service, process, &[LinkName::ReadAgain])?;
    let (name, called) = (service.name(), process.name());
    let message = format!(
        "`{name}` sees edits of its code, but `{called}` goes on with the code that it started with"
    );
    let (span, note, other, label) = match reload::says_in_compose(service, process) {
        true => (
            process.written_at,
            "nothing restarts it",
            bringer.span,
            "edits arrive here",
        ),
        false => (
            bringer.span,
            "edits arrive here",
            process.written_at,
            "nothing restarts it",
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
        .filter(|form| form.command.is_some() || form.entrypoint.is_some());
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
            format!("Restart `{called}` when its code changes"),
        )
    });
    let tool = program.dev.iter().find_map(|dev| match dev {
        Dev::Wrap(words) | Dev::WrapQuoted(words) | Dev::Rename(words) => words.first(),
        _ => None,
    });
    let how = match (&fix, tool) {
        (Some(_), _) => "Let something restart it in development: `composelint override --write` does it".to_owned(),
        (None, Some(tool)) => format!("Let something restart it in development: add `{tool}` to the image, and start it through that"),
        (None, None) => "Let something restart it in development; `composelint explain worker-without-reload` names some".to_owned(),
    };
    Some(
        finding
            .help(format!("{how}. {}", verdict.until_then("each edit")))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}
