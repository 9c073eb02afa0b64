//! Heredocs: which words of a logical line open one, and where its body ends.
//!
//! BuildKit finds them with the lexer of its variable expansion, over the whole line. When that lexer stumbles, at an open
//! quote or at `${name^^}`, the line has no heredoc at all. The escape character of this lexer is always `\`.

use std::ops::Range;

use super::lines::Lines;
use super::{Heredoc, INVALID_SYNTAX};
use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// How many bodies without an end are looked for, each to the end of the file; no file that a person wrote has more.
const FAILURES: usize = 16;

/// How deep `${a:-${b:-…}}` may be nested.
const DEPTH: usize = 100;

/// Reads the bodies of the heredocs that a logical line opens, in order. `failures` counts those without an end.
pub(super) fn read(
    source: &Source,
    line: &Cooked,
    lines: &mut Lines<'_>,
    failures: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Heredoc> {
    let mut heredocs = Vec::new();
    let Some(words) = Lexer::words(line.as_str()) else { return heredocs };
    for range in words {
        let Some(opener) = Opener::of(&line.as_str()[range.clone()]) else { continue };
        let span = line.span_of(range);
        let body = if *failures < FAILURES { body(source, &opener, lines) } else { None };
        let Some((body, terminator)) = body else {
            *failures += 1;
            let message = format!("the heredoc `{}` has no end", opener.name);
            let help = format!("Close it with a line that holds nothing but `{}`.", opener.name);
            diagnostics.push(Diagnostic::new(INVALID_SYNTAX, span, message).note("opened here").help(help));
            continue;
        };
        let Opener { name, expand, file_descriptor, .. } = opener;
        heredocs.push(Heredoc { name, opener: span, body, terminator, expand, file_descriptor });
    }
    heredocs
}

/// The lines up to the terminator, and the terminator. When there is none, no line is taken.
fn body(source: &Source, opener: &Opener, lines: &mut Lines<'_>) -> Option<(Cooked, Span)> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for line in lines.by_ref() {
        let first = *start.get_or_insert(line.start);
        let without_tabs = if opener.chomp { line.text.trim_start_matches('\t') } else { line.text };
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
    fn of(word: &str) -> Option<Opener> {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &word[..word.len() - rest.len()];
        let rest = rest.strip_prefix("<<")?;
        let chomp = rest.starts_with('-');
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        if rest.contains('<') {
            return None;
        }
        let (name, expand) = unquote(rest);
        let file_descriptor = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u32::MAX) };
        (!name.is_empty()).then_some(Opener { name, expand, chomp, file_descriptor })
    }
}

/// Whether a word of COPY or ADD stands for a heredoc.
pub(super) fn is_opener(word: &str) -> bool {
    Opener::of(word).is_some()
}

/// A word without its quotes and escapes, and whether it had no quotes.
fn unquote(word: &str) -> (String, bool) {
    let mut text = String::new();
    let mut quote = None;
    let mut is_plain = true;
    let mut characters = word.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, '\'' | '"') => {
                quote = Some(c);
                is_plain = false;
            }
            (Some(open), _) if c == open => quote = None,
            (None, '\\') => text.extend(characters.next()),
            (Some('"'), '\\') => match characters.next_if(|next| matches!(next, '"' | '$' | '\\')) {
                Some(escaped) => text.push(escaped),
                None => text.push(c),
            },
            _ => text.push(c),
        }
    }
    (text, is_plain)
}

/// The lexer of BuildKit's variable expansion, as far as the ends of words go.
struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Lexer<'t> {
    /// The words of `text`; `None` when it cannot be lexed.
    fn words(text: &'t str) -> Option<Vec<Range<usize>>> {
        let mut words = Vec::new();
        // Lexing is for lines that may have a heredoc only.
        if !text.contains("<<") {
            return Some(words);
        }
        let mut lexer = Lexer { text, position: 0 };
        let mut start = None;
        while let Some(c) = lexer.peek() {
            let from = lexer.position;
            lexer.step(0)?;
            // The text of a substitution falls into words even inside its quotes.
            if c == '$' || c.is_whitespace() {
                for (at, c) in text[from..lexer.position].char_indices() {
                    match c.is_whitespace() {
                        true => words.extend(start.take().map(|start| start..from + at)),
                        false => _ = start.get_or_insert(from + at),
                    }
                }
            } else {
                start.get_or_insert(from);
            }
        }
        words.extend(start.map(|start| start..text.len()));
        Some(words)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.position..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    fn skip_while(&mut self, accepted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&accepted) {
            self.next();
        }
    }

    /// Steps over one unit: a quoted part, a substitution, `<<` with the blanks behind it, an escape, a character.
    fn step(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            '\'' => {
                self.next();
                self.position += self.text[self.position..].find('\'')? + 1;
            }
            '"' => self.double_quoted(depth)?,
            '$' => self.dollar(depth)?,
            '<' => {
                self.next();
                if self.peek() == Some('<') {
                    self.next();
                    self.skip_while(|c| matches!(c, '\t' | '\r' | ' '));
                }
            }
            '\\' => {
                self.next();
                self.next();
            }
            _ => _ = self.next(),
        }
        Some(())
    }

    fn double_quoted(&mut self, depth: usize) -> Option<()> {
        self.next();
        loop {
            match self.peek()? {
                '"' => {
                    self.next();
                    return Some(());
                }
                '$' => self.dollar(depth)?,
                '\\' => {
                    self.next();
                    if matches!(self.peek(), Some('"' | '$' | '\\')) {
                        self.next();
                    }
                }
                _ => _ = self.next(),
            }
        }
    }

    fn until(&mut self, end: char, depth: usize) -> Option<()> {
        if depth == DEPTH {
            return None;
        }
        while self.peek()? != end {
            self.step(depth + 1)?;
        }
        self.next();
        Some(())
    }

    fn dollar(&mut self, depth: usize) -> Option<()> {
        self.next();
        if self.peek() != Some('{') {
            self.name();
            return Some(());
        }
        self.next();
        if matches!(self.peek()?, '{' | '}' | ':') {
            return None;
        }
        self.name();
        match self.next()? {
            '}' => Some(()),
            ':' => match self.next()? {
                '#' | '%' => None,
                _ => self.until('}', depth),
            },
            '+' | '-' | '?' | '#' | '%' => self.until('}', depth),
            '/' => {
                if self.peek() == Some('/') {
                    self.next();
                }
                self.until('/', depth)?;
                self.until('}', depth)
            }
            _ => None,
        }
    }

    fn name(&mut self) {
        match self.peek() {
            Some(c) if c.is_numeric() => self.skip_while(char::is_numeric),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => _ = self.next(),
            _ => self.skip_while(|c| c.is_alphanumeric() || c == '_'),
        }
    }
}
