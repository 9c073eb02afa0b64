//! Which files a call loads: its directory and its `-f` options, or discovery, made paths of files that are there.

use std::path::{Path, PathBuf};

use super::ComposeCall;
use crate::files::{Files, clean};

/// The names of a main file, in the order Docker Compose prefers them.
/// <https://github.com/compose-spec/compose-go/blob/main/cli/options.go>
const MAIN_NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of an override that is loaded by itself, in the same order.
const OVERRIDE_NAMES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Fills in the directory and the paths of a call that runs in one of `directories`, the likeliest first.
pub(super) fn resolve(call: &mut ComposeCall, directories: &[PathBuf], root: &Path, files: &dyn Files) {
    if let [only] = directories {
        call.directory = Some(only.clone());
    }
    if !call.files_known {
        return;
    }
    if call.files.is_empty() {
        for directory in directories {
            let start = match &call.project_directory {
                Some(project) => clean(&directory.join(&project.text)),
                None => directory.clone(),
            };
            if let Some(paths) = discover(&start, root, files) {
                (call.directory, call.paths) = (Some(directory.clone()), Some(paths));
                return;
            }
        }
        return;
    }
    for directory in directories {
        let paths: Vec<PathBuf> = call.files.iter().map(|file| clean(&directory.join(&file.text))).collect();
        if paths.iter().all(|path| files.is_file(path)) {
            (call.directory, call.paths) = (Some(directory.clone()), Some(paths));
            return;
        }
    }
}

/// The main file and its override in `directory` or the nearest directory above it, up to `root`.
fn discover(directory: &Path, root: &Path, files: &dyn Files) -> Option<Vec<PathBuf>> {
    let first = |directory: &Path, names: &[&str]| names.iter().map(|name| directory.join(name)).find(|path| files.is_file(path));
    let main = directory.ancestors().take_while(|at| at.starts_with(root)).find_map(|at| first(at, &MAIN_NAMES))?;
    let beside = main.parent().and_then(|directory| first(directory, &OVERRIDE_NAMES));
    Some(std::iter::once(main).chain(beside).collect())
}
