//! Heredocs: which words of a logical line open one, and where its body ends.
//!
//! BuildKit finds them with the lexer of its variable expansion, over the whole line. When that
//! lexer stumbles, at an open quote or at `${name^^}`, the line has no heredoc at all. The escape
//! character of this lexer is always `\`.

use std::ops::Range;

use super::expand::{self, Refusal};
use super::lines::Lines;
use super::{Heredoc, INVALID_SYNTAX};
use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// How many bodies without an end are looked for, each to the end of the file; no file that a
/// person wrote has more.
const FAILURES: usize = 16;

/// Reads the bodies of the heredocs that a logical line opens, in order. `failures` counts those
/// without an end.
pub(super) fn read(
    source: &Source,
    line: &Cooked,
    lines: &mut Lines<'_>,
    failures: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Heredoc> {
    let mut heredocs = Vec::new();
    // Lexing is for lines that may have a heredoc only.
    if !line.as_str().contains("<<") {
        return heredocs;
    }
    let Some(words) = expand::raw_words(line.as_str()) else {
        return heredocs;
    };
    for word in words {
        let span = line.span_of(word.range);
        let opener = match Opener::of(&word.text) {
            Ok(Some(opener)) => opener,
            Ok(None) => continue,
            Err(refusal) => {
                diagnostics.push(Diagnostic::new(
                    INVALID_SYNTAX,
                    span,
                    format!("this heredoc cannot be read: {}", refusal.message),
                ));
                continue;
            }
        };
        let body = if *failures < FAILURES {
            body(source, &opener, lines)
        } else {
            None
        };
        let Some((body, terminator)) = body else {
            *failures += 1;
            let message = format!("the heredoc `{}` has no end", opener.name);
            let help = format!(
                "Close it with a line that holds nothing but `{}`.",
                opener.name
            );
            diagnostics.push(
                Diagnostic::new(INVALID_SYNTAX, span, message)
                    .note("opened here")
                    .help(help),
            );
            continue;
        };
        let Opener {
            name,
            expand,
            file_descriptor,
            ..
        } = opener;
        heredocs.push(Heredoc {
            name,
            opener: span,
            body,
            terminator,
            expand,
            file_descriptor,
        });
    }
    heredocs
}

/// The lines up to the terminator, and the terminator. When there is none, no line is taken.
fn body(source: &Source, opener: &Opener, lines: &mut Lines<'_>) -> Option<(Cooked, Span)> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for line in lines.by_ref() {
        let first = *start.get_or_insert(line.start);
        let without_tabs = if opener.chomp {
            line.text.trim_start_matches('\t')
        } else {
            line.text
        };
        if without_tabs == opener.name {
            let mut body = CookedBuilder::new(source.span(first..line.start));
            for piece in pieces {
                body.verbatim(&source.text()[piece.clone()], offset(piece.start));
            }
            return Some((body.finish(), source.span(line.range())));
        }
        let kept = line.range().end - without_tabs.len()..line.next;
        match pieces.last_mut() {
            Some(last) if last.end == kept.start => last.end = kept.end,
            _ => pieces.push(kept),
        }
    }
    if let Some(start) = start {
        lines.rewind(start);
    }
    None
}

/// The word that opens a heredoc: `3<<-"EOF"`.
struct Opener {
    name: String,
    expand: bool,
    chomp: bool,
    file_descriptor: u32,
}

impl Opener {
    /// Reads a word; `None` when it opens no heredoc.
    ///
    /// # Errors
    /// When its name cannot be read: an open quote.
    fn of(word: &str) -> Result<Option<Opener>, Refusal> {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &word[..word.len() - rest.len()];
        let Some(rest) = rest.strip_prefix("<<") else {
            return Ok(None);
        };
        let chomp = rest.starts_with('-');
        let rest = rest
            .strip_prefix('-')
            .unwrap_or(rest)
            .trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        if rest.contains('<') {
            return Ok(None);
        }
        let mut names = expand::heredoc_words(rest, false)?;
        let raw = expand::heredoc_words(rest, true)?;
        let (Some(name), [raw], true) = (names.pop(), raw.as_slice(), names.is_empty()) else {
            return Ok(None);
        };
        // Fewer quotes than written: some of them were quotes, so nothing is expanded in the body.
        let quotes = |text: &str| text.matches(['\'', '"']).count();
        let expand = quotes(&name.text) == quotes(&raw.text);
        let file_descriptor = if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(u32::MAX)
        };
        Ok(Some(Opener {
            name: name.text,
            expand,
            chomp,
            file_descriptor,
        }))
    }
}

/// Whether a word of COPY or ADD stands for a heredoc.
pub(super) fn is_opener(word: &str) -> bool {
    Opener::of(word).is_ok_and(|opener| opener.is_some())
}
