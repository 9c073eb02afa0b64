//! Commands that neither read nor change the sources: they may stand between a copy and an install.
//!
//! Behind each the flags and words do not matter, except for paths in what they change, which are the
//! business of whoever asks. Those of package managers stand in their rows.

use super::manager::{self, plain_name};
use super::{file_name, system};

const HARMLESS: &[&str] = &[
    "true",
    ":",
    "set",
    "echo",
    "printf",
    "export",
    "unset",
    "cd",
    "mkdir",
    "umask",
    "ulimit",
    "sleep",
    "which",
    "command -v",
    "corepack enable",
    "corepack prepare",
    "corepack install",
    "rustup",
    "rustc --version",
    "node --version",
    "node -v",
    "python --version",
    "locale-gen",
    "update-ca-certificates",
    "ldconfig",
    "a2enmod",
    "docker-php-ext-install",
    "docker-php-ext-enable",
    "docker-php-ext-configure",
    "pecl",
    "date",
    "uname",
    "id",
];

/// Whether words are such a command.
pub fn is_harmless(words: &[&str]) -> bool {
    let Some(program) = words.first() else {
        return false;
    };
    let name = plain_name(program);
    let begins = |command: &&str| {
        let mut parts = command.split(' ');
        let mut rest = words[1..].iter();
        parts.next() == Some(name) && parts.all(|part| rest.next() == Some(&part))
    };
    system::changes_accounts(file_name(program))
        || HARMLESS.iter().any(begins)
        || manager::is_harmless(words)
}
