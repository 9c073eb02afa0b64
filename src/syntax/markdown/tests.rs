use super::*;

/// Each piece of code as `heading | kind language | text`.
fn check(text: &str, expected: &[&str]) {
    let source = Source::detached(text);
    let found: Vec<String> = parse(&source)
        .iter()
        .map(|code| {
            let heading = code
                .heading
                .as_ref()
                .map_or("", |heading| heading.text.as_str());
            format!(
                "{heading} | {:?} {} | {}",
                code.kind,
                code.language,
                code.text.as_str()
            )
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_fenced_block_has_its_language_and_the_heading_above_it() {
    check(
        "# Run ##\n\n```Bash title=x\na\n\n  b\n```\nafter\n",
        &["Run | Fenced bash | a\n\n  b"],
    );
    check(
        "Deploy\n------\n~~~\nx\n```\n~~~\n",
        &["Deploy | Fenced  | x\n```"],
    );
}

#[test]
fn the_indentation_of_a_block_in_a_list_is_taken_off() {
    check(
        "1. do\n   ```sh\n   a\n     b\n   ```\n",
        &[" | Fenced sh | a\n  b"],
    );
}

#[test]
fn code_may_be_indented_or_inline() {
    check(
        "Run:\n\n    make\n    up\n\nthen `docker compose up` and ``a`b``.\n",
        &[
            " | Indented  | make\nup",
            " | Inline  | docker compose up",
            " | Inline  | a`b",
        ],
    );
}

#[test]
fn an_open_fence_ends_with_the_document() {
    check("```\r\na\r\nb\r\n", &[" | Fenced  | a\nb"]);
}

#[test]
fn code_maps_back_to_its_bytes() {
    let source = Source::detached("# A\n- x\n  ```\n  one\r\n  two\n  ```\n");
    let code = parse(&source).remove(0);
    let at = code.text.as_str().find("two").unwrap();
    assert_eq!(source.slice(code.text.span_of(at..at + 3)), "two");
    assert_eq!(source.slice(code.heading.unwrap().span), "A");
}

#[test]
fn stray_backquotes_are_stepped_over() {
    check("` `` ``` é", &[]);
    check("a ` b", &[]);
}
