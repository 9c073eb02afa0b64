//! All files of a view to one [`Compose`], in the order of steps of the reference.

use std::cell::Cell;
use std::path::PathBuf;

use rustc_hash::FxHashSet;

use crate::compose::environment::Environment;
use crate::compose::interpolate::TEXT_BUDGET;
use crate::compose::loader::{Document, Level, Loader};
use crate::compose::locate::comma_list;
use crate::compose::model::Compose;
use crate::compose::value::{Data, Map, Origin, Value};
use crate::compose::view::View;
use crate::compose::{
    ENV_LIST_ITEM_IS_A_MAP, INVALID_COMPOSE, OBSOLETE_VERSION, UNKNOWN_KEY, WARNINGS, canonical,
    check, consistency, decode, extends, include, merge, name, normalise, swarm, typed,
};
use crate::diagnostic::Diagnostic;
use crate::syntax;
use crate::text::{FileId, Span};
use crate::workspace::Workspace;

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
        chain: &[],
    };
    let mut data = model(&mut loader, &view.files, &level);
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
    check_anything(&mut loader, &data);
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
    let profiles = if view.profiles.is_empty() {
        comma_list(environment.value("COMPOSE_PROFILES"))
    } else {
        view.profiles.clone()
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

/// The tree that several files make, up to absolute paths.
fn model(loader: &mut Loader<'_, '_>, files: &[PathBuf], level: &Level<'_>) -> Value<Data> {
    let mut model = Value {
        value: Data::Map(Map::new()),
        origin: Origin::default(),
    };
    for path in files {
        let source = match loader.open(path) {
            Ok(source) => source,
            Err(error) => {
                let missing = loader.workspace.read_or_new(path).whole().before();
                loader.report(
                    missing,
                    format!("cannot read the compose file {}: {error}", path.display()),
                );
                continue;
            }
        };
        for document in loader.documents(&source, level) {
            add(loader, &mut model, document, level);
        }
    }
    check_empty_services(loader, &mut model);
    canonical::defaults(&mut model);
    loader.resolve_paths(
        &mut model,
        level.directory,
        level.depth > 0,
        level.environment,
    );
    if !loader.view.without.interpolation {
        normalise::resolve_lists(&mut model, level.environment);
    }
    model
}

/// Merges one document over what earlier ones made.
fn add(
    loader: &mut Loader<'_, '_>,
    merged: &mut Value<Data>,
    mut document: Document,
    level: &Level<'_>,
) {
    for include in include::take(loader, &mut document) {
        if let Some(project) = include.project(loader, level) {
            let included = model(loader, &project.files, &project.level());
            include.import(included, &mut document, &mut loader.diagnostics);
        }
    }
    for path in &document.cleared {
        merge::clear(merged, path);
    }
    extends::resolve(loader, &mut document, level);
    note_version(loader, &document.value);
    note_service_keys(loader, &document.value);
    let place = document.value.span();
    loader.merge(merged, document.value, place);
}

/// Reports files that say nothing, taken together.
fn check_anything(loader: &mut Loader<'_, '_>, model: &Value<Data>) {
    let is_empty = model
        .as_map()
        .is_some_and(|map| map.iter().all(|entry| entry.key == "version"));
    if is_empty
        && loader
            .diagnostics
            .iter()
            .all(|diagnostic| WARNINGS.contains(&diagnostic.rule))
        && loader.unread.is_empty()
        && let Some(file) = loader.files.first()
    {
        loader.report(file.whole().before(), "this compose file is empty");
    }
}

/// Reports services that no file says anything of.
fn check_empty_services(loader: &mut Loader<'_, '_>, model: &mut Value<Data>) {
    for section in ["services", "jobs"] {
        let Some(services) = model.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for item in services.iter_mut() {
            if let (true, Some(span)) = (item.value.value.is_null(), item.key_span) {
                let message = format!("`{section}.{}` must be a mapping, not nothing", item.key);
                loader.report(span, message);
                item.value.value = Data::Map(Map::new());
            }
        }
    }
}

/// Tells of a `version`, which counts for nothing.
fn note_version(loader: &mut Loader<'_, '_>, document: &Value<Data>) {
    let entry = document
        .as_map()
        .and_then(|map| map.entry("version"))
        .filter(|entry| entry.value.as_str().is_some());
    if let Some(span) = entry.and_then(|entry| Some(entry.key_span?.cover(entry.value.span()?))) {
        let message = "Docker Compose ignores `version` and warns about it at every command";
        loader
            .diagnostics
            .push(Diagnostic::new(OBSOLETE_VERSION, span, message));
    }
}

fn note_service_keys(loader: &mut Loader<'_, '_>, document: &Value<Data>) {
    let services = document.get("services").and_then(Value::as_map);
    for entry in services.into_iter().flatten() {
        let keys = loader.service_keys.entry(entry.key.clone()).or_default();
        keys.extend(entry.key_span.filter(|span| !keys.contains(span)));
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
