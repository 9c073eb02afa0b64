//! Which path of the host lies behind a path of a container, and the other way round.

use std::path::{Path, PathBuf};

use crate::compose::MountKind;
use crate::image::{Baked, path};
use crate::project::Service;
use crate::project::filesystem;

/// The host path of what lies at a path of the container: through a mount, or as the copy's
/// original.
pub fn host_of(service: Service<'_>, container: &str) -> Option<PathBuf> {
    let files = service.project().workspace().files();
    let mounts = service.mounts();
    if filesystem::covering(mounts, container).is_some() {
        return filesystem::seen(mounts, container)
            .map(|seen| seen.host)
            .filter(|host| files.exists(host));
    }
    let copies = service.image()?.baked().iter().rev().filter_map(|baked| {
        let rest = path::below(container, &baked.container)?;
        (rest.is_empty() || baked.is_directory).then(|| crate::files::clean(&baked.host.join(rest)))
    });
    copies.into_iter().find(|host| files.exists(host))
}

/// Where a bind mount shows a path of the host in the container, and nothing lies over it
/// there.
pub fn shown_at(service: Service<'_>, host: &Path) -> Option<String> {
    let mounts = service.mounts();
    mounts.iter().enumerate().find_map(|(at, mount)| {
        let source = mount
            .source
            .as_ref()
            .filter(|source| mount.kind == MountKind::Bind && !source.origin.is_unknown())?;
        let rest = host.strip_prefix(&source.value).ok()?.to_str()?;
        let container = path::join(&mount.target.value, rest);
        (filesystem::covering(mounts, &container) == Some(at)).then_some(container)
    })
}

/// The original of a path below a copy in the image, if it is there and takes part in the
/// build.
pub fn host_of_copy(service: Service<'_>, baked: &Baked, rest: &str) -> Option<PathBuf> {
    let host = crate::files::clean(&baked.host.join(rest));
    let files = service.project().workspace().files();
    let is_there = files.exists(&host)
        && !service
            .image()?
            .context
            .is_ignored(&host, files.is_directory(&host));
    is_there.then_some(host)
}
