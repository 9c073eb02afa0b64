use super::*;

/// The strings of a document as `path = text @ written`.
fn check(text: &str, expected: &[&str]) {
    let source = Source::detached(text);
    let step = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    };
    let found: Vec<String> = strings(&source)
        .iter()
        .map(|leaf| {
            let path: Vec<String> = leaf.path.iter().map(step).collect();
            format!(
                "{} = {} @ {}",
                path.join("."),
                leaf.text.as_str(),
                source.slice(leaf.text.span())
            )
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn every_string_knows_the_keys_and_indexes_that_lead_to_it() {
    check(
        r#"{"name": "x", "scripts": {"dev": "a && b"}, "list": ["p", {"q": "r"}, "s"], "n": 1, "end": "e"}"#,
        &[
            r#"name = x @ "x""#,
            r#"scripts.dev = a && b @ "a && b""#,
            r#"list.0 = p @ "p""#,
            r#"list.1.q = r @ "r""#,
            r#"list.2 = s @ "s""#,
            r#"end = e @ "e""#,
        ],
    );
}

#[test]
fn comments_and_trailing_commas_are_no_obstacle() {
    check(
        "{\n// \"no\": \"no\"\n\"a\": /* \"no\" */ \"b\",\n}",
        &["a = b @ \"b\""],
    );
}

#[test]
fn escapes_are_resolved_and_map_back() {
    check(
        r#"["a\"b\u0041\n"]"#,
        &["0 = a\"bA\n @ \"a\\\"b\\u0041\\n\""],
    );
}

#[test]
fn broken_text_is_read_as_far_as_it_goes() {
    check(r#"]}{"a": "b"#, &["a = b @ \"b"]);
    check(r#"{"a" "b" : "\"#, &["a = b @ \"b\"", "a = \\ @ \"\\"]);
    check(&format!("{}\"x\"", "[".repeat(100_000)), &[]);
}
