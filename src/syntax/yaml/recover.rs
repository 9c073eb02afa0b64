//! Reading a file that is broken in places: blank the line that is to blame, and read again.
//!
//! The reader is as strict as the reference and stops at the first fault. That one is always
//! reported; then a line near it is overwritten with spaces, which keeps every other byte where it
//! is, and what the next reading finds is reported if it cannot be a consequence of the blank line.

use std::borrow::Cow;

use super::Tree;
use super::check::{check, check_aliases};
use super::fault::{Fault, Problem};
use super::parser::read;
use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Source, Span};

/// How often a line is blanked.
const MAX_REPAIRS: usize = 8;
/// How many bytes are read again in search of the best line to blank: enough for all repairs of any
/// file people write.
const MAX_REREAD: usize = 32 << 20;

/// Reads a file. What cannot be read is reported and left out, and the rest is read as if it were
/// not there.
///
/// The diagnostics come in the order in which the reference would meet them: the first one is the
/// reason it gives for refusing the file.
pub fn parse(source: &Source) -> (Tree, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let text = without_control_characters(source, &mut diagnostics);
    let (mut tree, fault) = read(source, &text);
    let mut lost = Vec::new();
    // An anchor is missed when its alias is read, the rest of the checks is made when all is read.
    let mut unknown = check_aliases(&tree, &lost);
    if let Some(fault) = fault {
        diagnostics.append(&mut unknown);
        diagnostics.push(fault.diagnostic(source));
        let mut repair = Repair {
            source,
            text: text.into_owned(),
            lost: Vec::new(),
            budget: MAX_REREAD,
        };
        if let Some(repaired) = repair.run(fault, &mut diagnostics) {
            tree = repaired;
        }
        lost = repair.lost;
        unknown = check_aliases(&tree, &lost);
        unknown.retain(|found| !diagnostics.contains(found));
    }
    diagnostics.append(&mut unknown);
    diagnostics.extend(check(&tree, &lost));
    (tree, diagnostics)
}

/// Reports characters that may stand nowhere in a file, and puts harmless ones in their place.
fn without_control_characters<'s>(
    source: &'s Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Cow<'s, [u8]> {
    let bytes = source.text().as_bytes();
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // U+FFFE and U+FFFF, which are no characters, begin with this byte; so do ordinary ones.
    let is_suspect = |byte: &u8| is_control(*byte) || *byte == 0xEF;
    if !bytes.iter().any(is_suspect) {
        return Cow::Borrowed(bytes);
    }
    let mut clean = Cow::Borrowed(bytes);
    for (at, char) in source.text().char_indices().filter(|(_, char)| {
        u8::try_from(*char).is_ok_and(is_control) || *char > '\u{fffd}' && *char < '\u{10000}'
    }) {
        let message = format!(
            "the control character U+{:04X} is not allowed in a file: take it out",
            u32::from(char)
        );
        let found = Diagnostic::new(
            INVALID_SYNTAX,
            source.span(at..at + char.len_utf8()),
            message,
        );
        diagnostics
            .push(found.help("In double quotes it can be written as an escape, like `\\e`."));
        if char.is_ascii() {
            clean.to_mut()[at] = 0x7F;
        }
    }
    clean
}

struct Repair<'s> {
    source: &'s Source,
    text: Vec<u8>,
    /// The lines blanked so far.
    lost: Vec<Span>,
    budget: usize,
}

impl Repair<'_> {
    /// Blanks lines until the text can be read, or no line is left to try. Gives the last tree that
    /// was read.
    fn run(&mut self, mut fault: Fault, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
        let mut last = None;
        let mut reported = fault.culprit();
        for _ in 0..MAX_REPAIRS {
            if fault.problem == Problem::TooDeep {
                break;
            }
            let Some((tree, next)) = self.blank_best_line(&fault) else {
                break;
            };
            last = Some(tree);
            let Some(next) = next else { break };
            if next.culprit() > reported && (next.is_local() || !self.follows_lost_line(&next)) {
                diagnostics.push(next.diagnostic(self.source));
                reported = next.culprit();
            }
            fault = next;
        }
        last
    }

    /// Blanks the line near a fault without which the text can be read furthest.
    fn blank_best_line(&mut self, fault: &Fault) -> Option<(Tree, Option<Fault>)> {
        let mut best: Option<(Span, Tree, Option<Fault>)> = None;
        for line in self.candidates(fault) {
            if self.budget < self.text.len() {
                break;
            }
            self.budget -= self.text.len();
            let kept = self.text[line.range()].to_vec();
            self.text[line.range()].fill(b' ');
            let (tree, next) = read(self.source, &self.text);
            self.text[line.range()].copy_from_slice(&kept);
            let is_better = best
                .as_ref()
                .is_none_or(|(_, _, known)| reach(next.as_ref()) > reach(known.as_ref()));
            let is_whole = next.is_none();
            if is_better {
                best = Some((line, tree, next));
            }
            if is_whole {
                break;
            }
        }
        let (line, tree, next) = best?;
        self.text[line.range()].fill(b' ');
        self.lost.push(line);
        Some((tree, next))
    }

    /// The lines that may be to blame, the likeliest first.
    fn candidates(&self, fault: &Fault) -> Vec<Span> {
        let here = self.line(fault.at as usize);
        let above = self.line_above(here);
        let further = above.and_then(|line| self.line_above(line));
        let mut lines = Vec::new();
        let culprit = self.line(fault.culprit() as usize);
        let quote = fault.long_quote.map(|at| self.line(at as usize));
        let open = self.line(fault.from as usize);
        for line in [Some(culprit), Some(here), quote, above, further, Some(open)]
            .into_iter()
            .flatten()
        {
            if !lines.contains(&line) && !self.is_blank(line) {
                lines.push(line);
            }
        }
        lines
    }

    /// The line that holds the byte at `at`, without its end.
    fn line(&self, at: usize) -> Span {
        let at = at.min(self.text.len());
        let start = memchr::memrchr2(b'\n', b'\r', &self.text[..at])
            .map_or(self.source.content_start() as usize, |end| end + 1);
        let end =
            memchr::memchr2(b'\n', b'\r', &self.text[at..]).map_or(self.text.len(), |len| at + len);
        self.source.span(start..end.max(start))
    }

    /// The next line above that is not blank.
    fn line_above(&self, mut line: Span) -> Option<Span> {
        while line.start as usize > self.source.content_start() as usize {
            line = self.line(line.start as usize - 1);
            if !self.is_blank(line) {
                return Some(line);
            }
        }
        None
    }

    fn is_blank(&self, line: Span) -> bool {
        self.text[line.range()].iter().all(|byte| *byte == b' ')
    }

    /// Whether the line above a fault was blanked, so that the fault may be a consequence.
    fn follows_lost_line(&self, fault: &Fault) -> bool {
        let line = self.line(fault.culprit() as usize);
        let above = self.line_above(line).map_or(0, |above| above.end);
        self.lost
            .iter()
            .any(|lost| above <= lost.start && lost.end <= line.start)
    }
}

/// How far a text can be read before a fault. What runs to the end of the file for want of a quote
/// has not been read.
fn reach(fault: Option<&Fault>) -> u32 {
    fault.map_or(u32::MAX, Fault::culprit)
}
