//! TOML as the untyped values that settings are read from, each with its place.

use toml_edit::{Document, Item, Key, TableLike, Value as Toml};

use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::diagnostic::Diagnostic;
use crate::project::user_annotations::INVALID_SETTING;
use crate::text::{Cooked, Source, Span};

/// Reads a file.
///
/// # Errors
/// The first thing that is no TOML, at its place.
pub(super) fn parse(source: &Source) -> Result<Value<Data>, Box<Diagnostic>> {
    let start = source.content_start();
    let text = &source.text()[start as usize..];
    let span = |range: std::ops::Range<usize>| {
        source.span(range.start + start as usize..range.end + start as usize)
    };
    match Document::parse(text) {
        Ok(document) => {
            let map = table(document.as_table(), &span);
            Ok(Value::new(Data::Map(map), source.whole()))
        }
        Err(error) => {
            let place = error
                .span()
                .map(span)
                .unwrap_or_else(|| source.whole().before());
            let message = format!(
                "this is no TOML: {}",
                error.message().lines().next().unwrap_or_default()
            );
            let problem = Diagnostic::new(INVALID_SETTING, place, message)
                .help("Nothing of this file is heeded until it is one");
            Err(Box::new(problem))
        }
    }
}

/// A text as a value.
pub(super) fn text(text: &str, span: Option<Span>) -> Value<Data> {
    match span {
        Some(span) => Value::new(Data::String(Cooked::synthetic(text, span)), span),
        None => Value {
            value: Data::Null,
            origin: Origin::default(),
        },
    }
}

type SpanOf<'a> = dyn Fn(std::ops::Range<usize>) -> Span + 'a;

fn table(table: &dyn TableLike, place: &SpanOf<'_>) -> Map {
    let entry = |(name, found): (&str, &Item)| {
        let key = table.key(name).and_then(Key::span).map(place);
        MapEntry::new(name, key, item(found, key, place))
    };
    table.iter().map(entry).collect()
}

fn item(found: &Item, key: Option<Span>, place: &SpanOf<'_>) -> Value<Data> {
    let at = found.span().map(place).or(key);
    let data = match found {
        Item::None => Data::Null,
        Item::Value(found) => return value(found, key, place),
        Item::Table(found) => Data::Map(table(found, place)),
        Item::ArrayOfTables(tables) => {
            let one = |found: &toml_edit::Table| {
                wrap(
                    Data::Map(table(found, place)),
                    found.span().map(place).or(key),
                )
            };
            Data::List(tables.iter().map(one).collect())
        }
    };
    wrap(data, at)
}

fn value(found: &Toml, key: Option<Span>, place: &SpanOf<'_>) -> Value<Data> {
    let at = found.span().map(place).or(key);
    let data = match found {
        Toml::String(found) => return text(found.value(), at),
        Toml::Integer(number) => Data::Int((*number.value()).into()),
        Toml::Float(number) => Data::Float(*number.value()),
        Toml::Boolean(truth) => Data::Bool(*truth.value()),
        Toml::Datetime(moment) => return text(&moment.value().to_string(), at),
        Toml::Array(items) => {
            Data::List(items.iter().map(|found| value(found, at, place)).collect())
        }
        Toml::InlineTable(found) => Data::Map(table(found, place)),
    };
    wrap(data, at)
}

fn wrap(data: Data, at: Option<Span>) -> Value<Data> {
    Value {
        value: data,
        origin: Origin {
            span: at,
            steps: Vec::new(),
        },
    }
}
