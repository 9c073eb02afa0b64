//! What an image says about the container: working directory, environment, user, command, health
//! check, ports, volumes.

use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::syntax::dockerfile::{Arguments, Instruction, Keyword, Word};
use crate::text::{Cooked, Span};

use super::path;
use super::scope::{Assigned, Scope};

/// The configuration at one point of a stage, inherited from the stages below it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The working directory, absolute; `None` when it depends on an unknown base image or
    /// variable.
    pub workdir: Option<String>,
    /// The WORKDIR instruction that set it last.
    pub workdir_span: Option<Span>,
    /// ENV, each name once.
    pub env: Environment,
    /// USER.
    pub user: Option<Placed<Option<String>>>,
    /// SHELL; the shell form is run by `/bin/sh -c` without it.
    pub shell: Option<Placed<Vec<String>>>,
    /// ENTRYPOINT.
    pub entrypoint: Setting,
    /// CMD.
    pub cmd: Setting,
    /// HEALTHCHECK.
    pub healthcheck: Option<Healthcheck>,
    /// EXPOSE, in order.
    pub exposed: Vec<Placed<Option<String>>>,
    /// VOLUME, in order: absolute container paths.
    pub volumes: Vec<Placed<Option<String>>>,
    /// STOPSIGNAL.
    pub stop_signal: Option<Placed<Option<String>>>,
}

/// A value and where it is set.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value, variables resolved.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

/// Variables in the order in which each name was set first.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: Vec<Variable>,
    /// Where a name stands.
    places: FxHashMap<String, usize>,
}

/// A variable of the image's environment.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; `None` when it cannot be known.
    pub value: Option<String>,
    /// `NAME=value` as written.
    pub span: Span,
}

/// ENTRYPOINT or CMD.
#[derive(Clone, Debug, Default)]
pub enum Setting {
    /// That of the base image, which is not read.
    #[default]
    OfBase,
    /// None: this ENTRYPOINT took an inherited CMD away.
    Cleared(Span),
    /// Set here.
    Set(Box<Invocation>),
}

/// An ENTRYPOINT or CMD instruction.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// What runs.
    pub form: Form,
    /// The instruction.
    pub span: Span,
    /// The stage it stands in.
    pub stage: usize,
}

/// The two forms of a command.
#[derive(Clone, Debug)]
pub enum Form {
    /// The words of the JSON form; none for `[]` or an empty instruction, which takes an inherited
    /// command away.
    Exec(Vec<Word>),
    /// A text for the shell, and the words before it: `/bin/sh -c` or those of SHELL.
    Shell(Cooked, Vec<String>),
}

/// A HEALTHCHECK instruction.
#[derive(Clone, Debug)]
pub struct Healthcheck {
    /// The command; `None` for `HEALTHCHECK NONE`.
    pub test: Option<Form>,
    /// `--interval=10s` and its like: name and value.
    pub options: Vec<(String, Placed<String>)>,
    /// The instruction.
    pub span: Span,
}

impl Environment {
    /// The variable of a name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.places.get(name).map(|at| &self.variables[*at])
    }

    /// Sets a variable, in the place of one of its name.
    fn set(&mut self, variable: Variable) {
        match self.places.get(&variable.name) {
            Some(at) => self.variables[*at] = variable,
            None => {
                self.places
                    .insert(variable.name.clone(), self.variables.len());
                self.variables.push(variable);
            }
        }
    }
}

impl Deref for Environment {
    type Target = [Variable];

    fn deref(&self) -> &[Variable] {
        &self.variables
    }
}

impl<'e> IntoIterator for &'e Environment {
    type Item = &'e Variable;
    type IntoIter = std::slice::Iter<'e, Variable>;

    fn into_iter(self) -> Self::IntoIter {
        self.variables.iter()
    }
}

impl Setting {
    /// The instruction, when one of the file is in force.
    pub fn invocation(&self) -> Option<&Invocation> {
        match self {
            Setting::Set(invocation) => Some(invocation),
            _ => None,
        }
    }
}

impl Config {
    /// The value of an ENV variable, if it is set and known.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.env.get(name)?.value.as_deref()
    }

    /// The words that run a shell form.
    pub fn shell_words(&self) -> Vec<String> {
        match &self.shell {
            Some(shell) => shell.value.clone(),
            None => vec!["/bin/sh".to_owned(), "-c".to_owned()],
        }
    }

    /// An absolute container path for a written one.
    pub fn resolve(&self, path: &str) -> Option<String> {
        if path::is_windows(path) {
            return None;
        }
        if path.starts_with('/') {
            return Some(path::join("/", path));
        }
        Some(path::join(self.workdir.as_deref()?, path))
    }

    /// Takes an instruction of `stage` into account. `scope` holds the variables before it and is
    /// told of new ones, which are given back. `salt` is added to every value that a build step can
    /// see.
    pub(super) fn apply(
        &mut self,
        instruction: &Instruction,
        stage: usize,
        scope: &mut Scope,
        salt: &str,
    ) -> Vec<Assigned> {
        let span = instruction.span;
        match instruction.keyword {
            Keyword::Workdir => {
                let Some(word) = instruction.words().first() else {
                    return Vec::new();
                };
                self.workdir = scope
                    .expand(word.text.as_str())
                    .and_then(|path| self.resolve(&(path + salt)));
                self.workdir_span = Some(span);
            }
            Keyword::Env => return self.set_env(instruction, scope, salt),
            Keyword::User => {
                self.user = placed_word(instruction, scope);
                if let Some(Placed {
                    value: Some(user), ..
                }) = &mut self.user
                {
                    user.push_str(salt);
                }
            }
            Keyword::Stopsignal => self.stop_signal = placed_word(instruction, scope),
            Keyword::Shell => {
                let words = instruction
                    .words()
                    .iter()
                    .map(|word| word.text.as_str().to_owned() + salt)
                    .collect();
                self.shell = Some(Placed { value: words, span });
            }
            Keyword::Entrypoint => {
                self.entrypoint = self.setting(instruction, stage);
                // A CMD from below was meant for another program; one of this stage stays.
                let is_own = self.cmd.invocation().is_some_and(|cmd| cmd.stage == stage);
                if !is_own {
                    self.cmd = Setting::Cleared(span);
                }
            }
            Keyword::Cmd => self.cmd = self.setting(instruction, stage),
            Keyword::Healthcheck => self.healthcheck = self.healthcheck_of(instruction),
            Keyword::Expose => {
                for word in instruction.words() {
                    self.exposed.push(Placed {
                        value: scope.expand(word.text.as_str()),
                        span: word.span,
                    });
                }
            }
            Keyword::Volume => {
                for word in instruction.words() {
                    let path = scope.expand(word.text.as_str());
                    self.volumes.push(Placed {
                        value: path.and_then(|path| self.resolve(&path)),
                        span: word.span,
                    });
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// The values of one ENV see the variables from before it.
    fn set_env(
        &mut self,
        instruction: &Instruction,
        scope: &mut Scope,
        salt: &str,
    ) -> Vec<Assigned> {
        let Arguments::Pairs(pairs) = &instruction.arguments else {
            return Vec::new();
        };
        let mut values = Vec::new();
        for pair in pairs {
            let written = pair.value.text.as_str();
            let value = scope.expand(written).map(|value| value + salt);
            if let Some(name) = scope.expand(pair.key.text.as_str()) {
                values.push((pair, name, value, scope.key(written) + salt));
            }
        }
        let mut assigned = Vec::new();
        for (pair, name, value, key) in values {
            scope.set_env(&name, value.clone());
            assigned.push(Assigned {
                name: name.clone(),
                key,
            });
            self.env.set(Variable {
                name,
                value,
                span: pair.key.span.cover(pair.value.span),
            });
        }
        assigned
    }

    fn setting(&self, instruction: &Instruction, stage: usize) -> Setting {
        Setting::Set(Box::new(Invocation {
            form: self.form(instruction),
            span: instruction.span,
            stage,
        }))
    }

    fn form(&self, instruction: &Instruction) -> Form {
        match &instruction.arguments {
            Arguments::Shell(text) => Form::Shell(text.clone(), self.shell_words()),
            _ => Form::Exec(instruction.words().to_vec()),
        }
    }

    fn healthcheck_of(&self, instruction: &Instruction) -> Option<Healthcheck> {
        let test = match &instruction.arguments {
            Arguments::Words(_) => None,
            Arguments::Json(_) | Arguments::Shell(_) => Some(self.form(instruction)),
            _ => return None,
        };
        let options = instruction.flags.iter().filter_map(|flag| {
            let value = flag.value.as_ref()?;
            Some((
                flag.name.clone(),
                Placed {
                    value: value.text.as_str().to_owned(),
                    span: flag.span,
                },
            ))
        });
        Some(Healthcheck {
            test,
            options: options.collect(),
            span: instruction.span,
        })
    }
}

fn placed_word(instruction: &Instruction, scope: &Scope) -> Option<Placed<Option<String>>> {
    let word = instruction.words().first()?;
    Some(Placed {
        value: scope.expand(word.text.as_str()),
        span: instruction.span,
    })
}
