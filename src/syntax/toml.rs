//! TOML as a tree with spans: `pyproject.toml`, `Cargo.toml`, `composelint.toml`.
//!
//! The `toml_edit` crate reads the text. It stops at the first fault, so a line with a fault is
//! blanked and the rest read again: what is said of the other lines still counts. Source: toml.io/en/v1.0.0.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, Item, Key, TableLike, Value};

use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, Source, Span};

use super::INVALID_SYNTAX;

/// A file with more faulty lines than this is read no further.
const MOST_FAULTS: usize = 8;

/// Reads a text. Lines that cannot be read are skipped and reported.
pub fn parse(source: &Source) -> (Tree, Vec<Diagnostic>) {
    let start = source.content_start() as usize;
    let mut text = source.text()[start..].to_owned();
    let mut problems = Vec::new();
    loop {
        match Document::parse(text) {
            Ok(document) => {
                let document = Some(document);
                return (
                    Tree {
                        source: source.clone(),
                        document,
                    },
                    problems,
                );
            }
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                let reason = error.message().lines().next().unwrap_or_default();
                let span = source.span(at.start + start..at.end + start);
                problems.push(Diagnostic::new(
                    INVALID_SYNTAX,
                    span,
                    format!("this is not TOML: {reason}"),
                ));
                text = source.text()[start..].to_owned();
                if problems.len() > MOST_FAULTS {
                    return (
                        Tree {
                            source: source.clone(),
                            document: None,
                        },
                        problems,
                    );
                }
                for problem in &problems {
                    blank_line(
                        &mut text,
                        (problem.span.start as usize).saturating_sub(start),
                    );
                }
            }
        }
    }
}

/// Puts blanks in the place of the line at an offset, so that all others keep their places.
fn blank_line(text: &mut String, at: usize) {
    let at = at.min(text.len());
    let start = text.as_bytes()[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let end = text.as_bytes()[at..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(text.len(), |length| at + length);
    text.replace_range(start..end, &" ".repeat(end - start));
}

/// A file as a tree.
#[derive(Debug)]
pub struct Tree {
    source: Source,
    document: Option<Document<String>>,
}

/// A value in a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    form: Form<'t>,
    span: Span,
}

#[derive(Clone, Copy)]
enum Form<'t> {
    Table(&'t dyn TableLike),
    Tables(&'t ArrayOfTables),
    Array(&'t Array),
    Scalar(&'t Value),
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A table, written in any way.
    Table,
    /// An array, one of tables included.
    Array,
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Float,
    /// `true` or `false`.
    Bool,
    /// A date, a time, or both.
    Moment,
}

/// A key of a table and its value.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    /// The key.
    pub key: &'t str,
    /// Where the key is written.
    pub key_span: Span,
    /// Anything.
    pub value: Node<'t>,
}

impl Tree {
    /// The text it was made from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The table that the file is; `None` when too little of it can be read.
    pub fn root(&self) -> Option<Node<'_>> {
        let document = self.document.as_ref()?;
        Some(Node {
            tree: self,
            form: Form::Table(document.as_table()),
            span: self.source.whole(),
        })
    }

    /// The value behind a path of keys.
    pub fn at(&self, keys: &[&str]) -> Option<Node<'_>> {
        self.root()?.at(keys)
    }

    fn span(&self, range: Option<Range<usize>>) -> Option<Span> {
        let start = self.source.content_start() as usize;
        range.map(|range| self.source.span(range.start + start..range.end + start))
    }
}

impl<'t> Node<'t> {
    fn of_item(tree: &'t Tree, item: &'t Item, outer: Span) -> Option<Node<'t>> {
        let form = match item {
            Item::None => return None,
            Item::Value(value) => return Some(Node::of_value(tree, value, outer)),
            Item::Table(table) => Form::Table(table),
            Item::ArrayOfTables(tables) => Form::Tables(tables),
        };
        let span = tree.span(item.span()).unwrap_or(outer);
        Some(Node { tree, form, span })
    }

    fn of_value(tree: &'t Tree, value: &'t Value, outer: Span) -> Node<'t> {
        let form = match value {
            Value::Array(array) => Form::Array(array),
            Value::InlineTable(table) => Form::Table(table),
            _ => Form::Scalar(value),
        };
        let span = tree.span(value.span()).unwrap_or(outer);
        Node { tree, form, span }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.form {
            Form::Table(_) => Kind::Table,
            Form::Tables(_) | Form::Array(_) => Kind::Array,
            Form::Scalar(Value::Integer(_)) => Kind::Integer,
            Form::Scalar(Value::Float(_)) => Kind::Float,
            Form::Scalar(Value::Boolean(_)) => Kind::Bool,
            Form::Scalar(Value::Datetime(_)) => Kind::Moment,
            Form::Scalar(_) => Kind::String,
        }
    }

    /// Where it is written: a value with its quotes or brackets, a table from its header on. A table
    /// that only dots make stands where its key does.
    pub fn span(self) -> Span {
        self.span
    }

    /// A string.
    pub fn as_str(self) -> Option<&'t str> {
        match self.form {
            Form::Scalar(value) => value.as_str(),
            _ => None,
        }
    }

    /// A string, and where it is written.
    pub fn cooked(self) -> Option<Cooked> {
        Some(Cooked::synthetic(self.as_str()?, self.span))
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.form {
            Form::Scalar(value) => value.as_bool(),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_integer(self) -> Option<i64> {
        match self.form {
            Form::Scalar(value) => value.as_integer(),
            _ => None,
        }
    }

    /// A number with a fraction.
    pub fn as_float(self) -> Option<f64> {
        match self.form {
            Form::Scalar(value) => value.as_float(),
            _ => None,
        }
    }

    /// A date or time, as TOML writes it.
    pub fn as_moment(self) -> Option<String> {
        match self.form {
            Form::Scalar(value) => value.as_datetime().map(ToString::to_string),
            _ => None,
        }
    }

    /// The items of an array; nothing for any other node.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let (tree, outer) = (self.tree, self.span);
        let (values, tables) = match self.form {
            Form::Array(array) => (Some(array.iter()), None),
            Form::Tables(tables) => (None, Some(tables.iter())),
            _ => (None, None),
        };
        let values = values.into_iter().flatten();
        let tables = tables.into_iter().flatten().map(move |table| Node {
            tree,
            form: Form::Table(table),
            span: tree.span(table.span()).unwrap_or(outer),
        });
        values
            .map(move |value| Node::of_value(tree, value, outer))
            .chain(tables)
    }

    /// The pairs of a table, in order; nothing for any other node.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        let table = match self.form {
            Form::Table(table) => Some(table),
            _ => None,
        };
        table.into_iter().flat_map(move |table| {
            table
                .iter()
                .filter_map(move |(key, item)| self.pair(table, key, item))
        })
    }

    fn pair(self, table: &'t dyn TableLike, key: &'t str, item: &'t Item) -> Option<Entry<'t>> {
        let written = table.key(key).and_then(Key::span);
        let key_span = self.tree.span(written).unwrap_or(self.span);
        let value = Node::of_item(self.tree, item, key_span)?;
        Some(Entry {
            key,
            key_span,
            value,
        })
    }

    /// The pair of a table with this key.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let Form::Table(table) = self.form else {
            return None;
        };
        let (key, item) = table.get_key_value(key)?;
        self.pair(table, key.get(), item)
    }

    /// The value of a key.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The value behind a path of keys.
    pub fn at(self, keys: &[&str]) -> Option<Node<'t>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?}",
            self.kind(),
            self.tree.source.slice(self.span)
        )
    }
}

#[cfg(test)]
mod tests;
