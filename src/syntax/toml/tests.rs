//! Texts of TOML, whole and broken.

use proptest::prelude::*;

use super::*;

#[test]
fn tables_in_every_form_are_one_kind_of_node() {
    let source = Source::detached(
        "\u{feff}a.b = 1\n[t]\nx = { y = \"z\" }\n[[list]]\nn = true\n[[list]]\nn = false\n[t.u]\nd = 1979-05-27\nf = 1.5\n",
    );
    let (tree, problems) = parse(&source);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(tree.at(&["a", "b"]).unwrap().as_integer(), Some(1));
    let text = tree.at(&["t", "x", "y"]).unwrap();
    assert_eq!(
        (text.as_str(), source.slice(text.span())),
        (Some("z"), "\"z\"")
    );
    let flags: Vec<_> = tree
        .at(&["list"])
        .unwrap()
        .items()
        .map(|item| item.get("n")?.as_bool())
        .collect();
    assert_eq!(flags, [Some(true), Some(false)]);
    assert_eq!(
        tree.at(&["t", "u", "d"]).unwrap().as_moment().unwrap(),
        "1979-05-27"
    );
    assert_eq!(tree.at(&["t", "u", "f"]).unwrap().as_float(), Some(1.5));
    let entry = tree.at(&["t"]).unwrap().entry("x").unwrap();
    assert_eq!(source.slice(entry.key_span), "x");
    let kinds: Vec<Kind> = tree
        .root()
        .unwrap()
        .entries()
        .map(|entry| entry.value.kind())
        .collect();
    assert_eq!(kinds, [Kind::Table, Kind::Table, Kind::Array]);
}

#[test]
fn a_faulty_line_does_not_hide_the_others() {
    let source = Source::detached("a = 1\nb = = 2\nc = 3\nd = \"x\ne = 5\n");
    let (tree, problems) = parse(&source);
    assert_eq!(problems.len(), 2, "{problems:?}");
    let keys: Vec<&str> = tree
        .root()
        .unwrap()
        .entries()
        .map(|entry| entry.key)
        .collect();
    assert_eq!(keys, ["a", "c", "e"]);
    let hopeless = Source::detached("= 1\n".repeat(100));
    assert!(parse(&hopeless).0.root().is_none());
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "([\\[\\]{}=,.\"'#0-9a-z é\\n\\\\-]|\\[a\\]\\n|k = ){0,60}") {
        let source = Source::detached(text.as_str());
        let (tree, problems) = parse(&source);
        prop_assert!(problems.iter().all(|problem| source.whole().contains(problem.span)));
        let mut left: Vec<Node<'_>> = tree.root().into_iter().collect();
        while let Some(node) = left.pop() {
            prop_assert!(source.whole().contains(node.span()));
            left.extend(node.items());
            for entry in node.entries() {
                prop_assert!(source.whole().contains(entry.key_span));
                left.push(entry.value);
            }
        }
    }
}
