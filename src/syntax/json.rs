//! JSON as a tree with spans: `package.json`, lock files, `tsconfig.json`, `devcontainer.json`.
//!
//! Comments and trailing commas are read as the editors and compilers do that allow them; the tree
//! says where they stand. Text that is broken is read as far as it goes. Source: RFC 8259; for
//! comments and commas code.visualstudio.com/docs/languages/json (JSON with Comments).

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, Source, Span};

mod parser;
mod string;

/// Collections nested deeper than this are skipped, so that whoever walks a tree may recurse.
pub const DEPTH_LIMIT: usize = 200;

/// Reads a text. What cannot be read is skipped and reported.
pub fn parse(source: &Source) -> (Tree, Vec<Diagnostic>) {
    parser::parse(source)
}

/// A file as a tree.
#[derive(Debug)]
pub struct Tree {
    source: Source,
    /// In the order of the text, the root first.
    nodes: Vec<NodeData>,
    comments: Vec<Span>,
    trailing_commas: Vec<Span>,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
    /// A word that is none of these, or a collection that lies too deep.
    Unknown,
}

#[derive(Debug)]
struct NodeData {
    kind: Kind,
    start: u32,
    end: u32,
    first_child: Option<u32>,
    next: Option<u32>,
}

/// A value or a key in a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

/// A key of an object and its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// A string.
    pub key: Node<'t>,
    /// Anything.
    pub value: Node<'t>,
}

impl Tree {
    /// The text it was made from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The value that the file holds.
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.nodes.is_empty()).then_some(Node {
            tree: self,
            index: 0,
        })
    }

    /// The value behind a path of keys.
    pub fn at(&self, keys: &[&str]) -> Option<Node<'_>> {
        self.root()?.at(keys)
    }

    /// The comments, which strict JSON does not have.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The commas in front of a closing bracket, which strict JSON does not have.
    pub fn trailing_commas(&self) -> &[Span] {
        &self.trailing_commas
    }
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.index as usize]
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// All of it, quotes and brackets included.
    pub fn span(self) -> Span {
        Span::new(self.tree.source.id(), self.data().start, self.data().end)
    }

    /// The text as written.
    pub fn written(self) -> &'t str {
        self.tree.source.slice(self.span())
    }

    /// A string with its escapes resolved.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        Some(match string::plain(self.written()) {
            Some(plain) => Cow::Borrowed(plain),
            None => Cow::Owned(
                string::cook(&self.tree.source, self.span())
                    .as_str()
                    .to_owned(),
            ),
        })
    }

    /// A string with its escapes resolved, and where each part of it is written.
    pub fn cooked(self) -> Option<Cooked> {
        (self.kind() == Kind::String).then(|| string::cook(&self.tree.source, self.span()))
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.written() == "true")
    }

    /// Items of an array; keys and values of an object in turn.
    fn children(self) -> impl Iterator<Item = Node<'t>> {
        let tree = self.tree;
        let next = move |index: &u32| tree.nodes[*index as usize].next;
        std::iter::successors(self.data().first_child, next).map(move |index| Node { tree, index })
    }

    /// The items of an array; nothing for any other node.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let is_array = self.kind() == Kind::Array;
        self.children().filter(move |_| is_array)
    }

    /// The pairs of an object, in order, duplicates included; nothing for any other node.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        let is_object = self.kind() == Kind::Object;
        let mut children = self.children().filter(move |_| is_object);
        std::iter::from_fn(move || {
            Some(Entry {
                key: children.next()?,
                value: children.next()?,
            })
        })
    }

    /// The pair of an object with this key; of several the last, which is the one that counts.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        self.entries()
            .filter(|entry| entry.key.as_str().is_some_and(|name| name == key))
            .last()
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
        write!(f, "{:?} {:?}", self.kind(), self.written())
    }
}

#[cfg(test)]
mod tests;
