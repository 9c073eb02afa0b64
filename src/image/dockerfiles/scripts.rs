//! The scripts that a Dockerfile holds: what RUN hands to a shell, the bodies of heredocs, and the
//! shell forms of CMD, ENTRYPOINT and HEALTHCHECK. Each with the shell that reads it and the
//! variables that are set there.

use crate::image::path;
use crate::knowledge::shells;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::text::{Cooked, CookedBuilder, Span};

use super::{BuildFile, Line};

/// A script as it stands in a Dockerfile.
pub(super) struct WrittenScript<'p> {
    /// The instruction that it belongs to.
    pub(super) line: Line<'p>,
    /// The text that the shell reads.
    pub(super) text: Cooked,
    /// `#!/bin/bash -e`: the shell that reads it.
    pub(super) shebang: String,
    /// Whether that shell is known to have no more than POSIX and what is customary beside it.
    pub(super) is_plain_sh: bool,
    /// The variables that ARG and ENV set.
    pub(super) variables: Vec<String>,
}

/// What is in force at one point of a stage.
#[derive(Clone, Default)]
struct State {
    /// `None` for a shell that is none of POSIX.
    shebang: Option<String>,
    /// Whether `/bin/sh` of the base image is known to be dash or that of busybox.
    is_plain_base: bool,
    variables: Vec<String>,
}

impl<'p> BuildFile<'p> {
    /// Every script for a shell of POSIX's family, in order.
    pub(super) fn scripts(&self) -> Vec<WrittenScript<'p>> {
        let mut scripts = Vec::new();
        let mut said = self.file.comments.iter().copied().peekable();
        // What a comment above the first FROM says holds for all stages.
        let (mut first, mut of_stages): (Option<String>, Vec<State>) = (None, Vec::new());
        for line in &self.lines {
            while let Some(comment) =
                said.next_if(|comment| comment.start < line.instruction.span.start)
            {
                let Some(shell) = shell_pragma(self.slice(comment)) else {
                    continue;
                };
                match of_stages.last_mut() {
                    Some(state) => state.shebang = shebang(&[shell]),
                    None => first = Some(shell.to_owned()),
                }
            }
            let instruction = line.instruction;
            if instruction.keyword == Keyword::From {
                of_stages.push(self.state_of_stage(line.stage, first.as_deref(), &of_stages));
                continue;
            }
            let Some(state) = of_stages.last_mut() else {
                continue;
            };
            match instruction.keyword {
                Keyword::Shell if !line.is_trigger => {
                    let words: Vec<&str> = instruction
                        .words()
                        .iter()
                        .map(|word| word.text.as_str())
                        .collect();
                    state.shebang = shebang(&words);
                }
                Keyword::Arg => {
                    let names = instruction
                        .words()
                        .iter()
                        .filter_map(|word| word.text.as_str().split('=').next());
                    state.variables.extend(names.map(str::to_owned));
                }
                Keyword::Env => {
                    if let Arguments::Pairs(pairs) = &instruction.arguments {
                        state
                            .variables
                            .extend(pairs.iter().map(|pair| pair.key.text.as_str().to_owned()));
                    }
                }
                _ => {}
            }
            let Some((text, own)) = text(instruction, self.slice(instruction.span)) else {
                continue;
            };
            let Some(shebang) = own
                .or_else(|| state.shebang.clone())
                .filter(|shebang| is_posix(shebang))
            else {
                continue;
            };
            let is_plain_sh = shebang.contains("ash")
                || state.is_plain_base && !shebang.starts_with("#!/bin/bash");
            let mut variables = state.variables.clone();
            variables.extend(
                instruction
                    .flags
                    .iter()
                    .filter(|flag| flag.name == "mount")
                    .filter_map(|flag| {
                        let options = flag.value.as_ref()?.text.as_str();
                        options
                            .split(',')
                            .find_map(|option| option.strip_prefix("env="))
                            .map(str::to_owned)
                    }),
            );
            scripts.push(WrittenScript {
                line: *line,
                text,
                shebang,
                is_plain_sh,
                variables,
            });
        }
        scripts
    }

    fn state_of_stage(&self, stage: Option<usize>, first: Option<&str>, before: &[State]) -> State {
        let Some(stage) = stage.and_then(|stage| self.stages.get(stage)) else {
            return State::default();
        };
        if let Some(below) = stage.below.and_then(|below| before.get(below)) {
            return below.clone();
        }
        let base = stage
            .base
            .map(|word| word.text.as_str().to_ascii_lowercase())
            .unwrap_or_default();
        let platform = stage
            .from
            .flag("platform")
            .and_then(|flag| flag.value.as_ref());
        let is_windows = self.file.escape == '`'
            || ["windows", "nanoserver", "servercore"]
                .iter()
                .any(|word| base.contains(word))
            || platform.is_some_and(|platform| platform.text.as_str().starts_with("windows"));
        let shell = first.unwrap_or(if is_windows { "cmd" } else { "/bin/sh" });
        State {
            shebang: shebang(&[shell]),
            is_plain_base: shells::has_plain_sh(&base),
            variables: Vec::new(),
        }
    }
}

/// What a shell reads of an instruction, and the `#!` that says which one, where there is one.
fn text(instruction: &Instruction, written: &str) -> Option<(Cooked, Option<String>)> {
    let Arguments::Shell(command) = &instruction.arguments else {
        return None;
    };
    let Some(last) = instruction.heredocs.last() else {
        return Some((command.clone(), None));
    };
    if let [body] = instruction.heredocs.as_slice()
        && command.span_of(trimmed(command.as_str())) == body.opener
    {
        let text = body.body.as_str();
        let Some(rest) = text.strip_prefix("#!") else {
            return Some((body.body.clone(), None));
        };
        let line = rest.lines().next().unwrap_or_default();
        let start = text.find('\n').map_or(text.len(), |end| end + 1);
        let shell = interpreter(line).and_then(|words| shebang(&words));
        // Any other interpreter leaves no script for a shell.
        return Some((body.body.slice(start..text.len()), Some(shell?)));
    }
    // The shell reads the heredocs itself, each with its terminator.
    let mut whole = CookedBuilder::new(instruction.span);
    whole.append(command, 0..command.as_str().len());
    for heredoc in &instruction.heredocs {
        let end = heredoc.body.span().start;
        whole.replaced("\n", end..end);
        whole.append(&heredoc.body, 0..heredoc.body.as_str().len());
        let terminator = Span::new(
            last.terminator.file,
            heredoc.terminator.start,
            heredoc.terminator.end,
        );
        let text = written.get(
            (terminator.start - instruction.span.start) as usize
                ..(terminator.end - instruction.span.start) as usize,
        )?;
        whole.verbatim(text, terminator.start);
    }
    Some((whole.finish(), None))
}

fn trimmed(text: &str) -> std::ops::Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..text.trim_end().len().max(start)
}

/// The words of a `#!` line from the interpreter on.
fn interpreter(line: &str) -> Option<Vec<&str>> {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if path::name(words.first()?) == "env" {
        let first = words
            .iter()
            .skip(1)
            .position(|word| !word.starts_with('-') && !word.contains('='))?;
        words.drain(..=first);
    }
    Some(words)
}

/// The `#!` line for the words of SHELL; nothing for a shell of another family.
fn shebang(words: &[&str]) -> Option<String> {
    let name = path::name(words.first()?.split_whitespace().next()?);
    let is_flag =
        |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains('e');
    let stops = if words.iter().skip(1).any(is_flag) {
        " -e"
    } else {
        ""
    };
    shells::is_known_to_shellcheck(name).then(|| format!("#!/bin/{name}{stops}"))
}

fn is_posix(shebang: &str) -> bool {
    shebang.starts_with("#!/bin/")
}

/// `# hadolint shell=bash`.
pub(super) fn shell_pragma(comment: &str) -> Option<&str> {
    let blank = [' ', '\t'];
    let rest = comment
        .strip_prefix('#')?
        .trim_start_matches(blank)
        .strip_prefix("hadolint")?;
    let words = rest.trim_start_matches(blank);
    let value = words
        .strip_prefix("shell")
        .filter(|_| words.len() < rest.len())?
        .trim_start_matches(blank)
        .strip_prefix('=')?;
    value.split_whitespace().next()
}
