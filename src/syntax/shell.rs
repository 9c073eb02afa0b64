//! POSIX shell far enough to see which commands a text runs: words, quotes, operators,
//! substitutions, control words.
//!
//! It takes [`Cooked`] text, so that a word inside `sh -c "…"` inside a YAML scalar still knows its
//! bytes in the file. It never executes and never expands; it is lenient, for the text comes from
//! the middle of other languages.

use crate::text::{Cooked, Span};

mod grammar;
mod lexer;

/// A script as a flat list of its simple commands, in the order they are written.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The simple commands. Those inside `$(…)` and backquotes are not among them.
    pub commands: Vec<Command>,
}

/// A simple command: assignments, words, redirections.
#[derive(Clone, Debug)]
pub struct Command {
    /// `NAME=value` before the first word.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Targets of redirections.
    pub redirections: Vec<Redirection>,
    /// The operator behind it.
    pub next: Operator,
    /// How many `if`, `for`, `while`, `case`, `{` or `(` it lies in; 0 at the top.
    pub depth: u32,
    /// Whether it runs only under a condition: inside `if`, `while`, `case`, a function, or behind
    /// `&&` or `||`.
    pub conditional: bool,
    /// The function it lies in, if any.
    pub function: Option<String>,
    /// All of it.
    pub span: Span,
}

/// `NAME=value`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Word,
}

/// A redirection.
#[derive(Clone, Debug)]
pub struct Redirection {
    /// `>`, `>>`, `<`, `2>`, `&>`, `<<`, … as written.
    pub operator: String,
    /// Where to or from; for a heredoc its name.
    pub target: Word,
}

/// What separates a command from the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `;` or a line end
    Sequence,
    /// `&`
    Background,
    /// Nothing follows.
    End,
}

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word without its quotes; `$…` stands as written.
    pub text: Cooked,
    /// As written, quotes included.
    pub span: Span,
    /// Whether any part was quoted.
    pub quoted: bool,
    /// Whether the text is what the program gets: no variable, substitution or glob in it.
    pub literal: bool,
}

impl Command {
    /// The program's name as written, if there is one.
    pub fn program(&self) -> Option<&str> {
        self.words.first().map(|word| word.text.as_str())
    }

    /// The texts of all words.
    pub fn argv(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// Reads a script.
pub fn parse(text: &Cooked) -> Script {
    grammar::Walker::new(text).walk()
}

#[cfg(test)]
mod tests;
