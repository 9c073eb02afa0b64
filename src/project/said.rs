//! Something that the user states, and where it is written.

use crate::text::Span;

/// Something the user states, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Where it is written.
    pub span: Option<Span>,
}
