//! One cause that is written several times is one finding: the first place, with the others as
//! labels.
//!
//! A Dockerfile with twelve `ENV key value` needs to be told once, and so does a service that two
//! alternative compose files write in the same way. Errors are not folded: each is in the way by
//! itself. This is for those who read a report; repairs and editors want every place by itself.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::text::{FileId, Sources};

/// Where places count as one: a file, or all the compose files of a directory.
type Region = (Option<FileId>, PathBuf);

/// Folds findings that say the same of the same service. They come in order, and those that stay
/// keep it.
pub fn fold(sources: &Sources, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut others: Vec<usize> = Vec::with_capacity(diagnostics.len());
    let mut first: FxHashMap<(&'static str, String, Option<String>, Region), usize> =
        FxHashMap::default();
    for finding in diagnostics {
        let key = (
            finding.rule,
            finding.message.clone(),
            finding.service.clone(),
            region(sources, finding.span.file),
        );
        match first.get(&key) {
            Some(&at) if finding.severity < Severity::Error => {
                add(&mut kept[at], finding);
                others[at] += 1;
            }
            _ => {
                first.insert(key, kept.len());
                kept.push(finding);
                others.push(0);
            }
        }
    }
    for (finding, others) in kept.iter_mut().zip(others) {
        match others {
            0 => {}
            1 => finding.message.push_str(", here and in another place"),
            _ => finding
                .message
                .push_str(&format!(", here and in {others} other places")),
        }
    }
    kept
}

fn region(sources: &Sources, file: FileId) -> Region {
    let path = sources.get(file).path().to_path_buf();
    let is_yaml = path
        .extension()
        .is_some_and(|ending| ending == "yml" || ending == "yaml");
    match path.parent() {
        Some(directory) if is_yaml => (None, directory.to_path_buf()),
        _ => (Some(file), PathBuf::new()),
    }
}

/// Another place, with its repair where both can be made at once. A repair that is left out comes
/// up again when the first is made.
fn add(finding: &mut Diagnostic, other: Diagnostic) {
    let label = if other.note.is_empty() {
        "and here".to_owned()
    } else {
        other.note
    };
    finding.labels.push(crate::diagnostic::Label {
        span: other.span,
        message: label,
    });
    let (Some(fix), Some(more)) = (&mut finding.fix, other.fix) else {
        return;
    };
    let is_apart = |edit: &Edit| {
        fix.edits
            .iter()
            .all(|made| is_before(made, edit) || is_before(edit, made))
    };
    if fix.safety == more.safety
        && more
            .edits
            .iter()
            .all(|edit| edit.span.file == other.span.file && is_apart(edit))
    {
        fix.edits.extend(more.edits);
    }
}

/// Whether one edit ends before the other starts; two insertions at one place do not.
fn is_before(one: &Edit, other: &Edit) -> bool {
    one.span.file != other.span.file || (one.span.end <= other.span.start && one.span != other.span)
}

#[cfg(test)]
mod tests;
