//! The same texts read by others, wherever all accept them. They speak slightly other languages;
//! what they mean otherwise is listed with what Docker Compose takes it for.

use std::fs;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as TheirSpan, SpannedEventReceiver};
use serde_yaml::Value;

use super::*;

/// Texts as people write them.
const REAL: &[&str] = &[
    include_str!("differential/stack.yml"),
    include_str!("differential/dev.yml"),
    include_str!("differential/odd.yml"),
];

fn texts() -> Vec<(String, String)> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/yaml");
    let mut texts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    texts.sort();
    texts.extend(
        REAL.iter()
            .enumerate()
            .map(|(index, text)| (format!("real {index}"), (*text).to_owned())),
    );
    texts
}

/// Scalars that serde_yaml, which speaks YAML 1.2, takes for something else than go-yaml does.
const TYPED_OTHERWISE: &[(&str, &str)] = &[
    ("014", "octal for Compose, text for the other"),
    ("010", "octal for Compose, text for the other"),
    ("1_000", "a number for Compose, text for the other"),
    ("2024-02-29", "a date for Compose, text for the other"),
    ("0b1", "a number for both, under different names"),
];

fn same_value(ours: Node, theirs: &Value) -> bool {
    let Some(ours) = ours.resolve() else {
        return false;
    };
    match theirs {
        Value::Tagged(tagged) => ours.tag().is_some() && same_value_untagged(ours, &tagged.value),
        theirs => same_value_untagged(ours, theirs),
    }
}

fn same_value_untagged(ours: Node, theirs: &Value) -> bool {
    match (ours.kind(), theirs) {
        (Kind::Sequence, Value::Sequence(items)) => {
            ours.items().count() == items.len()
                && ours
                    .items()
                    .zip(items)
                    .all(|(ours, theirs)| same_value(ours, theirs))
        }
        (Kind::Mapping, Value::Mapping(pairs)) => {
            let same = |(ours, (key, value)): (Entry, (&Value, &Value))| {
                same_value(ours.key, key) && same_value(ours.value, value)
            };
            ours.entries().count() == pairs.len() && ours.entries().zip(pairs).all(same)
        }
        (Kind::Scalar, theirs) => same_scalar(ours, theirs),
        _ => false,
    }
}

fn same_scalar(ours: Node, theirs: &Value) -> bool {
    if TYPED_OTHERWISE.iter().any(|(text, _)| ours.text() == *text)
        || ours.tag().is_some_and(|(tag, _)| tag == "!!binary")
    {
        return true;
    }
    match (ours.scalar(), theirs) {
        (Some(Scalar::Null), Value::Null) => true,
        // A tag of no known meaning leaves text to go-yaml, and the value as it looks to the other.
        (Some(Scalar::String(text)), _) if ours.tag().is_some() => {
            theirs.as_str().is_none_or(|theirs| theirs == text)
        }
        (Some(Scalar::Bool(ours)), Value::Bool(theirs)) => ours == *theirs,
        (Some(Scalar::Int(ours)), Value::Number(theirs)) => {
            theirs.as_i64().map(i128::from) == Some(ours)
        }
        (Some(Scalar::Float(ours)), Value::Number(theirs)) => theirs.as_f64() == Some(ours),
        (Some(Scalar::String(ours)), Value::String(theirs)) => ours == *theirs,
        _ => false,
    }
}

#[test]
fn values_are_those_of_serde_yaml() {
    let mut compared = 0;
    for (name, text) in texts() {
        let (tree, diagnostics) = read(&text);
        let theirs: Result<Value, _> = serde_yaml::from_str(&text);
        let (true, Ok(theirs), 1) = (diagnostics.is_empty(), theirs, tree.documents().count())
        else {
            continue;
        };
        assert!(
            same_value(tree.root().unwrap(), &theirs),
            "{name}: {} against {theirs:?}",
            shape(tree.root().unwrap())
        );
        compared += 1;
    }
    assert!(compared > 40, "only {compared} texts were accepted by both");
}

/// An event with its place in bytes: where a node begins, and where a scalar ends.
#[derive(PartialEq, Debug)]
struct Seen {
    what: String,
    start: usize,
    end: Option<usize>,
}

struct Theirs<'t> {
    text: &'t str,
    /// Byte offset of each character.
    offsets: Vec<usize>,
    seen: Vec<Seen>,
}

impl Theirs<'_> {
    fn push(&mut self, what: impl Into<String>, span: TheirSpan, ends: bool) {
        let at = |index: usize| self.offsets.get(index).copied().unwrap_or(self.text.len());
        self.seen.push(Seen {
            what: what.into(),
            start: at(span.start.index()),
            end: ends.then(|| at(span.end.index())),
        });
    }
}

impl<'input> SpannedEventReceiver<'input> for Theirs<'_> {
    fn on_event(&mut self, event: Event<'input>, span: TheirSpan) {
        match event {
            Event::Alias(_) => self.push("alias", span, true),
            Event::Scalar(text, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                // The span of a block scalar leaves its header out.
                self.push(text, TheirSpan::empty(span.start), false);
                self.seen.last_mut().unwrap().start = 0;
            }
            // An absent value is `~` or nothing, somewhere before the next token; a tag or an
            // anchor is counted in.
            Event::Scalar(text, style, anchor, tag) => {
                let text = text.replace('~', "");
                let is_bare =
                    anchor == 0 && tag.is_none() && !text.is_empty() && style == ScalarStyle::Plain;
                self.push(text, span, is_bare);
                if !is_bare {
                    self.seen.last_mut().unwrap().start = 0;
                }
            }
            Event::SequenceStart(..) => self.push("[", TheirSpan::empty(span.start), false),
            Event::SequenceEnd => self.push("]", TheirSpan::empty(span.start), false),
            Event::MappingStart(..) => self.push("{", TheirSpan::empty(span.start), false),
            Event::MappingEnd => self.push("}", TheirSpan::empty(span.start), false),
            _ => {}
        }
        if matches!(event_kind(self.seen.last()), Some("[" | "]" | "{" | "}")) {
            self.seen.last_mut().unwrap().start = 0;
        }
    }
}

fn event_kind(seen: Option<&Seen>) -> Option<&str> {
    seen.filter(|seen| seen.end.is_none())
        .map(|seen| seen.what.as_str())
}

fn ours(node: Node, seen: &mut Vec<Seen>) {
    let span = node.span();
    let unplaced = |what: &str| Seen {
        what: what.to_owned(),
        start: 0,
        end: None,
    };
    match node.kind() {
        Kind::Alias => seen.push(Seen {
            what: "alias".into(),
            start: span.start as usize,
            end: Some(span.end as usize),
        }),
        Kind::Scalar => {
            let is_bare =
                node.tag().is_none() && node.anchor().is_none() && node.style() == Style::Plain;
            let text = node.text().replace('~', "");
            let is_placed = is_bare && !text.is_empty();
            match is_placed {
                true => seen.push(Seen {
                    what: text,
                    start: span.start as usize,
                    end: Some(span.end as usize),
                }),
                false => seen.push(unplaced(&text)),
            }
        }
        Kind::Sequence => {
            seen.push(unplaced("["));
            node.items().for_each(|item| ours(item, seen));
            seen.push(unplaced("]"));
        }
        Kind::Mapping => {
            seen.push(unplaced("{"));
            node.children().for_each(|child| ours(child, seen));
            seen.push(unplaced("}"));
        }
    }
}

#[test]
fn events_and_their_places_are_those_of_saphyr() {
    let mut compared = 0;
    for (name, text) in texts() {
        let (tree, diagnostics) = read(&text);
        let mut theirs = Theirs {
            text: &text,
            offsets: text.char_indices().map(|(at, _)| at).collect(),
            seen: Vec::new(),
        };
        let is_accepted = Parser::new_from_str(&text).load(&mut theirs, true).is_ok();
        if !is_accepted || !diagnostics.is_empty() || KNOWN.iter().any(|(file, _)| *file == name) {
            continue;
        }
        let mut seen = Vec::new();
        tree.documents().for_each(|root| ours(root, &mut seen));
        for (ours, theirs) in seen.iter().zip(&theirs.seen) {
            assert_eq!(ours, theirs, "{name}");
        }
        assert_eq!(seen.len(), theirs.seen.len(), "{name}");
        compared += 1;
    }
    assert!(compared > 40, "only {compared} texts were accepted by both");
}

/// Files that the other accepts too, and means otherwise.
const KNOWN: &[(&str, &str)] = &[];
