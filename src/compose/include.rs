//! `include`: other projects, loaded on their own, whose resources join the document that names
//! them.

use std::path::{Path, PathBuf};

use crate::compose::environment::EnvFiles;
use crate::compose::load::{Document, Level, Loader};
use crate::compose::merge;
use crate::compose::paths::{absolute, is_remote_project};
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Step, Value};
use crate::text::Span;

/// How many times a project may include, all levels together.
pub(super) const LIMIT: usize = 1_000;

/// How deep includes may lie in each other.
const DEPTH: usize = 50;

/// The sections that an include brings.
const SECTIONS: [&str; 7] = [
    "services", "jobs", "volumes", "networks", "secrets", "configs", "models",
];

/// One entry of `include`.
struct Include {
    paths: Vec<Value<String>>,
    project_directory: Option<Value<String>>,
    env_files: Option<Vec<Value<String>>>,
    used: Span,
}

/// Takes `include` out of a document and what it brings in.
pub(super) fn resolve(loader: &mut Loader<'_, '_>, document: &mut Document, level: &Level<'_>) {
    let Some(entry) = document
        .value
        .as_map_mut()
        .and_then(|map| map.remove("include"))
    else {
        return;
    };
    let span = entry.value.span().or(entry.key_span);
    let items = match entry.value.value {
        Data::List(items) => items,
        Data::Null => return,
        data => {
            if let Some(span) = span {
                loader.report(
                    span,
                    format!("`include` must be a list, not {}", data.kind()),
                );
            }
            return;
        }
    };
    for item in items.into_iter().filter(|item| !says_nothing(item)) {
        let Some(include) = Include::of(&item, span) else {
            if let Some(span) = item.span().or(span) {
                loader.report(span, "an include must be a path, or a mapping with `path`");
            }
            continue;
        };
        if let Some(mut included) = include.load(loader, level) {
            let step = Step::Include { used: include.used };
            import(loader, document, &mut included, &step);
        }
    }
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

    fn load(&self, loader: &mut Loader<'_, '_>, level: &Level<'_>) -> Option<Value<Data>> {
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
                let name = |path: &PathBuf| {
                    path.file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned()
                };
                let ring: Vec<String> = level.chain[from..]
                    .iter()
                    .chain([&file])
                    .map(name)
                    .collect();
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
                    format!("{LIMIT} times")
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
        let chain = level.chain.iter().chain(&files).cloned().collect();
        let inner = Level {
            directory: &directory,
            environment: &environment,
            depth: level.depth + 1,
            chain,
        };
        Some(loader.model(&files, &inner))
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

/// Puts the resources of an included project under those of the document: what is there already
/// wins.
fn import(
    loader: &mut Loader<'_, '_>,
    document: &mut Document,
    included: &mut Value<Data>,
    step: &Step,
) {
    let cleared = std::mem::take(&mut document.cleared);
    import_into(loader, &mut document.value, &cleared, included, step);
    document.cleared = cleared;
}

fn import_into(
    loader: &mut Loader<'_, '_>,
    document: &mut Value<Data>,
    cleared: &[Vec<String>],
    included: &mut Value<Data>,
    step: &Step,
) {
    let Some(document) = document.as_map_mut() else {
        return;
    };
    for name in SECTIONS {
        let Some(mut brought) = included.as_map_mut().and_then(|map| map.remove(name)) else {
            continue;
        };
        brought.value.add_step(step);
        let Data::Map(brought_map) = brought.value.value else {
            continue;
        };
        if !document.contains(name) {
            let empty = Value {
                value: Data::Map(Map::new()),
                origin: brought.value.origin,
            };
            document.insert(MapEntry::new(name, brought.key_span, empty));
        }
        let Some(section) = document.get_mut(name).and_then(Value::as_map_mut) else {
            continue;
        };
        for mut resource in brought_map {
            match section.entry_mut(&resource.key) {
                None => section.insert(resource),
                Some(present) if present.value.value.same(&resource.value.value) => {}
                Some(present) => {
                    let inside = |path: &&Vec<String>| {
                        path.len() > 2 && path[0] == name && path[1] == resource.key
                    };
                    cleared
                        .iter()
                        .filter(inside)
                        .for_each(|path| merge::clear(&mut resource.value, &path[2..]));
                    let place = KeyPath::ROOT.key(name);
                    let key = resource.key;
                    let over = std::mem::replace(
                        &mut present.value,
                        Value {
                            value: Data::Null,
                            origin: Default::default(),
                        },
                    );
                    present.value = merge::merge(
                        resource.value,
                        over,
                        place.key(&key),
                        &mut loader.diagnostics,
                    );
                }
            }
        }
    }
}
