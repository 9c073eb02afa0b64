//! Changes to a file as splices: every byte that a change is not about stays as it is.
//!
//! Each function turns one symbolic change of a node into [`Edit`]s of the text, in the style of
//! the lines around it: indentation, quotes, line ends. Comments stay with what they are about. A
//! change that is not clear is [`Refused`], with a reason in plain words: the content of an alias,
//! a key that comes through `<<`, an anchor that others use.

use crate::diagnostic::Edit;
use crate::text::Span;

use super::{Entry, Kind, Node, Scalar, Style};

mod convert;
mod extend;
mod file;
mod insert;
mod quote;
mod remove;
mod replace;

pub use convert::{list_to_mapping, replace_item, set_tag};
pub use extend::{extend, set_path};
pub use insert::{Insert, render};
pub use remove::{remove_entry, remove_item};
pub use replace::{rename_key, replace_value, set_scalar};

use file::File;
use insert::What;
use quote::TextContext;

/// Why a change is not made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The place that is in the way.
    pub span: Span,
    /// Why, as the end of a sentence: "`volumes` is an alias, …".
    pub reason: String,
}

/// The edits of one change, or why there are none.
pub type Edits = Result<Vec<Edit>, Refused>;

fn refuse<T>(span: Span, reason: impl Into<String>) -> Result<T, Refused> {
    Err(Refused {
        span,
        reason: reason.into(),
    })
}

/// How the value of a key is written, for those who have to write more of the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// There is no such key.
    Absent,
    /// The key comes from a mapping that `<<` takes in.
    Merged,
    /// The key has no value, or `null`.
    Null,
    /// Any other scalar.
    Scalar,
    /// `[…]` or lines with `-`.
    List,
    /// `{…}` or lines with keys.
    Map,
    /// `*name`.
    Alias,
}

/// How the value of `key` is written in a mapping.
pub fn form(mapping: Node, key: &str) -> Form {
    let Some(entry) = mapping.entry(key) else {
        let is_merged = merged_mappings(mapping)
            .into_iter()
            .any(|merged| merged.entry(key).is_some());
        return if is_merged {
            Form::Merged
        } else {
            Form::Absent
        };
    };
    match entry.value.kind() {
        Kind::Alias => Form::Alias,
        Kind::Sequence => Form::List,
        Kind::Mapping => Form::Map,
        Kind::Scalar if is_null(entry.value) => Form::Null,
        Kind::Scalar => Form::Scalar,
    }
}

/// An alias that stands for the node or for something around it: a change here is a change there
/// too.
pub fn shared_by(node: Node) -> Option<Node> {
    let tree = node.tree();
    let anchored: Vec<Node> = std::iter::successors(Some(node), |node| node.parent())
        .filter(|node| node.anchor().is_some())
        .collect();
    if anchored.is_empty() {
        return None;
    }
    let aliases = tree.all().filter(|node| node.kind() == Kind::Alias);
    aliases
        .filter_map(|alias| Some((alias, alias.resolve()?)))
        .find(|(_, target)| anchored.iter().any(|node| node.id() == target.id()))
        .map(|(alias, _)| alias)
}

/// The mappings that `<<` takes in, and those that they take in, each once.
fn merged_mappings(mapping: Node<'_>) -> Vec<Node<'_>> {
    let mut found = vec![mapping];
    let mut next = 0;
    while let Some(mapping) = found.get(next).copied() {
        next += 1;
        let values = mapping
            .entries()
            .filter(|entry| entry.key.is_merge_key())
            .filter_map(|entry| entry.value.resolve());
        let items = values.flat_map(|value| value.items().filter_map(Node::resolve).chain([value]));
        for merged in items.filter(|node| node.kind() == Kind::Mapping) {
            if !found.iter().any(|known| known.id() == merged.id()) {
                found.push(merged);
            }
        }
    }
    found.split_off(1)
}

/// Whether a node is a null without a tag or an anchor of its own.
fn is_null(node: Node) -> bool {
    node.scalar() == Some(Scalar::Null) && node.tag().is_none()
}

/// Adds a key behind the last one of a mapping.
pub fn insert_entry(mapping: Node, key: &str, value: &Insert) -> Edits {
    insert_entries(mapping, &[(key.to_owned(), value.clone())])
}

/// Adds keys behind the last one of a mapping.
pub fn insert_entries(mapping: Node, entries: &[(String, Insert)]) -> Edits {
    if mapping.kind() != Kind::Mapping {
        return refuse(mapping.span(), "this is not a mapping");
    }
    for (key, _) in entries {
        match form(mapping, key) {
            Form::Absent => {}
            Form::Merged => {
                return refuse(
                    mapping.span(),
                    format!("`{key}` comes through `<<`, and a value here would hide it"),
                );
            }
            _ => return refuse(mapping.span(), format!("`{key}` is there already")),
        }
    }
    append(mapping, &Insert::mapping(entries.iter().cloned()))
}

/// Adds an item behind the last one of a list.
pub fn append_item(sequence: Node, item: &Insert) -> Edits {
    append_items(sequence, std::slice::from_ref(item))
}

/// Adds items behind the last one of a list.
pub fn append_items(sequence: Node, items: &[Insert]) -> Edits {
    if sequence.kind() != Kind::Sequence {
        return refuse(sequence.span(), "this is not a list");
    }
    append(sequence, &Insert::sequence(items.iter().cloned()))
}

/// Adds the children of `more` behind those of a collection of the same kind.
fn append(collection: Node, more: &Insert) -> Edits {
    if !more.is_block() {
        return Ok(Vec::new());
    }
    let file = File::of(collection);
    match (collection.style(), collection.children().last()) {
        (Style::Flow, None) => replace::replace_empty(collection, more),
        (Style::Flow, Some(last)) => Ok(append_in_flow(&file, collection, last, more)),
        _ => {
            let column = file.column(collection.span().start);
            let layout = file.layout(collection);
            let lines = more.lines(column, layout);
            let blank = if file.separates_by_blank_lines(collection) {
                "\n"
            } else {
                ""
            };
            file.insert_lines(
                file.end_of_block(collection),
                &format!("{blank}{lines}"),
                more,
                collection,
            )
        }
    }
}

/// Adds children within brackets: on the line of the last one, or on a line of their own where that
/// one has its own.
fn append_in_flow(file: &File, collection: Node, last: Node, more: &Insert) -> Vec<Edit> {
    let children: Vec<String> = match &more.what {
        What::Sequence { items, .. } => items
            .iter()
            .map(|item| item.flow(file.layout(collection)))
            .collect(),
        What::Mapping { entries, .. } => {
            let layout = file.layout(collection);
            let pair = |(key, value): &(String, Insert)| {
                format!(
                    "{}: {}",
                    quote::quote(key, TextContext::Flow, layout.quotes),
                    value.flow(layout)
                )
            };
            entries.iter().map(pair).collect()
        }
        _ => Vec::new(),
    };
    let end = last.full_span().end as usize;
    let first_of_last = match collection.kind() {
        Kind::Mapping => collection.entries().last().map_or(last, |entry| entry.key),
        _ => last,
    };
    let start = first_of_last.full_span().start as usize;
    let comma = file.comma_behind(end);
    if !file.is_line_start(start) || file.line_end(end) >= collection.span().end as usize {
        let text: String = children.iter().map(|child| format!(", {child}")).collect();
        return vec![file.insert(end, text)];
    }
    // Each on its own line, and the last one with a comma behind it if there is one now.
    let column = " ".repeat(file.column(first_of_last.full_span().start));
    let lines = children.join(&format!(",\n{column}"));
    let line_end = file.line_end(comma.unwrap_or(end));
    match comma {
        Some(_) => vec![file.insert(line_end, format!("\n{column}{lines},"))],
        None if line_end == end => vec![file.insert(end, format!(",\n{column}{lines}"))],
        None => vec![
            file.insert(end, ",".to_owned()),
            file.insert(line_end, format!("\n{column}{lines}")),
        ],
    }
}

/// A text as a key, or as a value on its own line, in quotes if it needs them.
pub fn quoted(text: &str, is_key: bool) -> std::borrow::Cow<'_, str> {
    quote::quote(
        text,
        if is_key {
            quote::TextContext::Key
        } else {
            quote::TextContext::Block
        },
        quote::Quotes::Double,
    )
}

#[cfg(test)]
mod tests;
