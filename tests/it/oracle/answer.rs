//! What Docker Compose or our program says of a case.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::shape;

/// An answer.
pub(super) enum Answer {
    /// A model, as `config` prints it.
    Model(Value),
    /// Plain lines, sorted.
    Lines(Vec<String>),
    /// A refusal, with its words.
    Refusal(String),
}

impl Answer {
    /// A model as `config --format json` prints it.
    pub(super) fn of_json(text: &str) -> Answer {
        Answer::Model(canonical(
            serde_json::from_str(text).expect("the answer is JSON"),
        ))
    }

    /// A model as `config` prints it without a format.
    pub(super) fn of_yaml(text: &str) -> Answer {
        Answer::Model(canonical(
            serde_yaml::from_str(text).expect("the answer is YAML"),
        ))
    }

    /// Lines in whatever order; blanks at their ends only fill columns.
    pub(super) fn of_lines<'t>(lines: impl IntoIterator<Item = &'t str>) -> Answer {
        let mut lines: Vec<String> = lines
            .into_iter()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        lines.sort();
        Answer::Lines(lines)
    }

    /// The answer, its model reduced to the attributes that have types.
    pub(super) fn shaped(&self) -> Answer {
        match self {
            Answer::Model(model) => Answer::Model(shape(model)),
            Answer::Lines(lines) => Answer::Lines(lines.clone()),
            // The typed model has a verdict, and the command the words for it.
            Answer::Refusal(_) => Answer::Refusal(String::new()),
        }
    }

    /// Where the other answer differs; empty when it does not.
    pub(super) fn difference(&self, other: &Answer) -> String {
        match (self, other) {
            (Answer::Model(expected), Answer::Model(found)) => {
                let mut differences = Vec::new();
                compare("", expected, found, &mut differences);
                differences.join("\n")
            }
            (Answer::Lines(expected), Answer::Lines(found)) if expected == found => String::new(),
            (Answer::Refusal(one), Answer::Refusal(_)) if one.is_empty() => String::new(),
            (Answer::Refusal(one), Answer::Refusal(two))
                if subjects(one)
                    .iter()
                    .any(|word| subjects(two).contains(word)) =>
            {
                String::new()
            }
            _ => format!("  expected {}\n     found {}", self.show(), other.show()),
        }
    }

    fn show(&self) -> String {
        match self {
            Answer::Model(_) => "a model".to_owned(),
            Answer::Lines(lines) => format!("{lines:?}"),
            Answer::Refusal(reason) => format!("a refusal: {}", reason.trim()),
        }
    }
}

/// The words of a refusal that say what it is about: those that are left without the words of any
/// refusal.
fn subjects(reason: &str) -> BTreeSet<String> {
    const OF_ANY: [&str; 27] = [
        "the",
        "and",
        "not",
        "must",
        "error",
        "invalid",
        "compose",
        "yaml",
        "yml",
        "project",
        "found",
        "problem",
        "file",
        "line",
        "for",
        "has",
        "was",
        "that",
        "with",
        "this",
        "its",
        "services",
        "validating",
        "failed",
        "following",
        "due",
        "there",
    ];
    let words = reason
        .split(|char: char| !char.is_alphanumeric() && char != '_')
        .map(str::to_lowercase);
    words
        .filter(|word| !word.is_empty() && !OF_ANY.contains(&word.as_str()))
        .collect()
}

/// Numbers by value, and the keys of `build.ssh`, which the reference prints in any order, in one
/// order.
fn canonical(model: Value) -> Value {
    match model {
        Value::Object(map) => {
            let entry = |(key, value): (String, Value)| {
                let mut value = canonical(value);
                if let ("ssh", Value::Array(keys)) = (key.as_str(), &mut value) {
                    keys.sort_by_key(Value::to_string);
                }
                (key, value)
            };
            Value::Object(map.into_iter().map(entry).collect())
        }
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        value => value,
    }
}

fn compare(path: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(one), Value::Object(two)) => {
            let keys: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
            for key in keys {
                let nothing = &Value::String("(nothing)".to_owned());
                let (one, two) = (
                    one.get(key).unwrap_or(nothing),
                    two.get(key).unwrap_or(nothing),
                );
                compare(&format!("{path}.{key}"), one, two, differences);
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!(
            "  {path}\n    expected {expected}\n       found {found}"
        )),
    }
}
