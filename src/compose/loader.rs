//! The work on one view: what reading it has found so far, and how a file becomes a document in
//! which variables are put in and which lies over earlier ones.
//!
//! Whoever takes part in loading (`include`, `extends`, `name`, the types) works on this; the order
//! of the steps is in `load`.

use std::cell::Cell;
use std::path::{Component, Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::environment::{Environment, Reader};
use crate::compose::interpolate::{Expander, Problem};
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::compose::view::View;
use crate::compose::{
    DEPRECATED_ATTRIBUTE, INVALID_COMPOSE, canonical, cast, merge, paths, schema, tree, unique,
};
use crate::diagnostic::Diagnostic;
use crate::text::{FileId, Source, Span};
use crate::workspace::{ReadError, Workspace};

/// How many times a project may include, all levels together.
pub(super) const MOST_INCLUDES: usize = 1_000;

/// The work on one view.
pub(super) struct Loader<'r, 'f> {
    pub(super) workspace: &'r Workspace<'f>,
    pub(super) view: &'r View,
    /// The files that were read, in the order of their first use.
    pub(super) files: Vec<Source>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The keys of each service in all files, in the order they are merged.
    pub(super) service_keys: FxHashMap<String, Vec<Span>>,
    /// Compose files that could not be had: remote ones, and paths that an unknown variable hides.
    pub(super) unread: Vec<Value<String>>,
    /// Services that extend what is not there, so that nobody knows what they are made of.
    pub(super) without_base: FxHashSet<String>,
    /// How many more files may be included.
    pub(super) includes_left: usize,
    known: FxHashSet<FileId>,
    aliases_left: usize,
    text_left: &'r Cell<usize>,
}

/// The sections whose entries are mappings.
const SECTIONS: [&str; 7] = [
    "services", "jobs", "networks", "volumes", "secrets", "configs", "models",
];

/// One project on its own: the root, or what one `include` brings.
pub(super) struct Level<'l> {
    /// Where relative paths start.
    pub(super) directory: &'l Path,
    /// Its variables.
    pub(super) environment: &'l Environment,
    /// How many includes lie above it.
    pub(super) depth: usize,
    /// The files that are being included, outermost first.
    pub(super) chain: &'l [PathBuf],
}

/// A document on its way into the model.
pub(super) struct Document {
    pub(super) value: Value<Data>,
    pub(super) cleared: Vec<Vec<String>>,
}

impl<'r, 'f> Loader<'r, 'f> {
    pub(super) fn new(
        workspace: &'r Workspace<'f>,
        view: &'r View,
        text_left: &'r Cell<usize>,
    ) -> Self {
        Loader {
            workspace,
            view,
            files: Vec::new(),
            diagnostics: Vec::new(),
            service_keys: FxHashMap::default(),
            unread: Vec::new(),
            without_base: FxHashSet::default(),
            includes_left: MOST_INCLUDES,
            known: FxHashSet::default(),
            aliases_left: tree::ALIAS_BUDGET,
            text_left,
        }
    }

    /// Merges a tree over another one and brings what it touches to its long form.
    ///
    /// It is validated if there is a place for what stands nowhere: what is extended is judged as a
    /// part of what extends it.
    pub(super) fn merge(
        &mut self,
        model: &mut Value<Data>,
        over: Value<Data>,
        validated: Option<Span>,
    ) {
        let sections = SECTIONS
            .iter()
            .filter_map(|section| over.get(section)?.as_map());
        let touched: FxHashSet<String> =
            sections.flatten().map(|entry| entry.key.clone()).collect();
        let before = std::mem::replace(
            model,
            Value {
                value: Data::Null,
                origin: Origin::default(),
            },
        );
        *model = merge::merge(before, over, KeyPath::ROOT, &mut self.diagnostics);
        let sections = model.as_map_mut().into_iter().flat_map(Map::iter_mut);
        for section in sections
            .filter(|entry| entry.value.value.is_null() && SECTIONS.contains(&entry.key.as_str()))
        {
            match validated {
                Some(_) => self.not_a_section(section),
                None => section.value.value = Data::Map(Map::new()),
            }
        }
        unique::enforce(model, &touched);
        if let Some(near) = validated {
            schema::validate(
                model,
                &|name| touched.contains(name),
                near,
                &mut self.diagnostics,
            );
        }
        canonical::canonicalise(
            model,
            &touched,
            self.view.without.interpolation,
            &mut self.diagnostics,
        );
        unique::enforce(model, &touched);
    }

    /// The documents of a file with their variables put in.
    pub(super) fn documents(&mut self, source: &Source, level: &Level<'_>) -> Vec<Document> {
        let parsed = self.workspace.yaml(source);
        if self.known.insert(source.id()) {
            self.diagnostics.extend(parsed.diagnostics.iter().cloned());
        }
        let mut documents = Vec::new();
        for root in parsed.tree.documents() {
            let tree::Document { mut value, cleared } =
                tree::build(root, &mut self.aliases_left, &mut self.diagnostics);
            if value.as_map().is_none() {
                let kind = value.value.kind();
                let message = format!("a compose file must be a mapping, not {kind}");
                self.report(value.span().unwrap_or(source.whole()), message);
                continue;
            }
            if !self.view.without.interpolation {
                self.interpolate(&mut value, KeyPath::ROOT, level.environment);
            }
            promote(&mut value, &mut self.diagnostics);
            self.check_sections(&mut value);
            documents.push(Document { value, cleared });
        }
        documents
    }

    /// Puts variables into all texts below `place`, and casts them.
    pub(super) fn interpolate(
        &mut self,
        value: &mut Value<Data>,
        place: KeyPath<'_>,
        environment: &Environment,
    ) {
        match &mut value.value {
            Data::Map(map) => {
                for entry in map.iter_mut() {
                    self.interpolate(&mut entry.value, place.key(&entry.key), environment);
                }
            }
            Data::List(items) => {
                for item in items {
                    self.interpolate(item, place.item(), environment);
                }
            }
            Data::String(text) => {
                let lookup = |name: &str| environment.get(name);
                let expander = Expander {
                    lookup: &lookup,
                    unset: self.view.unset,
                    budget: self.text_left,
                };
                let mut failed = false;
                if let Some(expanded) = expander.expand(text) {
                    *text = expanded.text;
                    value.origin.steps.extend(expanded.steps);
                    failed = !expanded.problems.is_empty();
                    self.diagnostics
                        .extend(expanded.problems.into_iter().map(Problem::into));
                }
                if !failed {
                    cast::cast(value, place, &mut self.diagnostics);
                }
            }
            _ => {}
        }
    }

    /// Makes paths absolute. Where that is switched off, those of another directory start from the
    /// project's own.
    pub(super) fn resolve_paths(
        &self,
        model: &mut Value<Data>,
        directory: &Path,
        elsewhere: bool,
        environment: &Environment,
    ) {
        let (home, files) = (environment.value("HOME"), self.workspace.files());
        if !self.view.without.paths {
            paths::resolve(model, directory, home, files);
        } else if elsewhere {
            let relative = relative_path(&self.view.directory, directory);
            paths::resolve(model, &relative, home, files);
        }
    }

    /// Takes out sections of services and resources that are none, for everything behind relies on
    /// mappings.
    fn check_sections(&mut self, document: &mut Value<Data>) {
        let Some(map) = document.as_map_mut() else {
            return;
        };
        for entry in map.iter_mut() {
            if !SECTIONS.contains(&entry.key.as_str()) {
                continue;
            }
            if entry.value.value.is_null() && !matches!(entry.key.as_str(), "services" | "jobs") {
                // An earlier document may say what it is.
                continue;
            }
            let Some(section) = entry.value.as_map_mut() else {
                self.not_a_section(entry);
                continue;
            };
            for item in section.iter_mut() {
                // A later file may leave a service empty that an earlier one describes.
                let fits = matches!(item.value.value, Data::Map(_) | Data::Null);
                if let (false, Some(span)) = (fits, item.key_span.or(item.value.span())) {
                    let message = format!(
                        "`{}.{}` must be a mapping, not {}",
                        entry.key,
                        item.key,
                        item.value.value.kind()
                    );
                    self.diagnostics
                        .push(Diagnostic::new(INVALID_COMPOSE, span, message));
                    item.value.value = Data::Map(Map::new());
                }
            }
        }
    }

    /// Reports a section that is no mapping, and goes on with an empty one.
    fn not_a_section(&mut self, entry: &mut MapEntry) {
        if let Some(span) = entry.key_span.or(entry.value.span()) {
            self.report(
                span,
                format!(
                    "`{}` must be a mapping, not {}",
                    entry.key,
                    entry.value.value.kind()
                ),
            );
        }
        entry.value.value = Data::Map(Map::new());
    }

    /// Reads a compose file and counts it among those of the project.
    pub(super) fn open(&mut self, path: &Path) -> Result<Source, ReadError> {
        let source = self.workspace.read(path)?;
        if !self.files.iter().any(|file| file.id() == source.id()) {
            self.files.push(source.clone());
        }
        Ok(source)
    }

    /// What reads env files for this project.
    pub(super) fn env_reader(&mut self) -> Reader<'_, 'f> {
        Reader {
            workspace: self.workspace,
            unset: self.view.unset,
            budget: self.text_left,
            diagnostics: &mut self.diagnostics,
        }
    }

    /// Reports that the model cannot be what the author means.
    pub(super) fn report(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
    }
}

/// The way from one directory to another.
fn relative_path(from: &Path, to: &Path) -> PathBuf {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(one, two)| one == two)
        .count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Gives attributes that began as extensions their official names.
fn promote(document: &mut Value<Data>, diagnostics: &mut Vec<Diagnostic>) {
    let mut tell = |old: &MapEntry, name: &str| {
        let message = format!("`{}` is called `{name}` by now", old.key);
        diagnostics.extend(
            old.key_span
                .map(|span| Diagnostic::new(DEPRECATED_ATTRIBUTE, span, message)),
        );
    };
    let services = document
        .get_mut("services")
        .and_then(Value::as_map_mut)
        .into_iter()
        .flat_map(Map::iter_mut);
    for service in services {
        let Some(map) = service.value.as_map_mut() else {
            continue;
        };
        if let Some(old) = map.remove("x-develop") {
            tell(&old, "develop");
            let mut unheard = Vec::new();
            let value = match map.remove("develop") {
                Some(new) => merge::merge(old.value, new.value, KeyPath::ROOT, &mut unheard),
                None => old.value,
            };
            map.insert(MapEntry::new("develop", old.key_span, value));
        }
        let watch = map
            .get_mut("develop")
            .and_then(|develop| develop.get_mut("watch"));
        if let Some(Data::List(items)) = watch.map(|watch| &mut watch.value) {
            for item in items.iter_mut().filter_map(Value::as_map_mut) {
                let Some(old) = item.remove("x-initialSync") else {
                    continue;
                };
                tell(&old, "initial_sync");
                if !item.contains("initial_sync") {
                    item.insert(MapEntry::new("initial_sync", old.key_span, old.value));
                }
            }
        }
    }
}
