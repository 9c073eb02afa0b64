//! A stage of the Dockerfile that is meant for development, and reloads where the selected one
//! cannot.

use crate::compose;
use crate::image;
use crate::image::{Image, path};
use crate::knowledge::Family;
use crate::network;
use crate::process::{Process, Reads, Reload, ServiceChange};
use crate::project::container::{self, Setup};
use crate::project::effective_mounts;
use crate::project::{Facts, Project, Service};

use super::container::Container;
use super::{Command, DevForm, Reasoned, health, is_built, reload, tag};

/// Names of stages for development, the surest first. They may also stand as a part: `api-dev`.
const NAMES: [&str; 6] = ["dev", "development", "develop", "local", "watch", "hot"];

/// Another stage for a service.
pub(super) struct DevStage {
    pub(super) service: String,
    /// The image of that stage.
    pub(super) image: Image,
    /// The service as it would be.
    pub(super) spec: compose::Service,
    /// What is known of its container then.
    pub(super) facts: Facts,
    /// The name of the stage.
    name: String,
    /// Why that stage.
    why: String,
    /// What the stage runs, where the service had a command of its own that must go.
    command: Option<String>,
}

impl DevStage {
    /// The container of the service with this stage.
    pub(super) fn container(&self) -> Container<'_> {
        Container {
            spec: &self.spec,
            image: Some(&self.image),
            mounts: &self.facts.mounts,
            parts: &self.facts.parts,
            processes: &self.facts.processes,
        }
    }

    /// Says the stage and what belongs to it.
    pub(super) fn say(&self, project: &Project<'_>, service: Service<'_>, form: &mut DevForm) {
        self.ports(project, service, form);
        tag::say(&self.spec, form);
        if is_built(&self.spec) {
            form.build_target = Some(Reasoned::new(self.name.clone(), self.why.clone()));
        }
        if let Some(command) = &self.command {
            form.command = Some(Reasoned::new(
                Command::OfImage,
                format!("that of the stage `{}`: {command}", self.name),
            ));
        }
    }
}

impl DevStage {
    /// A development server instead of another one listens on another port than the one that is
    /// published.
    fn ports(&self, project: &Project<'_>, service: Service<'_>, form: &mut DevForm) -> Option<()> {
        let serves_files = |process: &Process| {
            process
                .program
                .is_some_and(|program| program.family == Family::Static)
        };
        let [old] = service.processes() else {
            return None;
        };
        let [new] = self.facts.processes.as_slice() else {
            return None;
        };
        let published = &service.spec().ports;
        let port = published
            .iter()
            .find_map(|port| Some(port.target.as_ref()?.value))?;
        let nothing = |_: &str| None;
        let was_its_own = serves_files(old) || network::port_of(old, &nothing) == Some(port);
        if !was_its_own || serves_files(new) {
            return None;
        }
        let now = network::port_of(new, &|name| self.beside_code(project, new, name))
            .filter(|_| published.len() == 1);
        let (was, is, stage) = (old.name(), new.name(), &self.name);
        match now {
            Some(now) if now == port => {}
            Some(now) => {
                let spec = &published[0];
                let is_taken = |other: &Service<'_>| {
                    let mut ports = other.spec().ports.iter().filter_map(|port| port.published.as_ref());
                    other.name() != service.name() && ports.any(|published| published.value == now.to_string())
                };
                let host = match project.services().any(|other| is_taken(&other)) {
                    true => spec.published.as_ref().filter(|published| published.origin.is_fixed())?.value.clone(),
                    false => now.to_string(),
                };
                let address = spec.host_ip.as_ref().map(|ip| format!("{}:", ip.value)).unwrap_or_default();
                let why = format!("`{is}` of the stage `{stage}` listens there; without !override {port} of `{was}` stays published");
                form.ports = Some(Reasoned::new(vec![format!("{address}{host}:{now}")], why));
            }
            None => form.notes.push(format!(
                "port {port} is that of `{was}`; `{is}` of the stage `{stage}` has one of its own, which is to be published here"
            )),
        }
        Some(())
    }

    /// The text of a file in the directory that a process starts in, as it is on the host.
    fn beside_code(&self, project: &Project<'_>, process: &Process, name: &str) -> Option<String> {
        let mut copies = self
            .image
            .baked()
            .iter()
            .rev()
            .filter(|baked| baked.is_directory);
        let host = copies.find_map(|baked| {
            Some(
                baked
                    .host
                    .join(path::below(&process.cwd, &baked.container)?)
                    .join(name),
            )
        })?;
        let source = project.workspace().read(&host).ok()?;
        Some(source.text().to_owned())
    }
}

/// The services that want another stage, and those that run the same image by its tag.
pub(super) fn choose(project: &Project<'_>) -> Vec<DevStage> {
    let mut chosen: Vec<DevStage> = Vec::new();
    for service in project
        .services()
        .filter(|service| is_built(service.spec()) && service.is_developed())
    {
        chosen.extend(stage_for(project, service));
    }
    let mut followers = Vec::new();
    for stage in &chosen {
        let tag = |service: &compose::Service| service.image.as_ref().map(|tag| tag.value.clone());
        let Some(own) = project
            .service(&stage.service)
            .and_then(|service| tag(service.spec()))
        else {
            continue;
        };
        for other in project
            .services()
            .filter(|other| tag(other.spec()).as_ref() == Some(&own))
        {
            let is_free = !chosen
                .iter()
                .chain(&followers)
                .any(|known: &DevStage| known.service == other.name());
            let same = other
                .image()
                .zip(project.service(&stage.service).and_then(Service::image))
                .is_some_and(|(a, b)| std::ptr::eq(a, b));
            if is_free && same {
                followers.push(with_stage(
                    project,
                    other,
                    stage.image.clone(),
                    &stage.name,
                    "the same image as above",
                    false,
                ));
            }
        }
    }
    chosen.extend(followers);
    chosen
}

/// The stage that makes a service notice edits when nothing lesser does.
fn stage_for(project: &Project<'_>, service: Service<'_>) -> Option<DevStage> {
    let image = service.image()?;
    let container = Container::of_service(service);
    let compiled = container.readers().next().is_none()
        && image
            .artefacts()
            .iter()
            .any(|artefact| !artefact.is_dependencies)
        || container
            .processes
            .iter()
            .any(|process| matches!(process.reads, Reads::Artifact(_)));
    let lacking = |process: &&Process| {
        let is_enough = || {
            matches!(
                container.dev_form(project, process)?.change,
                ServiceChange::Environment { .. }
            )
            .then_some(())
        };
        reload::needs_reload(process) && is_enough().is_none()
    };
    if !compiled && !container.processes.iter().any(|process| lacking(&process)) {
        return None;
    }
    let rank = |stage: &image::Stage| {
        let name = stage.name.as_deref()?;
        let exact = NAMES.iter().position(|wanted| *wanted == name);
        let part = || {
            NAMES
                .iter()
                .position(|wanted| name.split(['-', '_', '.']).any(|part| part == *wanted))
                .map(|at| at + NAMES.len())
        };
        exact.or_else(part)
    };
    let others = image
        .stages
        .iter()
        .enumerate()
        .filter(|(at, _)| Some(*at) != image.target);
    let mut candidates: Vec<(usize, &image::Stage)> = others
        .filter_map(|(_, stage)| Some((rank(stage)?, stage)))
        .collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    candidates
        .into_iter()
        .filter_map(|(_, stage)| stage.name.clone())
        .find_map(|name| {
            let other = image.of_stage(project.workspace(), &name);
            let config = other.config()?;
            // Others would wait forever for a container that has no health check any more.
            if config.healthcheck.is_none() && health::is_lost(project, service, image) {
                return None;
            }
            // The surroundings of an editor are no way to run the service.
            let invocation = config.cmd.invocation().or(config.entrypoint.invocation())?;
            let span = invocation.span;
            let why = super::cite(project, other.selected()?.span);
            let mut found = with_stage(project, service, other, &name, &why, true);
            if found.command.is_some() {
                found.command = Some(super::cite(project, span));
            }
            let is_good = found
                .facts
                .processes
                .iter()
                .all(|process| notices(process, compiled));
            is_good.then_some(found)
        })
}

/// Whether a process of a stage for development does notice edits. What nobody can follow is
/// believed, where the selected stage cannot run sources at all.
fn notices(process: &Process, is_last_resort: bool) -> bool {
    let ends = process
        .program
        .is_some_and(|program| program.family == Family::OneShot);
    match process.reload {
        Reload::Yes { .. } | Reload::PerRequest | Reload::Hot => true,
        Reload::Unknown(_) => is_last_resort,
        _ => ends,
    }
}

fn with_stage(
    project: &Project<'_>,
    service: Service<'_>,
    image: Image,
    name: &str,
    why: &str,
    drops_command: bool,
) -> DevStage {
    let mut spec = service.spec().clone();
    let dropped = spec.command.take_if(|_| drops_command);
    let setup = Setup {
        workspace: project.workspace(),
        service: &spec,
        image: Some(&image),
        mounts: &effective_mounts::over_image(service, &spec, &image),
    };
    let facts = container::facts(setup, service.stated());
    DevStage {
        service: service.name().to_owned(),
        image,
        spec,
        facts,
        name: name.to_owned(),
        why: why.to_owned(),
        command: dropped.map(|_| String::new()),
    }
}
