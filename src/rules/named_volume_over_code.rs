//! A named volume over code that the image holds: it was filled once, and stays as it is whatever is built.

use crate::compose::{Mount, MountKind};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::filesystem::{Arrival, Part};
use crate::project::intent::Intent;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "named-volume-over-code";

/// A volume over code.
struct Over<'p> {
    service: Service<'p>,
    part: &'p Part,
    mount: &'p Mount,
    volume: &'p str,
}

/// Judges the volumes of all services, in production as well: a release does not replace the code there.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    // Tests and pipelines begin with empty volumes.
    if project.intent().is_some_and(|intent| matches!(intent.intent, Intent::Test | Intent::Ci)) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    let all: Vec<Over<'_>> = project.services().filter_map(over).collect();
    for found in &all {
        if !told.contains(&found.volume) {
            told.push(found.volume);
            findings.extend(report(project, found, &all));
        }
    }
}

fn over(service: Service<'_>) -> Option<Over<'_>> {
    if service.makes_files_at_start() {
        return None;
    }
    let kept = service.parts().iter().filter(|part| part.baked.is_directory && !part.census.is_empty()).find_map(|part| {
        let Arrival::Hidden(at) = part.arrival else { return None };
        let mount = &service.spec().mounts[at];
        let volume = mount.source.as_ref().filter(|source| mount.kind == MountKind::Volume && source.origin.is_fixed())?;
        Some((part, mount, volume.as_str()))
    });
    let (part, mount, volume) = kept?;
    Some(Over { service, part, mount, volume })
}

fn report(project: &Project<'_>, found: &Over<'_>, all: &[Over<'_>]) -> Option<Diagnostic> {
    let Over { service, part, mount, volume } = *found;
    let (name, target) = (service.name(), mount.target.as_str());
    let message = format!("`{name}` runs the code in the volume `{volume}`, which keeps that of the first image: no build replaces it");
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message).note("filled once, when the volume was made").service(name);
    finding = finding.label(part.baked.from_context, format!("the code is copied to {} here", part.baked.container));
    for other in all.iter().filter(|other| other.volume == volume && other.service.name() != name) {
        if let Some(span) = other.mount.origin.span.filter(|span| *span != finding.span) {
            finding = finding.label(span, format!("`{}` runs it as well", other.service.name()));
        }
    }
    for (user, other) in mounts::users_of_volume(project, volume) {
        let is_known = all.iter().any(|over| over.service.name() == user.name.value);
        if let Some(span) = other.origin.span.filter(|_| !is_known) {
            finding = finding.label(span, format!("`{}` sees the same old files", user.name.as_str()));
        }
    }
    let host = project.written(&part.baked.host);
    let help = match project.may_be_development() {
        true => {
            format!("For development mount the directory itself, `{host}:{target}`; until then `docker compose down -v` is what renews it")
        }
        false => format!(
            "Keep only data in volumes: mount `{volume}` at a directory without code. Until then the volume must be removed for each release"
        ),
    };
    Some(finding.help(help).fix(fix(project, found)))
}

/// The directory of the host in the place of the volume, where it is exactly what the volume was filled from.
fn fix(project: &Project<'_>, found: &Over<'_>) -> Option<Fix> {
    let is_same = found.part.baked.container.trim_end_matches('/') == found.mount.target.value.trim_end_matches('/');
    let span = found.mount.source.as_ref()?.span().filter(|_| is_same && project.may_be_development())?;
    let sources = project.workspace().sources();
    if sources.get(span.file).slice(span) != found.volume {
        return None;
    }
    // The long form says `type: volume` on another line.
    let whole = found.mount.origin.span?;
    let is_short = !sources.get(whole.file).slice(whole).contains('\n');
    let host = project.written(&found.part.baked.host);
    is_short.then(|| Fix { title: format!("Mount {host} there"), safety: Safety::Unsafe, edits: vec![Edit::replace(span, host)] })
}
