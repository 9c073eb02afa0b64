//! Dockerfiles as BuildKit reads them, with a span for every instruction, flag, word and heredoc.
//!
//! The tree says what is written; what the instructions do (stages, layers, variables) is for
//! `project` to say.

use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, Source, Span};

use super::INVALID_SYNTAX;

mod check;
mod directives;
pub mod dump;
pub mod expand;
mod heredoc;
mod instruction;
mod json;
mod lines;
mod words;

pub use check::refused_values;
pub use directives::Checks;
use directives::{Comment, Directives};
use lines::Lines;

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
    /// The text of a keyword that is none; `None` for a known one.
    pub unknown_keyword: Option<String>,
    /// From the keyword to the last byte of its arguments or of its last heredoc's terminator,
    /// without the line end.
    pub span: Span,
    /// `--name=value` before the arguments.
    pub flags: Vec<Flag>,
    /// The first word of HEALTHCHECK: `CMD`, `NONE`, or what is neither.
    pub kind: Option<Word>,
    /// The rest.
    pub arguments: Arguments,
    /// Heredocs that the arguments open, in order.
    pub heredocs: Vec<Heredoc>,
    /// The comments above it that speak of it: those since the instruction before, and since the
    /// last `#` with nothing behind it. A blank line does not part them.
    pub comments: Vec<Span>,
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
    /// Words: FROM, COPY, ADD, EXPOSE, VOLUME, ARG (each `NAME` or `NAME=default`), WORKDIR, USER,
    /// STOPSIGNAL, ….
    Words(Vec<Word>),
    /// The JSON form of RUN, CMD, ENTRYPOINT, SHELL, VOLUME, COPY, ADD and `HEALTHCHECK CMD`.
    Json(Vec<Word>),
    /// The shell form of RUN, CMD, ENTRYPOINT and `HEALTHCHECK CMD`: one text, continuations and
    /// comments taken out.
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
    /// The word as BuildKit's parser hands it on: continuations taken out, quotes and `$` still
    /// there, except in the JSON form, where it is the decoded string.
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
    /// The line that ends it, without the line end.
    pub terminator: Span,
    /// Whether variables are expanded in it: no quotes around its name.
    pub expand: bool,
    /// The file descriptor, 0 unless written.
    pub file_descriptor: u32,
}

impl Dockerfile {
    /// Whether `# syntax=` names a frontend other than Docker's, so that the file may hold
    /// anything.
    pub fn is_of_another_language(&self) -> bool {
        let Some(syntax) = self
            .directives
            .iter()
            .find(|directive| directive.name == "syntax")
        else {
            return false;
        };
        let image = syntax.value.split(['@', ':']).next().unwrap_or_default();
        !matches!(
            image.trim_start_matches("docker.io/"),
            "docker/dockerfile" | "docker/dockerfile-upstream"
        )
    }
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
///
/// The verdicts are those of BuildKit's parser and of its check of each instruction
/// (`frontend/dockerfile/parser` and `…/instructions`, read in August 2026).
pub fn parse(source: &Source) -> (Dockerfile, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut directives = Directives::new();
    let mut lines = Lines::new(source);
    let (mut instructions, mut comments) = (Vec::new(), Vec::new());
    let mut endless_heredocs = 0;
    let mut above: Vec<Span> = Vec::new();
    while let Some(line) = lines.next() {
        if lines::is_comment(line.text) {
            let comment = source.span(line.trimmed().range());
            let kind = directives.read(source, line, &mut diagnostics);
            if matches!(kind, Comment::Plain | Comment::Ineffective) {
                comments.push(comment);
            }
            if matches!(kind, Comment::Plain | Comment::DirectiveForFrontend) {
                match line
                    .text
                    .strip_prefix('#')
                    .is_some_and(|rest| rest.trim().is_empty())
                {
                    true => above.clear(),
                    false => above.push(comment),
                }
            }
            continue;
        }
        directives.close();
        let line = line.trimmed();
        if line.text.is_empty() {
            continue;
        }
        let text = lines::logical(line, &mut lines, directives.escape, &mut comments);
        let mut reader = instruction::Reader {
            escape: directives.escape,
            diagnostics: &mut diagnostics,
        };
        let mut instruction = reader.read(&text);
        if can_open_heredocs(&instruction) {
            let heredocs = heredoc::read(
                source,
                &text,
                &mut lines,
                &mut endless_heredocs,
                &mut diagnostics,
            );
            attach(&mut instruction, heredocs);
        }
        instruction.comments = std::mem::take(&mut above);
        instructions.push(instruction);
    }
    if let Some(line) = lines.too_long {
        let message = format!("the line is longer than {} bytes", lines::LONGEST_LINE);
        diagnostics.push(
            Diagnostic::new(INVALID_SYNTAX, line.before(), message)
                .help("Put the text into a file and copy it."),
        );
    }
    let (directives, escape) = (directives.list, directives.escape);
    let file = Dockerfile {
        source: source.clone(),
        directives,
        instructions,
        comments,
        escape,
    };
    check::check(&file, &mut diagnostics);
    if file.is_of_another_language() {
        diagnostics.clear();
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    // A file with more than that is no Dockerfile, and nobody reads on.
    diagnostics.truncate(MOST_DIAGNOSTICS);
    (file, diagnostics)
}

/// How many diagnostics one file gets.
const MOST_DIAGNOSTICS: usize = 100;

/// Only ADD, COPY and RUN have heredocs, not in their JSON form; a trigger has those of its own
/// instruction.
fn can_open_heredocs(instruction: &Instruction) -> bool {
    let instruction = match &instruction.arguments {
        Arguments::Onbuild(trigger) => trigger,
        _ => instruction,
    };
    matches!(
        instruction.keyword,
        Keyword::Add | Keyword::Copy | Keyword::Run
    ) && !matches!(instruction.arguments, Arguments::Json(_))
}

/// Gives an instruction its heredocs; those of a trigger belong to the trigger.
fn attach(instruction: &mut Instruction, heredocs: Vec<Heredoc>) {
    let Some(last) = heredocs.last() else { return };
    instruction.span = instruction.span.cover(last.terminator);
    match &mut instruction.arguments {
        Arguments::Onbuild(trigger) => {
            trigger.span = trigger.span.cover(last.terminator);
            trigger.heredocs = heredocs;
        }
        _ => instruction.heredocs = heredocs,
    }
}

#[cfg(test)]
mod tests;
