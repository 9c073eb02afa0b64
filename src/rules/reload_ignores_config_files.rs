//! A file that the program reads when it starts, and that its reloader does not watch.

use crate::diagnostic::Diagnostic;
use crate::links::LinkName;
use crate::links::reload::{self, UnwatchedFile};
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "reload-ignores-config-files";

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
    let bringer = reload::brought_without_restart(service, process)?;
    let UnwatchedFile { file, named_at } = reload::unwatched_file(service, process)?;
    let verdict = Verdict::of(service, &file, &[LinkName::ReadAgain])?;
    let (name, program) = (service.name(), process.name());
    let ending = file.extension()?.to_str()?;
    let shown = project.written(&file);
    let watches = process.program?.watches.join(", ");
    let message = format!(
        "`{program}` of `{name}` reloads for {watches}, but not for {shown}, which the code reads"
    );
    let finding =
        Diagnostic::new(ID, process.written_at, message).note(format!("watches {watches}"));
    let how = match process.program?.name {
        "uvicorn" => format!(
            "Add `--reload-include '*.{ending}'`, which needs watchfiles (`uvicorn[standard]`)"
        ),
        "nodemon" => format!("Add `--ext js,mjs,cjs,json,{ending}`"),
        _ => format!("Let it watch `*.{ending}` as well"),
    };
    let help = format!("{how}. {}", verdict.until_then("an edit there"));
    Some(
        finding
            .label(named_at, "it is named here")
            .label(bringer.span, "edits arrive here")
            .help(help)
            .service(name)
            .remedy(verdict.remedy()),
    )
}
