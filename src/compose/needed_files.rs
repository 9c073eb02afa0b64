//! The files of the host that services need: env files, label files, mounted files, and those of
//! secrets and configs.

use std::path::Path;

use super::model::{Compose, MountKind, Service};
use super::references::{self, Section};
use super::value::{Origin, Value};
use crate::knowledge::paths::is_file_name;
use crate::text::Span;

/// What an `env_file` is called.
pub const ENV_FILE: &str = "env file";

/// A file that a service needs.
pub struct NeededFile<'c> {
    /// Where it must be.
    pub path: &'c Path,
    /// Where that is written.
    pub written: Span,
    /// The service.
    pub service: &'c str,
    /// What it is to the service, in a few words.
    pub needed_as: &'static str,
    /// What Docker makes of it when it is not there.
    pub effect: &'static str,
}

/// The files that the services of a project need, as far as their paths are known.
pub fn needed_files(compose: &Compose) -> Vec<NeededFile<'_>> {
    let services = compose.services.iter();
    let mut found: Vec<NeededFile<'_>> = services
        .flat_map(|service| env_files(service).into_iter().chain(mounts(service)))
        .collect();
    let services = compose.services.iter();
    found.extend(services.flat_map(|service| granted(compose, service)));
    found
}

fn env_files(service: &Service) -> Vec<NeededFile<'_>> {
    let required = service
        .env_files
        .iter()
        .filter(|(path, required)| *required && !path.origin.is_unknown());
    let missing = required.filter_map(|(path, _)| {
        let effect = "Docker Compose refuses the project";
        Some(NeededFile {
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
            Some(NeededFile {
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
fn mounts(service: &Service) -> Vec<NeededFile<'_>> {
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
        Some(NeededFile { path, written, service: service.name.as_str(), needed_as: "file", effect })
    });
    missing.collect()
}

fn looks_like_a_file(source: &Path, target: &Path) -> bool {
    is_file_name(source) && (is_file_name(target) || source.file_name() == target.file_name())
}

/// The files of the secrets and configs that a service gets.
fn granted<'c>(compose: &'c Compose, service: &'c Service) -> Vec<NeededFile<'c>> {
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
            Some(NeededFile {
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
