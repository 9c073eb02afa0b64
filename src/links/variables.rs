//! Env files: which of a service's attributes an edit of one changes.

use std::path::Path;

use super::action::Action;
use crate::compose::{Compose, Data, Step, Value, VariableSource, Via};
use crate::project::{Project, Service};
use crate::syntax::dotenv;
use crate::text::{Source, Span};

/// What an edit of a file with variables for compose files needs that Docker Compose puts into this
/// service; `None` where it uses none of them.
pub(super) fn action_of_interpolation(
    project: &Project<'_>,
    compose: &Compose,
    service: Service<'_>,
    host: &Path,
) -> Option<Action> {
    let sources = project.workspace().sources();
    let is_from = |value: &Value<Data>| {
        value.origin.steps.iter().any(|step| match step {
            Step::Variable {
                from: VariableSource::File(span),
                ..
            } => sources.get(span.file).path() == host,
            _ => false,
        })
    };
    let mut found: Option<Action> = None;
    let mut needs = |action: Action| found = found.take().max(Some(action));
    for entry in service.spec().data.as_map()?.iter() {
        if holds(&entry.value, &is_from) {
            needs(if entry.key == "build" {
                Action::Rebuild
            } else {
                Action::Up
            });
        }
    }
    for resource in resources_of(compose, service) {
        match resource {
            Shown::Granted(data) if holds(data, &is_from) => needs(Action::StopStart),
            Shown::Made(data) if holds(data, &is_from) => needs(Action::Up),
            _ => {}
        }
    }
    let keys = keys_of_dotenv(project, compose, host);
    let has = |name: &str| keys.iter().any(|key| key == name);
    if is_given_by_variable(compose, service, &has) {
        needs(Action::StopStart);
    }
    if has("COMPOSE_PROFILES") && !service.spec().profiles.is_empty() || has("COMPOSE_FILE") {
        needs(Action::Up);
    }
    if has("COMPOSE_PROJECT_NAME") {
        needs(Action::DownUp);
    }
    found
}

/// A top-level resource that a service uses.
enum Shown<'c> {
    /// A config or secret: its text is put into the container when that starts.
    Granted(&'c Value<Data>),
    /// A volume or network: it is part of the container.
    Made(&'c Value<Data>),
}

fn resources_of<'c>(compose: &'c Compose, service: Service<'c>) -> Vec<Shown<'c>> {
    let mut found = Vec::new();
    for mount in service.mounts() {
        let name = mount.source.as_ref().map(|source| source.value.as_str());
        let sections = match mount.via {
            Via::Config => &compose.configs,
            Via::Secret => &compose.secrets,
            _ => &compose.volumes,
        };
        let is_granted = matches!(mount.via, Via::Config | Via::Secret);
        for resource in sections {
            if Some(resource.name.value.as_str()) == name {
                found.push(if is_granted {
                    Shown::Granted(&resource.data)
                } else {
                    Shown::Made(&resource.data)
                });
            }
        }
    }
    let networks = service.spec().data.get("networks");
    for resource in &compose.networks {
        if networks.is_some_and(|own| own.get(&resource.name.value).is_some()) {
            found.push(Shown::Made(&resource.data));
        }
    }
    found
}

/// Whether a config or secret of a service takes its text from a variable that a file sets.
fn is_given_by_variable(
    compose: &Compose,
    service: Service<'_>,
    has: &dyn Fn(&str) -> bool,
) -> bool {
    let mut granted = service
        .mounts()
        .iter()
        .filter(|mount| matches!(mount.via, Via::Config | Via::Secret));
    granted.any(|mount| {
        let name = mount.source.as_ref().map(|source| source.value.as_str());
        let resources = compose.configs.iter().chain(&compose.secrets);
        let mut own = resources.filter(|resource| Some(resource.name.value.as_str()) == name);
        own.any(|resource| {
            let variable = resource.data.get("environment").and_then(Value::as_str);
            variable.is_some_and(has)
        })
    })
}

/// The keys of a file, where Docker Compose takes variables from it by itself.
fn keys_of_dotenv(project: &Project<'_>, compose: &Compose, host: &Path) -> Vec<String> {
    let is_env = host.file_name().is_some_and(|name| name == ".env");
    let is_own = host.parent() == Some(compose.directory.as_path());
    if !is_env || !is_own {
        return Vec::new();
    }
    let Ok(source) = project.workspace().read(host) else {
        return Vec::new();
    };
    keys(&source)
}

fn keys(source: &Source) -> Vec<String> {
    let (entries, _) = dotenv::parse(source, dotenv::Format::Standard);
    entries.into_iter().map(|entry| entry.key).collect()
}

/// The place of an `env_file` of a service, and whether a container gets any of its values: what
/// `environment` or a later file sets again is not seen.
pub(super) fn env_file(
    project: &Project<'_>,
    service: Service<'_>,
    host: &Path,
) -> Option<(Option<Span>, bool)> {
    let spec = service.spec();
    let (path, _) = spec.env_files.iter().find(|(path, _)| path.value == host)?;
    let Ok(source) = project.workspace().read(host) else {
        return Some((path.span(), true));
    };
    let keys = keys(&source);
    let is_set_again = |key: &String| {
        let entry = spec
            .environment
            .iter()
            .find(|entry| entry.key.value == *key);
        entry.is_some_and(|entry| {
            let value = entry.value.as_ref().and_then(Value::span);
            let span = value.or(entry.key.span());
            span.is_some_and(|span| span.file != source.id())
        })
    };
    let is_seen = keys.is_empty() || !keys.iter().all(is_set_again);
    Some((path.span(), is_seen))
}

/// Whether a value is, or somewhere holds, one of a kind.
fn holds(data: &Value<Data>, is_it: &dyn Fn(&Value<Data>) -> bool) -> bool {
    let mut rest = vec![data];
    while let Some(value) = rest.pop() {
        if is_it(value) {
            return true;
        }
        match &value.value {
            Data::List(items) => rest.extend(items),
            Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    false
}
