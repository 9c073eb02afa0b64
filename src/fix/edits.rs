//! Edits applied to a text.

use crate::diagnostic::Edit;

/// The text with all edits made. They lie in one file and do not overlap; those at one place keep their order.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in ordered {
        let range = edit.span.range();
        if range.start < at {
            debug_assert!(false, "edits overlap");
            continue;
        }
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(&edit.text);
        at = range.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// Whether two edits want the same bytes, or the same place between bytes: then their order would matter.
pub(super) fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end
}
