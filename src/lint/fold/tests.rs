//! What counts as one cause.

use std::path::Path;

use super::*;
use crate::diagnostic::{Fix, Safety};
use crate::text::{Source, Span};

fn finding(source: &Source, at: u32, message: &str) -> Diagnostic {
    let span = Span::new(source.id(), at, at + 1);
    let fix = Fix {
        title: "Mend".to_owned(),
        safety: Safety::Safe,
        edits: vec![Edit::delete(span)],
    };
    Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::new("rule", span, message)
    }
    .fix(fix)
}

#[test]
fn the_same_in_one_file_is_one_finding_with_one_repair() {
    let sources = Sources::new();
    let file = sources.add(Path::new("/p/Dockerfile"), "abcdef".to_owned());
    let folded = fold(
        &sources,
        vec![
            finding(&file, 0, "old"),
            finding(&file, 2, "other"),
            finding(&file, 4, "old"),
        ],
    );
    assert_eq!(folded.len(), 2);
    assert_eq!(folded[0].message, "old, here and in another place");
    assert_eq!(folded[0].labels[0].span, Span::new(file.id(), 4, 5));
    assert_eq!(folded[0].fix.as_ref().map(|fix| fix.edits.len()), Some(2));
}

#[test]
fn alternative_compose_files_are_one_place_and_two_dockerfiles_are_not() {
    let sources = Sources::new();
    let add = |path: &str| sources.add(Path::new(path), "abc".to_owned());
    let both = |one: &Source, two: &Source| {
        fold(
            &sources,
            vec![finding(one, 0, "old"), finding(two, 0, "old")],
        )
        .len()
    };
    assert_eq!(
        both(&add("/p/compose.yaml"), &add("/p/compose.prod.yaml")),
        1
    );
    assert_eq!(both(&add("/p/Dockerfile"), &add("/p/prod.Dockerfile")), 2);
    assert_eq!(
        both(&add("/p/compose.yaml"), &add("/p/web/compose.yaml")),
        2
    );
}

#[test]
fn errors_and_other_services_stay_apart() {
    let sources = Sources::new();
    let file = sources.add(Path::new("/p/compose.yaml"), "abcdef".to_owned());
    let error = |at| Diagnostic {
        severity: Severity::Error,
        ..finding(&file, at, "old")
    };
    assert_eq!(fold(&sources, vec![error(0), error(2)]).len(), 2);
    assert_eq!(
        fold(
            &sources,
            vec![
                finding(&file, 0, "old").service("a"),
                finding(&file, 2, "old").service("b")
            ]
        )
        .len(),
        2
    );
}

#[test]
fn repairs_that_touch_one_place_are_not_joined() {
    let sources = Sources::new();
    let file = sources.add(Path::new("/p/compose.yaml"), "abcdef".to_owned());
    let mut twin = finding(&file, 4, "old");
    twin.fix = finding(&file, 0, "old").fix;
    let folded = fold(&sources, vec![finding(&file, 0, "old"), twin]);
    assert_eq!(folded[0].fix.as_ref().map(|fix| fix.edits.len()), Some(1));
}
