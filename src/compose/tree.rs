//! A YAML document as [`Data`]: aliases and merge keys expanded, `!reset` and `!override`
//! collected.
//!
//! What YAML itself forbids (a key twice, an alias inside its own anchor) the parser has reported;
//! here the last key wins and the alias stands for nothing. Every expanded value remembers the
//! alias and the merge key it came through. Expansion has a budget, so that a file of a few lines
//! that means millions of values is reported instead of built.

use crate::compose::INVALID_COMPOSE;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::diagnostic::Diagnostic;
use crate::syntax::yaml::{Entry, Kind, Node, NodeId, Scalar};
use crate::text::{Cooked, Span};

/// How many values aliases may add to all documents of a project.
pub(super) const ALIAS_BUDGET: usize = 100_000;

/// Collections nested deeper than this are not read; no attribute of a compose file lies deeper
/// than a dozen.
const DEPTH: usize = 200;

/// One document.
pub(super) struct Document {
    /// What it says.
    pub(super) value: Value<Data>,
    /// Where `!reset` and `!override` take out what earlier documents say.
    pub(super) cleared: Vec<Vec<String>>,
}

/// Builds a document. What cannot be part of a compose file is reported and left out.
pub(super) fn build(
    root: Node<'_>,
    budget: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Document {
    let mut builder = Builder {
        steps: Vec::new(),
        open: Vec::new(),
        path: Vec::new(),
        cleared: Vec::new(),
        replacing: 0,
        budget,
        diagnostics,
    };
    let value = builder
        .value(root, 0)
        .unwrap_or(Value::new(Data::Null, root.span()));
    let cleared = builder.cleared;
    Document { value, cleared }
}

struct Builder<'b> {
    /// The aliases and merge keys that are being followed, outermost first.
    steps: Vec<Step>,
    /// The anchored nodes that are being built: an alias to one of them contains itself.
    open: Vec<NodeId>,
    path: Vec<String>,
    cleared: Vec<Vec<String>>,
    /// How many values that replace earlier ones are being built: inside of them `!reset` and
    /// `!override` say nothing.
    replacing: usize,
    budget: &'b mut usize,
    diagnostics: &'b mut Vec<Diagnostic>,
}

impl Builder<'_> {
    /// The value of a node; `None` when `!reset` takes it out.
    fn value(&mut self, node: Node<'_>, depth: usize) -> Option<Value<Data>> {
        if node.kind() == Kind::Alias {
            let data = self.follow(node, |builder, target| builder.value(target, depth));
            return data.unwrap_or_else(|| {
                Some(Value {
                    value: Data::Null,
                    origin: self.origin(node.span()),
                })
            });
        }
        let replaces = match node.tag() {
            Some((tag @ ("!reset" | "!override"), _)) if self.replacing == 0 => {
                self.cleared.push(self.path.clone());
                if tag == "!reset" {
                    return None;
                }
                true
            }
            _ => false,
        };
        if depth > DEPTH {
            self.report(
                node.span(),
                format!("collections are nested more than {DEPTH} levels deep here"),
            );
            return Some(Value::new(Data::Null, node.span()));
        }
        if !self.steps.is_empty() && !self.spend(node.span()) {
            return Some(Value::new(Data::Null, node.span()));
        }
        if node.anchor().is_some() {
            self.open.push(node.id());
        }
        self.replacing += usize::from(replaces);
        let data = match node.kind() {
            Kind::Mapping => Data::Map(self.mapping(node, depth)),
            Kind::Sequence => Data::List(self.sequence(node, depth)),
            Kind::Scalar | Kind::Alias => scalar(node),
        };
        self.replacing -= usize::from(replaces);
        if node.anchor().is_some() {
            self.open.pop();
        }
        Some(Value {
            value: data,
            origin: self.origin(node.span()),
        })
    }

    fn sequence(&mut self, node: Node<'_>, depth: usize) -> Vec<Value<Data>> {
        // An item cannot be cleared in an earlier document: lists have no names to find it by.
        let known = self.cleared.len();
        self.path.push("[]".to_owned());
        let items = node
            .items()
            .filter_map(|item| self.value(item, depth + 1))
            .collect();
        self.path.pop();
        self.cleared.truncate(known);
        items
    }

    fn mapping(&mut self, node: Node<'_>, depth: usize) -> Map {
        let mut map = Map::new();
        let mut merged: Vec<Entry<'_>> = Vec::new();
        for entry in node.entries() {
            if entry.key.is_merge_key() {
                merged.push(entry);
                continue;
            }
            let Some(key) = self.key(entry.key) else {
                continue;
            };
            let key_span = entry.key.span();
            self.path.push(key);
            let value = self.value(entry.value, depth + 1);
            let key = self.path.pop().unwrap_or_default();
            if let Some(value) = value {
                map.insert(MapEntry::new(key, Some(key_span), value));
            }
        }
        for entry in merged {
            self.steps.push(Step::MergeKey {
                used: entry.key.span(),
            });
            self.merge(entry.value, &mut map, depth, true);
            self.steps.pop();
        }
        map
    }

    /// Adds what a merge key brings: keys that are there already win.
    fn merge(&mut self, node: Node<'_>, map: &mut Map, depth: usize, list: bool) {
        match node.kind() {
            Kind::Alias => {
                self.follow(node, |builder, target| {
                    builder.merge(target, map, depth, list)
                });
            }
            Kind::Mapping if depth < DEPTH => {
                for entry in self.mapping(node, depth + 1) {
                    if !map.contains(&entry.key) {
                        map.insert(entry);
                    }
                }
            }
            Kind::Sequence if list => node
                .items()
                .for_each(|item| self.merge(item, map, depth, false)),
            _ => {}
        }
    }

    /// Does something with what an alias stands for; `None` when it stands for nothing or contains
    /// itself.
    fn follow<T>(
        &mut self,
        alias: Node<'_>,
        then: impl FnOnce(&mut Self, Node<'_>) -> T,
    ) -> Option<T> {
        let target = alias.resolve()?;
        if self.open.contains(&target.id()) || !self.spend(alias.span()) {
            return None;
        }
        let anchor = target.anchor().map_or(target.span(), |(_, span)| span);
        self.steps.push(Step::Alias {
            used: alias.span(),
            anchor,
        });
        self.open.push(target.id());
        let result = then(self, target);
        self.open.pop();
        self.steps.pop();
        Some(result)
    }

    fn key(&mut self, node: Node<'_>) -> Option<String> {
        let key = node.resolve()?;
        match key.scalar() {
            Some(Scalar::String(text)) => Some(text.into_owned()),
            Some(_) => {
                let text = key.text().into_owned();
                self.report(
                    node.span(),
                    format!("the key `{text}` is not text: put it in quotes"),
                );
                Some(text)
            }
            None => None,
        }
    }

    /// Takes one value off the budget.
    fn spend(&mut self, span: Span) -> bool {
        match *self.budget {
            0 => return false,
            1 => self.report(
                span,
                format!("aliases make more than {ALIAS_BUDGET} values of this project"),
            ),
            _ => {}
        }
        *self.budget -= 1;
        true
    }

    fn origin(&self, span: Span) -> Origin {
        Origin {
            span: Some(span),
            steps: self.steps.iter().rev().cloned().collect(),
        }
    }

    fn report(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
    }
}

fn scalar(node: Node<'_>) -> Data {
    match node.scalar() {
        None | Some(Scalar::Null) => Data::Null,
        Some(Scalar::Bool(value)) => Data::Bool(value),
        Some(Scalar::Int(value)) => Data::Int(value),
        Some(Scalar::Float(value)) => Data::Float(value),
        Some(Scalar::Timestamp(text)) => Data::String(Cooked::synthetic(text, node.span())),
        Some(Scalar::String(text)) => match node.tag() {
            Some(("!!binary", _)) => Data::String(Cooked::synthetic(text, node.span())),
            _ => Data::String(node.cooked()),
        },
    }
}
