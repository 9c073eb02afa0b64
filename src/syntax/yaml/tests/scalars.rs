//! What a scalar means: its text, its map to the source, its type.

use super::*;

/// The value of the only key of a mapping.
fn value(text: &str) -> (Tree, NodeId) {
    let tree = tree(text);
    let id = tree
        .root()
        .and_then(|root| root.entries().next())
        .unwrap()
        .value
        .id();
    (tree, id)
}

fn check_text(text: &str, expected: &str) {
    let (tree, id) = value(text);
    assert_eq!(tree.node(id).text(), expected, "{text:?}");
    assert_eq!(tree.node(id).cooked().as_str(), expected, "cooked {text:?}");
}

fn check_type(text: &str, expected: Scalar) {
    let (tree, id) = value(&format!("a: {text}\n"));
    assert_eq!(tree.node(id).scalar(), Some(expected), "{text:?}");
}

fn string(text: &str) -> Scalar<'_> {
    Scalar::String(Cow::Borrowed(text))
}

#[test]
fn text_that_stands_as_it_is_meant_is_borrowed() {
    for text in ["a: b c", "a: 'b c'", "a: \"b c\"", "a: "] {
        let (tree, id) = value(text);
        assert!(matches!(tree.node(id).text(), Cow::Borrowed(_)), "{text:?}");
    }
}

#[test]
fn lines_of_plain_and_quoted_text_are_folded() {
    check_text("a: b\n  c\n\n\n  d", "b c\n\nd");
    check_text("a: 'b  \n  c\n\n  d '", "b c\nd ");
    check_text("a: \"b\r\n  c\r\n\r\n  d\"", "b c\nd");
    check_text("a: \" b\n\"", " b ");
    check_text("a: \"b\nc\"", "b c");
}

#[test]
fn quotes_have_escapes_of_their_own() {
    check_text("a: 'it''s \\n'", "it's \\n");
    check_text(
        r#"a: "\0\a\b\t\n\v\f\r\e\"\\\'\N\_\L\P \x41\u263a\U0001F600""#,
        "\0\x07\x08\t\n\x0B\x0C\r\x1B\"\\'\u{85}\u{A0}\u{2028}\u{2029} A\u{263a}\u{1F600}",
    );
    check_text("a: \"b \\\n   c\\\n\n  \\  d\"", "b c\n  d");
}

#[test]
fn literal_blocks_keep_their_lines() {
    check_text("a: |\n  b\n    c\n\n  d\n", "b\n  c\n\nd\n");
    check_text("a: |\r\n  b\r\n  c\r\n", "b\nc\n");
    check_text("a: |\n\n  b", "\nb");
    check_text("a: |\nb: c", "");
}

#[test]
fn chomping_decides_about_the_end_of_a_block() {
    check_text("a: |-\n  b\n\n\nc: d", "b");
    check_text("a: |\n  b\n\n\nc: d", "b\n");
    check_text("a: |+\n  b\n\n\nc: d", "b\n\n\n");
    check_text("a: |+\n\n\nc: d", "\n\n");
    check_text("a: |\n\n\nc: d", "");
    check_text("a: |-\n  b", "b");
    check_text("a: |+\n  b", "b");
}

#[test]
fn an_indentation_indicator_leaves_spaces_to_the_text() {
    check_text("a: |2\n    b\n   c\n", "  b\n c\n");
    check_text("a: |-1\n  b\n", " b");
    let tree = tree("x:\n  - a: >2-\n         b\n");
    let item = tree
        .root()
        .and_then(|root| root.get("x")?.items().next())
        .unwrap();
    assert_eq!(item.get("a").unwrap().text(), "   b");
}

#[test]
fn folded_blocks_join_lines_that_are_not_indented_deeper() {
    check_text("a: >\n  b\n  c\n\n  d\n    e\n  f\n", "b c\nd\n  e\nf\n");
    check_text("a: >\n\n  b\n  c\n\n\n", "\nb c\n");
    check_text("a: >-\n  b\n   \n  c\n", "b\n \nc");
}

#[test]
fn every_part_of_a_text_knows_where_it_was_written() {
    let (tree, id) = value("a: \"one\\ttwo\n  three\"\n");
    let cooked = tree.node(id).cooked();
    assert_eq!(cooked.as_str(), "one\ttwo three");
    let source = |range| tree.source().slice(cooked.span_of(range)).to_owned();
    assert_eq!(source(3..4), "\\t");
    assert_eq!(source(4..7), "two");
    assert_eq!(source(8..13), "three");
    assert_eq!(source(1..5), "ne\\tt");
    assert!(!cooked.is_verbatim());
}

#[test]
fn every_line_of_a_block_knows_where_it_was_written() {
    for text in ["a: |\n  one\n  two\n", "a: >-\r\n    one\r\n    two\r\n"] {
        let (tree, id) = value(text);
        let cooked = tree.node(id).cooked();
        let at = cooked.as_str().find("two").unwrap();
        assert_eq!(
            tree.source().slice(cooked.span_of(at..at + 3)),
            "two",
            "{text:?}"
        );
    }
}

#[test]
fn nulls_and_booleans_are_few() {
    for text in ["", "~", "null", "Null", "NULL", "!!null ''"] {
        check_type(text, Scalar::Null);
    }
    for text in ["true", "True", "TRUE", "!!bool 'true'"] {
        check_type(text, Scalar::Bool(true));
    }
    for text in ["yes", "no", "on", "off", "y", "n", "tRUE", "nULL"] {
        check_type(text, string(text));
    }
}

#[test]
fn integers_have_four_radixes_and_underscores() {
    for (text, value) in [
        ("12", 12),
        ("-3", -3),
        ("+7", 7),
        ("0", 0),
        ("0x1F", 31),
        ("+0x1F", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("017", 15),
        ("1_000", 1000),
        ("1_", 1),
        ("0o_7", 7),
        ("-0x10", -16),
    ] {
        check_type(text, Scalar::Int(value));
    }
    check_type("18446744073709551615", Scalar::Int(u64::MAX.into()));
    check_type(
        "18446744073709551616",
        Scalar::Float(18446744073709551616.0),
    );
    for text in [
        "0xZZ", "0b2", "0o8", "0x", "+", "--1", "0x-1", "1:20:30", "22:22",
    ] {
        check_type(text, string(text));
    }
}

#[test]
fn floats_are_decimal() {
    for (text, value) in [
        ("1.10", 1.1),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("+1.0", 1.0),
        ("1_0.5", 10.5),
        ("09", 9.0),
        (".5_0", 0.5),
        ("+.5", 0.5),
        ("-.inf", f64::NEG_INFINITY),
    ] {
        check_type(text, Scalar::Float(value));
    }
    assert!(
        matches!(value("a: -0").0.root().unwrap().get("a").unwrap().scalar(), Some(Scalar::Float(zero)) if zero.is_sign_negative())
    );
    for text in [
        "1.2.3", "1e", ".", "1e400", "._5", "e3", "inf", "nan", ".e3",
    ] {
        check_type(text, string(text));
    }
}

#[test]
fn dates_become_times_as_go_prints_them() {
    for (text, printed) in [
        ("2024-02-29", "2024-02-29 00:00:00 +0000 UTC"),
        ("2024-1-1", "2024-01-01 00:00:00 +0000 UTC"),
        ("2024-02-29 10:20:30", "2024-02-29 10:20:30 +0000 UTC"),
        ("2024-01-01 1:2:3.50", "2024-01-01 01:02:03.5 +0000 UTC"),
        ("2024-02-29T01:02:03,5Z", "2024-02-29 01:02:03.5 +0000 UTC"),
        ("2024-02-29t1:2:3+02:00", "2024-02-29 01:02:03 +0200 +0200"),
        ("2024-01-01T01:02:03+00:00", "2024-01-01 01:02:03 +0000 UTC"),
    ] {
        check_type(text, Scalar::Timestamp(printed.to_owned()));
    }
    for text in [
        "2024-02-30",
        "2024-13-01",
        "2024-01",
        "24-01-01",
        "2024-01-01 10:00:00 +0100",
        "2024-01-01T10:00:00",
        "2024-01-01 25:00:00",
    ] {
        check_type(text, string(text));
    }
    check_type("'2024-02-29'", string("2024-02-29"));
}

#[test]
fn tags_decide_over_what_the_text_looks_like() {
    check_type("!!str 12", string("12"));
    check_type("! 12", string("12"));
    check_type("!foo 12", string("12"));
    check_type("!!int '12'", Scalar::Int(12));
    check_type("!!float 3", Scalar::Float(3.0));
    check_type("!<tag:yaml.org,2002:int> 3", Scalar::Int(3));
    check_type("!!binary aGk=", string("hi"));
    check_type("'12'", string("12"));
}

#[test]
fn a_text_that_its_tag_does_not_fit_is_reported() {
    for text in [
        "!!bool yes",
        "!!int x",
        "!!float x",
        "!!null x",
        "!!binary '*'",
        "!!timestamp x",
    ] {
        let (_, diagnostics) = read(&format!("a: {text}"));
        assert_eq!(diagnostics.len(), 1, "{text}");
    }
}

#[test]
fn only_a_plain_pair_of_arrows_merges() {
    let tree = tree("a: &a {}\nb: {<<: *a}\nc: {'<<': x}\n");
    let key = |name| {
        tree.root()
            .and_then(|root| root.get(name)?.entries().next())
            .unwrap()
            .key
    };
    assert!(key("b").is_merge_key() && !key("c").is_merge_key());
}
