//! A start script that is copied into the image, while the code beside it is mounted.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::links::LinkName;
use crate::links::bringing;
use crate::links::verdict::Verdict;
use crate::process::{Process, Reads};
use crate::project::filesystem::Arrival;
use crate::project::host_paths;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "baked-start-script";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .developed_services()
        .filter(|service| service.spec().build.is_some())
    {
        findings.extend(
            service
                .processes()
                .iter()
                .find_map(|process| judge(project, service, process)),
        );
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let bringer = bringing::bringer(service, process)
        .filter(|bringer| !bringer.restarts && process.reads == Reads::Source)?;
    let sources = project.workspace().sources();
    // The files that the way to the process leads through.
    let scripts = process.chain.iter().map(|step| sources.get(step.span.file));
    let found = scripts
        .into_iter()
        .chain([sources.get(process.written_at.file)])
        .find_map(|source| {
            let copied = |script: &Path| {
                service.parts().iter().rfind(|part| {
                    part.baked.host == script
                        || part.baked.is_directory && script.starts_with(&part.baked.host)
                })
            };
            let part = copied(source.path())?;
            let is_script = source
                .path()
                .extension()
                .is_some_and(|ending| ending == "sh")
                || source.text().starts_with("#!");
            let is_seen = host_paths::shown_at(service, source.path()).is_some();
            (is_script && !is_seen && part.arrival == Arrival::Baked)
                .then(|| (source.path().to_path_buf(), part.baked.from_context))
        });
    let (path, copy) = found?;
    let verdict = Verdict::of(service, &path, &[LinkName::Arrives, LinkName::Read])?;
    let script = project.written(&path);
    let name = service.name();
    let message = format!(
        "`{name}` starts with the copy of {script} in its image: an edit of it needs a new image, though the code is mounted"
    );
    let finding = Diagnostic::new(ID, copy, message)
        .note("copied here")
        .service(name);
    let finding = finding.label(bringer.span, "the code arrives here");
    let help = format!(
        "Mount the script as well. {}",
        verdict.until_then("an edit of it")
    );
    Some(finding.help(help).remedy(verdict.remedy()))
}
