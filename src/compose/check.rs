//! What makes a resolved project unusable: services without an image, names that stand for nothing.
//!
//! Only services that start are judged. The caller asks only when every file that could say more has been read.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::INVALID_COMPOSE;
use crate::compose::model::{Compose, MountKind, Resource, Service};
use crate::compose::value::{Data, Value};
use crate::diagnostic::Diagnostic;

/// Checks a project.
pub(super) fn check(compose: &Compose) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let names = |resources: &[Resource]| -> FxHashSet<String> { resources.iter().map(|resource| resource.name.value.clone()).collect() };
    let known = Known {
        services: compose.services.iter().map(|service| service.name.value.clone()).collect(),
        jobs: compose.data.get("jobs").and_then(Value::as_map).into_iter().flatten().map(|entry| entry.key.clone()).collect(),
        volumes: names(&compose.volumes),
        networks: names(&compose.networks),
        secrets: names(&compose.secrets),
        configs: names(&compose.configs),
    };
    compose.active_services().for_each(|service| check_service(service, &known, &mut diagnostics));
    check_ring(compose, &mut diagnostics);
    diagnostics
}

/// Reports the first ring of services that wait for each other.
fn check_ring(compose: &Compose, diagnostics: &mut Vec<Diagnostic>) {
    let services: Vec<&Service> = compose.active_services().collect();
    let places: FxHashMap<&str, usize> = services.iter().enumerate().map(|(at, service)| (service.name.as_str(), at)).collect();
    let mut done = vec![false; services.len()];
    for start in 0..services.len() {
        // The services from `start` to the current one, each with the number of its dependencies that were followed.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        let mut on_path: FxHashSet<usize> = FxHashSet::from_iter([start]);
        while let Some((at, followed)) = path.last_mut() {
            let dependency = services[*at].depends_on.get(*followed).filter(|_| !done[*at]);
            let Some(dependency) = dependency else {
                done[*at] = true;
                on_path.remove(at);
                path.pop();
                continue;
            };
            *followed += 1;
            let Some(next) = places.get(dependency.service.as_str()) else { continue };
            if on_path.contains(next) {
                let ring = path.iter().map(|(at, _)| *at).skip_while(|at| at != next).chain([*next]);
                let names: Vec<&str> = ring.map(|at| services[at].name.as_str()).collect();
                let span = dependency.service.span().or(dependency.origin.span).unwrap_or(compose.services[0].key());
                let message = format!("services wait for each other in a ring: {}", names.join(" → "));
                diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message));
                return;
            }
            on_path.insert(*next);
            path.push((*next, 0));
        }
    }
}

struct Known {
    services: FxHashSet<String>,
    jobs: FxHashSet<String>,
    volumes: FxHashSet<String>,
    networks: FxHashSet<String>,
    secrets: FxHashSet<String>,
    configs: FxHashSet<String>,
}

fn check_service(service: &Service, known: &Known, diagnostics: &mut Vec<Diagnostic>) {
    let name = &service.name.value;
    let mut report = |span, message: String| {
        diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message).service(name.clone()));
    };
    if service.image.is_none() && service.build.is_none() && service.data.get("provider").is_none() {
        report(service.key(), format!("the service `{name}` has neither an image nor a build"));
    }
    for dependency in service.depends_on.iter().filter(|dependency| !dependency.origin.is_unknown()) {
        let needed = &dependency.service.value;
        let span = dependency.service.span().or(dependency.origin.span).unwrap_or(service.key());
        if known.jobs.contains(needed) {
            report(span, format!("`{needed}` is a job: a service can depend on services only"));
        } else if !known.services.contains(needed) {
            report(span, format!("`{name}` depends on `{needed}`, which is no service of this project"));
        }
    }
    for mount in service.mounts.iter().filter(|mount| mount.kind == MountKind::Volume) {
        let Some(source) = mount.source.as_ref().filter(|source| !source.origin.is_unknown()) else { continue };
        if !known.volumes.contains(&source.value) {
            let span = source.span().or(mount.origin.span).unwrap_or(service.key());
            report(span, format!("the volume `{}` is not declared under `volumes`", source.value));
        }
    }
    for entry in service.data.get("networks").and_then(Value::as_map).into_iter().flatten() {
        if !known.networks.contains(&entry.key) {
            let span = entry.key_span.or(entry.value.span()).unwrap_or(service.key());
            report(span, format!("the network `{}` is not declared under `networks`", entry.key));
        }
    }
    for (section, names, kind) in [("secrets", &known.secrets, "secret"), ("configs", &known.configs, "config")] {
        for item in service.data.get(section).and_then(Value::as_list).unwrap_or_default() {
            let Some(source) = item.get("source") else { continue };
            if let Data::String(text) = &source.value
                && !source.origin.is_unknown()
                && !names.contains(text.as_str())
            {
                let span = source.span().unwrap_or(service.key());
                report(span, format!("the {kind} `{}` is not declared under `{section}`", text.as_str()));
            }
        }
    }
}
