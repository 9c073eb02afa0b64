//! Short syntax to long: after this step every attribute has one form.
//!
//! A part of a short form keeps its own place in the text. What is in no known form is reported and
//! left out, so that the steps behind this one meet known forms alone.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::compose::forms::{self, part, short, text_near, text_value};
use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::compose::{DEPRECATED_ATTRIBUTE, INVALID_COMPOSE};
use crate::diagnostic::Diagnostic;

mod ports;
mod volumes;

pub(super) use volumes::{clean_target, named_source as volume_source, target as volume_target};

/// Makes the services and resources of these names canonical. While variables stand as written, a
/// list of ports that cannot be read because of them stays as it is.
pub(super) fn canonicalise(
    document: &mut Value<Data>,
    touched: &FxHashSet<String>,
    has_variables: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(document) = document.as_map_mut() else {
        return;
    };
    for section in document.iter_mut() {
        let is_service = match section.key.as_str() {
            "services" | "jobs" => true,
            "volumes" | "networks" | "secrets" | "configs" => false,
            _ => continue,
        };
        let entries = section
            .value
            .as_map_mut()
            .into_iter()
            .flat_map(Map::iter_mut);
        for entry in entries.filter(|entry| touched.contains(&entry.key)) {
            match is_service {
                true => container(
                    &mut entry.value,
                    Some("/run/secrets/"),
                    has_variables,
                    diagnostics,
                ),
                false => external(&mut entry.value, diagnostics),
            }
        }
    }
}

/// A service, a job, or a hook that is a container; `secrets` is where secrets without a target
/// lie.
fn container(
    container: &mut Value<Data>,
    secrets: Option<&'static str>,
    has_variables: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(map) = container.as_map_mut() else {
        return;
    };
    for entry in map.iter_mut() {
        let value = &mut entry.value;
        match entry.key.as_str() {
            "build" => {
                change(value, forms::build);
                build(value, diagnostics);
            }
            "depends_on" => change(value, forms::depends_on),
            "networks" | "models" => change(value, forms::names),
            "env_file" => {
                change(value, forms::text_list);
                items(value, |item| Some(env_file(item)));
            }
            "label_file" | "dns_search" | "tmpfs" => change(value, forms::text_list),
            "dns" => {
                change(value, forms::text_list);
                items(value, |item| {
                    Some(item).filter(|item| item.as_str() != Some(""))
                });
            }
            "ports" => {
                let is_open =
                    |item: &Value<Data>| item.as_str().is_some_and(|text| text.contains('$'));
                if let Data::List(list) = &mut value.value
                    && !(has_variables && list.iter().any(is_open))
                {
                    *list = ports::ports(std::mem::take(list), diagnostics);
                }
            }
            "volumes" => items(value, |item| {
                volumes::volume(item, has_variables, diagnostics)
            }),
            "devices" => items(value, |item| Some(device(item))),
            "secrets" => items(value, |item| Some(file_mount(item, secrets))),
            "configs" => items(value, |item| Some(file_mount(item, None))),
            "gpus" => gpus(value),
            "pre_start" => {
                for hook in value.as_list_mut().into_iter().flatten() {
                    self::container(hook, None, has_variables, diagnostics);
                }
            }
            "develop" => watches(value),
            "triggers" => schedules(value),
            _ => {}
        }
    }
}

fn build(build: &mut Value<Data>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(map) = build.as_map_mut() {
        for entry in map.iter_mut() {
            match entry.key.as_str() {
                "secrets" => items(&mut entry.value, |item| Some(file_mount(item, None))),
                key @ ("additional_contexts" | "ssh") => {
                    // The only key that stands for itself is that of the default agent.
                    let is_bare =
                        |item: &&Value<Data>| item.as_str().is_some_and(|text| !text.contains('='));
                    let is_known = |item: &&Value<Data>| {
                        item.origin.is_unknown() || key == "ssh" && item.as_str() == Some("default")
                    };
                    let bare = entry
                        .value
                        .as_list()
                        .unwrap_or_default()
                        .iter()
                        .filter(is_bare)
                        .filter(|item| !is_known(item));
                    for span in bare.filter_map(Value::span) {
                        diagnostics.push(Diagnostic::new(
                            INVALID_COMPOSE,
                            span,
                            format!("an item of `{key}` must be `NAME=VALUE`"),
                        ));
                    }
                    change(&mut entry.value, additional_contexts);
                }
                "extra_hosts" => change(&mut entry.value, forms::text_list),
                _ => {}
            }
        }
    } else if let (false, Some(span)) = (build.value.is_null(), build.span()) {
        let message = format!(
            "`build` must be a path or a mapping, not {}",
            build.value.kind()
        );
        diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message));
    }
}

/// `NAME=VALUE` items as a mapping.
fn additional_contexts(value: Value<Data>) -> Value<Data> {
    if !matches!(value.value, Data::List(_)) {
        return value;
    }
    let entries = forms::pairs(&value)
        .into_iter()
        .map(|(key, value)| MapEntry::new(key.value, key.origin.span, value));
    Value {
        value: Data::Map(entries.collect()),
        origin: value.origin,
    }
}

fn env_file(item: Value<Data>) -> Value<Data> {
    match &item.value {
        Data::String(_) => {
            let origin = item.origin.clone();
            let required = Value {
                value: Data::Bool(true),
                origin: origin.implied("short env_file"),
            };
            let path = Value {
                origin: short(&origin),
                ..item
            };
            let entries = [
                MapEntry::new("path", None, path),
                MapEntry::new("required", None, required),
            ];
            Value {
                value: Data::Map(Map::from_iter(entries)),
                origin,
            }
        }
        _ => item,
    }
}

fn device(item: Value<Data>) -> Value<Data> {
    let Data::String(text) = &item.value else {
        return item;
    };
    let parts = split_outside_braces(text.as_str(), b':');
    if parts.len() > 3 {
        return item;
    }
    let source = part(&item, text, parts[0].clone());
    let target = parts
        .get(1)
        .filter(|range| !range.is_empty())
        .map_or_else(|| source.clone(), |range| part(&item, text, range.clone()));
    let permissions = match parts.get(2) {
        Some(range) => part(&item, text, range.clone()),
        None => text_value("rwm", &item.origin, "default of devices"),
    };
    let entries = [
        ("source", source),
        ("target", target),
        ("permissions", permissions),
    ];
    let map = entries
        .into_iter()
        .map(|(key, value)| MapEntry::new(key, None, value))
        .collect();
    Value {
        value: Data::Map(map),
        origin: item.origin.clone(),
    }
}

/// A secret or config of a service; `directory` is where one without `target` lies.
fn file_mount(mut item: Value<Data>, directory: Option<&'static str>) -> Value<Data> {
    if let Data::String(_) = &item.value {
        let origin = item.origin.clone();
        let source = Value {
            origin: short(&origin),
            ..item
        };
        item = Value {
            value: Data::Map(Map::from_iter([MapEntry::new("source", None, source)])),
            origin,
        };
    }
    let origin = item.origin.clone();
    if let (Some(directory), Some(map)) = (directory, item.as_map_mut())
        && !map.contains("target")
        && let Some(source) = map
            .get("source")
            .and_then(|source| source.as_str().map(str::to_owned))
    {
        let target = text_value(
            &format!("{directory}{source}"),
            &origin,
            "default target of secrets",
        );
        map.insert(MapEntry::new("target", None, target));
    }
    item
}

fn gpus(value: &mut Value<Data>) {
    if value.as_str() == Some("all") {
        let origin = value.origin.clone();
        let count = Value {
            value: Data::Int(-1),
            origin: short(&origin),
        };
        let item = Value {
            value: Data::Map(Map::from_iter([MapEntry::new("count", None, count)])),
            origin: origin.clone(),
        };
        *value = Value {
            value: Data::List(vec![item]),
            origin,
        };
    }
}

fn watches(develop: &mut Value<Data>) {
    let Some(watch) = develop.get_mut("watch") else {
        return;
    };
    items(watch, |mut item| {
        for key in ["ignore", "include"] {
            if let Some(patterns) = item.get_mut(key) {
                change(patterns, forms::text_list);
            }
        }
        Some(item)
    });
}

/// A cron line as `{cron: …}`.
fn schedules(triggers: &mut Value<Data>) {
    let Some(schedule) = triggers.get_mut("schedule") else {
        return;
    };
    items(schedule, |item| match &item.value {
        Data::String(_) => {
            let origin = item.origin.clone();
            let cron = Value {
                origin: short(&origin),
                ..item
            };
            Some(Value {
                value: Data::Map(Map::from_iter([MapEntry::new("cron", None, cron)])),
                origin,
            })
        }
        _ => Some(item),
    });
}

/// `external: {name: X}` as `external: true` and `name: X`.
fn external(resource: &mut Value<Data>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(map) = resource.as_map_mut() else {
        return;
    };
    if let (Some(name), Some(other)) = (
        map.get("name"),
        map.get("external")
            .and_then(|external| external.get("name")),
    ) && !name.value.same(&other.value)
        && let Some(span) = other
            .span()
            .filter(|_| !name.origin.is_unknown() && !other.origin.is_unknown())
    {
        diagnostics.push(Diagnostic::new(
            INVALID_COMPOSE,
            span,
            "`name` and `external.name` differ: keep `name` only",
        ));
    }
    let key_span = map.entry("external").and_then(|entry| entry.key_span);
    let Some(external) = map.get_mut("external") else {
        return;
    };
    let Data::Map(inner) = &external.value else {
        return;
    };
    let name = inner.get("name").cloned();
    if let Some(span) = name.as_ref().and(key_span) {
        diagnostics.push(Diagnostic::new(
            DEPRECATED_ATTRIBUTE,
            span,
            "`external.name` is deprecated: `name` beside `external: true` says it",
        ));
    }
    external.value = Data::Bool(true);
    external.origin = external.origin.implied("short external");
    if let Some(name) = name.filter(|_| !map.contains("name")) {
        map.insert(MapEntry::new("name", None, name));
    }
}

/// Fills in what nobody wrote, after the last file.
pub(super) fn defaults(document: &mut Value<Data>) {
    let sections = document.as_map_mut().into_iter().flat_map(Map::iter_mut);
    let sections = sections.filter(|section| matches!(section.key.as_str(), "services" | "jobs"));
    for service in sections
        .filter_map(|section| section.value.as_map_mut())
        .flat_map(Map::iter_mut)
    {
        if let Some(build) = service.value.get_mut("build") {
            let origin = build.origin.clone();
            fill(build, "context", ".", &origin, "default context");
        }
        if let Some(Data::List(items)) = service
            .value
            .get_mut("volumes")
            .map(|value| &mut value.value)
        {
            items.iter_mut().for_each(volumes::defaults);
        }
        for path in [
            ["gpus"].as_slice(),
            &["deploy", "resources", "reservations", "devices"],
        ] {
            let list = path
                .iter()
                .try_fold(&mut service.value, |value, key| value.get_mut(key));
            if let Some(Data::List(items)) = list.map(|value| &mut value.value) {
                items.iter_mut().for_each(all_devices);
            }
        }
        if let Some(dependencies) = service
            .value
            .get_mut("depends_on")
            .and_then(Value::as_map_mut)
        {
            for dependency in dependencies.iter_mut() {
                let origin = dependency.value.origin.implied("default of depends_on");
                if let Some(map) = dependency.value.as_map_mut()
                    && !map.contains("required")
                {
                    map.insert(MapEntry::new(
                        "required",
                        None,
                        Value {
                            value: Data::Bool(true),
                            origin,
                        },
                    ));
                }
            }
        }
    }
}

/// A request for devices that names none and says no number means all.
fn all_devices(request: &mut Value<Data>) {
    let origin = request.origin.clone();
    if let Some(map) = request.as_map_mut()
        && !map.contains("count")
        && !map.contains("device_ids")
    {
        map.insert(MapEntry::new(
            "count",
            None,
            text_value("all", &origin, "default of devices"),
        ));
    }
}

/// Gives a mapping a text it lacks.
pub(super) fn fill(
    value: &mut Value<Data>,
    key: &str,
    text: &str,
    origin: &Origin,
    rule: &'static str,
) {
    let Some(map) = value.as_map_mut() else {
        return;
    };
    if map.get(key).is_none_or(|value| value.value.is_null()) {
        map.insert(MapEntry::new(
            key,
            None,
            Value {
                value: text_near(text, origin),
                origin: Origin {
                    span: None,
                    ..Origin::default().implied(rule)
                },
            },
        ));
    }
}

fn change(value: &mut Value<Data>, with: impl FnOnce(Value<Data>) -> Value<Data>) {
    let old = std::mem::replace(
        value,
        Value {
            value: Data::Null,
            origin: Origin::default(),
        },
    );
    *value = with(old);
}

fn items(value: &mut Value<Data>, with: impl FnMut(Value<Data>) -> Option<Value<Data>>) {
    if let Data::List(list) = &mut value.value {
        *list = std::mem::take(list).into_iter().filter_map(with).collect();
    }
}

/// The parts of a text between separators; those inside `${…}` do not count.
fn split_outside_braces(text: &str, separator: u8) -> Vec<Range<usize>> {
    let mut parts = Vec::with_capacity(3);
    let (mut start, mut open) = (0, 0_usize);
    let bytes = text.as_bytes();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if open > 0 || (at > 0 && bytes[at - 1] == b'$') => open += 1,
            b'}' => open = open.saturating_sub(1),
            byte if byte == separator && open == 0 => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(start..text.len());
    parts
}

#[cfg(test)]
mod tests;
