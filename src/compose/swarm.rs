//! Attributes that only Swarm heeds: Docker Compose loads them, warns, and does nothing with them.

use crate::compose::SWARM_ONLY_ATTRIBUTE;
use crate::compose::value::{Data, Map, MapEntry, Value};
use crate::diagnostic::Diagnostic;

/// Parts of `deploy` that Docker Compose ignores.
const DEPLOY: [&str; 5] = [
    "mode",
    "endpoint_mode",
    "placement",
    "update_config",
    "rollback_config",
];

/// Tells every such attribute of a resolved project, also in services that no profile enables, as
/// the reference does.
pub(super) fn check(document: &Value<Data>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for service in section(document, "services") {
        check_service(document, service, &mut found);
    }
    for kind in ["configs", "secrets"] {
        for resource in section(document, kind) {
            let keys: &[&str] = if kind == "secrets" {
                &["labels", "driver_opts"]
            } else {
                &["labels"]
            };
            for entry in keys.iter().filter_map(|key| entry(&resource.value, key)) {
                let message = format!(
                    "`{kind}.*.{}` is for {kind} that Swarm keeps: Docker Compose ignores it",
                    entry.key
                );
                found.extend(tell(entry, message));
            }
        }
    }
    found
}

fn check_service(document: &Value<Data>, service: &MapEntry, found: &mut Vec<Diagnostic>) {
    let mut add = |entry: &MapEntry, message: String| {
        found
            .extend(tell(entry, message).map(|diagnostic| diagnostic.service(service.key.clone())));
    };
    let service = &service.value;
    if let Some(deploy) = service.get("deploy") {
        for entry in DEPLOY.iter().filter_map(|key| entry(deploy, key)) {
            add(
                entry,
                format!(
                    "`deploy.{}` counts in Swarm only: Docker Compose ignores it",
                    entry.key
                ),
            );
        }
        if let Some(labels) = entry(deploy, "labels") {
            add(labels, "`deploy.labels` are labels of a service in Swarm: Docker Compose puts them on no container".to_owned());
        }
    }
    let items = |key: &str| {
        service
            .get(key)
            .and_then(Value::as_list)
            .unwrap_or_default()
    };
    let is = |entry: &&MapEntry, text: &str| entry.value.as_str() == Some(text);
    for mode in items("ports")
        .iter()
        .filter_map(|port| entry(port, "mode"))
        .filter(|mode| is(mode, "host"))
    {
        add(
            mode,
            "`mode: host` of a port is for the routing mesh of Swarm: Docker Compose ignores it"
                .to_owned(),
        );
    }
    for kind in items("volumes")
        .iter()
        .filter_map(|mount| entry(mount, "type"))
        .filter(|kind| is(kind, "cluster"))
    {
        add(
            kind,
            "only Swarm has volumes of the type `cluster`".to_owned(),
        );
    }
    for section in ["secrets", "configs"] {
        // A file that Docker Compose makes itself gets its owner and mode.
        let is_mounted = |item: &&Value<Data>| {
            let name = item
                .get("source")
                .and_then(Value::as_str)
                .unwrap_or_default();
            document
                .get(section)
                .and_then(|all| all.get(name))
                .is_some_and(|resource| resource.get("file").is_some())
        };
        for item in items(section).iter().filter(is_mounted) {
            for entry in ["uid", "gid", "mode"]
                .into_iter()
                .filter_map(|key| entry(item, key))
            {
                let message = format!(
                    "`{}` of {section} counts in Swarm only: Docker Compose mounts the file as it is",
                    entry.key
                );
                add(entry, message);
            }
        }
    }
    if let Some(entry) = entry(service, "credential_spec") {
        add(
            entry,
            "`credential_spec` is for Windows containers in Swarm: Docker Compose ignores it"
                .to_owned(),
        );
    }
    if let Some(entry) = entry(service, "storage_opt").filter(|entry| {
        entry
            .value
            .as_map()
            .is_some_and(|map| map.iter().next().is_some())
    }) {
        add(
            entry,
            "`storage_opt` counts in Swarm only: Docker Compose warns of it".to_owned(),
        );
    }
}

fn section<'d>(document: &'d Value<Data>, key: &str) -> impl Iterator<Item = &'d MapEntry> {
    document
        .get(key)
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(Map::iter)
}

/// The entry of a mapping, if it has a value that somebody wrote.
fn entry<'v>(value: &'v Value<Data>, key: &str) -> Option<&'v MapEntry> {
    let entry = value.as_map()?.entry(key)?;
    (!entry.value.value.is_null() && (entry.key_span.is_some() || entry.value.span().is_some()))
        .then_some(entry)
}

fn tell(entry: &MapEntry, message: String) -> Option<Diagnostic> {
    let span = entry.key_span.or(entry.value.span())?;
    Some(Diagnostic::new(SWARM_ONLY_ATTRIBUTE, span, message))
}
