//! YAML as Docker Compose reads it: the language of go-yaml v4, which is libyaml's YAML 1.1, with
//! byte spans for everything.
//!
//! [`parse`] gives a [`Tree`]: a flat arena of nodes in source order. Mappings keep every pair,
//! duplicates included; an alias is an edge to its anchor and is never expanded here. Scalars are
//! cooked only when they are asked for.

use std::borrow::Cow;
use std::num::NonZeroU32;

use crate::text::{Source, Span, offset};

mod chars;
mod check;
mod cook;
pub mod edit;
mod fault;
mod parser;
mod recover;
mod scalar;
mod scanner;
mod timestamp;

pub use recover::parse;

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Tree {
    source: Source,
    nodes: Vec<NodeData>,
    extras: Vec<Extra>,
    documents: Vec<NodeId>,
    comments: Vec<Span>,
}

/// A node of one [`Tree`], as an index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id of the node at `index`. Counting from 1 lets an absent id take no room.
    fn new(index: usize) -> Self {
        NodeId(NonZeroU32::new(offset(index).saturating_add(1)).unwrap_or(NonZeroU32::MAX))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// How a collection or a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// `[…]` or `{…}`
    Flow,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A scalar; an absent value (`key:`) is an empty plain one.
    Scalar,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
    /// `*name`
    Alias,
}

/// A scalar by its type, as go-yaml v4 resolves it.
#[derive(Clone, PartialEq, Debug)]
pub enum Scalar<'t> {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer that fits.
    Int(i128),
    /// A float, or an integer too large.
    Float(f64),
    /// A timestamp, as Go prints it where a string is wanted.
    Timestamp(String),
    /// Text.
    String(Cow<'t, str>),
}

/// What the arena keeps of a node. Children are linked: `first_child`, then `next` of each; a
/// mapping's children are its keys and values in turn.
#[derive(Clone, Debug)]
struct NodeData {
    kind: Kind,
    style: Style,
    start: u32,
    end: u32,
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    next: Option<NodeId>,
    /// What few nodes have, as an index into a table of its own.
    extra: Option<ExtraId>,
}

/// An index into the table of extras.
type ExtraId = NonZeroU32;

/// What a node has besides itself: most have none of it.
#[derive(Clone, Copy, Default, Debug)]
struct Extra {
    tag: Option<(u32, u32)>,
    anchor: Option<(u32, u32)>,
    /// The anchored node that an alias stands for.
    target: Option<NodeId>,
}

/// A node and the tree it lies in: what everybody outside the parser works with.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

/// A pair of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Node<'t>,
    /// The value; an empty plain scalar when nothing is written.
    pub value: Node<'t>,
}

impl Tree {
    /// The text this tree was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The root node of each document, in order. A file of comments alone has none.
    pub fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.documents.iter().map(|id| self.node(*id))
    }

    /// The root of the first document.
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// Every comment, from `#` to the end of its line, in order.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The node of an id that this tree gave out.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// Every node, each before its children.
    pub fn all(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len()).map(|index| self.node(NodeId::new(index)))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the file holds no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The pair whose key is written at this span.
    pub fn entry_at(&self, key: Span) -> Option<Entry<'_>> {
        let mapping = self.node_at(key.start)?.parent()?;
        mapping.entries().find(|entry| entry.key.span() == key)
    }

    /// The item of a sequence that is, or that holds, the node written at this span.
    pub fn item_at(&self, span: Span) -> Option<Node<'_>> {
        let mut node = self.node_at(span.start)?;
        while !(node.span().contains(span)
            && node
                .parent()
                .is_some_and(|parent| parent.kind() == Kind::Sequence))
        {
            node = node.parent()?;
        }
        Some(node)
    }

    /// The innermost node that holds the byte at `offset`.
    pub fn node_at(&self, offset: u32) -> Option<Node<'_>> {
        let holds = |node: &Node| node.span().start <= offset && offset <= node.span().end;
        let mut found = self.documents().find(holds)?;
        while let Some(child) = found.children().filter(holds).last() {
            found = child;
        }
        Some(found)
    }
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.id.index()]
    }

    fn extra(self) -> Extra {
        self.data().extra.map_or(Extra::default(), |id| {
            self.tree.extras[id.get() as usize - 1]
        })
    }

    fn span_of(self, (start, end): (u32, u32)) -> Span {
        Span::new(self.tree.source.id(), start, end)
    }

    /// Its index, to find it again with [`Tree::node`].
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree it lies in.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// How it is written.
    pub fn style(self) -> Style {
        self.data().style
    }

    /// The node itself, without tag and anchor. Quotes, brackets and a block scalar's header lie
    /// inside; the line break behind a block scalar lies outside. A block collection ends with its
    /// last child. An absent value is the empty span behind its `:` or `-`, or behind its tag and
    /// anchor.
    pub fn span(self) -> Span {
        self.span_of((self.data().start, self.data().end))
    }

    /// The tag as written (`!reset`, `!!str`), with its span.
    pub fn tag(self) -> Option<(&'t str, Span)> {
        let span = self.span_of(self.extra().tag?);
        Some((self.tree.source.slice(span), span))
    }

    /// The anchor's name, with the span of `&name`.
    pub fn anchor(self) -> Option<(&'t str, Span)> {
        let span = self.span_of(self.extra().anchor?);
        Some((&self.tree.source.slice(span)[1..], span))
    }

    /// The node with its tag and anchor.
    pub fn full_span(self) -> Span {
        let Extra { tag, anchor, .. } = self.extra();
        [tag, anchor]
            .into_iter()
            .flatten()
            .fold(self.span(), |span, part| span.cover(self.span_of(part)))
    }

    /// The collection it is a key, value or item of.
    pub fn parent(self) -> Option<Node<'t>> {
        self.data().parent.map(|id| self.tree.node(id))
    }

    /// Items of a sequence; keys and values of a mapping in turn.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> {
        let tree = self.tree;
        std::iter::successors(self.data().first_child, move |id| {
            tree.nodes[id.index()].next
        })
        .map(move |id| tree.node(id))
    }

    /// The items of a sequence; nothing for any other node.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.children()
            .filter(move |_| self.kind() == Kind::Sequence)
    }

    /// The pairs of a mapping, duplicates and merge keys included; nothing for any other node.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        let mut children = self
            .children()
            .filter(move |_| self.kind() == Kind::Mapping);
        std::iter::from_fn(move || {
            Some(Entry {
                key: children.next()?,
                value: children.next()?,
            })
        })
    }

    /// The first pair of a mapping whose key is the scalar `key`.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        self.entries()
            .find(|entry| entry.key.kind() == Kind::Scalar && entry.key.text() == key)
    }

    /// The value of the first pair whose key is `key`.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// What an alias stands for; the node itself when it is none. `None` for an alias without its
    /// anchor.
    pub fn resolve(self) -> Option<Node<'t>> {
        match self.kind() {
            Kind::Alias => self.extra().target.map(|id| self.tree.node(id)),
            _ => Some(self),
        }
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?}",
            self.kind(),
            self.tree.source.slice(self.span())
        )
    }
}

#[cfg(test)]
mod tests;
