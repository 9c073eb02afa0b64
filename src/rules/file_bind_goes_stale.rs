//! A single file that is mounted, and that a process is to read again when it changes.

use crate::compose::Mount;
use crate::diagnostic::Diagnostic;
use crate::links::LinkName;
use crate::links::verdict::Verdict;
use crate::process::{Process, Reload};
use crate::project::{Project, Service, mounts};
use crate::repository::sources::Census;
use crate::rules::Findings;

const ID: &str = "file-bind-goes-stale";

/// Judges every service of a project that may be for development. A file that is read once, at the
/// start, is not the matter: a restart looks its path up again.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        let again = |process: &&Process| {
            matches!(
                process.reload,
                Reload::Yes { .. } | Reload::PerRequest | Reload::Hot
            )
        };
        if let Some(process) = service.processes().iter().find(again) {
            findings.extend(judge(project, service, process));
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let files = project.workspace().files();
    let is_code = |mount: &&Mount| {
        let source = mounts::bind_source(mount)
            .filter(|source| project.owns(source) && files.is_file(source));
        source.is_some_and(|source| Census::of(files, source, &|_, _| false).interpreted() > 0)
    };
    let found: Vec<&Mount> = service.mounts().iter().filter(is_code).collect();
    let first = found.first()?;
    let host = mounts::bind_source(first)?;
    let verdict = Verdict::of(service, host, &[LinkName::ReadAgain])?;
    let (name, file) = (service.name(), project.written(host));
    let message = format!(
        "`{name}` mounts the single file {file}: an editor or git that replaces the file leaves the old one in the container"
    );
    let note = "a mount of a file holds on to the file, not to its name";
    let mut finding = Diagnostic::new(ID, first.origin.span?, message)
        .note(note)
        .service(name);
    for other in &found[1..] {
        if let Some(span) = other.origin.span {
            finding = finding.label(span, "and this one");
        }
    }
    finding = finding.label(
        process.written_at,
        format!(
            "`{}` reads it again, and finds the old text",
            process.name()
        ),
    );
    let help = format!(
        "Mount the directory that it lies in. {}",
        verdict.until_then("a replaced file")
    );
    Some(finding.help(help).remedy(verdict.remedy()))
}
