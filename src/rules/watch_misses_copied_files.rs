//! Files that the image holds copies of beside those that `docker compose watch` keeps up to date.

use std::path::Path;

use crate::compose::WatchAction;
use crate::diagnostic::Diagnostic;
use crate::image::path;
use crate::knowledge::{directories, manager};
use crate::links::bringing;
use crate::links::code_origin;
use crate::project::filesystem::{Arrival, Part};
use crate::project::{Project, Service, mounts};
use crate::rules::Findings;

const ID: &str = "watch-misses-copied-files";

/// Judges every service whose files are synced.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let process = service
        .processes()
        .iter()
        .find(|process| code_origin::may_read_sources(process))?;
    let parts = bringing::parts_read_by(service, process);
    let synced = parts.iter().find_map(|part| match part.arrival {
        Arrival::Watched(at) if part.is_code() => Some(&service.spec().watch[at]),
        _ => None,
    });
    let trigger = synced.filter(|trigger| trigger.action.value != WatchAction::Rebuild)?;
    let mut missed: Vec<&Part> = parts
        .into_iter()
        .filter(|part| is_missed(service, part))
        .collect();
    missed.sort_by(|one, other| one.baked.host.cmp(&other.baked.host));
    missed.dedup_by(|one, other| one.baked.host == other.baked.host);
    let first = missed.first()?;
    let (name, host) = (service.name(), project.written(&first.baked.host));
    let more = if missed.len() > 1 {
        format!(" and {} more", missed.len() - 1)
    } else {
        String::new()
    };
    let message = format!(
        "`docker compose watch` brings edits of the code to `{name}`, but not of {host}{more}, which its image holds too"
    );
    let mut finding = Diagnostic::new(ID, trigger.origin.span?, message)
        .note("does not reach that far")
        .service(name);
    finding = finding.label(first.baked.from_context, format!("{host} is copied here"));
    for other in &missed[1..] {
        if other.baked.from_context != first.baked.from_context {
            finding = finding.label(
                other.baked.from_context,
                format!("and {} here", project.written(&other.baked.host)),
            );
        }
    }
    Some(finding.help(format!(
        "Add triggers for them: `action: sync` with `target: {}`, or `action: rebuild` for what is read at the start",
        first.baked.container
    )))
}

/// Whether a copy is no list of packages, lies in no trigger and under no mount, and is not for
/// tests or people.
fn is_missed(service: Service<'_>, part: &Part) -> bool {
    let baked = &part.baked;
    let name = path::name(&baked.container).to_ascii_lowercase();
    let is_reached = || {
        let related =
            |source: &Path| baked.host.starts_with(source) || source.starts_with(&baked.host);
        let watched = service
            .spec()
            .watch
            .iter()
            .any(|watch| related(Path::new(&watch.path.value)));
        watched
            || service
                .spec()
                .mounts
                .iter()
                .filter_map(mounts::bind_source)
                .any(related)
    };
    part.arrival == Arrival::Baked
        && !baked.worked_on
        && baked.through.is_none()
        && !is_aside(&name)
        && !is_reached()
}

/// Lists of packages, which ask for a new image; tests, documents, and what tools keep for
/// themselves.
fn is_aside(name: &str) -> bool {
    const NAMES: [&str; 7] = ["test", "tests", "spec", "docs", "scripts", "e2e", "license"];
    const ENDINGS: [&str; 7] = [
        ".lock",
        "lock.json",
        "lock.yaml",
        ".txt",
        ".md",
        ".lockb",
        ".sh",
    ];
    name.starts_with('.')
        || name.starts_with("dockerfile")
        || NAMES.contains(&name)
        || directories::holds_packages(name)
        || name == "makefile"
        || manager::is_manifest(name)
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}
