//! Edits applied to a text, and fixes that are proven or taken back.

use super::*;
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

/// A check that finds each `bad` word of `/f` and offers to make it good, and whatever `more` adds.
fn check_words(workspace: &Workspace<'_>, more: impl Fn(&Source) -> Vec<Diagnostic>) -> Outcome {
    let source = workspace.read(Path::new("/f")).unwrap();
    let find = |(at, word): (usize, &str)| {
        let span = source.span(at..at + word.len());
        let fix = Fix { title: format!("Replace {word}"), safety: Safety::Safe, edits: vec![Edit::replace(span, "good")] };
        Diagnostic::new("words", span, format!("{word} at word {}", source.text()[..at].split_whitespace().count())).fix(fix)
    };
    let mut diagnostics: Vec<Diagnostic> = source.text().match_indices("bad").map(find).collect();
    diagnostics.extend(more(&source));
    Outcome { diagnostics, ..Outcome::default() }
}

fn fixed(text: &str, more: impl Fn(&Source) -> Vec<Diagnostic>) -> (String, Fixed) {
    let files = crate::files::Memory::new().with("/f", text);
    let fixed = run(&files, Safety::Safe, &|workspace| check_words(workspace, &more));
    let after = fixed.changes.first().map_or(text.to_owned(), |change| change.after.clone());
    (after, fixed)
}

#[test]
fn fixes_that_do_not_touch_are_all_made() {
    let (after, fixed) = fixed("bad x bad", |_| Vec::new());
    assert_eq!((after.as_str(), fixed.applied.len(), fixed.refused.len()), ("good x good", 2, 0));
}

#[test]
fn a_fix_that_brings_a_new_finding_is_taken_back_and_the_others_are_made() {
    // Whoever makes the second word good breaks something.
    let more = |source: &Source| match source.text().ends_with("good") {
        true => vec![Diagnostic::new("other", source.whole(), "broken")],
        false => Vec::new(),
    };
    let (after, fixed) = fixed("bad x bad", more);
    assert_eq!(after, "good x bad");
    let refused: Vec<&str> = fixed.refused.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(refused, ["it would bring a new finding, other: broken"]);
}

#[test]
fn nothing_is_changed_when_no_fix_is_sure_enough() {
    let more = |source: &Source| {
        let edits = vec![Edit::replace(source.whole(), "worse")];
        vec![Diagnostic::new("doubt", source.whole(), "x").fix(Fix { title: "Guess".into(), safety: Safety::Unsafe, edits })]
    };
    let (after, fixed) = fixed("text", more);
    assert_eq!((after.as_str(), fixed.changes.len()), ("text", 0));
}
