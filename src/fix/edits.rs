//! Which edits get in each other's way.

use crate::diagnostic::Edit;

/// Whether two edits want the same bytes, or the same place between bytes: then their order would
/// matter.
pub(super) fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end
}
