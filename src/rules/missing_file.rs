//! A file that a service needs from the host and that is not there.

use std::path::Path;

use crate::compose::references::{self, Section};
use crate::compose::{Compose, MountKind, Origin, Service, Value};
use crate::diagnostic::Diagnostic;
use crate::knowledge::paths::is_file_name;
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "missing-file";

/// What an `env_file` is called.
const ENV_FILE: &str = "env file";

/// A file that is not there, and what Docker makes of it.
struct Missing<'c> {
    path: &'c Path,
    written: Span,
    service: &'c str,
    needed_as: &'static str,
    effect: &'static str,
}

/// Looks for the files that every service names. What git ignores, what a template lies beside and
/// what scripts or documents name will be made by whoever works here.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let services = compose
        .services
        .iter()
        .flat_map(|service| env_files(service).into_iter().chain(mounts(service)));
    let granted = compose
        .services
        .iter()
        .flat_map(|service| granted(compose, service));
    let missing: Vec<Missing<'_>> = services
        .chain(granted)
        .filter(|missing| is_missing(project, missing.path))
        .collect();
    if missing.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    let mut told: Vec<&Path> = Vec::new();
    for missing in &missing {
        if told.contains(&missing.path) {
            continue;
        }
        told.push(missing.path);
        match elsewhere.is_made_later(missing.path) {
            false => findings.push(report(project, missing)),
            true if missing.needed_as == ENV_FILE => {
                findings.extend(
                    elsewhere
                        .absent_template(missing.path)
                        .map(|(span, name)| without_template(project, missing, span, &name)),
                );
            }
            true => {}
        }
    }
}

/// Whether there is nothing at a path of the project. What lies outside is not for us to know.
fn is_missing(project: &Project<'_>, path: &Path) -> bool {
    path.starts_with(project.root()) && !project.workspace().files().exists(path)
}

fn report(project: &Project<'_>, missing: &Missing<'_>) -> Diagnostic {
    let path = project.written(missing.path);
    let message = format!(
        "the {} `{path}` does not exist: {}",
        missing.needed_as, missing.effect
    );
    let finding = Diagnostic::new(ID, missing.written, message)
        .note("no such file")
        .service(missing.service);
    finding.help("Correct the path, or add the file")
}

/// A file that everybody is told to copy from a template, which is not there.
fn without_template(
    project: &Project<'_>,
    missing: &Missing<'_>,
    told: Span,
    template: &str,
) -> Diagnostic {
    let path = project.written(missing.path);
    let message = format!(
        "nobody can make the {} `{path}`: its template `{template}` is not in the repository",
        missing.needed_as
    );
    let finding = Diagnostic::new(ID, missing.written, message)
        .note("Docker Compose refuses the project without it")
        .service(missing.service);
    let finding = finding.label(told, "to be copied from there");
    finding.help(format!(
        "Add `{template}`, and see that `.gitignore` lets it in: `!{template}`"
    ))
}

fn env_files(service: &Service) -> Vec<Missing<'_>> {
    let required = service
        .env_files
        .iter()
        .filter(|(path, required)| *required && !path.origin.is_unknown());
    let missing = required.filter_map(|(path, _)| {
        let effect = "Docker Compose refuses the project";
        Some(Missing {
            path: &path.value,
            written: path.span()?,
            service: service.name.as_str(),
            needed_as: ENV_FILE,
            effect,
        })
    });
    let labels = service
        .data
        .get("label_file")
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| {
            let path = Path::new(item.as_str().filter(|_| !item.origin.is_unknown())?);
            let effect = "Docker Compose refuses the project";
            Some(Missing {
                path,
                written: item.span()?,
                service: service.name.as_str(),
                needed_as: "label file",
                effect,
            })
        });
    missing.chain(labels).collect()
}

/// The bind mounts whose source is meant to be a file: both sides end alike.
fn mounts(service: &Service) -> Vec<Missing<'_>> {
    let binds = service
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind);
    let missing = binds.filter_map(|mount| {
        let source = mount.source.as_ref().filter(|source| is_known(&source.origin) && is_known(&mount.target.origin))?;
        let path = Path::new(&source.value);
        if !looks_like_a_file(path, Path::new(&mount.target.value)) {
            return None;
        }
        let effect = "Docker makes a directory of that name, and the container does not start or finds no file";
        let written = source.span().or(mount.origin.span)?;
        Some(Missing { path, written, service: service.name.as_str(), needed_as: "file", effect })
    });
    missing.collect()
}

fn looks_like_a_file(source: &Path, target: &Path) -> bool {
    is_file_name(source) && (is_file_name(target) || source.file_name() == target.file_name())
}

/// The files of the secrets and configs that a service gets.
fn granted<'c>(compose: &'c Compose, service: &'c Service) -> Vec<Missing<'c>> {
    let effect = "no container that gets it can start";
    let files = references::used(service)
        .into_iter()
        .filter_map(|(section, name, _)| {
            let (resources, needed_as) = match section {
                Section::Secrets => (&compose.secrets, "secret's file"),
                Section::Configs => (&compose.configs, "config's file"),
                _ => return None,
            };
            let file = resources
                .iter()
                .find(|resource| resource.name.value == name)?
                .data
                .get("file")?;
            let path = Path::new(file.as_str().filter(|_| is_known(&file.origin))?);
            Some(Missing {
                path,
                written: file.span()?,
                service: service.name.as_str(),
                needed_as,
                effect,
            })
        });
    files.collect()
}

fn is_known(origin: &Origin) -> bool {
    !origin.is_unknown()
}
