//! The variables that instructions can use: ARG and ENV, in the order in which they come into
//! force.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::syntax::dockerfile::expand::{self, Lookup, Refusal};
use crate::syntax::dockerfile::{Instruction, Word};
use crate::syntax::shell;

/// Build arguments that the builder sets by itself once they are declared, with values that we do
/// not know.
pub const AUTOMATIC: [&str; 14] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
];

/// A variable that gets a value, by ENV or ARG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Its name.
    pub name: String,
    /// Its value, with a mark for what is not known of it: to tell two values apart, not to use
    /// one.
    pub key: String,
}

/// Variables by name. `None` is a value that cannot be known.
type Values = FxHashMap<String, Option<String>>;

/// The variables in force at one point of a Dockerfile.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    escape: char,
    env: Values,
    /// ARGs; one that is declared and has no value is unset.
    args: FxHashMap<String, Lookup>,
    /// What a name means that nobody has set.
    otherwise: Lookup,
}

impl Scope {
    /// The scope before the first FROM: nothing but what the builder sets.
    pub(super) fn global(escape: char) -> Self {
        let args = AUTOMATIC
            .iter()
            .map(|name| ((*name).to_owned(), Lookup::Unknown))
            .collect();
        Scope {
            escape,
            env: Values::default(),
            args,
            otherwise: Lookup::Unset,
        }
    }

    /// The scope of a stage on a base image, which may set anything; on `scratch` there is nothing.
    pub(super) fn stage(escape: char, is_scratch: bool) -> Self {
        let otherwise = if is_scratch {
            Lookup::Unset
        } else {
            Lookup::Unknown
        };
        Scope {
            escape,
            env: Values::default(),
            args: FxHashMap::default(),
            otherwise,
        }
    }

    /// The meaning of a name.
    pub(super) fn lookup(&self, name: &str) -> Lookup {
        if let Some(value) = self.env.get(name) {
            return value.clone().map_or(Lookup::Unknown, Lookup::Set);
        }
        self.args.get(name).unwrap_or(&self.otherwise).clone()
    }

    /// The meaning of a name where it does not depend on a base image or on whoever builds.
    pub(super) fn certain(&self, name: &str) -> Lookup {
        match self.lookup(name) {
            Lookup::Unset if self.args.contains_key(name) => Lookup::Unknown,
            found => found,
        }
    }

    /// The value of a word; `None` also where a default stands behind a variable that the builder
    /// may set.
    ///
    /// # Errors
    /// [`Refusal`] as of [`expand::expand`].
    pub(super) fn expand_certain(&self, text: &str) -> Result<Option<String>, Refusal> {
        let is_certain = Cell::new(true);
        let lookup = |name: &str| {
            let found = self.lookup(name);
            is_certain.set(is_certain.get() && found != Lookup::Unknown);
            found
        };
        let expansion = expand::expand(text, self.escape, &lookup)?;
        Ok(expansion.text.filter(|_| is_certain.get()))
    }

    /// The value of a word.
    pub(super) fn expand(&self, text: &str) -> Option<String> {
        expand::expand(text, self.escape, &|name| self.lookup(name))
            .ok()?
            .text
    }

    /// The text of a word of the shell, variables of the Dockerfile resolved where there are any.
    pub(super) fn shell_text(&self, word: &shell::Word) -> Option<String> {
        let text = word.text.as_str();
        if word.literal || !text.contains(['$', '*', '?', '`', '~', '(', '{']) {
            return Some(text.to_owned());
        }
        // What the shell alone knows.
        if text.contains(['*', '?', '`', '~', '(']) {
            return None;
        }
        self.expand_in_shell(text)
    }

    /// The value of a word of a shell, which may set any variable that nobody has set before.
    fn expand_in_shell(&self, text: &str) -> Option<String> {
        let lookup = |name: &str| match self.lookup(name) {
            Lookup::Set(value) => Lookup::Set(value),
            _ => Lookup::Unknown,
        };
        expand::expand(text, self.escape, &lookup).ok()?.text
    }

    /// The words of an instruction as they are part of its cache key: with a mark for a variable
    /// that is not known, and as written where BuildKit would refuse it.
    pub(super) fn key(&self, text: &str) -> String {
        let expansion = expand::expand(text, self.escape, &|name| self.marked(name)).ok();
        expansion
            .and_then(|expansion| expansion.text)
            .unwrap_or_else(|| text.to_owned())
    }

    /// The same for the body of a heredoc.
    pub(super) fn key_of_body(&self, text: &str) -> String {
        let expansion = expand::expand_heredoc(text, &|name| self.marked(name)).ok();
        expansion
            .and_then(|expansion| expansion.text)
            .unwrap_or_else(|| text.to_owned())
    }

    fn marked(&self, name: &str) -> Lookup {
        match self.lookup(name) {
            Lookup::Unknown => Lookup::Set(format!("\0{name}")),
            known => known,
        }
    }

    /// ENV.
    pub(super) fn set_env(&mut self, name: &str, value: Option<String>) {
        self.env.insert(name.to_owned(), value);
    }

    /// ARG: what the build is given wins over the default, and a name without one takes its global
    /// value. With a value it takes the place of an ENV from before it. Gives the variables that
    /// have a value now. `salt` is added to defaults.
    pub(super) fn declare(
        &mut self,
        instruction: &Instruction,
        given: &[(String, Option<String>)],
        global: Option<&Scope>,
        salt: &str,
    ) -> Vec<Assigned> {
        let mut assigned = Vec::new();
        for word in instruction.words() {
            // The name is taken as it is written.
            let (name, default) = split(word);
            let name = name.to_owned();
            let given = given
                .iter()
                .rev()
                .find(|(known, _)| *known == name)
                .and_then(|(_, value)| value.clone());
            let value = match (given, default) {
                (Some(value), _) => Lookup::Set(value),
                (None, Some(default)) => self
                    .expand(default)
                    .map_or(Lookup::Unknown, |value| Lookup::Set(value + salt)),
                (None, None) if AUTOMATIC.contains(&name.as_str()) => Lookup::Unknown,
                (None, None) => global.map_or(Lookup::Unset, |global| global.lookup(&name)),
            };
            match &value {
                // The name alone neither sets nor hides anything.
                Lookup::Unset if self.env.contains_key(&name) || self.args.contains_key(&name) => {
                    continue;
                }
                Lookup::Unset => {}
                Lookup::Set(value) => assigned.push(Assigned {
                    name: name.clone(),
                    key: value.clone(),
                }),
                Lookup::Unknown => assigned.push(Assigned {
                    name: name.clone(),
                    key: default.map_or_else(String::new, |text| self.key(text)) + salt,
                }),
            }
            if value != Lookup::Unset {
                self.env.remove(&name);
            }
            self.args.insert(name, value);
        }
        assigned
    }
}

/// `NAME` or `NAME=default` of ARG.
fn split(word: &Word) -> (&str, Option<&str>) {
    match word.text.as_str().split_once('=') {
        Some((name, default)) => (name, Some(default)),
        None => (word.text.as_str(), None),
    }
}
