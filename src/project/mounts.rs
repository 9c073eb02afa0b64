//! What the mounts of a service show in its container: code of the repository, and which of them
//! decides at a path.

use std::path::{Path, PathBuf};

use crate::compose::{self, Mount, MountKind};
use crate::project::{Project, Service, filesystem};
use crate::repository::sources::Census;

pub mod imports;
pub mod linked_packages;

pub use crate::project::filesystem::bind_source;
pub use imports::UnmountedImport;

/// The bind mounts of a service that show a directory or file of the repository with source code in
/// it, by their index.
pub fn of_code(service: Service<'_>) -> Vec<(usize, PathBuf)> {
    let files = service.project().workspace().files();
    let code = service
        .mounts()
        .iter()
        .enumerate()
        .filter_map(|(at, mount)| {
            let host = bind_source(mount)
                .filter(|host| service.project().owns(host) && files.exists(host))?;
            let has_code = !Census::of(files, host, &|_, _| false).is_empty();
            has_code.then(|| (at, host.to_path_buf()))
        });
    code.collect()
}

/// What a bind mount shows at a container path: the path on the host, and the mount.
pub fn shown(service: Service<'_>, container: &str) -> Option<filesystem::Seen> {
    filesystem::seen(service.mounts(), container)
}

/// The mount that decides what is to be seen at a container path.
pub fn over<'p>(service: Service<'p>, container: &str) -> Option<&'p Mount> {
    filesystem::covering(service.mounts(), container).map(|at| &service.mounts()[at])
}

/// A path below another one, without `.` and `..`.
pub fn inside(directory: &Path, rest: &Path) -> PathBuf {
    crate::files::clean(&directory.join(rest))
}

/// Whether a mount is a volume that Docker keeps: one with a name, or one without.
pub fn is_volume(mount: &Mount) -> bool {
    matches!(mount.kind, MountKind::Volume | MountKind::AnonymousVolume)
}

/// The services that mount a named volume, each with its mount.
pub fn users_of_volume<'c>(
    project: &'c Project<'_>,
    name: &str,
) -> Vec<(&'c compose::Service, &'c Mount)> {
    let services = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.services);
    let is_it = |mount: &&Mount| {
        mount.kind == MountKind::Volume
            && mount
                .source
                .as_ref()
                .is_some_and(|source| source.value == name)
    };
    services
        .flat_map(|service| {
            service
                .mounts
                .iter()
                .filter(is_it)
                .map(move |mount| (service, mount))
        })
        .collect()
}

#[cfg(test)]
mod tests;
