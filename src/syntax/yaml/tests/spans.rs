//! Where everything is.

use proptest::prelude::*;

use super::*;

/// Every node of a tree, as kind and text of its span.
fn spans(text: &str) -> Vec<String> {
    let tree = tree(text);
    let nodes = (0..tree.len()).map(|index| tree.node(NodeId::new(index)));
    nodes
        .map(|node| tree.source().slice(node.span()).to_owned())
        .collect()
}

#[test]
fn a_scalar_spans_its_quotes_and_no_blanks() {
    assert_eq!(spans("a :  'b' # c"), ["a :  'b'", "a", "'b'"]);
    assert_eq!(
        spans("- \"x\"#c\n- y  \n"),
        ["- \"x\"#c\n- y", "\"x\"", "y"]
    );
}

#[test]
fn a_block_scalar_spans_its_header_and_its_last_line() {
    assert_eq!(
        spans("a: |  # c\n  b\n  c\n\nd: e\n")[2],
        "|  # c\n  b\n  c"
    );
    assert_eq!(spans("a: |+\n  b\n\nd: e\n")[2], "|+\n  b\n");
    assert_eq!(spans("a: |-\nd: e\n")[2], "|-");
}

#[test]
fn a_block_collection_ends_with_its_last_child() {
    assert_eq!(spans("a:\n  - b\n  - c  # d\n\ne: f\n")[2], "- b\n  - c");
    assert_eq!(spans("a:\n  b:\n")[2], "b:");
    assert_eq!(spans("a:\n  -\n")[2], "-");
}

#[test]
fn a_flow_collection_spans_its_brackets() {
    assert_eq!(
        spans("a: [b, {c: d}]"),
        [
            "a: [b, {c: d}]",
            "a",
            "[b, {c: d}]",
            "b",
            "{c: d}",
            "c",
            "d"
        ]
    );
    assert_eq!(spans("[a: b]"), ["[a: b]", "a: b", "a", "b"]);
}

#[test]
fn an_absent_value_is_empty_behind_its_indicator() {
    let at = |text: &str| tree(text).nodes.last().map(|node| (node.start, node.end));
    assert_eq!(at("a:  # c\n"), Some((2, 2)));
    assert_eq!(at("-  # c\n"), Some((1, 1)));
    assert_eq!(at("{a}"), Some((2, 2)));
    assert_eq!(at("{a: }"), Some((3, 3)));
    assert_eq!(at("a: !t  # c\n"), Some((5, 5)));
    assert_eq!(at("? a\n"), Some((3, 3)));
}

#[test]
fn tags_and_anchors_have_spans_of_their_own() {
    let tree = tree("a: !t &x\n  b: c\n");
    let node = tree.root().unwrap().get("a").unwrap();
    assert_eq!(
        node.tag().map(|(text, span)| (text, span.start)),
        Some(("!t", 3))
    );
    assert_eq!(
        node.anchor()
            .map(|(text, span)| (text, span.start, span.end)),
        Some(("x", 6, 8))
    );
    assert_eq!(tree.source().slice(node.full_span()), "!t &x\n  b: c");
    assert_eq!(tree.source().slice(node.span()), "b: c");
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    let tree = tree("\u{feff}a: b\nc: d\n");
    assert_eq!(shape(tree.root().unwrap()), "{a: b, c: d}");
    assert_eq!(tree.root().unwrap().span().start, 3);
}

/// Text with the characters that matter, in lines that often make sense.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-c]{1,2}: ",
        3 => "[a-c1]{1,2}",
        2 => Just("- ".to_owned()),
        2 => "\n {0,4}",
        1 => "[\\[\\]{},]",
        1 => prop_oneof![Just("\""), Just("'"), Just("|\n"), Just(">-\n"), Just("|+\n"), Just("|2\n"), Just("''"), Just("\\n"), Just("\\\n")].prop_map(str::to_owned),
        1 => prop_oneof![Just("&a "), Just("*a"), Just("!t "), Just("? "), Just(" # c"), Just("---\n"), Just("...\n"), Just("%TAG ! x\n"), Just("<<: ")].prop_map(str::to_owned),
        1 => prop_oneof![Just("\t"), Just("\r\n"), Just("\r"), Just("é"), Just("\u{85}"), Just("\u{2028}"), Just("\u{feff}"), Just("\0"), Just(" "), Just("\u{1F600}")].prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn check_spans(tree: &Tree) {
    let text = tree.source().text();
    for index in 0..tree.len() {
        let node = tree.node(NodeId::new(index));
        let span = node.full_span();
        assert!(text.get(span.range()).is_some(), "{text:?}: {span:?}");
        let mut end = node.span().start;
        for child in node.children() {
            assert_eq!(child.parent().map(Node::id), Some(node.id()));
            assert!(
                node.span().contains(child.full_span()),
                "{text:?}: {child:?} in {node:?}"
            );
            assert!(
                end <= child.full_span().start,
                "{text:?}: {child:?} overlaps its neighbour"
            );
            end = child.full_span().end;
        }
        node.scalar();
        assert_eq!(node.text(), node.cooked().as_str(), "{text:?}");
    }
    assert!(
        tree.comments()
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    assert!(
        tree.comments()
            .iter()
            .all(|span| tree.source().slice(*span).starts_with('#'))
    );
}

/// The part of the file that a scalar spans, as a file of its own.
fn alone(node: Node) -> String {
    let text = node.tree().source().slice(node.span());
    let after = &node.tree().source().text()[node.span().end as usize..];
    match node.style() {
        // A block's text lies deeper than what is around it, so it is put behind a key at the left.
        Style::Literal | Style::Folded => {
            let key = if node.parent().is_some() { "k: " } else { "" };
            let end = after
                .find(|char| !matches!(char, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
                .unwrap_or(after.len());
            let first = after[..end]
                .chars()
                .next()
                .map(String::from)
                .unwrap_or_default();
            format!("{key}{text}{first}")
        }
        _ => format!("[ {text} ]"),
    }
}

fn has_indicator(node: Node) -> bool {
    let text = node.tree().source().slice(node.span());
    text.bytes()
        .skip(1)
        .take(2)
        .any(|byte| byte.is_ascii_digit())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_all_spans_lie_in_each_other(text in prop_oneof![yaml_like(), "\\PC{0,60}"]) {
        let (tree, diagnostics) = read(&text);
        check_spans(&tree);
        for found in &diagnostics {
            prop_assert!(text.get(found.span.range()).is_some());
            prop_assert!(found.labels.iter().all(|label| text.get(label.span.range()).is_some()));
        }
    }

    #[test]
    fn the_part_that_a_scalar_spans_means_the_same_alone(text in yaml_like()) {
        let (tree, diagnostics) = read(&text);
        if !diagnostics.is_empty() {
            return Ok(());
        }
        let nodes = (0..tree.len()).map(|index| tree.node(NodeId::new(index)));
        for node in nodes.filter(|node| node.kind() == Kind::Scalar && !node.span().is_empty() && !has_indicator(*node)) {
            // A plain text of a block may hold what ends one in brackets.
            let is_block = node.style() == Style::Plain && tree.source().slice(node.span()).contains([',', '[', ']', '{', '}', '?', ':']);
            if is_block {
                continue;
            }
            let (again, _) = read(&alone(node));
            let again = again.root().map(|root| root.children().last().unwrap_or(root)).map(|node| node.text().into_owned());
            prop_assert_eq!(again.as_deref(), Some(&*node.text()), "{:?} alone: {:?}", node, alone(node));
        }
    }
}
