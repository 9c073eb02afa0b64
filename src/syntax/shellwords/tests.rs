//! Command strings, and the words that Docker Compose makes of them. Every row was asked of Docker
//! Compose.

use proptest::prelude::*;

use super::*;
use crate::text::Source;

fn read(text: &str) -> Result<Split, InvalidCommandLine> {
    let source = Source::detached(text);
    split(&Cooked::verbatim(&source, source.whole()))
}

fn check(text: &str, expected: &[&str]) {
    let words: Vec<String> = read(text)
        .unwrap()
        .words
        .iter()
        .map(|word| word.text.as_str().to_owned())
        .collect();
    assert_eq!(words, expected, "{text:?}");
}

#[test]
fn blanks_separate_words_and_quotes_join_them() {
    check("", &[]);
    check("  a   b  ", &["a", "b"]);
    check("a\tb\r\nc", &["a", "b", "c"]);
    check("a \"\" b ''", &["a", "", "b", ""]);
    check(
        "var --bar=\"baz\" \"--bar='baz'\"",
        &["var", "--bar=baz", "--bar='baz'"],
    );
    check(
        "sh -c 'echo \"a b\" c' d\\ e \"f g\"",
        &["sh", "-c", "echo \"a b\" c", "d e", "f g"],
    );
    check("a=\"b c\"d e", &["a=b cd", "e"]);
    check("a # not a comment", &["a", "#", "not", "a", "comment"]);
}

#[test]
fn a_backslash_takes_the_next_character() {
    check("a\\nb \"c\\td\" 'e\\nf'", &["a\nb", "c\td", "e\\nf"]);
    check("foo bar\\  ", &["foo", "bar "]);
    check(
        "foo \\& \\\\ var --bar='\\'",
        &["foo", "&", "\\", "var", "--bar=\\"],
    );
    check("\"--bar=\\\"baz'\"", &["--bar=\"baz'"]);
    check("a \\\n b", &["a", "\n", "b"]);
    check("\\x \"\\x\"", &["x", "x"]);
}

#[test]
fn substitutions_stay_as_text() {
    check("a $(b; c) d", &["a", "$(b; c)", "d"]);
    check("a `b c` d", &["a", "`b c`", "d"]);
    check("a \"$(b)\" '`' \"(\"", &["a", "$(b)", "`", "("]);
    check(
        "a `b | \"c ' d\"` $('\"|)",
        &["a", "`b | \"c ' d\"`", "$('\"|)"],
    );
    check(
        "a `\\t\\`` $(a\\)b) $(`)",
        &["a", "`\\t\\``", "$(a\\)b)", "$(`)"],
    );
    check("a \"$\"(x) \\$(y)z", &["a", "$(x)", "$(y)z"]);
}

#[test]
fn an_operator_drops_the_rest() {
    for (text, words, dropped) in [
        (
            "make build && make run",
            &["make", "build"][..],
            "&& make run",
        ),
        ("a b; c", &["a", "b"], "; c"),
        ("a b | c", &["a", "b"], "| c"),
        ("a b > out", &["a", "b"], "> out"),
        ("a b 2>err", &["a", "b"], "2>err"),
        ("a b2>err", &["a", "b2"], ">err"),
        ("a 8b>err", &["a", "8b"], ">err"),
        ("a ''2\"3\">err", &["a"], "''2\"3\">err"),
        ("a 2'>'e 2<f", &["a", "2>e", "2"], "<f"),
        ("a < in", &["a"], "< in"),
        ("a \"\"&", &["a", ""], "&"),
        ("a b | 'unbalanced", &["a", "b"], "| 'unbalanced"),
    ] {
        check(text, words);
        let source = Source::detached(text);
        assert_eq!(
            read(text)
                .unwrap()
                .dropped
                .map(|span| source.slice(span).to_owned())
                .as_deref(),
            Some(dropped),
            "{text:?}"
        );
    }
    check("a 'b;c' \"d|e\" f\\;g", &["a", "b;c", "d|e", "f;g"]);
    assert_eq!(read("a 'b;c'").unwrap().dropped, None);
}

#[test]
fn what_is_not_balanced_is_refused() {
    for (text, at) in [
        ("echo 'oops", 5),
        ("foo \"", 4),
        ("foo `", 4),
        ("echo (x)", 5),
        ("a $(b", 3),
        ("a $(b(c))", 5),
        ("a \\", 2),
        ("a )", 2),
        ("a $ (x)", 4),
        ("a `b\\`c", 2),
    ] {
        assert_eq!(read(text).unwrap_err().0.start, at, "{text:?}");
    }
}

#[test]
fn a_word_knows_its_bytes() {
    let source = Source::detached("a 'b c'\\nd; e");
    let split = split(&Cooked::verbatim(&source, source.whole())).unwrap();
    let word = &split.words[1];
    assert_eq!(source.slice(word.span), "'b c'\\nd");
    assert_eq!(source.slice(word.text.span_of(2..3)), "c");
    assert_eq!(source.slice(word.text.span_of(3..4)), "\\n");
    assert!(word.quoted && word.literal && !split.words[0].quoted);
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "[a$\"'`\\\\(){};&|<>2é \\n]{0,40}") {
        let source = Source::detached(text.as_str());
        match read(&text) {
            Err(InvalidCommandLine(span)) => prop_assert!(source.whole().contains(span)),
            Ok(split) => for word in split.words {
                prop_assert!(source.whole().contains(word.span) && text.get(word.span.range()).is_some());
            }
        }
    }
}
