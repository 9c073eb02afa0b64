//! What the user states of a project: roles, sources, reload and development mode of services. It
//! is believed.
//!
//! It stands in the compose file, as `x-composelint:` of a service or at the top level, or in
//! `composelint.toml`; Docker Compose takes `x-…` keys anywhere and leaves them out of the hash by
//! which it recreates containers.

use std::path::{Path, PathBuf};

use crate::compose::Compose;
use crate::compose::value::{Data, MapEntry, Value};
use crate::diagnostic::Diagnostic;
use crate::files::clean;
use crate::project::purpose::Intent;
use crate::project::role::Role;
use crate::project::said::Said;
use crate::text::closest;

/// The rule that reports settings which are not understood.
pub const INVALID_SETTING: &str = "invalid-setting";

/// The key of a compose file that holds what the user states.
pub const EXTENSION: &str = "x-composelint";

/// Everything that the user states of one project.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    /// What the set of files is for.
    pub intent: Option<Said<Intent>>,
    /// What is said of services, the strongest first: a later statement of the same service adds
    /// what is missing.
    pub services: Vec<Statement>,
}

/// What the user states of one service.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The service.
    pub service: String,
    /// `role`: what it is to the people who develop the project.
    pub role: Option<Said<Role>>,
    /// `sources`: where its code lies on the host, absolute; empty when nobody edits any.
    pub sources: Option<Said<Vec<PathBuf>>>,
    /// `reload`: whether it notices edits by itself.
    pub reloads: Option<Said<bool>>,
    /// `dev`: how edits are to arrive while one develops.
    pub mode: Option<Said<Mode>>,
}

/// How edits are to arrive in a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// By bind mounts.
    Mount,
    /// By `docker compose watch`.
    Watch,
    /// Not at all: nobody develops this service here.
    None,
}

/// The keys of a statement.
const KEYS: &[&str] = &["role", "sources", "reload", "dev"];

/// The words of `role`.
const ROLES: &[&str] = &["core", "infra", "optional", "job"];

/// The words of `intent`.
const INTENTS: &[(&str, Intent)] = &[
    ("development", Intent::Development),
    ("production", Intent::Production),
    ("test", Intent::Test),
    ("ci", Intent::Ci),
];

impl Stated {
    /// What is stated of one service: of several statements, what the first says wins.
    pub fn of(&self, service: &str) -> Statement {
        let mut all = Statement {
            service: service.to_owned(),
            ..Statement::default()
        };
        for one in self.services.iter().filter(|one| one.service == service) {
            all.role = all.role.or_else(|| one.role.clone());
            all.sources = all.sources.or_else(|| one.sources.clone());
            all.reloads = all.reloads.or_else(|| one.reloads.clone());
            all.mode = all.mode.or_else(|| one.mode.clone());
        }
        all
    }

    /// Adds what the compose file says to what was told elsewhere, which wins. What is not
    /// understood goes into `problems`.
    pub fn with_compose(mut self, compose: &Compose, problems: &mut Vec<Diagnostic>) -> Stated {
        for service in &compose.services {
            if let Some(stated) = service.data.get(EXTENSION) {
                self.services.push(statement(
                    &service.name,
                    stated,
                    &compose.directory,
                    problems,
                ));
            }
        }
        for entry in compose
            .data
            .get(EXTENSION)
            .and_then(Value::<Data>::as_map)
            .into_iter()
            .flatten()
        {
            match entry.key.as_str() {
                "intent" => self.intent = self.intent.or(intent(&entry.value, problems)),
                "services" => {
                    self.services
                        .extend(statements(&entry.value, &compose.directory, problems))
                }
                "roles" => {
                    for entry in entry.value.as_map().into_iter().flatten() {
                        let role = role(&entry.value, problems);
                        self.services.push(Statement {
                            service: entry.key.clone(),
                            role,
                            ..Statement::default()
                        });
                    }
                }
                word => match Role::from_word(word) {
                    Some(role) => self.services.extend(of_role(role, &entry.value)),
                    None => problems.extend(unknown(
                        entry,
                        &[
                            "intent", "services", "roles", "core", "infra", "optional", "job",
                        ],
                        "a setting",
                    )),
                },
            }
        }
        self
    }
}

/// A mapping from services to what is said of them; a list under the name of a role gives its
/// services that role.
pub fn statements(
    services: &Value<Data>,
    base: &Path,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Statement> {
    let mut all = Vec::new();
    for entry in services.as_map().into_iter().flatten() {
        match (Role::from_word(&entry.key), entry.value.as_list()) {
            (Some(role), Some(_)) => all.extend(of_role(role, &entry.value)),
            _ => all.push(statement(&entry.key, &entry.value, base, problems)),
        }
    }
    all
}

/// What the set of files is for.
pub fn intent(value: &Value<Data>, problems: &mut Vec<Diagnostic>) -> Option<Said<Intent>> {
    let word = value.as_str().unwrap_or_default();
    let found = INTENTS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, intent)| *intent);
    if found.is_none() {
        problems.extend(wrong(
            value,
            "`intent` says what the files are for: development, production, test or ci",
        ));
    }
    found.map(|intent| Said {
        value: intent,
        span: value.span(),
    })
}

fn of_role(role: Role, services: &Value<Data>) -> Vec<Statement> {
    let names = services.as_list().unwrap_or_default().iter();
    let say = |name: &Value<Data>| {
        let role = Some(Said {
            value: role,
            span: name.span(),
        });
        Some(Statement {
            service: name.as_str()?.to_owned(),
            role,
            ..Statement::default()
        })
    };
    names.filter_map(say).collect()
}

fn statement(
    service: &str,
    stated: &Value<Data>,
    base: &Path,
    problems: &mut Vec<Diagnostic>,
) -> Statement {
    let mut found = Statement {
        service: service.to_owned(),
        ..Statement::default()
    };
    if stated.as_map().is_none() {
        problems.extend(wrong(
            stated,
            "What is stated of a service is a mapping with the keys role, sources, reload and dev",
        ));
    }
    for entry in stated.as_map().into_iter().flatten() {
        match entry.key.as_str() {
            "role" => found.role = role(&entry.value, problems),
            "sources" => found.sources = sources(&entry.value, base, problems),
            "reload" => found.reloads = reloads(&entry.value, problems),
            "dev" => found.mode = mode(&entry.value, problems),
            _ => problems.extend(unknown(entry, KEYS, "a setting of a service")),
        }
    }
    found
}

fn role(value: &Value<Data>, problems: &mut Vec<Diagnostic>) -> Option<Said<Role>> {
    let found = value.as_str().and_then(Role::from_word);
    if found.is_none() {
        problems.extend(wrong(
            value,
            &format!("`role` is one of {}", ROLES.join(", ")),
        ));
    }
    found.map(|role| Said {
        value: role,
        span: value.span(),
    })
}

fn sources(
    value: &Value<Data>,
    base: &Path,
    problems: &mut Vec<Diagnostic>,
) -> Option<Said<Vec<PathBuf>>> {
    let one = value.as_str().map(|path| vec![path]);
    let all = one.or_else(|| value.as_list()?.iter().map(|path| path.as_str()).collect());
    if all.is_none() {
        problems.extend(wrong(
            value,
            "`sources` is a list of paths, relative to the file that says so",
        ));
    }
    all.map(|paths| Said {
        value: paths
            .into_iter()
            .map(|path| clean(&base.join(path)))
            .collect(),
        span: value.span(),
    })
}

fn reloads(value: &Value<Data>, problems: &mut Vec<Diagnostic>) -> Option<Said<bool>> {
    let found = match &value.value {
        Data::Bool(reloads) => Some(*reloads),
        Data::String(word) => match word.as_str() {
            "own" | "true" => Some(true),
            "none" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    };
    if found.is_none() {
        problems.extend(wrong(
            value,
            "`reload` is own, when the process notices edits by itself, or none",
        ));
    }
    found.map(|reloads| Said {
        value: reloads,
        span: value.span(),
    })
}

/// `dev: watch`, or `dev: {mode: watch}`.
fn mode(value: &Value<Data>, problems: &mut Vec<Diagnostic>) -> Option<Said<Mode>> {
    let word = value
        .as_map()
        .and_then(|map| map.get("mode"))
        .unwrap_or(value);
    let found = match word.as_str().unwrap_or_default() {
        "mount" => Some(Mode::Mount),
        "watch" => Some(Mode::Watch),
        "none" => Some(Mode::None),
        _ => None,
    };
    if found.is_none() {
        problems.extend(wrong(
            word,
            "`dev` says how edits arrive: mount, watch or none",
        ));
    }
    for entry in value
        .as_map()
        .into_iter()
        .flatten()
        .filter(|entry| entry.key != "mode")
    {
        problems.extend(unknown(entry, &["mode"], "a setting of `dev`"));
    }
    found.map(|mode| Said {
        value: mode,
        span: word.span(),
    })
}

/// A key that nobody reads: a typing mistake would otherwise say nothing, silently.
pub fn unknown(entry: &MapEntry, known: &[&str], what: &str) -> Option<Diagnostic> {
    let meant = closest(&entry.key, known.iter().copied())
        .map(|meant| format!("Did you mean `{meant}`? "))
        .unwrap_or_default();
    let help = format!("{meant}Known are {}", known.join(", "));
    let message = format!(
        "`{}` is not {what} of composelint, and says nothing",
        entry.key
    );
    Some(
        Diagnostic::new(
            INVALID_SETTING,
            entry.key_span.or(entry.value.span())?,
            message,
        )
        .help(help),
    )
}

/// A value that is not understood.
pub fn wrong(value: &Value<Data>, help: &str) -> Option<Diagnostic> {
    let written = value
        .scalar_text()
        .map(|text| format!("`{text}`"))
        .unwrap_or_else(|| format!("a {}", value.kind()));
    let message = format!("{written} is not understood here, and says nothing");
    Some(Diagnostic::new(INVALID_SETTING, value.span()?, message).help(help.to_owned()))
}

#[cfg(test)]
mod tests;
