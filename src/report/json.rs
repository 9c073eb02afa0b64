//! The stable JSON report: one object, `{"diagnostics": […], "summary": {…}}`.
//!
//! Lines and columns count from 1, columns in Unicode code points; an end is the first place
//! behind. Fields are added in later releases, never renamed or taken away.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::Report;
use super::place::Places;
use super::sanitise::replacement;
use crate::diagnostic;
use crate::text::{self, Column, Span};

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report, Column::CodePoint);
    let totals = report.totals();
    let object = Object {
        diagnostics: report
            .diagnostics
            .iter()
            .map(|diagnostic| item(diagnostic, &mut places))
            .collect(),
        summary: Summary {
            total: report.diagnostics.len(),
            errors: totals.errors,
            warnings: totals.warnings,
            infos: totals.infos,
            fixable: totals.safe,
            fixable_unsafe: totals.r#unsafe,
            files: report.checked.files,
            projects: report.checked.projects,
            services: report.checked.services,
            dockerfiles: report.checked.dockerfiles,
        },
    };
    write_value(&object, out)
}

/// Writes any value as one line of JSON that is harmless on a terminal.
pub(super) fn write_value<T: Serialize>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Harmless))?;
    writeln!(out)
}

#[derive(Serialize)]
struct Object<'a> {
    diagnostics: Vec<Item<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    total: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
    fixable_unsafe: usize,
    files: usize,
    projects: usize,
    services: usize,
    dockerfiles: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    note: Option<&'a str>,
    help: Option<&'a str>,
    file: String,
    range: Range,
    service: Option<&'a str>,
    labels: Vec<Label<'a>>,
    fix: Option<Fix<'a>>,
    remedy: Option<Remedy<'a>>,
    url: String,
}

#[derive(Serialize)]
struct Remedy<'a> {
    path: Option<String>,
    link: &'a str,
    action: &'a str,
    command: Option<&'a str>,
}

#[derive(Serialize)]
struct Label<'a> {
    file: String,
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safety: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    file: String,
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

fn item<'a>(diagnostic: &'a diagnostic::Diagnostic, places: &mut Places<'_>) -> Item<'a> {
    let (file, range) = place(diagnostic.span, places);
    Item {
        rule: diagnostic.rule,
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        note: Some(diagnostic.note.as_str()).filter(|note| !note.is_empty()),
        help: diagnostic.help.as_deref(),
        file,
        range,
        service: diagnostic.service.as_deref(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| self::label(label, places))
            .collect(),
        fix: diagnostic.fix.as_ref().map(|fix| self::fix(fix, places)),
        remedy: diagnostic.remedy.as_ref().map(|remedy| Remedy {
            path: remedy.path.as_deref().map(|path| places.relative(path)),
            link: remedy.link,
            action: remedy.action,
            command: remedy.command.as_deref(),
        }),
        url: diagnostic::rule_url(diagnostic.rule),
    }
}

fn label<'a>(label: &'a diagnostic::Label, places: &mut Places<'_>) -> Label<'a> {
    let (file, range) = place(label.span, places);
    Label {
        file,
        range,
        message: &label.message,
    }
}

fn fix<'a>(fix: &'a diagnostic::Fix, places: &mut Places<'_>) -> Fix<'a> {
    let edit = |edit: &'a diagnostic::Edit| {
        let (file, range) = place(edit.span, places);
        Edit {
            file,
            range,
            text: &edit.text,
        }
    };
    Fix {
        title: &fix.title,
        safety: fix.safety.as_str(),
        edits: fix.edits.iter().map(edit).collect(),
    }
}

fn place(span: Span, places: &mut Places<'_>) -> (String, Range) {
    let (start, end) = places.range(span);
    let one_based = |position: text::Position| Position {
        line: position.line + 1,
        column: position.column + 1,
    };
    (
        places.path(span.file).to_owned(),
        Range {
            start: one_based(start),
            end: one_based(end),
        },
    )
}

/// Escapes what JSON allows raw in a string but a terminal would obey.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|character| replacement(character).is_some()) {
            CompactFormatter.write_string_fragment(out, &rest[..at])?;
            let character = rest[at..]
                .chars()
                .next()
                .expect("a character was found here");
            write!(out, "\\u{:04x}", u32::from(character))?;
            rest = &rest[at + character.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(out, rest)
    }
}
