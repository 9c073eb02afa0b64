//! How an edit reaches a process: which part of the code it reads, and what brings an edit of it
//! into the container.

use std::path::{Path, PathBuf};

use crate::compose::{Mount, Watch, WatchAction};
use crate::image::path;
use crate::links::code_origin::{self, Maker};
use crate::process::Process;
use crate::project::Service;
use crate::project::filesystem::{self, Arrival, Part};
use crate::repository::sources::Census;
use crate::text::Span;

/// Mounts that show less than this part of the code, one in so many files, are about something
/// else.
const LEAST_PART: usize = 5;

/// What brings edits of the code that a process reads into its container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bringer {
    /// The mount or the watch trigger.
    pub span: Span,
    /// Whether it also restarts the process: a trigger that rebuilds or restarts.
    pub restarts: bool,
}

/// The parts of the code in the image that a process reads: they lie above or below its working
/// directory, or hold a file that its command names. First what the command names, then those
/// with most source files.
pub fn parts_read_by<'p>(service: Service<'p>, process: &Process) -> Vec<&'p Part> {
    let files = service.project().workspace().files();
    let is_named = |part: &Part| {
        entries(process).any(|entry| original(part, &entry).is_some_and(|host| files.exists(&host)))
    };
    let mut parts: Vec<(bool, &Part)> = service
        .parts()
        .iter()
        .map(|part| (is_named(part), part))
        .collect();
    parts.retain(|(is_named, part)| *is_named || reads(process, &part.baked.container));
    parts.sort_by_key(|(is_named, part)| std::cmp::Reverse((*is_named, part.census.interpreted())));
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Whether a process reads what lies at a path of the container: around its working directory,
/// or around a path that its command or a list of places for modules names.
pub fn reads_at(process: &Process, container: &str) -> bool {
    let around = |place: &str| {
        path::below(place, container).is_some() || path::below(container, place).is_some()
    };
    let lists = ["PYTHONPATH", "NODE_PATH"]
        .into_iter()
        .filter_map(|name| process.variable(name)?);
    let mut entries = lists
        .flat_map(|list| list.split(':'))
        .filter(|entry| !entry.is_empty());
    let words = process.words();
    let mut values = words
        .iter()
        .filter_map(|word| Some(word.split_once('=')?.1))
        .filter(|value| value.starts_with('/'));
    reads(process, container)
        || entries.any(|entry| around(&path::join(&process.cwd, entry)))
        || values.any(around)
}

/// Whether a process of a service runs code that lies in its image, so that an edit needs a build.
pub fn runs_baked_code(service: Service<'_>) -> bool {
    service.spec().build.is_some()
        && service.processes().iter().any(|process| {
            let reads_copy = || {
                let mut parts = parts_read_by(service, process)
                    .into_iter()
                    .filter(|part| part.is_code());
                parts.any(|part| part.arrival == Arrival::Baked)
                    && bringer(service, process).is_none()
            };
            code_origin::maker(service, process) == Some(Maker::Image)
                || (code_origin::may_read_sources(process) && reads_copy())
        })
}

/// What brings edits of the code that a process reads into the container, if anything does.
pub fn bringer(service: Service<'_>, process: &Process) -> Option<Bringer> {
    let spec = service.spec();
    // `docker compose watch` may restart the container for what a mount brings.
    let restarts = |host: &Path| {
        let acts = |watch: &Watch| {
            matches!(
                watch.action.value,
                WatchAction::Restart | WatchAction::Rebuild
            )
        };
        spec.watch
            .iter()
            .any(|watch| acts(watch) && host.starts_with(&watch.path.value))
    };
    let mount = |at: usize, host: &Path| {
        service.mounts()[at].origin.span.map(|span| Bringer {
            span,
            restarts: restarts(host),
        })
    };
    for part in parts_read_by(service, process)
        .into_iter()
        .filter(|part| !part.census.is_empty())
    {
        match &part.arrival {
            Arrival::Mounted(at) => return mount(*at, &part.baked.host),
            Arrival::PartlyMounted(_) => {
                if let Some(most) = most_of(service, part) {
                    return mount(most, &part.baked.host);
                }
            }
            Arrival::Watched(at) => {
                let watch = &spec.watch[*at];
                let restarts = !matches!(watch.action.value, WatchAction::Sync);
                return watch.origin.span.map(|span| Bringer { span, restarts });
            }
            _ => {}
        }
    }
    let (at, host) = mounts_of_code(service, process).into_iter().next()?;
    mount(at, &host)
}

/// The mount that shows most of a part of the code which is mounted only partly; `None` when
/// what is mounted is about something else: a directory of settings with an `__init__.py`
/// brings no edits of the code.
fn most_of(service: Service<'_>, part: &Part) -> Option<usize> {
    let Arrival::PartlyMounted(all) = &part.arrival else {
        return None;
    };
    let files = service.project().workspace().files();
    let code = |at: &usize| {
        let source = service.mounts()[*at].source.as_ref();
        source.map_or(0, |source| {
            Census::of(files, Path::new(&source.value), &|_, _| false).number()
        })
    };
    let most = all.iter().max_by_key(|at| code(at)).copied()?;
    (all.iter().map(code).sum::<usize>() * LEAST_PART >= part.census.number()).then_some(most)
}

/// Whether an edit of a part of the code arrives without a new image, at least for a good part
/// of it.
pub fn brings(service: Service<'_>, part: &Part) -> bool {
    match part.arrival {
        Arrival::PartlyMounted(_) => most_of(service, part).is_some(),
        _ => part.arrival.arrives(),
    }
}

/// The code that is mounted where a process works although its image holds no copy of it, an
/// image with the tools alone: each mount, as an index into the service's `mounts`, with what
/// it shows there; first that with most source files.
pub fn mounts_of_code(service: Service<'_>, process: &Process) -> Vec<(usize, PathBuf)> {
    let mounts = service.mounts();
    let files = service.project().workspace().files();
    let around = filesystem::seen(mounts, &process.cwd).map(|seen| (seen.mount, seen.host));
    // Beside a copy of the code, what is mounted deeper is settings and data.
    let has_copy = process.cwd == "/"
        || parts_read_by(service, process)
            .iter()
            .any(|part| !part.census.is_empty());
    let is_below = |mount: &Mount| {
        !has_copy && path::below(&mount.target, &process.cwd).is_some_and(|rest| !rest.is_empty())
    };
    let below = mounts
        .iter()
        .enumerate()
        .filter(|(_, mount)| is_below(mount));
    let below =
        below.filter_map(|(at, mount)| Some((at, filesystem::bind_source(mount)?.to_path_buf())));
    let own = around
        .into_iter()
        .chain(below)
        .filter(|(_, host)| service.project().owns(host));
    let counted = own.map(|(at, host)| {
        let census = Census::of(files, &host, &|_, _| false);
        (
            process
                .language()
                .map_or(census.number(), |language| census.number_of(language)),
            at,
            host,
        )
    });
    let mut found: Vec<(usize, usize, PathBuf)> = counted.filter(|(code, ..)| *code > 0).collect();
    found.sort_by_key(|(code, ..)| std::cmp::Reverse(*code));
    found.into_iter().map(|(_, at, host)| (at, host)).collect()
}

/// Whether what lies at a container path takes part in what a process reads.
pub(super) fn reads(process: &Process, container: &str) -> bool {
    let around = |place: &str| {
        path::below(place, container).is_some() || path::below(container, place).is_some()
    };
    // A process that starts in the root directory reads what its command names, not everything.
    let starts_there = process.cwd != "/" && around(&process.cwd);
    starts_there
        || process
            .words()
            .iter()
            .filter(|word| word.contains('/'))
            .any(|word| around(&path::join(&process.cwd, word)))
}

/// The container paths that the words of a command may stand for: `src/main.py`, and for
/// `app.main:app` or `-A tasks` the module's.
fn entries(process: &Process) -> impl Iterator<Item = String> {
    let words = process
        .words()
        .into_iter()
        .skip(1)
        .filter(|word| !word.starts_with('-') && !word.is_empty());
    words.flat_map(|word| {
        let module = word.split(':').next().unwrap_or(word).replace('.', "/");
        [
            path::join(&process.cwd, word),
            path::join(&process.cwd, &format!("{module}.py")),
            path::join(&process.cwd, &module),
        ]
    })
}

/// The host path of what lies at a path of the container, if it is in that part.
fn original(part: &Part, container: &str) -> Option<PathBuf> {
    let rest = path::below(container, &part.baked.container)?;
    match rest {
        "" => Some(part.baked.host.clone()),
        rest => part.baked.is_directory.then(|| part.baked.host.join(rest)),
    }
}

#[cfg(test)]
mod tests;
