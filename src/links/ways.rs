//! The ways by which an edit of a host path may get to a process: every mount that shows it, every
//! copy in the image, everything that the build makes from it. Which of them counts depends on which
//! path of the container the process reads.

use std::path::{Path, PathBuf};

use super::action::Action;
use super::chain::{Cause, Link};
use super::way::{Way, copies};
use super::{Place, hidden, siblings};
use crate::compose::{Mount, MountKind};
use crate::files::{Files, clean};
use crate::image::{self, Baked, CopyFrom, Image, path};
use crate::links::bringing;
use crate::links::code_origin;
use crate::process::Process;
use crate::project::at_start;
use crate::project::filesystem;
use crate::project::host_paths;
use crate::project::mounts::{bind_source, is_volume};
use crate::text::Span;

/// A place in the container where a host path lies, and is not hidden.
struct Location {
    container: String,
    /// What puts it there.
    by: By,
}

/// What puts a host path into the container.
enum By {
    /// This mount; whether it is of that file alone.
    Mount(usize, bool),
    /// This COPY.
    Copy(Span),
}

impl Place<'_> {
    /// The ways that count for a process; at least one.
    pub(super) fn ways(&self, process: &Process, host: &Path) -> Vec<Way> {
        let locations = self.locations(host);
        let mut ways = Vec::new();
        let starting = |location: &&Location| starts_with(process, &location.container);
        for location in locations.iter().filter(starting) {
            ways.push(self.way_to_read(process, host, location, &locations));
        }
        if ways.is_empty() {
            ways.extend(self.read_location(process, host, &locations));
        }
        ways.extend(self.made_in_build(process, host));
        if ways.is_empty() {
            ways.push(self.unread(process, host, &locations));
        }
        ways
    }

    /// Where a host path is to be seen in the container.
    fn locations(&self, host: &Path) -> Vec<Location> {
        let mut found = Vec::new();
        for (mount, container, is_file) in self.binds_of(host) {
            if filesystem::covering(self.mounts, &container) == Some(mount) {
                let by = By::Mount(mount, is_file);
                found.push(Location { container, by });
            }
        }
        let image = self.service.image();
        for (container, copy) in image.into_iter().flat_map(|image| copies(image, host)) {
            let is_known = found.iter().any(|known| known.container == container);
            if !is_known && filesystem::covering(self.mounts, &container).is_none() {
                let by = By::Copy(copy);
                found.push(Location { container, by });
            }
        }
        found
    }

    fn way(&self, location: &Location, host: &Path) -> Way {
        let written = self.project.written(host);
        let at = &location.container;
        match location.by {
            By::Mount(mount, is_file) => {
                let span = self.mounts[mount].origin.span;
                let text = format!("{written} is mounted at {at}");
                let is_link = self.project.workspace().files().link(host).is_some()
                    && path::below(at, &self.mounts[mount].target) == Some("");
                Way {
                    is_file,
                    is_link,
                    ..Way::new(Link::yes(text, span), Action::None).at(at)
                }
            }
            By::Copy(copy) => {
                let text = format!(
                    "{written} is copied into the image, to {at}: only a new image brings an edit"
                );
                let link = Link::no(Cause::Baked, text, Some(copy));
                let way = Way::new(link, Action::Rebuild).at(at);
                match hidden::first_start(self, at) {
                    Some((link, action)) => Way {
                        hidden: Some(link),
                        action,
                        ..way
                    },
                    None => way,
                }
            }
        }
    }

    /// The way to the copy that a process reads, of all that are to be seen: what lies where it
    /// works or what its command names comes before what a search path names.
    fn read_location(&self, process: &Process, host: &Path, locations: &[Location]) -> Option<Way> {
        let read = locations
            .iter()
            .filter(|location| bringing::reads_at(process, &location.container))
            .min_by_key(|location| {
                let is_near = super::bringing::reads(process, &location.container);
                let is_mount = matches!(location.by, By::Mount(..));
                (!is_near, !is_mount)
            })?;
        Some(self.way_to_read(process, host, read, locations))
    }

    /// The way to a place that a process reads. What is mounted beside a copy that it reads is for
    /// nothing.
    fn way_to_read(
        &self,
        process: &Process,
        host: &Path,
        read: &Location,
        locations: &[Location],
    ) -> Way {
        let is_mount = |location: &&Location| matches!(location.by, By::Mount(..));
        let By::Copy(copy) = read.by else {
            return self.way(read, host);
        };
        let Some(beside) = locations.iter().find(is_mount) else {
            return self.way(read, host);
        };
        let name = process.name();
        let text = format!("`{name}` reads the copy in the image, {}", read.container);
        Way {
            read: Some(Link::no(Cause::OtherCopy, text, Some(copy))),
            action: Action::Rebuild,
            ..self.way(beside, host)
        }
    }

    /// What the build makes from a host path and the container shows: by another stage, or by a RUN
    /// that is told its name.
    fn made_in_build(&self, process: &Process, host: &Path) -> Vec<Way> {
        let Some(image) = self.service.image() else {
            return Vec::new();
        };
        let written = self.project.written(host);
        let mut ways = Vec::new();
        if let Some(made) = self.artefact_of(process, image, host) {
            let text = format!(
                "what the build makes of {written} is copied into the image: only a new image brings an edit"
            );
            let link = Link::no(Cause::BuiltInto, text, Some(made.copy));
            let mut way = Way::new(link, Action::Rebuild);
            if let Some(container) = &made.container
                && let Some(over) = self.mount_over(container)
            {
                let (link, action) = hidden::by_mount(over, container, Action::Rebuild);
                way.hidden = Some(link);
                way.action = action;
            }
            ways.push(way);
        } else if let Some(way) = self.made_in_place(process, image, host, &written) {
            ways.push(way);
        } else if let Some(run) = self.run_that_names(process, image, host) {
            let text = format!(
                "a step of the build reads {written}: only a new image has what it makes of an edit"
            );
            let link = Link::no(Cause::BuiltInto, text, Some(run));
            ways.push(Way::new(link, Action::Rebuild));
        }
        ways
    }

    /// What another stage made, with a host path among what it had to make it from.
    fn artefact_of<'i>(
        &self,
        process: &Process,
        image: &'i Image,
        host: &Path,
    ) -> Option<&'i image::Artefact> {
        let made_from =
            |input: &Baked| host.starts_with(&input.host) && !image.context.is_ignored(host, false);
        let runs = code_origin::compiled_artefact(self.service, process);
        image.artefacts().iter().find(|made| {
            if made.is_dependencies || !made.inputs.iter().any(made_from) {
                return false;
            }
            // What a mount of the host lies over is not the image's any more.
            let container = made.container.as_deref();
            let over = container.and_then(|container| self.mount_over(container));
            if over.is_some_and(|over| over.kind == MountKind::Bind) {
                return false;
            }
            // A process that reads the mounted sources has no use for what was compiled from them.
            let is_run = runs.is_some_and(|runs| std::ptr::eq(runs, *made));
            let is_read = container.is_some_and(|at| bringing::reads_at(process, at));
            is_run || is_read || !self.shows_to(process, host)
        })
    }

    /// Whether a mount shows a host path where the process reads it.
    fn shows_to(&self, process: &Process, host: &Path) -> bool {
        self.binds_of(host)
            .into_iter()
            .any(|(mount, container, _)| {
                filesystem::covering(self.mounts, &container) == Some(mount)
                    && bringing::reads_at(process, &container)
                    && is_code_of(process, host)
            })
    }

    /// What a RUN makes of a directory that holds the host path, where the process names the place:
    /// a volume over it keeps that of an earlier image.
    fn made_in_place(
        &self,
        process: &Process,
        image: &Image,
        host: &Path,
        written: &str,
    ) -> Option<Way> {
        if at_start::makes_files(self.service) {
            return None;
        }
        for word in process.words().into_iter().skip(1) {
            let output = path::join(&process.cwd, word);
            let Some(copy) = self.copied_around(image, host, &output) else {
                continue;
            };
            let Some(build) = build_after(image, copy) else {
                continue;
            };
            let text = format!(
                "what the build makes of {written} lies in the image: only a new image brings an edit"
            );
            let arrives = Link::no(Cause::BuiltInto, text, Some(build));
            let way = Way::new(arrives, Action::Rebuild);
            return match self.mount_over(&output) {
                None => Some(way),
                Some(over) if is_volume(over) => {
                    let (link, action) = hidden::by_mount(over, &output, Action::Rebuild);
                    Some(Way {
                        hidden: Some(link),
                        action,
                        ..way
                    })
                }
                Some(_) => None,
            };
        }
        None
    }

    /// The COPY of a directory that holds a host path, and in which a build puts its output at that
    /// path of the container.
    fn copied_around(&self, image: &Image, host: &Path, output: &str) -> Option<Span> {
        const OUTPUTS: [&str; 10] = [
            "dist", "build", "out", "output", "public", "site", "_site", "www", "html", "static",
        ];
        if !OUTPUTS.contains(&path::name(output))
            || host_paths::host_of(self.service, output).is_some()
        {
            return None;
        }
        let is_inside = |baked: &&Baked| {
            let rest = path::below(output, &baked.container);
            baked.is_directory
                && host.starts_with(&baked.host)
                && rest.is_some_and(|rest| !rest.is_empty())
                && !image.context.is_ignored(host, false)
                && !baked.host.join(rest.unwrap_or_default()).starts_with(host)
        };
        let baked = image.baked().iter().find(is_inside)?;
        Some(baked.copy)
    }

    /// The RUN that is told the name of a copy of a host path, and does more than change its mode.
    fn run_that_names(&self, process: &Process, image: &Image, host: &Path) -> Option<Span> {
        const HARMLESS: [&str; 14] = [
            "chmod", "chown", "chgrp", "ls", "rm", "mkdir", "touch", "test", "[", "sed",
            "dos2unix", "echo", "stat", "mv",
        ];
        if self.project.workspace().files().is_directory(host) {
            return None;
        }
        let places: Vec<String> = copies(image, host)
            .map(|(container, _)| container)
            .collect();
        for step in image.history() {
            let image::Action::Run(run) = &step.action else {
                continue;
            };
            let directory = step.workdir.as_deref().unwrap_or("/");
            for command in run.script.iter().flat_map(|script| &script.commands) {
                let words = command.argv();
                let program = words.first().map_or("", |word| path::name(word));
                let is_install = run
                    .installs
                    .iter()
                    .any(|install| install.command.contains(command.span));
                if HARMLESS.contains(&program) || is_install {
                    continue;
                }
                let mut named = words.iter().map(|word| path::join(directory, word));
                if named.any(|named| places.contains(&named)) {
                    return Some(step.span);
                }
                // `cp -r /src /opt/app`, where the process works in /opt/app.
                if let ["cp" | "rsync", .., from, to] = words.as_slice()
                    && path::below(&process.cwd, &path::join(directory, to)).is_some()
                    && places
                        .iter()
                        .any(|at| path::below(at, &path::join(directory, from)).is_some())
                {
                    return Some(step.span);
                }
            }
        }
        None
    }

    /// The way of what no process is known to read, or nothing sees.
    fn unread(&self, process: &Process, host: &Path, locations: &[Location]) -> Way {
        let written = self.project.written(host);
        if let Some((way, is_read)) = self.hidden_copy(process, host, locations)
            && (is_read || locations.is_empty())
        {
            return way;
        }
        if let Some(location) = locations.first() {
            return self.way(location, host);
        }
        if let Some(filled) = self.filled_by_another(host, &written) {
            return filled;
        }
        if let Some(sibling) = siblings::way(self.project, self.service, host) {
            return sibling;
        }
        let mut sources = self
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Bind)
            .filter_map(|mount| mount.source.as_ref());
        if sources.any(|source| source.origin.is_unknown()) {
            let text = "a variable that is not set decides what is mounted";
            return Way::new(Link::unknown(text, None), Action::Unknown);
        }
        if self.service.image().is_none() && self.service.spec().build.is_some() {
            let text = "the Dockerfile is not known";
            return Way::new(Link::unknown(text, None), Action::Unknown);
        }
        let text = format!("nothing mounts, syncs or copies {written}");
        Way::new(Link::no(Cause::NotBrought, text, None), Action::None)
    }

    /// The way to a place that another mount lies over, and whether the process reads that place:
    /// of several one that it does.
    fn hidden_copy(
        &self,
        process: &Process,
        host: &Path,
        locations: &[Location],
    ) -> Option<(Way, bool)> {
        let written = self.project.written(host);
        let mut found: Vec<(String, Way)> = Vec::new();
        for (mount, container, _) in self.binds_of(host) {
            if filesystem::covering(self.mounts, &container) != Some(mount) {
                let text = format!("{written} is mounted at {container}");
                let link = Link::yes(text, self.mounts[mount].origin.span);
                found.push((container, Way::new(link, Action::None)));
            }
        }
        let image = self.service.image();
        for (container, copy) in image.into_iter().flat_map(|image| copies(image, host)) {
            let is_shown = locations.iter().any(|known| known.container == container);
            if self.mount_over(&container).is_some() && !is_shown {
                let text = format!(
                    "{written} is copied into the image, to {container}: only a new image brings an edit"
                );
                let link = Link::no(Cause::Baked, text, Some(copy));
                found.push((container, Way::new(link, Action::Rebuild)));
            }
        }
        found.sort_by_key(|(container, _)| !bringing::reads_at(process, container));
        let (container, way) = found.into_iter().next()?;
        let over = self.mount_over(&container)?;
        let (mut link, mut action) = hidden::by_mount(over, &container, Action::None);
        if !self.fills(over, &container, host) {
            action = Action::None;
        }
        // Where a variable decides what is mounted, it may well be the same.
        if over.kind == MountKind::Bind && bind_source(over).is_none() {
            let text =
                format!("a variable that is not set decides what is mounted over {container}");
            link = Link::unknown(text, over.origin.span);
            action = Action::Unknown;
        }
        let is_read = bringing::reads_at(process, &container);
        let way = Way {
            hidden: Some(link),
            action,
            ..way.at(&container)
        };
        Some((way, is_read))
    }

    /// Whether a new volume would get the files at a path from the image, or from a start.
    fn fills(&self, over: &Mount, container: &str, host: &Path) -> bool {
        let is_copied = self
            .service
            .image()
            .is_none_or(|image| copies(image, host).any(|(at, _)| at == container));
        is_copied && !hidden::is_left_empty(self.service, over)
            || at_start::makes_files(self.service)
    }

    /// The mount that lies over a path of the container.
    pub(super) fn mount_over(&self, container: &str) -> Option<&Mount> {
        filesystem::covering(self.mounts, container).map(|over| &self.mounts[over])
    }

    /// The bind mounts whose source holds a host path, where that would be seen, and whether the
    /// mount is of that file alone.
    fn binds_of(&self, host: &Path) -> Vec<(usize, String, bool)> {
        let files = self.project.workspace().files();
        let mut found = Vec::new();
        let real = real(files, host);
        for (mount, over) in self.mounts.iter().enumerate() {
            let Some(source) = bind_source(over) else {
                continue;
            };
            let source = clean(source);
            let rest = match host.strip_prefix(&source) {
                Ok(rest) => Some(rest),
                Err(_) => real.strip_prefix(self::real(files, &source)).ok(),
            };
            let Some(rest) = rest.and_then(Path::to_str) else {
                continue;
            };
            let is_file = rest.is_empty() && !files.is_directory(host);
            found.push((mount, path::join(&over.target.value, rest), is_file));
        }
        found
    }

    /// A named volume that another service's image fills with a copy of the path, and that this
    /// service shows.
    fn filled_by_another(&self, host: &Path, written: &str) -> Option<Way> {
        for own in self
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Volume)
        {
            let Some(name) = own.source.as_ref() else {
                continue;
            };
            for other in self.project.services() {
                let Some(image) = other
                    .image()
                    .filter(|_| other.name() != self.service.name())
                else {
                    continue;
                };
                let shares = other.mounts().iter().find(|mount| {
                    let source = mount.source.as_ref();
                    mount.kind == MountKind::Volume
                        && source.is_some_and(|source| source.value == name.value)
                });
                let copy = shares.and_then(|shared| {
                    copies(image, host).find(|(at, _)| path::below(at, &shared.target).is_some())
                });
                let Some((_, copy)) = copy else { continue };
                let name = &name.value;
                let text = format!(
                    "{written} is copied into the image of `{}`, which fills the volume `{name}` when that is new",
                    other.name()
                );
                let arrives = Link::no(Cause::InSiblingImage, text, Some(copy));
                let text = format!("the volume `{name}` keeps what it was filled with");
                return Some(Way {
                    hidden: Some(Link::no(Cause::HiddenByVolume, text, own.origin.span)),
                    ..Way::new(arrives, Action::DropVolume(name.clone()))
                });
            }
        }
        None
    }
}

/// Whether a container path is the file that a container is started with: named by its words, or
/// found in the directories of programs.
fn starts_with(process: &Process, container: &str) -> bool {
    const PROGRAMS: [&str; 6] = [
        "/usr/local/sbin",
        "/usr/local/bin",
        "/usr/sbin",
        "/usr/bin",
        "/sbin",
        "/bin",
    ];
    process.start_words().any(|word| {
        let is_in_path = !word.contains('/')
            && path::name(container) == word
            && PROGRAMS.contains(&parent(container));
        // What is named by a relative path lies where the process works, and may be code as well.
        word.starts_with('/') && path::join("/", word) == container || is_in_path
    })
}

fn parent(container: &str) -> &str {
    match container.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}

/// Whether a file is in the language that a process runs; directories and unknown programs may be.
fn is_code_of(process: &Process, host: &Path) -> bool {
    let own = process.language();
    let of_file = host
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(crate::repository::sources::language);
    match (own, of_file) {
        (Some(own), Some(of_file)) => own == of_file,
        // Data may be what a step of the build reads.
        (_, None) => host.extension().is_none(),
        (None, _) => true,
    }
}

/// The first RUN after a COPY that does more than install packages.
fn build_after(image: &Image, copy: Span) -> Option<Span> {
    let mut is_after = false;
    for step in image.history() {
        is_after |= step.span.contains(copy);
        if let image::Action::Run(run) = &step.action
            && is_after
        {
            let builds = run.installs.iter().any(|install| install.builds());
            if builds || !run.others.is_empty() {
                return Some(step.span);
            }
        }
    }
    None
}

/// A path with all symbolic links followed.
fn real(files: &dyn Files, path: &Path) -> PathBuf {
    let followed = path
        .ancestors()
        .find_map(|above| Some(files.link(above)?.join(path.strip_prefix(above).ok()?)));
    followed.unwrap_or_else(|| path.to_path_buf())
}

/// The RUN of the build that reads a host path through a mount.
pub(super) fn bound_in_build(image: &Image, host: &Path) -> Option<Span> {
    for stage in image.needed() {
        for step in &image.stages[stage].steps {
            let image::Action::Run(run) = &step.action else {
                continue;
            };
            for mount in &run.mounts {
                let source = mount.source.as_deref().unwrap_or_default();
                let bound = clean(&image.context.host(source.trim_start_matches('/')));
                if mount.kind == "bind"
                    && mount.from == CopyFrom::Context
                    && host.starts_with(bound)
                {
                    return Some(step.span);
                }
            }
        }
    }
    None
}
