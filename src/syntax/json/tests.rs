//! Texts of JSON, whole and broken.

use proptest::prelude::*;

use super::*;

/// The strings of a document as `path = text @ written`, values of other kinds as they are written.
fn show(node: Node<'_>, path: &str, found: &mut Vec<String>) {
    if let Some(text) = node.cooked() {
        let line = format!("{path} = {} @ {}", text.as_str(), node.written());
        found.push(line.trim_start_matches('.').to_owned());
    }
    for entry in node.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        show(entry.value, &format!("{path}.{key}"), found);
    }
    for (index, item) in node.items().enumerate() {
        show(item, &format!("{path}.{index}"), found);
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let source = Source::detached(text);
    let (tree, _) = parse(&source);
    let mut found = Vec::new();
    if let Some(root) = tree.root() {
        show(root, "", &mut found);
    }
    assert_eq!(found, expected, "{text}");
}

/// What is said of a text, each with the place.
fn problems(text: &str) -> Vec<String> {
    let source = Source::detached(text);
    let say = |problem: Diagnostic| format!("{} @ {}", problem.message, source.slice(problem.span));
    parse(&source).1.into_iter().map(say).collect()
}

#[test]
fn every_string_knows_the_keys_and_indexes_that_lead_to_it() {
    let text = r#"{"name": "x", "scripts": {"dev": "a && b"}, "list": ["p", {"q": "r"}, "s"], "n": 1, "end": "e"}"#;
    check(
        text,
        &[
            r#"name = x @ "x""#,
            r#"scripts.dev = a && b @ "a && b""#,
            r#"list.0 = p @ "p""#,
            r#"list.1.q = r @ "r""#,
            r#"list.2 = s @ "s""#,
            r#"end = e @ "e""#,
        ],
    );
    assert!(problems(text).is_empty());
}

#[test]
fn every_kind_of_value_is_known_and_found_by_its_path() {
    let source = Source::detached(
        r#"{"a": {"b": [true, false, null, -1.5e+3, 0, "x"]}, "a\u0062": 1, "d": 1, "d": 2}"#,
    );
    let (tree, problems) = parse(&source);
    assert!(problems.is_empty(), "{problems:?}");
    let list = tree.at(&["a", "b"]).unwrap();
    let kinds: Vec<Kind> = list.items().map(Node::kind).collect();
    use Kind::{Bool, Null, Number, String};
    assert_eq!(kinds, [Bool, Bool, Null, Number, Number, String]);
    assert_eq!(list.items().next().and_then(Node::as_bool), Some(true));
    assert_eq!(
        tree.at(&["ab"]).unwrap().written(),
        "1",
        "keys have escapes too"
    );
    assert_eq!(
        tree.at(&["d"]).unwrap().written(),
        "2",
        "the last of two counts"
    );
    assert_eq!(tree.root().unwrap().span(), source.whole());
}

#[test]
fn comments_and_trailing_commas_are_no_obstacle() {
    let text = "{\n// \"no\": \"no\"\n\"a\": /* \"no\" */ \"b\", \"l\": [1, 2 ,],\n}";
    check(text, &["a = b @ \"b\""]);
    let source = Source::detached(text);
    let (tree, problems) = parse(&source);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(tree.comments().len(), 2);
    let commas: Vec<&str> = tree
        .trailing_commas()
        .iter()
        .map(|span| source.slice(*span))
        .collect();
    assert_eq!(commas, [",", ","]);
    assert!(
        parse(&Source::detached("[1, 2]"))
            .0
            .trailing_commas()
            .is_empty()
    );
}

#[test]
fn escapes_are_resolved_and_map_back() {
    check(
        r#"["a\"b\u0041\n\ud83d\ude00\ud83d"]"#,
        &["0 = a\"bA\n😀\u{fffd} @ \"a\\\"b\\u0041\\n\\ud83d\\ude00\\ud83d\""],
    );
    let source = Source::detached(r#"["a\u0041b"]"#);
    let (tree, _) = parse(&source);
    let text = tree
        .root()
        .unwrap()
        .items()
        .next()
        .unwrap()
        .cooked()
        .unwrap();
    assert_eq!(source.slice(text.span_of(1..2)), "\\u0041");
    assert_eq!(source.slice(text.span_of(2..3)), "b");
}

#[test]
fn broken_text_is_read_as_far_as_it_goes() {
    check(r#"]}{"a": "b"#, &["a = b @ \"b"]);
    check(r#"{"a" "b" : "\"#, &["a = b @ \"b\"", "a = \\ @ \"\\"]);
    check(&format!("{}\"x\"", "[".repeat(100_000)), &[]);
    // A comma is missing: the next line is another pair all the same.
    check(
        "{\"a\": \"1\"\n \"b\": \"2\"}",
        &["a = 1 @ \"1\"", "b = 2 @ \"2\""],
    );
    // A bracket is missing: the outer one closes both.
    check(
        r#"{"a": ["x", "b": "y"}"#,
        &["a.0 = x @ \"x\"", "a.1 = b @ \"b\"", "a.2 = y @ \"y\""],
    );
    check(
        "{\"a\": \"x\n\"b\": \"y\"}",
        &["a = x @ \"x", "b = y @ \"y\""],
    );
}

#[test]
fn what_cannot_be_read_is_reported() {
    assert_eq!(
        problems(r#"{"a": "b"#),
        [
            "the line ends before the `\"` is closed @ \"b",
            "the file ends before the `{` is closed @ {",
        ]
    );
    assert_eq!(
        problems("{\"a\": yes}"),
        ["this is neither a value nor a key of JSON @ yes"]
    );
    assert_eq!(problems("[01, 1., +1]").len(), 3);
    assert_eq!(problems("{\"a\"}"), ["this key has no value @ \"a\""]);
    assert_eq!(problems("[1]]"), ["`]` closes nothing @ ]"]);
    assert_eq!(
        problems("1 2"),
        ["something follows the end of the value @ 2"]
    );
    assert!(problems(&"]".repeat(100_000)).len() <= 20);
    assert!(problems(&"[".repeat(100_000))[0].contains("nested deeper"));
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "([\\[\\]{},:\"\\\\/*0-9a-z é\u{a0}\\n.-]|true|\\\\u00e9|\"k\": ){0,60}") {
        let source = Source::detached(text.as_str());
        let (tree, problems) = parse(&source);
        prop_assert!(problems.iter().all(|problem| source.whole().contains(problem.span)));
        prop_assert!(tree.comments().iter().all(|span| source.whole().contains(*span)));
        let mut left: Vec<Node<'_>> = tree.root().into_iter().collect();
        while let Some(node) = left.pop() {
            prop_assert!(source.whole().contains(node.span()));
            prop_assert!(text.get(node.span().range()).is_some(), "on the edges of characters");
            if let Some(cooked) = node.cooked() {
                prop_assert!(node.span().contains(cooked.span_of(0..cooked.as_str().len())));
            }
            let inside: Vec<_> = node.items().chain(node.entries().flat_map(|entry| [entry.key, entry.value])).collect();
            left.extend(inside);
        }
    }

    #[test]
    fn what_serde_writes_is_read_the_same(keys in prop::collection::vec(("[a-z\"\\\\\\n/é]{0,6}", ".{0,8}"), 0..6)) {
        let value = serde_json::Value::Array(keys.iter().map(|(key, text)| serde_json::json!({ key: text })).collect());
        let source = Source::detached(serde_json::to_string_pretty(&value).unwrap());
        let (tree, problems) = parse(&source);
        prop_assert!(problems.is_empty(), "{problems:?}");
        for ((key, text), item) in keys.iter().zip(tree.root().unwrap().items()) {
            prop_assert_eq!(item.get(key).unwrap().as_str().unwrap(), text.as_str());
        }
    }
}
