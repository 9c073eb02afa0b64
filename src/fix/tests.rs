//! Applying edits to a text.

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
