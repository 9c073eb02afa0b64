//! Signs in the content of compose files: what is built, mounted, set and published.

use std::path::Path;

use super::{file_name, parts, word_in};
use crate::compose::value::Value;
use crate::compose::{MountKind, Service};
use crate::intent::{Evidence, Seen};
use crate::knowledge::tools;
use crate::text::Span;

/// The services whose code is the project's own.
fn built<'e>(evidence: &'e Evidence) -> impl Iterator<Item = &'e Service> {
    // A project all of whose services have profiles shows itself only by those.
    let is_built = |service: &&Service| service.build.is_some();
    let any_active = evidence
        .compose
        .active_services()
        .any(|service| is_built(&service));
    evidence
        .compose
        .services
        .iter()
        .filter(is_built)
        .filter(move |service| service.active || !any_active)
}

pub(super) fn watched(evidence: &Evidence) -> Vec<Seen> {
    let services =
        built(evidence).filter_map(|service| service.watch.first().map(|watch| (service, watch)));
    services
        .map(|(service, watch)| {
            (
                format!("`{}` is watched", service.name.value),
                watch.origin.span,
            )
        })
        .collect()
}

pub(super) fn mounted_sources(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for service in built(evidence) {
        let Some(context) = service
            .build
            .as_ref()
            .and_then(|build| build.context_directory.as_deref())
        else {
            continue;
        };
        for mount in service
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Bind && !mount.read_only)
        {
            let Some(source) = &mount.source else {
                continue;
            };
            let path = Path::new(&source.value);
            let is_source = path == context
                || (path.starts_with(context)
                    && matches!(file_name(path), "src" | "app" | "lib" | "source"));
            if is_source && !source.origin.is_unknown() {
                seen.push((
                    format!("the sources of `{}` are mounted", service.name.value),
                    mount.origin.span,
                ));
            }
        }
    }
    seen
}

/// Variables by which frameworks are told what they run for.
const MODES: [&str; 16] = [
    "NODE_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "DJANGO_ENV",
    "MIX_ENV",
    "GO_ENV",
    "ENV",
    "ENVIRONMENT",
    "STAGE",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "SPRING_PROFILES_ACTIVE",
    "APP_ENVIRONMENT",
    "DEPLOYMENT_ENVIRONMENT",
];

fn variables<'e>(evidence: &'e Evidence) -> impl Iterator<Item = (&'e str, &'e Value<String>)> {
    let entries = built(evidence).flat_map(|service| &service.environment);
    entries
        .filter_map(|entry| Some((entry.key.value.as_str(), entry.value.as_ref()?)))
        .filter(|(_, value)| !value.origin.is_unknown())
}

pub(super) fn mode(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let modes = variables(evidence).filter(|(key, value)| {
        (MODES.contains(key) || key.ends_with("_ENV")) && word_in(value, words).is_some()
    });
    modes
        .map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span()))
        .collect()
}

pub(super) fn debug(evidence: &Evidence) -> Vec<Seen> {
    let is_on = |value: &str| {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "1" | "true" | "yes" | "on" | "*"
        )
    };
    let hits = variables(evidence)
        .filter(|(key, value)| parts(key).iter().any(|part| part == "debug") && is_on(value));
    hits.map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span()))
        .collect()
}

pub(super) fn target(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let targets = built(evidence).filter_map(|service| service.build.as_ref()?.target.as_ref());
    let hits =
        targets.filter(|target| !target.origin.is_unknown() && word_in(target, words).is_some());
    hits.map(|target| {
        (
            format!("the stage `{}` is built", target.value),
            target.span(),
        )
    })
    .collect()
}

pub(super) fn reloader(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for command in built(evidence)
        .flat_map(|service| [&service.entrypoint, &service.command])
        .flatten()
    {
        let words: Vec<&str> = command
            .words
            .iter()
            .flat_map(|word| word.text.as_str().split_whitespace())
            .collect();
        if let Some(word) = words
            .iter()
            .find(|word| tools::WORDS_OF_RELOADING.contains(*word))
        {
            seen.push((format!("a command has `{word}`"), command.span()));
        }
    }
    seen
}

/// The last part of an image's repository: `grafana` of `docker.io/grafana/grafana:11`.
fn image_name(image: &str) -> &str {
    let name = image
        .split('@')
        .next()
        .unwrap_or(image)
        .rsplit('/')
        .next()
        .unwrap_or(image);
    name.split(':').next().unwrap_or(name)
}

pub(super) fn images(evidence: &Evidence, names: &[&str], what: &str) -> Vec<Seen> {
    let images = evidence
        .compose
        .active_services()
        .filter_map(|service| service.image.as_ref());
    let hits = images.filter(|image| names.contains(&image_name(image)));
    hits.map(|image| (format!("`{}` {what}", image_name(image)), image.span()))
        .collect()
}

pub(super) fn localhost(evidence: &Evidence) -> Vec<Seen> {
    let hits = variables(evidence)
        .filter(|(_, value)| value.contains("://localhost") || value.contains("://127.0.0.1"));
    hits.map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span()))
        .collect()
}

pub(super) fn certificates(evidence: &Evidence) -> Vec<Seen> {
    let marks = |text: &str| {
        text.contains("certresolver")
            || text.contains("certificatesresolvers")
            || text.contains("LETSENCRYPT_")
    };
    let mut seen = Vec::new();
    for service in evidence.compose.active_services() {
        let labels = service
            .labels
            .iter()
            .filter(|label| marks(&label.key))
            .map(|label| label.key.span());
        let variables = service
            .environment
            .iter()
            .filter(|entry| marks(&entry.key))
            .map(|entry| entry.key.span());
        let command = service
            .command
            .iter()
            .filter(|command| command.words.iter().any(|word| marks(word.text.as_str())));
        let spans = labels
            .chain(variables)
            .chain(command.map(|command| command.span()));
        seen.extend(
            spans.map(|span| (format!("`{}` gets certificates", service.name.value), span)),
        );
    }
    seen
}

pub(super) fn published(evidence: &Evidence, port: &str) -> Vec<Seen> {
    let ports = evidence
        .compose
        .active_services()
        .flat_map(|service| &service.ports);
    let hits = ports.filter(|entry| {
        entry
            .published
            .as_ref()
            .is_some_and(|published| published.value == port)
    });
    hits.map(|entry| (format!("port {port} is published"), entry.origin.span))
        .collect()
}

pub(super) fn deploy(evidence: &Evidence, keys: &[&str]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for service in evidence.compose.active_services() {
        let deploy = service.data.get("deploy");
        let hit = keys.iter().find_map(|key| Some((key, deploy?.get(key)?)));
        seen.extend(hit.map(|(key, value)| {
            (
                format!("`{}` has `deploy.{key}`", service.name.value),
                value.span(),
            )
        }));
    }
    seen
}

pub(super) fn replicas(evidence: &Evidence) -> Vec<Seen> {
    let counts = evidence
        .compose
        .active_services()
        .filter_map(|service| service.data.get("deploy")?.get("replicas"));
    let hits = counts.filter(|count| matches!(count.value, crate::compose::Data::Int(2..)));
    hits.map(|count| ("it runs several replicas".to_owned(), count.span()))
        .collect()
}

/// A built image that also has the name and the tag of a release.
pub(super) fn released_images(evidence: &Evidence) -> Vec<Seen> {
    let mut seen: Vec<(String, Option<Span>)> = Vec::new();
    for image in built(evidence).filter_map(|service| service.image.as_ref()) {
        let (registry, _) = image.split_once('/').unwrap_or(("", ""));
        if registry.contains('.') && !image.origin.is_fixed() {
            seen.push((
                format!("`{}` is pushed to a registry", image_name(image)),
                image.span(),
            ));
        }
    }
    seen
}

pub(super) fn always_restarted(evidence: &Evidence) -> Vec<Seen> {
    let all = built(evidence).count();
    let always: Vec<_> = built(evidence)
        .filter_map(|service| service.restart.as_ref())
        .filter(|restart| *restart.value == *"always")
        .collect();
    match always.first() {
        Some(first) if always.len() * 2 > all => {
            vec![("its services are always restarted".to_owned(), first.span())]
        }
        _ => Vec::new(),
    }
}

/// Binds of places that exist on servers.
pub(super) fn host_directories(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for mount in evidence
        .compose
        .active_services()
        .flat_map(|service| &service.mounts)
    {
        let Some(source) = mount
            .source
            .as_ref()
            .filter(|_| mount.kind == MountKind::Bind)
        else {
            continue;
        };
        let is_outside = !Path::new(&source.value).starts_with(&evidence.compose.directory);
        if is_outside
            && [
                "/opt/",
                "/srv/",
                "/etc/letsencrypt",
                "/etc/ssl",
                "/var/www/",
            ]
            .iter()
            .any(|place| source.starts_with(place))
        {
            seen.push((
                format!("`{}` of the host is mounted", source.value),
                mount.origin.span,
            ));
        }
    }
    seen
}
