//! Brings what is found in a text within a file, as the Dockerfile of `dockerfile_inline` is, to
//! the file itself: spans to where they are written, edits where the text stands in a literal block
//! (`|`), in which each line of the text is a line of the file.

use crate::diagnostic::{Diagnostic, Edit};
use crate::text::{Cooked, Source, Span};
use crate::workspace::Workspace;

/// Moves all spans and edits into files on the disk; a fix that cannot be written there is taken
/// out. Whether any was moved.
pub(super) fn place(workspace: &Workspace<'_>, diagnostics: &mut [Diagnostic]) -> bool {
    let placed = |span: &mut Span| {
        let at = workspace.sources().get(span.file).place(*span);
        std::mem::replace(span, at) != at
    };
    let mut is_any_moved = false;
    for finding in diagnostics {
        is_any_moved |= placed(&mut finding.span);
        for label in &mut finding.labels {
            is_any_moved |= placed(&mut label.span);
        }
        finding.fix = finding.fix.take().and_then(|mut fix| {
            fix.edits = fix
                .edits
                .into_iter()
                .map(|edit| written(&workspace.sources().get(edit.span.file), edit))
                .collect::<Option<_>>()?;
            Some(fix)
        });
    }
    is_any_moved
}

/// An edit as it is made in the file on the disk.
fn written(source: &Source, edit: Edit) -> Option<Edit> {
    let Some((around, text)) = source.embedded() else {
        return Some(edit);
    };
    let indent = indent(around, text)?;
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let span = Span::new(
        around.id(),
        text.source_offset(start),
        text.source_offset(end),
    );
    let is_last = |at: usize| at >= text.as_str().len();
    let encoded = |part: &str, is_last: bool| {
        let part = part
            .replace('$', "$$")
            .replace('\n', &format!("\n{}", " ".repeat(indent)));
        if is_last {
            part.strip_suffix(&" ".repeat(indent))
                .unwrap_or(&part)
                .to_owned()
        } else {
            part
        }
    };
    // What stands there must be what this would write: no value of a variable, no other line end,
    // no lost blanks.
    if encoded(&text.as_str()[start..end], is_last(end)) != around.slice(span) {
        return None;
    }
    let new = encoded(&edit.text, is_last(end));
    let is_line_start = start == 0 || text.as_str()[..start].ends_with('\n');
    let line_start = around.lines().start(around.lines().line(span.start));
    Some(match is_line_start {
        // The last lines go with their indentation.
        true if new.is_empty() && is_last(end) => Edit {
            span: Span::new(span.file, line_start, span.end),
            text: new,
        },
        // A blank line may lack the indentation that its new text needs.
        true if !new.is_empty() => Edit {
            span,
            text: " ".repeat(indent.saturating_sub((span.start - line_start) as usize)) + &new,
        },
        _ => Edit { span, text: new },
    })
}

/// By how much the lines of a literal block are indented; `None` for other styles.
fn indent(around: &Source, text: &Cooked) -> Option<usize> {
    if !around.slice(text.span()).starts_with('|') {
        return None;
    }
    let first = text.as_str().find(|c: char| c != '\n')?;
    let at = text.source_offset(first);
    let start = around.lines().start(around.lines().line(at));
    let before = &around.text()[start as usize..at as usize];
    before
        .bytes()
        .all(|byte| byte == b' ')
        .then_some(before.len())
}

#[cfg(test)]
mod tests;
