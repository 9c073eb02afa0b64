//! `include`: other projects, loaded on their own, whose resources join the document that names
//! them.

use std::path::{Path, PathBuf};

use crate::compose::environment::{EnvFiles, Environment};
use crate::compose::loader::{Document, Level, Loader, MOST_INCLUDES};
use crate::compose::merge;
use crate::compose::paths::{absolute, is_remote_project};
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// How deep includes may lie in each other.
const DEPTH: usize = 50;

/// The sections that an include brings.
const SECTIONS: [&str; 7] = [
    "services", "jobs", "volumes", "networks", "secrets", "configs", "models",
];

/// One entry of `include`.
pub(super) struct Include {
    paths: Vec<Value<String>>,
    project_directory: Option<Value<String>>,
    env_files: Option<Vec<Value<String>>>,
    used: Span,
}

/// A project that is included, ready to be loaded.
pub(super) struct Project {
    pub(super) files: Vec<PathBuf>,
    directory: PathBuf,
    environment: Environment,
    depth: usize,
    chain: Vec<PathBuf>,
}

/// Takes `include` out of a document.
pub(super) fn take(loader: &mut Loader<'_, '_>, document: &mut Document) -> Vec<Include> {
    let mut includes = Vec::new();
    let Some(entry) = document
        .value
        .as_map_mut()
        .and_then(|map| map.remove("include"))
    else {
        return includes;
    };
    let span = entry.value.span().or(entry.key_span);
    let items = match entry.value.value {
        Data::List(items) => items,
        Data::Null => return includes,
        data => {
            if let Some(span) = span {
                loader.report(
                    span,
                    format!("`include` must be a list, not {}", data.kind()),
                );
            }
            return includes;
        }
    };
    for item in items.into_iter().filter(|item| !says_nothing(item)) {
        if let Some(include) = Include::of(&item, span) {
            includes.push(include);
        } else if let Some(span) = item.span().or(span) {
            loader.report(span, "an include must be a path, or a mapping with `path`");
        }
    }
    includes
}

/// Whether an entry names no file at all, which is no mistake to the reference.
fn says_nothing(item: &Value<Data>) -> bool {
    match &item.value {
        Data::Null => true,
        Data::Map(map) => match map.get("path") {
            None => true,
            Some(path) => path.value.is_null() || path.as_list().is_some_and(<[_]>::is_empty),
        },
        _ => false,
    }
}

impl Include {
    fn of(item: &Value<Data>, near: Option<Span>) -> Option<Include> {
        let used = item.span().or(near)?;
        match &item.value {
            Data::String(_) => Some(Include {
                paths: texts(item)?,
                project_directory: None,
                env_files: None,
                used,
            }),
            Data::Map(map) => Some(Include {
                paths: texts(map.get("path")?)?,
                project_directory: map
                    .get("project_directory")
                    .and_then(|value| texts(value)?.pop()),
                env_files: map
                    .get("env_file")
                    .filter(|value| !value.value.is_null())
                    .and_then(texts),
                used,
            }),
            _ => None,
        }
    }

    /// The project that it names; `None` when that cannot be loaded, which is reported.
    pub(super) fn project(
        &self,
        loader: &mut Loader<'_, '_>,
        level: &Level<'_>,
    ) -> Option<Project> {
        let hidden = self
            .paths
            .iter()
            .chain(&self.project_directory)
            .find(|path| path.origin.is_unknown() || is_remote_project(path));
        if let Some(hidden) = hidden {
            loader.unread.push(hidden.clone());
            return None;
        }
        let mut files = Vec::with_capacity(self.paths.len());
        for path in &self.paths {
            let file = absolute(level.directory, path);
            let span = path.span().unwrap_or(self.used);
            if level.chain.contains(&file) {
                let from = level
                    .chain
                    .iter()
                    .position(|known| *known == file)
                    .unwrap_or(0);
                let mut ring = Vec::new();
                for path in level.chain[from..].iter().chain([&file]) {
                    ring.push(path.file_name().unwrap_or_default().to_string_lossy());
                }
                loader.report(
                    span,
                    format!("files include each other in a ring: {}", ring.join(" → ")),
                );
                return None;
            }
            if let Err(error) = loader.workspace.read(&file) {
                loader.report(span, format!("cannot include {}: {error}", path.value));
                loader.unread.push(path.clone());
                return None;
            }
            files.push(file);
        }
        if loader.includes_left == 0 || level.depth >= DEPTH {
            if level.depth >= DEPTH || !files.is_empty() {
                let limit = if level.depth >= DEPTH {
                    format!("{DEPTH} levels deep")
                } else {
                    format!("{MOST_INCLUDES} times")
                };
                loader.report(
                    self.used,
                    format!("this project includes files more than {limit}"),
                );
            }
            return None;
        }
        loader.includes_left -= 1;
        let directory = match &self.project_directory {
            Some(directory) => existing(loader, absolute(level.directory, directory)),
            None => files.first()?.parent().map(Path::to_path_buf)?,
        };
        for path in self
            .env_files
            .iter()
            .flatten()
            .filter(|path| !path.origin.is_unknown())
        {
            let (files, file) = (loader.workspace.files(), absolute(level.directory, path));
            let span = path.span().unwrap_or(self.used);
            if !files.exists(&file) {
                loader.report(span, format!("the env file {} does not exist", path.value));
            } else if files.is_directory(&file) {
                loader.report(
                    span,
                    format!("the env file `{}` is a directory", path.value),
                );
            }
        }
        let mut environment = level.environment.clone();
        environment.add_files(
            &mut loader.env_reader(),
            &self.environment_files(level, &directory),
        );
        Some(Project {
            chain: level.chain.iter().chain(&files).cloned().collect(),
            files,
            directory,
            environment,
            depth: level.depth + 1,
        })
    }

    /// Puts the resources of the included project under those of the document: what is there
    /// already wins.
    pub(super) fn import(
        &self,
        mut included: Value<Data>,
        document: &mut Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let step = Step::Include { used: self.used };
        let Document { value, cleared } = document;
        let (Some(document), Some(included)) = (value.as_map_mut(), included.as_map_mut()) else {
            return;
        };
        for name in SECTIONS {
            let Some(mut brought) = included.remove(name) else {
                continue;
            };
            brought.value.add_step(&step);
            let Data::Map(resources) = brought.value.value else {
                continue;
            };
            if !document.contains(name) {
                let empty = Value {
                    value: Data::Map(Map::new()),
                    origin: brought.value.origin,
                };
                document.insert(MapEntry::new(name, brought.key_span, empty));
            }
            if let Some(section) = document.get_mut(name).and_then(Value::as_map_mut) {
                for resource in resources {
                    put(section, name, resource, cleared, diagnostics);
                }
            }
        }
    }

    fn environment_files(&self, level: &Level<'_>, directory: &Path) -> EnvFiles {
        match &self.env_files {
            Some(paths) => EnvFiles::Given(
                paths
                    .iter()
                    .map(|path| absolute(level.directory, path))
                    .collect::<Vec<PathBuf>>(),
            ),
            None => EnvFiles::Default(vec![directory.to_path_buf()]),
        }
    }
}

impl Project {
    /// Where it is loaded.
    pub(super) fn level(&self) -> Level<'_> {
        Level {
            directory: &self.directory,
            environment: &self.environment,
            depth: self.depth,
            chain: &self.chain,
        }
    }
}

/// The project directory of an include. The reference takes the parent of one that is not there.
fn existing(loader: &Loader<'_, '_>, directory: PathBuf) -> PathBuf {
    match directory.parent() {
        Some(parent) if !loader.workspace.files().is_directory(&directory) => parent.to_path_buf(),
        _ => directory,
    }
}

/// Text or a list of text.
fn texts(value: &Value<Data>) -> Option<Vec<Value<String>>> {
    let text = |value: &Value<Data>| {
        Some(Value::from_origin(
            value.as_str()?.to_owned(),
            &value.origin,
        ))
    };
    match &value.value {
        Data::String(_) => Some(vec![text(value)?]),
        Data::List(items) if !items.is_empty() => items.iter().map(text).collect(),
        _ => None,
    }
}

/// Puts one resource of an included project into its section. `cleared` are the paths that the
/// document takes out of what it is laid over.
fn put(
    section: &mut Map,
    name: &str,
    mut resource: MapEntry,
    cleared: &[Vec<String>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(present) = section.entry_mut(&resource.key) else {
        section.insert(resource);
        return;
    };
    if present.value.value.same(&resource.value.value) {
        return;
    }
    for path in cleared {
        if path.len() > 2 && path[0] == name && path[1] == resource.key {
            merge::clear(&mut resource.value, &path[2..]);
        }
    }
    let over = std::mem::replace(
        &mut present.value,
        Value {
            value: Data::Null,
            origin: Origin::default(),
        },
    );
    let place = KeyPath::ROOT.key(name);
    present.value = merge::merge(resource.value, over, place.key(&resource.key), diagnostics);
}
