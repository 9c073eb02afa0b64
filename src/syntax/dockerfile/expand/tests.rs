//! The forms of variables; what BuildKit's lexer makes of each row was compared with the lexer
//! itself.

use super::*;

const VARIABLES: [(&str, &str); 8] = [
    ("B", "banana"),
    ("E", ""),
    ("V", "v1.2.3"),
    ("L", "a\nb"),
    ("S", "foo bar  baz"),
    ("P", "a*b?c\\d"),
    ("K", "한국어"),
    ("X", "/usr/local/bin"),
];

/// A is unset, U is unknown.
fn lookup(name: &str) -> Lookup {
    match VARIABLES.iter().find(|(known, _)| *known == name) {
        Some((_, value)) => Lookup::Set((*value).to_owned()),
        None if name == "U" => Lookup::Unknown,
        None => Lookup::Unset,
    }
}

fn word(text: &str, escape: char) -> Option<String> {
    expand(text, escape, &lookup).ok()?.text
}

#[test]
fn every_form_of_a_variable_is_resolved() {
    for (text, expected) in [
        ("a", Some("a")),
        ("$A", Some("")),
        ("x$B-y", Some("xbanana-y")),
        ("${B}s", Some("bananas")),
        ("\\$B", Some("$B")),
        ("'$B'", Some("$B")),
        ("\"$B c\"", Some("banana c")),
        ("\"a\\\"b\"", Some("a\"b")),
        ("${A:-x}", Some("x")),
        ("${E:-x}", Some("x")),
        ("${E-x}", Some("")),
        ("${A:-${B}}", Some("banana")),
        ("${B:+x}", Some("x")),
        ("${E:+x}", Some("")),
        ("${E+x}", Some("x")),
        ("${A+x}", Some("")),
        ("${B:?no}", Some("banana")),
        ("${A:?no}", None),
        ("${V#v}", Some("1.2.3")),
        ("${V#*.}", Some("2.3")),
        ("${V##*.}", Some("3")),
        ("${V%.*}", Some("v1.2")),
        ("${V%%.*}", Some("v1")),
        ("${B/an/X}", Some("bXana")),
        ("${B//an/X}", Some("bXXa")),
        ("${B/a*a/X}", Some("bX")),
        ("$U", None),
        ("${U:-x}", Some("x")),
        ("${U:+x}", None),
        ("${B", None),
        ("${}", None),
        ("${B^^}", None),
        ("'a", None),
        ("$", Some("$")),
        ("${A=x}", None),
        ("${A:=x}", None),
        ("${V:#v}", None),
        ("${U=x}", None),
        ("${U:?no}", None),
        ("$1$@$#", Some("")),
        ("${10}x", Some("x")),
        ("$$", Some("")),
        ("a$", Some("a$")),
        ("${K%어}", Some("한국")),
        ("\\", Some("")),
        ("\"a\\b\"", Some("a\\b")),
    ] {
        assert_eq!(word(text, '\\').as_deref(), expected, "{text}");
    }
}

#[test]
fn patterns_are_those_of_the_shell_without_brackets() {
    for (text, expected) in [
        ("${V#v*.}", Some("2.3")),
        ("${V##v*.}", Some("3")),
        ("${V%.*}", Some("v1.2")),
        ("${V%%.*}", Some("v1")),
        ("${V#[v]}", Some("v1.2.3")),
        ("${V#?}", Some("1.2.3")),
        ("${P#a\\*}", Some("b?c\\d")),
        ("${P%\\?c*}", Some("a*b")),
        ("${P#a\\b}", None),
        ("${X//\\//:}", Some(":usr:local:bin")),
        ("${X/*l/L}", Some("L/bin")),
        ("${B//*/x}", Some("x")),
        ("${B//n/}", Some("baaa")),
        ("${B//q/x}", Some("banana")),
        ("${B//}", None),
        ("${L/?b/x}", Some("a\nb")),
        ("${L//*/x}", Some("x\nx")),
    ] {
        assert_eq!(word(text, '\\').as_deref(), expected, "{text}");
    }
}

#[test]
fn a_dollar_in_the_replacement_of_all_matches_is_a_template() {
    // The lexer puts variables in first; what it leaves of `$` is read as Go reads a template.
    assert_eq!(word("${B//a/\\$0}", '\\').as_deref(), Some("b\\an\\an\\a"));
    assert_eq!(word("${B/a/\\$0}", '\\').as_deref(), Some("b\\$0nana"));
}

#[test]
fn the_escape_character_is_that_of_the_file() {
    assert_eq!(word("`$B c:\\x", '`').as_deref(), Some("$B c:\\x"));
    assert_eq!(word("\"`\"\"", '`').as_deref(), Some("\""));
    assert_eq!(word("\"a``b\"", '`').as_deref(), Some("a`b"));
}

#[test]
fn words_are_split_behind_expansion_and_quotes_hold_them_together() {
    let words = |text: &str| split(text, '\\', &lookup).ok().flatten();
    assert_eq!(words("$S x").unwrap(), ["foo", "bar", "baz", "x"]);
    assert_eq!(words("\"$S\" x").unwrap(), ["foo bar  baz", "x"]);
    assert_eq!(words("a\\ b c").unwrap(), ["a b", "c"]);
    assert_eq!(words("$A").unwrap(), [""; 0]);
    assert_eq!(words("$U"), None);
}

/// What comes before `${a:-b}` in a word is lost to the words, though not to the text; that is how
/// the reference has it.
#[test]
fn a_nested_word_takes_away_what_stands_before_it() {
    assert_eq!(split("x${A:-y}z", '\\', &lookup).unwrap().unwrap(), ["yz"]);
    assert_eq!(word("x${A:-y}z", '\\').as_deref(), Some("xyz"));
}

#[test]
fn every_use_of_a_variable_is_told_with_its_place() {
    let text = "a$B-${A:-$Z}${E}";
    let expansion = expand(text, '\\', &lookup).unwrap();
    let uses: Vec<_> = expansion
        .references
        .iter()
        .map(|used| (&text[used.range.clone()], used.is_unset))
        .collect();
    assert_eq!(
        uses,
        [("$B", false), ("$Z", true), ("${A", true), ("${E", false)]
    );
}

#[test]
fn a_refusal_says_what_and_where() {
    for (text, message, part) in [
        ("ab\"c", "the double quote is never closed", "\""),
        ("a'b", "the single quote is never closed", "'b"),
        ("${A:?so}", "`A` must have a value: so", "${A:?so}"),
        ("x${E:?}", "`E` must have a value: it is empty", "${E:?}"),
        ("x${A^^}", "`^` is no form of a variable", "${A^"),
    ] {
        let refusal = expand(text, '\\', &lookup).unwrap_err();
        assert_eq!(refusal.message, message, "{text}");
        assert!(
            text[refusal.range.clone()].starts_with(&part[..1]),
            "{text} {:?}",
            refusal.range
        );
    }
}

#[test]
fn in_a_heredoc_quotes_mean_nothing() {
    let body = expand_heredoc("it's \"$B\" \\$B ${V#v}\n", &lookup).unwrap();
    assert_eq!(body.text.as_deref(), Some("it's \"banana\" $B 1.2.3\n"));
}

#[test]
fn deep_and_long_texts_are_bounded() {
    let deep = "${A:-".repeat(5_000);
    assert!(expand(&deep, '\\', &lookup).is_err());
    let long = |_: &str| Lookup::Set("x".repeat(1 << 15));
    assert_eq!(expand("$a$a$a$a", '\\', &long).unwrap().text, None);
    let stars = format!("${{V//{}b/x}}", "*".repeat(500));
    let value = |_: &str| Lookup::Set("a".repeat(4_000));
    assert!(expand(&stars, '\\', &value).is_ok());
}
