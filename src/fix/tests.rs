//! Applying edits to a text, and finding the few fixes among many that do not hold.

use std::cell::Cell;
use std::path::Path;

use super::*;
use crate::files::Memory;
use crate::text::Source;

#[test]
fn edits_are_made_from_left_to_right_whatever_their_order() {
    let source = Source::detached("one two three");
    let edits =
        [Edit::replace(source.span(8..13), "3"), Edit::replace(source.span(0..3), "1"), Edit::insert_before(source.span(4..7), "and ")];
    assert_eq!(Edit::apply_all(source.text(), &edits), "1 and two 3");
}

#[test]
fn edits_at_one_place_touch_each_other() {
    let source = Source::detached("abcd");
    let insert = Edit::insert_before(source.span(2..4), "x");
    assert!(edits::touch(&insert, &Edit::delete(source.span(1..2))));
    assert!(!edits::touch(&insert, &Edit::delete(source.span(0..1))));
}

/// In how many checks the fixes of 100 files are made, when those of `bad` break something, and how many were made.
fn checks_for(bad: &[usize]) -> (usize, usize) {
    let name = |number: usize| PathBuf::from(format!("/p/{number:03}"));
    let files = (0..100).fold(Memory::new(), |files, number| files.with(name(number), "old"));
    let checks = Cell::new(0);
    let check = |workspace: &Workspace<'_>| {
        checks.set(checks.get() + 1);
        let mut outcome = Outcome::default();
        for number in 0..100 {
            let source = workspace.read(&name(number)).unwrap();
            let found = |message: &str| Diagnostic::new("x", source.whole(), format!("{message} {number}"));
            match source.text() {
                "old" => {
                    let edits = vec![Edit::replace(source.whole(), "new")];
                    outcome.diagnostics.push(found("old").fix(Fix { title: format!("{number}"), safety: Safety::Safe, edits }));
                }
                _ if bad.contains(&number) => outcome.diagnostics.push(found("broken")),
                _ => {}
            }
        }
        outcome
    };
    let fixed = run(&files, Safety::Safe, &check);
    let refused: Vec<&str> = fixed.refused.iter().map(|(fix, _)| fix.title.as_str()).collect();
    assert_eq!(refused, bad.iter().map(usize::to_string).collect::<Vec<_>>());
    assert!(bad.iter().all(|number| fixed.changes.iter().all(|change| change.path != Path::new(&name(*number)))));
    (checks.get(), fixed.changes.len())
}

#[test]
fn fixes_that_hold_are_made_at_once() {
    assert_eq!(checks_for(&[]), (3, 100));
}

#[test]
fn a_bad_fix_among_many_costs_few_checks() {
    let (checks, made) = checks_for(&[99]);
    assert!(checks < 20 && made == 99, "{checks} checks, {made} made");
    let (checks, made) = checks_for(&[0, 50, 99]);
    assert!(checks < 50 && made == 97, "{checks} checks, {made} made");
}
