//! `.dockerignore` patterns as moby's patternmatcher reads them: anchored at the context, last match wins, `!` takes back.

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Source, Span};

mod glob;

/// The patterns of one ignore file, compiled.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    list: Vec<Pattern>,
    /// The last pattern of each text without a wildcard: a file that was generated may have thousands of them.
    exact: FxHashMap<String, usize>,
    /// All others, in order.
    wild: Vec<usize>,
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written, without `!`, cleaned.
    pub text: String,
    /// Whether it takes a path back (`!`).
    pub negated: bool,
    /// Where it is written, with its `!`.
    pub span: Span,
    glob: glob::Glob,
}

impl Patterns {
    /// The patterns in order.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.list.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether `path`, relative to the context with `/`, stays out of the build context, by itself or with a parent
    /// directory (moby's `MatchesOrParentMatches`).
    pub fn is_ignored(&self, path: &str) -> bool {
        self.decide(path).is_some_and(|pattern| !pattern.negated)
    }

    /// The pattern that decides about `path`: the last that matches it or a parent of it. The context itself is never ignored.
    pub fn decide(&self, path: &str) -> Option<&Pattern> {
        let path = if path == "/" { path } else { path.trim_end_matches('/') };
        if path.is_empty() || path == "." {
            return None;
        }
        let parents = path.match_indices('/').map(|(slash, _)| &path[..slash]);
        let exact = parents.chain([path]).filter_map(|path| self.exact.get(path).copied()).max();
        let behind = self.wild.iter().rev().copied().take_while(|at| exact.is_none_or(|exact| *at > exact));
        let wild = behind.into_iter().find(|at| self.list[*at].glob.matches_or_parent_matches(path));
        wild.or(exact).map(|at| &self.list[at])
    }

    fn push(&mut self, pattern: Pattern) {
        let at = self.list.len();
        match pattern.glob.exact() {
            Some(text) => drop(self.exact.insert(text.to_owned(), at)),
            None => self.wild.push(at),
        }
        self.list.push(pattern);
    }
}

/// Reads an ignore file. BuildKit refuses the whole file for one pattern that it cannot read; here each is reported.
pub fn parse(source: &Source) -> (Patterns, Vec<Diagnostic>) {
    let mut patterns = Patterns::default();
    let mut diagnostics = Vec::new();
    let mut start = source.content_start() as usize;
    for line in source.text()[start..].split_inclusive('\n') {
        let at = start;
        start += line.len();
        // Only a `#` in the very first column makes a comment.
        let written = line.trim();
        if line.starts_with('#') || written.is_empty() {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let span = source.span(at + indent..at + indent + written.len());
        let (negated, pattern) = match written.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, written),
        };
        let cleaned = clean(pattern);
        let text = if cleaned.len() > 1 { cleaned.trim_start_matches('/').trim() } else { &cleaned };
        if negated && (text.is_empty() || text == "/") {
            diagnostics.push(Diagnostic::new(INVALID_SYNTAX, span, "`!` takes nothing back: a pattern must follow it"));
            continue;
        }
        match glob::Glob::new(text) {
            Ok(glob) => patterns.push(Pattern { text: text.to_owned(), negated, span, glob }),
            Err(reason) => {
                let message = format!("`{text}` is no valid pattern: {reason}");
                diagnostics.push(Diagnostic::new(INVALID_SYNTAX, span, message).help("Docker refuses to build with this ignore file."));
            }
        }
    }
    (patterns, diagnostics)
}

/// Go's `filepath.Clean` of a pattern: no `.`, no empty component, `..` taken back as far as can be seen.
fn clean(path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            _ => parts.push(part),
        }
    }
    match (is_rooted, parts.join("/")) {
        (true, joined) => format!("/{joined}"),
        (false, joined) if joined.is_empty() => ".".to_owned(),
        (false, joined) => joined,
    }
}

#[cfg(test)]
mod tests;
