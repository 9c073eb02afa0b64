//! What one compose file says about its place among others.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::canonical::volume_source;
use crate::compose::discover::NameKind;
use crate::compose::paths::{absolute, is_remote_project};
use crate::compose::tree;
use crate::compose::value::{Data, Map, Value};
use crate::workspace::Workspace;

/// A thing that a file declares or uses: its section and its name.
pub(super) type Name = (&'static str, String);

/// What a file says.
#[derive(Default)]
pub(super) struct Facts {
    /// Whether `docker compose` finds the file by its name.
    pub(super) is_main: bool,
    /// Services that can be started: they have an image, a build, a provider, or extend another
    /// one.
    pub(super) complete: FxHashSet<String>,
    /// Services that cannot.
    pub(super) incomplete: Vec<String>,
    /// What it declares.
    pub(super) declares: FxHashSet<Name>,
    /// What its services use and it does not declare.
    pub(super) uses: Vec<Name>,
    /// Whether it includes other files.
    pub(super) has_include: bool,
    /// The files it includes.
    pub(super) includes: Vec<PathBuf>,
    /// The files whose services it extends.
    pub(super) extends: Vec<PathBuf>,
}

/// The facts of a file; `None` if it is no compose file.
pub(super) fn of(workspace: &Workspace<'_>, path: &Path, kind: NameKind) -> Option<Facts> {
    // One that cannot be read is loaded for the sake of what is to be said about that.
    let broken = || {
        matches!(kind, NameKind::Main | NameKind::Compose).then(|| Facts {
            is_main: kind == NameKind::Main,
            ..Facts::default()
        })
    };
    let Ok(source) = workspace.read(path) else {
        return broken();
    };
    if is_template(path, source.text()) {
        return None;
    }
    let parsed = workspace.yaml(&source);
    let Some(root) = parsed.tree.root() else {
        return if parsed.diagnostics.is_empty() && kind != NameKind::Main {
            None
        } else {
            broken()
        };
    };
    let mut unheard = Vec::new();
    let mut budget = tree::ALIAS_BUDGET;
    let document = tree::build(root, &mut budget, &mut unheard).value;
    let Some(map) = document.as_map() else {
        // A list of mappings is a file of Ansible, whatever its name.
        let is_of_ansible = document
            .as_list()
            .is_some_and(|items| items.iter().any(|item| item.as_map().is_some()));
        return if is_of_ansible { None } else { broken() };
    };
    let has = |key: &str| map.contains(key);
    let is_compose = match kind {
        NameKind::Main => true,
        NameKind::Compose => [
            "services", "include", "volumes", "networks", "secrets", "configs",
        ]
        .into_iter()
        .any(has),
        NameKind::Perhaps => map
            .get("services")
            .is_some_and(|services| services.as_map().is_some()),
        NameKind::Stage => is_of_compose_alone(map),
    };
    is_compose.then(|| Facts::of(map, path, kind))
}

/// Whether a document has services that can be started, and nothing that other programs want:
/// settings of Symfony and pipelines of Woodpecker have `services` as well.
fn is_of_compose_alone(document: &Map) -> bool {
    const KEYS: [&str; 8] = [
        "version", "name", "include", "services", "volumes", "networks", "configs", "secrets",
    ];
    let is_known = |key: &str| KEYS.contains(&key) || key.starts_with("x-");
    let services = document
        .get("services")
        .and_then(Value::as_map)
        .into_iter()
        .flatten();
    let mut services = services.peekable();
    document.into_iter().all(|entry| is_known(&entry.key))
        && services.peek().is_some()
        && services.all(|entry| can_start(&entry.value))
}

impl Facts {
    /// Whether it declares things and has no service to use them.
    pub(super) fn is_bare(&self) -> bool {
        self.complete.is_empty()
            && self.incomplete.is_empty()
            && !self.has_include
            && !self.declares.is_empty()
    }

    fn of(document: &Map, path: &Path, kind: NameKind) -> Facts {
        let directory = path.parent().unwrap_or(Path::new("/"));
        let mut facts = Facts {
            is_main: kind == NameKind::Main,
            has_include: document
                .get("include")
                .and_then(Value::as_list)
                .is_some_and(|list| !list.is_empty()),
            includes: includes(document, directory),
            ..Facts::default()
        };
        for section in ["services", "volumes", "networks", "secrets", "configs"] {
            let entries = document
                .get(section)
                .and_then(Value::as_map)
                .into_iter()
                .flatten();
            facts
                .declares
                .extend(entries.map(|entry| (section, entry.key.clone())));
        }
        for entry in document
            .get("services")
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
        {
            match can_start(&entry.value) {
                true => drop(facts.complete.insert(entry.key.clone())),
                false => facts.incomplete.push(entry.key.clone()),
            }
            let Some(service) = entry.value.as_map() else {
                continue;
            };
            facts.uses.extend(uses(service));
            let file = service
                .get("extends")
                .and_then(|extends| extends.get("file"))
                .and_then(Value::as_str);
            facts.extends.extend(
                file.filter(|file| is_plain(file))
                    .map(|file| absolute(directory, file)),
            );
        }
        let declares = std::mem::take(&mut facts.declares);
        facts.uses.retain(|name| !declares.contains(name));
        facts.declares = declares;
        facts
    }
}

/// The names that a service uses.
fn uses(service: &Map) -> Vec<Name> {
    let mut uses: Vec<Name> = needed_services(service)
        .into_iter()
        .map(|name| ("services", name))
        .collect();
    uses.extend(
        list(service, "volumes")
            .iter()
            .filter_map(volume_source)
            .map(|name| ("volumes", name)),
    );
    uses.extend(
        names_in(service, "networks")
            .into_iter()
            .filter(|name| name != "default")
            .map(|name| ("networks", name)),
    );
    for section in ["secrets", "configs"] {
        let sources = list(service, section)
            .iter()
            .filter_map(|item| item.get("source").unwrap_or(item).as_str());
        uses.extend(sources.map(|name| (section, name.to_owned())));
    }
    uses.retain(|(_, name)| !name.contains('$'));
    uses
}

fn can_start(service: &Value<Data>) -> bool {
    ["image", "build", "extends", "provider"]
        .into_iter()
        .any(|key| service.get(key).is_some())
}

fn needed_services(service: &Map) -> Vec<String> {
    let mut needed = names_in(service, "depends_on");
    let links = list(service, "links").iter().filter_map(Value::as_str);
    needed.extend(
        links
            .filter_map(|link| link.split(':').next())
            .map(str::to_owned),
    );
    let mode = service
        .get("network_mode")
        .and_then(Value::as_str)
        .and_then(|mode| mode.strip_prefix("service:"));
    needed.extend(mode.map(str::to_owned));
    needed
}

/// The names in a list, or the keys of a mapping.
fn names_in(service: &Map, key: &str) -> Vec<String> {
    match service.get(key).map(|value| &value.value) {
        Some(Data::Map(map)) => map.iter().map(|entry| entry.key.clone()).collect(),
        Some(Data::List(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

fn list<'m>(service: &'m Map, key: &str) -> &'m [Value<Data>] {
    service
        .get(key)
        .and_then(Value::as_list)
        .unwrap_or_default()
}

fn includes(document: &Map, directory: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for item in list(document, "include") {
        let path = item.get("path").unwrap_or(item);
        let texts = path.as_str().into_iter().chain(
            path.as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(Value::as_str),
        );
        paths.extend(
            texts
                .filter(|path| is_plain(path))
                .map(|path| absolute(directory, path)),
        );
    }
    paths
}

fn is_plain(path: &str) -> bool {
    !path.contains('$') && !is_remote_project(path)
}

/// Whether a file is a template of Jinja, cookiecutter or the like: text in doubled braces outside
/// of quotes, or in the path.
fn is_template(path: &Path, text: &str) -> bool {
    is_template_path(path)
        || text.lines().any(|line| {
            line.contains("{{") && has_braces(line)
                || line.contains("{%") && line.trim_start().starts_with("{%")
        })
}

/// Whether a file lies in a directory whose name is yet to be filled in:
/// `{{cookiecutter.project_slug}}`.
pub(super) fn is_template_path(path: &Path) -> bool {
    path.to_string_lossy().contains("{{")
}

/// Whether a line has `{{` outside of quotes and comments, other than a field of a Go template
/// (`{{.Names}}`).
fn has_braces(line: &str) -> bool {
    let mut quote = None;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'\'' | b'"' | b'`') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'#') if at == 0 || bytes[at - 1] == b' ' => return false,
            (None, b'{') if bytes.get(at + 1) == Some(&b'{') => {
                let rest = line[at + 2..].trim_start();
                return !rest.starts_with(['.', '-'])
                    && !rest.starts_with("json ")
                    && !rest.starts_with("range ");
            }
            _ => {}
        }
    }
    false
}
