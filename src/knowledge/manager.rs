//! Package managers and build tools: which row a command belongs to, and what rows say together.
//!
//! Whoever wants to know something of a manager asks here: adding one is a row, and every reader knows
//! it.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::file_name;
pub use super::package_manager::{
    Alone, Asks, Cache, CacheMount, Ecosystem, Manager, Needs, Scripts, Verb, Words, Write,
};
use super::program::Language;

const TABLES: [&[Manager]; 11] = [
    super::python::MANAGERS,
    super::node::MANAGERS,
    super::go::MANAGERS,
    super::rust::MANAGERS,
    super::jvm::MANAGERS,
    super::dotnet::MANAGERS,
    super::php::MANAGERS,
    super::ruby::MANAGERS,
    super::elixir::MANAGERS,
    super::dart::MANAGERS,
    super::system::MANAGERS,
];

/// Every row.
pub fn managers() -> impl Iterator<Item = &'static Manager> {
    TABLES.into_iter().flatten()
}

/// The row of a name.
pub fn manager(name: &str) -> Option<&'static Manager> {
    managers().find(|manager| manager.name == name)
}

/// The row of a program: `./mvnw` is Maven, `pip3.12` is pip.
pub fn manager_of(program: &str) -> Option<&'static Manager> {
    index().programs.get(plain_name(program)).copied()
}

/// The program's name without its directory and the version that some carry: `/venv/bin/pip3.12` is
/// `pip`.
pub fn plain_name(program: &str) -> &str {
    let name = file_name(program);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if matches!(stem, "pip" | "python" | "pypy") {
        stem
    } else {
        name
    }
}

/// The name under which commands stand in the tables: that of a wrapper script is that of what it
/// wraps.
fn canonical(program: &str) -> &str {
    let name = plain_name(program);
    match index().programs.get(name) {
        Some(manager) if !index().verbs.contains_key(name) => manager.programs[0],
        _ => name,
    }
}

static INDEX: OnceLock<Index> = OnceLock::new();

/// The rows by the names of programs.
struct Index {
    programs: FxHashMap<&'static str, &'static Manager>,
    /// Commands by their first word.
    verbs: FxHashMap<&'static str, Vec<(&'static Manager, &'static Verb, &'static str)>>,
}

fn index() -> &'static Index {
    INDEX.get_or_init(|| {
        let mut index = Index {
            programs: FxHashMap::default(),
            verbs: FxHashMap::default(),
        };
        for manager in managers() {
            for program in manager.programs {
                index.programs.entry(program).or_insert(manager);
            }
            for verb in manager.verbs {
                for command in verb.commands {
                    let name = command.split(' ').next().unwrap_or_default();
                    let row = (manager, verb, *command);
                    index.verbs.entry(name).or_default().push(row);
                }
            }
        }
        index
    })
}

/// A command line that belongs to a row.
#[derive(Debug)]
pub struct Called {
    /// The manager.
    pub manager: &'static Manager,
    /// Its command.
    pub verb: &'static Verb,
    /// Which of the words behind the program chose the row, as indexes.
    pub used: Vec<usize>,
}

/// The row with the most words that a command matches. Flags may stand between them.
pub fn verb_of(words: &[&str]) -> Option<Called> {
    let name = canonical(words.first()?);
    let mut best: Option<Called> = None;
    for &(manager, verb, command) in index().verbs.get(name)? {
        let Some(used) = used_words(verb, command, words) else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|best| best.used.len() <= used.len())
        {
            best = Some(Called {
                manager,
                verb,
                used,
            });
        }
    }
    best
}

/// Which words behind the program are those of a command that begins with the same program.
fn used_words(verb: &Verb, command: &str, texts: &[&str]) -> Option<Vec<usize>> {
    let parts = command.split(' ').skip(1);
    let mut used = Vec::new();
    let mut index = 1;
    let mut expects_more = false;
    for part in parts {
        expects_more = true;
        loop {
            let text = texts.get(index)?;
            index += 1;
            if *text == part {
                used.push(index - 2);
                break;
            }
            if !text.starts_with('-') {
                return None;
            }
            index += usize::from(verb.takes_value(text));
        }
    }
    // A program alone is a command of its own (`yarn`, `bundle`) only without another word behind
    // it.
    let is_alone = expects_more || verb.builds() || !matches!(verb.words, Words::Ignored);
    if is_alone {
        return Some(used);
    }
    while let Some(text) = texts.get(index) {
        if !text.starts_with('-') {
            return None;
        }
        index += 1 + usize::from(verb.takes_value(text));
    }
    Some(used)
}

/// Whether words are a command of a manager that neither reads nor changes the sources: `pip config`.
pub fn is_harmless(words: &[&str]) -> bool {
    let Some(program) = words.first() else {
        return false;
    };
    let name = plain_name(program);
    let begins = |command: &str| {
        let mut rest = words[1..].iter();
        command.split(' ').all(|part| rest.next() == Some(&part))
    };
    managers()
        .filter(|manager| manager.programs.contains(&name))
        .any(|manager| manager.harmless.iter().any(|command| begins(command)))
}

/// Whether words bring the packages of a project into place, wherever in them the manager stands:
/// `sh -c npm ci`, `uv run x`, `dotnet run`.
pub fn brings_packages(words: &[&str]) -> bool {
    (0..words.len()).any(|at| refreshes(&words[at..]))
}

/// Whether a command of a manager brings packages into place.
fn refreshes(words: &[&str]) -> bool {
    let Some(manager) =
        manager_of(words[0]).filter(|manager| manager.ecosystem != Ecosystem::System)
    else {
        return false;
    };
    if words.iter().any(|word| manager.kept_by.contains(word)) {
        return false;
    }
    if verb_of(words).is_some_and(|called| called.verb.fetches && !called.verb.builds()) {
        return true;
    }
    let word = words[1..].iter().find(|word| !word.starts_with('-'));
    manager.refreshes.contains(&"*") || word.is_some_and(|word| manager.refreshes.contains(word))
}

/// The language of the packages that lie in a directory of this name, if that is where a manager
/// puts them.
pub fn language_of_packages(directory: &str) -> Option<Language> {
    let fills = |manager: &&Manager| manager.fills.contains(&directory);
    managers()
        .find(fills)
        .and_then(|manager| manager.ecosystem.language())
}

/// The names of all files in which projects list their packages, each once.
pub fn manifest_names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let manifests = managers().flat_map(|manager| manager.manifests);
        let mut names: Vec<&str> = manifests
            .chain(super::python::REQUIREMENTS)
            .copied()
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    })
}

/// Whether a file of that name lists packages, or says which versions are installed. Names are
/// compared without regard to case.
pub fn is_manifest(file: &str) -> bool {
    let locks = managers().flat_map(|manager| manager.locks);
    let mut names = manifest_names().iter().chain(locks);
    names.any(|known| known.eq_ignore_ascii_case(file))
}

/// The managers with a lock file of this name.
pub fn managers_with_lock(file: &str) -> impl Iterator<Item = &'static Manager> {
    managers().filter(move |manager| manager.locks.contains(&file))
}

/// Whether a file of this name is a lock file that chooses versions.
pub fn is_lock(file: &str) -> bool {
    managers_with_lock(file).any(|manager| manager.locks_choose)
}

/// The managers that fill a directory of this name.
pub fn managers_that_fill(directory: &str) -> impl Iterator<Item = &'static Manager> {
    managers().filter(move |manager| manager.fills.contains(&directory))
}

/// The managers whose manifest or lock file has this name.
pub fn managers_that_read(file: &str) -> impl Iterator<Item = &'static Manager> {
    managers()
        .filter(move |manager| manager.manifests.contains(&file) || manager.locks.contains(&file))
}
