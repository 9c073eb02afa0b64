//! The one composer of commands: what to type so that edits take effect, with the options that the
//! project was asked about.

use super::action::Action;
use super::chain::Chain;
use crate::compose::MountKind;
use crate::links::compose_watch;
use crate::project::{Project, Service};

/// What one service needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The service.
    pub service: String,
    /// What is to be done.
    pub action: Action,
    /// Services whose images must be built first.
    pub owners: Vec<String>,
}

impl Need {
    /// What a chain of a service needs.
    pub fn of(service: &str, chain: &Chain) -> Need {
        Need {
            service: service.to_owned(),
            action: chain.action.clone(),
            owners: chain.owners.clone(),
        }
    }
}

/// The command line for one service; `None` where there is nothing to type.
pub fn command(service: Service<'_>, action: &Action) -> Option<String> {
    let need = Need {
        service: service.name().to_owned(),
        action: action.clone(),
        owners: Vec::new(),
    };
    line(service.project(), &[need])
}

/// The command line that a chain of a service needs.
pub fn command_of(service: Service<'_>, chain: &Chain) -> Option<String> {
    line(service.project(), &[Need::of(service.name(), chain)])
}

/// One command line for all needs, dearest first, each service once.
pub fn line(project: &Project<'_>, needs: &[Need]) -> Option<String> {
    let commands = commands(project, needs);
    (!commands.is_empty()).then(|| commands.join(" && "))
}

/// The commands for all needs: volumes first, then images, containers and restarts. A service that
/// is in several of them is in the dearest only.
pub fn commands(project: &Project<'_>, needs: &[Need]) -> Vec<String> {
    let call = project.call().to_string();
    let mut needs: Vec<&Need> = needs.iter().collect();
    needs.sort_by(|one, other| other.action.cmp(&one.action));
    let mut known: Vec<&str> = Vec::new();
    needs.retain(|need| {
        let is_new = !known.contains(&need.service.as_str());
        known.push(&need.service);
        is_new
    });
    let mut commands = Vec::new();
    let of = |wanted: &dyn Fn(&Action) -> bool| -> Vec<&Need> {
        needs
            .iter()
            .copied()
            .filter(|need| wanted(&need.action))
            .collect()
    };
    if !of(&|action| *action == Action::DownUp).is_empty() {
        return vec![format!("{call} down"), format!("{call} up -d --build")];
    }
    for need in of(&|action| *action == Action::Refetch) {
        let name = &need.service;
        commands.push(format!("{call} build --no-cache {name}"));
        commands.push(format!("{call} up -d --no-deps {name}"));
    }
    for need in of(&|action| matches!(action, Action::DropVolume(_))) {
        if let Action::DropVolume(volume) = &need.action {
            commands.extend(without_volume(project, &call, volume));
        }
    }
    for (action, options) in [
        (
            Action::RebuildRenew,
            "up -d --build --no-deps --renew-anon-volumes",
        ),
        (Action::Rebuild, "up -d --build --no-deps"),
    ] {
        let rebuilt = of(&|other| *other == action);
        let owners = owners(project, &rebuilt);
        let names = names(&rebuilt);
        let owners: Vec<&String> = owners
            .iter()
            .filter(|owner| !names.contains(owner))
            .collect();
        if !owners.is_empty() {
            commands.push(format!("{call} build {}", joined(&owners)));
        }
        if !names.is_empty() {
            commands.push(format!("{call} {options} {}", joined(&names)));
        }
    }
    for (action, options) in [
        (Action::Recreate, "up -d --force-recreate --no-deps"),
        (Action::Up, "up -d --no-deps"),
    ] {
        let names = names(&of(&|other| *other == action));
        if !names.is_empty() {
            commands.push(format!("{call} {options} {}", joined(&names)));
        }
    }
    let stopped = names(&of(&|action| *action == Action::StopStart));
    if !stopped.is_empty() {
        let names = joined(&stopped);
        commands.push(format!("{call} stop {names}"));
        commands.push(format!("{call} start {names}"));
    }
    let restarted = names(&of(&|action| *action == Action::Restart));
    if !restarted.is_empty() {
        commands.push(format!("{call} restart {}", joined(&restarted)));
    }
    for need in of(&|action| matches!(action, Action::Exec(_))) {
        if let Action::Exec(words) = need.action {
            let words = words.join(" ");
            commands.push(format!("{call} exec {} {words}", need.service));
        }
    }
    let signalled = names(&of(&|action| *action == Action::Reload));
    if !signalled.is_empty() {
        commands.push(format!("{call} kill -s HUP {}", joined(&signalled)));
    }
    commands
}

/// The services that build what these run: `--build` does nothing for an image that is only named.
fn owners(project: &Project<'_>, needs: &[&Need]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for need in needs {
        let mut own = need.owners.clone();
        if let Some(service) = project.service(&need.service)
            && service.spec().build.is_none()
        {
            let mut sharers = compose_watch::sharers_of_tag(service).into_iter();
            let builder = sharers.find(|other| other.spec().build.is_some());
            own.extend(builder.map(|builder| builder.name().to_owned()));
        }
        for owner in own {
            if !found.contains(&owner) {
                found.push(owner);
            }
        }
    }
    found
}

/// The commands that renew a named volume: it goes only when no container has it any more.
fn without_volume(project: &Project<'_>, call: &str, volume: &str) -> Vec<String> {
    let Some(compose) = project.compose() else {
        return Vec::new();
    };
    let mut volumes = compose.volumes.iter();
    let Some(resource) = volumes.find(|resource| resource.name.value == volume) else {
        return Vec::new();
    };
    let name = resource.data.get("name").and_then(|name| name.as_str());
    let name = name.unwrap_or(volume);
    let mut users: Vec<String> = Vec::new();
    for service in project.services() {
        let has_it = service.mounts().iter().any(|mount| {
            let source = mount.source.as_ref();
            mount.kind == MountKind::Volume && source.is_some_and(|source| source.value == volume)
        });
        if has_it && service.spec().active {
            users.push(service.name().to_owned());
        }
    }
    let users = users.join(" ");
    vec![
        format!("{call} rm --stop --force {users}"),
        format!("docker volume rm {name}"),
        format!("{call} up -d --build --no-deps {users}"),
    ]
}

fn names<'n>(needs: &[&'n Need]) -> Vec<&'n String> {
    needs.iter().map(|need| &need.service).collect()
}

fn joined(names: &[&String]) -> String {
    names
        .iter()
        .map(|name| name.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
