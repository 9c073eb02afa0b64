//! What a shell script ends in: the command that stays, what ran before it, and the directory and
//! variables it gets.

use super::start::{expand, synthetic};
use super::task::{Item, Outcome, Task, join};
use super::{Variable, WordsAt};
use crate::syntax::shell::{Command, Operator, Script, Word};

/// Where a script is written: in a word of the container's start, or in a file.
#[derive(Clone, Copy)]
pub(super) enum Position {
    Word(usize),
    File,
}

/// Limits for scripts that nobody wrote by hand: words of a command, commands that stay, commands
/// noted, variables.
const WORDS: usize = 2_000;
const STAYING: usize = 32;
const NOTED: usize = 200;
const VARIABLES: usize = 1_000;

/// Commands that neither stay nor change anything of interest.
const NOISE: [&str; 22] = [
    ":", "[", "[[", "alias", "break", "continue", "declare", "echo", "local", "printf", "read",
    "readonly", "return", "set", "shopt", "source", "test", "trap", "true", "ulimit", "umask",
    "unset",
];

/// Follows a script to the commands that stay. `arguments` is what `$@` stands for.
pub(super) fn follow(
    task: &Task,
    script: &Script,
    position: Position,
    arguments: Vec<Item>,
) -> Outcome {
    let mut walk = Walk {
        script,
        position,
        task: task.clone(),
        arguments,
        staying: Vec::new(),
        function: None,
    };
    // A script that ends in a call of its own function goes on there; functions may call one
    // another, but not for ever.
    for _ in 0..8 {
        let last = match walk.walk() {
            Ok(last) => last,
            Err(reason) => return Outcome::Unknown(walk.task, reason),
        };
        let called = last.and_then(|at| script.commands[at].program().map(str::to_owned));
        let is_function = called.as_ref().is_some_and(|name| {
            script
                .commands
                .iter()
                .any(|command| command.function.as_ref() == Some(name))
        });
        if !is_function {
            return walk.finish(last);
        }
        if let Some(at) = last {
            walk.arguments = walk.items(at).split_off(1);
        }
        walk.function = called;
    }
    Outcome::Unknown(walk.task, "its functions call one another".to_owned())
}

struct Walk<'s> {
    script: &'s Script,
    position: Position,
    task: Task,
    arguments: Vec<Item>,
    /// Commands in the background.
    staying: Vec<usize>,
    /// The function whose body is read; `None` for the script itself.
    function: Option<String>,
}

impl Walk<'_> {
    /// Reads the body and gives the command that stays in the end.
    fn walk(&mut self) -> Result<Option<usize>, String> {
        let commands = &self.script.commands;
        let body: Vec<usize> = (0..commands.len())
            .filter(|at| commands[*at].function == self.function)
            .collect();
        // The body of a function lies in its own braces.
        let base = u32::from(self.function.is_some());
        let mut last = None;
        // Commands of a branch that may stay: each `exec`, and the last ones of the script.
        let mut branches: Vec<usize> = Vec::new();
        let mut execs: Vec<usize> = Vec::new();
        let mut goes_on_elsewhere = false;
        for (nth, &at) in body.iter().enumerate() {
            let command = &commands[at];
            let before = nth.checked_sub(1).map(|nth| commands[body[nth]].next);
            let is_branch = command.depth > base;
            // What stands behind `||` runs when the real command fails; what is piped into only
            // reads from it.
            if matches!(before, Some(Operator::Or | Operator::Pipe)) {
                continue;
            }
            let Some(name) = command.program() else {
                if !is_branch {
                    self.assign(command);
                }
                continue;
            };
            match name {
                "exit" if !is_branch && before != Some(Operator::And) => break,
                "cd" | "pushd" if !is_branch => self.change_directory(command),
                "export" if !is_branch => self.export(command),
                "shift" if !is_branch && !self.arguments.is_empty() => {
                    drop(self.arguments.remove(0))
                }
                "set"
                    if !is_branch
                        && command
                            .words
                            .get(1)
                            .is_some_and(|word| word.text.as_str() == "--") =>
                {
                    self.arguments = self.items(at).split_off(2);
                }
                "exec" if command.words.len() == 1 => {}
                "exec" if is_branch => execs.push(at),
                "exec" => return Ok(Some(at)),
                "wait" if !self.staying.is_empty() => {}
                // What is read in goes on as this script; only at its end it may be what stays.
                "." | "source" if !is_branch => {
                    last = None;
                    branches.clear();
                    goes_on_elsewhere = true;
                }
                "exit" | "cd" | "pushd" | "popd" | "export" | "shift" | "wait" | "." => {}
                name if NOISE.contains(&name) => {}
                "sleep" if is_branch => {}
                _ if command.next == Operator::Background && !is_branch => self.staying.push(at),
                _ if is_branch => {
                    branches.push(at);
                    self.note(command);
                }
                _ => {
                    last = Some(at);
                    goes_on_elsewhere = false;
                    branches.clear();
                    self.note(command);
                }
            }
        }
        execs.extend(
            branches
                .into_iter()
                .filter(|_| self.function.is_some() || self.staying.is_empty()),
        );
        execs.retain(|at| last.is_none_or(|last| *at > last));
        match execs.as_slice() {
            [] => {}
            [one] => last = Some(*one),
            _ => return Err("which command stays depends on a condition in its script".to_owned()),
        }
        if goes_on_elsewhere && last.is_none() && self.staying.is_empty() {
            return Err("its script goes on in another file".to_owned());
        }
        // The command that stays is no side effect.
        if let Some(at) = last {
            let span = commands[at].span;
            self.task.side_effects.retain(|effect| effect.span != span);
        }
        Ok(last)
    }

    fn finish(mut self, last: Option<usize>) -> Outcome {
        let staying = std::mem::take(&mut self.staying);
        let all: Vec<usize> = staying.into_iter().chain(last).collect();
        if all.len() > STAYING {
            return Outcome::Unknown(
                self.task,
                "its script starts too many commands to follow".to_owned(),
            );
        }
        if all.is_empty() {
            return Outcome::Unknown(
                self.task,
                "its script ends without a command that stays".to_owned(),
            );
        }
        let tasks = all.into_iter().map(|at| {
            let mut task = self.task.with(self.items(at));
            for assignment in &self.script.commands[at].assignments {
                task.environment.push(variable(
                    &assignment.name,
                    &assignment.value,
                    &self.task.environment,
                ));
            }
            task
        });
        Outcome::Tasks(tasks.collect())
    }

    /// The words of a command, with what the arguments of the script stand for put in.
    fn items(&self, at: usize) -> Vec<Item> {
        let words = self.script.commands[at].words.iter().enumerate();
        words
            .flat_map(|(first, word)| {
                let place = match self.position {
                    Position::Word(of) => WordsAt::Shell {
                        word: of,
                        command: at,
                        first,
                    },
                    Position::File => WordsAt::File,
                };
                let text = word.text.as_str();
                let parameter = text
                    .strip_prefix('$')
                    .map(|name| name.trim_start_matches('{').trim_end_matches('}'));
                match parameter {
                    Some("@" | "*") => self.arguments.clone(),
                    Some("@:1") => self.arguments.clone(),
                    Some("@:2") => self.arguments.get(1..).unwrap_or_default().to_vec(),
                    Some(digit)
                        if digit.len() == 1
                            && digit.parse::<usize>().is_ok_and(|digit| digit > 0) =>
                    {
                        let index = digit.parse::<usize>().unwrap_or(1) - 1;
                        self.arguments.get(index).cloned().into_iter().collect()
                    }
                    _ => vec![Item {
                        word: word.clone(),
                        place,
                    }],
                }
            })
            .take(WORDS)
            .collect()
    }

    fn note(&mut self, command: &Command) {
        if self.task.side_effects.len() < NOTED {
            self.task.side_effects.push(command.clone());
        }
    }

    fn set(&mut self, name: &str, value: &Word) {
        if self.task.environment.len() < VARIABLES {
            let variable = variable(name, value, &self.task.environment);
            self.task.environment.push(variable);
        }
    }

    fn assign(&mut self, command: &Command) {
        for assignment in &command.assignments {
            self.set(&assignment.name, &assignment.value);
        }
    }

    fn export(&mut self, command: &Command) {
        for word in &command.words[1..] {
            let Some((name, _)) = word.text.as_str().split_once('=') else {
                continue;
            };
            let value = Word {
                text: word.text.slice(name.len() + 1..word.text.as_str().len()),
                ..word.clone()
            };
            self.set(name, &value);
        }
    }

    fn change_directory(&mut self, command: &Command) {
        let target = command
            .words
            .get(1)
            .and_then(|word| expand(word, &self.task.environment));
        if let Some(target) = target.filter(|target| target != "-") {
            self.task.cwd = join(&self.task.cwd, &target);
        }
    }
}

fn variable(name: &str, value: &Word, environment: &[Variable]) -> Variable {
    Variable {
        name: name.to_owned(),
        value: expand(value, environment),
        span: Some(value.span),
    }
}

/// A command of its own, from text that stands in a file.
pub(super) fn shell_items(text: &crate::text::Cooked) -> Vec<Item> {
    let at = text.span();
    let word = Word {
        text: text.clone(),
        span: at,
        quoted: true,
        literal: true,
    };
    [synthetic("sh", at), synthetic("-c", at), word]
        .into_iter()
        .map(Item::in_file)
        .collect()
}
