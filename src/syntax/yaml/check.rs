//! What go-yaml refuses in a file that it can parse: duplicate keys, unknown anchors and their
//! like.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::{Entry, Kind, Node, Tree};
use crate::diagnostic::{Diagnostic, Label};
use crate::syntax::{DUPLICATE_KEY, INVALID_SYNTAX};
use crate::text::Span;

/// Mappings with fewer keys are compared pair by pair.
const SMALL: usize = 8;

/// Reports aliases without their anchor. `lost` are lines that could not be read: what they may
/// have held is not missed.
pub(super) fn check_aliases(tree: &Tree, lost: &[Span]) -> Vec<Diagnostic> {
    let mut checker = Checker {
        lost,
        found: Vec::new(),
    };
    for node in tree
        .all()
        .filter(|node| node.kind() == Kind::Alias && node.resolve().is_none())
    {
        checker.unknown_anchor(node);
    }
    checker.found
}

/// Reports everything else.
pub(super) fn check(tree: &Tree, lost: &[Span]) -> Vec<Diagnostic> {
    let mut checker = Checker {
        lost,
        found: Vec::new(),
    };
    for node in tree.all() {
        match node.kind() {
            Kind::Mapping => checker.mapping(node),
            Kind::Alias => checker.cycle(node),
            Kind::Scalar => checker.tag(node),
            Kind::Sequence => {}
        }
    }
    checker.found
}

struct Checker<'c> {
    lost: &'c [Span],
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn say(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.found
            .push(Diagnostic::new(INVALID_SYNTAX, span, message));
        self.found.last_mut().expect("one was pushed")
    }

    fn unknown_anchor(&mut self, alias: Node) {
        let text = alias.tree().source();
        let name = &text.slice(alias.span())[1..];
        let may_be_lost = self.lost.iter().any(|line| text.slice(*line).contains('&'));
        if !may_be_lost {
            let help =
                format!("Define it above with `&{name}`, or write `\"*{name}\"` if text is meant.");
            self.say(
                alias.span(),
                format!("no anchor `&{name}` is defined before this alias"),
            )
            .help = Some(help);
        }
    }

    /// An alias inside the node it stands for.
    fn cycle(&mut self, alias: Node) {
        let Some(target) = alias
            .resolve()
            .filter(|target| target.span().contains(alias.span()))
        else {
            return;
        };
        let anchor = target.anchor().map_or(target.span(), |(_, span)| span);
        let message = "this alias stands for a node that it is part of, which never ends";
        self.say(alias.span(), message)
            .labels
            .push(label(anchor, "the node begins here"));
    }

    fn tag(&mut self, scalar: Node) {
        let Some(tag) = scalar.misfit() else { return };
        let name = scalar.tag().map_or("", |(name, _)| name);
        let message = format!(
            "`{}` is not {}, as its tag `{name}` says",
            scalar.text(),
            tag.wanted()
        );
        self.say(scalar.full_span(), message);
    }

    fn mapping(&mut self, mapping: Node) {
        let keys: Vec<_> = mapping
            .entries()
            .filter_map(|entry| Some((identity(entry.key)?, entry.key)))
            .collect();
        if keys.len() < SMALL {
            for (index, (name, key)) in keys.iter().enumerate() {
                if let Some((_, first)) = keys[..index].iter().find(|(first, _)| first == name) {
                    self.duplicate(*first, *key);
                }
            }
        } else {
            let mut seen = HashMap::with_capacity(keys.len());
            for (name, key) in keys {
                match seen.entry(name) {
                    Slot::Occupied(first) => self.duplicate(*first.get(), key),
                    Slot::Vacant(slot) => drop(slot.insert(key)),
                }
            }
        }
        for entry in mapping.entries() {
            self.key(entry.key);
            if entry.key.is_merge_key() {
                self.merge(entry);
            }
        }
    }

    fn duplicate(&mut self, first: Node, key: Node) {
        let (from, to) = (first.span().end, key.span().start);
        if self
            .lost
            .iter()
            .any(|line| from <= line.start && line.end <= to)
        {
            return;
        }
        let name = first.tree().source().slice(key.span()).to_owned();
        let is_merge = key.is_merge_key();
        let found = self.say(key.span(), format!("`{name}` is set twice in this mapping"));
        found.rule = DUPLICATE_KEY;
        found.note = "set again here".to_owned();
        found.labels.push(label(first.span(), "first set here"));
        found.help = Some(match is_merge {
            true => "Merge several mappings at once: `<<: [*a, *b]`.".to_owned(),
            false => "Keep one of the two: Docker Compose refuses the file.".to_owned(),
        });
    }

    fn key(&mut self, key: Node) {
        let kind = match key.resolve().map(Node::kind) {
            Some(Kind::Mapping) => "mapping",
            Some(Kind::Sequence) => "list",
            _ => return,
        };
        let before = &key.tree().source().text()[..key.span().start as usize];
        let found = self.say(key.span(), format!("a {kind} cannot be a key"));
        if kind == "mapping" && before.ends_with('{') {
            found.help =
                Some("Put quotes around the text if it is a placeholder of a template.".to_owned());
        }
    }

    fn merge(&mut self, entry: Entry) {
        // An alias without its anchor has been told already.
        let Some(value) = entry.value.resolve() else {
            return;
        };
        let is_mapping = |node: Node| {
            node.resolve()
                .is_none_or(|node| node.kind() == Kind::Mapping)
        };
        let stranger = match value.kind() {
            Kind::Mapping => None,
            Kind::Sequence => value.items().find(|item| !is_mapping(*item)),
            _ => Some(entry.value),
        };
        if let Some(stranger) = stranger {
            let found = self.say(
                stranger.span(),
                "`<<` takes a mapping or a list of mappings, and this is neither",
            );
            found.labels.push(label(entry.key.span(), "merged here"));
        }
    }
}

fn label(span: Span, message: &str) -> Label {
    Label {
        span,
        message: message.to_owned(),
    }
}

/// What makes two keys the same: the reference compares what is written, not what it means. `1` and
/// `"1"` are the same key.
fn identity<'t>(key: Node<'t>) -> Option<(Kind, Cow<'t, str>)> {
    match key.kind() {
        Kind::Scalar => Some((Kind::Scalar, key.text())),
        Kind::Alias => Some((
            Kind::Alias,
            Cow::Borrowed(key.tree().source().slice(key.span())),
        )),
        Kind::Mapping | Kind::Sequence => None,
    }
}
