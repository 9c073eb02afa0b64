//! Dockerfiles within compose files: where findings lie, what fixes write, which comments hold.

use std::path::PathBuf;

use super::*;
use crate::files::Memory;
use crate::lint::{Options, check};

/// What one rule says of the compose file: the text at each finding, and the file with all fixes.
#[track_caller]
fn found(rule: &str, compose: &str) -> (Vec<String>, String) {
    let files = Memory::new()
        .with("/p/compose.yaml", compose)
        .with("/p/src/a.py", "");
    let workspace = Workspace::new(&files);
    let options = Options {
        paths: vec![PathBuf::from("/p")],
        select: vec![rule.to_owned()],
        ..Options::default()
    };
    let outcome = check(&workspace, &options);
    let texts = outcome
        .diagnostics
        .iter()
        .map(|finding| workspace.sources().slice(finding.span))
        .collect();
    let mut edits: Vec<Edit> = outcome
        .diagnostics
        .into_iter()
        .filter_map(|finding| finding.fix)
        .flat_map(|fix| fix.edits)
        .collect();
    edits.sort_by_key(|edit| edit.span.start);
    (texts, Edit::apply_all(compose, &edits))
}

/// A compose file with a Dockerfile in the given style.
fn compose(style: &str, dockerfile: &str) -> String {
    let indented: String = dockerfile
        .split_inclusive('\n')
        .map(|line| format!("        {line}").replace("        \n", "\n"))
        .collect();
    format!("services:\n  a:\n    build:\n      dockerfile_inline: {style}\n{indented}")
}

#[test]
fn what_is_found_lies_in_the_compose_file_and_is_mended_there() {
    let text = compose("|", "FROM a\n\nADD src /x\nRUN echo $$HOME\n");
    let (found, fixed) = found("add-instead-of-copy", &text);
    assert_eq!(
        (found, fixed),
        (vec!["ADD".to_owned()], text.replace("ADD", "COPY"))
    );
}

#[test]
fn an_edit_of_lines_keeps_their_indentation_and_doubles_dollars() {
    let files = Memory::new();
    let workspace = Workspace::new(&files);
    let around = "run: |\n  FROM a\n\n  RUN echo $$X\n  USER b\n";
    let source = workspace
        .sources()
        .add(std::path::Path::new("/p/c.yaml"), around.to_owned());
    let tree = workspace.yaml(&source);
    let node = tree
        .tree
        .documents()
        .next()
        .and_then(|root| root.get("run"))
        .map(|node| node.cooked())
        .expect("it is a scalar");
    let mut text = crate::text::CookedBuilder::new(node.span());
    for (at, part) in node.as_str().match_indices(|_: char| true) {
        match part {
            "$" if node.as_str()[..at].ends_with('$') => {}
            "$" => text.replaced("$", node.source_offset(at)..node.source_offset(at) + 2),
            part => text.append(&node, at..at + part.len()),
        }
    }
    let embedded = workspace.sources().embed(&text.finish());
    assert_eq!(embedded.text(), "FROM a\n\nRUN echo $X\nUSER b\n");
    let apply = |range: std::ops::Range<usize>, new: &str| {
        let edit = written(
            &embedded,
            Edit {
                span: embedded.span(range),
                text: new.to_owned(),
            },
        )?;
        Some(Edit::apply_all(around, &[edit]))
    };
    let run = embedded.text().find("RUN").expect("it is there");
    let user = embedded.text().find("USER").expect("it is there");
    let end = embedded.text().len();
    assert_eq!(
        apply(run..user, "").as_deref(),
        Some("run: |\n  FROM a\n\n  USER b\n")
    );
    assert_eq!(
        apply(user..end, "").as_deref(),
        Some("run: |\n  FROM a\n\n  RUN echo $$X\n")
    );
    assert_eq!(
        apply(user..user, "ENV A=$B\n").as_deref(),
        Some("run: |\n  FROM a\n\n  RUN echo $$X\n  ENV A=$$B\n  USER b\n")
    );
    assert_eq!(
        apply(7..7, "ARG A\n").as_deref(),
        Some("run: |\n  FROM a\n  ARG A\n  \n  RUN echo $$X\n  USER b\n")
    );
    assert_eq!(
        apply(end..end, "CMD x\n").as_deref(),
        Some("run: |\n  FROM a\n\n  RUN echo $$X\n  USER b\n  CMD x\n")
    );
}

#[test]
fn other_styles_are_told_of_and_left_as_they_are() {
    let text = "services:\n  a:\n    build:\n      dockerfile_inline: \"FROM a\\nADD src /x\\n\"\n";
    assert_eq!(
        found("add-instead-of-copy", text),
        (vec!["ADD".to_owned()], text.to_owned())
    );
    let text = compose(">", "FROM a\n\nADD src /x\n");
    assert_eq!(
        found("add-instead-of-copy", &text),
        (vec!["ADD".to_owned()], text)
    );
}

#[test]
fn a_value_of_a_variable_is_not_written_out() {
    let text = compose("|", "FROM a\nADD ${X:-src} /x\n").replace("ADD $", "add $");
    let (found, fixed) = found("inconsistent-instruction-casing", &text);
    assert_eq!(
        (found, fixed),
        (vec!["add".to_owned()], text.replace("add", "ADD"))
    );
}

#[test]
fn comments_in_the_dockerfile_and_around_it_hold() {
    for (style, dockerfile) in [
        ("|", "FROM a\n# hadolint ignore=DL3020\nADD src /x\n"),
        ("|", "# check=skip=all\nFROM a\nADD src /x\n"),
    ] {
        let rule = if dockerfile.starts_with("# check") {
            "stage-name-not-lowercase"
        } else {
            "add-instead-of-copy"
        };
        let text = compose(style, &dockerfile.replace("FROM a", "FROM a AS B"));
        assert_eq!(found(rule, &text).0, [""; 0], "{dockerfile}");
    }
    let text = compose("|", "FROM a\nADD src /x\n")
        .replace("  a:", "  # composelint: ignore[add-instead-of-copy]\n  a:");
    assert_eq!(found("add-instead-of-copy", &text).0, [""; 0]);
}

#[test]
fn two_texts_in_one_file_are_two_dockerfiles() {
    let text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a\n        BAD x\n  b:\n    build:\n      dockerfile_inline: |\n        FROM b\n        WORSE x\n";
    assert_eq!(found("invalid-syntax", text).0, ["BAD", "WORSE"]);
}
