//! A directory that the mounted code imports, and that is itself a copy in the image.

use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::project::host_paths;
use crate::project::mounts::linked_packages;
use crate::project::mounts::{self, imports};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "code-partially-mounted";

/// A directory that one service runs as a copy, though its mounted code imports it.
struct Missed<'p> {
    service: Service<'p>,
    directory: PathBuf,
    container: String,
    copy: Span,
    mount: Span,
    import: Span,
}

/// Judges every service that mounts a part of its code. What another service mounts is told as a
/// shared package.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let all: Vec<Missed<'_>> = project
        .developed_services()
        .filter(|service| service.spec().build.is_some())
        .filter_map(missed)
        .collect();
    for found in &all {
        let is_mounted_elsewhere = project
            .services()
            .any(|other| host_paths::shown_at(other, &found.directory).is_some());
        if !is_mounted_elsewhere && findings.is_new(&found.directory) {
            findings.push(report(project, found, &all));
        }
    }
}

fn missed(service: Service<'_>) -> Option<Missed<'_>> {
    imports::unmounted(service)
        .into_iter()
        .chain(linked_packages::unmounted(service))
        .find_map(|import| {
            let mount = mounts::of_code(service)
                .first()
                .and_then(|(at, _)| service.mounts()[*at].origin.span)?;
            Some(Missed {
                service,
                directory: import.directory,
                container: import.container,
                copy: import.copy,
                mount,
                import: import.import,
            })
        })
}

fn report(project: &Project<'_>, found: &Missed<'_>, all: &[Missed<'_>]) -> Diagnostic {
    let (name, host) = (found.service.name(), project.written(&found.directory));
    let message = format!(
        "`{name}` mounts its code, but not {host}, which that imports: an edit there does not reach the container"
    );
    let mut finding = Diagnostic::new(ID, found.mount, message)
        .note("a part of the code arrives here")
        .service(name);
    finding = finding.label(found.copy, format!("{host} is copied into the image here"));
    finding = finding.label(found.import, "imported here");
    for other in all
        .iter()
        .filter(|other| other.directory == found.directory && other.mount != found.mount)
    {
        finding = finding.label(
            other.mount,
            format!("`{}` lacks it as well", other.service.name()),
        );
    }
    finding.help(format!("Mount it as well: `- {host}:{}`", found.container))
}
