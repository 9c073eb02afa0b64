//! PHP that is told never to look at its files again.

use crate::diagnostic::Diagnostic;
use crate::knowledge::Language;
use crate::links::LinkName;
use crate::links::reload;
use crate::links::verdict::Verdict;
use crate::process::{Process, Reload};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "opcache-blocks-edits";

/// Judges every process in PHP of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = service
            .processes()
            .iter()
            .find_map(|process| judge(service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let is_php = process.language() == Some(Language::Php);
    let (at, why) = broken(process)
        .or_else(|| Some((reload::opcache_without_timestamps(service, process)?, None)))
        .filter(|_| is_php)?;
    let bringer = reload::brought_without_restart(service, process)?;
    let verdict = Verdict::of_code(service, process, &[LinkName::ReadAgain])?;
    let name = service.name();
    let why = why.unwrap_or("OPcache is told not to look at the time stamps of files");
    let message = format!(
        "`{name}` sees edits of its code, but PHP goes on with what it has compiled: {why}"
    );
    let help = format!(
        "Switch `opcache.validate_timestamps` on for development, in an ini file of its own or by the variable that the image has for \
         it. {}",
        verdict.until_then("each edit")
    );
    let finding = Diagnostic::new(ID, at, message)
        .note("no file is looked at twice")
        .label(bringer.span, "edits arrive here");
    Some(finding.help(help).service(name).remedy(verdict.remedy()))
}

fn broken(process: &Process) -> Option<(Span, Option<&'static str>)> {
    match process.reload {
        Reload::Broken { reason, at } => Some((at, Some(reason))),
        _ => None,
    }
}
