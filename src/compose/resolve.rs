//! The project as `docker compose config` prints it: decoded, with the services that were asked for
//! and what they use.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::compose::decode::{self, Dialect, text};
use crate::compose::environment::Environment;
use crate::compose::load::load_with_environment;
use crate::compose::model::{Compose, KeyValue, Service};
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value, VariableSource};
use crate::compose::view::{View, Without};
use crate::compose::{INVALID_COMPOSE, Unset, normalise};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Span;
use crate::workspace::Workspace;

mod glob;
mod hash;
mod images;
mod variables;

pub use variables::{Use, variables};

/// What of a project is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Names of services, `*` and `?` standing for any characters; all that are enabled when there
    /// is none.
    pub services: Vec<String>,
    /// Whether resources that no service uses are kept.
    pub all_resources: bool,
    /// In which language it will be printed.
    pub dialect: Dialect,
}

/// A resolved project.
#[derive(Debug)]
pub struct Resolved {
    /// The project as loaded.
    pub compose: Compose,
    /// What is printed.
    pub document: Value<Data>,
    /// The variables of the project by name.
    pub environment: BTreeMap<String, String>,
    /// Why Docker Compose refuses the project; empty when it does not.
    pub errors: Vec<Diagnostic>,
}

/// Resolves a project as strictly as Docker Compose does: variables that are not set are blank.
pub fn resolve(workspace: &Workspace<'_>, view: &View, request: &Request) -> Resolved {
    let view = View {
        unset: Unset::Blank,
        ..view.clone()
    };
    let (mut compose, environment) = load_with_environment(workspace, &view);
    let mut errors: Vec<Diagnostic> = compose
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    // What the profiles of the services that are asked for enable is not judged, as by the
    // reference.
    let judged: FxHashSet<String> = compose
        .active_services()
        .map(|service| service.name.value.clone())
        .collect();
    let profiles = profiles_of(&compose, &request.services);
    let view = match profiles.is_empty() || view.without.interpolation {
        true => view,
        false => {
            let without = Without {
                consistency: true,
                ..view.without
            };
            let wider = View {
                profiles: view.profiles.iter().cloned().chain(profiles).collect(),
                without,
                ..view.clone()
            };
            compose = load_with_environment(workspace, &wider).0;
            View {
                without: view.without,
                ..wider
            }
        }
    };
    let anchor = compose
        .files
        .first()
        .map_or(Span::at(Default::default(), 0), |file| {
            file.whole().before()
        });
    let document = match view.without.interpolation {
        true => as_written(&compose),
        false => {
            let mut printer = Printer {
                view: &view,
                compose: &compose,
                environment: &environment,
                judged: &judged,
                request,
                errors: &mut errors,
                anchor,
            };
            printer.document()
        }
    };
    let environment = environment
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Resolved {
        compose,
        document,
        environment,
        errors,
    }
}

/// The profiles that services enable because they are asked for by name; a pattern enables none.
fn profiles_of(compose: &Compose, names: &[String]) -> Vec<String> {
    let named = |service: &&Service| !service.active && names.contains(&service.name.value);
    compose
        .services
        .iter()
        .filter(named)
        .flat_map(|service| &service.profiles)
        .map(|profile| profile.value.clone())
        .collect()
}

/// The untyped document, its mappings in the order of their keys.
fn as_written(compose: &Compose) -> Value<Data> {
    let mut document = decode::sorted(&compose.data);
    if let Some(map) = document.as_map_mut() {
        map.remove("version");
        map.insert(name_entry(compose));
    }
    document
}

fn name_entry(compose: &Compose) -> MapEntry {
    MapEntry::new(
        "name",
        None,
        text(&compose.name.value, &compose.name.origin),
    )
}

struct Printer<'r> {
    view: &'r View,
    compose: &'r Compose,
    environment: &'r Environment,
    /// The services whose consistency has been checked.
    judged: &'r FxHashSet<String>,
    request: &'r Request,
    errors: &'r mut Vec<Diagnostic>,
    /// Where to point when nothing in the files is meant.
    anchor: Span,
}

impl<'r> Printer<'r> {
    fn document(&mut self) -> Value<Data> {
        let mut out = Map::new();
        out.insert(name_entry(self.compose));
        let selected = self.selection();
        let services: Vec<MapEntry> = selected
            .iter()
            .map(|service| self.service(service, &selected))
            .collect();
        let jobs = self.jobs();
        let used = Used::by(services.iter());
        // What was decoded once more has been judged already.
        let mut heard = Vec::new();
        for (section, kind) in decode::SECTIONS {
            let mut entries: Vec<MapEntry> = match section {
                "services" => services
                    .iter()
                    .map(|entry| decoded(entry, kind, self.request.dialect, &mut heard))
                    .collect(),
                "jobs" => jobs
                    .iter()
                    .map(|entry| decoded(entry, kind, self.request.dialect, &mut heard))
                    .collect(),
                "models" if self.request.dialect == Dialect::Json => continue,
                _ => {
                    let all = self
                        .compose
                        .data
                        .get(section)
                        .and_then(Value::as_map)
                        .into_iter()
                        .flatten();
                    let kept = all.filter(|entry| {
                        self.request.all_resources || used.has(section, &entry.key)
                    });
                    kept.map(|entry| {
                        decoded(&resource(entry), kind, self.request.dialect, &mut heard)
                    })
                    .collect()
                }
            };
            entries.sort_by(|one, two| one.key.cmp(&two.key));
            if !entries.is_empty() || section == "services" {
                let written = self
                    .compose
                    .data
                    .as_map()
                    .and_then(|map| map.entry(section));
                let origin =
                    written.map_or_else(Origin::default, |entry| entry.value.origin.clone());
                let value = Value {
                    value: Data::Map(entries.into_iter().collect()),
                    origin,
                };
                out.insert(MapEntry::new(
                    section,
                    written.and_then(|entry| entry.key_span),
                    value,
                ));
            }
        }
        let mut extensions: Vec<&MapEntry> = self
            .compose
            .data
            .as_map()
            .into_iter()
            .flatten()
            .filter(|entry| entry.key.starts_with("x-"))
            .collect();
        extensions.sort_by(|one, two| one.key.cmp(&two.key));
        extensions.into_iter().for_each(|entry| {
            out.insert(MapEntry {
                value: decode::sorted(&entry.value),
                ..entry.clone()
            })
        });
        Value {
            value: Data::Map(out),
            origin: self.compose.data.origin.clone(),
        }
    }

    /// The services that are asked for and all they depend on.
    fn selection(&mut self) -> Vec<&'r Service> {
        let compose = self.compose;
        let active: Vec<&Service> = compose.active_services().collect();
        if self.request.services.is_empty() {
            return active;
        }
        let mut selected: FxHashSet<&str> = FxHashSet::default();
        let mut rest: Vec<&Service> = Vec::new();
        for name in &self.request.services {
            let found = active
                .iter()
                .copied()
                .filter(|service| glob::is_like(&service.name, name));
            let before = rest.len();
            rest.extend(found);
            if rest.len() == before {
                self.errors.push(Diagnostic::new(
                    INVALID_COMPOSE,
                    self.anchor,
                    format!("no such service: {name}"),
                ));
            }
        }
        while let Some(service) = rest.pop() {
            if !selected.insert(&service.name) {
                continue;
            }
            for dependency in &service.depends_on {
                match active
                    .iter()
                    .find(|other| *other.name == dependency.service.value)
                {
                    Some(other) => rest.push(other),
                    None if dependency.required => {
                        let span = dependency
                            .service
                            .span()
                            .or(dependency.origin.span)
                            .unwrap_or(service.key());
                        let message = format!(
                            "no such service: `{}` depends on `{}`, which no active profile enables",
                            service.name.value, dependency.service.value
                        );
                        self.errors
                            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
                    }
                    None => {}
                }
            }
        }
        active
            .into_iter()
            .filter(|service| selected.contains(service.name.as_str()))
            .collect()
    }

    /// A service before it is decoded: its env files are part of its environment.
    fn service(&mut self, service: &Service, selected: &[&Service]) -> MapEntry {
        let mut data = service.data.clone();
        if let Some(map) = data.as_map_mut() {
            if !self.view.without.env_files {
                if let Some(files) = map.remove("env_file") {
                    put_pairs(
                        map,
                        "environment",
                        &service.environment,
                        &files.value.origin,
                    );
                }
                if let Some(variables) = map.get_mut("environment") {
                    normalise::resolve(variables, self.environment, true);
                }
            }
            if let Some(files) = map.get("label_file").map(|files| files.origin.clone()) {
                put_pairs(map, "labels", &service.labels, &files);
            }
            if let Some(scale) = map.get("scale").cloned().filter(|_| {
                !self.view.without.consistency && self.judged.contains(&service.name.value)
            }) && let Some(deploy) = map.get_mut("deploy").and_then(Value::as_map_mut)
            {
                let origin = scale.origin.implied("scale");
                deploy.insert(MapEntry::new(
                    "replicas",
                    None,
                    Value {
                        value: scale.value,
                        origin,
                    },
                ));
            }
            if let (false, Some(dependencies)) = (
                self.request.services.is_empty(),
                map.get_mut("depends_on").and_then(Value::as_map_mut),
            ) {
                let left =
                    |entry: &MapEntry| selected.iter().any(|service| *service.name == entry.key);
                *dependencies = dependencies
                    .iter()
                    .filter(|entry| left(entry))
                    .cloned()
                    .collect();
            }
        }
        MapEntry::new(service.name.value.clone(), service.name.span(), data)
    }

    fn jobs(&self) -> Vec<MapEntry> {
        let jobs = self
            .compose
            .data
            .get("jobs")
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        let active = |entry: &&MapEntry| {
            let profiles = entry
                .value
                .get("profiles")
                .and_then(Value::as_list)
                .unwrap_or_default();
            let meets = |profile: &Value<Data>| {
                self.view
                    .profiles
                    .iter()
                    .any(|active| active == "*" || profile.as_str() == Some(active))
            };
            profiles.is_empty() || profiles.iter().any(meets)
        };
        let named = |entry: &MapEntry| {
            let mut entry = entry.clone();
            if let (Dialect::Yaml, Some(map)) = (self.request.dialect, entry.value.as_map_mut()) {
                let origin = Origin {
                    span: entry.key_span,
                    steps: vec![Step::Default("name of the job")],
                };
                map.insert(MapEntry::new("name", None, text(&entry.key, &origin)));
            }
            entry
        };
        jobs.filter(active).map(named).collect()
    }
}

fn decoded(
    entry: &MapEntry,
    kind: &'static decode::Struct,
    dialect: Dialect,
    problems: &mut Vec<Diagnostic>,
) -> MapEntry {
    MapEntry {
        key: entry.key.clone(),
        key_span: entry.key_span,
        value: decode::decode(&entry.value, kind, dialect, problems),
    }
}

/// A resource as it is printed: a secret never shows what is in it.
fn resource(entry: &MapEntry) -> MapEntry {
    let mut entry = entry.clone();
    if let Some(map) = entry.value.as_map_mut()
        && map.contains("environment")
    {
        map.remove("content");
    }
    entry
}

fn put_pairs(map: &mut Map, key: &'static str, pairs: &[KeyValue], origin: &Origin) {
    let pair = |pair: &KeyValue| {
        let value = match &pair.value {
            Some(value) => text(&value.value, &value.origin),
            None => Value {
                value: Data::Null,
                origin: pair.key.origin.clone(),
            },
        };
        MapEntry::new(pair.key.value.clone(), pair.key.origin.span, value)
    };
    let entry = map.entry(key);
    let (key_span, origin) = (
        entry.and_then(|entry| entry.key_span),
        entry.map_or(origin, |entry| &entry.value.origin).clone(),
    );
    map.insert(MapEntry::new(
        key,
        key_span,
        Value {
            value: Data::Map(pairs.iter().map(pair).collect()),
            origin,
        },
    ));
}

/// The names of resources that services and jobs use.
#[derive(Default)]
struct Used(FxHashSet<(&'static str, String)>);

impl Used {
    fn by<'e>(entries: impl Iterator<Item = &'e MapEntry>) -> Used {
        let mut used = Used::default();
        for entry in entries {
            let service = &entry.value;
            let keys = |key: &str| {
                service
                    .get(key)
                    .and_then(Value::as_map)
                    .into_iter()
                    .flatten()
                    .map(|entry| entry.key.clone())
            };
            used.0
                .extend(keys("networks").map(|name| ("networks", name)));
            used.0.extend(keys("models").map(|name| ("models", name)));
            let build = service.get("build");
            for (section, list) in [
                ("secrets", service.get("secrets")),
                ("configs", service.get("configs")),
                ("secrets", build.and_then(|build| build.get("secrets"))),
                ("volumes", service.get("volumes")),
            ] {
                let items = list.and_then(Value::as_list).unwrap_or_default().iter();
                let is_meant = |item: &&Value<Data>| {
                    section != "volumes"
                        || item.get("type").and_then(Value::as_str) == Some("volume")
                };
                let names = items
                    .filter(is_meant)
                    .filter_map(|item| item.get("source")?.as_str());
                used.0.extend(names.map(|name| (section, name.to_owned())));
            }
        }
        used
    }

    fn has(&self, section: &'static str, name: &str) -> bool {
        self.0.contains(&(section, name.to_owned()))
    }
}

impl Resolved {
    /// The variables that are not set and have no default, by name.
    pub fn unset_variables(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut rest = vec![&self.document];
        while let Some(value) = rest.pop() {
            names.extend(value.origin.steps.iter().filter_map(|step| match step {
                Step::Variable {
                    name,
                    from: VariableSource::Blank,
                    ..
                } => Some(name.clone()),
                _ => None,
            }));
            match &value.value {
                Data::List(items) => rest.extend(items),
                Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
                _ => {}
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// Where a path begins with `~` though there is no `HOME` to put in its place.
    pub fn homeless_paths(&self, workspace: &Workspace<'_>) -> Vec<Span> {
        let mut found = Vec::new();
        if self
            .environment
            .get("HOME")
            .is_some_and(|home| !home.is_empty())
        {
            return found;
        }
        let mut rest = vec![&self.document];
        while let Some(value) = rest.pop() {
            let is_path = value.as_str().is_some_and(|text| text.contains("/~"));
            found.extend(value.span().filter(|span| {
                is_path
                    && workspace
                        .sources()
                        .get(span.file)
                        .slice(*span)
                        .trim_start_matches(['"', '\''])
                        .starts_with('~')
            }));
            match &value.value {
                Data::List(items) => rest.extend(items),
                Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
                _ => {}
            }
        }
        found.sort();
        found
    }

    /// The names in a section of the document.
    pub fn names(&self, section: &str) -> Vec<&str> {
        self.document
            .get(section)
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
            .map(|entry| entry.key.as_str())
            .collect()
    }

    /// What the models of the project are made of.
    pub fn models(&self) -> Vec<String> {
        let models = self
            .document
            .get("models")
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        models
            .filter_map(|model| Some(model.value.get("model")?.as_str()?.to_owned()))
            .collect()
    }

    /// All profiles that services and jobs have.
    pub fn profiles(&self) -> Vec<String> {
        let sections = ["services", "jobs"]
            .into_iter()
            .filter_map(|section| self.compose.data.get(section)?.as_map());
        let lists = sections
            .flatten()
            .filter_map(|entry| entry.value.get("profiles")?.as_list())
            .flatten();
        let mut profiles: Vec<String> = lists
            .filter_map(|profile| profile.as_str().map(str::to_owned))
            .collect();
        profiles.sort();
        profiles.dedup();
        profiles
    }
}
