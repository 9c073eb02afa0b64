//! Code that a process imports and at which its reloader does not look, and the arguments that make
//! it look there.

use crate::image::path;
use crate::knowledge::{Language, Roots};
use crate::links::installed_copies;
use crate::process::Process;
use crate::project::Service;
use crate::project::filesystem;
use crate::project::host_paths;
use crate::repository::sources::Census;
use crate::text::Span;

use super::watch_roots;

/// Code that is mounted and imported, but lies where the reloader of the process does not look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnwatchedCode {
    /// The directory in the container.
    pub directory: String,
    /// The mount that shows it, as an index into the service's `mounts`.
    pub mount: usize,
    /// What makes the process import from there.
    pub imported_by: Span,
}

/// Code that a process imports from mounted directories at which its reloader does not look.
pub fn unwatched_code(service: Service<'_>, process: &Process) -> Vec<UnwatchedCode> {
    let Some(roots) = watch_roots(process) else {
        return Vec::new();
    };
    let files = service.project().workspace().files();
    let mut found: Vec<UnwatchedCode> = Vec::new();
    for (directory, imported_by) in imported_directories(service, process) {
        let is_apart = roots.iter().all(|root| {
            path::below(&directory, root).is_none() && path::below(root, &directory).is_none()
        });
        let Some(seen) = filesystem::seen(service.mounts(), &directory).filter(|_| is_apart) else {
            continue;
        };
        let is_own = service.project().owns(&seen.host);
        // What the watched tree shows at another path is watched there.
        let is_watched = roots
            .iter()
            .filter_map(|root| host_paths::host_of(service, root))
            .any(|root| seen.host.starts_with(&root));
        let has_code = || {
            process.language().is_some_and(|language| {
                Census::of(files, &seen.host, &|_, _| false).number_of(language) > 0
            })
        };
        let is_known = found.iter().any(|known| known.directory == directory);
        if is_own && !is_watched && !is_known && has_code() {
            found.push(UnwatchedCode {
                directory,
                mount: seen.mount,
                imported_by,
            });
        }
    }
    found
}

/// The arguments that make the reloader of a process look at these directories as well.
pub fn flags_to_watch(process: &Process, directories: &[&str]) -> Option<Vec<String>> {
    let Roots::Named(flags) = process.program?.roots else {
        return None;
    };
    // The arguments of a program that wraps the server would become the server's.
    let flag = flags.iter().find(|flag| flag.starts_with("--reload"))?;
    let is_named = process.words().iter().any(|word| word.starts_with(flag));
    let roots = if is_named { &[][..] } else { &["."][..] };
    Some(
        roots
            .iter()
            .chain(directories)
            .flat_map(|directory| [(*flag).to_owned(), (*directory).to_owned()])
            .collect(),
    )
}

/// Directories of the container from which a Python process imports, other than the one it
/// starts in.
fn imported_directories(service: Service<'_>, process: &Process) -> Vec<(String, Span)> {
    if process.language() != Some(Language::Python) {
        return Vec::new();
    }
    let mut found = Vec::new();
    // `pip install -e ../lib` before the server starts.
    for command in &process.side_effects {
        let words = command.argv();
        let is_install =
            words.contains(&"install") && words.iter().any(|word| word.contains("pip"));
        let editable = command
            .words
            .windows(2)
            .filter(|pair| is_install && matches!(pair[0].text.as_str(), "-e" | "--editable"));
        found.extend(editable.map(|pair| {
            (
                without_extras(pair[1].text.as_str()).to_owned(),
                command.span,
            )
        }));
    }
    if let (Some(Some(entries)), Some(span)) = (
        process.variable("PYTHONPATH"),
        process.variable_span("PYTHONPATH"),
    ) {
        found.extend(
            entries
                .split(':')
                .filter(|entry| !entry.is_empty())
                .map(|entry| (entry.to_owned(), span)),
        );
    }
    let mut found: Vec<(String, Span)> = found
        .into_iter()
        .map(|(entry, span)| (path::join(&process.cwd, &entry), span))
        .collect();
    found.extend(
        installed_copies::editable_packages(service)
            .into_iter()
            .filter_map(|(host, span)| Some((host_paths::shown_at(service, &host)?, span))),
    );
    found
}

fn without_extras(path: &str) -> &str {
    path.split('[').next().unwrap_or(path)
}
