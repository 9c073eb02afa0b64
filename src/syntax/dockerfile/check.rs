//! What BuildKit refuses after it has parsed a file: unknown instructions and flags, missing
//! arguments, no stage.
//!
//! The order and the sense of the checks are those of its `instructions` package.

use super::expand::Lookup;
use super::instruction::KEYWORDS;
use super::{
    Arguments, Dockerfile, Flag, INVALID_SYNTAX, Instruction, Keyword, MOST_DIAGNOSTICS, Word,
    heredoc, words,
};
use crate::diagnostic::Diagnostic;
use crate::syntax::{FORBIDDEN_ONBUILD_TRIGGER, INSTRUCTION_BEFORE_FROM};
use crate::text::{Span, closest};

mod expansion;
mod values;

pub use expansion::refused_values;

/// What a flag takes.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// A value.
    Value,
    /// Nothing, `true` or `false`.
    Boolean,
    /// A value, and it may be given several times.
    Values,
}

use Takes::{Boolean, Value, Values};

const ADD: &[(&str, Takes)] = &[
    ("chown", Value),
    ("chmod", Value),
    ("link", Boolean),
    ("keep-git-dir", Boolean),
    ("checksum", Value),
    ("unpack", Boolean),
    ("exclude", Values),
];
const COPY: &[(&str, Takes)] = &[
    ("chown", Value),
    ("from", Value),
    ("chmod", Value),
    ("link", Boolean),
    ("exclude", Values),
    ("parents", Boolean),
];
const FROM: &[(&str, Takes)] = &[("platform", Value)];
const HEALTHCHECK: &[(&str, Takes)] = &[
    ("interval", Value),
    ("timeout", Value),
    ("start-period", Value),
    ("start-interval", Value),
    ("retries", Value),
];
const RUN: &[(&str, Takes)] = &[
    ("mount", Values),
    ("network", Value),
    ("security", Value),
    ("device", Values),
];

/// Reports what is wrong with the instructions of a file.
pub(super) fn check(file: &Dockerfile, diagnostics: &mut Vec<Diagnostic>) {
    let mut checker = Checker {
        diagnostics,
        escape: file.escape,
        lookup: &|_| Lookup::Unknown,
    };
    // Prose, or a file of another program: every line would be wrong, and all for one reason.
    let is_unknown = |instruction: &Instruction| {
        instruction.keyword == Keyword::Unknown && instruction.unknown_keyword.is_some()
    };
    if let [first, _, ..] = file.instructions.as_slice()
        && is_unknown(first)
        && !file
            .instructions
            .iter()
            .any(|instruction| instruction.keyword == Keyword::From)
    {
        let message =
            "this is no Dockerfile: it has no `FROM`, and its first line is no instruction"
                .to_owned();
        return checker.report(
            first.keyword_span,
            message,
            "Give the file another name, or start it with `FROM` and the name of an image.",
        );
    }
    let mut has_stage = false;
    for instruction in &file.instructions {
        if checker.diagnostics.len() >= MOST_DIAGNOSTICS {
            return;
        }
        checker.instruction(instruction);
        has_stage |= instruction.keyword == Keyword::From;
        if !has_stage && !matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown) {
            let message = format!(
                "`{}` stands before the first `FROM`",
                name(instruction.keyword)
            );
            let finding =
                Diagnostic::new(INSTRUCTION_BEFORE_FROM, instruction.keyword_span, message);
            checker
                .diagnostics
                .push(finding.help("Only `ARG` may stand before the first `FROM`."));
            // One word about it is enough.
            has_stage = true;
        }
    }
    if !has_stage
        && file
            .instructions
            .iter()
            .all(|instruction| instruction.keyword == Keyword::Arg)
    {
        let help = "Start with `FROM` and the name of an image.";
        let place = file.source.whole().before();
        checker.diagnostics.push(
            Diagnostic::new(
                INSTRUCTION_BEFORE_FROM,
                place,
                "the Dockerfile has no `FROM`",
            )
            .help(help),
        );
    }
}

/// A keyword as it is written.
fn name(keyword: Keyword) -> &'static str {
    KEYWORDS
        .iter()
        .find(|(_, known)| *known == keyword)
        .map_or("", |(name, _)| name)
}

struct Checker<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
    escape: char,
    /// What is known of variables.
    lookup: &'d dyn Fn(&str) -> Lookup,
}

impl Checker<'_> {
    fn report(&mut self, span: Span, message: String, help: &str) {
        let diagnostic = Diagnostic::new(INVALID_SYNTAX, span, message);
        self.diagnostics.push(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        });
    }

    fn instruction(&mut self, instruction: &Instruction) {
        let is_none = instruction
            .kind
            .as_ref()
            .is_some_and(|kind| kind.text.as_str().eq_ignore_ascii_case("NONE"));
        match flags_of(instruction.keyword) {
            Some(known) if !is_none => self.flags(instruction, known),
            _ => {}
        }
        match instruction.keyword {
            Keyword::Add | Keyword::Copy => self.copy(instruction),
            Keyword::Env | Keyword::Label => self.pairs(instruction),
            Keyword::Arg => {
                self.needs(instruction, "a name");
                for word in instruction
                    .words()
                    .iter()
                    .filter(|word| word.text.as_str().starts_with('='))
                {
                    self.report(word.span, "`ARG` has a value without a name".to_owned(), "");
                }
            }
            Keyword::Expose => self.needs(instruction, "a port"),
            Keyword::From => self.from(instruction),
            Keyword::Healthcheck => self.healthcheck(instruction),
            Keyword::Maintainer => self.needs(instruction, "a name"),
            Keyword::Onbuild => self.onbuild(instruction),
            Keyword::Shell => self.shell(instruction),
            Keyword::Stopsignal => self.needs(instruction, "a signal"),
            Keyword::User => self.needs(instruction, "a user"),
            Keyword::Volume => {
                self.needs(instruction, "a path");
                for word in instruction
                    .words()
                    .iter()
                    .filter(|word| word.text.as_str().trim().is_empty())
                {
                    self.report(word.span, "`VOLUME` has an empty path".to_owned(), "");
                }
            }
            Keyword::Workdir => self.needs(instruction, "a path"),
            Keyword::Unknown => self.unknown(instruction),
            Keyword::Run => self.run(instruction),
            Keyword::Cmd | Keyword::Entrypoint => {}
        }
        self.expansion(instruction);
    }

    /// The values of RUN's flags.
    fn run(&mut self, instruction: &Instruction) {
        for flag in &instruction.flags {
            let Some(value) = &flag.value else { continue };
            let text = value.text.as_str();
            let checked = match flag.name.as_str() {
                "mount" => values::mount(text, self.escape, &|_| None),
                "device" => values::device(text),
                "network" if !matches!(text, "default" | "none" | "host") => {
                    Err(format!("`{text}` is none of default, none, host"))
                }
                "security" if !matches!(text, "sandbox" | "insecure") => {
                    Err(format!("`{text}` is neither sandbox nor insecure"))
                }
                _ => Ok(()),
            };
            if let Err(reason) = checked {
                self.report(
                    value.span,
                    format!("`--{}` cannot be read: {reason}", flag.name),
                    "",
                );
            }
        }
    }

    /// Reports an instruction without arguments, unless its arguments have been reported already.
    fn needs(&mut self, instruction: &Instruction, what: &str) {
        let is_empty = match &instruction.arguments {
            Arguments::None => true,
            Arguments::Words(words) | Arguments::Json(words) => words.is_empty(),
            _ => false,
        };
        if is_empty && !self.has_reported(instruction) {
            self.report(
                instruction.span,
                format!("`{}` needs {what}", name(instruction.keyword)),
                "",
            );
        }
    }

    fn has_reported(&self, instruction: &Instruction) -> bool {
        self.diagnostics
            .iter()
            .rev()
            .take(32)
            .any(|diagnostic| instruction.span.contains(diagnostic.span))
    }

    fn flags(&mut self, instruction: &Instruction, known: &[(&str, Takes)]) {
        let mut seen: Vec<&str> = Vec::new();
        for flag in &instruction.flags {
            let Some((known_name, takes)) = known.iter().find(|(name, _)| *name == flag.name)
            else {
                let message = format!(
                    "`{}` has no flag `--{}`",
                    name(instruction.keyword),
                    flag.name
                );
                let near = closest(&flag.name, known.iter().map(|(name, _)| *name));
                self.report(
                    flag.span,
                    message,
                    &near
                        .map(|near| format!("Did you mean `--{near}`?"))
                        .unwrap_or_default(),
                );
                continue;
            };
            if *takes != Values && seen.contains(known_name) {
                self.report(flag.span, format!("`--{}` is given twice", flag.name), "");
                continue;
            }
            if !seen.contains(known_name) {
                seen.push(known_name);
            }
            self.flag_value(flag, *takes);
        }
    }

    fn flag_value(&mut self, flag: &Flag, takes: Takes) {
        let value = flag.value.as_ref().map(|value| value.text.as_str());
        match takes {
            Boolean => match value {
                None => {}
                Some(value)
                    if value.eq_ignore_ascii_case("true")
                        || value.eq_ignore_ascii_case("false") => {}
                Some(_) => self.report(
                    flag.span,
                    format!("`--{}` is either `true` or `false`", flag.name),
                    "",
                ),
            },
            Value | Values if value.is_none() => {
                self.report(flag.span, format!("`--{}` needs a value", flag.name), "")
            }
            Value | Values => {}
        }
    }

    fn copy(&mut self, instruction: &Instruction) {
        let words = instruction.words();
        let name = name(instruction.keyword);
        if words.len() < 2 {
            if !self.has_reported(instruction) {
                let help = format!("Write `{name} source destination`.");
                self.report(
                    instruction.span,
                    format!("`{name}` needs a source and a destination"),
                    &help,
                );
            }
            return;
        }
        let last = &words[words.len() - 1];
        if heredoc::is_opener(last.text.as_str()) {
            let help = format!("Write the path of the file after it: `{name} <<EOF /path`.");
            self.report(
                last.span,
                format!("a heredoc cannot be the destination of `{name}`"),
                &help,
            );
        }
    }

    fn pairs(&mut self, instruction: &Instruction) {
        let name = name(instruction.keyword);
        match &instruction.arguments {
            Arguments::Pairs(pairs) => {
                for pair in pairs
                    .iter()
                    .filter(|pair| pair.key.text.as_str().is_empty())
                {
                    self.report(
                        pair.key.span.cover(pair.value.span),
                        format!("`{name}` has a value without a name"),
                        "",
                    );
                }
            }
            _ => self.needs(instruction, "a name and a value"),
        }
    }

    fn from(&mut self, instruction: &Instruction) {
        match instruction.words() {
            [_] => {}
            [_, middle, stage] if middle.text.as_str().eq_ignore_ascii_case("as") => {
                self.stage_name(stage)
            }
            _ => {
                let help = "Write `FROM image` or `FROM image AS name`.";
                self.report(
                    instruction.span,
                    "`FROM` takes an image, or an image, `AS` and a name".to_owned(),
                    help,
                );
            }
        }
    }

    fn stage_name(&mut self, stage: &Word) {
        let text: String = stage.text.as_str().chars().map(words::lower).collect();
        let is_valid = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.')
            });
        if !is_valid {
            let help = "It begins with a letter and holds letters, digits, `-`, `_` and `.` only.";
            self.report(
                stage.span,
                format!("`{}` cannot name a stage", stage.text.as_str()),
                help,
            );
        }
    }

    fn healthcheck(&mut self, instruction: &Instruction) {
        let help = "Write `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`.";
        let Some(kind) = &instruction.kind else {
            return self.report(
                instruction.span,
                "`HEALTHCHECK` needs a command".to_owned(),
                help,
            );
        };
        let text = kind.text.as_str();
        if text.eq_ignore_ascii_case("NONE") {
            if let [_, more, ..] = instruction.words() {
                self.report(
                    more.span,
                    "`HEALTHCHECK NONE` takes nothing more".to_owned(),
                    "",
                );
            }
            return;
        }
        match &instruction.arguments {
            _ if !text.eq_ignore_ascii_case("CMD") => {
                self.report(kind.span, format!("`HEALTHCHECK` knows no `{text}`"), help);
            }
            Arguments::Json(words) if words.is_empty() => {
                self.report(
                    instruction.span,
                    "`HEALTHCHECK CMD` needs a command".to_owned(),
                    help,
                );
            }
            Arguments::None if !self.has_reported(instruction) => {
                self.report(
                    instruction.span,
                    "`HEALTHCHECK` needs a command".to_owned(),
                    help,
                );
            }
            _ => {}
        }
        for flag in &instruction.flags {
            let Some(value) = &flag.value else { continue };
            let checked = match flag.name.as_str() {
                "interval" | "timeout" | "start-period" | "start-interval" => {
                    values::duration(value.text.as_str())
                }
                "retries" => values::retries(value.text.as_str()),
                _ => Ok(()),
            };
            if let Err(reason) = checked {
                self.report(value.span, reason, "");
            }
        }
    }

    fn onbuild(&mut self, instruction: &Instruction) {
        let Arguments::Onbuild(trigger) = &instruction.arguments else {
            return self.needs(instruction, "an instruction");
        };
        if matches!(
            trigger.keyword,
            Keyword::Onbuild | Keyword::From | Keyword::Maintainer
        ) {
            let message = format!(
                "`{}` cannot be a trigger of `ONBUILD`",
                name(trigger.keyword)
            );
            self.diagnostics.push(Diagnostic::new(
                FORBIDDEN_ONBUILD_TRIGGER,
                trigger.keyword_span,
                message,
            ));
        }
    }

    fn shell(&mut self, instruction: &Instruction) {
        match &instruction.arguments {
            Arguments::Shell(text) => {
                let help = "Write `SHELL [\"/bin/bash\", \"-c\"]`.";
                self.report(
                    text.span(),
                    "`SHELL` takes the JSON form only".to_owned(),
                    help,
                );
            }
            _ => self.needs(instruction, "a command"),
        }
    }

    fn unknown(&mut self, instruction: &Instruction) {
        let written = instruction.keyword_span;
        let text = instruction.unknown_keyword.as_deref().unwrap_or_default();
        if text.is_empty() {
            return self.report(
                written,
                "a line is continued, but nothing follows".to_owned(),
                "",
            );
        }
        let shown: String = text.chars().take(40).collect();
        let near = closest(text, KEYWORDS.iter().map(|(name, _)| *name));
        let help = near
            .map(|near| format!("Did you mean `{near}`?"))
            .unwrap_or_default();
        self.report(written, format!("`{shown}` is no instruction"), &help);
    }
}

/// The flags of an instruction; `None` when BuildKit does not look at them.
fn flags_of(keyword: Keyword) -> Option<&'static [(&'static str, Takes)]> {
    match keyword {
        Keyword::Add => Some(ADD),
        Keyword::Copy => Some(COPY),
        Keyword::From => Some(FROM),
        Keyword::Healthcheck => Some(HEALTHCHECK),
        Keyword::Run => Some(RUN),
        Keyword::Arg | Keyword::Stopsignal | Keyword::Unknown => None,
        _ => Some(&[]),
    }
}
