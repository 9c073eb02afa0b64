//! The word splitter that Docker Compose uses for `command:` and `entrypoint:` strings:
//! mattn/go-shellwords.
//!
//! It is no shell: at the first unquoted `;`, `&`, `|`, `<` or `>` it stops and drops the rest
//! without a word.

use crate::syntax::shell::Word;
use crate::text::{Cooked, CookedBuilder, Span};

/// The words of a command string.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The words, as the container gets them.
    pub words: Vec<Word>,
    /// The operator and everything behind it, which is silently dropped.
    pub dropped: Option<Span>,
}

/// A command string that Docker Compose refuses: unbalanced quotes or parentheses, a backslash at
/// the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCommandLine(
    /// Where it goes wrong.
    pub Span,
);

/// What is open at a character. Regions do not nest: each hides the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    SingleQuotes,
    DoubleQuotes,
    /// From a backquote to the next.
    Backquotes,
    /// From `$(` to the next `)`.
    Substitution,
}

/// Splits a command string, as `shellwords.Parse` 1.0.15 does with variables, backquotes and
/// comments switched off.
///
/// # Errors
/// [`InvalidCommandLine`] where Docker Compose says "invalid command line string".
pub fn split(text: &Cooked) -> Result<Split, InvalidCommandLine> {
    use Region::{Backquotes, DoubleQuotes, SingleQuotes, Substitution};
    let source = text.as_str();
    let invalid = |at: usize| Err(InvalidCommandLine(text.span_of(at..at + 1)));
    let mut split = Split::default();
    let mut word = Draft::new(text);
    let mut open: Option<(Region, usize)> = None;
    let mut characters = source.char_indices();

    while let Some((at, character)) = characters.next() {
        let here = at..at + character.len_utf8();
        let region = open.map(|(region, _)| region);
        match (character, region) {
            ('\\', None | Some(DoubleQuotes)) => {
                let Some((escaped_at, escaped)) = characters.next() else {
                    return invalid(at);
                };
                let range = at..escaped_at + escaped.len_utf8();
                match escaped {
                    'n' => word.replace(range, "\n"),
                    't' => word.replace(range, "\t"),
                    _ => word.push(escaped_at..range.end, at),
                }
            }
            // Inside a substitution a backslash protects the next character and both stay.
            ('\\', Some(Backquotes | Substitution)) => {
                let Some((escaped_at, escaped)) = characters.next() else {
                    return invalid(at);
                };
                word.push(at..escaped_at + escaped.len_utf8(), at);
            }
            (' ' | '\t' | '\r' | '\n', None) => word.finish(at, &mut split.words),
            ('"', Some(DoubleQuotes)) | ('\'', Some(SingleQuotes)) => open = None,
            ('"' | '\'', None) => {
                open = Some((
                    if character == '"' {
                        DoubleQuotes
                    } else {
                        SingleQuotes
                    },
                    at,
                ));
                word.quote(at);
            }
            ('`', Some(Backquotes)) | (')', Some(Substitution)) => {
                open = None;
                word.push(here, at);
            }
            ('`', None) => {
                open = Some((Backquotes, at));
                word.push(here, at);
            }
            ('(', None) if word.as_str().ends_with('$') => {
                open = Some((Substitution, at));
                word.push(here, at);
            }
            ('(', None | Some(Substitution)) | (')', None) => return invalid(at),
            (';' | '&' | '|' | '<' | '>', None) => {
                // Digits before `>` are taken for a file descriptor.
                let is_descriptor = character == '>'
                    && !word.as_str().is_empty()
                    && word.as_str().bytes().all(|byte| byte.is_ascii_digit());
                let start = word.start.filter(|_| is_descriptor).unwrap_or(at);
                if !is_descriptor {
                    word.finish(at, &mut split.words);
                }
                split.dropped = Some(text.span_of(start..source.len()));
                return Ok(split);
            }
            _ => word.push(here, at),
        }
    }
    if let Some((_, start)) = open {
        return invalid(start);
    }
    word.finish(source.len(), &mut split.words);
    Ok(split)
}

/// A word in the making.
struct Draft<'t> {
    text: &'t Cooked,
    builder: CookedBuilder,
    /// Where the word begins in the text, with its quotes; `None` between words.
    start: Option<usize>,
    quoted: bool,
}

impl<'t> Draft<'t> {
    fn new(text: &'t Cooked) -> Self {
        Draft {
            text,
            builder: CookedBuilder::new(text.span().before()),
            start: None,
            quoted: false,
        }
    }

    fn as_str(&self) -> &str {
        self.builder.as_str()
    }

    /// Adds the characters of `range`; what makes the word begin stands at `start`.
    fn push(&mut self, range: std::ops::Range<usize>, start: usize) {
        self.start.get_or_insert(start);
        self.quoted |= start < range.start;
        self.builder.append(self.text, range);
    }

    fn replace(&mut self, range: std::ops::Range<usize>, text: &str) {
        self.start.get_or_insert(range.start);
        self.quoted = true;
        let span = self.text.span_of(range);
        self.builder.replaced(text, span.start..span.end);
    }

    fn quote(&mut self, at: usize) {
        self.start.get_or_insert(at);
        self.quoted = true;
    }

    fn finish(&mut self, end: usize, words: &mut Vec<Word>) {
        let mut draft = std::mem::replace(self, Draft::new(self.text));
        let Some(start) = draft.start else { return };
        let span = self.text.span_of(start..end);
        draft.builder.set_whole(span);
        words.push(Word {
            text: draft.builder.finish(),
            span,
            quoted: draft.quoted,
            literal: true,
        });
    }
}

#[cfg(test)]
mod tests;
