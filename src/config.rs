//! What the user chose: `composelint.toml`.
//!
//! The nearest file counts, from the project's directory upwards; files are not merged. Everything
//! that is not understood is a diagnostic at its place, for a typing mistake in a setting would
//! otherwise switch something off without a word.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;

use crate::compose::value::{Data, Value};
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::purpose::Intent;
use crate::project::said::Said;
use crate::project::user_annotations;
use crate::project::user_annotations::{INVALID_SETTING, Stated, Statement};
use crate::rules;
use crate::text::{Source, Span, closest};
use crate::workspace::Workspace;

mod toml;

/// The names of the file, the first that is there counts.
pub const NAMES: [&str; 2] = ["composelint.toml", ".composelint.toml"];

/// The settings of one file; what it does not say is empty.
#[derive(Debug, Default)]
pub struct Config {
    /// The directory of the file: its paths are relative to it.
    directory: PathBuf,
    /// `select`: the only rules to run.
    pub select: Vec<String>,
    /// `extend-select`: rules to run that are off by default.
    pub extend_select: Vec<String>,
    /// `ignore`: rules not to run.
    pub ignore: Vec<String>,
    /// `fail-on`: from which severity on a run fails; `Some(None)` for never.
    pub fail_on: Option<Option<Severity>>,
    /// `[severity]`
    severity: FxHashMap<String, Severity>,
    /// `exclude`
    exclude: Vec<GlobMatcher>,
    /// `[per-file-ignores]`
    per_file: Vec<(GlobMatcher, Vec<String>)>,
    /// `[per-service-ignores]`
    per_service: Vec<(String, Vec<String>)>,
    /// `[services]`
    services: Vec<Statement>,
    /// `[files]`: what sets of compose files are for.
    intents: Vec<(GlobMatcher, Said<Intent>)>,
    /// What is not understood.
    pub problems: Vec<Diagnostic>,
}

/// The top-level keys.
const KEYS: &[&str] = &[
    "select",
    "extend-select",
    "ignore",
    "fail-on",
    "exclude",
    "severity",
    "per-file-ignores",
    "per-service-ignores",
    "services",
    "files",
];

impl Config {
    /// Reads a file.
    pub fn read(source: &Source) -> Config {
        let directory = source
            .path()
            .parent()
            .unwrap_or(Path::new("/"))
            .to_path_buf();
        let mut config = Config {
            directory,
            ..Config::default()
        };
        match toml::parse(source) {
            Ok(settings) => config.take(&settings),
            Err(problem) => config.problems.push(*problem),
        }
        config
    }

    fn take(&mut self, settings: &Value<Data>) {
        for entry in settings.as_map().into_iter().flatten() {
            let value = &entry.value;
            match entry.key.as_str() {
                "select" => self.select = self.rules(value),
                "extend-select" => self.extend_select = self.rules(value),
                "ignore" => self.ignore = self.rules(value),
                "fail-on" => self.fail_on = self.fail_on(value),
                "exclude" => self.exclude = self.globs(value),
                "severity" => {
                    for entry in value.as_map().into_iter().flatten() {
                        let severity = self.severity(&entry.value);
                        let rules = self.rule(&entry.key, entry.key_span);
                        self.severity.extend(
                            rules
                                .into_iter()
                                .zip(std::iter::repeat(severity))
                                .filter_map(|(rule, severity)| Some((rule, severity?))),
                        );
                    }
                }
                "per-file-ignores" => {
                    for entry in value.as_map().into_iter().flatten() {
                        let rules = self.rules(&entry.value);
                        let glob = self.glob(&entry.key, entry.key_span);
                        self.per_file.extend(glob.map(|glob| (glob, rules)));
                    }
                }
                "per-service-ignores" => {
                    for entry in value.as_map().into_iter().flatten() {
                        let rules = self.rules(&entry.value);
                        self.per_service.push((entry.key.clone(), rules));
                    }
                }
                "services" => {
                    self.services = user_annotations::statements(
                        value,
                        &self.directory.clone(),
                        &mut self.problems,
                    )
                }
                "files" => self.take_files(value),
                _ => self
                    .problems
                    .extend(user_annotations::unknown(entry, KEYS, "a setting")),
            }
        }
    }

    /// `[files]`: under what they are for, the compose files that only such a set loads.
    fn take_files(&mut self, value: &Value<Data>) {
        for entry in value.as_map().into_iter().flatten() {
            let Some(said) = user_annotations::intent(
                &toml::text(&entry.key, entry.key_span),
                &mut self.problems,
            ) else {
                continue;
            };
            let globs = self.globs(&entry.value);
            self.intents
                .extend(globs.into_iter().map(|glob| (glob, said.clone())));
        }
    }

    /// The names of rules in a list; their ids in other linters are known too.
    fn rules(&mut self, value: &Value<Data>) -> Vec<String> {
        let names = self.texts(value, "a list of rules");
        names
            .into_iter()
            .flat_map(|(name, span)| self.rule(&name, span))
            .collect()
    }

    /// The rule of a name, or the rules: an id of another linter may be shared by several.
    fn rule(&mut self, name: &str, span: Option<Span>) -> Vec<String> {
        let infos = rules::infos();
        let named = infos
            .iter()
            .filter(|info| info.id == name || info.aliases.contains(&name));
        let named: Vec<String> = named.map(|info| info.id.to_owned()).collect();
        if !named.is_empty() {
            return named;
        }
        let meant = closest(name, infos.iter().map(|info| info.id))
            .map(|id| format!("Did you mean `{id}`? "))
            .unwrap_or_default();
        let message = format!("there is no rule `{name}`");
        let problem = span.map(|span| {
            Diagnostic::new(INVALID_SETTING, span, message)
                .help(format!("{meant}`composelint rules` lists them"))
        });
        self.problems.extend(problem);
        Vec::new()
    }

    fn severity(&mut self, value: &Value<Data>) -> Option<Severity> {
        let found = [Severity::Info, Severity::Warning, Severity::Error]
            .into_iter()
            .find(|one| value.as_str() == Some(one.as_str()));
        if found.is_none() {
            self.problems.extend(user_annotations::wrong(
                value,
                "A severity is error, warning or info",
            ));
        }
        found
    }

    fn fail_on(&mut self, value: &Value<Data>) -> Option<Option<Severity>> {
        match value.as_str() {
            Some("never") => Some(None),
            _ => self.severity(value).map(Some),
        }
    }

    fn globs(&mut self, value: &Value<Data>) -> Vec<GlobMatcher> {
        let texts = self.texts(value, "a list of paths");
        texts
            .into_iter()
            .filter_map(|(text, span)| self.glob(&text, span))
            .collect()
    }

    /// A pattern as in `.gitignore`: without a slash it holds in every directory.
    fn glob(&mut self, text: &str, span: Option<Span>) -> Option<GlobMatcher> {
        let bare = text.trim_end_matches('/');
        let anchored = match bare.strip_prefix("./").or_else(|| bare.strip_prefix('/')) {
            Some(rest) => rest.to_owned(),
            None if bare.contains('/') => bare.to_owned(),
            None => format!("**/{bare}"),
        };
        match GlobBuilder::new(&anchored).literal_separator(true).build() {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(error) => {
                let message = format!("`{text}` is no pattern: {}", error.kind());
                self.problems
                    .extend(span.map(|span| Diagnostic::new(INVALID_SETTING, span, message)));
                None
            }
        }
    }

    fn texts(&mut self, value: &Value<Data>, what: &str) -> Vec<(String, Option<Span>)> {
        let Some(items) = value.as_list() else {
            self.problems.extend(user_annotations::wrong(
                value,
                &format!("It must be {what}"),
            ));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self
                    .problems
                    .extend(user_annotations::wrong(item, &format!("It must be {what}"))),
            }
        }
        texts
    }

    /// Whether a path, or a directory above it, is excluded.
    pub fn excludes(&self, path: &Path) -> bool {
        !self.exclude.is_empty()
            && self.matches(path, |relative| {
                self.exclude.iter().any(|glob| glob.is_match(relative))
            })
    }

    /// Whether findings of a rule at a path, about a service, are ignored.
    pub fn ignores(&self, rule: &str, path: &Path, service: Option<&str>) -> bool {
        let has = |rules: &[String]| rules.iter().any(|id| id == rule);
        let in_service = service.is_some_and(|service| {
            self.per_service
                .iter()
                .any(|(name, rules)| name == service && has(rules))
        });
        let mut per_file = self.per_file.iter().filter(|(_, rules)| has(rules));
        in_service
            || per_file.any(|(glob, _)| self.matches(path, |relative| glob.is_match(relative)))
    }

    /// Asks about a path and the directories above it, relative to the file's directory.
    fn matches(&self, path: &Path, is_match: impl Fn(&Path) -> bool) -> bool {
        path.strip_prefix(&self.directory).is_ok_and(|relative| {
            relative
                .ancestors()
                .filter(|part| !part.as_os_str().is_empty())
                .any(is_match)
        })
    }

    /// The severity that the user gives a rule.
    pub fn severity_of(&self, rule: &str) -> Option<Severity> {
        self.severity.get(rule).copied()
    }

    /// What is stated of a project that loads these files. Of several files the last one decides
    /// what the set is for.
    pub fn stated(&self, files: &[PathBuf]) -> Stated {
        let intent = |path: &PathBuf| {
            let relative = path.strip_prefix(&self.directory).ok()?;
            self.intents
                .iter()
                .rev()
                .find(|(glob, _)| glob.is_match(relative))
                .map(|(_, said)| said.clone())
        };
        Stated {
            intent: files.iter().rev().find_map(intent),
            services: self.services.clone(),
        }
    }
}

/// Which file holds the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The nearest one, from each project upwards.
    #[default]
    Nearest,
    /// This one.
    Given(PathBuf),
    /// None.
    None,
}

/// The settings of a run, each file read once.
pub struct Configs<'w> {
    workspace: &'w Workspace<'w>,
    choice: &'w Choice,
    read: Mutex<FxHashMap<PathBuf, Arc<Config>>>,
}

impl<'w> Configs<'w> {
    /// Nothing read yet.
    pub fn new(workspace: &'w Workspace<'w>, choice: &'w Choice) -> Self {
        Configs {
            workspace,
            choice,
            read: Mutex::default(),
        }
    }

    /// The settings that hold in a directory.
    pub fn of(&self, directory: &Path) -> Arc<Config> {
        let path = match self.choice {
            Choice::None => None,
            Choice::Given(path) => Some(path.clone()),
            Choice::Nearest => self.nearest(directory),
        };
        let Some(path) = path else {
            return Arc::default();
        };
        let mut known = self
            .read
            .lock()
            .expect("no thread panics while it holds the settings");
        let read = || {
            self.workspace
                .read(&path)
                .map(|source| Config::read(&source))
                .unwrap_or_default()
        };
        Arc::clone(
            known
                .entry(path.clone())
                .or_insert_with(|| Arc::new(read())),
        )
    }

    fn nearest(&self, directory: &Path) -> Option<PathBuf> {
        let files = self.workspace.files();
        directory.ancestors().find_map(|above| {
            NAMES
                .iter()
                .map(|name| above.join(name))
                .find(|path| files.is_file(path))
        })
    }

    /// What is not understood in the files that were read.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let known = self
            .read
            .lock()
            .expect("no thread panics while it holds the settings");
        known
            .values()
            .flat_map(|config| config.problems.iter().cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests;
