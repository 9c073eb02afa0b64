//! Which commands the RUNs of a Dockerfile call, with which words and flags.

use crate::knowledge::wrappers::unwrapped;
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::{self, Command, Operator};
use crate::text::{Cooked, Span};

use super::{BuildFile, Line, scripts};
use crate::image::{path, step};

/// A RUN and the commands in it.
pub struct RunCommands<'p> {
    /// The RUN.
    pub line: Line<'p>,
    /// The words that run its text: those of SHELL, or `/bin/sh -c`, or the shell that a comment
    /// for hadolint names.
    pub shell: Vec<String>,
    /// The commands, in order; those of another shell than POSIX's are not known.
    pub commands: Vec<Command>,
}

impl<'p> BuildFile<'p> {
    /// Every RUN, triggers included, with its commands.
    pub fn runs(&self) -> Vec<RunCommands<'p>> {
        let mut runs = Vec::new();
        let mut shells: Vec<Vec<String>> = Vec::new();
        let mut shell = default_shell();
        let mut comments = self.file.comments.iter().copied().peekable();
        // What a comment above the first FROM says holds for all stages.
        let mut first = default_shell();
        for line in &self.lines {
            while let Some(comment) =
                comments.next_if(|comment| comment.start < line.instruction.span.start)
            {
                let Some(named) = scripts::shell_pragma(self.slice(comment)) else {
                    continue;
                };
                shell = vec![named.to_owned(), "-c".to_owned()];
                if shells.is_empty() {
                    first.clone_from(&shell);
                }
            }
            match line.instruction.keyword {
                Keyword::From => {
                    shells.push(std::mem::replace(&mut shell, first.clone()));
                    // The first entry stands for what precedes the first FROM.
                    if let Some(below) = line.stage.and_then(|stage| self.stages[stage].below) {
                        shell = shells
                            .get(below + 1)
                            .cloned()
                            .unwrap_or_else(|| first.clone());
                    }
                }
                Keyword::Shell if !line.is_trigger => {
                    shell = line
                        .instruction
                        .words()
                        .iter()
                        .map(|word| word.text.as_str().to_owned())
                        .collect();
                }
                Keyword::Run => {
                    let script = step::script(line.instruction, &shell).unwrap_or_default();
                    runs.push(RunCommands {
                        line: *line,
                        shell: shell.clone(),
                        commands: script.commands,
                    });
                }
                _ => {}
            }
        }
        runs
    }

    /// Every command of every RUN.
    pub fn calls(&self) -> Vec<Call<'p>> {
        let of_run = |run: RunCommands<'p>| {
            let mut before = Operator::Sequence;
            run.commands.into_iter().map(move |command| {
                let is_fed = before == Operator::Pipe
                    || command
                        .redirections
                        .iter()
                        .any(|target| target.operator.contains('<'));
                before = command.next;
                Call {
                    line: run.line,
                    start: unwrapped(&command.argv()),
                    command,
                    is_fed,
                }
            })
        };
        self.runs()
            .into_iter()
            .flat_map(of_run)
            .filter(|call| call.start < call.command.words.len())
            .collect()
    }
}

fn default_shell() -> Vec<String> {
    vec!["/bin/sh".to_owned(), "-c".to_owned()]
}

/// A command of a RUN.
pub struct Call<'p> {
    /// The RUN.
    pub line: Line<'p>,
    /// The command.
    pub command: Command,
    /// Whether something is written into it: it stands behind a pipe, or reads a file.
    pub is_fed: bool,
    /// The word of the program itself, behind `sudo` and its like.
    start: usize,
}

impl Call<'_> {
    /// The name of the program, without its directory.
    pub fn program(&self) -> &str {
        path::name(self.command.words[self.start].text.as_str())
    }

    /// The place of the program's name.
    pub fn program_span(&self) -> Span {
        self.command.words[self.start].span
    }

    /// The words behind the program's name.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.command.words[self.start + 1..]
            .iter()
            .map(|word| word.text.as_str())
    }

    /// The place of the first of these words behind the program's name.
    pub fn find(&self, words: &[&str]) -> Option<Span> {
        let word = self.command.words[self.start + 1..]
            .iter()
            .find(|word| words.contains(&word.text.as_str()))?;
        Some(word.span)
    }

    /// How often a flag is given: `y` alone or among others (`-qy`), `yes` with two dashes or one,
    /// also with a value.
    pub fn count(&self, flag: &str) -> usize {
        self.words().map(|word| in_word(word, flag)).sum()
    }

    /// Whether any of these flags is given.
    pub fn has_any(&self, flags: &[&str]) -> bool {
        flags.iter().any(|flag| self.count(flag) > 0)
    }

    /// The value of a flag: `-u 5`, `-u5`, `--uid 5`, `--uid=5`.
    pub fn value(&self, short: char, long: &str) -> Option<&str> {
        let words: Vec<&str> = self.words().collect();
        words.iter().enumerate().find_map(|(at, word)| {
            if let Some(rest) = word.strip_prefix("--") {
                return match rest.strip_prefix(long)? {
                    "" => words.get(at + 1).copied(),
                    rest => rest.strip_prefix('='),
                };
            }
            let cluster = word.strip_prefix('-')?;
            let (_, rest) = cluster.split_once(short)?;
            if rest.is_empty() {
                words.get(at + 1).copied()
            } else {
                Some(rest)
            }
        })
    }
}

fn in_word(word: &str, flag: &str) -> usize {
    let is_long = |rest: &str| rest.split('=').next() == Some(flag);
    match (word.strip_prefix("--"), word.strip_prefix('-')) {
        (Some(rest), _) => usize::from(is_long(rest)),
        (None, Some(cluster)) => match flag.len() {
            1 => cluster
                .split('=')
                .next()
                .unwrap_or_default()
                .matches(flag)
                .count(),
            _ => usize::from(is_long(cluster)),
        },
        (None, None) => 0,
    }
}

/// Programs that only a shell has, so that no JSON form can start them.
const BUILTINS: [&str; 21] = [
    ".", ":", "[[", "alias", "cd", "command", "eval", "exit", "export", "set", "shift", "source",
    "trap", "type", "ulimit", "umask", "unset", "wait", "read", "local", "return",
];

/// The words of a text for the shell when it is one program with arguments and nothing for a shell
/// to do: the JSON form of these words runs the same. A leading `exec` falls away.
pub fn plain_words(text: &Cooked) -> Option<Vec<String>> {
    let script = shell::parse(text);
    let [command] = script.commands.as_slice() else {
        return None;
    };
    let is_plain = command.assignments.is_empty()
        && command.redirections.is_empty()
        && command.next == Operator::End
        && command.depth == 0
        && command
            .words
            .iter()
            .all(|word| word.literal && !word.text.as_str().contains(['\n', '~', '{']));
    // What is left of the text beside the words must be quotes, escapes and blanks: `! a`,
    // `time a`, `# …` are something else.
    let program = command.words.first()?.text.as_str();
    let first = text.as_str().trim_start().trim_start_matches(['\'', '"']);
    let has_comment = text
        .as_str()
        .split_whitespace()
        .any(|word| word.starts_with('#'));
    if !is_plain || !first.starts_with(program) || has_comment {
        return None;
    }
    let skip = usize::from(program == "exec");
    let words: Vec<String> = command.words[skip..]
        .iter()
        .map(|word| word.text.as_str().to_owned())
        .collect();
    let program = words.first()?;
    (!program.is_empty() && !BUILTINS.contains(&program.as_str()) && !program.starts_with('-'))
        .then_some(words)
}
