//! `.dockerignore` patterns as moby's patternmatcher reads them: anchored at the context, last match wins, `!` takes back.

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// The patterns of one ignore file, compiled.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    list: Vec<Pattern>,
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written, without `!`, cleaned.
    pub text: String,
    /// Whether it takes a path back (`!`).
    pub negated: bool,
    /// Where it is written.
    pub span: Span,
}

impl Patterns {
    /// The patterns in order.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.list.iter()
    }

    /// Whether `path`, relative to the context with `/`, stays out of the build context, by itself or with a parent
    /// directory (moby's `MatchesOrParentMatches`).
    pub fn is_ignored(&self, path: &str) -> bool {
        self.decide(path).is_some_and(|pattern| !pattern.negated)
    }

    /// The pattern that decides about `path`: the last that matches it or a parent of it.
    pub fn decide(&self, _path: &str) -> Option<&Pattern> {
        None
    }
}

/// Reads an ignore file.
pub fn parse(_source: &Source) -> (Patterns, Vec<Diagnostic>) {
    (Patterns::default(), Vec::new())
}
