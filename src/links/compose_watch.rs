//! What `docker compose watch` makes of a trigger: which files it sees, which patterns fit them,
//! and who else is hit.
//!
//! Patterns are those of ignore files, anchored at the path of the trigger. Source: `pkg/watch` of
//! Docker Compose.

use std::path::Path;

use crate::compose::{self, MountKind, Value, Watch};
use crate::image::path;
use crate::project::{Project, Service, filesystem};
use crate::syntax::ignore::{self, Patterns};
use crate::text::{Source, Span};

/// More files than that below one path are not looked at.
const MOST_FILES: usize = 20_000;

/// The patterns of a trigger, compiled.
pub fn pattern(text: &str) -> Patterns {
    ignore::parse(&Source::detached(text)).0
}

/// The files below the path of a trigger that the project holds, relative to it; none when it is a
/// file.
pub fn files_below(project: &Project<'_>, watch: &Watch) -> Vec<String> {
    let root = Path::new(&watch.path.value);
    let files = project.workspace().files();
    if !files.is_directory(root) || !project.owns(root) {
        return Vec::new();
    }
    let all = files.walk(root);
    let below = all
        .iter()
        .take(MOST_FILES)
        .filter_map(|path| path.strip_prefix(root).ok()?.to_str());
    below.map(|path| path.replace('\\', "/")).collect()
}

/// The line of the ignore file that keeps the path of a trigger from being watched. A line `*`
/// switches off all lines without `!`.
pub fn ignored_by(service: Service<'_>, watch: &Watch) -> Option<Span> {
    let image = service.image().filter(|_| service.spec().build.is_some())?;
    let context = &image.context;
    let host = Path::new(&watch.path.value);
    let is_directory = service.project().workspace().files().is_directory(host);
    if context
        .patterns
        .iter()
        .any(|pattern| pattern.text == "*" && !pattern.negated)
        || !context.is_ignored(host, is_directory)
    {
        return None;
    }
    context
        .patterns
        .decide(&context.relative(host)?)
        .map(|pattern| pattern.span)
}

/// Where the image has the files that a trigger syncs, each with the COPY that put them there.
/// Empty where that is not known, or where a build step may have changed them.
pub fn copies_of(service: Service<'_>, host: &Path) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for baked in service
        .image()
        .map(|image| image.baked())
        .unwrap_or_default()
    {
        let Ok(rest) = host.strip_prefix(&baked.host) else {
            continue;
        };
        if baked.worked_on || baked.partial {
            return Vec::new();
        }
        let Some(rest) = rest.to_str() else { continue };
        found.push((path::join(&baked.container, rest), baked.copy));
    }
    found
}

/// The bind mount by which what a trigger syncs into the container gets back to the files that
/// it watches.
pub fn synced_back<'p>(service: Service<'p>, watch: &Watch) -> Option<&'p compose::Mount> {
    let target = watch
        .target
        .as_ref()
        .filter(|target| !target.origin.is_unknown())?;
    let seen = filesystem::seen(service.mounts(), target)?;
    let watched = Path::new(&watch.path.value);
    let mount = &service.mounts()[seen.mount];
    let is_same = seen.host.starts_with(watched) || watched.starts_with(&seen.host);
    (is_same && !mount.read_only).then_some(mount)
}

/// Whether the path of a trigger is bind-mounted, so that a sync of it is ignored.
pub fn mounts_watched<'p>(service: Service<'p>, watch: &Watch) -> Option<&'p Value<String>> {
    if watch.path.origin.is_unknown() {
        return None;
    }
    let binds = service
        .mounts()
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind);
    let sources = binds
        .filter_map(|mount| mount.source.as_ref())
        .filter(|source| !source.origin.is_unknown());
    sources
        .into_iter()
        .find(|source| Path::new(&watch.path.value).starts_with(&source.value))
}

/// The other services that run the same tag at the same time.
pub fn sharers_of_tag<'p>(service: Service<'p>) -> Vec<Service<'p>> {
    let Some(tag) = service
        .spec()
        .image
        .as_ref()
        .filter(|tag| !tag.origin.is_unknown())
    else {
        return Vec::new();
    };
    let shares = |other: &Service<'p>| {
        let is_same = other
            .spec()
            .image
            .as_ref()
            .is_some_and(|image| !image.origin.is_unknown() && image.value == tag.value);
        is_same && other.name() != service.name() && service.spec().runs_beside(other.spec())
    };
    service.project().services().filter(shares).collect()
}
