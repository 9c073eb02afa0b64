//! Short forms that are one rule for many attributes: text or list, list or mapping, `KEY=VALUE`.
//!
//! Each function takes either form and gives the long one; what is in neither form comes back as it
//! is.

use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::text::{Cooked, CookedBuilder};

/// Text as a list of one.
pub(super) fn text_list(value: Value<Data>) -> Value<Data> {
    match value.value {
        Data::String(_) => {
            let origin = short(&value.origin);
            Value {
                value: Data::List(vec![value]),
                origin,
            }
        }
        Data::Map(_) => key_value_list(value),
        _ => value,
    }
}

/// `build: path` as `build: {context: path}`.
pub(super) fn build(value: Value<Data>) -> Value<Data> {
    match value.value {
        Data::String(_) => {
            let origin = value.origin.clone();
            let mut context = value;
            context.origin = short(&origin);
            Value {
                value: Data::Map(Map::from_iter([MapEntry::new("context", None, context)])),
                origin,
            }
        }
        _ => value,
    }
}

/// A list of services as the mapping it stands for.
pub(super) fn depends_on(value: Value<Data>) -> Value<Data> {
    names_to(value, |item| {
        let condition = text_value("service_started", &item.origin, "depends_on list");
        let required = Value {
            value: Data::Bool(true),
            origin: item.origin.implied("depends_on list"),
        };
        let entries = [
            MapEntry::new("condition", None, condition),
            MapEntry::new("required", None, required),
        ];
        Value {
            value: Data::Map(Map::from_iter(entries)),
            origin: short(&item.origin),
        }
    })
}

/// A list of names as a mapping without settings.
pub(super) fn names(value: Value<Data>) -> Value<Data> {
    names_to(value, |item| Value {
        value: Data::Null,
        origin: short(&item.origin),
    })
}

fn names_to(value: Value<Data>, settings: impl Fn(&Value<Data>) -> Value<Data>) -> Value<Data> {
    match &value.value {
        Data::List(items) => {
            let pair = |item: &Value<Data>| {
                let name = item.value.scalar_text()?.into_owned();
                Some(MapEntry::new(name, item.span(), settings(item)))
            };
            Value {
                value: Data::Map(items.iter().filter_map(pair).collect()),
                origin: value.origin,
            }
        }
        _ => value,
    }
}

/// A mapping as a list of `KEY=VALUE`; a key without value as `KEY`.
pub(super) fn key_value_list(value: Value<Data>) -> Value<Data> {
    let Data::Map(map) = value.value else {
        return value;
    };
    let mut items = Vec::with_capacity(map.len());
    for entry in map {
        match &entry.value.value {
            Data::List(list) => items.extend(list.iter().map(|item| key_value(&entry, item))),
            _ => items.push(key_value(&entry, &entry.value)),
        }
    }
    Value {
        value: Data::List(items),
        origin: value.origin,
    }
}

fn key_value(entry: &MapEntry, value: &Value<Data>) -> Value<Data> {
    let near = entry.key_span.or(value.span());
    let text = match near {
        Some(key) => {
            let whole = value.span().map_or(key, |value| key.cover(value));
            let mut builder = CookedBuilder::new(whole);
            builder.replaced(&entry.key, key.start..key.end);
            match &value.value {
                Data::String(text) if text.span().file == key.file => {
                    builder.replaced("=", key.end..key.end);
                    builder.append(text, 0..text.as_str().len());
                }
                data => {
                    if let Some(text) = data.scalar_text() {
                        builder.replaced("=", key.end..key.end);
                        let span = value
                            .span()
                            .filter(|span| span.file == key.file)
                            .unwrap_or(key);
                        builder.replaced(&text, span.start..span.end);
                    }
                }
            }
            Data::String(builder.finish())
        }
        // A pair that nobody wrote: no list is ever made from one.
        None => Data::Null,
    };
    Value {
        value: text,
        origin: value.origin.clone(),
    }
}

/// The part of `KEY=VALUE` before the `=`.
pub(super) fn key_of(item: &Value<Data>) -> &str {
    let text = item.as_str().unwrap_or_default();
    text.split_once('=').map_or(text, |(key, _)| key)
}

/// The parts of `KEY=VALUE`, or the pair of a mapping, for every attribute that takes both forms.
pub(super) fn pairs(value: &Value<Data>) -> Vec<(Value<String>, Value<Data>)> {
    match &value.value {
        Data::Map(map) => map
            .iter()
            .map(|entry| (key(entry), entry.value.clone()))
            .collect(),
        Data::List(items) => items.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    }
}

fn key(entry: &MapEntry) -> Value<String> {
    Value {
        value: entry.key.clone(),
        origin: Origin {
            span: entry.key_span,
            steps: Vec::new(),
        },
    }
}

fn pair(item: &Value<Data>) -> Option<(Value<String>, Value<Data>)> {
    let Data::String(text) = &item.value else {
        let name = item.value.scalar_text()?.into_owned();
        return Some((
            Value::from_origin(name, &item.origin),
            Value {
                value: Data::Null,
                origin: item.origin.clone(),
            },
        ));
    };
    let whole = text.as_str();
    let Some(equals) = whole.find('=') else {
        return Some((
            Value::from_origin(whole.to_owned(), &item.origin),
            Value {
                value: Data::Null,
                origin: item.origin.clone(),
            },
        ));
    };
    let name =
        part(item, text, 0..equals).map(|data| data.scalar_text().unwrap_or_default().into_owned());
    Some((name, part(item, text, equals + 1..whole.len())))
}

/// A part of a text as a value of its own.
pub(super) fn part(
    item: &Value<Data>,
    text: &Cooked,
    range: std::ops::Range<usize>,
) -> Value<Data> {
    let slice = text.slice(range);
    let origin = item.origin.part(slice.span());
    Value {
        value: Data::String(slice),
        origin,
    }
}

/// A text that a rule of the loader makes out of something written at `origin`.
pub(super) fn text_value(text: &str, origin: &Origin, rule: &'static str) -> Value<Data> {
    Value {
        value: text_near(text, origin),
        origin: origin.implied(rule),
    }
}

/// A text that stands nowhere, with a place for its map: where the thing stands that it belongs to.
pub(super) fn text_near(text: &str, origin: &Origin) -> Data {
    origin.span.map_or(Data::Null, |span| {
        Data::String(Cooked::synthetic(text, span))
    })
}

/// The origin of what a short form with this origin stands for.
pub(super) fn short(origin: &Origin) -> Origin {
    let mut origin = origin.clone();
    origin
        .steps
        .extend(origin.span.map(|whole| Step::ShortSyntax { whole }));
    origin
}
