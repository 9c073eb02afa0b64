//! What mounted code imports of directories that are only copies in the image.

use std::path::{Path, PathBuf};

use crate::image::path;
use crate::knowledge::directories;
use crate::project::filesystem::Arrival;
use crate::project::host_paths;
use crate::project::{Service, mounts};
use crate::repository::sources::Census;
use crate::text::{Source, Span};

/// A directory of code that is a copy in the image, and an import of it in code that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmountedImport {
    /// The directory on the host.
    pub directory: PathBuf,
    /// Where the copy lies in the container.
    pub container: String,
    /// The COPY that brought it.
    pub copy: Span,
    /// The line of mounted code that imports it.
    pub import: Span,
}

/// So many files of mounted code are searched for imports.
const MOST_FILES: usize = 300;

/// Directories that people run by hand or once.
const ASIDE: [&str; 16] = [
    "test",
    "tests",
    "spec",
    "docs",
    "doc",
    "scripts",
    "script",
    "tools",
    "bin",
    "migrations",
    "alembic",
    "examples",
    "benchmarks",
    "docker",
    "ci",
    "config",
];

/// The directories of Python code that a service runs as copies, while code that it mounts
/// imports them.
pub fn unmounted(service: Service<'_>) -> Vec<UnmountedImport> {
    let mounted = mounted_code(service);
    let mut found: Vec<UnmountedImport> = Vec::new();
    if mounted.is_empty() {
        return found;
    }
    for (directory, container, copy) in unmounted_directories(service) {
        let name = path::name(&container);
        let is_known = found.iter().any(|known| known.directory == directory);
        if let Some(import) = mounted
            .iter()
            .find_map(|source| import_of(source, name))
            .filter(|_| !is_known)
        {
            found.push(UnmountedImport {
                directory,
                container,
                copy,
                import,
            });
        }
    }
    found
}

/// The Python files that bind mounts show.
fn mounted_code(service: Service<'_>) -> Vec<Source> {
    let workspace = service.project().workspace();
    let is_python = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "py");
    let paths = mounts::of_code(service)
        .into_iter()
        .flat_map(|(_, host)| workspace.files().walk(&host));
    paths
        .filter(is_python)
        .take(MOST_FILES)
        .filter_map(|path| workspace.read(&path).ok())
        .collect()
}

/// Packages among the copies in the image that no mount and no trigger reaches, where a process
/// looks for them.
fn unmounted_directories(service: Service<'_>) -> Vec<(PathBuf, String, Span)> {
    let files = service.project().workspace().files();
    let is_package = |host: &Path, name: &str| {
        let is_aside = ASIDE.contains(&name) || name.starts_with('.') || directories::is_made(name);
        !is_aside && Census::of(files, host, &|_, _| false).interpreted() > 0
    };
    let is_reached = |host: &Path| {
        let by_mount = service.mounts().iter().filter_map(mounts::bind_source);
        let by_watch = service
            .spec()
            .watch
            .iter()
            .map(|watch| Path::new(&watch.path.value));
        by_mount
            .chain(by_watch)
            .any(|source| host.starts_with(source) || source.starts_with(host))
    };
    let beside = |container: &str| {
        service
            .processes()
            .iter()
            .any(|process| path::join(container, "..") == process.cwd)
    };
    let mut found = Vec::new();
    for part in service
        .parts()
        .iter()
        .filter(|part| part.is_code() && part.baked.is_directory)
    {
        let baked = &part.baked;
        match part.arrival {
            Arrival::Baked
                if is_package(&baked.host, path::name(&baked.container))
                    && beside(&baked.container)
                    && !is_reached(&baked.host) =>
            {
                found.push((
                    baked.host.clone(),
                    baked.container.clone(),
                    baked.from_context,
                ));
            }
            Arrival::PartlyMounted(_) => {
                for entry in files
                    .list(&baked.host)
                    .iter()
                    .filter(|entry| entry.is_directory)
                {
                    let (host, container) = (
                        baked.host.join(&entry.name),
                        path::join(&baked.container, &entry.name),
                    );
                    let is_copied = host_paths::host_of_copy(service, baked, &entry.name).is_some();
                    if is_copied
                        && is_package(&host, &entry.name)
                        && beside(&container)
                        && !is_reached(&host)
                    {
                        found.push((host, container, baked.from_context));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The line that imports a top package: `import common`, `from common.auth import …`.
fn import_of(source: &Source, package: &str) -> Option<Span> {
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim_end();
        let module = text
            .strip_prefix("from ")
            .or_else(|| text.strip_prefix("import "));
        let first = module.map(|module| {
            module
                .trim_start()
                .split(['.', ' ', ','])
                .next()
                .unwrap_or_default()
        });
        if first == Some(package) {
            return Some(source.span(start..start + text.len()));
        }
        start += line.len();
    }
    None
}
