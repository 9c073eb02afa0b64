//! What can be said about a project and changed in it, as plain data.
//!
//! Parsers, the loader and the rules make [`Diagnostic`]s; reports print them, `fix` applies their
//! [`Edit`]s. Nothing here knows where a diagnostic came from or how it will be shown.

use std::path::PathBuf;

use crate::text::Span;

/// How bad a finding is. The order is used: `Error` is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something will not do what its author expects.
    Warning,
    /// It is broken.
    Error,
}

impl Severity {
    /// The word used in reports and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What is known of a rule before it runs, read from the front matter of its document.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Kebab-case name of the bad thing; also the name of its document.
    pub id: &'static str,
    /// One line, the document's `title`.
    pub title: &'static str,
    /// How bad a finding is unless the user says otherwise.
    pub severity: Severity,
    /// Whether each finding says itself how bad it is: `graded: yes`.
    pub is_graded: bool,
    /// Whether it runs without being asked for: not when its document says `default: off`.
    pub is_default: bool,
    /// The best fix the rule can offer, if it ever offers one.
    pub fix: Option<Safety>,
    /// The first release that had the rule.
    pub since: &'static str,
    /// Ids of the same check in other linters, which work in ignore comments.
    pub aliases: Vec<&'static str>,
    /// The whole document, Markdown with its front matter taken off.
    pub document: &'static str,
}

impl RuleInfo {
    /// Where the rule's document can be read on the web.
    pub fn url(&self) -> String {
        rule_url(self.id)
    }
}

/// Where a rule's document can be read on the web.
pub fn rule_url(id: &str) -> String {
    format!("{}/blob/main/rules/{id}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Id of the rule that says it.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop, in the user's words.
    pub message: String,
    /// The place to look at first.
    pub span: Span,
    /// What the report writes at `span`; empty for a bare mark.
    pub note: String,
    /// Other places that prove it, possibly in other files.
    pub labels: Vec<Label>,
    /// What to do, one or more sentences; what to type, where there is something to type.
    pub help: Option<String>,
    /// How composelint would repair it.
    pub fix: Option<Fix>,
    /// The service it is about.
    pub service: Option<String>,
    /// What makes the edit that it is about take effect all the same.
    pub remedy: Option<Remedy>,
}

/// What makes an edit take effect although a link between it and the process is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The path of the host whose edit is meant.
    pub path: Option<PathBuf>,
    /// The link that is broken: `arrives`, `visible`, `read` or `read again`.
    pub link: &'static str,
    /// The least action, by its name.
    pub action: &'static str,
    /// What to type.
    pub command: Option<String>,
}

impl Diagnostic {
    /// A finding with nothing but its message. Its severity is replaced by the rule's own when the
    /// rules are run.
    pub fn new(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            rule,
            severity: Severity::Error,
            message: message.into(),
            span,
            note: String::new(),
            labels: Vec::new(),
            help: None,
            fix: None,
            service: None,
            remedy: None,
        }
    }

    /// Says what makes the edit take effect all the same.
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// Says what is to be seen at the primary place.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds another place.
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how to repair it.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Says which service it is about.
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }
}

/// A place that takes part in a finding, and what it has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// How sure a fix is. The order is used: "apply at this level" is one comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Safety {
    /// Shown, never applied: something in it is for a person to fill in or to decide.
    Suggest,
    /// Applied with `--unsafe-fixes`: what the project does may change.
    Unsafe,
    /// Applied by `composelint fix`: the project does the same as before, but for what the finding
    /// is about.
    Safe,
}

impl Safety {
    /// The word used in reports and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Suggest => "suggest",
            Safety::Unsafe => "unsafe",
            Safety::Safe => "safe",
        }
    }
}

/// A repair: edits that belong together, possibly in several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, an imperative: "Mount ./api at /app".
    pub title: String,
    /// How sure it is.
    pub safety: Safety,
    /// The edits. They do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A repair with one edit.
    pub fn new(title: impl Into<String>, safety: Safety, edit: Edit) -> Fix {
        Fix {
            title: title.into(),
            safety,
            edits: vec![edit],
        }
    }

    /// A repair, unless the edits could not be made.
    pub fn of<E>(
        title: impl Into<String>,
        safety: Safety,
        edits: Result<Vec<Edit>, E>,
    ) -> Option<Fix> {
        Some(Fix {
            title: title.into(),
            safety,
            edits: edits.ok()?,
        })
        .filter(|fix| !fix.edits.is_empty())
    }
}

/// The bytes of `span` replaced by `text`. An edit of a file that does not exist creates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Edit {
            span,
            text: text.into(),
        }
    }

    /// Puts `text` before the byte where `span` starts.
    pub fn insert_before(span: Span, text: impl Into<String>) -> Self {
        Edit {
            span: span.before(),
            text: text.into(),
        }
    }

    /// Takes the bytes of `span` out.
    pub fn delete(span: Span) -> Self {
        Edit {
            span,
            text: String::new(),
        }
    }

    /// A file's text with all edits made. They do not overlap; those at one place keep their order.
    pub fn apply_all(text: &str, edits: &[Edit]) -> String {
        let mut ordered: Vec<&Edit> = edits.iter().collect();
        ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut result = String::with_capacity(text.len());
        let mut at = 0;
        for edit in ordered {
            let range = edit.span.range();
            if range.start < at {
                debug_assert!(false, "edits overlap");
                continue;
            }
            result.push_str(text.get(at..range.start).unwrap_or_default());
            result.push_str(&edit.text);
            at = range.end;
        }
        result.push_str(text.get(at..).unwrap_or_default());
        result
    }
}
