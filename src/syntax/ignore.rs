//! `.dockerignore` patterns as moby's patternmatcher reads them: anchored at the context, last
//! match wins, `!` takes back.

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Source, Span};

mod glob;
mod regexp;
mod valid;

/// The patterns of one ignore file, compiled.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    list: Vec<Pattern>,
    /// The patterns of each text without a wildcard: a file that was generated may have thousands
    /// of them.
    exact: FxHashMap<String, Vec<usize>>,
    /// All others, in order.
    wild: Vec<usize>,
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Without `!`, cleaned.
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

    /// Whether `path`, relative to the context with `/`, stays out of the build context.
    pub fn is_ignored(&self, path: &str) -> bool {
        self.decide(path).is_some_and(|pattern| !pattern.negated)
    }

    /// The pattern that decides about `path`, as a walk through the context finds it: every
    /// directory is held against the patterns before what lies in it, and what lies in it inherits
    /// the patterns that matched (`MatchesUsingParentResults` of moby's patternmatcher). A pattern
    /// with `!` is passed over while nothing is ignored, so `!logs` does not take back what
    /// `**/*.log` ignores in `logs`. The context itself is never ignored.
    pub fn decide(&self, path: &str) -> Option<&Pattern> {
        let path = if path == "/" {
            path
        } else {
            path.trim_end_matches('/')
        };
        if path.is_empty() || path == "." {
            return None;
        }
        let parents = path.match_indices('/').map(|(slash, _)| &path[..slash]);
        let mut matched: Vec<usize> = Vec::new();
        for path in parents.chain([path]) {
            matched = self.matched_at(path, &matched);
        }
        matched.last().map(|at| &self.list[*at])
    }

    /// The patterns that match one level of a path, in order. `above` are those that matched the
    /// level above.
    fn matched_at(&self, path: &str, above: &[usize]) -> Vec<usize> {
        let exact = self.exact.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut candidates: Vec<usize> = [above, exact, &self.wild].concat();
        candidates.sort_unstable();
        candidates.dedup();
        let mut is_ignored = false;
        candidates.retain(|at| {
            let pattern = &self.list[*at];
            let is_match = above.binary_search(at).is_ok()
                || pattern.negated == is_ignored && pattern.glob.matches(path);
            if is_match {
                is_ignored = !pattern.negated;
            }
            is_match
        });
        candidates
    }

    fn push(&mut self, pattern: Pattern) {
        let at = self.list.len();
        match pattern.glob.exact() {
            Some(text) => self.exact.entry(text.to_owned()).or_default().push(at),
            None => self.wild.push(at),
        }
        self.list.push(pattern);
    }

    /// Whether some path comes to a pattern that stands behind all these: while all is ignored,
    /// only those with `!` are looked at, and while nothing is, only the others.
    fn leads_on(&self, negated: bool) -> bool {
        let last = |is_it: &dyn Fn(&Pattern) -> bool| self.list.iter().rposition(is_it);
        let everything =
            last(&|pattern| !pattern.negated && matches!(pattern.text.as_str(), "*" | "**"));
        match negated {
            true => self.list.iter().any(|pattern| !pattern.negated),
            false => everything.is_none() || last(&|pattern| pattern.negated) > everything,
        }
    }
}

/// Lines of so many bytes are too long for BuildKit, which refuses the file.
const TOO_LONG: usize = 64 * 1024;

/// Reads an ignore file. BuildKit refuses the whole file for one pattern that it cannot read; here
/// each is reported.
pub fn parse(source: &Source) -> (Patterns, Vec<Diagnostic>) {
    let mut patterns = Patterns::default();
    let mut diagnostics = Vec::new();
    let mut start = source.content_start() as usize;
    for line in source.text()[start..].split_inclusive('\n') {
        let at = start;
        start += line.len();
        let written = line.trim();
        let indent = line.find(written).unwrap_or_default();
        let span = source.span(at + indent..at + indent + written.len());
        if line.trim_end_matches('\n').len() >= TOO_LONG {
            diagnostics.push(Diagnostic::new(
                INVALID_SYNTAX,
                span,
                "the line is longer than Docker can read, which is 64 KiB",
            ));
            continue;
        }
        // Only a `#` in the very first column makes a comment.
        if line.starts_with('#') || written.is_empty() {
            continue;
        }
        let (negated, text) = read(written);
        if negated && text.is_empty() {
            diagnostics.push(Diagnostic::new(
                INVALID_SYNTAX,
                span,
                "`!` takes nothing back: a pattern must follow it",
            ));
            continue;
        }
        let glob = glob::Glob::new(&text);
        let reason = match &glob {
            Ok(glob::Glob::Broken(reason)) if patterns.leads_on(negated) => Some(*reason),
            Ok(_) => None,
            Err(reason) => Some(*reason),
        };
        if let Some(reason) = reason {
            let message = format!("`{text}` is no valid pattern: {reason}");
            diagnostics.push(
                Diagnostic::new(INVALID_SYNTAX, span, message)
                    .help("Docker refuses to build with this ignore file."),
            );
        }
        if let Ok(glob) = glob {
            patterns.push(Pattern {
                text,
                negated,
                span,
                glob,
            });
        }
    }
    (patterns, diagnostics)
}

/// A line as a pattern: whether it takes back, and its text. Docker reads it twice, as a line of
/// the file and as a pattern.
fn read(written: &str) -> (bool, String) {
    let (is_negated, pattern) = match written.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, written),
    };
    let mut line = clean(pattern);
    if line.len() > 1 && line.starts_with('/') {
        line.remove(0);
    }
    if is_negated {
        line.insert(0, '!');
    }
    let text = clean(line.trim());
    match text.strip_prefix('!') {
        Some(rest) => (true, rest.to_owned()),
        None => (false, text),
    }
}

/// Go's `filepath.Clean` of a pattern: no `.`, no empty component, `..` taken back as far as can be
/// seen.
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
