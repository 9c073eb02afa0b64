//! The calls in shell text: which directory each runs in, through which wrapper, with which
//! variables.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::resolve::Places;
use super::words::{Expanded, Scope};
use super::{ComposeCall, RecipeKind, command};
use crate::files::clean;
use crate::knowledge::shells;
use crate::syntax::shell::{self, Command, Word};
use crate::text::Cooked;

/// Reads shell text piece by piece, as one shell would.
pub(super) struct Reader<'a> {
    pub(super) places: &'a Places<'a>,
    pub(super) kind: RecipeKind,
    pub(super) scope: Scope<'a>,
    /// The directories the text may start in, the likeliest first.
    pub(super) start: Vec<PathBuf>,
    /// Where `cd` has led, and in which depth of nesting it was called.
    moved: Vec<(u32, Vec<PathBuf>)>,
    /// What `export` has set for the calls that follow.
    exported: Vec<(String, Expanded)>,
    /// Functions that hand their arguments to Docker Compose, with the words before the arguments.
    wrappers: FxHashMap<String, Vec<Expanded>>,
    /// The calls found so far.
    pub(super) calls: Vec<ComposeCall>,
}

/// `sh -c "sh -c …"` is followed this deep.
const NESTING_LIMIT: u32 = 4;

impl<'a> Reader<'a> {
    pub(super) fn new(
        places: &'a Places<'a>,
        kind: RecipeKind,
        scope: Scope<'a>,
        start: Vec<PathBuf>,
    ) -> Self {
        Reader {
            places,
            kind,
            scope,
            start,
            moved: Vec::new(),
            exported: Vec::new(),
            wrappers: FxHashMap::default(),
            calls: Vec::new(),
        }
    }

    /// Reads text that runs in the same shell as what was read before.
    pub(super) fn read(&mut self, text: &Cooked) {
        let script = shell::parse(text);
        self.definitions(&script.commands);
        for command in &script.commands {
            self.command(command, 0, false);
        }
        // What nests ends with its text.
        self.moved.retain(|(depth, _)| *depth == 0);
    }

    /// Forgets where `cd` has led and what was exported: the next text gets a shell of its own.
    pub(super) fn new_shell(&mut self) {
        self.moved.clear();
        self.exported.clear();
    }

    /// Notes variables and wrapper functions. All of them first: a value counts when no other is
    /// given anywhere.
    fn definitions(&mut self, commands: &[Command]) {
        for command in commands {
            if command.words.is_empty() {
                for assignment in &command.assignments {
                    self.scope
                        .assign(&assignment.name, assignment.value.text.clone());
                }
            }
            if matches!(
                command.program(),
                Some("export" | "readonly" | "local" | "declare" | "typeset" | "set" | "$env")
            ) {
                for (name, value) in command.words.iter().skip(1).filter_map(declared) {
                    self.scope.assign(name, value);
                }
            }
        }
        for command in commands {
            let Some(function) = &command.function else {
                continue;
            };
            let Some(at) = command
                .words
                .iter()
                .position(|word| matches!(word.text.as_str(), "$@" | "${@}" | "$*"))
            else {
                continue;
            };
            let words = self.scope.expand(&command.words[..at]);
            self.wrappers.insert(function.clone(), words);
        }
    }

    fn command(&mut self, command: &Command, nesting: u32, remote: bool) {
        while self
            .moved
            .last()
            .is_some_and(|(depth, _)| *depth > command.depth)
        {
            self.moved.pop();
        }
        let mut words = self.scope.expand(&command.words);
        if let Some(wrapped) = words
            .first()
            .and_then(|first| self.wrappers.get(first.text.as_deref()?))
        {
            words.splice(..1, wrapped.iter().cloned());
        }
        let Some(program) = words.first().and_then(|word| word.text.clone()) else {
            return;
        };
        match program.as_str() {
            "cd" | "pushd" | "Set-Location" | "Push-Location" | "chdir" => {
                self.change_directory(&words, command.depth)
            }
            "popd" | "Pop-Location" => {
                self.moved.pop();
            }
            "export" | "set" => {
                for (name, value) in command.words.iter().skip(1).filter_map(declared) {
                    let text = self.scope.text(value.as_str());
                    self.exported.push((
                        name.to_owned(),
                        Expanded {
                            text,
                            span: value.span(),
                        },
                    ));
                }
            }
            name if nesting < NESTING_LIMIT && runs_a_text(name) => {
                self.nested(command, program == "ssh" || remote, nesting);
            }
            _ => {}
        }
        if let Some(mut call) = command::parse(&words, command.span) {
            for assignment in &command.assignments {
                let text = self.scope.text(assignment.value.text.as_str());
                call.variable(
                    &assignment.name,
                    &Expanded {
                        text,
                        span: assignment.value.span,
                    },
                );
            }
            for (name, value) in self.exported.iter().rev() {
                call.variable(name, value);
            }
            call.conditional = command.conditional;
            call.remote |= remote;
            if self.kind == RecipeKind::Document
                && command
                    .redirections
                    .iter()
                    .any(|redirection| redirection.operator.starts_with('<'))
            {
                // `up <service>`: a place to fill in.
                call.services_known = false;
            }
            self.places.resolve(&mut call, self.directories());
            self.calls.push(call);
        }
    }

    /// The text that another shell is given as an argument.
    fn nested(&mut self, command: &Command, remote: bool, nesting: u32) {
        for word in command.words.iter().skip(1).filter(|word| word.quoted) {
            let script = shell::parse(&word.text);
            let moved = self.moved.clone();
            for inner in &script.commands {
                self.command(inner, nesting + 1, remote);
            }
            self.moved = moved;
        }
    }

    fn directories(&self) -> &[PathBuf] {
        self.moved
            .last()
            .map_or(&self.start, |(_, directories)| directories)
    }

    fn change_directory(&mut self, words: &[Expanded], depth: u32) {
        let target =
            words.iter().skip(1).find(|word| !matches!(word.text.as_deref(), Some(text) if text.starts_with('-') && text.len() > 1));
        let target = target.and_then(|word| word.text.as_deref());
        let there: Vec<PathBuf> = match target {
            Some("-") => {
                self.moved.pop();
                return;
            }
            Some(target) => self
                .directories()
                .iter()
                .map(|from| clean(&from.join(target)))
                .collect(),
            None => Vec::new(),
        };
        let mut there: Vec<PathBuf> = there
            .into_iter()
            .filter(|path| self.places.workspace.files().is_directory(path))
            .collect();
        there.dedup();
        if there.is_empty() && self.kind != RecipeKind::Runnable {
            // `git clone …/app && cd app`, or the place of the repository on a server: where the
            // repository lies is not where it is read now.
            there = vec![self.scope.root.to_path_buf()];
        }
        match self.moved.last_mut() {
            Some((at, directories)) if *at == depth => *directories = there,
            _ => self.moved.push((depth, there)),
        }
    }
}

/// The directories above and including `directory`, up to `root`: where a script or a document may
/// be meant to be run.
pub(super) fn ancestors(directory: &Path, root: &Path) -> Vec<PathBuf> {
    directory
        .ancestors()
        .take_while(|at| at.starts_with(root))
        .map(Path::to_path_buf)
        .collect()
}

/// `NAME=value` as an argument of `export` and its like.
fn declared(word: &Word) -> Option<(&str, Cooked)> {
    let text = word.text.as_str();
    let equals = text.find('=')?;
    Some((&text[..equals], word.text.slice(equals + 1..text.len())))
}

/// Whether a program runs a text that it is given as a script.
fn runs_a_text(program: &str) -> bool {
    shells::is_shell(program) || matches!(program, "eval" | "ssh" | "sudo" | "concurrently" | "su")
}
