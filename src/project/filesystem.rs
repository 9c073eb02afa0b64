//! The container's file system as far as it concerns the user's own code: what the image baked,
//! what is mounted over it, and so how an edit on the host arrives.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::compose::{self, Mount, MountKind, Watch, WatchAction};
use crate::files::Files;
use crate::image::{Baked, Image, path};
use crate::repository::sources::Census;

/// A part of the host's code that the image holds a copy of, and how an edit of it arrives in the
/// container.
#[derive(Clone, Debug)]
pub struct Part {
    /// What was copied, from where to where.
    pub baked: Baked,
    /// The source code in it.
    pub census: Census,
    /// How an edit arrives.
    pub arrival: Arrival,
}

impl Part {
    /// Whether it is source code that is read as it is. What came through a stage that worked on it
    /// may be something else by now.
    pub fn is_code(&self) -> bool {
        self.census.interpreted() > 0 && !self.baked.worked_on
    }
}

/// How an edit of a file on the host arrives in the container. The numbers are indexes into the
/// service's mounts and its `watch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It does not: the container sees the copy in the image.
    Baked,
    /// It does not, though the same files are mounted: at another path.
    MountedElsewhere(usize),
    /// At once: a bind mount lies over the copy.
    Mounted(usize),
    /// At once for the parts of it that these bind mounts lie over.
    PartlyMounted(Vec<usize>),
    /// While `docker compose watch` runs: files are synced, or the image is built again.
    Watched(usize),
    /// It does not: a volume, or another directory of the host, lies over the copy.
    Hidden(usize),
    /// A path depends on something that nobody knows.
    Unknown,
}

impl Arrival {
    /// Whether an edit arrives without a new image, at least for a part.
    pub fn arrives(&self) -> bool {
        matches!(
            self,
            Arrival::Mounted(_) | Arrival::PartlyMounted(_) | Arrival::Watched(_)
        )
    }
}

/// Where a host path is to be seen in the container, and through which mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The host path behind the container path.
    pub host: PathBuf,
    /// The mount it is seen through, as an index into the service's `mounts`.
    pub mount: usize,
}

/// How edits of each baked part arrive in a service's container.
pub fn parts(
    image: &Image,
    service: &compose::Service,
    mounts: &[Mount],
    files: &dyn Files,
) -> Vec<Part> {
    // Many mounts may show one directory.
    let seen: RefCell<FxHashMap<PathBuf, bool>> = RefCell::default();
    let is_code = |source: &Path| {
        let look = || !Census::of(files, source, &|_, _| false).is_empty();
        *seen
            .borrow_mut()
            .entry(source.to_path_buf())
            .or_insert_with(look)
    };
    let part = |baked: &Baked| {
        let census = image.context.census(files, &baked.host);
        Part {
            baked: baked.clone(),
            census,
            arrival: arrival(baked, service, mounts, &is_code),
        }
    };
    image.baked().iter().map(part).collect()
}

fn arrival(
    baked: &Baked,
    service: &compose::Service,
    mounts: &[Mount],
    is_code: &dyn Fn(&Path) -> bool,
) -> Arrival {
    if let Some(mount) = covering(mounts, &baked.container) {
        return over(baked, &mounts[mount], mount);
    }
    let partly = inside(baked, mounts, is_code);
    if !partly.is_empty() {
        return Arrival::PartlyMounted(partly);
    }
    if let Some(watch) = service.watch.iter().position(|watch| brings(watch, baked)) {
        return Arrival::Watched(watch);
    }
    // Where a variable chooses the target, its value on somebody's machine may well be the code's
    // path.
    if mounts.iter().any(|mount| !mount.target.origin.is_fixed()) {
        return Arrival::Unknown;
    }
    match mounts
        .iter()
        .position(|mount| is_bind_of(mount, &baked.host))
    {
        Some(mount) => Arrival::MountedElsewhere(mount),
        None => Arrival::Baked,
    }
}

/// The mount that decides what is to be seen at `path`: the deepest whose target holds it.
pub fn covering(mounts: &[Mount], container: &str) -> Option<usize> {
    let covers = |mount: &Mount| path::below(container, &mount.target).is_some();
    let candidates = mounts.iter().enumerate().filter(|(_, mount)| covers(mount));
    candidates
        .max_by_key(|(at, mount)| {
            let depth = mount.target.value.trim_end_matches('/').len();
            (depth, mount.via, *at)
        })
        .map(|(at, _)| at)
}

/// What of the host is to be seen at a container path, if a bind mount shows it there.
pub fn seen(mounts: &[Mount], container: &str) -> Option<Seen> {
    let at = covering(mounts, container)?;
    let mount = &mounts[at];
    let source = bind_source(mount)?;
    let rest = path::below(container, &mount.target)?;
    Some(Seen {
        host: crate::files::clean(&source.join(rest)),
        mount: at,
    })
}

fn over(baked: &Baked, mount: &Mount, at: usize) -> Arrival {
    let Some(source) = bind_source(mount) else {
        return match is_unknown_source(mount) {
            true => Arrival::Unknown,
            false => Arrival::Hidden(at),
        };
    };
    let rest = path::below(&baked.container, &mount.target).unwrap_or_default();
    let there = crate::files::clean(&source.join(rest));
    // The same files, or a tree that holds them, or a part of them: a mount of related paths is
    // meant to bring edits in.
    match there.starts_with(&baked.host) || baked.host.starts_with(&there) {
        true => Arrival::Mounted(at),
        false => Arrival::Hidden(at),
    }
}

/// Bind mounts below the copy that show code of the copied directory.
fn inside(baked: &Baked, mounts: &[Mount], is_code: &dyn Fn(&Path) -> bool) -> Vec<usize> {
    let shows_code = |mount: &Mount| {
        let below =
            path::below(&mount.target, &baked.container).is_some_and(|rest| !rest.is_empty());
        let source = bind_source(mount).filter(|_| below);
        source.is_some_and(|source| source.starts_with(&baked.host) && is_code(source))
    };
    mounts
        .iter()
        .enumerate()
        .filter(|(_, mount)| shows_code(mount))
        .map(|(at, _)| at)
        .collect()
}

/// Whether a watch trigger reacts to edits of the copied files, and brings them in.
fn brings(watch: &Watch, baked: &Baked) -> bool {
    let path = Path::new(&watch.path.value);
    let related = baked.host.starts_with(path) || path.starts_with(&baked.host);
    let brings = match watch.action.value {
        WatchAction::Rebuild => baked.host.starts_with(path),
        WatchAction::Sync | WatchAction::SyncRestart | WatchAction::SyncExec => true,
        WatchAction::Restart => false,
    };
    related && brings
}

fn is_bind_of(mount: &Mount, host: &Path) -> bool {
    bind_source(mount).is_some_and(|source| {
        source == host
            || host.starts_with(source)
                && source.components().count() + 2 > host.components().count()
    })
}

/// The directory or file of the host that a bind mount shows, if it is known.
pub fn bind_source(mount: &Mount) -> Option<&Path> {
    let source = mount
        .source
        .as_ref()
        .filter(|source| mount.kind == MountKind::Bind && !source.origin.is_unknown())?;
    Some(Path::new(&source.value))
}

/// A mount whose source, or whose kind, a variable decides: what it shows is not known.
fn is_unknown_source(mount: &Mount) -> bool {
    mount
        .source
        .as_ref()
        .is_some_and(|source| source.origin.is_unknown())
}
