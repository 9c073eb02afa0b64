//! Every edit in documents of every style: what was asked for is there afterwards, and nothing else
//! has changed.
//!
//! The documents come from a generator of numbers with a fixed seed, so that a failure can be
//! repeated.

use super::*;
use crate::syntax::yaml::Style;

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Writes a document.
struct Writer {
    dice: Dice,
    out: String,
    number: usize,
    anchors: Vec<(String, bool)>,
}

const SCALARS: &[&str] = &[
    "word",
    "two words",
    "8080",
    "yes",
    "no",
    "true",
    "~",
    "null",
    "1.5",
    "é日🚀",
    "'it''s'",
    "\"a\\tb \\u00e9\"",
    "\"\"",
    "'# no'",
    "a:b",
    "-1",
];

impl Writer {
    fn document(seed: u64) -> String {
        let mut writer = Writer {
            dice: Dice(seed),
            out: String::new(),
            number: 0,
            anchors: Vec::new(),
        };
        let documents = if writer.dice.one_in(6) { 2 } else { 1 };
        for index in 0..documents {
            writer.anchors.clear();
            let head = match index {
                0 => writer.dice.pick(&[
                    "",
                    "",
                    "",
                    "---\n",
                    "--- # head\n",
                    "%YAML 1.1\n---\n",
                    "# licence\n\n",
                ]),
                _ => writer.dice.pick(&["---\n", "...\n---\n"]),
            };
            writer.out.push_str(head);
            let depth = 1 + writer.dice.below(3);
            writer.mapping(0, depth);
        }
        if writer.dice.one_in(8) {
            writer.out.push_str("...\n");
        }
        if writer.dice.one_in(8) {
            writer.out.push_str("# end\n");
        }
        let mut text = writer.out;
        if writer.dice.one_in(4) {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if writer.dice.one_in(3) {
            text = text.replace('\n', "\r\n");
        }
        if writer.dice.one_in(8) {
            format!("\u{feff}{text}")
        } else {
            text
        }
    }

    fn name(&mut self) -> String {
        self.number += 1;
        let name = format!("k{}", self.number);
        match self.dice.below(8) {
            0 => format!("\"{name}\""),
            1 => format!("'{name}'"),
            2 => format!("{name} é"),
            _ => name,
        }
    }

    /// Lines between two children: blank ones, and comments at any depth.
    fn between(&mut self, indent: usize) {
        while self.dice.one_in(4) {
            self.number += 1;
            let depth = self.dice.pick(&[indent, indent, 0, indent + 2]);
            let line = match self.dice.below(3) {
                0 => String::new(),
                _ => format!("{}# c{}", " ".repeat(depth), self.number),
            };
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn end_line(&mut self) {
        self.number += 1;
        let end = match self.dice.below(8) {
            0 => format!(" # e{}", self.number),
            1 => format!("\t# e{}", self.number),
            2 => "  ".to_owned(),
            _ => String::new(),
        };
        self.out.push_str(&end);
        self.out.push('\n');
    }

    fn mapping(&mut self, indent: usize, depth: usize) {
        for _ in 0..1 + self.dice.below(4) {
            self.between(indent);
            self.out.push_str(&" ".repeat(indent));
            self.entry(indent, depth);
        }
    }

    /// An entry whose key begins where the text ends.
    fn entry(&mut self, indent: usize, depth: usize) {
        let maps: Vec<String> = self
            .anchors
            .iter()
            .filter(|(_, is_map)| *is_map)
            .map(|(name, _)| name.clone())
            .collect();
        if !maps.is_empty() && self.dice.one_in(8) {
            let index = self.dice.below(maps.len());
            let list = self.dice.one_in(3);
            let text = if list {
                format!("<<: [*{}]", maps[index])
            } else {
                format!("<<: *{}", maps[index])
            };
            // One merge key in a mapping is enough.
            self.anchors.retain(|(name, _)| *name != maps[index]);
            self.out.push_str(&text);
            return self.end_line();
        }
        let name = self.name();
        match self.dice.one_in(20) {
            true => self
                .out
                .push_str(&format!("? {name}\n{}:", " ".repeat(indent))),
            false => self.out.push_str(&format!("{name}:")),
        }
        self.value(indent, depth, false);
    }

    /// What stands behind a `:` or a `-` at column `indent`.
    fn value(&mut self, indent: usize, depth: usize, is_item: bool) {
        let kind = self.dice.below(if depth == 0 { 8 } else { 14 });
        let mut anchor = None;
        if self.dice.one_in(8) && kind != 0 && kind != 1 {
            self.number += 1;
            let name = format!("a{}", self.number);
            self.out.push_str(&format!(" &{name}"));
            anchor = Some((name, kind > 10));
        }
        if self.dice.one_in(12) && kind != 1 {
            self.out.push_str(" !tag");
        }
        match kind {
            0 => self.end_line(),
            1 if !self.anchors.is_empty() => {
                let index = self.dice.below(self.anchors.len());
                let alias = format!(" *{}", self.anchors[index].0);
                self.out.push_str(&alias);
                self.end_line();
            }
            2 => {
                let header = self.dice.pick(&["|", ">", "|-", ">+", "|+"]);
                let deeper = indent
                    + if is_item {
                        2
                    } else {
                        self.dice.pick(&[1, 2, 4])
                    };
                let margin = " ".repeat(deeper);
                self.out.push_str(&format!(
                    " {header}\n{margin}line  \n\n{margin}  more # no comment\n{margin}last\n"
                ));
                if header.ends_with('+') && self.dice.one_in(2) {
                    self.out.push('\n');
                }
            }
            3 => {
                self.out.push(' ');
                self.flow(indent, 2);
                self.end_line();
            }
            4..=7 | 1 => {
                let blanks = self.dice.pick(&[" ", " ", "  ", " \t"]);
                let scalar = self.dice.pick(SCALARS);
                self.out.push_str(blanks);
                self.out.push_str(scalar);
                self.end_line();
            }
            8..=10 => {
                let is_explicit =
                    !is_item && self.out.ends_with(&format!("\n{}:", " ".repeat(indent)));
                let is_compact = (is_item || is_explicit)
                    && anchor.is_none()
                    && !self.out.ends_with("!tag")
                    && self.dice.one_in(3);
                if is_compact {
                    self.out.push_str(" - compact");
                }
                self.end_line();
                let step = self.dice.pick(&[0, 2, 1, 4]);
                let column = if is_item || is_compact {
                    indent + 2
                } else {
                    indent + step
                };
                for _ in 0..1 + self.dice.below(4) {
                    self.between(column);
                    self.out.push_str(&format!("{}-", " ".repeat(column)));
                    if self.dice.one_in(5) {
                        self.out.push(' ');
                        self.entry(column + 2, 0);
                    } else {
                        self.value(column, depth - 1, true);
                    }
                }
            }
            _ => {
                self.end_line();
                let step = self.dice.pick(&[2, 2, 1, 3, 8]);
                self.mapping(indent + if is_item { 2 } else { step }, depth - 1);
            }
        }
        self.anchors.extend(anchor);
    }

    fn flow(&mut self, indent: usize, depth: usize) {
        let is_map = self.dice.one_in(2);
        let lines = depth == 2 && self.dice.one_in(3);
        let count = self.dice.below(4);
        self.out.push(if is_map { '{' } else { '[' });
        for index in 0..count {
            if lines {
                self.number += 1;
                let comment = if self.dice.one_in(3) {
                    format!(" # f{}", self.number)
                } else {
                    String::new()
                };
                let margin = " ".repeat(indent + 3);
                self.out.push_str(&format!("{comment}\n{margin}"));
            } else if index > 0 {
                self.out.push(' ');
            }
            if is_map {
                self.number += 1;
                let key = format!("f{}: ", self.number);
                self.out.push_str(&key);
            }
            match depth > 1 && self.dice.one_in(4) {
                true => self.flow(indent, depth - 1),
                false => {
                    let scalar = self.dice.pick(&["a", "8", "'x y'", "\"z\"", "on"]);
                    self.out.push_str(scalar);
                }
            }
            if index + 1 < count || lines && self.dice.one_in(2) {
                self.out.push(',');
            }
        }
        if lines {
            self.out.push_str(&format!("\n{}", " ".repeat(indent + 2)));
        }
        self.out.push(if is_map { '}' } else { ']' });
    }
}

/// A tree as plain values, with tags, anchors and aliases.
#[derive(Clone, PartialEq, Debug)]
enum Plain {
    Leaf(String),
    List(String, Vec<Plain>),
    Map(String, Vec<(Plain, Plain)>),
    /// Where something may stand that is looked at by itself.
    Hole,
}

fn plain(node: Node, hole: Option<Node>) -> Plain {
    if hole.is_some_and(|hole| hole.id() == node.id()) {
        return Plain::Hole;
    }
    let about = format!(
        "{:?}{:?}",
        node.tag().map(|(tag, _)| tag),
        node.anchor().map(|(name, _)| name)
    );
    match node.kind() {
        Kind::Scalar => Plain::Leaf(format!("{about}{:?}", node.scalar())),
        Kind::Alias => Plain::Leaf(node.tree().source().slice(node.span()).to_owned()),
        Kind::Sequence => Plain::List(about, node.items().map(|item| plain(item, hole)).collect()),
        Kind::Mapping => Plain::Map(
            about,
            node.entries()
                .map(|entry| (plain(entry.key, hole), plain(entry.value, hole)))
                .collect(),
        ),
    }
}

fn all(tree: &Tree, hole: Option<Node>) -> Vec<Plain> {
    tree.documents().map(|root| plain(root, hole)).collect()
}

/// The way to a node: the document, then the number of each child.
fn way(node: Node) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = node;
    while let Some(parent) = at.parent() {
        way.push(
            parent
                .children()
                .position(|child| child.id() == at.id())
                .unwrap(),
        );
        at = parent;
    }
    way.push(
        node.tree()
            .documents()
            .position(|root| root.id() == at.id())
            .unwrap(),
    );
    way.reverse();
    way
}

fn follow<'t>(tree: &'t Tree, way: &[usize]) -> Option<Node<'t>> {
    let root = tree.documents().nth(way[0])?;
    way[1..]
        .iter()
        .try_fold(root, |node, index| node.children().nth(*index))
}

/// One change of a document.
struct Change<'t> {
    name: &'static str,
    /// The node that changes, or the collection that something joins or leaves.
    node: Node<'t>,
    /// What was written there before and may go, comments included.
    owned: std::ops::Range<usize>,
    edits: Edits,
    /// What is asked of the node afterwards.
    holds: Box<dyn Fn(Node) -> bool + 't>,
}

fn lines_of(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |at| range.end + at);
    start..end
}

fn some_insert(dice: &mut Dice) -> (Insert, &'static str) {
    match dice.below(5) {
        0 => (Insert::text("new"), "new"),
        1 => (Insert::text("new: # text"), "new: # text"),
        2 => (Insert::sequence(["new".into(), "on".into()]), "new"),
        3 => (
            Insert::mapping([("new", Insert::mapping([("x", Insert::text("22:22"))]))]),
            "22:22",
        ),
        _ => (Insert::flow_mapping([("new", Insert::plain("1"))]), "new"),
    }
}

/// Whether a text is somewhere in a node.
fn has(node: Node, text: &str) -> bool {
    let own = node.kind() == Kind::Scalar && node.text() == text;
    own || node.children().any(|child| has(child, text))
}

fn change<'t>(tree: &'t Tree, dice: &mut Dice) -> Option<Change<'t>> {
    let text = tree.source().text();
    let nodes: Vec<Node> = tree.all().collect();
    let node = nodes[dice.below(nodes.len())];
    // `<<` takes mappings only.
    let is_merged = |node: &Node| {
        node.parent().is_some_and(|parent| {
            parent
                .entries()
                .any(|entry| entry.value.id() == node.id() && entry.key.is_merge_key())
        })
    };
    if std::iter::successors(Some(node), |node| node.parent()).any(|node| is_merged(&node)) {
        return None;
    }
    let parent = node.parent();
    let own = lines_of(text, node.full_span().range());
    let entry =
        parent.and_then(|parent| parent.entries().find(|entry| entry.value.id() == node.id()));
    let whole = entry.map(|entry| {
        entry.key.full_span().start as usize
            ..(node.full_span().end as usize).max(entry.key.full_span().end as usize)
    });
    Some(match (dice.below(9), node.kind()) {
        (0, Kind::Scalar) => {
            let new = dice.pick(&[
                "new",
                "two: words",
                "yes",
                "8081",
                "",
                "# x",
                "é",
                "'",
                "a\nb",
            ]);
            Change {
                name: "set",
                node,
                owned: own,
                edits: set_scalar(node, new),
                holds: Box::new(move |node| node.text() == new),
            }
        }
        (1, Kind::Mapping) => {
            let (insert, new) = some_insert(dice);
            let count = node.entries().count();
            let holds = move |node: Node| {
                let last = node.entries().last();
                node.entries().count() == count + 1
                    && last
                        .is_some_and(|entry| entry.key.text() == "new key" && has(entry.value, new))
            };
            Change {
                name: "insert",
                node,
                owned: 0..0,
                edits: insert_entry(node, "new key", &insert),
                holds: Box::new(holds),
            }
        }
        (2, Kind::Sequence) => {
            let (insert, new) = some_insert(dice);
            let count = node.items().count();
            let holds = move |node: Node| {
                node.items().count() == count + 1
                    && node.items().last().is_some_and(|item| has(item, new))
            };
            Change {
                name: "append",
                node,
                owned: 0..0,
                edits: append_item(node, &insert),
                holds: Box::new(holds),
            }
        }
        (3, _) if entry.is_some() => {
            let (entry, mapping) = (entry?, parent?);
            let left: Vec<Plain> = without(mapping, node);
            let holds = move |mapping: Node| flat(mapping) == left;
            Change {
                name: "remove",
                node: mapping,
                owned: lines_of(text, whole?),
                edits: remove_entry(entry),
                holds: Box::new(holds),
            }
        }
        (4, _) if parent.is_some_and(|parent| parent.kind() == Kind::Sequence) => {
            let list = parent?;
            let left: Vec<Plain> = without(list, node);
            let holds = move |list: Node| flat(list) == left;
            // The dash may stand on a line of its own.
            let dash = list
                .items()
                .take_while(|item| item.id() != node.id())
                .last()
                .map_or(list.span().start, |item| item.full_span().end);
            let start = if list.style() == Style::Block {
                text[..own.start].rfind('-').unwrap_or(0).max(dash as usize)
            } else {
                own.start
            };
            Change {
                name: "drop",
                node: list,
                owned: start.min(own.start)..own.end,
                edits: remove_item(node),
                holds: Box::new(holds),
            }
        }
        (5, _) if entry.is_some() => {
            let (insert, new) = some_insert(dice);
            Change {
                name: "replace",
                node,
                owned: lines_of(text, whole?),
                edits: replace_value(entry?, &insert),
                holds: Box::new(move |node| has(node, new)),
            }
        }
        (6, _) => {
            let tag = |node: Node| node.tag().is_some_and(|(tag, _)| tag == "!reset");
            let owned = whole.unwrap_or(node.full_span().range());
            Change {
                name: "tag",
                node,
                owned: lines_of(text, owned),
                edits: set_tag(node, "!reset"),
                holds: Box::new(tag),
            }
        }
        (7, Kind::Sequence) => {
            let names: Vec<String> = node.items().map(|item| item.text().into_owned()).collect();
            let value = |name: &str| Insert::mapping([("for", Insert::text(name))]);
            let holds = move |node: Node| {
                let is_kept = |(entry, name): (Entry, &String)| {
                    entry.key.text() == *name
                        && entry.value.get("for").is_some_and(|v| v.text() == *name)
                };
                node.kind() == Kind::Mapping
                    && node.entries().count() == names.len()
                    && node.entries().zip(&names).all(is_kept)
            };
            // The dashes go, the names and the comments stay.
            Change {
                name: "convert",
                node,
                owned: lines_of(text, node.span().range()),
                edits: list_to_mapping(node, &value),
                holds: Box::new(holds),
            }
        }
        (8, _) if parent.is_some_and(|parent| parent.kind() == Kind::Sequence) => {
            let (insert, new) = some_insert(dice);
            Change {
                name: "swap",
                node,
                owned: own,
                edits: replace_item(node, &insert),
                holds: Box::new(move |node| has(node, new)),
            }
        }
        (0 | 7, _)
            if entry.is_some_and(|entry| {
                entry.key.kind() == Kind::Scalar && !entry.key.is_merge_key()
            }) =>
        {
            let key = entry?.key;
            Change {
                name: "rename",
                node: key,
                owned: lines_of(text, key.full_span().range()),
                edits: rename_key(entry?, "other: name"),
                holds: Box::new(|key| key.text() == "other: name"),
            }
        }
        _ => return None,
    })
}

fn flat(collection: Node) -> Vec<Plain> {
    collection
        .children()
        .map(|child| plain(child, None))
        .collect()
}

/// The children of a collection but for one: an item, or the value of an entry and its key.
fn without(collection: Node, gone: Node) -> Vec<Plain> {
    let children: Vec<Node> = collection.children().collect();
    let at = children
        .iter()
        .position(|child| child.id() == gone.id())
        .unwrap();
    let first = if collection.kind() == Kind::Mapping {
        at - 1
    } else {
        at
    };
    children
        .iter()
        .enumerate()
        .filter(|(index, _)| !(first..=at).contains(index))
        .map(|(_, child)| plain(*child, None))
        .collect()
}

#[test]
fn an_edit_does_what_is_asked_in_any_style_and_nothing_else() {
    let (mut made, mut refused) = (std::collections::BTreeMap::<&str, usize>::new(), 0);
    let mut failed = Vec::new();
    for seed in 0..6000_u64 {
        let text = Writer::document(seed);
        let (before, diagnostics) = parse(&Source::detached(text.as_str()));
        if !diagnostics.is_empty() || before.is_empty() {
            continue;
        }
        let mut dice = Dice(seed ^ 0x5EED);
        // What the first throws hit may be nothing that an edit is for.
        let Some(change) = (0..8).find_map(|_| change(&before, &mut dice)) else {
            continue;
        };
        let Ok(edits) = &change.edits else {
            refused += 1;
            continue;
        };
        *made.entry(change.name).or_default() += 1;
        let after = apply(&text, edits.clone());
        if let Err(fault) = check_change(&change, edits, &text, &after) {
            failed.push(format!(
                "{fault}: {} of {:?}, seed {seed}:\n{text}\n=== became\n{after}\n===\n",
                change.name, change.node
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} failed\n{}",
        failed.len(),
        failed[..failed.len().min(12)].join("\n")
    );
    assert!(
        made.len() == 10 && made.values().all(|count| *count > 20),
        "{made:?}, {refused} refused"
    );
    assert!(
        refused * 4 < made.values().sum::<usize>(),
        "{made:?}, {refused} refused"
    );
}

/// What is wrong with a change that was made.
fn check_change(
    change: &Change<'_>,
    edits: &[Edit],
    text: &str,
    after: &str,
) -> Result<(), String> {
    let check = |holds: bool, fault: &str| if holds { Ok(()) } else { Err(fault.to_owned()) };
    let before = change.node.tree();
    let (now, diagnostics) = parse(&Source::detached(after));
    check(
        diagnostics.is_empty(),
        &format!("it is no YAML any more, {diagnostics:?}"),
    )?;
    let same = follow(&now, &way(change.node)).ok_or("the node is gone")?;
    check((change.holds)(same), "what was asked for is not there")?;
    check(
        all(&now, Some(same)) == all(before, Some(change.node)),
        "something else changed",
    )?;
    let is_flow = change.node.style() == Style::Flow || change.node.children().next().is_none();
    for edit in edits {
        let gone = &text[edit.span.range()];
        // Line breaks and blanks go along, those before it or those behind it.
        let start = edit.span.start as usize + gone.len() - gone.trim_start().len();
        let is_own = change.owned.start <= start && start + gone.trim().len() <= change.owned.end;
        let is_flow = is_flow && !gone.contains('#');
        check(
            gone.is_empty() || is_own || is_flow,
            &format!("{gone:?} went"),
        )?;
        check(
            !edit.text.replace("\r\n", "").contains(['\r', '\n']) || !text.contains("\r\n"),
            "a foreign line break came",
        )?;
    }
    check(
        text.starts_with('\u{feff}') == after.starts_with('\u{feff}'),
        "the byte order mark changed",
    )?;
    check(
        text.ends_with('\n') == after.ends_with('\n') || is_block_text_last(&now),
        "the last line break changed",
    )?;
    // A list that becomes a mapping keeps its comments; of what goes they go along.
    let owned = if change.name == "convert" {
        0..0
    } else {
        change.owned.clone()
    };
    let is_outside = |span: &&crate::text::Span| !owned.contains(&(span.start as usize));
    let mut left = now.comments().iter().map(|span| now.source().slice(*span));
    let mut outside = before
        .comments()
        .iter()
        .filter(is_outside)
        .map(|span| before.source().slice(*span));
    outside.try_for_each(|comment| {
        check(
            left.any(|other| other == comment),
            &format!("`{comment}` is lost"),
        )
    })
}

/// Whether the file ends in a block of text, to which its last line break belongs.
fn is_block_text_last(tree: &Tree) -> bool {
    let last = tree.all().last();
    last.is_some_and(|last| {
        matches!(last.style(), Style::Literal | Style::Folded)
            && last.span().end as usize + 2 >= tree.source().text().len()
    })
}
