//! What is installed or made again when a container starts.

use crate::image::path;
use crate::knowledge::{makers, manager};
use crate::project::Service;
use crate::repository::recipes::Argument;
use crate::syntax::shell::Command;

/// Whether packages are installed again when the container starts, or by a recipe that runs a
/// package manager in it.
pub fn installs_packages_later(service: Service<'_>) -> bool {
    let calls = service
        .project()
        .recipes()
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| call.is("run") || call.is("exec"));
    let is_here = |called: &[Argument]| {
        called
            .first()
            .is_none_or(|called| called.text == service.name())
    };
    let by_hand = calls.filter(|call| is_here(&call.services)).any(|call| {
        let words: Vec<&str> = call
            .command
            .iter()
            .flat_map(|word| word.text.split_whitespace())
            .collect();
        manager::brings_packages(&words)
    });
    by_hand || installs_packages(service)
}

/// Whether packages are installed again each time the container starts, by what runs before one
/// of its processes or by the process itself. What nobody can follow may do so as well.
pub fn installs_packages(service: Service<'_>) -> bool {
    service.processes().iter().any(|process| {
        let installs = |command: &Command| manager::brings_packages(&command.argv());
        process.unknown.is_some()
            || process.is_started_by_an_install()
            || manager::brings_packages(&process.words())
            || process.side_effects.iter().any(installs)
    })
}

/// Whether something that runs when the container starts copies, builds or collects files, so
/// that what lies at a path may be made again then.
pub fn makes_files(service: Service<'_>) -> bool {
    let makes = |command: &Command| {
        let words = command.argv();
        let names = |part: &str| words.iter().any(|word| word.contains(part));
        words
            .first()
            .is_some_and(|program| makers::makes_files(path::name(program)))
            || names("collectstatic")
            || names("build")
            || names("compile")
    };
    service
        .processes()
        .iter()
        .any(|process| process.unknown.is_some() || process.side_effects.iter().any(makes))
}

#[cfg(test)]
mod tests;
