//! Where a value comes from, in words: the file and line that say it, and the steps from there to
//! the resolved project.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use crate::compose::{Data, Origin, Step, Value, VariableSource};
use crate::report;
use crate::text::Span;
use crate::workspace::Workspace;

/// Tells origins, paths relative to `root`.
pub(super) struct Origins<'o> {
    pub(super) workspace: &'o Workspace<'o>,
    pub(super) root: &'o Path,
}

impl Origins<'_> {
    /// `compose.yaml:4, ${TAG} from .env:2`. A collection is where its key is; `key` is also told
    /// for what is written nowhere.
    pub(super) fn comment(&self, value: &Value<Data>, key: Option<Span>) -> String {
        let is_collection = matches!(&value.value, Data::Map(map) if !map.is_empty())
            || matches!(&value.value, Data::List(list) if !list.is_empty());
        let span = match (is_collection, key) {
            (true, Some(key)) => Some(key),
            _ => value.span().or(key),
        };
        let rule = value.origin.steps.iter().rev().find_map(default_rule);
        let place = span.map(|span| self.place(span));
        let steps = self.steps(&value.origin, span, is_collection);
        let head = match (rule, place) {
            (None, Some(place)) => place,
            (Some(rule), Some(place)) => format!("{} ({place})", default(rule)),
            (rule, None) => default(rule.unwrap_or("made by the loader")),
        };
        report::one_line(
            &std::iter::once(head)
                .chain(steps)
                .collect::<Vec<_>>()
                .join(", "),
        )
    }

    /// The shape of the document, with the origin of each scalar in its place.
    pub(super) fn json(&self, value: &Value<Data>, key: Option<Span>) -> Json {
        match &value.value {
            Data::Map(map) if !map.is_empty() => Json::Object(
                map.iter()
                    .map(|entry| (entry.key.clone(), self.json(&entry.value, entry.key_span)))
                    .collect::<Map<_, _>>(),
            ),
            Data::List(items) if !items.is_empty() => {
                items.iter().map(|item| self.json(item, None)).collect()
            }
            _ => self.json_of_scalar(value, key),
        }
    }

    fn json_of_scalar(&self, value: &Value<Data>, key: Option<Span>) -> Json {
        let span = value.span().or(key);
        let rule = value.origin.steps.iter().rev().find_map(default_rule);
        let steps = self.steps(&value.origin, None, false);
        let Some(span) = span else {
            return json!({ "default": rule.unwrap_or("made by the loader"), "steps": steps });
        };
        let source = self.workspace.sources().get(span.file);
        let file = report::relative(self.root, source.path());
        let mut told = json!({ "file": file, "line": self.line(span), "start": span.start, "end": span.end, "steps": steps });
        if let (Some(rule), Some(told)) = (rule, told.as_object_mut()) {
            told.insert("default".to_owned(), rule.into());
        }
        told
    }

    /// The steps in words, the first one first. Lines of the file where the value itself stands
    /// need no name of the file.
    fn steps(&self, origin: &Origin, span: Option<Span>, is_collection: bool) -> Vec<String> {
        let at = |used: Span| match span {
            Some(span) if span.file == used.file => format!("line {}", self.line(used)),
            _ => self.place(used),
        };
        let mut told: Vec<String> = Vec::new();
        for step in &origin.steps {
            let words = match step {
                Step::Alias { used, .. } => format!("alias at {}", at(*used)),
                Step::MergeKey { used } => format!("<< at {}", at(*used)),
                Step::Extends { used, service } => format!("extends {service} at {}", at(*used)),
                Step::Include { used } => format!("include at {}", at(*used)),
                // What is in a collection tells by itself what it stands over.
                Step::Replaced { replaced } if is_collection => {
                    match span.filter(|span| span.file != replaced.file) {
                        Some(_) => format!("merged with {}", self.place(*replaced)),
                        None => continue,
                    }
                }
                Step::Replaced { replaced } => format!("over {}", at(*replaced)),
                Step::EnvFile { used } => format!("env_file at {}", at(*used)),
                Step::Variable { name, from, .. } => match from {
                    VariableSource::Environment => format!("${{{name}}} from the environment"),
                    VariableSource::File(file) => format!("${{{name}}} from {}", self.place(*file)),
                    VariableSource::Default(_) => format!("${{{name}}} not set, its default"),
                    VariableSource::Unset | VariableSource::Blank => format!("${{{name}}} not set"),
                },
                // The parts of a short form stand on its line, and a default is told first.
                Step::ShortSyntax { .. } | Step::Default(_) => continue,
            };
            if !told.contains(&words) {
                told.push(words);
            }
        }
        told
    }

    fn place(&self, span: Span) -> String {
        let source = self.workspace.sources().get(span.file);
        format!(
            "{}:{}",
            report::relative(self.root, source.path()),
            self.line(span)
        )
    }

    fn line(&self, span: Span) -> u32 {
        self.workspace
            .sources()
            .get(span.file)
            .line_on_disk(span.start)
            + 1
    }
}

fn default(rule: &str) -> String {
    if rule.starts_with("default") || rule.starts_with("short") {
        rule.to_owned()
    } else {
        format!("default: {rule}")
    }
}

fn default_rule(step: &Step) -> Option<&'static str> {
    match step {
        Step::Default(rule) => Some(rule),
        _ => None,
    }
}
