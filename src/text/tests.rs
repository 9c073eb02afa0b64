//! Lines, columns and cooked text.

use super::*;

fn columns(text: &str, offset: u32) -> [(u32, u32); 3] {
    let lines = LineIndex::new(text);
    [Column::Utf8, Column::Utf16, Column::CodePoint].map(|unit| {
        let position = lines.position(text, offset, unit);
        (position.line, position.column)
    })
}

#[test]
fn a_column_counts_bytes_units_or_code_points() {
    let text = "a\n🐳é: x";
    let colon = offset(text.find(':').unwrap());
    assert_eq!(columns(text, colon), [(1, 6), (1, 3), (1, 2)]);
}

#[test]
fn every_kind_of_line_end_ends_a_line() {
    let lines = LineIndex::new("a\nb\r\nc\rd");
    assert_eq!([0, 2, 5, 7].map(|at| lines.line(at)), [0, 1, 2, 3]);
    assert_eq!(lines.count(), 4);
}

#[test]
fn a_byte_order_mark_has_no_column() {
    assert_eq!(columns("\u{feff}ab", 4)[2], (0, 1));
}

#[test]
fn positions_and_offsets_are_inverse() {
    let text = "é🐳\r\nx\n";
    let lines = LineIndex::new(text);
    for unit in [Column::Utf8, Column::Utf16, Column::CodePoint] {
        for (at, _) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let position = lines.position(text, offset(at), unit);
            assert_eq!(lines.offset(text, position, unit), offset(at));
        }
    }
}

#[test]
fn cooked_text_maps_back_through_two_layers() {
    // `a \<newline>b` in a Dockerfile is `a b`, of which the word `b` is taken.
    let source = Source::detached("a \\\nb!");
    let mut outer = CookedBuilder::new(source.whole());
    outer.verbatim("a ", 0);
    outer.verbatim("b!", 4);
    let outer = outer.finish();
    assert_eq!(outer.as_str(), "a b!");
    let word = outer.slice(2..4);
    assert_eq!(word.as_str(), "b!");
    assert_eq!(source.slice(word.span_of(0..1)), "b");
    assert_eq!(source.slice(outer.span_of(0..4)), "a \\\nb!");
    assert!(word.is_verbatim() && !outer.is_verbatim());
}

#[test]
fn an_escape_maps_to_all_of_its_bytes() {
    let source = Source::detached(r"x\u0041y");
    let mut builder = CookedBuilder::new(source.whole());
    builder.verbatim("x", 0);
    builder.replaced("A", 1..7);
    builder.verbatim("y", 7);
    let cooked = builder.finish();
    assert_eq!(cooked.as_str(), "xAy");
    assert_eq!(source.slice(cooked.span_of(1..2)), r"\u0041");
    assert_eq!(source.slice(cooked.span_of(2..3)), "y");
}
