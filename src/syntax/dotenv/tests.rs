//! Env files, and what Docker Compose reads in them. Every row was asked of Docker Compose.

use proptest::prelude::*;

use super::*;

/// `KEY=value` with `…` for a value in which nothing is expanded; a bare key alone; `!` and its
/// message for a line that is refused.
fn show(text: &str, format: Format) -> Vec<String> {
    let source = Source::detached(text);
    let (entries, diagnostics) = parse(&source, format);
    let entries = entries.into_iter().map(|entry| match entry.value {
        None => entry.key,
        Some(value) if value.expand => format!("{}={}", entry.key, value.text.as_str()),
        Some(value) => format!("{}=…{}", entry.key, value.text.as_str()),
    });
    entries
        .chain(
            diagnostics
                .into_iter()
                .map(|diagnostic| format!("!{}", diagnostic.message)),
        )
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(show(text, Format::Standard), expected, "{text:?}");
}

#[test]
fn keys_end_at_an_equals_sign_or_a_colon() {
    check(
        "A=1\nexport B=2\nC: 3\nD =4\n",
        &["A=1", "B=2", "C=3", "D=4"],
    );
    check(
        "1A=1\né=2\nA[0].b-c=3\nA\tB=4\n",
        &["1A=1", "é=2", "A[0].b-c=3", "A\tB=4"],
    );
    check("\u{feff}A=1\r\nB=\"2\"\r\n", &["A=1", "B=2"]);
    check("=x\nA==1\nB=b=c\n", &["=x", "A==1", "B=b=c"]);
}

#[test]
fn a_bare_key_has_no_value() {
    check("A\nexport B\nexport\nC=1\n", &["A", "B", "C=1"]);
}

#[test]
fn a_last_line_without_its_end_is_a_value_without_a_name() {
    check("A=1\nB", &["A=1", "=B"]);
    check("A=1\nexport B", &["A=1", "=B"]);
}

#[test]
fn comments_need_a_blank_before_them() {
    check(
        "# A=1\n  # B\nC=a#b\nD=a #b\nE=\"a\" # c\nF=#x\nG= #x\n",
        &["C=a#b", "D=a", "E=a", "F=#x", "G=#x"],
    );
}

#[test]
fn unquoted_values_stand_as_they_are() {
    check(
        "A= b c \nB=b\\nc\nC=it's\nD=\n E=1\n",
        &["A=b c", "B=b\\nc", "C=it's", "D=", "E=1"],
    );
}

#[test]
fn double_quotes_know_escapes() {
    check(r#"A="a\tb\"\\n""#, &["A=a\tb\"\\n"]);
    check(
        r#"A="\0101\07\0999\0777\0377\c\x\$B$$""#,
        &["A=A\\7\\999\\777ÿ\\c\\x$$B$$"],
    );
    check("A=\"a\nb\"\nC=d\n", &["A=a\nb", "C=d"]);
}

#[test]
fn single_quotes_keep_everything_but_their_own_escape() {
    check("A='it\\'s\\n$B\n\\\\'\n", &["A=…it's\\n$B\n\\\\"]);
}

#[test]
fn text_behind_a_closing_quote_is_the_next_statement() {
    check("A=\"a\"b\n", &["A=a", "b"]);
    check(
        "A='x' 'y'\nB=1\n",
        &[
            "A=…x",
            "B=1",
            "!`\\'` may not stand in the name of a variable",
        ],
    );
}

#[test]
fn a_line_that_cannot_be_read_is_reported_and_left_out() {
    check(
        "A B=1\nFO%O=1\nOK=1\nC=\"x\nD=1\nexport ",
        &[
            "OK=1",
            "D=1",
            "!the variable name `A B` holds a blank",
            "!`%` may not stand in the name of a variable",
            "!this quote is never closed",
            "!`export` names no variable",
        ],
    );
}

#[test]
fn raw_values_are_taken_as_they_are() {
    assert_eq!(
        show(
            "\u{feff}A= 'b' #c \r\n# x\n\n  B=$C\nD\n=1\nE F=1",
            Format::Raw
        ),
        [
            "A=… 'b' #c ",
            "B=…$C",
            "D",
            "!no variable name stands before `=`",
            "!the variable name `E F` holds a blank"
        ]
    );
}

#[test]
fn values_know_their_bytes() {
    let source = Source::detached("A=\"x\\ty\"");
    let value = parse(&source, Format::Standard).0.remove(0).value.unwrap();
    assert_eq!(source.slice(value.text.span()), "\"x\\ty\"");
    assert_eq!(source.slice(value.text.span_of(1..2)), "\\t");
    assert_eq!(source.slice(value.text.span_of(2..3)), "y");
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "([A-B=:'\"\\\\#0-9 é%\u{a0}\\n\\r\\t$]|export){0,40}") {
        let source = Source::detached(text.as_str());
        for format in [Format::Standard, Format::Raw] {
            let (entries, diagnostics) = parse(&source, format);
            for entry in entries {
                prop_assert!(source.whole().contains(entry.key_span));
                prop_assert!(entry.value.is_none_or(|value| source.whole().contains(value.text.span())));
            }
            prop_assert!(diagnostics.iter().all(|diagnostic| source.whole().contains(diagnostic.span)));
        }
    }
}
