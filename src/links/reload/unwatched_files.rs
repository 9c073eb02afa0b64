//! Whether the code reads a file of configuration for which its process does not reload.

use std::path::{Path, PathBuf};

use crate::image::path;
use crate::knowledge::Language;
use crate::process::{Process, Reload};
use crate::project::Service;
use crate::project::filesystem;
use crate::project::host_paths;
use crate::text::{Source, Span};

/// A file that the code reads and its reloader does not watch.
pub struct UnwatchedFile {
    /// The file on the host.
    pub file: PathBuf,
    /// Where the code names it.
    pub named_at: Span,
}

/// A file of configuration that the code names, that is mounted, and for which the process does
/// not reload.
pub fn unwatched_file(service: Service<'_>, process: &Process) -> Option<UnwatchedFile> {
    let watches = process.program?.watches;
    let is_read_as_it_is = matches!(
        process.language(),
        Some(Language::Python | Language::JavaScript)
    );
    if watches.is_empty()
        || !is_read_as_it_is
        || !matches!(process.reload, Reload::Yes { .. })
        || asks_for_more(service, process)
    {
        return None;
    }
    let files = service.project().workspace().files();
    let directory = filesystem::seen(service.mounts(), &process.cwd)?.host;
    let ending = |name: &str| {
        Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str())
            .map(str::to_owned)
    };
    let is_watched = |name: &str| {
        watches
            .iter()
            .any(|pattern| ending(pattern) == ending(name))
    };
    let is_code = |file: &Path| {
        let name = file.to_string_lossy();
        is_watched(&name) && !name.contains("test")
    };
    for code in files
        .walk(&directory)
        .into_iter()
        .filter(|file| is_code(file))
        .take(200)
    {
        let Ok(source) = service.project().workspace().read(&code) else {
            continue;
        };
        for (at, name) in quoted(&source) {
            let is_configuration =
                ending(name).is_some_and(|ending| CONFIGURATION.contains(&ending.as_str()));
            let host = directory.join(name);
            if is_configuration
                && !is_watched(name)
                && !name.starts_with('/')
                && files.is_file(&host)
            {
                return Some(UnwatchedFile {
                    file: crate::files::clean(&host),
                    named_at: source.span(at..at + name.len()),
                });
            }
        }
    }
    None
}

/// Endings of files that configure a program.
const CONFIGURATION: [&str; 6] = ["yaml", "yml", "toml", "json", "ini", "env"];

/// Whether a process is told to watch other files than it does by itself.
fn asks_for_more(service: Service<'_>, process: &Process) -> bool {
    let flags = [
        "--reload-include",
        "--ext",
        "-e",
        "--watch",
        "-w",
        "--config",
        "--exec",
    ];
    let beside = ["nodemon.json", "nodemon.config.js"];
    let has_file = || {
        beside
            .iter()
            .any(|name| host_paths::host_of(service, &path::join(&process.cwd, name)).is_some())
    };
    process
        .words()
        .iter()
        .any(|word| flags.iter().any(|flag| word.starts_with(flag)))
        || has_file()
}

/// The quoted texts of a source that may be names of files, with where they stand.
fn quoted(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    source
        .text()
        .split_inclusive(['"', '\''])
        .map(move |part| {
            let at = start;
            start += part.len();
            (at, &part[..part.len().saturating_sub(1)])
        })
        .filter(|(_, name)| {
            name.len() < 80 && name.contains('.') && !name.contains(|c: char| c.is_whitespace())
        })
}
