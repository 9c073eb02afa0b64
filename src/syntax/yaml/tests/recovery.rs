//! What can still be read of a broken file, and what is said of it.

use super::*;

/// The tree that is left, and the lines and messages of what is reported.
fn check_broken(text: &str, expected: &str, messages: &[(u32, &str)]) {
    let (tree, diagnostics) = read(text);
    assert_eq!(
        tree.documents()
            .map(shape)
            .collect::<Vec<_>>()
            .join(" --- "),
        expected,
        "{text}"
    );
    let found: Vec<_> = diagnostics
        .iter()
        .map(|found| {
            (
                tree.source().lines().line(found.span.start) + 1,
                found.message.as_str(),
            )
        })
        .collect();
    assert_eq!(found.len(), messages.len(), "{found:#?}");
    for ((line, message), (expected_line, part)) in found.iter().zip(messages) {
        assert!(
            line == expected_line && message.contains(part),
            "{found:#?}"
        );
    }
}

#[test]
fn a_key_being_typed_hides_nothing_else() {
    check_broken(
        "a:\n  b: 1\n  im\n  c: 2\nd: 3\n",
        "{a: {b: 1, c: 2}, d: 3}",
        &[(3, "`im` is not followed by a `:`")],
    );
}

#[test]
fn an_open_bracket_costs_its_line() {
    check_broken(
        "a:\n  b: [x, y\n  c: 2\nd: 3\n",
        "{a: {c: 2}, d: 3}",
        &[(3, "`,` or `]` is missing")],
    );
}

#[test]
fn an_open_quote_costs_its_line_wherever_it_is_noticed() {
    check_broken(
        "a: 1\nb: \"x\nc: 2\n",
        "{a: 1, c: 2}",
        &[(2, "never closed")],
    );
    check_broken(
        "a: 1\nb: \"x\nc: 2\nd: \"y\"\ne: 3\n",
        "{a: 1, c: 2, d: \"y\", e: 3}",
        &[(4, "is too much here")],
    );
    check_broken(
        "a: 1\nb: 'x\nc: 2\nd: 'y'\ne: 'z'\n",
        "{a: 1, c: 2, d: \"y\", e: \"z\"}",
        &[(4, "is too much here")],
    );
}

#[test]
fn every_line_indented_with_a_tab_is_reported() {
    check_broken(
        "a:\n  b: 1\n\tc: 2\n\td: 3\ne: 4\n",
        "{a: {b: 1}, e: 4}",
        &[(3, "a tab"), (4, "a tab")],
    );
}

#[test]
fn a_line_with_wrong_indentation_costs_itself() {
    check_broken(
        "a:\n  b:\n    c: 1\n   d: 2\n    e: 3\n",
        "{a: {b: {c: 1, e: 3}}}",
        &[(4, "its indentation fits nothing")],
    );
}

#[test]
fn errors_far_apart_are_all_reported() {
    check_broken(
        "a: b: c\nd: 1\ne: @f\ng: 2\nh: \"\\d\"\ni: 3\n",
        "{d: 1, g: 2, i: 3}",
        &[
            (1, "is not allowed here"),
            (3, "cannot begin with `@`"),
            (5, "`\\d` is no escape"),
        ],
    );
}

#[test]
fn a_blank_line_brings_no_errors_of_its_own() {
    // Without its parents, `image` would be given twice.
    check_broken(
        "services:\n\ta:\n    image: x\n\tb:\n    image: y\n",
        "{services: {image: x, image: y}}",
        &[(2, "a tab"), (4, "a tab")],
    );
    // And the anchor is not unknown: it stands on a line that could not be read.
    check_broken("\ta: &x 1\nb: *x\n", "{b: *x}", &[(1, "a tab")]);
}

#[test]
fn control_characters_are_reported_and_passed_over() {
    check_broken(
        "a: \"x\u{1}y\" # \u{7}\nb: 1\n",
        "{a: \"x\\u{1}y\", b: 1}",
        &[(1, "U+0001"), (1, "U+0007")],
    );
}

#[test]
fn no_more_than_a_few_lines_are_given_up() {
    let (_, diagnostics) = read(&"a: @\n".repeat(30));
    assert_eq!(diagnostics.len(), 9);
}
