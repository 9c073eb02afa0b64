//! One logical line to an [`Instruction`]: keyword, flags, arguments in the form that the keyword
//! asks for.

use std::ops::Range;

use super::json::{self, Json};
use super::{Arguments, INVALID_SYNTAX, Instruction, Keyword, Pair, words};
use crate::diagnostic::Diagnostic;
use crate::text::Cooked;

/// The keywords as they are written.
pub(super) const KEYWORDS: [(&str, Keyword); 18] = [
    ("ADD", Keyword::Add),
    ("ARG", Keyword::Arg),
    ("CMD", Keyword::Cmd),
    ("COPY", Keyword::Copy),
    ("ENTRYPOINT", Keyword::Entrypoint),
    ("ENV", Keyword::Env),
    ("EXPOSE", Keyword::Expose),
    ("FROM", Keyword::From),
    ("HEALTHCHECK", Keyword::Healthcheck),
    ("LABEL", Keyword::Label),
    ("MAINTAINER", Keyword::Maintainer),
    ("ONBUILD", Keyword::Onbuild),
    ("RUN", Keyword::Run),
    ("SHELL", Keyword::Shell),
    ("STOPSIGNAL", Keyword::Stopsignal),
    ("USER", Keyword::User),
    ("VOLUME", Keyword::Volume),
    ("WORKDIR", Keyword::Workdir),
];

/// How deep triggers of triggers are read.
const DEPTH: usize = 50;

/// Reads the instructions of one file.
pub(super) struct Reader<'d> {
    /// The escape character.
    pub(super) escape: char,
    /// Where errors go.
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a whole logical line.
    pub(super) fn read(&mut self, line: &Cooked) -> Instruction {
        self.instruction(line, 0..line.as_str().len(), 0)
    }

    fn instruction(&mut self, line: &Cooked, range: Range<usize>, depth: usize) -> Instruction {
        let range = words::trim(line, range);
        let span = line.span_of(range.clone());
        let (name, rest) = words::split_first(line, range);
        let written = &line.as_str()[name.clone()];
        let known = KEYWORDS
            .iter()
            .find(|(keyword, _)| is_keyword(keyword, written));
        let keyword = known.map_or(Keyword::Unknown, |(_, keyword)| *keyword);
        let unknown_keyword = known.is_none().then(|| written.to_owned());
        let (flags, rest) = words::flags(line, rest, self.escape);
        let rest = words::trim(line, rest);
        let kind = (keyword == Keyword::Healthcheck && !rest.is_empty())
            .then(|| words::word(line, health_kind(line, &rest)));
        let arguments = self.arguments(keyword, line, rest, depth);
        let keyword_span = line.span_of(name);
        Instruction {
            keyword,
            keyword_span,
            unknown_keyword,
            span,
            flags,
            kind,
            arguments,
            heredocs: Vec::new(),
            comments: Vec::new(),
        }
    }

    fn arguments(
        &mut self,
        keyword: Keyword,
        line: &Cooked,
        rest: Range<usize>,
        depth: usize,
    ) -> Arguments {
        if rest.is_empty() {
            return Arguments::None;
        }
        match keyword {
            Keyword::Add | Keyword::Copy | Keyword::Volume => {
                self.json_or(line, rest, |line, rest| {
                    to_words(line, words::at_blanks(line, rest))
                })
            }
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => {
                self.json_or(line, rest, shell)
            }
            Keyword::Healthcheck => self.healthcheck(line, rest),
            Keyword::From | Keyword::Expose => to_words(line, words::at_blanks(line, rest)),
            Keyword::Arg => to_words(line, words::with_quotes(line, rest, self.escape)),
            Keyword::Env | Keyword::Label => self.pairs(keyword, line, rest),
            Keyword::Maintainer | Keyword::User | Keyword::Stopsignal | Keyword::Workdir => {
                Arguments::Words(vec![words::word(line, rest)])
            }
            // A trigger of a trigger is refused, but read.
            Keyword::Onbuild if depth < DEPTH => {
                Arguments::Onbuild(Box::new(self.instruction(line, rest, depth + 1)))
            }
            Keyword::Onbuild | Keyword::Unknown => Arguments::None,
        }
    }

    fn json_or(
        &mut self,
        line: &Cooked,
        rest: Range<usize>,
        other: fn(&Cooked, Range<usize>) -> Arguments,
    ) -> Arguments {
        match json::read(line, rest.clone()) {
            Json::Strings(words) => Arguments::Json(words),
            Json::No => other(line, rest),
            Json::NotStrings => {
                let message = "the JSON form takes strings only";
                let help = "Put every element into double quotes.";
                self.diagnostics
                    .push(Diagnostic::new(INVALID_SYNTAX, line.span_of(rest), message).help(help));
                Arguments::None
            }
        }
    }

    /// `CMD` and a command in either form; `NONE`, or whatever else stands first, becomes a word
    /// with the others behind it.
    fn healthcheck(&mut self, line: &Cooked, rest: Range<usize>) -> Arguments {
        let kind = health_kind(line, &rest);
        let command = words::behind_bytes(line.as_str(), kind.end..rest.end);
        let arguments = if command.is_empty() {
            Arguments::None
        } else {
            self.json_or(line, command.clone(), shell)
        };
        if is_keyword("CMD", &line.as_str()[kind.clone()]) {
            return arguments;
        }
        let mut words = vec![words::word(line, kind)];
        match arguments {
            Arguments::Json(more) => words.extend(more),
            Arguments::Shell(_) => words.push(words::word(line, command)),
            _ => {}
        }
        Arguments::Words(words)
    }

    fn pairs(&mut self, keyword: Keyword, line: &Cooked, rest: Range<usize>) -> Arguments {
        let text = line.as_str();
        let words = words::with_quotes(line, rest.clone(), self.escape);
        let Some(first) = words.first() else {
            return Arguments::None;
        };
        let name = if keyword == Keyword::Env {
            "ENV"
        } else {
            "LABEL"
        };
        if !text[first.clone()].contains('=') {
            let (key, value) = words::split_first(line, rest);
            if value.is_empty() {
                let message = format!("`{name}` needs a value for `{}`", &text[key.clone()]);
                let help = format!("Write `{name} {}=value`.", &text[key.clone()]);
                self.diagnostics
                    .push(Diagnostic::new(INVALID_SYNTAX, line.span_of(key), message).help(help));
                return Arguments::None;
            }
            return Arguments::Pairs(vec![Pair {
                key: words::word(line, key),
                value: words::word(line, value),
                legacy: true,
            }]);
        }
        let mut pairs = Vec::new();
        for word in words {
            let Some(equals) = text[word.clone()].find('=').map(|at| word.start + at) else {
                let message = format!("`{}` has no `=`", &text[word.clone()]);
                let help = format!(
                    "`{name}` takes `name=value` pairs; put a value with blanks into double quotes."
                );
                self.diagnostics
                    .push(Diagnostic::new(INVALID_SYNTAX, line.span_of(word), message).help(help));
                continue;
            };
            let (key, value) = (word.start..equals, equals + 1..word.end);
            pairs.push(Pair {
                key: words::word(line, key),
                value: words::word(line, value),
                legacy: false,
            });
        }
        Arguments::Pairs(pairs)
    }
}

/// Whether a word is this keyword, in any case.
fn is_keyword(keyword: &str, written: &str) -> bool {
    written
        .chars()
        .map(words::lower)
        .eq(keyword.chars().map(words::lower))
}

/// The first word of HEALTHCHECK. BuildKit looks at bytes here, as it does for flags.
fn health_kind(line: &Cooked, rest: &Range<usize>) -> Range<usize> {
    rest.start..words::end_of_bytes(line.as_str(), rest)
}

fn shell(line: &Cooked, rest: Range<usize>) -> Arguments {
    Arguments::Shell(line.slice(rest))
}

fn to_words(line: &Cooked, ranges: Vec<Range<usize>>) -> Arguments {
    Arguments::Words(
        ranges
            .into_iter()
            .map(|range| words::word(line, range))
            .collect(),
    )
}
