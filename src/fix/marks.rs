//! What made each part of a new text: moved along as further edits are made.

use std::ops::Range;

use super::Applied;
use crate::diagnostic::{Edit, Safety};
use crate::text::Source;

/// A part of a new text, and the repair that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the new text; empty where something was taken out.
    pub range: Range<usize>,
    /// How sure the repair is.
    pub safety: Safety,
    /// The rule that asked for it.
    pub rule: &'static str,
    /// What was done.
    pub title: String,
}

/// The edits of a pass in one file, in order, each with its repair.
pub(super) struct Made {
    /// The file as the edits found it.
    pub(super) source: Source,
    edits: Vec<(Edit, Mark)>,
}

impl Made {
    pub(super) fn new(source: Source, edits: Vec<(Edit, &Applied)>) -> Made {
        let mut edits: Vec<(Edit, Mark)> = edits
            .into_iter()
            .map(|(edit, fix)| {
                (
                    edit,
                    Mark {
                        range: 0..0,
                        safety: fix.safety,
                        rule: fix.rule,
                        title: fix.title.clone(),
                    },
                )
            })
            .collect();
        edits.sort_by_key(|(edit, _)| (edit.span.start, edit.span.end));
        Made { source, edits }
    }
}

/// The marks of a text after more edits: the old ones where they are then, and those of the edits.
pub(super) fn moved(old: Vec<Mark>, made: &Made) -> Vec<Mark> {
    let at = |place: usize| {
        let before = made
            .edits
            .iter()
            .take_while(|(edit, _)| edit.span.range().end <= place);
        before.fold(place, |place, (edit, _)| {
            place + edit.text.len() - edit.span.range().len()
        })
    };
    let mut marks: Vec<Mark> = old
        .into_iter()
        .map(|mark| Mark {
            range: at(mark.range.start)..at(mark.range.end),
            ..mark
        })
        .collect();
    let mut shift = 0_isize;
    for (edit, mark) in &made.edits {
        let start = edit.span.range().start.saturating_add_signed(shift);
        marks.push(Mark {
            range: start..start + edit.text.len(),
            ..mark.clone()
        });
        shift += edit.text.len() as isize - edit.span.range().len() as isize;
    }
    marks
}
