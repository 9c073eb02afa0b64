//! Which copy of the code a process reads: the files themselves, a copy that was installed, or
//! something compiled from them.
//!
//! An edit that arrives in the container is of no use when the process reads another copy.

use crate::image::{Action, Artefact, Image, path};
use crate::knowledge::{self, makers};
use crate::knowledge::{Family, Language};
use crate::process::{Process, Reads};
use crate::project::Service;
use crate::project::filesystem;
use crate::project::host_paths;
use crate::syntax::shell::Command;
use crate::text::{Source, Span};

/// Who makes what a process runs, where that is not the source itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The build of the image.
    Image,
    /// A command that runs before the process, at each start.
    Start(Span),
    /// A process, here or in another container with the same files, that compiles whenever they
    /// change.
    Watcher(Span),
    /// Whoever works on the host: this mount, an index into the service's `mounts`, shows it.
    Host(usize),
    /// It cannot be known.
    Unknown,
}

/// Directories of a path that are looked at; nobody's own path has more.
const MOST_PARTS: usize = 12;

/// Who makes what a process runs; `None` when it reads the sources.
pub fn maker(service: Service<'_>, process: &Process) -> Option<Maker> {
    let Reads::Artifact(artifact) = &process.reads else {
        return None;
    };
    if let Some(command) = process
        .side_effects
        .iter()
        .rev()
        .find(|command| compiles(&command.argv()))
    {
        return Some(Maker::Start(command.span));
    }
    let mounts = service.mounts();
    let Some(covering) = filesystem::covering(mounts, artifact) else {
        return Some(if service.image().is_some() {
            Maker::Image
        } else {
            Maker::Unknown
        });
    };
    let Some(seen) = filesystem::seen(mounts, artifact) else {
        return Some(Maker::Unknown);
    };
    for other in service.project().services() {
        // Another container compiles for this one where it sees the same files.
        let shares =
            other.name() == service.name() || host_paths::shown_at(other, &seen.host).is_some();
        let watcher = other
            .processes()
            .iter()
            .find(|other| compiles_on_change(other))
            .filter(|_| shares);
        if let Some(watcher) = watcher {
            return Some(Maker::Watcher(watcher.written_at));
        }
    }
    Some(Maker::Host(covering))
}

/// The `package.json` of the package that an artefact was made from: the one in the build
/// context whose directory lies at the same place as the artefact does, as `apps/web` for
/// `/srv/apps/web/server.js`, else that of the context.
pub fn manifest_of(service: Service<'_>, process: &Process) -> Option<Source> {
    let Reads::Artifact(artifact) = &process.reads else {
        return None;
    };
    let context = service.image()?.context.host("");
    let parts: Vec<&str> = artifact
        .split('/')
        .filter(|part| !part.is_empty())
        .take(MOST_PARTS)
        .collect();
    let places = (0..parts.len()).flat_map(|from| {
        (from + 1..=parts.len())
            .rev()
            .map(move |until| (from, until))
    });
    let directories = places
        .map(|(from, until)| context.join(parts[from..until].join("/")))
        .chain([context.clone()]);
    let manifests = directories.map(|directory| directory.join("package.json"));
    manifests
        .into_iter()
        .find_map(|manifest| service.project().workspace().read(&manifest).ok())
}

/// Whether a process is known to run the code as it was written, or what each start makes of
/// that.
pub fn starts_from_sources(service: Service<'_>, process: &Process) -> bool {
    let is_made_first = || {
        process
            .program
            .is_some_and(|program| program.family != Family::Compiled)
            && matches!(maker(service, process), Some(Maker::Start(_)))
    };
    may_read_sources(process) || is_made_first()
}

/// What another stage compiled and this process runs.
pub fn compiled_artefact<'p>(service: Service<'p>, process: &Process) -> Option<&'p Artefact> {
    let Reads::Artifact(artifact) = &process.reads else {
        return None;
    };
    let covers = |made: &&Artefact| {
        made.container
            .as_deref()
            .is_some_and(|made| path::below(artifact, made).is_some())
    };
    let artefacts = service.image()?.artefacts();
    let is_named = |made: &&Artefact| path::name(&made.path) == path::name(artifact);
    artefacts
        .iter()
        .rfind(|made| covers(made) && is_named(made))
        .or_else(|| artefacts.iter().rfind(covers))
}

/// Whether a process is known to run the code as it was written. What was compiled from it is not
/// changed by a mount.
pub fn may_read_sources(process: &Process) -> bool {
    let Some(program) = process.program else {
        return false;
    };
    let runs_code = match program.family {
        Family::Foreign | Family::Static | Family::Compiled | Family::Build => false,
        // `tail -f /dev/null`
        Family::OneShot => program.language != Language::Other,
        Family::Server | Family::Worker | Family::Watcher | Family::Interpreter => true,
    };
    runs_code && !matches!(process.reads, Reads::Artifact(_))
}

/// Whether a Python process keeps compiled modules beside the sources, which hide an edit of
/// the same second and size.
pub fn writes_bytecode(process: &Process) -> bool {
    let is_set = |name: &str| {
        process
            .variable(name)
            .is_some_and(|value| value.is_none_or(|value| !value.is_empty()))
    };
    let is_python = process.language() == Some(Language::Python);
    is_python
        && !is_set("PYTHONDONTWRITEBYTECODE")
        && !is_set("PYTHONPYCACHEPREFIX")
        && !process.words().contains(&"-B")
}

/// The commands of a stage, and of the stages below it, that make something from sources:
/// `npm run build`, `go build`.
pub fn builds_in(image: &Image, stage: usize) -> impl Iterator<Item = &Command> {
    let scripts = image
        .history_of(stage)
        .into_iter()
        .filter_map(|step| match &step.action {
            Action::Run(run) => run.script.as_ref(),
            _ => None,
        });
    scripts
        .flat_map(|script| &script.commands)
        .filter(|command| compiles(&command.argv()))
}

/// Whether a command makes something from sources and ends.
fn compiles(argv: &[&str]) -> bool {
    // `npx turbo run build`
    let argv = &argv[knowledge::wrapper(argv).map_or(0, |(_, length)| length)..];
    let runs_build = argv
        .iter()
        .any(|word| matches!(*word, "build" | "compile") || word.starts_with("build:"));
    let is_package_script = argv
        .first()
        .is_some_and(|name| makers::runs_package_scripts(name));
    is_package_script && runs_build
        || knowledge::recognise(argv).is_some_and(|program| program.family == Family::Build)
}

/// Whether a process compiles whenever files change: `tsc --watch`.
fn compiles_on_change(process: &Process) -> bool {
    process
        .program
        .is_some_and(|program| program.family == Family::Watcher)
        && process.reads == Reads::Source
}

#[cfg(test)]
mod tests;
