//! Whether a reloader watches directories of installed packages.

use std::path::PathBuf;

use super::watch_roots;
use crate::image::path;
use crate::knowledge::python;
use crate::process::Process;
use crate::project::Service;
use crate::project::filesystem;

/// A directory of installed packages that a reloader watches.
pub struct WatchedPackages {
    /// Where it lies on the host.
    pub host: PathBuf,
    /// Where it lies in the container.
    pub container: String,
    /// The mount that shows it, as an index into the service's `mounts`.
    pub mount: usize,
}

/// Installed packages on the host that the reloader of a process watches.
pub fn watched_packages(service: Service<'_>, process: &Process) -> Option<WatchedPackages> {
    let watches_names = python::WATCH_PACKAGES.contains(&process.program?.name);
    let files = service.project().workspace().files();
    for root in watch_roots(process).filter(|_| watches_names)? {
        for name in PACKAGES {
            let container = path::join(&root, name);
            let seen = filesystem::seen(service.mounts(), &container);
            if let Some(seen) = seen.filter(|seen| files.is_directory(&seen.host)) {
                return Some(WatchedPackages {
                    host: seen.host,
                    container,
                    mount: seen.mount,
                });
            }
        }
    }
    None
}

/// Directories of installed packages.
const PACKAGES: [&str; 5] = ["node_modules", ".venv", "venv", "env", "site-packages"];
