//! The project's name: asked for, set as a variable, written in a file, or that of the directory.

use std::cell::Cell;
use std::path::Path;

use crate::compose::INVALID_COMPOSE;
use crate::compose::environment::Environment;
use crate::compose::interpolate::{Expander, TEXT_BUDGET, Unset};
use crate::compose::loader::Loader;
use crate::compose::value::{Origin, Step, Value, VariableSource};
use crate::compose::view::View;
use crate::diagnostic::Diagnostic;
use crate::syntax::yaml::{Kind, Node, Scalar};

/// Finds the name.
pub(super) fn resolve(
    loader: &mut Loader<'_, '_>,
    view: &View,
    environment: &Environment,
) -> Value<String> {
    if let Some(name) = view.name.as_ref().filter(|name| !name.is_empty()) {
        check(loader, view, name);
        return Value::default_of(name.clone(), "the name asked for");
    }
    if let Some(variable) = environment
        .get("COMPOSE_PROJECT_NAME")
        .filter(|variable| !variable.value.is_empty())
    {
        check(loader, view, &variable.value);
        let span = match variable.from {
            VariableSource::File(span) => Some(span),
            _ => None,
        };
        return Value {
            value: variable.value.clone(),
            origin: Origin {
                span,
                steps: vec![Step::Default("COMPOSE_PROJECT_NAME")],
            },
        };
    }
    let name = written(loader, view, environment);
    let name = name.unwrap_or_else(|| {
        Value::default_of(of_directory(&view.directory), "the name of the directory")
    });
    if name.value.is_empty() && view.unset == Unset::Blank {
        report(
            loader,
            view,
            "the project has no name: set `name` in a compose file".to_owned(),
        );
    }
    name
}

/// A name that is asked for must be one already.
fn check(loader: &mut Loader<'_, '_>, view: &View, name: &str) {
    if normal(name) != name {
        let rule = "use small letters, digits, `-` and `_`, a letter or a digit first";
        report(
            loader,
            view,
            format!("`{name}` is no name for a project: {rule}"),
        );
    }
}

fn report(loader: &mut Loader<'_, '_>, view: &View, message: String) {
    if let Some(file) = view.files.first() {
        let start = loader.workspace.read_or_new(file).whole().before();
        loader.report(start, message);
    }
}

/// The last `name` that any of the files has.
fn written(
    loader: &mut Loader<'_, '_>,
    view: &View,
    environment: &Environment,
) -> Option<Value<String>> {
    let mut found = None;
    for path in &view.files {
        let Ok(source) = loader.workspace.read(path) else {
            continue;
        };
        let parsed = loader.workspace.yaml(&source);
        for root in parsed
            .tree
            .documents()
            .filter(|root| root.kind() == Kind::Mapping)
        {
            let Some(node) = root.get("name").and_then(Node::resolve) else {
                continue;
            };
            let text = match node.scalar() {
                Some(Scalar::String(_)) => node.cooked(),
                Some(Scalar::Null) => continue,
                _ => {
                    loader.diagnostics.push(Diagnostic::new(
                        INVALID_COMPOSE,
                        node.span(),
                        "`name` must be text",
                    ));
                    continue;
                }
            };
            let budget = Cell::new(TEXT_BUDGET);
            let lookup = |name: &str| environment.get(name);
            let expander = Expander {
                lookup: &lookup,
                unset: view.unset,
                budget: &budget,
            };
            let is_said = !text.as_str().is_empty();
            let expanded = if view.without.interpolation {
                None
            } else {
                expander.expand(&text)
            };
            let (text, steps) = expanded.map_or((text, Vec::new()), |expanded| {
                (expanded.text, expanded.steps)
            });
            let name = Value {
                value: normal(text.as_str()),
                origin: Origin {
                    span: Some(node.span()),
                    steps,
                },
            };
            // A name of which nothing is left is an error, not the name of the directory.
            let counts = !name.value.is_empty() || is_said && view.unset == Unset::Blank;
            if counts && !name.origin.is_unknown() {
                found = Some(name);
            }
        }
    }
    found
}

fn of_directory(directory: &Path) -> String {
    normal(&directory.file_name().unwrap_or_default().to_string_lossy())
}

/// A name in lower case, with nothing but letters, digits, `_` and `-`, a letter or digit first.
fn normal(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter(|char| {
            char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '_' | '-')
        })
        .collect();
    kept.trim_start_matches(['_', '-']).to_owned()
}
