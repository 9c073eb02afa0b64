//! The resolved document as types.
//!
//! What has the wrong type is reported and left out. A value that an unknown variable takes part in
//! is never judged.

use std::path::{Path, PathBuf};

use crate::compose::environment::Environment;
use crate::compose::forms;
use crate::compose::interpolate::Unset;
use crate::compose::loader::Loader;
use crate::compose::model::{
    Build, Compose, Condition, Dependency, Hook, KeyValue, Port, Resource, Service, Watch,
    WatchAction,
};
use crate::compose::paths::is_remote_context;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::compose::{ENV_LIST_ITEM_IS_A_MAP, INVALID_COMPOSE};
use crate::diagnostic::Diagnostic;
use crate::files::clean;
use crate::text::{Cooked, Span};

mod command;
mod healthcheck;
mod mounts;
mod variables;

pub(super) use variables::is_enabled;

pub(super) use healthcheck::parse as duration;

/// Reads the types from a document. Name, directory and files are for the caller to fill in.
pub(super) fn compose(
    loader: &mut Loader<'_, '_>,
    data: &Value<Data>,
    environment: &Environment,
) -> Compose {
    let section = |name: &str| data.get(name).and_then(Value::as_map).into_iter().flatten();
    let resources = |name: &str| section(name).map(resource).collect();
    Compose {
        name: Value::default_of(String::new(), "no name yet"),
        directory: PathBuf::new(),
        files: Vec::new(),
        main_files: 0,
        services: section("services")
            .filter_map(|entry| service(loader, entry, environment))
            .collect(),
        volumes: resources("volumes"),
        networks: resources("networks"),
        secrets: resources("secrets"),
        configs: resources("configs"),
        data: Value {
            value: Data::Null,
            origin: Origin::default(),
        },
        unread: std::mem::take(&mut loader.unread),
        diagnostics: Vec::new(),
        warnings: Vec::new(),
    }
}

fn resource(entry: &MapEntry) -> Resource {
    let external = matches!(
        entry.value.get("external").map(|value| &value.value),
        Some(Data::Bool(true))
    );
    Resource {
        name: key(entry),
        external,
        data: entry.value.clone(),
    }
}

fn service(
    loader: &mut Loader<'_, '_>,
    entry: &MapEntry,
    environment: &Environment,
) -> Option<Service> {
    let map = entry.value.as_map()?;
    let mut keys = loader.service_keys.remove(&entry.key).unwrap_or_default();
    if keys.is_empty() {
        keys.push(entry.key_span.or(entry.value.span())?);
    }
    let (env_files, environment) = variables::environment(loader, map, environment);
    let labels = variables::labels(loader, map);
    // The reference judges the types of every service, and what else there is to say of those that
    // start.
    let mut unheard = Vec::new();
    let is_idle =
        loader.view.unset == Unset::Blank && !variables::is_enabled(map, &loader.view.profiles);
    let mut reader = Reader {
        diagnostics: if is_idle {
            &mut unheard
        } else {
            &mut loader.diagnostics
        },
    };
    ["environment", "labels"]
        .into_iter()
        .filter_map(|key| Some((key, map.get(key)?)))
        .for_each(|(key, value)| reader.check_pairs(key, value));
    Some(Service {
        name: Value::new(entry.key.clone(), keys[0]),
        keys,
        active: true,
        image: reader.text(map, "image"),
        build: map.get("build").and_then(|build| reader.build(build)),
        command: map.get("command").and_then(|value| reader.command(value)),
        entrypoint: map
            .get("entrypoint")
            .and_then(|value| reader.command(value)),
        working_dir: reader.text(map, "working_dir"),
        user: reader.text(map, "user"),
        mounts: mounts::mounts(map),
        environment,
        env_files,
        depends_on: reader.depends_on(map),
        ports: reader.items(map, "ports").iter().filter_map(port).collect(),
        profiles: reader.texts(map, "profiles"),
        healthcheck: map
            .get("healthcheck")
            .and_then(|value| reader.healthcheck(value)),
        watch: reader.watches(map),
        hooks: reader.hooks(map),
        restart: reader.text(map, "restart"),
        pull_policy: reader.text(map, "pull_policy"),
        network_mode: reader.text(map, "network_mode"),
        container_name: reader.text(map, "container_name"),
        volumes_from: reader.texts(map, "volumes_from"),
        extra_hosts: extra_hosts(map),
        labels,
        data: entry.value.clone(),
    })
}

/// Reads attributes and says which have the wrong type.
struct Reader<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A scalar as text.
    fn text(&mut self, map: &Map, key: &str) -> Option<Value<String>> {
        let value = map.get(key)?;
        if !value.value.is_null() && value.value.scalar_text().is_none() {
            self.wrong(value, key, "text");
        }
        text(value)
    }

    /// A list of scalars as texts.
    fn texts(&mut self, map: &Map, key: &str) -> Vec<Value<String>> {
        self.items(map, key).iter().filter_map(text).collect()
    }

    /// The items of a list.
    fn items<'m>(&mut self, map: &'m Map, key: &str) -> &'m [Value<Data>] {
        let Some(value) = map.get(key) else {
            return &[];
        };
        if !matches!(value.value, Data::List(_)) {
            self.wrong(value, key, "a list");
        }
        value.as_list().unwrap_or_default()
    }

    /// Reports what is no pair in an attribute of pairs.
    fn check_pairs(&mut self, key: &str, value: &Value<Data>) {
        let is_scalar =
            |value: &Value<Data>| value.value.is_null() || value.value.scalar_text().is_some();
        match &value.value {
            Data::List(items) => {
                for item in items.iter().filter(|item| !is_scalar(item)) {
                    let Some(span) = item.span() else { continue };
                    let rule = if item.as_map().is_some() {
                        ENV_LIST_ITEM_IS_A_MAP
                    } else {
                        INVALID_COMPOSE
                    };
                    let message = format!("an item of `{key}` must be text such as `NAME=value`");
                    self.diagnostics.push(Diagnostic::new(rule, span, message));
                }
            }
            Data::Map(map) => {
                for entry in map.iter().filter(|entry| !is_scalar(&entry.value)) {
                    if let Some(span) = entry.value.span() {
                        self.report(
                            span,
                            format!(
                                "`{key}.{}` must be text, not {}",
                                entry.key,
                                entry.value.value.kind()
                            ),
                        );
                    }
                }
            }
            _ => self.wrong(value, key, "a list or a mapping"),
        }
    }

    /// Reports a value of the wrong type, unless its text hides behind a variable.
    fn wrong(&mut self, value: &Value<Data>, key: &str, wanted: &str) {
        if let Some(span) = value.span().filter(|_| !value.origin.is_unknown()) {
            self.report(
                span,
                format!("`{key}` must be {wanted}, not {}", value.value.kind()),
            );
        }
    }

    fn report(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
    }

    fn build(&mut self, build: &Value<Data>) -> Option<Build> {
        let map = build.as_map()?;
        let context = self
            .text(map, "context")
            .unwrap_or_else(|| Value::default_of(".".to_owned(), "default context"));
        let is_local = !context.origin.is_unknown() && !is_remote_context(&context);
        let inline = map.get("dockerfile_inline").and_then(|value| {
            Some(Value {
                value: cooked(value)?,
                origin: value.origin.clone(),
            })
        });
        Some(Build {
            context_directory: is_local
                .then(|| clean(Path::new(&context.value)))
                .filter(|path| path.is_absolute()),
            context,
            dockerfile: self.text(map, "dockerfile"),
            dockerfile_inline: inline,
            target: self.text(map, "target"),
            args: map.get("args").map(key_values).unwrap_or_default(),
            additional_contexts: map
                .get("additional_contexts")
                .map(key_values)
                .unwrap_or_default(),
            origin: build.origin.clone(),
        })
    }

    fn depends_on(&mut self, map: &Map) -> Vec<Dependency> {
        let Some(value) = map.get("depends_on") else {
            return Vec::new();
        };
        if value.as_map().is_none() {
            self.wrong(value, "depends_on", "a list or a mapping");
        }
        value
            .as_map()
            .into_iter()
            .flatten()
            .map(|entry| self.dependency(entry))
            .collect()
    }

    fn dependency(&mut self, entry: &MapEntry) -> Dependency {
        let flag = |key: &str| entry.value.get(key).and_then(boolean);
        let condition = match entry.value.get("condition") {
            None => None,
            Some(value) => match value.as_str() {
                Some("service_started") => Some(Condition::Started),
                Some("service_healthy") => Some(Condition::Healthy),
                Some("service_completed_successfully") => Some(Condition::Completed),
                _ => {
                    self.wrong_condition(value);
                    None
                }
            },
        };
        Dependency {
            service: key(entry),
            condition: condition.unwrap_or(Condition::Started),
            required: flag("required").unwrap_or(true),
            restart: flag("restart").unwrap_or(false),
            implied_by: implied_by(&entry.value.origin),
            origin: entry.value.origin.clone(),
        }
    }

    fn wrong_condition(&mut self, value: &Value<Data>) {
        if let Some(span) = value.span().filter(|_| !value.origin.is_unknown()) {
            let message = "`condition` must be service_started, service_healthy or service_completed_successfully";
            self.report(span, message);
        }
    }

    fn watches(&mut self, map: &Map) -> Vec<Watch> {
        let Some(develop) = map.get("develop").and_then(Value::as_map) else {
            return Vec::new();
        };
        self.items(develop, "watch")
            .iter()
            .filter_map(|item| self.watch(item))
            .collect()
    }

    fn watch(&mut self, item: &Value<Data>) -> Option<Watch> {
        let map = item.as_map()?;
        let action = map.get("action")?;
        let known = match action.as_str()? {
            "rebuild" => WatchAction::Rebuild,
            "restart" => WatchAction::Restart,
            "sync" => WatchAction::Sync,
            "sync+restart" => WatchAction::SyncRestart,
            "sync+exec" => WatchAction::SyncExec,
            _ => {
                self.wrong_action(action);
                return None;
            }
        };
        Some(Watch {
            path: self.text(map, "path")?,
            action: Value {
                value: known,
                origin: action.origin.clone(),
            },
            target: self.text(map, "target"),
            ignore: self.texts(map, "ignore"),
            include: self.texts(map, "include"),
            initial_sync: map.get("initial_sync").and_then(boolean).unwrap_or(false),
            exec: map
                .get("exec")
                .and_then(|exec| self.command(exec.get("command")?)),
            origin: item.origin.clone(),
        })
    }

    fn hooks(&mut self, map: &Map) -> Vec<Hook> {
        let mut hooks = Vec::new();
        for key in ["post_start", "pre_stop"] {
            let commands = self
                .items(map, key)
                .iter()
                .filter_map(|item| item.get("command"));
            hooks.extend(commands.filter_map(|command| {
                Some(Hook {
                    key,
                    command: self.command(command)?,
                })
            }));
        }
        hooks
    }

    fn wrong_action(&mut self, action: &Value<Data>) {
        if let Some(span) = action.span().filter(|_| !action.origin.is_unknown()) {
            self.report(
                span,
                "`action` must be rebuild, restart, sync, sync+restart or sync+exec",
            );
        }
    }
}

/// The attributes that imply a dependency.
const IMPLYING: [&str; 7] = [
    "links",
    "network_mode",
    "ipc",
    "pid",
    "uts",
    "cgroup",
    "volumes_from",
];

fn implied_by(origin: &Origin) -> Option<&'static str> {
    origin.steps.iter().find_map(|step| match step {
        Step::Default(rule) => IMPLYING.into_iter().find(|by| by == rule),
        _ => None,
    })
}

fn port(item: &Value<Data>) -> Option<Port> {
    let map = item.as_map()?;
    let target = map.get("target").and_then(|value| match &value.value {
        Data::Int(number) => Some(Value {
            value: u16::try_from(*number).ok()?,
            origin: value.origin.clone(),
        }),
        _ => None,
    });
    Some(Port {
        host_ip: map.get("host_ip").and_then(text),
        published: map.get("published").and_then(text),
        target,
        protocol: map
            .get("protocol")
            .and_then(text)
            .map_or_else(|| "tcp".to_owned(), |protocol| protocol.value),
        origin: item.origin.clone(),
    })
}

fn extra_hosts(map: &Map) -> Vec<Value<String>> {
    let Some(value) = map.get("extra_hosts") else {
        return Vec::new();
    };
    let list = forms::key_value_list(value.clone());
    let is_list = value.as_list().is_some();
    list.as_list()
        .unwrap_or_default()
        .iter()
        .filter_map(text)
        .flat_map(|item| hosts(item, is_list))
        .collect()
}

/// `host=address`, `host:address`, each with several addresses between commas where it is written
/// in a list.
fn hosts(item: Value<String>, is_list: bool) -> Vec<Value<String>> {
    let Some(at) = item.value.find('=').or(item.value.find(':')) else {
        return vec![item];
    };
    let bare = |address: &str| {
        address
            .strip_prefix('[')
            .and_then(|address| address.strip_suffix(']'))
            .unwrap_or(address)
            .to_owned()
    };
    let entry = |address: &str| {
        Value::from_origin(
            format!("{}={}", &item.value[..at], bare(address)),
            &item.origin,
        )
    };
    item.value[at + 1..]
        .split(|char| is_list && char == ',')
        .map(entry)
        .collect()
}

/// `KEY=VALUE` items or a mapping.
fn key_values(value: &Value<Data>) -> Vec<KeyValue> {
    let mut entries: Vec<KeyValue> = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for (key, value) in forms::pairs(value) {
        let entry = KeyValue {
            value: text(&value),
            key,
        };
        match known.get(&entry.key.value) {
            Some(at) => entries[*at] = entry,
            None => {
                known.insert(entry.key.value.clone(), entries.len());
                entries.push(entry);
            }
        }
    }
    entries
}

fn key(entry: &MapEntry) -> Value<String> {
    let origin = match entry.key_span {
        Some(span) => Origin::at(span),
        None => entry.value.origin.clone(),
    };
    Value {
        value: entry.key.clone(),
        origin,
    }
}

fn text(value: &Value<Data>) -> Option<Value<String>> {
    Some(Value {
        value: value.value.scalar_text()?.into_owned(),
        origin: value.origin.clone(),
    })
}

fn cooked(value: &Value<Data>) -> Option<Cooked> {
    match &value.value {
        Data::String(text) => Some(text.clone()),
        data => Some(Cooked::synthetic(data.scalar_text()?, value.span()?)),
    }
}

fn boolean(value: &Value<Data>) -> Option<bool> {
    match &value.value {
        Data::Bool(value) => Some(*value),
        Data::String(text) => crate::compose::cast::boolean(text.as_str()),
        _ => None,
    }
}
