//! What follows from what is written: names of resources, the default network, dependencies that
//! other attributes imply, values taken from the project's variables.

use crate::compose::canonical::{clean_target, fill};
use crate::compose::decode::CONTAINER;
use crate::compose::environment::Environment;
use crate::compose::forms::{key_of, text_near};
use crate::compose::merge;
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::text::Cooked;

/// Normalises a whole document.
pub(super) fn normalise(document: &mut Value<Data>, project: &str, environment: &Environment) {
    let mut uses_default = None;
    for section in ["services", "jobs"] {
        for entry in document
            .get_mut(section)
            .and_then(Value::as_map_mut)
            .into_iter()
            .flat_map(Map::iter_mut)
        {
            let key = Origin {
                span: entry.key_span.or(entry.value.span()),
                steps: Vec::new(),
            };
            let Some(map) = entry.value.as_map_mut() else {
                continue;
            };
            service(map, environment);
            implied_dependencies(map);
            if joins_default(map, &key) {
                uses_default = uses_default.or(Some(key));
            }
            inherit(map);
        }
    }
    if let (Some(origin), Some(map)) = (uses_default, document.as_map_mut()) {
        add_default_network(map, &origin);
    }
    name_resources(document, project);
}

/// Gives the containers that run before a service what its own container has, but for its volumes.
fn inherit(service: &mut Map) {
    let is_shared = |key: &str| key != "volumes" && CONTAINER.iter().any(|field| field.name == key);
    if service
        .get("pre_start")
        .and_then(Value::as_list)
        .is_none_or(<[_]>::is_empty)
    {
        return;
    }
    let shared: Map = service
        .iter()
        .filter(|entry| is_shared(&entry.key))
        .cloned()
        .collect();
    let Some(Data::List(hooks)) = service.get_mut("pre_start").map(|hooks| &mut hooks.value) else {
        return;
    };
    for hook in hooks.iter_mut().filter(|hook| hook.as_map().is_some()) {
        let own = std::mem::replace(
            hook,
            Value {
                value: Data::Null,
                origin: Origin::default(),
            },
        );
        let base = Value {
            value: Data::Map(shared.clone()),
            origin: own.origin.clone(),
        };
        // What does not fit together has been reported by the schema: both have the same
        // attributes.
        *hook = merge::merge(
            base,
            own,
            KeyPath::ROOT.key("services").key("pre_start"),
            &mut Vec::new(),
        );
    }
}

fn service(service: &mut Map, environment: &Environment) {
    if let Some(policy) = service.get_mut("pull_policy")
        && policy.as_str() == Some("if_not_present")
    {
        policy.value = text_near("missing", &policy.origin);
    }
    if let Some(build) = service.get_mut("build") {
        let origin = build.origin.clone();
        if build.get("dockerfile_inline").is_none() {
            fill(
                build,
                "dockerfile",
                "Dockerfile",
                &origin,
                "default Dockerfile",
            );
        }
        if let Some(args) = build.get_mut("args") {
            resolve(args, environment, false);
        }
    }
    if let Some(variables) = service.get_mut("environment") {
        resolve(variables, environment, true);
    }
    if let Some(Data::List(mounts)) = service.get_mut("volumes").map(|value| &mut value.value) {
        for target in mounts
            .iter_mut()
            .filter_map(|mount| mount.get_mut("target"))
        {
            let Some(cleaned) = target.as_str().map(|path| {
                if path.is_empty() {
                    ".".to_owned()
                } else {
                    clean_target(path)
                }
            }) else {
                continue;
            };
            if let (false, Some(span)) = (target.as_str() == Some(cleaned.as_str()), target.span())
            {
                target.value = Data::String(Cooked::synthetic(cleaned, span));
            }
        }
    }
}

/// Gives names in lists of variables the values of the project at hand, be it an included one;
/// mappings wait for those of the root.
pub(super) fn resolve_lists(document: &mut Value<Data>, environment: &Environment) {
    for service in document
        .get_mut("services")
        .and_then(Value::as_map_mut)
        .into_iter()
        .flat_map(Map::iter_mut)
    {
        if let Some(variables) = service
            .value
            .get_mut("environment")
            .filter(|variables| variables.as_list().is_some())
        {
            resolve(variables, environment, true);
        }
    }
}

/// Gives names without a value the project's value. One that has none stays, or goes.
pub(super) fn resolve(variables: &mut Value<Data>, environment: &Environment, keep: bool) {
    let taken = |name: &str, near: &Origin| {
        let variable = environment.get(name)?;
        let span = near.span?;
        let step = Step::Variable {
            used: span,
            name: name.to_owned(),
            from: variable.from.clone(),
        };
        let steps = near
            .steps
            .iter()
            .cloned()
            .chain([step])
            .chain(variable.unset.iter().cloned())
            .collect();
        Some((variable.value.clone(), span, steps))
    };
    match &mut variables.value {
        Data::Map(map) => {
            for entry in map.iter_mut().filter(|entry| entry.value.value.is_null()) {
                let near = Origin {
                    span: entry.key_span.or(entry.value.span()),
                    steps: entry.value.origin.steps.clone(),
                };
                if let Some((value, span, steps)) = taken(&entry.key, &near) {
                    entry.value = Value {
                        value: Data::String(Cooked::synthetic(value, span)),
                        origin: Origin {
                            span: Some(span),
                            steps,
                        },
                    };
                }
            }
            if !keep {
                let unset: Vec<String> = map
                    .iter()
                    .filter(|entry| entry.value.value.is_null())
                    .map(|entry| entry.key.clone())
                    .collect();
                unset.iter().for_each(|key| {
                    map.remove(key);
                });
            }
        }
        Data::List(items) => {
            for item in items.iter_mut() {
                let name = key_of(item);
                if item.as_str() == Some(name)
                    && let Some((value, span, steps)) = taken(name, &item.origin)
                {
                    let text = Cooked::synthetic(format!("{name}={value}"), span);
                    *item = Value {
                        value: Data::String(text),
                        origin: Origin {
                            span: Some(span),
                            steps,
                        },
                    };
                }
            }
            if !keep {
                items.retain(|item| item.as_str().is_some_and(|text| text.contains('=')));
            }
        }
        _ => {}
    }
}

/// Adds the dependencies that other attributes imply, unless the service is listed.
fn implied_dependencies(service: &mut Map) {
    let mut implied: Vec<(String, &'static str, bool, Origin)> = Vec::new();
    let mut add = |value: &Value<Data>, name: &str, by: &'static str, restart: bool| {
        implied.push((name.to_owned(), by, restart, value.origin.clone()));
    };
    for link in list(service.get("links")) {
        let name = link.as_str().unwrap_or_default();
        add(link, name.split(':').next().unwrap_or(name), "links", true);
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        let Some(value) = service.get(key) else {
            continue;
        };
        if let Some(name) = value
            .as_str()
            .and_then(|mode| mode.strip_prefix("service:"))
        {
            add(value, name, key, true);
        }
    }
    for source in list(service.get("volumes_from")) {
        let text = source.as_str().unwrap_or_default();
        if !text.starts_with("container:") {
            add(
                source,
                text.split(':').next().unwrap_or(text),
                "volumes_from",
                false,
            );
        }
    }
    if implied.is_empty() {
        return;
    }
    if !matches!(
        service.get("depends_on").map(|value| &value.value),
        Some(Data::Map(_))
    ) {
        let origin = Origin {
            span: None,
            steps: vec![Step::Default("implied dependencies")],
        };
        service.insert(MapEntry::new(
            "depends_on",
            None,
            Value {
                value: Data::Map(Map::new()),
                origin,
            },
        ));
    }
    let Some(dependencies) = service.get_mut("depends_on").and_then(Value::as_map_mut) else {
        return;
    };
    for (name, by, restart, origin) in implied {
        if name.is_empty() || dependencies.contains(&name) {
            continue;
        }
        let mut map = Map::new();
        let condition = Value {
            value: text_near("service_started", &origin),
            origin: origin.implied(by),
        };
        map.insert(MapEntry::new("condition", None, condition));
        if restart {
            map.insert(MapEntry::new(
                "restart",
                None,
                Value {
                    value: Data::Bool(true),
                    origin: origin.implied(by),
                },
            ));
        }
        map.insert(MapEntry::new(
            "required",
            None,
            Value {
                value: Data::Bool(true),
                origin: origin.implied(by),
            },
        ));
        dependencies.insert(MapEntry::new(
            name,
            origin.span,
            Value {
                value: Data::Map(map),
                origin: origin.implied(by),
            },
        ));
    }
}

fn list(value: Option<&Value<Data>>) -> &[Value<Data>] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// Lets a service without networks join the default one; whether it does.
fn joins_default(service: &mut Map, key: &Origin) -> bool {
    if service.contains("network_mode") || service.contains("provider") {
        return false;
    }
    let is_empty = match service.get("networks").map(|networks| &networks.value) {
        None | Some(Data::Null) => true,
        Some(Data::Map(networks)) => networks.is_empty(),
        Some(_) => false,
    };
    if is_empty {
        let network = Value {
            value: Data::Null,
            origin: key.implied("default network"),
        };
        let networks = Map::from_iter([MapEntry::new("default", None, network)]);
        let origin = Origin {
            span: None,
            steps: vec![Step::Default("default network")],
        };
        service.insert(MapEntry::new(
            "networks",
            None,
            Value {
                value: Data::Map(networks),
                origin,
            },
        ));
    }
    service
        .get("networks")
        .is_some_and(|networks| networks.get("default").is_some())
}

fn add_default_network(document: &mut Map, origin: &Origin) {
    let made = Origin {
        span: None,
        steps: vec![Step::Default("default network")],
    };
    if !matches!(
        document.get("networks").map(|value| &value.value),
        Some(Data::Map(_))
    ) {
        document.insert(MapEntry::new(
            "networks",
            None,
            Value {
                value: Data::Map(Map::new()),
                origin: made.clone(),
            },
        ));
    }
    if let Some(networks) = document.get_mut("networks").and_then(Value::as_map_mut)
        && !networks.contains("default")
    {
        networks.insert(MapEntry::new(
            "default",
            None,
            Value {
                value: Data::Null,
                origin: origin.implied("default network"),
            },
        ));
    }
}

/// Gives every resource the name that Docker knows it by.
fn name_resources(document: &mut Value<Data>, project: &str) {
    for section in ["networks", "volumes", "secrets", "configs"] {
        for entry in document
            .get_mut(section)
            .and_then(Value::as_map_mut)
            .into_iter()
            .flat_map(Map::iter_mut)
        {
            let origin = Origin {
                span: entry.key_span.or(entry.value.span()),
                steps: Vec::new(),
            };
            if entry.value.value.is_null() {
                entry.value.value = Data::Map(Map::new());
            }
            let is_external = matches!(
                entry.value.get("external").map(|value| &value.value),
                Some(Data::Bool(true))
            );
            let name = if is_external {
                entry.key.clone()
            } else {
                format!("{project}_{}", entry.key)
            };
            fill(
                &mut entry.value,
                "name",
                &name,
                &origin,
                "name of a resource",
            );
        }
    }
}
