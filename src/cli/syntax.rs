//! `composelint syntax`: the tree of a file, with the place of every part; or a Dockerfile as
//! BuildKit's parser prints it.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::Context as _;

use self::language::Language;
use super::arguments::{Shape, Syntax};
use super::{Setting, Status, terminal};
use crate::diagnostic::Diagnostic;
use crate::disk::Disk;
use crate::files::{Overlay, SIZE_LIMIT};
use crate::image::dockerfiles::refusals::refusals;
use crate::report::{self, Checked};
use crate::syntax::dockerfile::Dockerfile;
use crate::syntax::{dockerfile, dotenv, ignore, json, makefile, markdown, shell};
use crate::text::{Column, Cooked, Position, Source, Span};
use crate::workspace::{Parsed, Workspace};

mod container;
pub(super) mod language;
mod others;

pub(super) fn run(setting: &Setting, arguments: &Syntax) -> anyhow::Result<Status> {
    let mut files = Overlay::new(&Disk);
    if arguments.files.iter().any(|file| file.as_os_str() == "-") {
        let mut text = Vec::new();
        std::io::stdin()
            .take(SIZE_LIMIT)
            .read_to_end(&mut text)
            .context("standard input cannot be read")?;
        files.write(setting.absolute(Path::new("-")), text);
    }
    let workspace = Workspace::new(&files);
    let mut status = Status::Clean;
    for file in &arguments.files {
        status = status.max(print(setting, &workspace, file, arguments)?);
    }
    Ok(status)
}

/// Prints one file. What cannot be read in it goes to standard error, so that standard output holds
/// trees only.
fn print(
    setting: &Setting,
    workspace: &Workspace<'_>,
    file: &Path,
    arguments: &Syntax,
) -> anyhow::Result<Status> {
    let source = match workspace.read(&setting.absolute(file)) {
        Ok(source) => source,
        Err(error) => {
            setting.tell_error(&setting.absolute(file), &error.to_string());
            return Ok(Status::Failed);
        }
    };
    let language = arguments.language.unwrap_or_else(|| Language::of(&source));
    let (text, diagnostics) = match (arguments.format, language) {
        (Shape::Buildkit, Language::Dockerfile) => {
            let parsed = workspace.dockerfile(&source);
            let dump = dockerfile::dump::dump(&parsed.tree);
            (
                if dump.is_empty() { dump } else { dump + "\n" },
                refused(&parsed),
            )
        }
        (Shape::Buildkit, _) => anyhow::bail!(
            "{}: only a Dockerfile has a form of BuildKit",
            setting.relative(&setting.absolute(file))
        ),
        (Shape::Tree, _) => tree(workspace, &source, language),
    };
    if !setting.quiet {
        setting.print_source(|out| write!(out, "{text}"))?;
    }
    if diagnostics.is_empty() {
        return Ok(Status::Clean);
    }
    let report = report::Report {
        diagnostics: &diagnostics,
        sources: workspace.sources(),
        root: &setting.report_root(),
        checked: Checked {
            files: 1,
            projects: 0,
            services: 0,
            dockerfiles: usize::from(language == Language::Dockerfile),
        },
        quiet: true,
    };
    let mut out = terminal::stderr(setting.color);
    report::write(&report, setting.format, &mut *out)
        .and_then(|()| out.flush())
        .context("cannot write to standard error")?;
    Ok(Status::Findings)
}

/// Why BuildKit would refuse a Dockerfile: what it cannot read; if it can read all, stages that it
/// cannot put together.
fn refused(parsed: &Parsed<Dockerfile>) -> Vec<Diagnostic> {
    match parsed.diagnostics.as_slice() {
        [] => refusals(&parsed.tree, &[], &|_| false),
        diagnostics => diagnostics.to_vec(),
    }
}

fn tree(
    workspace: &Workspace<'_>,
    source: &Source,
    language: Language,
) -> (String, Vec<Diagnostic>) {
    let mut tree = Tree {
        source,
        text: String::new(),
        last: (0, Position { line: 0, column: 0 }),
    };
    let diagnostics = match language {
        Language::Dockerfile => {
            let parsed = workspace.dockerfile(source);
            tree.dockerfile(&parsed.tree);
            refused(&parsed)
        }
        Language::Yaml => {
            let parsed = workspace.yaml(source);
            tree.yaml(&parsed.tree);
            parsed.diagnostics.clone()
        }
        Language::Ignore => {
            let (patterns, diagnostics) = ignore::parse(source);
            tree.patterns(&patterns);
            diagnostics
        }
        Language::Env => {
            let (entries, diagnostics) = dotenv::parse(source, dotenv::Format::Standard);
            tree.entries(&entries);
            diagnostics
        }
        Language::Makefile => {
            tree.makefile(&makefile::parse(source));
            Vec::new()
        }
        Language::Shell => {
            tree.script(0, &shell::parse(&Cooked::verbatim(source, source.whole())));
            Vec::new()
        }
        Language::Markdown => {
            tree.code(&markdown::parse(source));
            Vec::new()
        }
        Language::Json => {
            let (json, diagnostics) = json::parse(source);
            tree.json(&json);
            diagnostics
        }
    };
    (tree.text, diagnostics)
}

/// A tree on its way to text: a line for each part, indented by its depth, with its place.
struct Tree<'s> {
    source: &'s Source,
    text: String,
    /// Where the last part starts.
    last: (u32, Position),
}

impl Tree<'_> {
    /// A part without a text of its own.
    fn part(&mut self, depth: usize, name: &str, span: Span) {
        let place = self.place(span);
        _ = writeln!(
            self.text,
            "{:indent$}{name} {place}",
            "",
            indent = 2 * depth
        );
    }

    /// A part and its text.
    fn leaf(&mut self, depth: usize, name: &str, text: &str, span: Span) {
        self.part(
            depth,
            &format!("{name} {}", serde_json::Value::from(text)),
            span,
        );
    }

    /// `line:column-line:column`, both from 1; the end is the place behind the last character.
    ///
    /// Parts come in the order of their starts, so that a long line is counted once, not once for
    /// each of its parts.
    fn place(&mut self, span: Span) -> String {
        let (offset, position) = self.last;
        let start = self.position(span.start, (offset, position));
        self.last = (span.start, start);
        let end = self.position(span.end, self.last);
        format!(
            "{}:{}-{}:{}",
            start.line + 1,
            start.column + 1,
            end.line + 1,
            end.column + 1
        )
    }

    /// The place of an offset, counted from a place before it where that is on the same line.
    fn position(&self, offset: u32, (known, place): (u32, Position)) -> Position {
        let lines = self.source.lines();
        let line = lines.line(offset);
        let (from, column) = if line == place.line && known <= offset {
            (known, place.column)
        } else {
            (lines.start(line), 0)
        };
        let between = &self.source.text().as_bytes()[from as usize..offset as usize];
        Position {
            line,
            column: column + Column::CodePoint.count(between),
        }
    }
}
