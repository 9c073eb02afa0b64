//! Which directories of the host to mount over the copies in an image, and what must stay the
//! image's own under them.
//!
//! A mount shows the host's directory and nothing else: what the image holds there besides is
//! hidden. So a directory is mounted only where everything that it would hide is known and is
//! either the same, or protected by a volume.

use std::path::{Path, PathBuf};

use crate::compose::{self, MountKind, WatchAction};
use crate::image::{Action, Artefact, Baked, CopyFrom, Ecosystem, Form, Image, SourceKind, path};
use crate::knowledge::images;
use crate::knowledge::{Entry, Family, Language};
use crate::knowledge::{directories, makers};
use crate::process::{Process, Reads};
use crate::project::Project;
use crate::project::filesystem::{Arrival, Part};
use crate::text::Span;

use super::container::Container;
use super::{Bind, Cache, DevForm, Reasoned, Sync, Then, cite, manifests, reload, servers};

/// Directories that web servers serve files from, as they are for each request.
const WEB_ROOTS: [&str; 5] = [
    "/usr/share/nginx/html",
    "/usr/local/apache2/htdocs",
    "/var/www/html",
    "/usr/share/caddy",
    "/srv",
];

/// Directories in which a base image keeps files of its own, and those in which everything is.
const SYSTEM: [&str; 17] = [
    "/",
    "/home",
    "/opt",
    "/root",
    "/tmp",
    "/usr",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/lib",
    "/usr/libexec",
    "/usr/include",
    "/run",
];
const SYSTEM_TREES: [&str; 10] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/sbin",
    "/usr/bin",
    "/usr/lib",
    "/usr/local/lib",
];

/// A directory of the host over one of the container.
#[derive(Clone, Debug)]
struct Unit {
    host: PathBuf,
    container: String,
    copy: Span,
    /// The stage whose files these are, when they came through one.
    through: Option<usize>,
}

/// Says what to mount.
pub(super) fn say(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    let Some(image) = container.image else { return };
    if servers::configured(project, container, image, form) {
        return;
    }
    let readers: Vec<&Process> = container.readers().collect();
    let is_wanted = |part: &&Part| {
        let is_read = match readers.as_slice() {
            [] => is_served(container, part),
            readers => readers
                .iter()
                .any(|process| is_code(part, process) || is_home(image, part, process)),
        };
        is_read && matches!(part.arrival, Arrival::Baked | Arrival::MountedElsewhere(_))
    };
    // Where some of the code comes in already, only whole directories are missing; and
    // `docker compose watch` does not sync what is mounted as well.
    let is_read = |part: &&Part| readers.iter().any(|process| is_code(part, process));
    let (mut is_watched, mut is_mounted) = (false, false);
    for part in container.parts.iter().filter(is_read) {
        is_watched |= matches!(part.arrival, Arrival::Watched(at) if syncs(container, at));
        is_mounted |= part.arrival.arrives();
    }
    let is_missing =
        |part: &&Part| is_wanted(part) && !is_watched && (part.baked.is_directory || !is_mounted);
    let parts: Vec<&Part> = container.parts.iter().filter(is_missing).collect();
    if parts.is_empty() && readers.is_empty() {
        form.notes.extend(compiled(container, image, &form.service));
    }
    for part in container
        .parts
        .iter()
        .filter(|part| !part.census.is_empty())
    {
        if let Arrival::Hidden(at) = part.arrival {
            let (mount, host) = (
                &container.mounts[at].target.value,
                project.written(&part.baked.host),
            );
            form.notes.push(format!(
                "what is mounted at {mount} hides the code of {host} at {}: no edit of it arrives",
                part.baked.container
            ));
        }
    }
    let (found, files) = units(project, image, &parts, form);
    say_files(project, container, image, files, found.is_empty(), form);
    for unit in found {
        match protect(project, container, image, &unit) {
            Err(reason) => form.notes.push(reason),
            Ok(protected) => {
                let bind = Bind {
                    host: project.written(&unit.host),
                    container: unit.container.clone(),
                };
                form.binds
                    .push(Reasoned::new(bind, cite_copy(project, image, unit.copy)));
                for volume in protected {
                    if !form
                        .protected
                        .iter()
                        .any(|known| known.value == volume.value)
                    {
                        form.protected.push(volume);
                    }
                }
                what_is_over(project, container, &unit, form);
                note_modes(project, image, &unit, form);
            }
        }
    }
    let compiles = |process: &&Process| {
        let language = process.language();
        language.is_some_and(|language| {
            matches!(
                language,
                Language::Go | Language::Rust | Language::Jvm | Language::DotNet
            )
        })
    };
    if !form.binds.is_empty() && container.readers().any(|process| compiles(&process)) {
        caches(container.spec, image, form);
    }
}

fn syncs(container: &Container<'_>, watch: usize) -> bool {
    matches!(
        container.spec.watch[watch].action.value,
        WatchAction::Sync | WatchAction::SyncRestart | WatchAction::SyncExec
    )
}

/// Source code that a process reads as it is: also that of a compiled language, when the process
/// compiles it.
fn is_code(part: &Part, process: &Process) -> bool {
    let compiles = process.reads == Reads::Source
        && process
            .language()
            .is_some_and(|language| part.census.number_of(language) > 0);
    part.census.interpreted() > 0 || compiles
}

/// The directory that a process starts in, where the image holds nothing of the project but what
/// was copied there: in a new project that is where code will be.
fn is_home(image: &Image, part: &Part, process: &Process) -> bool {
    let base = image
        .target
        .and_then(|stage| image.base_image(stage))
        .and_then(images::entry);
    let is_bare = base == Some(Entry::Prompt);
    let baked = &part.baked;
    let is_whole =
        baked.is_directory && !baked.partial && !baked.worked_on && part.census.is_empty();
    let is_script = makers::runs_package_scripts(process.name());
    let runs_code = is_script
        || process
            .language()
            .is_some_and(|language| language != Language::Other);
    is_bare && is_whole && runs_code && path::below(&process.cwd, &baked.container).is_some()
}

/// Files that a web server hands out as they are.
fn is_served(container: &Container<'_>, part: &Part) -> bool {
    let is_static = container.processes.iter().any(|process| {
        process
            .program
            .is_some_and(|program| program.family == Family::Static)
    });
    is_static
        && part.baked.is_directory
        && part.baked.through.is_none()
        && WEB_ROOTS.contains(&part.baked.container.as_str())
}

/// Single files in directories that cannot be mounted: a mounted file would keep its old inode, so
/// they are copied.
fn say_files(
    project: &Project<'_>,
    container: &Container<'_>,
    image: &Image,
    files: Vec<Unit>,
    is_all: bool,
    form: &mut DevForm,
) {
    let is_read_only = container
        .spec
        .data
        .get("read_only")
        .and_then(|value| value.scalar_text())
        .is_some_and(|text| text == "true");
    let keeps = container.processes.iter().any(reload::needs_reload);
    for file in files {
        let host = project.written(&file.host);
        if is_all && !is_read_only {
            let then = if keeps { Then::Restart } else { Then::Nothing };
            let why = format!(
                "{}; a mounted file would keep its old inode",
                cite_copy(project, image, file.copy)
            );
            form.syncs.push(Reasoned::new(
                Sync {
                    host,
                    container: file.container,
                    then,
                    ignore: Vec::new(),
                },
                why,
            ));
        } else {
            form.notes.push(format!(
                "{host} lies in the image at {}: a single file among others is not mounted",
                file.container
            ));
        }
    }
}

/// The directories that hold the parts, each once and none inside another; and the files that stand
/// for themselves.
fn units(
    project: &Project<'_>,
    image: &Image,
    parts: &[&Part],
    form: &mut DevForm,
) -> (Vec<Unit>, Vec<Unit>) {
    let (mut units, mut files): (Vec<Unit>, Vec<Unit>) = (Vec::new(), Vec::new());
    for part in parts {
        let baked = &part.baked;
        if baked.worked_on && !only_installs(image, baked.through) {
            form.notes.push(format!(
                "{} comes through a stage that works on it, so a mount would show something else",
                project.written(&baked.host)
            ));
            continue;
        }
        for unit in units_of(project, image, baked) {
            match unit {
                Ok(unit) => units.push(unit),
                Err(()) if baked.is_directory => {
                    let (host, there) = (project.written(&baked.host), &baked.container);
                    form.notes.push(format!("{host} lies in the image at {there}: a mount would hide what the base image keeps there"));
                }
                Err(()) => files.push(unit_of(baked, &baked.host, &baked.container)),
            }
        }
    }
    let kept = |at: &usize| {
        let unit = &units[*at];
        !units.iter().enumerate().any(|(other_at, other)| {
            let is_same = unit.host == other.host && unit.container == other.container;
            if is_same {
                other_at < *at
            } else {
                shows(other, &unit.container).is_some_and(|host| host == unit.host)
            }
        })
    };
    let kept: Vec<usize> = (0..units.len()).filter(kept).collect();
    (
        kept.into_iter().map(|at| units[at].clone()).collect(),
        files,
    )
}

fn unit_of(baked: &Baked, host: &Path, there: &str) -> Unit {
    Unit {
        host: host.to_path_buf(),
        container: there.to_owned(),
        copy: baked.from_context,
        through: baked.through,
    }
}

fn units_of(project: &Project<'_>, image: &Image, baked: &Baked) -> Vec<Result<Unit, ()>> {
    let unit = |host: &Path, there: &str| unit_of(baked, host, there);
    if is_system(&baked.container)
        && baked.is_directory
        && !WEB_ROOTS.contains(&baked.container.as_str())
    {
        return vec![Err(())];
    }
    if baked.is_directory {
        let members = members(project, image, baked);
        return match members.is_empty() {
            true => vec![Ok(unit(&baked.host, &baked.container))],
            false => members
                .into_iter()
                .map(|(host, there)| Ok(unit(&host, &there)))
                .collect(),
        };
    }
    let (Some(directory), Some(name)) = (baked.host.parent(), baked.host.file_name()) else {
        return vec![Err(())];
    };
    let there = path::join(&baked.container, "..");
    let is_same_name = path::name(&baked.container) == name.to_string_lossy();
    vec![if is_same_name && !is_system(&there) {
        Ok(unit(directory, &there))
    } else {
        Err(())
    }]
}

/// The packages of a workspace whose root is copied as a whole: those whose manifests are copied
/// before the rest. The root itself is not mounted, for each package has its own installed
/// packages.
fn members(project: &Project<'_>, image: &Image, baked: &Baked) -> Vec<(PathBuf, String)> {
    let is_workspace = manifests::installs(image)
        .iter()
        .any(|(_, install)| install.ecosystem == Ecosystem::Node);
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for (directory, package) in packages(project, image)
        .into_iter()
        .filter(|_| is_workspace)
    {
        let Some(rest) = directory
            .strip_prefix(&baked.host)
            .ok()
            .filter(|rest| !rest.as_os_str().is_empty())
        else {
            continue;
        };
        let there = path::join(&baked.container, &rest.to_string_lossy());
        if there == package && !found.iter().any(|(host, _)| *host == directory) {
            found.push((directory, there));
        }
    }
    found
}

/// The directories whose `package.json` is copied by its name: on the host, and in the container.
fn packages(project: &Project<'_>, image: &Image) -> Vec<(PathBuf, String)> {
    const MANIFEST: &str = "package.json";
    let baked = image
        .baked()
        .iter()
        .filter(|baked| !baked.is_directory && path::name(&baked.container) == MANIFEST);
    let mut found: Vec<(PathBuf, String)> = baked
        .filter_map(|baked| {
            Some((
                baked.host.parent()?.to_path_buf(),
                path::join(&baked.container, ".."),
            ))
        })
        .collect();
    // The file may not be written yet.
    for step in image.history() {
        let Action::Copy(copied) = &step.action else {
            continue;
        };
        let Some(destination) = copied
            .destination
            .as_deref()
            .filter(|_| copied.from == CopyFrom::Context)
        else {
            continue;
        };
        let missing = copied.sources.iter().filter(|source| {
            source.kind == SourceKind::Missing && path::name(&source.path) == MANIFEST
        });
        for source in missing {
            let host = image.context.host(source.path.trim_start_matches('/'));
            let directory = if path::name(destination) == MANIFEST {
                path::join(destination, "..")
            } else {
                path::join("/", destination)
            };
            found.extend(
                host.parent()
                    .filter(|host| project.workspace().files().is_directory(host))
                    .map(|host| (host.to_path_buf(), directory)),
            );
        }
    }
    found
}

/// What lies on the host behind a container path that a unit shows.
fn shows(unit: &Unit, container: &str) -> Option<PathBuf> {
    path::below(container, &unit.container).map(|rest| crate::files::clean(&unit.host.join(rest)))
}

/// The volumes that a unit needs; or why it cannot be mounted, because it would hide something that
/// is needed.
fn protect(
    project: &Project<'_>,
    container: &Container<'_>,
    image: &Image,
    unit: &Unit,
) -> Result<Vec<Reasoned<String>>, String> {
    let host = project.written(&unit.host);
    let refused = |hidden: &str, span: Span| {
        Err(format!(
            "{host} is not mounted at {}: it would hide {hidden} ({})",
            unit.container,
            cite(project, span)
        ))
    };
    for other in image.baked() {
        let hides = shows(unit, &other.container).is_some_and(|shown| shown != other.host);
        if hides && !is_bare_manifest(other) && !lies_over(project, container, image, unit, other) {
            return refused(&other.container, other.copy);
        }
    }
    let mut protected: Vec<Reasoned<String>> = Vec::new();
    let mut add = |there: String, why: String| {
        let is_mounted = container
            .spec
            .mounts
            .iter()
            .any(|mount| mount.target.value.trim_end_matches('/') == there);
        if !is_mounted && !protected.iter().any(|known| known.value == there) {
            protected.push(Reasoned::new(there, why));
        }
    };
    for artefact in image.artefacts() {
        let Some(there) = artefact.container.as_deref() else {
            continue;
        };
        match path::below(there, &unit.container) {
            None => {}
            Some("") if brings_the_unit(artefact, unit) => {}
            Some(rest) if !rest.is_empty() && directories::may_be_made(path::name(there)) => {
                add(
                    there.to_owned(),
                    format!("made by the image: {}", cite(project, artefact.copy)),
                );
            }
            Some(_) => return refused(there, artefact.copy),
        }
    }
    for (stage, install) in manifests::installs(image) {
        let is_here = unit.through == Some(stage)
            || image.history().iter().any(|step| step.span == install.run);
        for write in install.writes.iter().filter(|_| is_here) {
            match path::below(write, &unit.container) {
                Some("") => return refused("the packages that lie there", install.run),
                Some(_) => add(
                    write.clone(),
                    format!("the image's own packages: {}", cite(project, install.run)),
                ),
                None => {}
            }
        }
        // Each package of a workspace has packages of its own.
        let is_member = install.directory.as_deref().is_some_and(|root| {
            path::below(&unit.container, root).is_some_and(|rest| !rest.is_empty())
        });
        if install.ecosystem == Ecosystem::Node
            && is_here
            && is_member
            && packages(project, image)
                .iter()
                .any(|(_, there)| *there == unit.container)
        {
            add(
                path::join(&unit.container, "node_modules"),
                format!("the image's own packages: {}", cite(project, install.run)),
            );
        }
    }
    for process in container.readers() {
        for name in process.program.map_or(&[][..], |program| program.protect) {
            let there = path::join(&process.cwd, name);
            let on_host = shows(unit, &there).filter(|host| *host != unit.host);
            let is_output = !directories::holds_packages(name);
            // What a person wrote has a name of its own; what lies in the repository is no build
            // output.
            if is_output
                && on_host.is_some_and(|host| project.workspace().files().walk(&host).is_empty())
            {
                add(
                    there,
                    "built in the container: not to be mixed with what the host builds".to_owned(),
                );
            }
        }
    }
    Ok(protected)
}

/// A list of packages that nothing reads any more once they are installed.
fn is_bare_manifest(baked: &Baked) -> bool {
    let name = path::name(&baked.container);
    !baked.is_directory
        && (name.ends_with(".txt") || name.ends_with(".lock") || name.starts_with("Pipfile"))
}

/// Whether a copy below a unit is mounted as well, or becomes so: then it is to be seen through its
/// own mount.
fn lies_over(
    project: &Project<'_>,
    container: &Container<'_>,
    image: &Image,
    unit: &Unit,
    other: &Baked,
) -> bool {
    let is_below =
        path::below(&other.container, &unit.container).is_some_and(|rest| !rest.is_empty());
    let part = container.parts.iter().find(|part| part.baked == *other);
    let is_mounted = part.is_some_and(|part| matches!(part.arrival, Arrival::Mounted(_)));
    let will_be = part.is_some_and(|part| {
        let is_read = container.readers().any(|process| is_code(part, process));
        is_read
            && other.is_directory
            && !other.worked_on
            && members(project, image, other).is_empty()
    });
    is_below && (is_mounted || will_be)
}

/// Whether an artefact is the copy that brought the sources of a unit themselves, along with what
/// was installed beside them.
fn brings_the_unit(artefact: &Artefact, unit: &Unit) -> bool {
    unit.through == Some(artefact.stage)
        && artefact
            .inputs
            .iter()
            .any(|input| input.host == unit.host || unit.host.starts_with(&input.host))
}

/// Whether everything that a stage runs installs packages.
fn only_installs(image: &Image, stage: Option<usize>) -> bool {
    let Some(stage) = stage else { return false };
    image
        .history_of(stage)
        .iter()
        .all(|step| match &step.action {
            Action::Run(run) => {
                run.others.is_empty()
                    && run.script.is_some()
                    && !run.installs.iter().any(|install| install.builds())
            }
            _ => true,
        })
}

/// Whether a base image keeps files in a directory, which a mount would hide.
fn is_system(container: &str) -> bool {
    SYSTEM.contains(&container)
        || SYSTEM_TREES
            .iter()
            .any(|tree| path::below(container, tree).is_some())
}

/// Names of directories whose files a person writes, and that a volume is laid over so that another
/// container sees them.
const WRITTEN: [&str; 5] = ["static", "assets", "public", "templates", "src"];

/// Volumes that lie over a unit, where the host has files of its own: a mount at the same place
/// replaces one that no other service uses.
fn what_is_over(project: &Project<'_>, container: &Container<'_>, unit: &Unit, form: &mut DevForm) {
    let over = container
        .spec
        .mounts
        .iter()
        .filter(|mount| matches!(mount.kind, MountKind::Volume | MountKind::AnonymousVolume));
    for mount in over {
        let Some(host) = shows(unit, &mount.target.value).filter(|host| *host != unit.host) else {
            continue;
        };
        let name = path::name(&mount.target.value);
        if directories::holds_packages(name) || project.workspace().files().walk(&host).is_empty() {
            continue;
        }
        let volume = mount.source.as_ref().map(|source| source.value.as_str());
        let uses_it = |mount: &compose::Mount| {
            volume.is_some() && mount.source.as_ref().map(|source| source.value.as_str()) == volume
        };
        let users = project
            .services()
            .filter(|service| service.spec().mounts.iter().any(uses_it))
            .count();
        let target = mount.target.value.trim_end_matches('/');
        let written = project.written(&host);
        match users <= 1 && mount.target.origin.is_fixed() && WRITTEN.contains(&name) {
            true => {
                let why = format!(
                    "in the place of the volume {}, which hides {written}",
                    volume.unwrap_or(target)
                );
                form.binds.push(Reasoned::new(
                    Bind {
                        host: written,
                        container: target.to_owned(),
                    },
                    why,
                ));
            }
            false => form.notes.push(format!(
                "the volume at {target} stays over {written}: an edit there does not arrive"
            )),
        }
    }
}

/// A file that the image makes executable and starts: a mount shows it with the mode that it has on
/// the host.
fn note_modes(project: &Project<'_>, image: &Image, unit: &Unit, form: &mut DevForm) {
    let config = image.config();
    let started = config
        .into_iter()
        .flat_map(|config| [&config.entrypoint, &config.cmd])
        .filter_map(|setting| match &setting.invocation()?.form {
            Form::Exec(words) => Some(words.first()?.text.as_str()),
            Form::Shell(..) => None,
        });
    let started: Vec<String> = started
        .filter_map(|word| Some(path::join(config?.workdir.as_deref().unwrap_or("/"), word)))
        .collect();
    for step in image.history() {
        let Action::Run(run) = &step.action else {
            continue;
        };
        for command in run.script.iter().flat_map(|script| &script.commands) {
            let mut words = command.words.iter().map(|word| word.text.as_str());
            if words.next() != Some("chmod") {
                continue;
            }
            let there = words
                .map(|word| path::join(step.workdir.as_deref().unwrap_or("/"), word))
                .find(|there| started.contains(there));
            if let Some(host) = there
                .and_then(|there| shows(unit, &there))
                .filter(|host| project.workspace().files().is_file(host))
            {
                let host = project.written(&host);
                form.notes.push(format!(
                    "{host} must be executable on the host, `chmod +x {host}`: the image's own mode is hidden ({})",
                    cite(project, step.span)
                ));
                return;
            }
        }
    }
}

/// Caches that a build mounts are not in the image: a process that compiles would fetch everything
/// each time.
pub(super) fn caches(spec: &compose::Service, image: &Image, form: &mut DevForm) {
    for step in image.history() {
        let Action::Run(run) = &step.action else {
            continue;
        };
        for target in run
            .mounts
            .iter()
            .filter(|mount| mount.kind == "cache")
            .filter_map(|mount| mount.target.as_ref())
        {
            let Some((_, volume)) = directories::KEPT_CACHES
                .iter()
                .find(|(end, _)| target.trim_end_matches('/').ends_with(end))
            else {
                continue;
            };
            let is_known = form
                .caches
                .iter()
                .any(|cache| cache.value.container == *target)
                || spec
                    .mounts
                    .iter()
                    .any(|mount| mount.target.value == *target);
            if !is_known {
                let why = "a cache of the build is not in the image";
                form.caches.push(Reasoned::new(
                    Cache {
                        volume,
                        container: target.clone(),
                    },
                    why,
                ));
            }
        }
    }
}

/// The copy that a mount stands for, with the directory that its destination is relative to.
fn cite_copy(project: &Project<'_>, image: &Image, copy: Span) -> String {
    let steps = image.stages.iter().flat_map(|stage| &stage.steps);
    let step = steps.into_iter().find(|step| step.span == copy);
    let is_relative = step.is_some_and(|step| match &step.action {
        Action::Copy(copied) => !project
            .workspace()
            .sources()
            .slice(copied.destination_span)
            .starts_with('/'),
        _ => false,
    });
    match step
        .and_then(|step| step.workdir.as_deref())
        .filter(|_| is_relative)
    {
        Some(workdir) => format!("{} (WORKDIR {workdir})", cite(project, copy)),
        None => cite(project, copy),
    }
}

/// What runs was compiled in another stage: no mount of the sources changes it.
fn compiled(container: &Container<'_>, image: &Image, service: &str) -> Option<String> {
    let makes = |artefact: &&Artefact| !artefact.is_dependencies && !artefact.inputs.is_empty();
    let artefact = image
        .artefacts()
        .iter()
        .find(makes)
        .filter(|_| container.spec.build.is_some())?;
    let stage = image
        .stages
        .get(artefact.stage)?
        .name
        .as_deref()
        .map_or_else(
            || "another stage".to_owned(),
            |name| format!("stage `{name}`"),
        );
    Some(format!(
        "{stage} makes what runs, so an edit needs `docker compose up -d --build {service}`; \
         a stage `dev` with the tools, and a reloader as its CMD, would run the sources themselves"
    ))
}
