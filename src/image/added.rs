//! What the steps of a build may have added to its base image: tools and users, as far as the
//! Dockerfile tells.

use crate::syntax::shell::Command;

use super::step::{Action, CopyFrom, SourceKind, SourcePath};
use super::{Image, Step, path};

/// Where programs and the list of users lie; the root directory is written empty.
const PLACES: [&str; 9] = [
    "",
    "/bin",
    "/etc",
    "/etc/passwd",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/local",
    "/usr/local/bin",
];

impl Image {
    /// Whether the stage certainly has nothing of these names but what its base image brings: no
    /// RUN that makes it speaks of one of them, none runs something that is not to be seen, and no
    /// copy brings whole directories of programs.
    pub fn adds_none_of(&self, stage: usize, names: &[&str]) -> bool {
        let history = self.history_of(stage);
        let brings = |step: &&Step| match &step.action {
            Action::Run(run) => {
                let text = self.dockerfile.tree.source.slice(step.span);
                let is_name = |part: &str| names.contains(&part);
                let mut parts = text
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .chain(text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-'));
                parts.any(is_name)
                    || run
                        .script
                        .as_ref()
                        .is_none_or(|script| script.commands.iter().any(hides_something))
            }
            Action::Copy(copied) => {
                let to = copied
                    .destination
                    .as_deref()
                    .unwrap_or("/")
                    .trim_end_matches('/');
                // One program is what its name says; a directory of them may hold anything.
                let is_whole = |source: &SourcePath| match copied.from {
                    CopyFrom::Context => source.kind != SourceKind::File,
                    _ => matches!(
                        path::name(&source.path),
                        "" | "bin" | "sbin" | "local" | "usr" | "lib" | "etc" | "passwd"
                    ),
                };
                let names_it = copied
                    .sources
                    .iter()
                    .any(|source| names.contains(&path::name(&source.path)));
                let is_users = matches!(to, "/etc" | "/etc/passwd" | "/etc/shadow" | "/etc/group");
                names_it || is_users || PLACES.contains(&to) && copied.sources.iter().any(is_whole)
            }
            Action::Configure => false,
        };
        !history.iter().any(brings)
    }
}

/// Whether a command does what only a file or a variable tells: a script of the project, packages
/// from a list.
fn hides_something(command: &Command) -> bool {
    let Some(program) = command.words.first() else {
        return false;
    };
    let name = path::name(program.text.as_str());
    let is_manager = matches!(
        name,
        "apt-get"
            | "apt"
            | "apk"
            | "dnf"
            | "yum"
            | "microdnf"
            | "zypper"
            | "nix-env"
            | "conda"
            | "mamba"
            | "micromamba"
            | "brew"
    );
    let written = program.text.as_str();
    let is_elsewhere = written.contains('/')
        && !["/usr/", "/bin/", "/sbin/"]
            .iter()
            .any(|place| written.starts_with(place));
    let is_unread = is_elsewhere
        || name.ends_with(".sh")
        || matches!(
            name,
            "make"
                | "xargs"
                | "ansible-playbook"
                | "source"
                | "."
                | "eval"
                | "install-php-extensions"
        )
        || !program.literal;
    let from_file = matches!(name, "sh" | "bash" | "ash" | "python" | "python3")
        && command
            .words
            .get(1)
            .is_none_or(|word| !word.text.as_str().starts_with('-'));
    let with_packages = command
        .words
        .iter()
        .any(|word| matches!(word.text.as_str(), "--with-deps" | "install-deps"));
    is_unread
        || from_file
        || with_packages
        || is_manager && command.words.iter().any(|word| !word.literal)
}

#[cfg(test)]
mod tests;
