//! Production that runs the source tree of the host in the place of what its image holds.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::knowledge::Family;
use crate::links::bringing;
use crate::process::{Process, Reads};
use crate::project::filesystem::{Arrival, Part};
use crate::project::purpose::Intent;
use crate::project::{Project, Service, mounts};
use crate::rules::Findings;

const ID: &str = "production-mounts-source";

/// A service with the mount that it runs its code from.
struct Mounted<'p> {
    service: Service<'p>,
    process: &'p Process,
    at: usize,
    source: &'p Path,
}

/// Judges the services of a project that is for production, all in one: they were forgotten
/// together.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project
        .intent()
        .is_none_or(|intent| intent.intent != Intent::Production)
    {
        return;
    }
    let found: Vec<Mounted<'_>> = project
        .services()
        .filter_map(|service| mounted(project, service))
        .collect();
    findings.extend(report(project, &found));
}

fn mounted<'p>(project: &'p Project<'_>, service: Service<'p>) -> Option<Mounted<'p>> {
    service.spec().build.as_ref()?;
    let runs_code = |family: Family| {
        matches!(
            family,
            Family::Server | Family::Worker | Family::Interpreter | Family::Watcher
        )
    };
    let process = service.processes().iter().find(|process| {
        let is_code = process
            .program
            .is_some_and(|program| runs_code(program.family));
        is_code && process.reads == Reads::Source
    })?;
    // A mount of a part, such as the configuration, may be meant; all of what the process runs is
    // not.
    let at = match bringing::parts_read_by(service, process)
        .into_iter()
        .find(|part| part.is_code())
    {
        Some(Part {
            arrival: Arrival::Mounted(at),
            ..
        }) => *at,
        Some(_) => return None,
        None => mounts::shown(service, &process.cwd)?.mount,
    };
    let source =
        mounts::bind_source(&service.mounts()[at]).filter(|source| project.owns(source))?;
    let has_code = mounts::of_code(service).iter().any(|(code, _)| *code == at);
    has_code.then_some(Mounted {
        service,
        process,
        at,
        source,
    })
}

fn report(project: &Project<'_>, found: &[Mounted<'_>]) -> Option<Diagnostic> {
    let first = found.first()?;
    let span = |mounted: &Mounted<'_>| mounted.service.mounts()[mounted.at].origin.span;
    let (name, host) = (first.service.name(), project.written(first.source));
    let message = match found.len() {
        1 => format!(
            "`{name}` runs {host} of the host in production, not what its image was built with"
        ),
        many => format!(
            "`{name}` and {} more run sources of the host in production, not what their images were built with",
            many - 1
        ),
    };
    let mut finding = Diagnostic::new(ID, span(first)?, message)
        .note("over the code of the image")
        .service(name);
    finding = finding.label(
        first.process.written_at,
        format!("`{}` runs it", first.process.name()),
    );
    for other in &found[1..] {
        if let Some(span) = span(other).filter(|span| *span != finding.span) {
            finding = finding.label(span, format!("`{}` does as well", other.service.name()));
        }
    }
    let reason = project.intent().and_then(|intent| intent.because().next());
    let because = reason
        .map(|reason| format!(" (production, because {})", reason.text))
        .unwrap_or_default();
    Some(finding.help(format!(
        "Move the mount into the file for development, such as `compose.override.yaml`, which production does not load{because}"
    )))
}
