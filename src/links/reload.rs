//! Whether a process keeps old code although edits arrive, and where its reloader looks.

use crate::image::path;
use crate::knowledge::{self, Roots};
use crate::links::bringing::{self, Bringer};
use crate::links::code_origin::{self, Maker};
use crate::links::installed_copies;
use crate::links::staying;
use crate::process::{Process, Reads, Reload};
use crate::project::Service;

mod missing_tool;
mod opcache;
mod shell_in_front;
mod unwatched_code;
mod unwatched_files;
mod watched_packages;

pub use missing_tool::missing_tool;
pub use opcache::opcache_without_timestamps;
pub use shell_in_front::shell_that_stays;
pub use unwatched_code::{UnwatchedCode, flags_to_watch, unwatched_code};
pub use unwatched_files::{UnwatchedFile, unwatched_file};
pub use watched_packages::{WatchedPackages, watched_packages};

/// What brings edits of its code to a process that stays, reads the sources or what each start
/// makes of them, and was meant to be asked about: nothing when something starts it again with
/// each edit.
pub fn brought_without_restart(service: Service<'_>, process: &Process) -> Option<Bringer> {
    let reads = match process.reads {
        Reads::Source | Reads::Package(_) => installed_copies::of(service, process).is_empty(),
        Reads::Artifact(_) => matches!(code_origin::maker(service, process), Some(Maker::Start(_))),
        _ => false,
    };
    let bringer =
        bringing::bringer(service, process).filter(|bringer| !bringer.restarts && reads)?;
    staying::stays(service, process).then_some(bringer)
}

/// Whether the command that decides what runs stands in a compose file.
pub fn says_in_compose(service: Service<'_>, process: &Process) -> bool {
    let mut commands = service
        .spec()
        .command
        .iter()
        .chain(&service.spec().entrypoint);
    commands.any(|command| {
        command
            .span()
            .is_some_and(|span| span.contains(process.written_at))
    })
}

/// The directories of the container at which the reloader of a process looks; `None` when it looks
/// elsewhere, or nobody knows.
pub fn watch_roots(process: &Process) -> Option<Vec<String>> {
    if !matches!(process.reload, Reload::Yes { .. }) {
        return None;
    }
    let words = process.words();
    let named: Vec<&str> = match process.program?.roots {
        Roots::Loaded | Roots::Unknown => return None,
        Roots::Named(flags) => {
            let joined = |word: &'_ str| {
                flags
                    .iter()
                    .find_map(|flag| Some(word.strip_prefix(flag)?.strip_prefix('=')?.len()))
            };
            let behind = words
                .windows(2)
                .filter(|pair| flags.contains(&pair[0]))
                .map(|pair| pair[1]);
            let joined = words
                .iter()
                .filter_map(|word| joined(word).map(|length| &word[word.len() - length..]));
            let named: Vec<&str> = behind.chain(joined).collect();
            match process
                .variable(knowledge::UVICORN_DIRECTORIES)
                .filter(|_| named.is_empty() && flags.contains(&"--reload-dir"))
            {
                Some(directories) => directories?
                    .split(':')
                    .filter(|directory| !directory.is_empty())
                    .collect(),
                None => named,
            }
        }
        Roots::Behind => words
            .iter()
            .skip(1)
            .filter(|word| !word.starts_with('-'))
            .skip(1)
            .copied()
            .collect(),
    };
    if named.iter().any(|name| name.contains('$')) {
        return None;
    }
    match named.is_empty() {
        true => Some(vec![process.cwd.clone()]),
        false => Some(
            named
                .into_iter()
                .map(|name| path::join(&process.cwd, name))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests;
