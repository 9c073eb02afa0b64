//! A directory that a service mounts read-only, or whose name is nearly that of another one, and
//! that is not there.

use std::path::Path;

use crate::compose::{Mount, MountKind, Service, Value};
use crate::diagnostic::Diagnostic;
use crate::knowledge::paths::{is_file_name, is_filled_by_programs};
use crate::project::filesystem::Arrival;
use crate::project::{self, Project};
use crate::rules::Findings;
use crate::text::closest;

const ID: &str = "missing-directory";

/// Looks for the directories that every service mounts. Programs fill some, scripts make others,
/// and git ignores them; what lies over code of the image has a rule of its own.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut missing: Vec<(project::Service<'_>, &Mount, &Value<String>)> = Vec::new();
    for service in project.services() {
        for (at, mount) in service
            .spec()
            .mounts
            .iter()
            .enumerate()
            .filter(|(_, mount)| mount.kind == MountKind::Bind)
        {
            let Some(source) = mount
                .source
                .as_ref()
                .filter(|source| !source.origin.is_unknown())
            else {
                continue;
            };
            let path = Path::new(&source.value);
            let hides = service.parts().iter().any(|part| matches!(&part.arrival, Arrival::Mounted(by) | Arrival::Hidden(by) if *by == at));
            let is_told = missing
                .iter()
                .any(|(_, _, known)| known.value == source.value);
            if !hides && !is_told && is_missing(project, path) && !is_file_name(path) {
                missing.push((service, mount, source));
            }
        }
    }
    if missing.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    for (service, mount, source) in missing {
        let path = Path::new(&source.value);
        let below = path.strip_prefix(project.root()).unwrap_or(path);
        if is_filled_by_programs(below)
            || is_filled_by_programs(Path::new(&mount.target.value))
            || elsewhere.is_made_later(path)
        {
            continue;
        }
        let similar = similar(project, path);
        if mount.read_only || similar.is_some() {
            findings.extend(report(project, service.spec(), source, similar));
        }
    }
}

fn is_missing(project: &Project<'_>, path: &Path) -> bool {
    project.owns(path) && !project.workspace().files().exists(path)
}

/// The directory beside it that was probably meant.
fn similar(project: &Project<'_>, path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let entries = project.workspace().files().list(path.parent()?);
    let others = entries
        .iter()
        .filter(|entry| entry.is_directory)
        .map(|entry| entry.name.as_str());
    closest(name, others).map(str::to_owned)
}

fn report(
    project: &Project<'_>,
    service: &Service,
    source: &Value<String>,
    similar: Option<String>,
) -> Option<Diagnostic> {
    let path = Path::new(&source.value);
    let name = service.name.as_str();
    let message = format!(
        "the directory `{}` does not exist: Docker makes an empty one, which belongs to root",
        project.written(path)
    );
    let help =
        match similar.and_then(|similar| Some(project.written(&path.parent()?.join(similar)))) {
            Some(similar) => format!("Did you mean `{similar}`?"),
            None => "Correct the path, or add the directory".to_owned(),
        };
    Some(
        Diagnostic::new(ID, source.span()?, message)
            .note("no such directory")
            .service(name)
            .help(help),
    )
}
