//! The first two links: how an edit gets into the container, and what lies over it there.

use std::path::{Path, PathBuf};

use super::{Effect, Holds, Link, Place};
use crate::compose::{Mount, MountKind, Value, Watch, WatchAction};
use crate::files::{Files, clean};
use crate::image::{Action, Baked, CopyFrom, Image, path};
use crate::links::compose_watch;
use crate::process::Process;
use crate::project::filesystem;
use crate::text::Span;

/// How an edit arrives.
pub(super) struct Arrived {
    pub(super) link: Link,
    /// What hides it, if something does.
    pub(super) hidden: Option<Link>,
    /// Where it is to be seen in the container.
    pub(super) container: Option<String>,
    /// What that alone needs.
    pub(super) effect: Effect,
    /// Whether the way it arrives also starts the process anew.
    pub(super) restarts: bool,
    /// Whether it is mounted as a file of its own.
    pub(super) is_file: bool,
}

impl Arrived {
    fn new(holds: Holds, text: String, span: Option<Span>, effect: Effect) -> Self {
        let link = Link {
            name: "arrives",
            holds,
            text,
            span,
        };
        Arrived {
            link,
            hidden: None,
            container: None,
            effect,
            restarts: false,
            is_file: false,
        }
    }
}

/// A bind mount that shows a host path.
struct Shown {
    /// As an index into all mounts.
    mount: usize,
    container: String,
    /// Whether the mount is of that file alone.
    is_file: bool,
}

impl Place<'_> {
    pub(super) fn arrival(&self, process: &Process, host: &Path) -> Arrived {
        let written = self.project.written(host);
        let mut shown: Vec<Shown> = self.binds_of(host);
        // Of several places the one that the process reads.
        shown.sort_by_key(|shown| !self.service.reads_at(process, &shown.container));
        if let Some(visible) = shown
            .iter()
            .find(|shown| filesystem::covering(&self.mounts, &shown.container) == Some(shown.mount))
        {
            let text = format!("{written} is mounted at {}", visible.container);
            let restarts = self.triggers(host).any(|watch| {
                matches!(
                    watch.action.value,
                    WatchAction::Restart | WatchAction::Rebuild
                )
            });
            let effect = if restarts {
                Effect::Watch
            } else {
                Effect::Nothing
            };
            let new = Arrived::new(
                Holds::Yes,
                text,
                self.mounts[visible.mount].origin.span,
                effect,
            );
            return Arrived {
                container: Some(visible.container.clone()),
                restarts,
                is_file: visible.is_file,
                ..new
            };
        }
        if let Some(Shown {
            mount, container, ..
        }) = shown.into_iter().next()
        {
            let over =
                filesystem::covering(&self.mounts, &container).map(|over| &self.mounts[over]);
            let text = format!("{written} is mounted at {container}");
            let hidden = over.map(|over| Link {
                name: "visible",
                holds: Holds::No,
                text: format!("{} lies over {container}", what(over)),
                span: over.origin.span,
            });
            let effect = over.map_or(Effect::Unknown, |over| {
                self.effect_over(over, &container, host)
            });
            let new = Arrived::new(Holds::Yes, text, self.mounts[mount].origin.span, effect);
            return Arrived {
                hidden,
                container: Some(container),
                ..new
            };
        }
        let baked = self.service.image().and_then(|image| baked(image, host));
        if let Some(arrived) = self.watched(
            process,
            host,
            baked.as_ref().map(|(container, _)| container.as_str()),
        ) {
            return arrived;
        }
        if let Some((container, copy)) = baked {
            let text = format!(
                "{written} is copied into the image, to {container}: only a new image brings an edit"
            );
            let mut arrived = Arrived::new(Holds::No, text, Some(copy), Effect::Rebuild);
            if let Some(over) =
                filesystem::covering(&self.mounts, &container).map(|over| &self.mounts[over])
            {
                let text = format!("{} lies over {container}", what(over));
                arrived.hidden = Some(Link {
                    name: "visible",
                    holds: Holds::No,
                    text,
                    span: over.origin.span,
                });
                arrived.effect = self.effect_over(over, &container, host);
            } else if let Some((link, effect)) = self.first_start(&container) {
                arrived.hidden = Some(link);
                arrived.effect = effect;
            }
            return arrived;
        }
        if let Some(made) = self.service.image().and_then(|image| compiled(image, host)) {
            let text = format!(
                "what the build makes of {written} is copied into the image: only a new image brings an edit"
            );
            return Arrived::new(Holds::No, text, Some(made), Effect::Rebuild);
        }
        if let Some(arrived) = self.filled_by_another(host, &written) {
            return arrived;
        }
        let is_unknown = |mount: &Mount| {
            mount.kind == MountKind::Bind
                && mount
                    .source
                    .as_ref()
                    .is_some_and(|source| source.origin.is_unknown())
        };
        if self.mounts.iter().any(is_unknown) {
            let text = "a variable that is not set decides what is mounted".to_owned();
            return Arrived::new(Holds::Unknown, text, None, Effect::Unknown);
        }
        let has_image = self.service.image().is_some() || self.service.spec().build.is_none();
        match has_image {
            true => Arrived::new(
                Holds::No,
                format!("nothing mounts, syncs or copies {written}"),
                None,
                Effect::NoUse,
            ),
            false => Arrived::new(
                Holds::Unknown,
                "the Dockerfile is not known".to_owned(),
                None,
                Effect::Unknown,
            ),
        }
    }

    /// The bind mounts whose source holds a host path, and where that would be seen.
    fn binds_of(&self, host: &Path) -> Vec<Shown> {
        let files = self.project.workspace().files();
        let real = real(files, host);
        let shown = self.mounts.iter().enumerate().filter_map(|(mount, over)| {
            let source = over
                .source
                .as_ref()
                .filter(|source| over.kind == MountKind::Bind && !source.origin.is_unknown())?;
            let source = clean(Path::new(&source.value));
            let rest = match host.strip_prefix(&source) {
                Ok(rest) => rest,
                Err(_) => real.strip_prefix(self::real(files, &source)).ok()?,
            };
            let is_file = rest.as_os_str().is_empty() && !files.is_directory(host);
            Some(Shown {
                mount,
                container: path::join(&over.target.value, rest.to_str()?),
                is_file,
            })
        });
        shown.collect()
    }

    /// What it takes when a mount hides a path. A volume gets the files of the image when it is
    /// new.
    fn effect_over(&self, over: &Mount, container: &str, host: &Path) -> Effect {
        let fills = !self.is_left_empty(over)
            && self
                .service
                .image()
                .is_none_or(|image| baked_at(image, host).any(|at| at == container));
        match fills || self.service.makes_files_at_start() {
            true => effect_of_volume(over, Effect::NoUse),
            false => Effect::NoUse,
        }
    }

    /// Whether a volume is made with `nocopy`.
    fn is_left_empty(&self, volume: &Mount) -> bool {
        let items = self
            .service
            .spec()
            .data
            .get("volumes")
            .and_then(Value::as_list)
            .unwrap_or_default();
        let own = items.iter().find(|item| {
            item.get("target").and_then(Value::as_str) == Some(volume.target.value.as_str())
        });
        let option = own.and_then(|item| {
            item.get("volume")?
                .get("nocopy")
                .map(|option| option.value.clone())
        });
        matches!(option, Some(crate::compose::Data::Bool(true)))
    }

    /// A named volume that another service's image fills with a copy of the path, and that this
    /// service shows.
    fn filled_by_another(&self, host: &Path, written: &str) -> Option<Arrived> {
        let volumes = self
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Volume);
        volumes.into_iter().find_map(|own| {
            let name = own.source.as_ref()?;
            let others = self.project.services().filter(|other| other.name() != self.service.name());
            let (other, copy) = others.into_iter().find_map(|other| {
                let image = other.image()?;
                let mounts = other.spec().mounts.iter().filter(|mount| mount.kind == MountKind::Volume);
                let mount = mounts.into_iter().find(|mount| mount.source.as_ref().is_some_and(|source| source.value == name.value))?;
                let (at, copy) = baked(image, host)?;
                path::below(&at, &mount.target).map(|_| (other, copy))
            })?;
            let name = &name.value;
            let text =
                format!("{written} is copied into the image of `{}`, which fills the volume `{name}` when that is new", other.name());
            let mut arrived = Arrived::new(Holds::No, text, Some(copy), Effect::RemoveVolume(name.clone()));
            let text = format!("the volume `{name}` keeps what it was filled with");
            arrived.hidden = Some(Link { name: "visible", holds: Holds::No, text, span: own.origin.span });
            Some(arrived)
        })
    }

    /// The triggers of `docker compose watch` that notice an edit of a path.
    fn triggers(&self, host: &Path) -> impl Iterator<Item = &Watch> {
        self.service
            .spec()
            .watch
            .iter()
            .filter(|watch| self.notices(watch, host))
    }

    fn notices(&self, watch: &Watch, host: &Path) -> bool {
        let Ok(rest) = host.strip_prefix(&watch.path.value) else {
            return false;
        };
        let rest = rest.to_str().unwrap_or_default().replace('\\', "/");
        if rest.is_empty() {
            return true;
        }
        let fits = |patterns: &[Value<String>]| {
            patterns
                .iter()
                .any(|pattern| compose_watch::pattern(&pattern.value).is_ignored(&rest))
        };
        let is_ignored = self
            .service
            .image()
            .is_some_and(|image| image.context.is_ignored(host, false));
        !fits(&watch.ignore) && !is_ignored && (watch.include.is_empty() || fits(&watch.include))
    }

    /// How an edit arrives while `docker compose watch` runs.
    fn watched(&self, process: &Process, host: &Path, baked: Option<&str>) -> Option<Arrived> {
        let rank = |watch: &&Watch| match watch.action.value {
            WatchAction::Rebuild => 2,
            WatchAction::SyncRestart | WatchAction::SyncExec => 1,
            WatchAction::Sync | WatchAction::Restart => 0,
        };
        let watch = self
            .triggers(host)
            .filter(|watch| watch.action.value != WatchAction::Restart)
            .max_by_key(rank)?;
        let target = watch.target.as_ref().map(|target| {
            let rest = host
                .strip_prefix(&watch.path.value)
                .ok()
                .and_then(Path::to_str)
                .unwrap_or_default();
            path::join(&target.value, rest)
        });
        let container = match watch.action.value {
            WatchAction::Rebuild => baked.map(str::to_owned),
            _ => target,
        };
        // A sync to where nobody reads it does nothing.
        if let (Some(container), Some(baked)) = (&container, baked)
            && container != baked
            && !self.service.reads_at(process, container)
            && self.service.reads_at(process, baked)
        {
            let name = process.name();
            let text = format!(
                "docker compose watch copies it to {container}, and `{name}` reads the copy in the image, {baked}"
            );
            return Some(Arrived::new(
                Holds::No,
                text,
                watch.origin.span,
                Effect::Rebuild,
            ));
        }
        let (text, restarts) = match watch.action.value {
            WatchAction::Rebuild => (
                "docker compose watch builds the image anew and replaces the container",
                true,
            ),
            WatchAction::Restart => ("docker compose watch starts the container anew", true),
            WatchAction::Sync => ("docker compose watch copies it into the container", false),
            WatchAction::SyncRestart => (
                "docker compose watch copies it into the container and starts it anew",
                true,
            ),
            WatchAction::SyncExec => (
                "docker compose watch copies it into the container and runs a command there",
                false,
            ),
        };
        let mut arrived = Arrived::new(
            Holds::Yes,
            format!("while it runs, {text}"),
            watch.origin.span,
            Effect::Watch,
        );
        arrived.restarts = restarts;
        // What a volume keeps stays through a new image.
        let kept = baked.filter(|_| watch.action.value == WatchAction::Rebuild);
        if let Some((over, at)) =
            kept.and_then(|at| Some((&self.mounts[filesystem::covering(&self.mounts, at)?], at)))
        {
            let text = format!("{} lies over {at}", what(over));
            arrived.hidden = Some(Link {
                name: "visible",
                holds: Holds::No,
                text,
                span: over.origin.span,
            });
            arrived.effect = self.effect_over(over, at, host);
        }
        arrived.container = container.or_else(|| Some(self.project.written(host)));
        Some(arrived)
    }
}

/// A path with all symbolic links followed.
fn real(files: &dyn Files, path: &Path) -> PathBuf {
    let followed = path
        .ancestors()
        .find_map(|above| Some(files.link(above)?.join(path.strip_prefix(above).ok()?)));
    followed.unwrap_or_else(|| path.to_path_buf())
}

/// Where the image holds copies of a host path, the last one first, each with the COPY that brought
/// it.
fn copies<'i>(image: &'i Image, host: &'i Path) -> impl Iterator<Item = (String, Span)> + 'i {
    image.baked().iter().rev().filter_map(|baked| {
        let rest = host.strip_prefix(&baked.host).ok()?.to_str()?;
        // The copy of a directory is only a part of what is asked about where that holds it.
        (rest.is_empty() || baked.is_directory && !image.context.is_ignored(host, false))
            .then(|| (path::join(&baked.container, rest), baked.from_context))
    })
}

pub(super) fn baked(image: &Image, host: &Path) -> Option<(String, Span)> {
    copies(image, host).next()
}

pub(super) fn baked_at<'i>(image: &'i Image, host: &'i Path) -> impl Iterator<Item = String> + 'i {
    copies(image, host).map(|(container, _)| container)
}

/// The COPY of something that another stage made, with a host path among what it had to make it
/// from.
fn compiled(image: &Image, host: &Path) -> Option<Span> {
    let made_from =
        |input: &Baked| host.starts_with(&input.host) && !image.context.is_ignored(host, false);
    image
        .artefacts()
        .iter()
        .find(|made| !made.is_dependencies && made.inputs.iter().any(made_from))
        .map(|made| made.copy)
}

/// Whether a RUN of the build reads a host path through a mount.
pub(super) fn bound_in_build(image: &Image, host: &Path) -> Option<Span> {
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    steps.into_iter().find_map(|step| {
        let Action::Run(run) = &step.action else {
            return None;
        };
        let reads = |source: &str| {
            host.starts_with(clean(&image.context.host(source.trim_start_matches('/'))))
        };
        let mut binds = run
            .mounts
            .iter()
            .filter(|mount| mount.kind == "bind" && mount.from == CopyFrom::Context);
        binds
            .any(|mount| reads(mount.source.as_deref().unwrap_or_default()))
            .then_some(step.span)
    })
}

fn what(mount: &Mount) -> String {
    let named = mount.source.as_ref().map(|source| source.value.as_str());
    match (&mount.kind, named) {
        (MountKind::Bind, Some(source)) => format!("another mount, of {source},"),
        (MountKind::Volume, Some(name)) => format!("the volume `{name}`"),
        (MountKind::AnonymousVolume, _) => "an anonymous volume".to_owned(),
        _ => "another mount".to_owned(),
    }
}

/// What it takes when a volume hides the path: a named one outlives everything but its removal.
pub(super) fn effect_of_volume(over: &Mount, other: Effect) -> Effect {
    match (&over.kind, &over.source) {
        (MountKind::Volume, Some(name)) => Effect::RemoveVolume(name.value.clone()),
        (MountKind::AnonymousVolume, _) => Effect::RemoveVolume(String::new()),
        _ => other,
    }
}
