use std::cell::Cell;

use super::*;
use crate::text::Source;

/// Expands a text where `SET` is `value` and `EMPTY` is empty.
fn expand(text: &str, unset: Unset) -> (String, usize) {
    let source = Source::detached(text);
    let variable = |value: &str| Variable {
        value: value.to_owned(),
        from: VariableSource::Environment,
        unset: Vec::new(),
    };
    let (set, empty) = (variable("value"), variable(""));
    let lookup = |name: &str| match name {
        "SET" => Some(&set),
        "EMPTY" => Some(&empty),
        _ => None,
    };
    let budget = Cell::new(TEXT_BUDGET);
    let expander = Expander {
        lookup: &lookup,
        unset,
        budget: &budget,
    };
    match expander.expand(&Cooked::verbatim(&source, source.whole())) {
        Some(expanded) => (expanded.text.as_str().to_owned(), expanded.problems.len()),
        None => (text.to_owned(), 0),
    }
}

#[test]
fn every_operator_does_what_it_says() {
    for (text, expanded) in [
        ("$SET ${SET}", "value value"),
        (
            "${EMPTY:-a} ${EMPTY-a} ${GONE:-a} ${GONE-a} ${SET:-a}",
            "a  a a value",
        ),
        (
            "${EMPTY:+a} ${EMPTY+a} ${GONE:+a} ${GONE+a} ${SET:+a}",
            " a   a",
        ),
        ("${SET:?m} ${EMPTY?m}", "value "),
        ("${GONE:-a:-b?c+d} ${GONE-b:-c}", "a:-b?c+d b:-c"),
        ("${GONE:-${SET}-${GONE:-x}}", "value-x"),
        (r#"${GONE:-{"k":"v"}} ${GONE:-a}b}"#, r#"{"k":"v"} ab}"#),
        ("${GONE:-}|$GONE|${GONE}", "||"),
        (
            "$$SET $$$SET 5$ a $ b $1 $(id)",
            "$SET $value 5$ a $ b $1 $(id)",
        ),
        ("$SET_x|$SET-x", "|value-x"),
    ] {
        assert_eq!(
            expand(text, Unset::Blank),
            (expanded.to_owned(), 0),
            "{text}"
        );
    }
}

#[test]
fn what_starts_like_an_expression_and_is_none_is_a_problem() {
    for text in [
        "${}",
        "${ X }",
        "${1A}",
        "${a.b}",
        "${X!y}",
        "${X:y}",
        "${X",
        "a ${GONE:-one\ntwo}",
    ] {
        assert_eq!(expand(text, Unset::Blank), (text.to_owned(), 1), "{text}");
    }
    assert_eq!(expand("${GONE:?}", Unset::Blank).1, 1);
}

#[test]
fn an_unknown_variable_stands_as_it_is_written() {
    for (text, expanded) in [
        ("a:${GONE}", "a:${GONE}"),
        (
            "$GONE/x ${GONE?m} ${GONE:-$OTHER}",
            "$GONE/x ${GONE?m} $OTHER",
        ),
        ("${GONE:+x}", ""),
    ] {
        assert_eq!(
            expand(text, Unset::Unknown),
            (expanded.to_owned(), 0),
            "{text}"
        );
    }
}

#[test]
fn deep_and_long_expressions_end() {
    for text in [
        "${A:-".repeat(100_000),
        "$".repeat(100_000),
        "${A".repeat(100_000),
        "${A:-".repeat(5_000) + &"}".repeat(5_000),
    ] {
        expand(&text, Unset::Unknown);
    }
}
