//! What stops the reader of a file, and how it is told to the one who wrote it.

use super::chars::line_end;
use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Source, Span};

/// The first thing that cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) problem: Problem,
    /// Where it was noticed.
    pub(super) at: u32,
    /// Where the thing began that was being read.
    pub(super) from: u32,
    /// Where the last quoted text of several lines began, if one came before.
    pub(super) long_quote: Option<u32>,
}

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Problem {
    // Of the scanner.
    Tab,
    BlockTab,
    Start(u8),
    ValueNotAllowed,
    EntryNotAllowed,
    KeyNotAllowed,
    NoColon,
    Name { alias: bool },
    Tag(&'static str),
    Directive(&'static str),
    BlockHeader,
    BlockZero,
    UnclosedQuote { quote: u8 },
    QuoteMeetsDocument { quote: u8 },
    Escape,
    EscapeDigits { digits: usize },
    EscapeCode,
    // Of the parser.
    NoKey,
    KeyExpected,
    EntryExpected,
    FlowExpected { close: u8 },
    FlowNode,
    BlockNode,
    TagHandle,
    DocumentExpected,
    Version,
    DuplicateDirective,
    TooDeep,
}

impl Fault {
    pub(super) fn new(problem: Problem, at: u32, from: u32) -> Self {
        Fault {
            problem,
            at,
            from,
            long_quote: None,
        }
    }

    /// Where to look first.
    pub(super) fn culprit(&self) -> u32 {
        match self.problem {
            Problem::NoColon
            | Problem::UnclosedQuote { .. }
            | Problem::QuoteMeetsDocument { .. } => self.from,
            _ => self.at,
        }
    }

    /// Whether the text at hand is wrong by itself, whatever stands around it.
    pub(super) fn is_local(&self) -> bool {
        !matches!(
            self.problem,
            Problem::KeyExpected
                | Problem::EntryExpected
                | Problem::NoColon
                | Problem::EntryNotAllowed
                | Problem::DocumentExpected
                | Problem::BlockNode
                | Problem::FlowNode
                | Problem::FlowExpected { .. }
        )
    }

    pub(super) fn diagnostic(&self, source: &Source) -> Diagnostic {
        let place = LocatedFault {
            source,
            text: source.text().as_bytes(),
            fault: self,
        };
        place.diagnostic()
    }
}

/// A fault in its file.
struct LocatedFault<'s> {
    source: &'s Source,
    text: &'s [u8],
    fault: &'s Fault,
}

impl LocatedFault<'_> {
    fn diagnostic(&self) -> Diagnostic {
        let Fault {
            problem, at, from, ..
        } = *self.fault;
        let here = |message: &str| Diagnostic::new(INVALID_SYNTAX, self.char_at(at), message);
        match problem {
            Problem::Tab => here("a tab is used for indentation; YAML wants spaces")
                .help("Put spaces in the place of the tab."),
            Problem::BlockTab => {
                here("a tab is used for the indentation of this text; YAML wants spaces")
                    .label(self.char_at(from), "the text begins here")
                    .help("Put spaces in the place of the tab.")
            }
            Problem::Start(first) => {
                let word = self.word_at(at);
                let first = if first == b'`' {
                    "a backquote".to_owned()
                } else {
                    format!("`{}`", char::from(first))
                };
                let message = format!("a value cannot begin with {first}: put quotes around it");
                let help = format!("Write `\"{}\"`.", self.source.slice(word));
                Diagnostic::new(INVALID_SYNTAX, word, message).help(help)
            }
            Problem::ValueNotAllowed => self.value_not_allowed(),
            Problem::EntryNotAllowed => {
                here("a list item cannot begin here: put it on a line of its own")
            }
            Problem::KeyNotAllowed => here(
                "a `?` cannot stand here: put it on a line of its own, or quotes around the text",
            ),
            Problem::NoColon => {
                let line = self.line_from(from);
                let message = format!(
                    "`{}` is not followed by a `:`, though only a key can stand here",
                    self.excerpt(line)
                );
                Diagnostic::new(INVALID_SYNTAX, line, message)
                    .help("Write `key: value`, or indent the line deeper if it belongs to the value above.")
            }
            Problem::Name { alias: true } => {
                here("a `*` must be followed by the name of an anchor: put quotes around the text")
            }
            Problem::Name { alias: false } => {
                here("a `&` must be followed by a name: put quotes around the text")
            }
            Problem::Tag(reason) => Diagnostic::new(
                INVALID_SYNTAX,
                self.word_at(from),
                format!("this tag cannot be read: {reason}"),
            )
            .help("Put quotes around the text if no tag is meant."),
            Problem::Directive(reason) => Diagnostic::new(
                INVALID_SYNTAX,
                self.line_from(from),
                format!("this directive cannot be read: {reason}"),
            )
            .help("Put quotes around the text if no directive is meant."),
            Problem::BlockHeader => {
                here("only `+`, `-`, a digit or a comment may follow on the line of a `|` or `>`")
                    .label(self.char_at(from), "the text begins here")
                    .help("Begin the text on the next line.")
            }
            Problem::BlockZero => here(
                "the indentation of a text cannot be 0: leave the digit out, or write one from 1 to 9",
            ),
            Problem::UnclosedQuote { quote } => Diagnostic::new(
                INVALID_SYNTAX,
                self.char_at(from),
                format!("this `{}` is never closed", char::from(quote)),
            ),
            Problem::QuoteMeetsDocument { quote } => {
                let message = format!(
                    "this `{}` is not closed before the document ends",
                    char::from(quote)
                );
                Diagnostic::new(INVALID_SYNTAX, self.char_at(from), message)
                    .label(self.word_at(at), "the document ends here")
            }
            Problem::Escape => {
                let escape = self
                    .source
                    .span(at as usize..self.char_end(self.char_end(at as usize)));
                let message = format!(
                    "`{}` is no escape that YAML knows: double the backslash",
                    self.source.slice(escape)
                );
                Diagnostic::new(INVALID_SYNTAX, escape, message)
                    .help("In single quotes a backslash stands for itself.")
            }
            Problem::EscapeDigits { digits } => here(&format!(
                "this escape wants {digits} hexadecimal digits: write them all, or double the backslash"
            )),
            Problem::EscapeCode => {
                here("this escape names no character: write the character itself")
            }
            Problem::NoKey => here("a key is missing before this `:`"),
            Problem::KeyExpected => self.outside(
                "this line is not part of the mapping above",
                "the keys of the mapping begin in this column",
            ),
            Problem::EntryExpected => self.outside(
                "this line is not part of the list above",
                "the items of the list begin in this column",
            ),
            Problem::FlowExpected { close } => self.flow_expected(close),
            Problem::FlowNode if at as usize >= self.text.len() => {
                let open = self.char_at(from);
                here(&format!(
                    "the file ends before the `{}` is closed",
                    self.source.slice(open)
                ))
                .label(open, "opened here")
            }
            Problem::FlowNode => here("a value is missing here"),
            Problem::BlockNode => {
                let found = self.source.slice(self.char_at(at)).to_owned();
                here(&format!(
                    "a value cannot begin with `{found}`: put quotes around it"
                ))
            }
            Problem::TagHandle => {
                let message = "this tag begins with a handle that no `%TAG` defines";
                Diagnostic::new(INVALID_SYNTAX, self.word_at(at), message)
                    .help("Put quotes around the text if no tag is meant.")
            }
            Problem::DocumentExpected => Diagnostic::new(
                INVALID_SYNTAX,
                self.line_from(at),
                "the document ended before this; a new one begins with `---`",
            ),
            Problem::Version => Diagnostic::new(
                INVALID_SYNTAX,
                self.line_from(at),
                "only YAML 1.1 is read: take this line out",
            )
            .help("Docker Compose refuses a file that names any other version."),
            Problem::DuplicateDirective => Diagnostic::new(
                INVALID_SYNTAX,
                self.line_from(at),
                "this directive is given twice",
            ),
            Problem::TooDeep => here(
                "this is nested more than 1,000 levels deep, which is more than composelint reads",
            ),
        }
    }

    fn value_not_allowed(&self) -> Diagnostic {
        let Fault { at, from, .. } = *self.fault;
        let colon = self.char_at(at);
        if self.is_one_line(from, at) {
            let message = "a `:` with a space behind it is not allowed here: put quotes around the text or the key on its own line";
            return Diagnostic::new(INVALID_SYNTAX, colon, message).label(
                self.source.span(from as usize..at as usize),
                "this would be a key inside a value",
            );
        }
        // `image:nginx` is text: what was meant for a key lacks its space.
        let first = self.source.slice(self.line_from(from));
        let help = match first.split_once(':') {
            Some((key, _)) if !first.starts_with(['"', '\'']) => {
                format!("Put a space behind `{key}:`.")
            }
            _ => "Indent the key like its neighbours.".to_owned(),
        };
        Diagnostic::new(
            INVALID_SYNTAX,
            colon,
            "this line reads as part of the text above, so a `:` is not allowed in it",
        )
        .label(self.char_at(from), "the text begins here")
        .help(help)
    }

    /// Something that belongs to none of the collections around it: misplaced, or too much on its
    /// line.
    fn outside(&self, message: &str, column: &str) -> Diagnostic {
        let Fault {
            at,
            from,
            long_quote,
            ..
        } = *self.fault;
        let line = self.line_from(at);
        let is_first = self.text[self.line_start(at)..at as usize]
            .iter()
            .all(|byte| *byte == b' ');
        if is_first {
            return Diagnostic::new(
                INVALID_SYNTAX,
                line,
                format!("{message}: its indentation fits nothing"),
            )
            .label(self.char_at(from), column)
            .help("Indent it like the lines it belongs to.");
        }
        let message = format!(
            "`{}` is too much here: the value has ended before",
            self.excerpt(line)
        );
        let found = Diagnostic::new(INVALID_SYNTAX, line, message);
        match long_quote {
            Some(quote) if self.source.lines().line(quote) != self.source.lines().line(at) => found
                .label(
                    self.char_at(quote),
                    "a text in quotes begins here: is its end missing?",
                ),
            _ => found.help("Put quotes around the whole text."),
        }
    }

    fn flow_expected(&self, close: u8) -> Diagnostic {
        let Fault { at, from, .. } = *self.fault;
        let (open, close) = (self.char_at(from), char::from(close));
        if self.is_line_start(at) {
            let message = format!("this `{}` is not closed", self.source.slice(open));
            return Diagnostic::new(INVALID_SYNTAX, open, message).label(
                self.char_at(at),
                format!("`,` or `{close}` should come before this"),
            );
        }
        Diagnostic::new(
            INVALID_SYNTAX,
            self.char_at(at),
            format!("`,` or `{close}` is missing before this"),
        )
        .label(open, "inside of this")
        .help("Put quotes around a text that holds brackets, braces or commas.")
    }

    /// Whether only blanks come before `at` on its line, or nothing behind it in the file.
    fn is_line_start(&self, at: u32) -> bool {
        let before = &self.text[self.line_start(at)..at as usize];
        at as usize >= self.text.len() || before.iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    fn is_one_line(&self, from: u32, at: u32) -> bool {
        line_end(self.text, from as usize) >= at as usize
    }

    fn line_start(&self, at: u32) -> usize {
        let lines = self.source.lines();
        (lines.start(lines.line(at)) as usize).min(at as usize)
    }

    fn char_end(&self, at: usize) -> usize {
        let len = self
            .source
            .text()
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        (at + len).min(self.text.len())
    }

    fn char_at(&self, at: u32) -> Span {
        let at = (at as usize).min(self.text.len());
        self.source.span(at..self.char_end(at))
    }

    /// From `at` to the next blank.
    fn word_at(&self, at: u32) -> Span {
        let at = at as usize;
        let len = self.text[at..]
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        self.source.span(at..at + len)
    }

    /// From `at` to the end of its line, without blanks and comment behind.
    fn line_from(&self, at: u32) -> Span {
        let at = at as usize;
        let rest = &self.source.text()[at..line_end(self.text, at)];
        let rest = rest.find(" #").map_or(rest, |comment| &rest[..comment]);
        self.source.span(at..at + rest.trim_end().len())
    }

    fn excerpt(&self, span: Span) -> String {
        const LIMIT: usize = 40;
        let text = self.source.slice(span);
        match text.char_indices().nth(LIMIT) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text.to_owned(),
        }
    }
}
