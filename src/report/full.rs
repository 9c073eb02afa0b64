//! The report for people: every finding with the source lines that prove it, in all files, as rustc
//! writes them.

use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic as rendered;
use codespan_reporting::files;
use codespan_reporting::term::{self, Chars, Config, Styles, WriteStyle};
use rustc_hash::FxHashMap;

use super::diff::{border, write_fix};
use super::place::Places;
use super::sanitise::without_commands;
use super::termcolor::{ColorSpec, WriteColor};
use super::{Report, Sanitised, one_line};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Column, FileId, Position, Source, Span};

/// A marked range of more lines is shown by its first line alone.
const LINES_LIMIT: u32 = 10;
/// Of a longer line only a part is shown, in bytes.
const LINE_LIMIT: usize = 240;
/// How much of such a line is shown before the first mark, in bytes.
const LINE_LEAD: usize = 60;
/// More places than this prove nothing more to a reader.
const LABEL_LIMIT: usize = 16;

pub(super) fn write(report: &Report<'_>, out: &mut dyn WriteColor) -> io::Result<()> {
    let mut places = Places::new(report, Column::CodePoint);
    let config = Config {
        chars: Chars::ascii(),
        ..Config::default()
    };
    for diagnostic in report.diagnostics {
        let (snippet, width) = Snippet::new(diagnostic, &mut places);
        let mut terminal = Terminal::new(out, diagnostic.severity);
        term::emit_to_write_style(&mut terminal, &config, &snippet, &snippet.diagnostic).map_err(
            |error| match error {
                files::Error::Io(error) => error,
                other => io::Error::other(other),
            },
        )?;
        if let Some(fix) = &diagnostic.fix {
            if snippet.diagnostic.notes.is_empty() {
                border(width, &mut Sanitised(out))?;
            }
            write_fix(fix, &mut places, width, out)?;
        }
        writeln!(out)?;
    }
    report.write_summary(&mut Sanitised(out))
}

/// One diagnostic in the renderer's terms, and the parts of the files that it shows.
struct Snippet {
    diagnostic: rendered::Diagnostic<FileId>,
    files: FxHashMap<FileId, File>,
}

struct File {
    source: Source,
    path: String,
    /// What is shown of lines that are too long, by line.
    windows: FxHashMap<usize, Range<usize>>,
    /// Where the marks start, counted already.
    starts: Vec<(usize, Position)>,
}

impl Snippet {
    /// Also gives the width of the column of line numbers.
    fn new(diagnostic: &Diagnostic, places: &mut Places<'_>) -> (Self, usize) {
        let mut files: FxHashMap<FileId, File> = FxHashMap::default();
        let mut labels = Vec::new();
        let mut last_line = 0;
        let primary = std::iter::once((
            rendered::LabelStyle::Primary,
            diagnostic.span,
            diagnostic.note.as_str(),
        ));
        let others = diagnostic.labels.iter().map(|label| {
            (
                rendered::LabelStyle::Secondary,
                label.span,
                label.message.as_str(),
            )
        });
        for (style, span, message) in primary.chain(others.take(LABEL_LIMIT)) {
            let (start, _) = places.range(span);
            let path = one_line(places.path(span.file));
            let source = places.source(span.file);
            let file = files.entry(span.file).or_insert_with(|| File {
                source: source.clone(),
                path,
                windows: FxHashMap::default(),
                starts: Vec::new(),
            });
            let range = file.mark(span);
            file.starts.push((range.start, start));
            last_line = last_line.max(source.lines().line(crate::text::offset(range.end)));
            labels.push(
                rendered::Label::new(style, span.file, range).with_message(one_line(message)),
            );
        }
        let mut notes: Vec<String> = diagnostic
            .help
            .iter()
            .map(|help| format!("help: {}", without_commands(help)))
            .collect();
        if let Some(more) = diagnostic.labels.len().checked_sub(LABEL_LIMIT + 1) {
            notes.insert(0, format!("note: and {} more places", more + 1));
        }
        let severity = match diagnostic.severity {
            Severity::Error => rendered::Severity::Error,
            Severity::Warning => rendered::Severity::Warning,
            Severity::Info => rendered::Severity::Note,
        };
        let rendered = rendered::Diagnostic::new(severity)
            .with_code(diagnostic.rule)
            .with_message(one_line(&diagnostic.message))
            .with_labels(labels)
            .with_notes(notes);
        (
            Snippet {
                diagnostic: rendered,
                files,
            },
            (last_line + 1).to_string().len(),
        )
    }
}

impl File {
    /// The range that is drawn for a span: without the line break at its end, not over too many
    /// lines, and inside the part of its lines that is shown.
    fn mark(&mut self, span: Span) -> Range<usize> {
        let lines = self.source.lines();
        let text = self.source.text();
        let floor = |at: u32| text.floor_char_boundary(at as usize);
        let first = lines.line(span.start);
        let start = floor(span.start.max(lines.start(first)));
        let mut end = start + text[start..floor(span.end).max(start)].trim_end().len();
        if lines.line(crate::text::offset(end)) - first >= LINES_LIMIT {
            end = start + text[start..lines.end(first) as usize].trim_end().len();
        }
        let last = lines.line(crate::text::offset(end));
        let shown_first = self.window(first as usize, start);
        let shown_last = self.window(last as usize, end);
        let start = start.clamp(shown_first.start, shown_first.end);
        start..end.clamp(shown_last.start, shown_last.end).max(start)
    }

    /// The part of a line that is shown, chosen when the first mark on it is drawn.
    fn window(&mut self, line: usize, mark: usize) -> Range<usize> {
        let whole = self.line(line);
        if whole.len() <= LINE_LIMIT {
            return whole;
        }
        let text = self.source.text();
        let cut = || {
            let start = text.floor_char_boundary(mark.saturating_sub(LINE_LEAD).max(whole.start));
            start..text.floor_char_boundary((start + LINE_LIMIT).min(whole.end))
        };
        self.windows.entry(line).or_insert_with(cut).clone()
    }

    /// A line without its line break.
    fn line(&self, line: usize) -> Range<usize> {
        let (start, end) = (
            self.source.lines().start(crate::text::offset(line)),
            self.source.lines().end(crate::text::offset(line)),
        );
        let text = &self.source.text()[start as usize..end as usize];
        start as usize..start as usize + text.trim_end_matches(['\n', '\r']).len()
    }
}

impl<'a> files::Files<'a> for Snippet {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, files::Error> {
        Ok(&self.file(id)?.path)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, files::Error> {
        Ok(self.file(id)?.source.text())
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, files::Error> {
        Ok(self
            .file(id)?
            .source
            .lines()
            .line(crate::text::offset(byte_index)) as usize)
    }

    fn column_number(
        &'a self,
        id: FileId,
        _line: usize,
        byte_index: usize,
    ) -> Result<usize, files::Error> {
        let known = self
            .file(id)?
            .starts
            .iter()
            .find(|(start, _)| *start == byte_index);
        Ok(known.map_or(1, |(_, position)| position.column as usize + 1))
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, files::Error> {
        let file = self.file(id)?;
        let count = file.source.lines().count() as usize;
        if line_index >= count {
            return Err(files::Error::LineTooLarge {
                given: line_index,
                max: count - 1,
            });
        }
        if let Some(window) = file.windows.get(&line_index) {
            return Ok(window.clone());
        }
        let whole = file.line(line_index);
        let end = file
            .source
            .text()
            .floor_char_boundary(whole.end.min(whole.start + LINE_LIMIT));
        Ok(whole.start..end)
    }
}

impl Snippet {
    fn file(&self, id: FileId) -> Result<&File, files::Error> {
        self.files.get(&id).ok_or(files::Error::FileMissing)
    }
}

/// Where the renderer writes. It knows no severity `info` and calls it `note`, it ends every
/// diagnostic with an empty line, where our fixes have yet to come, and some of its lines with
/// blanks: all three are put right here.
struct Terminal<'w> {
    out: Sanitised<'w>,
    styles: Styles,
    severity: Severity,
    in_header: bool,
    at_line_start: bool,
    blanks: usize,
}

impl<'w> Terminal<'w> {
    fn new(out: &'w mut dyn WriteColor, severity: Severity) -> Self {
        let styles = Styles::default();
        Terminal {
            out: Sanitised(out),
            styles,
            severity,
            in_header: false,
            at_line_start: true,
            blanks: 0,
        }
    }

    fn paint(&mut self, style: impl Fn(&Styles) -> &ColorSpec) -> io::Result<()> {
        self.write_blanks()?;
        self.out.set_color(style(&self.styles))
    }

    fn write_blanks(&mut self) -> io::Result<()> {
        write!(
            self.out,
            "{:width$}",
            "",
            width = std::mem::take(&mut self.blanks)
        )
    }
}

impl io::Write for Terminal<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.in_header) {
            self.out.write_all(self.severity.as_str().as_bytes())?;
        } else if bytes.iter().all(|byte| *byte == b' ') {
            self.blanks += bytes.len();
        } else if bytes == b"\n" {
            self.blanks = 0;
            if !self.at_line_start {
                self.out.write_all(bytes)?;
            }
        } else {
            self.write_blanks()?;
            self.out.write_all(bytes)?;
        }
        self.at_line_start = bytes.ends_with(b"\n");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteStyle for Terminal<'_> {
    fn set_header(&mut self, severity: rendered::Severity) -> io::Result<()> {
        self.in_header = true;
        self.paint(|styles| styles.header(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.paint(|styles| &styles.header_message)
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.paint(|styles| &styles.line_number)
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.paint(|styles| &styles.note_bullet)
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.paint(|styles| &styles.source_border)
    }

    fn set_label(
        &mut self,
        severity: rendered::Severity,
        label_style: rendered::LabelStyle,
    ) -> io::Result<()> {
        self.paint(|styles| styles.label(severity, label_style))
    }

    fn reset(&mut self) -> io::Result<()> {
        WriteColor::reset(&mut self.out)
    }
}
