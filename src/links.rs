//! The four links between an edit on the host and a running process, each with its proof: the edit arrives in the
//! container, nothing hides it there, the process reads that copy, and something makes it read it again.

use std::path::{Path, PathBuf};

use crate::compose::{Mount, MountKind, Watch, WatchAction};
use crate::files::clean;
use crate::project::filesystem;
use crate::project::image::{Action, Baked, CopyFrom, Image, path};
use crate::project::knowledge::Family;
use crate::project::process::{Process, Reload};
use crate::project::reading::Maker;
use crate::project::{Project, Service};
use crate::text::Span;

mod inputs;

/// Whether a link holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not: an edit gets no further.
    No,
    /// It cannot be known.
    Unknown,
}

/// One of the four links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `arrives`, `visible`, `read` or `read again`.
    pub name: &'static str,
    /// Whether it holds.
    pub holds: Holds,
    /// What shows it, a clause.
    pub text: String,
    /// Where that is written, if anywhere.
    pub span: Option<Span>,
}

/// The way of an edit to one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What is edited: a file or directory of the host; `None` where the service has no code of the project.
    pub host: Option<PathBuf>,
    /// The process, as its command line; empty where it is not known.
    pub process: String,
    /// The links, in order, up to the first that does not hold.
    pub links: Vec<Link>,
    /// The least that makes an edit take effect.
    pub effect: Effect,
}

/// The least that makes an edit take effect, the cheapest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing needs to be done.
    Nothing,
    /// It takes effect while `docker compose watch` runs.
    Watch,
    /// `docker compose restart`
    Restart,
    /// `docker compose up -d`: the container is made anew.
    Recreate,
    /// Something on the host must be made anew, and the process started anew.
    MakeOnHost,
    /// `docker compose up -d --build`
    Rebuild,
    /// A named volume must go first: this one.
    RemoveVolume(String),
    /// No service can see it.
    NoUse,
    /// It cannot be known.
    Unknown,
}

/// The ways of an edit of a path to the processes of a service; without a path, of its code.
pub fn chains(project: &Project<'_>, service: Service<'_>, host: Option<&Path>) -> Vec<Chain> {
    if let Some(host) = host
        && let Some(chain) = inputs::chain(project, service, host)
    {
        return vec![chain];
    }
    let mut chains: Vec<Chain> = Vec::new();
    for process in service.processes() {
        let code = match host {
            Some(host) => vec![host.to_path_buf()],
            None => code_of(service, process),
        };
        if code.is_empty() {
            chains.push(without_code(process));
        }
        chains.extend(code.into_iter().map(|host| chain(project, service, process, host)));
    }
    chains.dedup();
    chains
}

/// The directories and files of the host that hold the code of a process: what the image has copies of, and what is
/// mounted where it works.
pub fn code_of(service: Service<'_>, process: &Process) -> Vec<PathBuf> {
    let parts = service.parts_read_by(process).into_iter().filter(|part| !part.census.is_empty());
    let mut code: Vec<PathBuf> = parts.map(|part| part.baked.host.clone()).collect();
    if code.is_empty() && service.bringer(process).is_some() {
        code.extend(service.mounts_of_code(process).into_iter().map(|(_, host)| host));
    }
    code.dedup();
    code
}

fn without_code(process: &Process) -> Chain {
    let (holds, text) = match &process.unknown {
        Some(reason) => (Holds::Unknown, format!("it is not known what runs: {reason}")),
        None => (Holds::Yes, "it runs no code of the project".to_owned()),
    };
    let effect = if holds == Holds::Unknown { Effect::Unknown } else { Effect::Nothing };
    let links = vec![Link { name: "arrives", holds, text, span: Some(process.written_at) }];
    Chain { host: None, process: process.words().join(" "), links, effect }
}

fn chain(project: &Project<'_>, service: Service<'_>, process: &Process, host: PathBuf) -> Chain {
    let mut links = Vec::new();
    let arrival = arrival(project, service, &host);
    let mut effect = arrival.effect.clone();
    links.push(arrival.link);
    if let Some(hidden) = arrival.hidden {
        links.push(hidden);
    } else if links[0].holds == Holds::Yes {
        let at = arrival.container.as_deref().unwrap_or_default();
        links.push(Link { name: "visible", holds: Holds::Yes, text: format!("nothing lies over {at}"), span: None });
        let (read, by_reading) = read(service, process, &host);
        let goes_on = read.holds == Holds::Yes;
        links.push(read);
        effect = effect.max(by_reading);
        if goes_on {
            let (again, by_reload) = read_again(process, &host, arrival.restarts);
            links.push(again);
            effect = effect.max(by_reload);
        }
    }
    Chain { host: Some(host), process: process.words().join(" "), links, effect }
}

/// How an edit arrives.
struct Arrived {
    link: Link,
    /// What hides it, if something does.
    hidden: Option<Link>,
    /// Where it is to be seen in the container.
    container: Option<String>,
    /// What that alone needs.
    effect: Effect,
    /// Whether the way it arrives also starts the process anew.
    restarts: bool,
}

impl Arrived {
    fn new(holds: Holds, text: String, span: Option<Span>, effect: Effect) -> Self {
        let link = Link { name: "arrives", holds, text, span };
        Arrived { link, hidden: None, container: None, effect, restarts: false }
    }
}

fn arrival(project: &Project<'_>, service: Service<'_>, host: &Path) -> Arrived {
    let written = project.written(host);
    let mounts = &service.spec().mounts;
    if let Some((at, container)) = shown(mounts, host) {
        let mount = &mounts[at];
        let text = format!("{written} is mounted at {container}");
        return Arrived { container: Some(container), ..Arrived::new(Holds::Yes, text, mount.origin.span, Effect::Nothing) };
    }
    if let Some((at, container)) = bind_of(mounts, host) {
        let over = filesystem::covering(mounts, &container).map(|over| &mounts[over]);
        let text = format!("{written} is mounted at {container}");
        let hidden = over.map(|over| Link {
            name: "visible",
            holds: Holds::No,
            text: format!("{} lies over {container}", what(over)),
            span: over.origin.span,
        });
        let effect = over.map_or(Effect::Unknown, |over| effect_of_volume(over, Effect::NoUse));
        return Arrived { hidden, container: Some(container), ..Arrived::new(Holds::Yes, text, mounts[at].origin.span, effect) };
    }
    if let Some(watch) = service.spec().watch.iter().find(|watch| reacts(watch, host)) {
        return watched(watch, host, &written);
    }
    if let Some(image) = service.image()
        && let Some((container, copy)) = baked(image, host)
    {
        let text = format!("{written} is copied into the image, to {container}: only a new image brings an edit");
        let mut arrived = Arrived::new(Holds::No, text, Some(copy), Effect::Rebuild);
        if let Some(over) = filesystem::covering(mounts, &container).map(|over| &mounts[over]) {
            let text = format!("{} lies over {container}", what(over));
            arrived.hidden = Some(Link { name: "visible", holds: Holds::No, text, span: over.origin.span });
            arrived.effect = effect_of_volume(over, Effect::NoUse);
        }
        return arrived;
    }
    if let Some(made) = service.image().and_then(|image| compiled(image, host)) {
        let text = format!("what the build makes of {written} is copied into the image: only a new image brings an edit");
        return Arrived::new(Holds::No, text, Some(made), Effect::Rebuild);
    }
    if mounts.iter().any(|mount| mount.kind == MountKind::Bind && mount.source.as_ref().is_some_and(|source| source.origin.is_unknown())) {
        let text = "a variable that is not set decides what is mounted".to_owned();
        return Arrived::new(Holds::Unknown, text, None, Effect::Unknown);
    }
    let has_image = service.image().is_some() || service.spec().build.is_none();
    match has_image {
        true => Arrived::new(Holds::No, format!("nothing mounts, syncs or copies {written}"), None, Effect::NoUse),
        false => Arrived::new(Holds::Unknown, "the Dockerfile is not known".to_owned(), None, Effect::Unknown),
    }
}

fn watched(watch: &Watch, host: &Path, written: &str) -> Arrived {
    let span = watch.origin.span;
    let rest = host.strip_prefix(&watch.path.value).ok().and_then(Path::to_str).unwrap_or_default();
    let target = watch.target.as_ref().map(|target| path::join(target, rest));
    let (text, restarts) = match watch.action.value {
        WatchAction::Rebuild => ("docker compose watch builds the image anew and replaces the container", true),
        WatchAction::Restart => ("docker compose watch starts the container anew", true),
        WatchAction::Sync => ("docker compose watch copies it into the container", false),
        WatchAction::SyncRestart => ("docker compose watch copies it into the container and starts it anew", true),
        WatchAction::SyncExec => ("docker compose watch copies it into the container and runs a command there", false),
    };
    let container = target.or_else(|| Some(written.to_owned()));
    Arrived { container, restarts, ..Arrived::new(Holds::Yes, format!("while it runs, {text}"), span, Effect::Watch) }
}

fn read(service: Service<'_>, process: &Process, host: &Path) -> (Link, Effect) {
    let name = process.name();
    let link = |holds: Holds, text: String, span: Option<Span>| Link { name: "read", holds, text, span };
    if let Some(reason) = &process.unknown {
        return (link(Holds::Unknown, format!("it is not known what runs: {reason}"), Some(process.written_at)), Effect::Unknown);
    }
    if let Some(copy) =
        service.installed_copies(process).into_iter().find(|copy| host.starts_with(&copy.root) || copy.root.starts_with(host))
    {
        let text = format!("`{name}` imports `{}` from where it was installed: {}", copy.package, copy.why);
        return (link(Holds::No, text, Some(copy.install)), Effect::Rebuild);
    }
    match service.maker(process) {
        None if process.program.is_none() => {
            (link(Holds::Unknown, format!("nothing is known of `{name}`"), Some(process.written_at)), Effect::Unknown)
        }
        None => (link(Holds::Yes, format!("`{name}` works in {}", process.cwd), Some(process.written_at)), Effect::Nothing),
        Some(Maker::Watcher(span)) => (link(Holds::Yes, "a watcher compiles each edit".to_owned(), Some(span)), Effect::Nothing),
        Some(Maker::Start(span)) => (link(Holds::Yes, "it is compiled at each start".to_owned(), Some(span)), Effect::Restart),
        Some(Maker::Image) => {
            let made = service.compiled_artefact(process).map(|made| made.copy);
            (link(Holds::No, format!("`{name}` runs what the build of the image made"), made.or(Some(process.written_at))), Effect::Rebuild)
        }
        Some(Maker::Host(at)) => {
            let span = service.spec().mounts.get(at).and_then(|mount| mount.origin.span);
            (link(Holds::No, format!("`{name}` runs what was compiled on the host"), span), Effect::MakeOnHost)
        }
        Some(Maker::Unknown) => (link(Holds::Unknown, "it is not known what makes the code that runs".to_owned(), None), Effect::Unknown),
    }
}

fn read_again(process: &Process, host: &Path, restarts: bool) -> (Link, Effect) {
    let name = process.name();
    let link = |holds: Holds, text: String, span: Option<Span>| Link { name: "read again", holds, text, span };
    if restarts {
        return (link(Holds::Yes, "the process starts anew with it".to_owned(), None), Effect::Nothing);
    }
    let at = Some(process.written_at);
    match &process.reload {
        Reload::Yes { at, .. } if !looks_at(process, host) => {
            let watches = process.program.map(|program| program.watches.join(", ")).unwrap_or_default();
            (link(Holds::No, format!("the reloader of `{name}` looks at {watches} only"), Some(*at)), Effect::Restart)
        }
        Reload::Yes { how, at } => (link(Holds::Yes, format!("`{name}` restarts by itself ({how})"), Some(*at)), Effect::Nothing),
        Reload::PerRequest => (link(Holds::Yes, format!("`{name}` reads the code for each request"), at), Effect::Nothing),
        Reload::Hot => (link(Holds::Yes, format!("`{name}` takes edits over while it runs"), at), Effect::Nothing),
        Reload::NotAServer => (link(Holds::Yes, format!("`{name}` reads it when it runs the next time"), at), Effect::Restart),
        Reload::None if process.program.is_some_and(|program| program.family == Family::Static) => {
            (link(Holds::Yes, format!("`{name}` reads files for each request"), at), Effect::Nothing)
        }
        Reload::None => (link(Holds::No, format!("`{name}` keeps the code that it started with"), at), Effect::Restart),
        Reload::Broken { reason, at } => (link(Holds::No, (*reason).to_owned(), Some(*at)), Effect::Restart),
        Reload::Unknown(reason) => (link(Holds::Unknown, reason.clone(), at), Effect::Restart),
    }
}

/// Whether a reloader looks at a file of this name; of a directory it looks at what lies in it.
fn looks_at(process: &Process, host: &Path) -> bool {
    let Some(program) = process.program.filter(|program| !program.watches.is_empty()) else { return true };
    // What it is told to look at beside that is not known here.
    let is_told = process.words().iter().any(|word| word.contains("include") || word.contains("extra") || matches!(*word, "-e" | "--ext"));
    let Some(ending) = host.extension().and_then(|ending| ending.to_str()) else { return true };
    is_told || program.watches.iter().any(|glob| glob.rsplit_once('.').is_none_or(|(_, watched)| watched == ending))
}

/// The bind mount that shows a host path, and where; nothing lies over it there.
fn shown(mounts: &[Mount], host: &Path) -> Option<(usize, String)> {
    binds_of(mounts, host).find(|(at, container)| filesystem::covering(mounts, container) == Some(*at))
}

/// A bind mount whose source holds a host path, and where that would be seen.
fn bind_of(mounts: &[Mount], host: &Path) -> Option<(usize, String)> {
    binds_of(mounts, host).next()
}

fn binds_of(mounts: &[Mount], host: &Path) -> impl Iterator<Item = (usize, String)> {
    mounts.iter().enumerate().filter_map(move |(at, mount)| {
        let source = mount.source.as_ref().filter(|source| mount.kind == MountKind::Bind && !source.origin.is_unknown())?;
        let rest = host.strip_prefix(&source.value).ok()?.to_str()?;
        Some((at, path::join(&mount.target.value, rest)))
    })
}

/// Where the image holds a copy of a host path, and the COPY that brought it.
fn baked(image: &Image, host: &Path) -> Option<(String, Span)> {
    image.baked().iter().rev().find_map(|baked| {
        let rest = host.strip_prefix(&baked.host).ok()?.to_str()?;
        // The copy of a directory is only a part of what is asked about where that holds it.
        (rest.is_empty() || baked.is_directory && !image.context.is_ignored(host, false))
            .then(|| (path::join(&baked.container, rest), baked.from_context))
    })
}

/// The COPY of something that another stage made, with a host path among what it had to make it from.
fn compiled(image: &Image, host: &Path) -> Option<Span> {
    let made_from = |input: &Baked| host.starts_with(&input.host) && !image.context.is_ignored(host, false);
    image.artefacts().iter().find(|made| !made.is_dependencies && made.inputs.iter().any(made_from)).map(|made| made.copy)
}

/// Whether a RUN of the build reads a host path through a mount.
fn bound_in_build(image: &Image, host: &Path) -> Option<Span> {
    let steps = image.needed().into_iter().flat_map(|stage| &image.stages[stage].steps);
    steps.into_iter().find_map(|step| {
        let Action::Run(run) = &step.action else { return None };
        let reads = |source: &str| host.starts_with(clean(&image.context.host(source.trim_start_matches('/'))));
        let mut binds = run.mounts.iter().filter(|mount| mount.kind == "bind" && mount.from == CopyFrom::Context);
        binds.any(|mount| reads(mount.source.as_deref().unwrap_or_default())).then_some(step.span)
    })
}

fn reacts(watch: &Watch, host: &Path) -> bool {
    host.starts_with(&watch.path.value)
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
fn effect_of_volume(over: &Mount, other: Effect) -> Effect {
    match (&over.kind, &over.source) {
        (MountKind::Volume, Some(name)) => Effect::RemoveVolume(name.value.clone()),
        (MountKind::AnonymousVolume, _) => Effect::RemoveVolume(String::new()),
        _ => other,
    }
}

#[cfg(test)]
mod tests;
