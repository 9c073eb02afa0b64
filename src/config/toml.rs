//! TOML as the untyped values that settings are read from, each with its place.

use crate::compose::value::{Data, MapEntry, Origin, Value};
use crate::diagnostic::Diagnostic;
use crate::project::user_annotations::INVALID_SETTING;
use crate::syntax::toml::{self, Entry, Kind, Node};
use crate::text::{Cooked, Source, Span};

/// Reads a file.
///
/// # Errors
/// The first thing that is not TOML, at its place.
pub(super) fn parse(source: &Source) -> Result<Value<Data>, Box<Diagnostic>> {
    let (tree, problems) = toml::parse(source);
    if let Some(problem) = problems.first() {
        let problem = Diagnostic::new(INVALID_SETTING, problem.span, problem.message.clone())
            .help("Nothing of this file is heeded until it is one");
        return Err(Box::new(problem));
    }
    let root = tree.root().map(value);
    Ok(root.unwrap_or_else(|| Value::new(Data::Null, source.whole())))
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

fn value(node: Node<'_>) -> Value<Data> {
    let entry =
        |entry: Entry<'_>| MapEntry::new(entry.key, Some(entry.key_span), value(entry.value));
    let data = match node.kind() {
        Kind::Table => Data::Map(node.entries().map(entry).collect()),
        Kind::Array => Data::List(node.items().map(value).collect()),
        Kind::Integer => Data::Int(node.as_integer().unwrap_or_default().into()),
        Kind::Float => Data::Float(node.as_float().unwrap_or_default()),
        Kind::Bool => Data::Bool(node.as_bool() == Some(true)),
        Kind::Moment => return text(&node.as_moment().unwrap_or_default(), Some(node.span())),
        Kind::String => return text(node.as_str().unwrap_or_default(), Some(node.span())),
    };
    Value::new(data, node.span())
}
