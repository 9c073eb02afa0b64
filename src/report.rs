//! Diagnostics to text: one function per output format.
//!
//! A report knows diagnostics and sources, never where they came from. Whatever a person or a
//! terminal will read passes through `sanitise`, because sources and paths are other people's text.

use std::io;
use std::path::Path;

/// The colour-aware writers that reports are written to.
pub use codespan_reporting::term::termcolor;
use termcolor::WriteColor;

use crate::diagnostic::{Diagnostic, Safety, Severity};
use crate::text::Sources;

mod concise;
mod diff;
mod full;
mod github;
mod json;
mod lsp;
mod place;
mod sanitise;

pub use diff::{Hint, unified_diff};
pub use place::relative;
pub use sanitise::{Sanitised, one_line};

/// What is to be reported.
pub struct Report<'a> {
    /// The findings, in the order in which they are shown.
    pub diagnostics: &'a [Diagnostic],
    /// The files their spans point into.
    pub sources: &'a Sources,
    /// Absolute; paths are printed relative to it, with `/`.
    pub root: &'a Path,
    /// How much was looked at.
    pub checked: Checked,
    /// Leaves the summary out of the formats for people.
    pub quiet: bool,
}

/// How much was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Checked {
    /// Compose files and Dockerfiles.
    pub files: usize,
    /// Compose projects.
    pub projects: usize,
    /// Services in them.
    pub services: usize,
    /// Dockerfiles, of services or on their own.
    pub dockerfiles: usize,
}

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// For people: source lines with marks, help and fixes.
    #[default]
    Full,
    /// One line a finding: `file:line:column: severity[rule]: message`.
    Concise,
    /// One JSON object; lines and columns from 1, in code points, the end exclusive.
    Json,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// A JSON array of `PublishDiagnosticsParams` of the Language Server Protocol; UTF-16.
    Lsp,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Format; 5] = [
        Format::Full,
        Format::Concise,
        Format::Json,
        Format::Github,
        Format::Lsp,
    ];

    /// The word for it on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Full => "full",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Github => "github",
            Format::Lsp => "lsp",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
    }

    /// Whether it may be coloured.
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Full | Format::Concise)
    }
}

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report<'_>, format: Format, out: &mut dyn WriteColor) -> io::Result<()> {
    match format {
        Format::Full => full::write(report, out),
        Format::Concise => concise::write(report, out),
        Format::Json => json::write(report, out),
        Format::Github => github::write(report, out),
        Format::Lsp => lsp::write(report, out),
    }
}

/// What the summaries of all formats count.
struct Totals {
    errors: usize,
    warnings: usize,
    infos: usize,
    safe: usize,
    r#unsafe: usize,
}

impl Report<'_> {
    fn totals(&self) -> Totals {
        let severity = |wanted| {
            self.diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == wanted)
                .count()
        };
        let safety = |wanted| {
            self.diagnostics
                .iter()
                .filter(|diagnostic| safety(diagnostic) == Some(wanted))
                .count()
        };
        Totals {
            errors: severity(Severity::Error),
            warnings: severity(Severity::Warning),
            infos: severity(Severity::Info),
            safe: safety(Safety::Safe),
            r#unsafe: safety(Safety::Unsafe),
        }
    }

    /// The last lines of a report for people.
    fn write_summary(&self, out: &mut dyn io::Write) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let Checked {
            files,
            projects,
            services,
            dockerfiles,
        } = self.checked;
        let total = self.diagnostics.len();
        if total == 0 && projects + dockerfiles == 0 {
            return writeln!(
                out,
                "Nothing to check: no compose file and no Dockerfile found."
            );
        }
        if total == 0 {
            let seen = [
                (projects, "project"),
                (services, "service"),
                (dockerfiles, "Dockerfile"),
            ];
            let seen: Vec<String> = seen
                .into_iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, word)| count(number, word))
                .collect();
            let seen = seen.join(", ");
            return writeln!(out, "All checks passed! ({seen})");
        }
        let totals = self.totals();
        let kinds = [
            (totals.errors, "error"),
            (totals.warnings, "warning"),
            (totals.infos, "info"),
        ];
        let kinds: Vec<String> = kinds
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| count(number, word))
            .collect();
        let mut found: Vec<_> = self
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.span.file)
            .collect();
        found.sort_unstable();
        found.dedup();
        let place = if files >= found.len() && files > 1 {
            format!("{} of {}", found.len(), count(files, "file"))
        } else {
            count(found.len(), "file")
        };
        writeln!(
            out,
            "Found {} ({}) in {place}.",
            count(total, "problem"),
            kinds.join(", ")
        )?;
        match (totals.safe, totals.r#unsafe) {
            (0, 0) => Ok(()),
            (safe, 0) => writeln!(out, "[*] {safe} fixable with `composelint fix`."),
            (0, more) => writeln!(
                out,
                "[*] {more} fixable with `composelint fix --unsafe-fixes`."
            ),
            (safe, more) => writeln!(
                out,
                "[*] {safe} fixable with `composelint fix` ({more} more with `--unsafe-fixes`)."
            ),
        }
    }
}

fn safety(diagnostic: &Diagnostic) -> Option<Safety> {
    diagnostic.fix.as_ref().map(|fix| fix.safety)
}

/// `1 service`, `2 services`; "info" has no plural.
fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 || word == "info" {
        ""
    } else {
        "s"
    };
    format!("{number} {word}{plural}")
}

#[cfg(test)]
mod tests;
