//! Scripts for the first start of a database beside a volume that outlives it.

use crate::compose::{Mount, MountKind};
use crate::diagnostic::Diagnostic;
use crate::knowledge::images;
use crate::links::LinkName;
use crate::links::verdict::Verdict;
use crate::project::{Project, Service, mounts};
use crate::rules::Findings;

const ID: &str = "init-script-runs-once";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let image = service
        .spec()
        .image
        .as_ref()
        .filter(|image| image.origin.is_fixed())?;
    let data = images::data_directory(&image.value)?;
    let files = project.workspace().files();
    let is_script = |mount: &&Mount| {
        let is_there = mounts::bind_source(mount)
            .is_some_and(|source| project.owns(source) && files.exists(source));
        is_there && mount.target.starts_with(images::FIRST_START)
    };
    let script = service.mounts().iter().find(is_script)?;
    let keeps = |mount: &&Mount| {
        matches!(mount.kind, MountKind::Volume | MountKind::Bind) && mount.target.starts_with(data)
    };
    let kept = service.mounts().iter().find(keeps)?;
    let path = mounts::bind_source(script)?;
    let links = [LinkName::Visible, LinkName::Read];
    let verdict = Verdict::of(service, path, &links);
    let (service, host) = (service.name(), project.written(path));
    let message = format!(
        "`{service}` runs {host} only while it has no data: an edit of it does nothing to the database that is there"
    );
    let finding = Diagnostic::new(ID, script.origin.span?, message)
        .note("for the first start")
        .service(service);
    let finding = finding.label(
        kept.origin.span?,
        "keeps the data, and so the first start is over",
    );
    let help = match verdict
        .as_ref()
        .and_then(|verdict| verdict.command.as_deref())
    {
        Some(command) => format!(
            "Bring changes by migrations; where the data may go, `{command}` makes the next start the first again"
        ),
        None => "Bring changes by migrations".to_owned(),
    };
    let finding = finding.help(help);
    Some(match verdict {
        Some(verdict) => finding.remedy(verdict.remedy()),
        None => finding,
    })
}
