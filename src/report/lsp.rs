//! `PublishDiagnosticsParams` of the Language Server Protocol 3.17, one a file that has findings,
//! as a JSON array.

use std::io;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Report;
use super::json::write_value;
use super::place::Places;
use crate::diagnostic::{self, Severity, rule_url};
use crate::text::{self, Column, FileId, Span};

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report, Column::Utf16);
    let mut files: Vec<PublishDiagnosticsParams<'_>> = Vec::new();
    let mut index: FxHashMap<FileId, usize> = FxHashMap::default();
    for diagnostic in report.diagnostics {
        let at = *index.entry(diagnostic.span.file).or_insert_with(|| {
            files.push(PublishDiagnosticsParams {
                uri: uri(places.source(diagnostic.span.file).path()),
                diagnostics: Vec::new(),
            });
            files.len() - 1
        });
        files[at].diagnostics.push(convert(diagnostic, &mut places));
    }
    write_value(&files, out)
}

#[derive(Serialize)]
struct PublishDiagnosticsParams<'a> {
    uri: String,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic<'a> {
    range: Range,
    severity: u8,
    code: &'a str,
    code_description: CodeDescription,
    source: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<RelatedInformation<'a>>,
}

#[derive(Serialize)]
struct CodeDescription {
    href: String,
}

#[derive(Serialize)]
struct RelatedInformation<'a> {
    location: Location,
    message: &'a str,
}

#[derive(Serialize)]
struct Location {
    uri: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    character: u32,
}

fn convert<'a>(diagnostic: &'a diagnostic::Diagnostic, places: &mut Places<'_>) -> Diagnostic<'a> {
    let mut message = diagnostic.message.clone();
    if !diagnostic.note.is_empty() {
        message = format!("{message}\n{}", diagnostic.note);
    }
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\nhelp: {help}");
    }
    let related = |label: &'a diagnostic::Label| RelatedInformation {
        location: Location {
            uri: uri(places.source(label.span.file).path()),
            range: range(label.span, places),
        },
        message: &label.message,
    };
    let related_information = diagnostic.labels.iter().map(related).collect();
    Diagnostic {
        range: range(diagnostic.span, places),
        severity: match diagnostic.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info => 3,
        },
        code: diagnostic.rule,
        code_description: CodeDescription {
            href: rule_url(diagnostic.rule),
        },
        source: "composelint",
        message,
        related_information,
    }
}

fn range(span: Span, places: &mut Places<'_>) -> Range {
    let (start, end) = places.range(span);
    let position = |position: text::Position| Position {
        line: position.line,
        character: position.column,
    };
    Range {
        start: position(start),
        end: position(end),
    }
}

/// The `file:` URI of an absolute path: all but unreserved characters and `/` are percent-encoded
/// (RFC 3986, RFC 8089).
fn uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(*byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
