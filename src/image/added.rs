//! What the steps of a build may have added to its base image: tools and users, as far as the
//! Dockerfile tells.

use crate::knowledge::{Manager, manager_of, shells, system};
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
        self.adds_none(stage, names, |_| true)
    }

    /// Whether the stage certainly has no user of this name but what its base image brings. A command
    /// that only names a user, as `chown` does, creates none.
    pub fn adds_no_user(&self, stage: usize, user: &str) -> bool {
        self.adds_none(stage, &[user], may_create_users)
    }

    /// As [`Image::adds_none_of`], where only some commands of a RUN may make it.
    fn adds_none(&self, stage: usize, names: &[&str], may_make: fn(&Command) -> bool) -> bool {
        let source = &self.dockerfile.tree.source;
        let history = self.history_of(stage);
        let brings = |step: &&Step| match &step.action {
            Action::Run(run) => {
                let Some(script) = &run.script else {
                    return true;
                };
                let is_name = |part: &str| names.contains(&part);
                let names_it = |command: &Command| {
                    let text = source.slice(command.span);
                    text.split(|c: char| !c.is_alphanumeric() && c != '_')
                        .chain(text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-'))
                        .any(is_name)
                };
                script.commands.iter().any(|command| {
                    hides_something(command) || may_make(command) && names_it(command)
                })
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

/// Whether a command may create a user: it is for that, or is not known for something else.
fn may_create_users(command: &Command) -> bool {
    let writes_it = command
        .redirections
        .iter()
        .any(|redirection| redirection.target.text.as_str().starts_with("/etc/"));
    let program = command.program().map(path::name).unwrap_or_default();
    writes_it || !system::creates_no_users(program)
}

/// Whether a command does what only a file or a variable tells: a script of the project, packages
/// from a list.
fn hides_something(command: &Command) -> bool {
    let Some(program) = command.words.first() else {
        return false;
    };
    let name = path::name(program.text.as_str());
    // From a list that only a file or a variable holds: packages of the system, or of an environment
    // that brings programs of its own.
    let is_manager = manager_of(name).is_some_and(Manager::brings_programs);
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
    let from_file = (shells::is_shell(name) || shells::is_python(name))
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
