use super::*;
use crate::diagnostic::Diagnostic;

mod agreement;
mod differential;
mod hostile;
mod recovery;
mod scalars;
mod spans;

/// Reads a text that has no fault.
fn tree(text: &str) -> Tree {
    let (tree, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{text:?}: {diagnostics:#?}");
    tree
}

fn read(text: &str) -> (Tree, Vec<Diagnostic>) {
    parse(&Source::detached(text))
}

/// The tree in short: `{key: value}`, `[item]`, text in quotes, `*alias`.
fn shape(node: Node) -> String {
    let properties = [
        node.anchor().map(|(name, _)| format!("&{name} ")),
        node.tag().map(|(tag, _)| format!("{tag} ")),
    ];
    let properties: String = properties.into_iter().flatten().collect();
    let value = match node.kind() {
        Kind::Scalar if node.style() == Style::Plain => node.text().into_owned(),
        Kind::Scalar => format!("{:?}", node.text()),
        Kind::Alias => node.tree().source().slice(node.span()).to_owned(),
        Kind::Sequence => format!(
            "[{}]",
            node.items().map(shape).collect::<Vec<_>>().join(", ")
        ),
        Kind::Mapping => {
            let pair = |entry: Entry| format!("{}: {}", shape(entry.key), shape(entry.value));
            format!(
                "{{{}}}",
                node.entries().map(pair).collect::<Vec<_>>().join(", ")
            )
        }
    };
    properties + &value
}

fn check(text: &str, expected: &str) {
    let tree = tree(text);
    let documents: Vec<String> = tree.documents().map(shape).collect();
    assert_eq!(documents.join(" --- "), expected, "{text:?}");
}

#[test]
fn block_collections_nest_by_indentation() {
    check(
        "a:\n  b: 1\n  c:\n    - x\n    - y: 1\n      z: 2\nd: e",
        "{a: {b: 1, c: [x, {y: 1, z: 2}]}, d: e}",
    );
}

#[test]
fn a_list_needs_no_indentation_under_its_key() {
    check("a:\n- x\n-\n- - y\n  - z\nb: c", "{a: [x, , [y, z]], b: c}");
}

#[test]
fn flow_collections_hold_pairs_and_bare_keys() {
    check(
        "[a, {b: c, d, e: }, f: g, \"h\":i, ]",
        "[a, {b: c, d: , e: }, {f: g}, {\"h\": i}]",
    );
}

#[test]
fn an_absent_value_is_an_empty_scalar() {
    check("a:\nb:\n  c:\n", "{a: , b: {c: }}");
}

#[test]
fn complex_keys_and_values_have_their_own_indicators() {
    check("? a\n: - b\n? c\n", "{a: [b], c: }");
}

#[test]
fn documents_are_kept_apart_and_comments_alone_are_none() {
    check("a: 1\n---\nb: 2\n...\n# c\n---\n", "{a: 1} --- {b: 2} --- ");
    check("# nothing here\n", "");
    check("", "");
}

#[test]
fn tags_and_anchors_come_in_any_order() {
    check(
        "a: &x !t b\nc: !t &x d\ne: !reset\nf: &y\ng: !override\n  - h",
        "{a: &x !t b, c: &x !t d, e: !reset , f: &y , g: !override [h]}",
    );
}

#[test]
fn an_anchor_belongs_to_the_key_or_the_mapping_as_it_is_written() {
    check("&k a: 1", "{&k a: 1}");
    check("&m\na: 1", "&m {a: 1}");
}

#[test]
fn an_alias_stands_for_the_last_anchor_before_it_in_any_document() {
    let tree = tree("a: &x 1\nb: *x\nc: &x 2\n---\nd: *x\n");
    let values: Vec<_> = tree
        .documents()
        .flat_map(|root| root.entries().filter_map(|entry| entry.value.resolve()))
        .collect();
    assert_eq!(
        values.iter().map(|node| node.text()).collect::<Vec<_>>(),
        ["1", "1", "2", "2"]
    );
}

#[test]
fn mappings_keep_their_duplicate_keys() {
    let (tree, diagnostics) = read("a: 1\nb: 2\na: 3\n");
    assert_eq!(tree.root().map(shape).unwrap(), "{a: 1, b: 2, a: 3}");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(tree.source().slice(diagnostics[0].labels[0].span), "a");
    assert_eq!(
        (
            diagnostics[0].labels[0].span.start,
            diagnostics[0].span.start
        ),
        (0, 10)
    );
}

#[test]
fn every_comment_is_kept() {
    let text =
        "# one\na: b # two\nc: |  # three\n  # text\n\nd: [ # four\n  e] #five\nf: a#b '#'\n";
    let tree = tree(text);
    let comments: Vec<_> = tree
        .comments()
        .iter()
        .map(|span| tree.source().slice(*span))
        .collect();
    assert_eq!(comments, ["# one", "# two", "# three", "# four", "#five"]);
}

#[test]
fn entries_are_found_by_their_key() {
    let tree = tree("services:\n  web: {image: nginx, 'ports': [80]}\n");
    let web = tree
        .root()
        .and_then(|root| root.get("services")?.get("web"))
        .unwrap();
    assert_eq!(web.get("image").unwrap().text(), "nginx");
    assert_eq!(shape(web.get("ports").unwrap()), "[80]");
    assert!(web.get("build").is_none());
    let image = web.get("image").unwrap();
    assert_eq!(tree.node_at(image.span().start).unwrap().id(), image.id());
}
