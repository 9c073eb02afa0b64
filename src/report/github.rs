//! Workflow commands, which GitHub Actions turns into annotations of a pull request.
//!
//! Escaping and limits are those of the runner (`ActionCommandManager`) and of the toolkit's
//! `core.error`.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::place::Places;
use super::termcolor::WriteColor;
use super::{Report, Sanitised, one_line};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Column;

/// The runner cuts longer messages.
const MESSAGE_LIMIT: usize = 4096;

/// GitHub shows the first ten annotations of a kind in a step and drops the rest, so the worst come
/// first.
pub(super) fn write(report: &Report<'_>, out: &mut dyn WriteColor) -> io::Result<()> {
    let mut out = Sanitised(out);
    let mut places = Places::new(report, Column::CodePoint);
    let mut diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let (start, mut end) = places.range(diagnostic.span);
        if end.column == 0 && end.line > start.line {
            end.line -= 1;
        }
        let path = property(places.path(diagnostic.span.file));
        write!(
            out,
            "::{command} title={},file={path},line={}",
            property(diagnostic.rule),
            start.line + 1
        )?;
        // The runner refuses columns when a range has several lines.
        if start.line == end.line && end.column > start.column {
            write!(
                out,
                ",col={},endLine={},endColumn={}",
                start.column + 1,
                end.line + 1,
                end.column + 1
            )?
        } else {
            write!(out, ",endLine={}", end.line + 1)?
        }
        writeln!(out, "::{}", data(&message(diagnostic, &mut places)))?;
    }
    Ok(())
}

/// An annotation has one place and no labels, so the other places are told in words.
fn message(diagnostic: &Diagnostic, places: &mut Places<'_>) -> String {
    let mut message = diagnostic.message.clone();
    if !diagnostic.note.is_empty() {
        let _ = write!(message, "\n{}", diagnostic.note);
    }
    for label in &diagnostic.labels {
        let (start, _) = places.range(label.span);
        let _ = write!(
            message,
            "\n{}:{}: {}",
            places.path(label.span.file),
            start.line + 1,
            label.message
        );
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    message.truncate(message.floor_char_boundary(MESSAGE_LIMIT));
    message
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    one_line(text)
        .replace('%', "%25")
        .replace(':', "%3A")
        .replace(',', "%2C")
}
