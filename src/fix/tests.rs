//! Applying edits to a text, and finding the few fixes among many that do not hold.

use std::cell::Cell;
use std::path::Path;

use super::*;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::files::Memory;
use crate::lint::{self, Options};
use crate::text::Source;

#[test]
fn edits_are_made_from_left_to_right_whatever_their_order() {
    let source = Source::detached("one two three");
    let edits = [
        Edit::replace(source.span(8..13), "3"),
        Edit::replace(source.span(0..3), "1"),
        Edit::insert_before(source.span(4..7), "and "),
    ];
    assert_eq!(Edit::apply_all(source.text(), &edits), "1 and two 3");
}

#[test]
fn edits_at_one_place_touch_each_other() {
    let source = Source::detached("abcd");
    let insert = Edit::insert_before(source.span(2..4), "x");
    assert!(edits::touch(&insert, &Edit::delete(source.span(1..2))));
    assert!(!edits::touch(&insert, &Edit::delete(source.span(0..1))));
}

/// In how many checks the fixes of 100 files are made, when those of `bad` break something, and how
/// many were made.
fn checks_for(bad: &[usize]) -> (usize, usize) {
    let name = |number: usize| PathBuf::from(format!("/p/{number:03}"));
    let files = (0..100).fold(Memory::new(), |files, number| {
        files.with(name(number), "old")
    });
    let checks = Cell::new(0);
    let check = |workspace: &Workspace<'_>| {
        checks.set(checks.get() + 1);
        let mut outcome = Outcome::default();
        for number in 0..100 {
            let source = workspace.read(&name(number)).unwrap();
            let found =
                |message: &str| Diagnostic::new("x", source.whole(), format!("{message} {number}"));
            match source.text() {
                "old" => {
                    let edits = vec![Edit::replace(source.whole(), "new")];
                    outcome.diagnostics.push(found("old").fix(Fix {
                        title: format!("{number}"),
                        safety: Safety::Safe,
                        edits,
                    }));
                }
                _ if bad.contains(&number) => outcome.diagnostics.push(found("broken")),
                _ => {}
            }
        }
        outcome
    };
    let fixed = run_all(&files, Safety::Safe, &check);
    let refused: Vec<&str> = fixed
        .refused
        .iter()
        .map(|(fix, _)| fix.title.as_str())
        .collect();
    assert_eq!(
        refused,
        bad.iter().map(usize::to_string).collect::<Vec<_>>()
    );
    assert!(bad.iter().all(|number| {
        fixed
            .changes
            .iter()
            .all(|change| change.path != Path::new(&name(*number)))
    }));
    (checks.get(), fixed.changes.len())
}

#[test]
fn fixes_that_hold_are_made_at_once() {
    assert_eq!(
        checks_for(&[]),
        (2, 100),
        "the check that proves them is the last one"
    );
}

#[test]
fn a_bad_fix_among_many_costs_few_checks() {
    let (checks, made) = checks_for(&[99]);
    assert!(checks < 20 && made == 99, "{checks} checks, {made} made");
    let (checks, made) = checks_for(&[0, 50, 99]);
    assert!(checks < 50 && made == 97, "{checks} checks, {made} made");
}

#[test]
fn projects_are_searched_together() {
    let directory = |number: usize| PathBuf::from(format!("/p/{number}"));
    let files = (0..8).fold(Memory::new(), |files, number| {
        files.with(directory(number).join("x"), "old")
    });
    let checks = Cell::new(0);
    let check = |workspace: &Workspace<'_>| {
        checks.set(checks.get() + 1);
        let mut outcome = Outcome {
            directories: (0..8).map(directory).collect(),
            ..Outcome::default()
        };
        for number in 0..8 {
            let source = workspace.read(&directory(number).join("x")).unwrap();
            let found = |message: String| Diagnostic::new("x", source.whole(), message);
            match source.text() {
                "old" => {
                    let edits = vec![Edit::replace(source.whole(), "new")];
                    outcome
                        .diagnostics
                        .push(found(format!("old {number}")).fix(Fix {
                            title: number.to_string(),
                            safety: Safety::Safe,
                            edits,
                        }));
                }
                _ if number % 2 == 1 => outcome.diagnostics.push(found(format!("broken {number}"))),
                _ => {}
            }
        }
        outcome
    };
    let fixed = run_all(&files, Safety::Safe, &check);
    assert_eq!((fixed.applied.len(), fixed.refused.len()), (4, 4));
    assert_eq!(
        checks.get(),
        3,
        "one finds the four bad ones, one shows that the others hold"
    );
}

/// Runs a repair that puts `new` in the place of `old`, wanted by these services, over a compose
/// file; what became of it.
#[track_caller]
fn repair(compose: &str, old: &str, new: &str, services: &[&str]) -> Result<String, String> {
    let files = Memory::new().with("/p/compose.yaml", compose);
    let options = Options {
        paths: vec![PathBuf::from("/p")],
        select: vec!["invalid-syntax".to_owned()],
        keep_models: true,
        ..Options::default()
    };
    let check = |workspace: &Workspace<'_>| {
        let mut outcome = lint::check(workspace, &options);
        let source = workspace.read(Path::new("/p/compose.yaml")).unwrap();
        if let Some(at) = source.text().find(old) {
            let span = source.span(at..at + old.len());
            for service in services {
                let fix = Fix {
                    title: "repair".to_owned(),
                    safety: Safety::Safe,
                    edits: vec![Edit::replace(span, new)],
                };
                outcome.diagnostics.push(
                    Diagnostic::new("x", span, format!("{service} is wrong"))
                        .service(*service)
                        .fix(fix),
                );
            }
        }
        outcome
    };
    let mut fixed = run_all(&files, Safety::Safe, &check);
    match fixed.refused.pop() {
        Some((_, reason)) => Err(reason),
        None => Ok(fixed.changes.remove(0).after),
    }
}

const SHARED: &str = "x-common: &common\n  image: old\nservices:\n  web:\n    <<: *common\n  job:\n    <<: *common\n";

#[test]
fn a_repair_through_an_anchor_must_not_change_other_services() {
    assert_eq!(
        repair(SHARED, "image: old", "image: new", &["web"]),
        Err("it would change `image` of `job` as well".to_owned())
    );
    assert!(
        repair(SHARED, "image: old", "image: new", &["web", "job"]).is_ok(),
        "both of them want it"
    );
    let alone = SHARED.replace(
        "    <<: *common\n  job:\n    <<: *common\n",
        "    <<: *common\n",
    );
    assert!(
        repair(&alone, "image: old", "image: new", &["web"]).is_ok(),
        "nobody else uses it"
    );
}

#[test]
fn a_repair_of_a_service_that_others_extend_must_not_change_them() {
    let compose = "services:\n  base:\n    image: old\n  web:\n    extends: base\n";
    assert_eq!(
        repair(compose, "image: old", "image: new", &["base"]),
        Err("it would change `image` of `web` as well".to_owned())
    );
}

#[test]
fn a_repair_may_change_what_it_writes() {
    let compose = "services:\n  web:\n    image: old\n";
    assert!(
        repair(
            compose,
            "    image: old\n",
            "    image: new\n    volumes: [data:/x]\nvolumes:\n  data:\n",
            &["web"]
        )
        .is_ok()
    );
}

#[test]
fn what_held_before_is_not_held_against_the_next_repair() {
    let compose = "services:\n  web:\n    image: old\n    user: bad\n    hostname: last\n";
    let files = Memory::new().with("/p/compose.yaml", compose);
    let options = Options {
        paths: vec![PathBuf::from("/p")],
        select: vec!["invalid-syntax".to_owned()],
        keep_models: true,
        ..Options::default()
    };
    let check = |workspace: &Workspace<'_>| {
        let mut outcome = lint::check(workspace, &options);
        let source = workspace.read(Path::new("/p/compose.yaml")).unwrap();
        let found = |word: &str, new: &str| {
            let at = source.text().find(word)?;
            let fix = Fix {
                title: new.to_owned(),
                safety: Safety::Safe,
                edits: vec![Edit::replace(source.span(at..at + word.len()), new)],
            };
            Some(
                Diagnostic::new(
                    "x",
                    source.span(at..at + word.len()),
                    format!("{word} is wrong"),
                )
                .fix(fix),
            )
        };
        let is_broken = source.text().contains("user: worse");
        let broken = is_broken.then(|| Diagnostic::new("y", source.whole(), "worse"));
        outcome.diagnostics.extend(
            [
                found("old", "new"),
                found("user: bad", "user: worse"),
                found("last", "first"),
                broken,
            ]
            .into_iter()
            .flatten(),
        );
        outcome
    };
    let fixed = run_all(&files, Safety::Safe, &check);
    let refused: Vec<&str> = fixed
        .refused
        .iter()
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!(refused, ["it would bring a new finding, y: worse"]);
    assert_eq!(fixed.applied.len(), 2);
}

#[test]
fn marks_move_with_later_edits() {
    let source = Source::detached("one two");
    let fix = |title: &str| Applied {
        rule: "x",
        message: String::new(),
        title: title.to_owned(),
        safety: Safety::Safe,
        files: Vec::new(),
    };
    let (first, second) = (fix("first"), fix("second"));
    let made = marks::Made::new(
        source.clone(),
        vec![(Edit::replace(source.span(4..7), "three"), &first)],
    );
    let marks = marks::moved(Vec::new(), &made);
    let source = Source::detached("one three");
    let made = marks::Made::new(
        source.clone(),
        vec![(Edit::replace(source.span(0..3), "twenty"), &second)],
    );
    let marks = marks::moved(marks, &made);
    let told: Vec<_> = marks
        .iter()
        .map(|mark| (mark.title.as_str(), mark.range.clone()))
        .collect();
    assert_eq!(told, [("first", 7..12), ("second", 0..6)]);
}
