//! `environment` over `env_file`.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::compose::INVALID_COMPOSE;
use crate::compose::environment::Environment;
use crate::compose::interpolate::{Unset, Variable, unset_among};
use crate::compose::loader::Loader;
use crate::compose::model::KeyValue;
use crate::compose::typed::{boolean, key_values, text};
use crate::compose::value::{Data, Map, Origin, Step, Value, VariableSource};
use crate::diagnostic::Diagnostic;
use crate::syntax::dotenv::Format;
use crate::text::Span;

/// The env files of a service, and the variables that it has in the end.
pub(super) fn environment(
    loader: &mut Loader<'_, '_>,
    service: &Map,
    project: &Environment,
) -> (Vec<(Value<PathBuf>, bool)>, Vec<KeyValue>) {
    let own = service
        .get("environment")
        .map(key_values)
        .unwrap_or_default();
    let files = service
        .get("env_file")
        .and_then(Value::as_list)
        .unwrap_or_default();
    // The reference reads the files of services that start, and has nothing to say of others.
    let is_idle = loader.view.unset == Unset::Blank && !is_enabled(service, &loader.view.profiles);
    if files.is_empty() || is_idle || loader.view.without.env_files {
        return (Vec::new(), own);
    }
    let own_variables: FxHashMap<&str, Variable> = own
        .iter()
        .filter_map(|entry| Some((entry.key.as_str(), variable(entry.value.as_ref()?))))
        .collect();
    let outer = |name: &str| project.get(name).or_else(|| own_variables.get(name));

    let mut env_files = Vec::new();
    let mut known = FxHashMap::default();
    let mut variables = Variables::default();
    for item in files {
        let Some(path) = item.get("path").and_then(text) else {
            continue;
        };
        let required = item.get("required").and_then(boolean).unwrap_or(true);
        let format = match item
            .get("format")
            .and_then(|format| Some((format, format.as_str()?)))
        {
            Some((_, "raw")) => Format::Raw,
            Some((format, other)) if !other.is_empty() && !format.origin.is_unknown() => {
                let span = format.span().or(item.span());
                let message =
                    format!("`{other}` is no format of env files: leave it out, or write `raw`");
                loader
                    .diagnostics
                    .extend(span.map(|span| Diagnostic::new(INVALID_COMPOSE, span, message)));
                Format::Standard
            }
            _ => Format::Standard,
        };
        if !path.origin.is_unknown()
            && let Some(source) = loader.env_reader().open(Path::new(&path.value))
        {
            for line in loader
                .env_reader()
                .lines(&source, format, &outer, &mut known)
            {
                if line.value.is_some() || outer(&line.entry.key).is_some() {
                    variables.put(from_file(line, item.span().or(path.span())));
                }
            }
        }
        env_files.push((path.map(PathBuf::from), required));
    }
    own.into_iter().for_each(|entry| variables.put(entry));
    (env_files, variables.entries)
}

/// Whether a service starts with these profiles.
pub(in crate::compose) fn is_enabled(service: &Map, active: &[String]) -> bool {
    let profiles = service
        .get("profiles")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let meets = |profile: &Value<Data>| {
        active
            .iter()
            .any(|active| active == "*" || profile.as_str() == Some(active))
    };
    profiles.is_empty() || profiles.iter().any(meets)
}

/// `labels` over `label_file`. A label without value is empty; a label file sees the labels of the
/// files before it, then its own.
pub(super) fn labels(loader: &mut Loader<'_, '_>, service: &Map) -> Vec<KeyValue> {
    let mut labels = Variables::default();
    let mut earlier: FxHashMap<String, Variable> = FxHashMap::default();
    for path in service
        .get("label_file")
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(text)
    {
        if let Some(source) = loader
            .env_reader()
            .open(Path::new(&path.value))
            .filter(|_| !path.origin.is_unknown())
        {
            let mut known = FxHashMap::default();
            let lines = loader.env_reader().lines(
                &source,
                Format::Standard,
                &|name| earlier.get(name),
                &mut known,
            );
            earlier.extend(known);
            lines
                .into_iter()
                .for_each(|line| labels.put(from_file(line, path.span())));
        }
    }
    for mut label in service.get("labels").map(key_values).unwrap_or_default() {
        let empty = Value::from_origin(String::new(), &label.key.origin);
        label.value.get_or_insert(empty);
        labels.put(label);
    }
    labels.entries
}

fn variable(value: &Value<String>) -> Variable {
    let from = value
        .span()
        .map_or(VariableSource::Environment, VariableSource::File);
    Variable {
        value: value.value.clone(),
        from,
        unset: unset_among(value.origin.steps.clone()),
    }
}

fn from_file(line: crate::compose::environment::Line, used: Option<Span>) -> KeyValue {
    let step = used.map(|used| Step::EnvFile { used });
    let origin = |span: Span, steps: Vec<Step>| Origin {
        span: Some(span),
        steps: steps.into_iter().chain(step.clone()).collect(),
    };
    KeyValue {
        key: Value {
            value: line.entry.key.clone(),
            origin: origin(line.entry.key_span, Vec::new()),
        },
        value: line.value.map(|(text, steps)| Value {
            value: text.as_str().to_owned(),
            origin: origin(text.span(), steps),
        }),
    }
}

/// Variables in the order of their first appearance; a later one wins.
#[derive(Default)]
struct Variables {
    entries: Vec<KeyValue>,
    places: FxHashMap<String, usize>,
}

impl Variables {
    fn put(&mut self, entry: KeyValue) {
        match self.places.get(&entry.key.value) {
            Some(at) => self.entries[*at] = entry,
            None => {
                self.places
                    .insert(entry.key.value.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }
}
