//! The loader: all files of a view to one [`Compose`], in the order of steps of the reference.

use std::cell::Cell;
use std::path::{Component, Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::environment::{Environment, Reader};
use crate::compose::interpolate::{Expander, Problem, TEXT_BUDGET};
use crate::compose::locate::comma_list;
use crate::compose::model::Compose;
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::compose::view::View;
use crate::compose::{
    DEPRECATED_ATTRIBUTE, ENV_LIST_ITEM_IS_A_MAP, INVALID_COMPOSE, OBSOLETE_VERSION, UNKNOWN_KEY,
    WARNINGS, canonical, cast, check, consistency, decode, extends, include, merge, name,
    normalise, paths, schema, swarm, tree, typed, unique,
};
use crate::diagnostic::Diagnostic;
use crate::syntax;
use crate::text::{FileId, Source, Span};
use crate::workspace::{ReadError, Workspace};

/// Loads what a view means. Never fails: what cannot be read is reported in
/// [`Compose::diagnostics`] and left out.
pub fn load(workspace: &Workspace<'_>, view: &View) -> Compose {
    load_with_environment(workspace, view).0
}

/// The same, with the variables of the project.
pub(super) fn load_with_environment(
    workspace: &Workspace<'_>,
    view: &View,
) -> (Compose, Environment) {
    let budget = Cell::new(TEXT_BUDGET);
    let mut loader = Loader::new(workspace, view, &budget);
    let mut environment = Environment::of_process(&view.environment);
    environment.set_default("PWD", &view.working_directory.to_string_lossy());
    environment.add_files(&mut loader.env_reader(), &view.env_files);
    let name = name::resolve(&mut loader, view, &environment);
    environment.set("COMPOSE_PROJECT_NAME", &name);

    let level = Level {
        directory: &view.directory,
        environment: &environment,
        depth: 0,
        chain: Vec::new(),
    };
    let mut data = loader.model(&view.files, &level);
    let main_files = loader
        .files
        .iter()
        .filter(|file| view.files.iter().any(|path| path == file.path()))
        .count();
    loader.files.sort_by_key(|file| {
        view.files
            .iter()
            .position(|path| path == file.path())
            .unwrap_or(usize::MAX)
    });
    loader.check_anything(&data);
    if !view.without.normalization {
        // While variables stand as written, no value comes from them.
        let none = Environment::default();
        let known = if view.without.interpolation {
            &none
        } else {
            &environment
        };
        normalise::normalise(&mut data, &name, known);
    }
    if !view.without.interpolation {
        decode::check(&data, &mut loader.diagnostics);
    }
    consistency::check_values(&data, &mut loader.diagnostics);
    let known = loader.diagnostics.len();
    let mut compose = typed::compose(&mut loader, &data, &environment);
    if view.without.interpolation {
        // Without variables nothing has its type, and nothing is judged.
        loader.diagnostics.truncate(known);
    }
    compose.name = name;
    compose.directory = view.directory.clone();
    compose.main_files = main_files;
    compose.data = data;
    let profiles = match view.profiles.is_empty() {
        true => comma_list(environment.value("COMPOSE_PROFILES")),
        false => view.profiles.clone(),
    };
    for service in &mut compose.services {
        service.active = service.is_active_with(&profiles);
    }
    compose.diagnostics = loader.diagnostics;
    compose.files = loader.files;
    if compose.is_whole() && !view.without.consistency && !view.without.interpolation {
        let problems = check::check(&compose, view.unset, &loader.without_base);
        compose.diagnostics.extend(problems);
        let mut problems = Vec::new();
        consistency::check(&compose, view, workspace.files(), &mut problems);
        compose.diagnostics.extend(problems);
    }
    compose.diagnostics.extend(swarm::check(&compose.data));
    let told = without_consequences(std::mem::take(&mut compose.diagnostics));
    (compose.warnings, compose.diagnostics) = told
        .into_iter()
        .partition(|diagnostic| WARNINGS.contains(&diagnostic.rule));
    (compose, environment)
}

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
    pub(super) chain: Vec<PathBuf>,
}

/// A document on its way into the model.
pub(super) struct Document {
    pub(super) value: Value<Data>,
    pub(super) cleared: Vec<Vec<String>>,
}

impl<'r, 'f> Loader<'r, 'f> {
    fn new(workspace: &'r Workspace<'f>, view: &'r View, text_left: &'r Cell<usize>) -> Self {
        Loader {
            workspace,
            view,
            files: Vec::new(),
            diagnostics: Vec::new(),
            service_keys: FxHashMap::default(),
            unread: Vec::new(),
            without_base: FxHashSet::default(),
            includes_left: include::LIMIT,
            known: FxHashSet::default(),
            aliases_left: tree::ALIAS_BUDGET,
            text_left,
        }
    }

    /// The tree that several files make, up to absolute paths.
    pub(super) fn model(&mut self, files: &[PathBuf], level: &Level<'_>) -> Value<Data> {
        let mut model = Value {
            value: Data::Map(Map::new()),
            origin: Origin::default(),
        };
        for path in files {
            let source = match self.open(path) {
                Ok(source) => source,
                Err(error) => {
                    let missing = self.workspace.read_or_new(path).whole().before();
                    self.report(
                        missing,
                        format!("cannot read the compose file {}: {error}", path.display()),
                    );
                    continue;
                }
            };
            for document in self.documents(&source, level) {
                self.add(&mut model, document, level);
            }
        }
        self.check_empty_services(&mut model);
        canonical::defaults(&mut model);
        self.resolve_paths(
            &mut model,
            level.directory,
            level.depth > 0,
            level.environment,
        );
        if !self.view.without.interpolation {
            normalise::resolve_lists(&mut model, level.environment);
        }
        model
    }

    /// Merges one document over what earlier ones made.
    fn add(&mut self, model: &mut Value<Data>, mut document: Document, level: &Level<'_>) {
        include::resolve(self, &mut document, level);
        document
            .cleared
            .iter()
            .for_each(|path| merge::clear(model, path));
        extends::resolve(self, &mut document, level);
        self.note_version(&document.value);
        self.note_service_keys(&document.value);
        let place = document.value.span();
        self.merge(model, document.value, place);
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
            match &value.value {
                Data::Map(_) => {}
                data => {
                    let message = format!("a compose file must be a mapping, not {}", data.kind());
                    self.report(value.span().unwrap_or(source.whole()), message);
                    continue;
                }
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
            Data::List(items) => items
                .iter_mut()
                .for_each(|item| self.interpolate(item, place.item(), environment)),
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
        let relative = relative_path(&self.view.directory, directory);
        let directory = match self.view.without.paths {
            false => directory,
            true if elsewhere => &relative,
            true => return,
        };
        paths::resolve(
            model,
            directory,
            environment.value("HOME"),
            self.workspace.files(),
        );
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

    /// Reports files that say nothing, taken together.
    fn check_anything(&mut self, model: &Value<Data>) {
        let is_empty = model
            .as_map()
            .is_some_and(|map| map.iter().all(|entry| entry.key == "version"));
        if is_empty
            && self
                .diagnostics
                .iter()
                .all(|diagnostic| WARNINGS.contains(&diagnostic.rule))
            && self.unread.is_empty()
            && let Some(file) = self.files.first()
        {
            self.report(file.whole().before(), "this compose file is empty");
        }
    }

    /// Reports services that no file says anything of.
    fn check_empty_services(&mut self, model: &mut Value<Data>) {
        for section in ["services", "jobs"] {
            for item in model
                .get_mut(section)
                .and_then(Value::as_map_mut)
                .into_iter()
                .flat_map(Map::iter_mut)
            {
                if let (true, Some(span)) = (item.value.value.is_null(), item.key_span) {
                    let message =
                        format!("`{section}.{}` must be a mapping, not nothing", item.key);
                    self.diagnostics
                        .push(Diagnostic::new(INVALID_COMPOSE, span, message));
                    item.value.value = Data::Map(Map::new());
                }
            }
        }
    }

    /// Tells of a `version`, which counts for nothing.
    fn note_version(&mut self, document: &Value<Data>) {
        let entry = document
            .as_map()
            .and_then(|map| map.entry("version"))
            .filter(|entry| entry.value.as_str().is_some());
        if let Some(span) = entry.and_then(|entry| Some(entry.key_span?.cover(entry.value.span()?)))
        {
            let message = "Docker Compose ignores `version` and warns about it at every command";
            self.diagnostics
                .push(Diagnostic::new(OBSOLETE_VERSION, span, message));
        }
    }

    fn note_service_keys(&mut self, document: &Value<Data>) {
        for entry in document
            .get("services")
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
        {
            let keys = self.service_keys.entry(entry.key.clone()).or_default();
            keys.extend(entry.key_span.filter(|span| !keys.contains(span)));
        }
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

/// Leaves out what follows from something else: a file that is used twice says the same things
/// twice, of two complaints about one place the second follows from the first, and what a file with
/// broken syntax means is not known.
fn without_consequences(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let broken: FxHashSet<FileId> = diagnostics
        .iter()
        .filter(|diagnostic| syntax::hides_meaning(diagnostic.rule))
        .map(|diagnostic| diagnostic.span.file)
        .collect();
    let mappings: FxHashSet<Span> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.rule == ENV_LIST_ITEM_IS_A_MAP)
        .map(|diagnostic| diagnostic.span)
        .collect();
    let mut seen = FxHashSet::default();
    let mut is_news = |diagnostic: &Diagnostic| {
        let follows = [INVALID_COMPOSE, UNKNOWN_KEY].contains(&diagnostic.rule)
            && broken.contains(&diagnostic.span.file)
            || diagnostic.rule == INVALID_COMPOSE && mappings.contains(&diagnostic.span);
        !follows && seen.insert((diagnostic.rule, diagnostic.span))
    };
    diagnostics
        .into_iter()
        .filter(|diagnostic| is_news(diagnostic))
        .collect()
}

#[cfg(test)]
mod tests;
