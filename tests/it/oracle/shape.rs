//! The part of a model that is compared, in one shape for both sides: the attributes that our model
//! has types for.

use std::time::Duration;

use composelint::compose::{
    CommandLine, Compose, Condition, Dependency, HealthcheckTest, KeyValue, Mount, MountKind, Port,
    Resource, Service, Watch, WatchAction,
};
use serde_json::{Map, Value, json};

type Written = composelint::compose::Value<String>;

/// Brings what the reference prints into shape.
pub(super) fn shape(model: &Value) -> Value {
    let services =
        entries(&model["services"]).map(|(name, service)| (name.clone(), service_shape(service)));
    json!({ "name": model["name"], "services": services.collect::<Map<_, _>>(), "names": resource_names(model) })
}

/// Our model in that shape; with the resources that no service uses, or without.
pub(super) fn model(compose: &Compose, all_resources: bool) -> Value {
    let services = compose
        .active_services()
        .map(|service| (service.name.value.clone(), service_model(service)));
    let names = our_resource_names(compose, all_resources);
    json!({ "name": compose.name.value, "services": services.collect::<Map<_, _>>(), "names": names })
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What Docker calls the networks and volumes of the project.
fn resource_names(model: &Value) -> Value {
    let names = |section: &str| -> Map<String, Value> {
        entries(&model[section])
            .map(|(key, resource)| {
                (
                    key.clone(),
                    json!([resource["name"], resource["external"] == true]),
                )
            })
            .collect()
    };
    json!({ "networks": names("networks"), "volumes": names("volumes") })
}

fn our_resource_names(compose: &Compose, all: bool) -> Value {
    let uses_network = |name: &str| {
        let networks = compose
            .active_services()
            .filter_map(|service| service.data.get("networks"));
        networks
            .into_iter()
            .any(|networks| networks.get(name).is_some())
    };
    let uses_volume = |name: &str| {
        let mounts = compose
            .active_services()
            .flat_map(|service| &service.mounts);
        let is_it = |mount: &Mount| {
            mount.kind == MountKind::Volume
                && mount
                    .source
                    .as_ref()
                    .is_some_and(|source| source.value == name)
        };
        mounts.into_iter().any(is_it)
    };
    let names = |resources: &[Resource], used: &dyn Fn(&str) -> bool| -> Map<String, Value> {
        let named = resources
            .iter()
            .filter(|resource| all || used(&resource.name.value));
        let name = |resource: &Resource| {
            resource
                .data
                .get("name")
                .and_then(|name| name.as_str().map(str::to_owned))
        };
        named
            .map(|resource| {
                (
                    resource.name.value.clone(),
                    json!([name(resource), resource.external]),
                )
            })
            .collect()
    };
    json!({ "networks": names(&compose.networks, &uses_network), "volumes": names(&compose.volumes, &uses_volume) })
}

const TEXTS: [&str; 8] = [
    "image",
    "user",
    "working_dir",
    "restart",
    "pull_policy",
    "network_mode",
    "container_name",
    "restart",
];

fn service_shape(service: &Value) -> Value {
    let mut shape: Map<String, Value> = TEXTS
        .iter()
        .map(|key| ((*key).to_owned(), service[key].clone()))
        .collect();
    let mut put = |key: &str, value: Value| shape.insert(key.to_owned(), value);
    put("command", service["command"].clone());
    put("entrypoint", service["entrypoint"].clone());
    let build = &service["build"];
    if build.is_object() {
        put(
            "build",
            json!({
                "context": build["context"], "dockerfile": build["dockerfile"], "inline": build["dockerfile_inline"],
                "target": build["target"], "args": map(&build["args"]), "contexts": map(&build["additional_contexts"]),
            }),
        );
    }
    put("environment", map(&service["environment"]));
    put("labels", map(&service["labels"]));
    put("mounts", mounts_shape(service));
    let port = |port: &Value| {
        json!([
            port["host_ip"],
            port["published"],
            port["target"],
            port["protocol"]
        ])
    };
    put("ports", items(&service["ports"]).map(port).collect());
    let edge = |(name, edge): (&String, &Value)| {
        (
            name.clone(),
            json!([
                edge["condition"],
                edge["required"],
                edge["restart"].as_bool().unwrap_or(false)
            ]),
        )
    };
    put(
        "depends_on",
        Value::Object(entries(&service["depends_on"]).map(edge).collect()),
    );
    put("profiles", list(&service["profiles"]));
    put("volumes_from", list(&service["volumes_from"]));
    put("extra_hosts", sorted(list(&service["extra_hosts"])));
    let check = &service["healthcheck"];
    if check.is_object() {
        put(
            "healthcheck",
            json!({
                "test": check["test"], "interval": check["interval"], "timeout": check["timeout"], "retries": check["retries"],
                "start_period": check["start_period"], "start_interval": check["start_interval"],
                "disable": check["disable"].as_bool().unwrap_or(false),
            }),
        );
    }
    let watch = |watch: &Value| {
        json!({
            "path": watch["path"], "action": watch["action"], "target": watch["target"], "ignore": list(&watch["ignore"]),
            "include": list(&watch["include"]), "initial_sync": watch["initial_sync"].as_bool().unwrap_or(false),
        })
    };
    put(
        "watch",
        items(&service["develop"]["watch"]).map(watch).collect(),
    );
    let networks = entries(&service["networks"]).map(|(name, _)| name.clone());
    put("networks", networks.collect());
    Value::Object(shape)
}

fn mounts_shape(service: &Value) -> Value {
    let volume = |volume: &Value| {
        let kind = match volume["type"].as_str().unwrap_or_default() {
            kind @ ("bind" | "volume" | "tmpfs") => kind,
            _ => "other",
        };
        json!([
            kind,
            volume["source"],
            volume["target"],
            volume["read_only"].as_bool().unwrap_or(false)
        ])
    };
    let tmpfs = |item: &Value| {
        let text = item.as_str().unwrap_or_default();
        let (target, options) = text.split_once(':').unwrap_or((text, ""));
        json!([
            "tmpfs",
            null,
            target,
            options.split(',').any(|option| option == "ro")
        ])
    };
    items(&service["volumes"])
        .map(volume)
        .chain(items(&service["tmpfs"]).map(tmpfs))
        .collect()
}

fn map(value: &Value) -> Value {
    Value::Object(value.as_object().cloned().unwrap_or_default())
}

fn list(value: &Value) -> Value {
    Value::Array(value.as_array().cloned().unwrap_or_default())
}

fn sorted(mut value: Value) -> Value {
    if let Some(items) = value.as_array_mut() {
        items.sort_by_key(Value::to_string);
    }
    value
}

fn service_model(service: &Service) -> Value {
    let text = |value: &Option<Written>| {
        value
            .as_ref()
            .filter(|value| !value.value.is_empty())
            .map(|value| value.value.clone())
    };
    let texts =
        |values: &[Written]| -> Value { values.iter().map(|value| value.value.clone()).collect() };
    let mut shape = Map::new();
    let mut put = |key: &str, value: Value| shape.insert(key.to_owned(), value);
    put("image", json!(text(&service.image)));
    put("user", json!(text(&service.user)));
    put("working_dir", json!(text(&service.working_dir)));
    put("restart", json!(text(&service.restart)));
    put("pull_policy", json!(text(&service.pull_policy)));
    put("network_mode", json!(text(&service.network_mode)));
    put("container_name", json!(text(&service.container_name)));
    for (key, line) in [
        ("command", &service.command),
        ("entrypoint", &service.entrypoint),
    ] {
        let words = |line: &CommandLine| -> Vec<String> {
            line.words
                .iter()
                .map(|word| word.text.as_str().to_owned())
                .collect()
        };
        put(key, json!(line.as_ref().map(|line| words(line))));
    }
    if let Some(build) = &service.build {
        let inline = build
            .dockerfile_inline
            .as_ref()
            .map(|inline| inline.value.as_str());
        put(
            "build",
            json!({
                "context": build.context.value, "dockerfile": text(&build.dockerfile), "inline": inline,
                "target": text(&build.target), "args": pairs(&build.args), "contexts": pairs(&build.additional_contexts),
            }),
        );
    }
    put("environment", pairs(&service.environment));
    put("labels", pairs(&service.labels));
    let mount = |mount: &Mount| {
        let kind = match mount.kind {
            MountKind::Bind => "bind",
            MountKind::Volume | MountKind::AnonymousVolume => "volume",
            MountKind::Tmpfs => "tmpfs",
            MountKind::Other => "other",
        };
        json!([
            kind,
            text(&mount.source),
            mount.target.value,
            mount.read_only
        ])
    };
    put("mounts", service.mounts.iter().map(mount).collect());
    let port = |port: &Port| {
        json!([
            text(&port.host_ip),
            text(&port.published),
            port.target.as_ref().map(|target| target.value),
            port.protocol
        ])
    };
    put("ports", service.ports.iter().map(port).collect());
    let edge = |edge: &Dependency| {
        let condition = match edge.condition {
            Condition::Started => "service_started",
            Condition::Healthy => "service_healthy",
            Condition::Completed => "service_completed_successfully",
        };
        (
            edge.service.value.clone(),
            json!([condition, edge.required, edge.restart]),
        )
    };
    put(
        "depends_on",
        Value::Object(service.depends_on.iter().map(edge).collect()),
    );
    put("profiles", texts(&service.profiles));
    put("volumes_from", texts(&service.volumes_from));
    put("extra_hosts", sorted(texts(&service.extra_hosts)));
    if let Some(check) = &service.healthcheck {
        let duration = |value: &Option<composelint::compose::Value<Duration>>| {
            value.as_ref().map(|value| go_duration(value.value))
        };
        put(
            "healthcheck",
            json!({
                "test": check.test.as_ref().map(|test| test_words(test)), "interval": duration(&check.interval),
                "timeout": duration(&check.timeout), "retries": check.retries.as_ref().map(|retries| retries.value),
                "start_period": duration(&check.start_period), "start_interval": duration(&check.start_interval),
                "disable": check.disable,
            }),
        );
    }
    let watch = |watch: &Watch| {
        let action = match watch.action.value {
            WatchAction::Rebuild => "rebuild",
            WatchAction::Restart => "restart",
            WatchAction::Sync => "sync",
            WatchAction::SyncRestart => "sync+restart",
            WatchAction::SyncExec => "sync+exec",
        };
        json!({
            "path": watch.path.value, "action": action, "target": text(&watch.target), "ignore": texts(&watch.ignore),
            "include": texts(&watch.include), "initial_sync": watch.initial_sync,
        })
    };
    put("watch", service.watch.iter().map(watch).collect());
    let mut networks: Vec<String> = service
        .data
        .get("networks")
        .and_then(|networks| networks.as_map())
        .into_iter()
        .flatten()
        .map(|entry| entry.key.clone())
        .collect();
    networks.sort();
    put("networks", json!(networks));
    Value::Object(shape)
}

fn pairs(entries: &[KeyValue]) -> Value {
    let pair = |entry: &KeyValue| {
        (
            entry.key.value.clone(),
            json!(entry.value.as_ref().map(|value| value.value.clone())),
        )
    };
    Value::Object(entries.iter().map(pair).collect())
}

fn test_words(test: &HealthcheckTest) -> Vec<String> {
    match test {
        HealthcheckTest::None => vec!["NONE".to_owned()],
        HealthcheckTest::Exec(words) => std::iter::once("CMD".to_owned())
            .chain(words.iter().map(|word| word.text.as_str().to_owned()))
            .collect(),
        HealthcheckTest::Shell(text) => vec!["CMD-SHELL".to_owned(), text.as_str().to_owned()],
    }
}

/// A duration as Go prints it: `1h2m3.5s`.
fn go_duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let decimal = |value: u128, unit: u128| {
        let text = format!(
            "{}.{:09}",
            value / unit,
            value % unit * (1_000_000_000 / unit)
        );
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => format!("{}µs", decimal(nanos, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", decimal(nanos, 1_000_000)),
        _ => {
            let seconds = nanos / 1_000_000_000;
            let rest = decimal(nanos % 60_000_000_000, 1_000_000_000);
            match (seconds / 3600, seconds / 60 % 60) {
                (0, 0) => format!("{rest}s"),
                (0, minutes) => format!("{minutes}m{rest}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{rest}s"),
            }
        }
    }
}
