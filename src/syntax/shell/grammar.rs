//! From tokens to simple commands: which of them lie in a compound command, a function, or behind a
//! condition.
//!
//! Compound commands are kept on an explicit stack, so that no nesting of the text can exhaust
//! ours.

use super::lexer::{Kind, Lexer, Token};
use super::{Assignment, Command, Operator, Redirection, Script, Word};
use crate::text::Cooked;

/// Function names longer than this are not kept: each of their commands would carry a copy.
const FUNCTION_NAME_LIMIT: usize = 200;

/// Walks over the tokens of one script.
pub(super) struct Walker<'t> {
    text: &'t Cooked,
    lexer: Lexer<'t>,
    script: Script,
    frames: Vec<Frame>,
    /// How many frames of each kind are open.
    open: [usize; 5],
    /// How many open frames make what is inside conditional.
    conditions: usize,
    /// Whether an `&&` or `||` stands before the current command in its list.
    is_behind_condition: bool,
    /// Whether `&&`, `||` or `|` came last, so that a line end does not end the list.
    is_dangling: bool,
    /// The function whose body comes next.
    function: Option<String>,
    command: Option<Draft>,
}

/// An open compound command.
struct Frame {
    kind: Compound,
    /// Whether the part that is being read runs only under a condition.
    is_conditional: bool,
    /// Whether the part behind `then` or `do` does: in `if` and `while`, not in `for`.
    has_condition: bool,
    /// The `is_behind_condition` to go on with behind it.
    was_behind_condition: bool,
    function: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compound {
    If,
    Loop,
    Case,
    Brace,
    Subshell,
}

/// A simple command that is being read.
struct Draft {
    assignments: Vec<Assignment>,
    words: Vec<Word>,
    redirections: Vec<Redirection>,
    start: usize,
    end: usize,
}

impl<'t> Walker<'t> {
    pub(super) fn new(text: &'t Cooked) -> Self {
        Walker {
            text,
            lexer: Lexer::new(text),
            script: Script::default(),
            frames: Vec::new(),
            open: [0; 5],
            conditions: 0,
            is_behind_condition: false,
            is_dangling: false,
            function: None,
            command: None,
        }
    }

    pub(super) fn walk(mut self) -> Script {
        loop {
            if self.command.is_none() && self.lexer.eat_arithmetic() {
                continue;
            }
            let token = self.lexer.next();
            match token.kind {
                Kind::End => break,
                Kind::Newline if self.is_dangling => {}
                Kind::Newline => self.separator(Operator::Sequence),
                Kind::Operator(operator) => self.operator(operator, &token),
                Kind::Redirection => self.redirection(&token),
                Kind::Word(word) => self.word(word, token.range),
            }
        }
        self.finish(Operator::End);
        self.script
    }

    fn operator(&mut self, operator: &str, token: &Token) {
        match operator {
            "&&" => self.separator(Operator::And),
            "||" => self.separator(Operator::Or),
            "|" | "|&" => self.separator(Operator::Pipe),
            "&" => self.separator(Operator::Background),
            ";" => self.separator(Operator::Sequence),
            "(" if self.command.is_none() => self.push(Compound::Subshell, false),
            // An array, a pattern of `[[`, something we do not know: part of the command.
            "(" => self.extend(token),
            ")" => {
                self.finish(Operator::End);
                self.pop(Compound::Subshell);
            }
            // `;;` and its kin end a branch of `case`.
            _ => {
                self.separator(Operator::Sequence);
                if self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.kind == Compound::Case)
                {
                    self.skip_pattern();
                }
            }
        }
    }

    fn separator(&mut self, operator: Operator) {
        match self.command.is_some() {
            true => self.finish(operator),
            // Behind `)`, `}`, `fi`: it belongs to the last command of the group.
            false => {
                if let Some(last) = self.script.commands.last_mut()
                    && last.next == Operator::End
                {
                    last.next = operator;
                }
            }
        }
        self.is_dangling = matches!(operator, Operator::And | Operator::Or | Operator::Pipe);
        match operator {
            Operator::And | Operator::Or => self.is_behind_condition = true,
            Operator::Sequence | Operator::Background | Operator::End => {
                self.is_behind_condition = false
            }
            Operator::Pipe => {}
        }
    }

    fn redirection(&mut self, token: &Token) {
        let operator = self.text.as_str()[token.range.clone()].to_owned();
        let target = self.lexer.next();
        let Kind::Word(word) = target.kind else {
            self.extend(token);
            return self.put_back(target);
        };
        let bare = operator.trim_start_matches(|c: char| c.is_ascii_digit());
        if bare == "<<" || bare == "<<-" {
            self.lexer.expect_heredoc(&word, bare == "<<-");
        }
        let draft = self.draft(token.range.start);
        draft.redirections.push(Redirection {
            operator,
            target: word,
        });
        draft.end = target.range.end;
    }

    /// Goes on with a token that was read too early; never a word.
    fn put_back(&mut self, token: Token) {
        match token.kind {
            Kind::Newline => self.separator(Operator::Sequence),
            Kind::Operator(operator) => self.operator(operator, &token),
            Kind::Redirection => self.extend(&token),
            Kind::Word(_) | Kind::End => {}
        }
    }

    fn word(&mut self, word: Word, range: std::ops::Range<usize>) {
        let raw = &self.text.as_str()[range.clone()];
        if self.command.is_none() && self.reserved(raw) {
            return;
        }
        let is_first = self
            .command
            .as_ref()
            .is_none_or(|draft| draft.words.is_empty());
        if is_first && let Some(assignment) = self.assignment(raw, &word, range.start) {
            let draft = self.draft(range.start);
            draft.assignments.push(assignment);
            draft.end = range.end;
            return;
        }
        if self.command.is_none() && self.lexer.eat_parentheses() {
            return self.expect_body(word.text.as_str());
        }
        let is_test = self.command.is_none() && raw == "[[";
        let draft = self.draft(range.start);
        draft.words.push(word);
        draft.end = range.end;
        if is_test {
            self.read_test();
        }
    }

    /// `[[ … ]]`: operators in it are no operators.
    fn read_test(&mut self) {
        loop {
            let token = self.lexer.next();
            match token.kind {
                Kind::Word(word) => {
                    let is_end = word.text.as_str() == "]]";
                    let draft = self.draft(token.range.start);
                    draft.words.push(word);
                    draft.end = token.range.end;
                    if is_end {
                        return;
                    }
                }
                Kind::Newline | Kind::End => return self.put_back(token),
                Kind::Operator(_) | Kind::Redirection => self.extend(&token),
            }
        }
    }

    /// Deals with a control word in the place of a command; false when it is none.
    fn reserved(&mut self, raw: &str) -> bool {
        match raw {
            "if" => self.push_conditional(Compound::If),
            "fi" => self.pop(Compound::If),
            "while" | "until" => self.push_conditional(Compound::Loop),
            "for" | "select" => {
                self.push(Compound::Loop, false);
                self.skip_loop_header();
            }
            "then" | "elif" | "else" | "do" => self.enter_branch(),
            "done" => self.pop(Compound::Loop),
            "case" => {
                self.push(Compound::Case, true);
                self.skip_until_in();
                self.skip_pattern();
            }
            "esac" => self.pop(Compound::Case),
            "{" => self.push(Compound::Brace, false),
            "}" => self.pop(Compound::Brace),
            "!" => {}
            "function" => {
                if let Kind::Word(name) = self.lexer.next().kind {
                    self.lexer.eat_parentheses();
                    self.expect_body(name.text.as_str());
                }
            }
            _ => return false,
        }
        true
    }

    fn expect_body(&mut self, name: &str) {
        self.function = (name.len() <= FUNCTION_NAME_LIMIT).then(|| name.to_owned());
    }

    /// `NAME in a b c` behind `for`, up to `;`, a line end or `do`.
    fn skip_loop_header(&mut self) {
        if self.lexer.eat_arithmetic() {
            return;
        }
        loop {
            match self.lexer.next().kind {
                Kind::Word(word) if word.text.as_str() == "do" && !word.quoted => return,
                Kind::Operator(";") | Kind::Newline | Kind::End => return,
                _ => {}
            }
        }
    }

    /// `WORD in` behind `case`.
    fn skip_until_in(&mut self) {
        loop {
            match self.lexer.next().kind {
                Kind::Word(word) if word.text.as_str() == "in" && !word.quoted => return,
                Kind::Operator(";") | Kind::End => return,
                _ => {}
            }
        }
    }

    /// `a | b)` before a branch of `case`, or the `esac` that stands there instead.
    fn skip_pattern(&mut self) {
        loop {
            match self.lexer.next().kind {
                Kind::Word(word) if word.text.as_str() == "esac" && !word.quoted => {
                    return self.pop(Compound::Case);
                }
                Kind::Operator(")") | Kind::End => return,
                _ => {}
            }
        }
    }

    fn push(&mut self, kind: Compound, is_conditional: bool) {
        let function = self.function.take();
        let is_conditional = is_conditional || function.is_some() || self.is_behind_condition;
        let function =
            function.or_else(|| self.frames.last().and_then(|frame| frame.function.clone()));
        self.open[kind as usize] += 1;
        self.conditions += usize::from(is_conditional);
        let was_behind_condition = std::mem::take(&mut self.is_behind_condition);
        self.is_dangling = false;
        self.frames.push(Frame {
            kind,
            is_conditional,
            has_condition: false,
            was_behind_condition,
            function,
        });
    }

    /// Closes the innermost frame of this kind and all that were left open in it; nothing when
    /// there is none.
    fn pop(&mut self, kind: Compound) {
        if self.open[kind as usize] == 0 {
            return;
        }
        while let Some(frame) = self.frames.pop() {
            self.open[frame.kind as usize] -= 1;
            self.conditions -= usize::from(frame.is_conditional);
            self.is_behind_condition = frame.was_behind_condition;
            if frame.kind == kind {
                return;
            }
        }
    }

    /// `if` and `while`: the condition itself always runs, what is behind it does not.
    fn push_conditional(&mut self, kind: Compound) {
        self.push(kind, false);
        if let Some(frame) = self.frames.last_mut() {
            frame.has_condition = true;
        }
    }

    /// Behind `then`, `elif`, `else` or `do`.
    fn enter_branch(&mut self) {
        if let Some(frame) = self.frames.last_mut()
            && frame.has_condition
            && !frame.is_conditional
        {
            frame.is_conditional = true;
            self.conditions += 1;
        }
    }

    fn assignment(&self, raw: &str, word: &Word, start: usize) -> Option<Assignment> {
        let (name, _) = raw.split_once('=')?;
        let behind = name.len() + 1;
        let name = name.strip_suffix('+').unwrap_or(name);
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if name.is_empty() || !is_name {
            return None;
        }
        let value = Word {
            text: word.text.slice(behind..word.text.as_str().len()),
            span: self.text.span_of(start + behind..start + raw.len()),
            quoted: word.quoted,
            literal: word.literal,
        };
        Some(Assignment {
            name: name.to_owned(),
            value,
        })
    }

    fn draft(&mut self, start: usize) -> &mut Draft {
        self.is_dangling = false;
        let new = || Draft {
            assignments: Vec::new(),
            words: Vec::new(),
            redirections: Vec::new(),
            start,
            end: start,
        };
        self.command.get_or_insert_with(new)
    }

    fn extend(&mut self, token: &Token) {
        self.draft(token.range.start).end = token.range.end;
    }

    fn finish(&mut self, next: Operator) {
        let Some(draft) = self.command.take() else {
            return;
        };
        // A simple command is no body of a function in most shells; take it for a call.
        self.function = None;
        self.script.commands.push(Command {
            assignments: draft.assignments,
            words: draft.words,
            redirections: draft.redirections,
            next,
            depth: u32::try_from(self.frames.len()).unwrap_or(u32::MAX),
            conditional: self.conditions > 0 || self.is_behind_condition,
            function: self.frames.last().and_then(|frame| frame.function.clone()),
            span: self.text.span_of(draft.start..draft.end),
        });
    }
}
