//! Parser directives: `# escape=`, `# syntax=` and `# check=` before anything else.
//!
//! BuildKit reads them twice. Its parser takes `escape` and tolerates leading blanks; the frontend
//! looks for `syntax` and `check` in the raw bytes, where a leading blank hides them and a `#!`
//! line does not. The window of each closes at the first line that is no directive, an empty line
//! included.

use super::lines::Line;
use super::{Directive, INVALID_SYNTAX};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, offset};

const NAMES: [&str; 3] = ["escape", "syntax", "check"];

/// What has been read at the top of a file so far.
pub(super) struct Directives {
    /// Those that take effect.
    pub(super) list: Vec<Directive>,
    /// The escape character.
    pub(super) escape: char,
    seen: Vec<String>,
    parser_open: bool,
    frontend_open: bool,
}

impl Directives {
    /// The window is open.
    pub(super) fn new() -> Self {
        Directives {
            list: Vec::new(),
            escape: '\\',
            seen: Vec::new(),
            parser_open: true,
            frontend_open: true,
        }
    }

    /// Anything but a comment closes the window.
    pub(super) fn close(&mut self) {
        self.parser_open = false;
        self.frontend_open = false;
    }

    /// Reads a comment line.
    pub(super) fn read(
        &mut self,
        source: &Source,
        line: Line<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Comment {
        if !self.parser_open && !self.frontend_open {
            return Comment::Plain;
        }
        let Some(directive) = directive(source, line) else {
            let is_shebang =
                line.text.starts_with("#!") && line.start == source.content_start() as usize;
            self.parser_open = false;
            self.frontend_open &= is_shebang;
            return Comment::Plain;
        };
        if self.parser_open && self.seen.contains(&directive.name) {
            let message = format!(
                "`{}` is set twice at the top of the Dockerfile",
                directive.name
            );
            diagnostics
                .push(Diagnostic::new(INVALID_SYNTAX, directive.span, message).note("set before"));
            self.close();
            return Comment::Plain;
        }
        let is_indented = line.text.starts_with(char::is_whitespace);
        let is_effective = match directive.name.as_str() {
            "escape" => self.parser_open,
            _ => self.frontend_open && !is_indented,
        };
        self.frontend_open &= !is_indented;
        self.seen.push(directive.name.clone());
        if !is_effective {
            return if self.parser_open {
                Comment::Ineffective
            } else {
                Comment::Plain
            };
        }
        if directive.name == "escape" {
            match directive.value.as_str() {
                "\\" => self.escape = '\\',
                "`" => self.escape = '`',
                _ => {
                    let message = format!("`{}` cannot be the escape character", directive.value);
                    let help = "Write `# escape=\\` or `# escape=` followed by a backquote.";
                    diagnostics.push(
                        Diagnostic::new(INVALID_SYNTAX, directive.value_span, message).help(help),
                    );
                }
            }
        }
        if directive.name == "check"
            && let Err(message) = Checks::read(&directive.value)
        {
            let help = "Write `# check=skip=Rule,Rule;error=true`.";
            diagnostics
                .push(Diagnostic::new(INVALID_SYNTAX, directive.value_span, message).help(help));
        }
        self.list.push(directive);
        if self.parser_open {
            Comment::Directive
        } else {
            Comment::DirectiveForFrontend
        }
    }
}

/// What a comment line is.
#[derive(PartialEq)]
pub(super) enum Comment {
    /// Nothing more.
    Plain,
    /// A directive that takes effect.
    Directive,
    /// The same, but only for those who choose the frontend; to the parser it is a comment.
    DirectiveForFrontend,
    /// A directive for the parser, in a place where those who would act on it do not look.
    Ineffective,
}

/// What `# check=` says about BuildKit's checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// The checks to leave out.
    pub skip: Vec<String>,
    /// Whether all are left out.
    pub skip_all: bool,
    /// Whether a finding fails the build.
    pub error: bool,
}

impl Checks {
    /// Reads `skip=A,B;error=true`.
    ///
    /// # Errors
    /// What BuildKit refuses, in words.
    pub fn read(value: &str) -> Result<Self, String> {
        let mut checks = Checks::default();
        if value.trim().is_empty() {
            return Ok(checks);
        }
        for part in value.splitn(3, ';') {
            let Some((key, value)) = part.split_once('=') else {
                return Err(format!("`{part}` is no option of `check`"));
            };
            match (key.trim(), value.trim()) {
                ("skip", "all") => checks.skip_all = true,
                ("skip", names) => {
                    checks.skip = names
                        .split(',')
                        .map(|name| name.trim().to_owned())
                        .collect()
                }
                ("experimental", _) => {}
                ("error", "1" | "t" | "T" | "TRUE" | "true" | "True") => checks.error = true,
                ("error", "0" | "f" | "F" | "FALSE" | "false" | "False") => checks.error = false,
                ("error", value) => {
                    return Err(format!(
                        "`error` is either `true` or `false`, not `{value}`"
                    ));
                }
                (key, _) => return Err(format!("`check` has no option `{key}`")),
            }
        }
        Ok(checks)
    }
}

/// Reads `# name = value`.
fn directive(source: &Source, line: Line<'_>) -> Option<Directive> {
    let line = line.trimmed();
    let body = line.text.strip_prefix('#')?.trim_start();
    let name_length = body.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = body[..name_length].to_ascii_lowercase();
    if !NAMES.contains(&name.as_str()) {
        return None;
    }
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let value = body[name_length..]
        .trim_start_matches(is_blank)
        .strip_prefix('=')?;
    let value = value.trim_start_matches(is_blank);
    let value_start = line.range().end - value.len();
    let value = value.trim_end_matches(is_blank);
    if value.is_empty() {
        return None;
    }
    // What follows the first word of `syntax` and `check` is thrown away.
    let value = if name == "escape" {
        value
    } else {
        value.split(' ').next().unwrap_or(value)
    };
    let value_span = crate::text::Span::new(
        source.id(),
        offset(value_start),
        offset(value_start + value.len()),
    );
    Some(Directive {
        name,
        value: value.to_owned(),
        value_span,
        span: source.span(line.range()),
    })
}
