use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::syntax::yaml::{Tree, parse};
use crate::text::Source;

mod random;

fn tree(text: &str) -> Tree {
    let (tree, diagnostics) = parse(&Source::detached(text));
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:#?}");
    tree
}

fn at<'t>(tree: &'t Tree, path: &[&str]) -> Node<'t> {
    path.iter().fold(tree.root().unwrap(), |node, key| {
        match key.parse::<usize>() {
            Ok(index) => node.items().nth(index).unwrap(),
            Err(_) => node.get(key).unwrap(),
        }
    })
}

fn entry<'t>(tree: &'t Tree, path: &[&str]) -> Entry<'t> {
    let (key, path) = path.split_last().unwrap();
    at(tree, path).entry(key).unwrap()
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span.start);
    let mut out = String::new();
    let mut end = 0;
    for edit in edits {
        let range = edit.span.range();
        assert!(end <= range.start, "edits overlap");
        out += &text[end..range.start];
        out += &edit.text;
        end = range.end;
    }
    out + &text[end..]
}

/// Makes a change, and reads the result again.
fn check(text: &str, change: impl FnOnce(&Tree) -> Edits, expected: &str) {
    let before = tree(text);
    let after = apply(
        text,
        change(&before).unwrap_or_else(|refused| panic!("refused: {}", refused.reason)),
    );
    assert_eq!(after, expected);
    tree(&after);
}

fn check_refused(text: &str, change: impl FnOnce(&Tree) -> Edits, reason: &str) {
    let refused = change(&tree(text)).expect_err("the change should be refused");
    assert!(refused.reason.contains(reason), "{}", refused.reason);
}

fn add(
    path: &'static [&'static str],
    key: &'static str,
    value: Insert,
) -> impl FnOnce(&Tree) -> Edits {
    move |tree| insert_entry(at(tree, path), key, &value)
}

fn push(path: &'static [&'static str], value: Insert) -> impl FnOnce(&Tree) -> Edits {
    move |tree| append_item(at(tree, path), &value)
}

// Entries and items in block style.

#[test]
fn an_entry_comes_behind_the_last_line_of_its_mapping() {
    check(
        "a:\n  b: 1  # one\nc: 2\n",
        add(&["a"], "d", Insert::text("3")),
        "a:\n  b: 1  # one\n  d: \"3\"\nc: 2\n",
    );
    check(
        "a:\n  b:\n    - x\n    -\n",
        add(&["a"], "d", "e".into()),
        "a:\n  b:\n    - x\n    -\n  d: e\n",
    );
    check(
        "a:\n  b: |\n    x\n\n\nc: 2\n",
        add(&["a"], "d", "e".into()),
        "a:\n  b: |\n    x\n  d: e\n\n\nc: 2\n",
    );
}

#[test]
fn comments_below_belong_to_what_is_indented_like_them() {
    check(
        "a:\n  b: 1\n  # of a\n\n  # more\n# of c\nc: 2\n",
        add(&["a"], "d", "e".into()),
        "a:\n  b: 1\n  # of a\n  d: e\n\n  # more\n# of c\nc: 2\n",
    );
    check(
        "a:\n- x\n# of b\nb: 1\n",
        push(&["a"], "z".into()),
        "a:\n- x\n- z\n# of b\nb: 1\n",
    );
    check(
        "a:\n  - x # c\n    # of x\n  # of a\nb: 1\n",
        push(&["a"], "z".into()),
        "a:\n  - x # c\n    # of x\n  # of a\n  - z\nb: 1\n",
    );
}

#[test]
fn new_lines_are_indented_like_their_neighbours() {
    let volumes = || Insert::sequence(["x:/y".into()]);
    check(
        "s:\n    w:\n        i: n\n        p:\n        - 1\n",
        add(&["s", "w"], "v", volumes()),
        "s:\n    w:\n        i: n\n        p:\n        - 1\n        v:\n        - x:/y\n",
    );
    check(
        "s:\n w:\n  i: n\n",
        add(&["s", "w"], "v", volumes()),
        "s:\n w:\n  i: n\n  v:\n   - x:/y\n",
    );
    check(
        "- a: 1\n  b: 2\n",
        add(&["0"], "c", Insert::mapping([("d", "e".into())])),
        "- a: 1\n  b: 2\n  c:\n    d: e\n",
    );
}

#[test]
fn entries_that_stand_apart_stay_apart() {
    check(
        "s:\n  a:\n    i: x\n\n  b:\n    i: y\nt: 1\n",
        add(&["s"], "c", Insert::mapping([("i", "z".into())])),
        "s:\n  a:\n    i: x\n\n  b:\n    i: y\n\n  c:\n    i: z\nt: 1\n",
    );
}

#[test]
fn line_ends_and_the_missing_last_one_are_kept() {
    check(
        "a:\r\n  b: 1\r\n",
        add(&["a"], "c", Insert::sequence(["d".into()])),
        "a:\r\n  b: 1\r\n  c:\r\n    - d\r\n",
    );
    check(
        "a:\n  b: 1",
        add(&["a"], "c", "d".into()),
        "a:\n  b: 1\n  c: d",
    );
    check(
        "\u{feff}a: 1\n",
        add(&[], "c", "d".into()),
        "\u{feff}a: 1\nc: d\n",
    );
    check(
        "a:\n  - x",
        push(&["a"], Insert::text("y\nz\n")),
        "a:\n  - x\n  - |\n    y\n    z\n",
    );
    check_refused(
        "a: |\n  x",
        add(&[], "c", "d".into()),
        "ends within a block of text",
    );
}

#[test]
fn a_comment_says_why() {
    check(
        "a:\n  v:\n    - x\n",
        push(
            &["a", "v"],
            Insert::text("./api:/app")
                .comment("Dockerfile:5 COPY . .")
                .above("the source"),
        ),
        "a:\n  v:\n    - x\n    # the source\n    - ./api:/app  # Dockerfile:5 COPY . .\n",
    );
}

#[test]
fn an_item_that_is_a_mapping_begins_on_the_line_of_its_dash() {
    let item = || {
        Insert::mapping([
            ("type", "bind".into()),
            ("bind", Insert::mapping([("x", Insert::plain("true"))])),
        ])
    };
    check(
        "a:\n  - x\n",
        push(&["a"], item()),
        "a:\n  - x\n  - type: bind\n    bind:\n      x: true\n",
    );
    check(
        "a:\n  - x\n",
        push(&["a"], item().comment("c")),
        "a:\n  - x\n  -  # c\n    type: bind\n    bind:\n      x: true\n",
    );
}

#[test]
fn a_key_that_is_there_is_not_added_again() {
    check_refused("a: 1\n", add(&[], "a", "x".into()), "is there already");
    check_refused(
        "x: &x {a: 1}\ny:\n  <<: *x\n",
        add(&["y"], "a", "2".into()),
        "comes through `<<`",
    );
}

// Brackets.

#[test]
fn brackets_grow_on_their_line() {
    check(
        "a: [x, 'y']  # c\n",
        push(&["a"], "z:1".into()),
        "a: [x, 'y', 'z:1']  # c\n",
    );
    check(
        "a: {b: 1}\n",
        add(&["a"], "c", Insert::sequence(["d".into()])),
        "a: {b: 1, c: [d]}\n",
    );
    check("a: [x, ]\n", push(&["a"], "z".into()), "a: [x, z, ]\n");
}

#[test]
fn brackets_of_several_lines_get_another_line() {
    check(
        "a: [\n  x,  # one\n  y  # two\n]\n",
        push(&["a"], "z".into()),
        "a: [\n  x,  # one\n  y,  # two\n  z\n]\n",
    );
    check(
        "a: {\n  x: 1,  # one\n}\n",
        add(&["a"], "z", "2".into()),
        "a: {\n  x: 1,  # one\n  z: \"2\",\n}\n",
    );
    check("a: [\n  x]\n", push(&["a"], "z".into()), "a: [\n  x, z]\n");
}

#[test]
fn empty_brackets_become_lines() {
    check(
        "a:\n  v: []  # none\nb: 1\n",
        push(&["a", "v"], Insert::text("x").comment("why")),
        "a:\n  v:  # none\n    - x  # why\nb: 1\n",
    );
    check(
        "a: {v: []}\n",
        push(&["a", "v"], "x".into()),
        "a: {v: [x]}\n",
    );
    check(
        "v: !override []\n",
        push(&["v"], "x".into()),
        "v: !override\n  - x\n",
    );
    check("{}\n", add(&[], "a", "x".into()), "a: x\n");
    check("- {}\n", add(&["0"], "a", "x".into()), "- {a: x}\n");
}

// Other values.

#[test]
fn a_scalar_keeps_its_quotes() {
    let set = |text: &'static str| move |tree: &Tree| set_scalar(at(tree, &["a"]), text);
    check("a: 'x'  # c\n", set("it's"), "a: 'it''s'  # c\n");
    check("a: \"x\"\n", set("y\n"), "a: \"y\\n\"\n");
    check("a: x\n", set("y: z"), "a: \"y: z\"\n");
    check("a: x\n", set("yes"), "a: \"yes\"\n");
    check("a: 8000\n", set("8001"), "a: 8001\n");
    check("a: x\n", set("8001"), "a: \"8001\"\n");
    check("a:  # c\n", set("x"), "a: x  # c\n");
    check("a: !t x\n", set("z"), "a: !t z\n");
    check(
        "a: |\n  x\n  y\nb: 1\n",
        set("z\nw\n"),
        "a: |\n  z\n  w\nb: 1\n",
    );
    check("a: >-  # c\n  x\nb: 1\n", set("z"), "a: z\nb: 1\n");
}

#[test]
fn an_item_can_be_set() {
    check(
        "- x\n-\n- y\n",
        |tree| set_scalar(at(tree, &["1"]), "z"),
        "- x\n- z\n- y\n",
    );
    check(
        "[x, 'y']\n",
        |tree| set_scalar(at(tree, &["0"]), "a,b"),
        "['a,b', 'y']\n",
    );
}

#[test]
fn a_key_is_renamed_in_place() {
    check(
        "a:\n  b: 1  # c\n",
        |tree| rename_key(entry(tree, &["a", "b"]), "d e"),
        "a:\n  d e: 1  # c\n",
    );
    check(
        "'b': 1\n",
        |tree| rename_key(entry(tree, &["b"]), "c"),
        "'c': 1\n",
    );
    check_refused(
        "a: 1\nb: 2\n",
        |tree| rename_key(entry(tree, &["a"]), "b"),
        "is there already",
    );
}

#[test]
fn a_value_gives_way_to_any_other() {
    let with = |value: Insert| move |tree: &Tree| replace_value(entry(tree, &["a", "b"]), &value);
    let list = || Insert::sequence(["x".into(), "z".into()]);
    check(
        "a:\n  b: old  # c\n  d: 1\n",
        with(list()),
        "a:\n  b:  # c\n    - x\n    - z\n  d: 1\n",
    );
    check(
        "a:\n  b:\n    - old\n    - older  # gone\n  d: 1\n",
        with("new".into()),
        "a:\n  b: new\n  d: 1\n",
    );
    check(
        "a:\n  b:  # c\n    - old\n  d: 1\n",
        with(list()),
        "a:\n  b:  # c\n    - x\n    - z\n  d: 1\n",
    );
    check("a:\n  b:\n", with(list()), "a:\n  b:\n    - x\n    - z\n");
    check(
        "a:\n  b: !override ['x']\n",
        with(list()),
        "a:\n  b: !override\n    - x\n    - z\n",
    );
    check("a: {b: [1, 2], c}\n", with(list()), "a: {b: [x, z], c}\n");
    check("a: {b, c}\n", with("x".into()), "a: {b: x, c}\n");
    check(
        "a:\n  b: *x\n".replace("a:", "x: &x 1\na:").as_str(),
        with("z".into()),
        "x: &x 1\na:\n  b: z\n",
    );
    check_refused(
        "a:\n  b: &x old\nc: *x\n",
        with("y".into()),
        "this alias stands for the value",
    );
}

// Less.

#[test]
fn an_entry_is_removed_with_its_lines_and_the_comments_around_stay() {
    let remove = |tree: &Tree| remove_entry(entry(tree, &["a", "b"]));
    check(
        "a:\n  # above\n  b:  # gone\n    - x\n  # below\n  c: 1\n",
        remove,
        "a:\n  # above\n  # below\n  c: 1\n",
    );
    check("a:\n  c: 1\n  b: 2", remove, "a:\n  c: 1");
    check("a:  # c\n  b: 2\nd: 1\n", remove, "a: {}  # c\nd: 1\n");
    check("a: {b: 1, c: 2}\n", remove, "a: {c: 2}\n");
    check("a: {c: 1, b: 2}\n", remove, "a: {c: 1}\n");
    check("a: {b: 2}\n", remove, "a: {}\n");
    check(
        "a: {\n  c: 1,  # one\n  b: 2\n}\n",
        remove,
        "a: {\n  c: 1,  # one\n}\n",
    );
    check(
        "- b: 1  # gone\n  c: 2\n",
        |tree| remove_entry(entry(tree, &["0", "b"])),
        "- c: 2\n",
    );
    check_refused(
        "a:\n  b: &x 1\n  c: *x\n",
        remove,
        "this alias stands for something",
    );
}

#[test]
fn an_item_is_removed_with_its_dash() {
    let remove = |tree: &Tree| remove_item(at(tree, &["a", "1"]));
    check(
        "a:\n  - x\n  # above\n  - y: 1\n    z: 2\n  - w\n",
        remove,
        "a:\n  - x\n  # above\n  - w\n",
    );
    check("a:\n- x\n-\n- w\n", remove, "a:\n- x\n- w\n");
    check("a: [x, y, z]\n", remove, "a: [x, z]\n");
    check("a: [x, y]\n", remove, "a: [x]\n");
    check(
        "a: [\n  x,  # one\n  y,  # two\n  z\n]\n",
        remove,
        "a: [\n  x,  # one\n  z\n]\n",
    );
    check(
        "- - x\n  - y\n",
        |tree| remove_item(at(tree, &["0", "0"])),
        "- - y\n",
    );
    check(
        "a:\n  - x\nb: 1\n",
        |tree| remove_item(at(tree, &["a", "0"])),
        "a: []\nb: 1\n",
    );
}

// Whole trees.

fn put(path: &'static [&'static str], value: Insert) -> impl FnOnce(&Tree) -> Edits {
    move |tree| set_path(tree, path, value)
}

const VOLUMES: &[&str] = &["services", "web", "volumes"];

fn mount() -> Insert {
    Insert::sequence([Insert::text("./api:/app").comment("Dockerfile:5")])
}

#[test]
fn a_path_is_made_where_it_is_missing() {
    let block = "services:\n  web:\n    volumes:\n      - ./api:/app  # Dockerfile:5\n";
    check("", put(VOLUMES, mount()), block);
    check(
        "\u{feff}",
        put(VOLUMES, mount()),
        &format!("\u{feff}{block}"),
    );
    check("# mine", put(VOLUMES, mount()), &format!("# mine\n{block}"));
    check(
        "# mine\n\n",
        put(VOLUMES, mount()),
        &format!("# mine\n\n{block}"),
    );
    check("---\n", put(VOLUMES, mount()), &format!("---\n{block}"));
    check("services:\n", put(VOLUMES, mount()), block);
    check(
        "services: # all\n\nvolumes:\n",
        put(VOLUMES, mount()),
        "services: # all\n  web:\n    volumes:\n      - ./api:/app  # Dockerfile:5\n\nvolumes:\n",
    );
    check("services: ~\n", put(VOLUMES, mount()), block);
    check("services: {}\n", put(VOLUMES, mount()), block);
    check(
        "services:\n  web: {image: x}\n",
        put(VOLUMES, mount()),
        "services:\n  web: {image: x, volumes: [\"./api:/app\"]}\n",
    );
    check(
        "services:\n  db:\n    image: x\n",
        put(VOLUMES, mount()),
        "services:\n  db:\n    image: x\n  web:\n    volumes:\n      - ./api:/app  # Dockerfile:5\n",
    );
}

#[test]
fn what_is_there_is_kept_and_not_written_twice() {
    check(
        "services:\n  web:\n    volumes:\n    - x:/y\n",
        put(VOLUMES, mount()),
        "services:\n  web:\n    volumes:\n    - x:/y\n    - ./api:/app  # Dockerfile:5\n",
    );
    let there = "services:\n  web:\n    volumes: [\"./api:/app\"]\n";
    check(there, put(VOLUMES, mount()), there);
    check("a: x # c\n", put(&["a"], "z".into()), "a: z # c\n");
}

#[test]
fn several_changes_share_the_mappings_they_need() {
    let web = Insert::mapping([
        ("volumes", mount()),
        ("environment", Insert::mapping([("DEBUG", "true".into())])),
        ("profiles", Insert::flow_sequence(["dev".into()])),
        ("tty", Insert::plain("true").above("for the debugger")),
    ]);
    check(
        "services:\n  web:\n    environment:\n      A: x\n",
        |tree| {
            extend(
                tree,
                &Insert::mapping([("services", Insert::mapping([("web", web)]))]),
            )
        },
        "services:\n  web:\n    environment:\n      A: x\n      DEBUG: \"true\"\n    volumes:\n      - ./api:/app  # Dockerfile:5\n    profiles: [dev]\n    # for the debugger\n    tty: true\n",
    );
}

#[test]
fn what_is_not_clear_is_refused() {
    check_refused(
        "a: 1\n---\nb: 2\n",
        put(VOLUMES, mount()),
        "several documents",
    );
    check_refused(
        "services:\n  web: *x\n"
            .replace("services", "x: &x {}\nservices")
            .as_str(),
        put(VOLUMES, mount()),
        "is an alias",
    );
    check_refused(
        "x: &x {volumes: [a]}\nservices:\n  web:\n    <<: *x\n",
        put(VOLUMES, mount()),
        "comes through `<<`",
    );
    check_refused(
        "services:\n  web:\n    volumes: {a: b}\n",
        put(VOLUMES, mount()),
        "is a mapping",
    );
    check_refused(
        "services:\n  web:\n    volumes: !reset null\n",
        put(VOLUMES, mount()),
        "another kind",
    );
    check_refused("- a\n", put(VOLUMES, mount()), "not a mapping");
}

#[test]
fn forms_are_told_apart() {
    let tree =
        tree("x: &x {g: 1}\nm:\n  <<: *x\n  a:\n  b: ~\n  c: 1\n  d: [1]\n  e: {f: 1}\n  f: *x\n");
    let forms: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h"]
        .map(|key| form(at(&tree, &["m"]), key))
        .into();
    assert_eq!(
        forms,
        [
            Form::Null,
            Form::Null,
            Form::Scalar,
            Form::List,
            Form::Map,
            Form::Alias,
            Form::Merged,
            Form::Absent
        ]
    );
}

#[test]
fn a_node_that_others_use_is_known() {
    let tree = tree("a: &a\n  b: {c: 1}\nd: *a\ne: &e 1\n");
    assert_eq!(
        shared_by(at(&tree, &["a", "b", "c"])).map(|alias| alias.span().start),
        Some(21)
    );
    assert!(shared_by(at(&tree, &["e"])).is_none());
}

#[test]
fn a_new_file_is_rendered_with_its_comments() {
    let file = Insert::mapping([
        (
            "services",
            Insert::mapping([(
                "api",
                Insert::mapping([
                    (
                        "command",
                        Insert::flow_sequence(["uvicorn".into(), "--reload".into(), "a:b".into()])
                            .tag("!override")
                            .comment("reloads"),
                    ),
                    ("volumes", mount().comment("source")),
                    (
                        "environment",
                        Insert::mapping([
                            ("ON", "yes".into()),
                            ("EMPTY", "".into()),
                            ("KEEP", Insert::absent()),
                        ]),
                    ),
                    (
                        "build",
                        Insert::mapping([("dockerfile_inline", Insert::text("FROM x\n\nRUN y\n"))]),
                    ),
                ])
                .above("The interface."),
            )]),
        ),
        (
            "volumes",
            Insert::mapping([("modules", Insert::absent().comment("kept"))]),
        ),
    ]);
    insta::assert_snapshot!(render(&file, 0), @r##"
    services:
      # The interface.
      api:
        command: !override [uvicorn, --reload, "a:b"]  # reloads
        volumes:  # source
          - ./api:/app  # Dockerfile:5
        environment:
          "ON": "yes"
          EMPTY: ""
          KEEP:
        build:
          dockerfile_inline: |
            FROM x

            RUN y
    volumes:
      modules:  # kept
    "##);
    tree(&render(&file, 0));
}

// The quotes.

#[test]
fn texts_that_are_something_else_are_quoted() {
    for text in [
        "",
        "yes",
        "No",
        "on",
        "y",
        "null",
        "~",
        "true",
        "12",
        "0x1F",
        "1e3",
        "2024-01-01",
        "22:22",
        "1:20:30",
        "- x",
        "-",
        "a: b",
        "a #b",
        "a:",
        " a",
        "a ",
        "*x",
        "&x",
        "!x",
        "@x",
        "%x",
        "`x`",
        "{a}",
        "[a]",
        "'a",
        "\"a",
        "#a",
        "|",
        ">",
        "?x",
        ":x",
        "<<",
        "=",
        "---",
        "a\tb",
        "\u{7}",
    ] {
        assert!(!quote::is_safe(text, TextContext::Block), "{text:?}");
    }
    for text in [
        "a",
        "-x",
        "--flag=1",
        "./a:/b",
        "8000:8000",
        "a'b",
        "http://x/?y#z",
        "${X:-a}",
        "über",
        "a,b",
        "1.2.3",
        "x y",
    ] {
        assert!(quote::is_safe(text, TextContext::Block), "{text:?}");
    }
}

// Other forms of what is there.

fn named(path: &'static [&'static str]) -> impl FnOnce(&Tree) -> Edits {
    move |tree| {
        list_to_mapping(at(tree, path), &|name| {
            Insert::mapping([("condition", Insert::text(format!("{name} is up")))])
        })
    }
}

#[test]
fn a_list_of_names_becomes_a_mapping_and_keeps_its_comments() {
    check(
        "a:\n  - x  # one\n  # two\n  - y\n",
        named(&["a"]),
        "a:\n  x:  # one\n    condition: x is up\n  # two\n  y:\n    condition: y is up\n",
    );
    check(
        "a:\r\n- x\r\nb: 1",
        named(&["a"]),
        "a:\r\n  x:\r\n    condition: x is up\r\nb: 1",
    );
    check(
        "a: [x]  # one\n",
        named(&["a"]),
        "a:  # one\n  x:\n    condition: x is up\n",
    );
    check(
        "a: [x, # one\n  y]\n",
        named(&["a"]),
        "a: {x: {condition: x is up}, # one\n  y: {condition: y is up}}\n",
    );
    check(
        "a: &l\n    - x\nb: *l\n",
        named(&["a"]),
        "a: &l\n    x:\n      condition: x is up\nb: *l\n",
    );
    check_refused("a: [x, x]\n", named(&["a"]), "twice");
    check_refused("a: [{x: 1}]\n", named(&["a"]), "not a name");
    check_refused("? a\n: - x\n", named(&["a"]), "on one line of their own");
}

#[test]
fn an_item_becomes_a_block_of_lines() {
    let long = || {
        Insert::mapping([
            ("type", Insert::text("volume")),
            ("target", Insert::text("/x")),
        ])
    };
    let swap =
        |index: &'static str| move |tree: &Tree| replace_item(at(tree, &["a", index]), &long());
    check(
        "a:\n- x:/x  # why\n- y\n",
        swap("0"),
        "a:\n- type: volume  # why\n  target: /x\n- y\n",
    );
    check(
        "a: [x, y]\n",
        swap("1"),
        "a: [x, {type: volume, target: /x}]\n",
    );
    check_refused("a: [&s x, y]\nb: *s\n", swap("0"), "alias");
}

#[test]
fn a_tag_comes_before_a_value_or_takes_the_place_of_another() {
    let tag =
        |path: &'static [&'static str]| move |tree: &Tree| set_tag(at(tree, path), "!override");
    check("a: []\n", tag(&["a"]), "a: !override []\n");
    check(
        "a: !reset []  # why\n",
        tag(&["a"]),
        "a: !override []  # why\n",
    );
    check(
        "a:  # why\n  - x\n",
        tag(&["a"]),
        "a: !override  # why\n  - x\n",
    );
    check("a: &l\n  - x\n", tag(&["a"]), "a: !override &l\n  - x\n");
    check("a:\nb: 1\n", tag(&["a"]), "a: !override\nb: 1\n");
    check("a:\n  -\n", tag(&["a", "0"]), "a:\n  - !override\n");
    check_refused("a: &l []\nb: *l\n", tag(&["b"]), "alias");
    check_refused("- a: 1\n", tag(&["0"]), "no place");
}

// Everything at once.

fn fixtures() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/yaml/edit");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect()
}

/// A tree as nested text: kinds, types and values, with aliases as they are.
fn value(node: Node) -> String {
    match node.kind() {
        Kind::Scalar => format!("{:?}{:?}", node.tag().map(|(tag, _)| tag), node.scalar()),
        Kind::Alias => node.tree().source().slice(node.span()).to_owned(),
        Kind::Sequence => format!(
            "[{}]",
            node.items().map(value).collect::<Vec<_>>().join(",")
        ),
        Kind::Mapping => format!(
            "{{{}}}",
            node.entries()
                .map(|entry| format!("{}:{}", value(entry.key), value(entry.value)))
                .collect::<Vec<_>>()
                .join(",")
        ),
    }
}

/// Comments in the order of the file.
fn comments(tree: &Tree) -> Vec<String> {
    tree.comments()
        .iter()
        .map(|span| tree.source().slice(*span).to_owned())
        .collect()
}

/// Puts something into every collection of a text, one at a time, and takes it out again.
fn check_every_place(name: &str, text: &str) {
    let (before, diagnostics) = parse(&Source::detached(text));
    if !diagnostics.is_empty() {
        return;
    }
    for (index, node) in before.all().enumerate() {
        let edits = match node.kind() {
            Kind::Mapping => insert_entry(
                node,
                "new key",
                &Insert::mapping([("x", Insert::sequence(["on".into()]))]),
            ),
            Kind::Sequence => append_item(node, &Insert::text("new item\nof lines")),
            _ => continue,
        };
        let Ok(edits) = edits else { continue };
        let after = apply(text, edits);
        let (changed, diagnostics) = parse(&Source::detached(after.as_str()));
        assert!(
            diagnostics.is_empty(),
            "{name}: {node:?} became\n{after}\n{diagnostics:#?}"
        );
        assert_eq!(
            comments(&changed),
            comments(&before),
            "{name}: {node:?} became\n{after}"
        );
        let same = changed.all().nth(index).unwrap();
        let added = match node.kind() {
            Kind::Mapping => value(same.entries().last().unwrap().value).contains("\"on\""),
            _ => value(same.items().last().unwrap()).contains("\"new item\\nof lines\""),
        };
        assert!(added, "{name}: {node:?} became\n{after}");
        let last = same.children().last().unwrap();
        let edits = if node.kind() == Kind::Mapping {
            remove_entry(same.entries().last().unwrap())
        } else {
            remove_item(last)
        };
        let again = apply(&after, edits.unwrap());
        let (restored, diagnostics) = parse(&Source::detached(again.as_str()));
        assert!(
            diagnostics.is_empty(),
            "{name}: {node:?} became\n{after}and then\n{again}\n{diagnostics:#?}"
        );
        let values = |tree: &Tree| tree.documents().map(value).collect::<Vec<_>>();
        assert_eq!(
            values(&restored),
            values(&before),
            "{name}: {node:?} became\n{after}and then\n{again}"
        );
    }
}

#[test]
fn every_collection_of_the_fixtures_can_be_extended_and_restored() {
    for (name, text) in fixtures() {
        check_every_place(&name, &text);
    }
}

fn block(depth: u32) -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[a-z]{1,3}",
        Just("'q'".to_owned()),
        Just("[a, {b: c}]".to_owned()),
        Just("{}".to_owned()),
        Just("".to_owned()),
        Just("x  # why".to_owned())
    ];
    scalar.prop_recursive(depth, 24, 4, |inner| {
        (
            proptest::collection::vec((inner, 0..4u8), 1..4),
            any::<bool>(),
            0..3usize,
        )
            .prop_map(|(children, is_list, extra)| {
                let mut text = String::new();
                for (index, (child, gap)) in children.iter().enumerate() {
                    let first = if is_list {
                        "-".to_owned()
                    } else {
                        format!("k{index}:")
                    };
                    let is_block = child.starts_with('\n');
                    let shift = " ".repeat(2 + extra);
                    let child = if is_block {
                        child.replace('\n', &format!("\n{shift}"))
                    } else {
                        format!(" {child}")
                    };
                    let gap = match gap {
                        0 => "\n",
                        1 => "\n# note",
                        _ => "",
                    };
                    text += &format!("{gap}\n{first}{}", child.trim_end_matches(' '));
                }
                text
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_block_can_be_extended_and_restored(text in block(4), last_line in any::<bool>(), is_crlf in any::<bool>()) {
        let text = text + if last_line { "\n" } else { "" };
        check_every_place("generated", &if is_crlf { text.replace('\n', "\r\n") } else { text });
    }

    #[test]
    fn a_quoted_text_is_read_as_it_was(text in "\\PC{0,12}|[-?:,\\[\\]{}#&*!|>'\"%@` a1\\n\\t\\\\]{0,8}", single in any::<bool>()) {
        let quotes = if single { quote::Quotes::Single } else { quote::Quotes::Double };
        for (place, around) in [(TextContext::Block, ("a: ", "\n")), (TextContext::Flow, ("[a, ", "]\n")), (TextContext::Key, ("", ": a\n"))] {
            let written = format!("{}{}{}", around.0, quote::quote(&text, place, quotes), around.1);
            let (tree, diagnostics) = parse(&Source::detached(written.as_str()));
            prop_assert!(diagnostics.is_empty(), "{written:?}");
            let read = tree.root().unwrap().children().nth(usize::from(place != TextContext::Key)).unwrap().scalar();
            prop_assert_eq!(read, Some(Scalar::String(text.as_str().into())), "{:?}", written);
        }
        let (tree, diagnostics) = parse(&Source::detached(render(&Insert::sequence([Insert::text(text.as_str())]), 3)));
        prop_assert!(diagnostics.is_empty());
        prop_assert_eq!(tree.root().unwrap().items().next().unwrap().scalar(), Some(Scalar::String(text.into())));
    }
}
