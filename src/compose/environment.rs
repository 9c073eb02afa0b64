//! The variables a project is loaded with: the environment of the process, then env files.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::compose::interpolate::{Expander, Unset, Variable, unset_among};
use crate::compose::value::{Step, VariableSource};
use crate::diagnostic::Diagnostic;
use crate::syntax::dotenv;
use crate::text::{Cooked, Source};
use crate::workspace::Workspace;

/// Which env files give the project its variables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EnvFiles {
    /// `.env` of these directories, where there is one; what an earlier one sets stays.
    Default(Vec<PathBuf>),
    /// These files; what a later one sets wins.
    Given(Vec<PathBuf>),
}

/// Variables by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    variables: FxHashMap<String, Variable>,
}

impl Environment {
    /// The environment of the process.
    pub(super) fn of_process(pairs: &[(String, String)]) -> Self {
        let mut environment = Environment::default();
        pairs
            .iter()
            .for_each(|(name, value)| environment.set(name, value));
        environment
    }

    /// Sets a variable as the process would.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let variable = Variable {
            value: value.to_owned(),
            from: VariableSource::Environment,
            unset: Vec::new(),
        };
        self.variables.insert(name.to_owned(), variable);
    }

    /// Sets a variable unless it is set.
    pub(super) fn set_default(&mut self, name: &str, value: &str) {
        if self.get(name).is_none() {
            self.set(name, value);
        }
    }

    /// The variable of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, variable)| (name.as_str(), variable.value.as_str()))
    }

    /// Its value.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|variable| variable.value.as_str())
    }

    /// Adds the variables of env files that are not set yet.
    pub(super) fn add_files(&mut self, reader: &mut Reader<'_, '_>, files: &EnvFiles) {
        match files {
            EnvFiles::Default(directories) => {
                for directory in directories {
                    let added = reader.read_all(&[directory.join(".env")], self);
                    self.fill(added);
                }
            }
            EnvFiles::Given(paths) => {
                let added = reader.read_all(paths, self);
                self.fill(added);
            }
        }
    }

    fn fill(&mut self, added: FxHashMap<String, Variable>) {
        for (name, variable) in added {
            self.variables.entry(name).or_insert(variable);
        }
    }
}

/// Reads env files and says what is wrong with them.
pub(super) struct Reader<'r, 'f> {
    /// Where files are read.
    pub(super) workspace: &'r Workspace<'f>,
    /// What stands for an unset variable.
    pub(super) unset: Unset,
    /// What is left of the text that variables may make.
    pub(super) budget: &'r Cell<usize>,
    /// What is wrong with the files.
    pub(super) diagnostics: &'r mut Vec<Diagnostic>,
}

/// A line of an env file with its variables put in.
pub(super) struct Line {
    /// The entry as written.
    pub(super) entry: dotenv::Entry,
    /// Its value; `None` for a bare key that nobody gives a value.
    pub(super) value: Option<(Cooked, Vec<Step>)>,
}

impl Reader<'_, '_> {
    /// The variables of several files; later ones win and may use earlier ones. Files that are not
    /// there are skipped.
    fn read_all(&mut self, paths: &[PathBuf], outer: &Environment) -> FxHashMap<String, Variable> {
        let mut variables = FxHashMap::default();
        for path in paths {
            if let Some(source) = self.open(path) {
                self.lines(
                    &source,
                    dotenv::Format::Standard,
                    &|name| outer.get(name),
                    &mut variables,
                );
            }
        }
        variables
    }

    /// An env file, if there is one that can be read.
    pub(super) fn open(&self, path: &Path) -> Option<Source> {
        if self.workspace.files().is_file(path) {
            self.workspace.read(path).ok()
        } else {
            None
        }
    }

    /// The lines of an env file. Variables in them are looked up outside first, then among those
    /// already `known`, to which the lines are added.
    pub(super) fn lines<'o>(
        &mut self,
        source: &Source,
        format: dotenv::Format,
        outer: &dyn Fn(&str) -> Option<&'o Variable>,
        known: &mut FxHashMap<String, Variable>,
    ) -> Vec<Line> {
        let (entries, problems) = dotenv::parse(source, format);
        self.diagnostics.extend(problems);
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = match &entry.value {
                None => outer(&entry.key).map(|variable| {
                    (
                        Cooked::synthetic(variable.value.clone(), entry.key_span),
                        variable.unset.clone(),
                    )
                }),
                Some(value) if value.expand => {
                    let lookup = |name: &str| outer(name).or_else(|| known.get(name));
                    let expanded = Expander {
                        lookup: &lookup,
                        unset: self.unset,
                        budget: self.budget,
                    }
                    .expand(&value.text);
                    Some(match expanded {
                        Some(expanded) => {
                            self.diagnostics
                                .extend(expanded.problems.into_iter().map(Diagnostic::from));
                            (expanded.text, expanded.steps)
                        }
                        None => (value.text.clone(), Vec::new()),
                    })
                }
                Some(value) => Some((value.text.clone(), Vec::new())),
            };
            if let Some((text, steps)) = &value {
                let from = VariableSource::File(text.span());
                known.insert(
                    entry.key.clone(),
                    Variable {
                        value: text.as_str().to_owned(),
                        from,
                        unset: unset_among(steps.clone()),
                    },
                );
            }
            lines.push(Line { entry, value });
        }
        lines
    }
}
