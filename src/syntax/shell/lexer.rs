//! Shell tokens: words with their quotes taken off, operators, line ends. Comments, continuations
//! and heredoc bodies are gone.

use std::ops::Range;

use super::Word;
use crate::text::{Cooked, CookedBuilder};

/// A token and the bytes of the cooked text it was read from.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Word(Word),
    /// A control operator or parenthesis.
    Operator(&'static str),
    /// A redirection operator with its descriptor, as written.
    Redirection,
    Newline,
    End,
}

/// Reads tokens from left to right.
pub(super) struct Lexer<'t> {
    text: &'t Cooked,
    source: &'t str,
    position: usize,
    /// Heredocs announced on the current line: name and whether leading tabs are taken off.
    heredocs: Vec<(String, bool)>,
}

/// Longest first, so that the first that fits is the one.
const OPERATORS: [&str; 12] = [
    ";;&", "&&", "||", "|&", ";;", ";&", "&", "|", ";", "(", ")", "\n",
];
const REDIRECTIONS: [&str; 12] = [
    "&>>", "<<<", "<<-", "&>", ">>", ">&", ">|", "<<", "<&", "<>", ">", "<",
];

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t Cooked) -> Self {
        Lexer {
            text,
            source: text.as_str(),
            position: 0,
            heredocs: Vec::new(),
        }
    }

    /// The next token; [`Kind::End`] for ever when there is none.
    pub(super) fn next(&mut self) -> Token {
        self.skip_blanks();
        let start = self.position;
        let kind = self.read();
        Token {
            kind,
            range: start..self.position,
        }
    }

    fn read(&mut self) -> Kind {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_substitution = rest[digits..].starts_with("<(") || rest[digits..].starts_with(">(");
        if rest.is_empty() {
            return Kind::End;
        }
        if !is_substitution
            && let Some(operator) = REDIRECTIONS
                .iter()
                .find(|operator| rest[digits..].starts_with(**operator))
        {
            self.position += digits + operator.len();
            return Kind::Redirection;
        }
        if let Some(operator) = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator))
        {
            self.position += operator.len();
            if *operator == "\n" {
                self.skip_heredocs();
                return Kind::Newline;
            }
            return Kind::Operator(operator);
        }
        Kind::Word(self.word())
    }

    /// Whether `()` follows, as behind the name of a function; it is consumed then.
    pub(super) fn eat_parentheses(&mut self) -> bool {
        let trimmed = self.rest().trim_start_matches([' ', '\t']);
        let Some(inner) = trimmed.strip_prefix('(') else {
            return false;
        };
        let Some(behind) = inner.trim_start_matches([' ', '\t']).strip_prefix(')') else {
            return false;
        };
        self.position = self.source.len() - behind.len();
        true
    }

    /// Skips `((…))` when it follows, as behind `for` or in the place of a command.
    pub(super) fn eat_arithmetic(&mut self) -> bool {
        self.skip_blanks();
        let is_arithmetic = self.rest().starts_with("((");
        if is_arithmetic {
            self.position =
                skip_nested(self.source.as_bytes(), self.position + 1, Nest::Parenthesis);
        }
        is_arithmetic
    }

    /// Announces the heredoc whose name is `word`: its body starts behind the next line end.
    pub(super) fn expect_heredoc(&mut self, word: &Word, strip_tabs: bool) {
        self.heredocs
            .push((word.text.as_str().to_owned(), strip_tabs));
    }

    fn rest(&self) -> &'t str {
        &self.source[self.position..]
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t']);
            self.position += rest.len() - trimmed.len();
            if let Some(length) = continuation(trimmed) {
                self.position += length;
            } else if trimmed.starts_with('#') {
                self.position += memchr::memchr(b'\n', trimmed.as_bytes()).unwrap_or(trimmed.len());
                return;
            } else if trimmed.starts_with("\r\n") {
                self.position += 1;
                return;
            } else {
                return;
            }
        }
    }

    fn skip_heredocs(&mut self) {
        for (name, strip_tabs) in std::mem::take(&mut self.heredocs) {
            while !self.rest().is_empty() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
                self.position += line.len();
                let line = line.trim_end_matches(['\n', '\r']);
                if name
                    == if strip_tabs {
                        line.trim_start_matches('\t')
                    } else {
                        line
                    }
                {
                    break;
                }
            }
        }
    }

    fn word(&mut self) -> Word {
        let start = self.position;
        let mut cooking = Cooking::new(self.text, start);
        let bytes = self.source.as_bytes();
        let mut at = start;
        while at < bytes.len() {
            match bytes[at] {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' => break,
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => break,
                // `<(…)` starts a word, `NAME=(…)` goes on with one; elsewhere the character ends
                // it.
                b'<' | b'>' if at == start && bytes.get(at + 1) == Some(&b'(') => {
                    at = skip_nested(bytes, at + 2, Nest::Parenthesis);
                    cooking.literal = false;
                }
                b'(' if at > start && bytes[at - 1] == b'=' => {
                    at = skip_nested(bytes, at + 1, Nest::Parenthesis);
                    cooking.literal = false;
                }
                b'<' | b'>' | b'(' | b')' => break,
                b'\'' => at = cooking.single_quoted(bytes, at),
                b'"' => at = self.double_quoted(&mut cooking, at),
                b'\\' => at = cooking.escaped(self.source, at),
                b'$' if bytes.get(at + 1) == Some(&b'\'') => {
                    at = cooking.ansi_quoted(self.source, at)
                }
                b'$' if bytes.get(at + 1) == Some(&b'"') => {
                    cooking.drop(at..at + 1);
                    at = self.double_quoted(&mut cooking, at + 1);
                }
                b'$' | b'`' => at = cooking.expansion(bytes, at, Nest::Brace),
                byte => {
                    cooking.literal &=
                        !(matches!(byte, b'*' | b'?' | b'[') || (byte == b'~' && at == start));
                    at += 1;
                }
            }
        }
        self.position = at;
        cooking.finish(at)
    }

    fn double_quoted(&self, cooking: &mut Cooking<'_>, start: usize) -> usize {
        let bytes = self.source.as_bytes();
        cooking.quoted = true;
        cooking.drop(start..start + 1);
        let mut at = start + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    cooking.drop(at..at + 1);
                    return at + 1;
                }
                b'\\' => match bytes.get(at + 1) {
                    Some(b'\n') => {
                        cooking.drop(at..at + 2);
                        at += 2;
                    }
                    Some(b'$' | b'`' | b'"' | b'\\') => {
                        cooking.drop(at..at + 1);
                        at += 2;
                    }
                    _ => at += 1,
                },
                b'$' | b'`' => at = cooking.expansion(bytes, at, Nest::QuotedBrace),
                _ => at += 1,
            }
        }
        at
    }
}

/// Length of `\` and a line end, if the text starts with them.
fn continuation(text: &str) -> Option<usize> {
    ["\\\n", "\\\r\n"]
        .into_iter()
        .find(|end| text.starts_with(end))
        .map(str::len)
}

/// A word in the making: the text from `copied` on is still to be taken over.
struct Cooking<'t> {
    text: &'t Cooked,
    builder: CookedBuilder,
    start: usize,
    copied: usize,
    quoted: bool,
    literal: bool,
}

impl<'t> Cooking<'t> {
    fn new(text: &'t Cooked, start: usize) -> Self {
        let builder = CookedBuilder::new(text.span_of(start..start));
        Cooking {
            text,
            builder,
            start,
            copied: start,
            quoted: false,
            literal: true,
        }
    }

    /// Leaves the bytes of `range` out.
    fn drop(&mut self, range: Range<usize>) {
        self.builder.append(self.text, self.copied..range.start);
        self.copied = range.end;
    }

    /// Writes `text` for the bytes of `range`.
    fn replace(&mut self, range: Range<usize>, text: &str) {
        let span = self.text.span_of(range.clone());
        self.drop(range);
        self.builder.replaced(text, span.start..span.end);
    }

    fn finish(mut self, end: usize) -> Word {
        self.drop(end..end);
        let span = self.text.span_of(self.start..end);
        self.builder.set_whole(span);
        Word {
            text: self.builder.finish(),
            span,
            quoted: self.quoted,
            literal: self.literal,
        }
    }

    fn single_quoted(&mut self, bytes: &[u8], start: usize) -> usize {
        self.quoted = true;
        self.drop(start..start + 1);
        let Some(length) = memchr::memchr(b'\'', &bytes[start + 1..]) else {
            return bytes.len();
        };
        let end = start + 1 + length;
        self.drop(end..end + 1);
        end + 1
    }

    /// `\` outside quotes: the next character stands for itself, a line end for nothing.
    fn escaped(&mut self, source: &str, at: usize) -> usize {
        if let Some(length) = continuation(&source[at..]) {
            self.drop(at..at + length);
            return at + length;
        }
        let Some(character) = source[at + 1..].chars().next() else {
            return at + 1;
        };
        self.quoted = true;
        self.drop(at..at + 1);
        at + 1 + character.len_utf8()
    }

    /// `$'…'`
    fn ansi_quoted(&mut self, source: &str, start: usize) -> usize {
        let bytes = source.as_bytes();
        self.quoted = true;
        self.drop(start..start + 2);
        let mut at = start + 2;
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'\'', _) => {
                    self.drop(at..at + 1);
                    return at + 1;
                }
                (b'\\', Some(escape)) => {
                    match escape {
                        b'n' => self.replace(at..at + 2, "\n"),
                        b't' => self.replace(at..at + 2, "\t"),
                        b'r' => self.replace(at..at + 2, "\r"),
                        b'\\' | b'\'' | b'"' => self.drop(at..at + 1),
                        _ => {}
                    }
                    at += 2;
                }
                _ => at += 1,
            }
        }
        bytes.len()
    }

    /// `$…` or a backquote: stands as written. A lone `$` is a plain character.
    fn expansion(&mut self, bytes: &[u8], start: usize, brace: Nest) -> usize {
        if bytes[start] == b'`' {
            self.literal = false;
            return skip_backquoted(bytes, start + 1);
        }
        let end = match bytes.get(start + 1) {
            Some(b'(') => skip_nested(bytes, start + 2, Nest::Parenthesis),
            Some(b'{') => skip_nested(bytes, start + 2, brace),
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
                let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                start + 1 + bytes[start + 1..].iter().take_while(is_name).count()
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(byte) => start + 2,
            _ => return start + 1,
        };
        self.literal = false;
        end
    }
}

/// A construct that holds others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nest {
    /// `(…)` or `$(…)`
    Parenthesis,
    /// `${…}`
    Brace,
    /// `${…}` in double quotes, where a single quote is a plain character.
    QuotedBrace,
    /// `"…"`
    DoubleQuote,
}

/// The offset behind the end of the construct that `kind` opened before `at`; the end of the text
/// when it is not closed.
fn skip_nested(bytes: &[u8], mut at: usize, kind: Nest) -> usize {
    let mut open = vec![kind];
    while let (Some(innermost), Some(byte)) = (open.last().copied(), bytes.get(at)) {
        at += 1;
        match (byte, innermost) {
            (b'\\', _) => at += 1,
            (b'`', _) => at = skip_backquoted(bytes, at),
            (b'\'', Nest::Parenthesis | Nest::Brace) => {
                at += memchr::memchr(b'\'', bytes.get(at..).unwrap_or_default())
                    .map_or(bytes.len() - at, |length| length + 1);
            }
            (b'"', Nest::DoubleQuote)
            | (b')', Nest::Parenthesis)
            | (b'}', Nest::Brace | Nest::QuotedBrace) => {
                open.pop();
            }
            (b'"', _) => open.push(Nest::DoubleQuote),
            (b'(', Nest::Parenthesis) => open.push(Nest::Parenthesis),
            (b'$', _) if bytes.get(at) == Some(&b'(') => {
                open.push(Nest::Parenthesis);
                at += 1;
            }
            (b'$', _) if bytes.get(at) == Some(&b'{') => {
                let is_quoted = matches!(innermost, Nest::DoubleQuote | Nest::QuotedBrace);
                open.push(if is_quoted {
                    Nest::QuotedBrace
                } else {
                    Nest::Brace
                });
                at += 1;
            }
            _ => {}
        }
    }
    at.min(bytes.len())
}

/// The offset behind the next backquote that no backslash takes back.
fn skip_backquoted(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += if *byte == b'\\' { 2 } else { 1 };
        if *byte == b'`' {
            break;
        }
    }
    at.min(bytes.len())
}
