//! What makes the processes of a container notice edits, the least risky way first.

use crate::project::Project;
use crate::project::image::{Ecosystem, Image};
use crate::project::knowledge::Family;
use crate::project::process::{Change, Process, Reload};

use super::container::{Container, reads_sources};
use super::{Command, DevForm, Reasoned, Variable, manifests};

/// Says what makes the processes notice edits.
pub(super) fn say(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    for process in container.processes.iter().filter(|process| needs_reload(process)) {
        match container.dev_form(project, process) {
            Some(found) => apply(container, found.change, found.reason, form),
            None => form.notes.extend(missing(&form.service, process)),
        }
    }
}

/// Says the variables that make processes notice edits. Whether one of them notices none even then.
pub(super) fn say_variables(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) -> bool {
    let mut is_one_left = false;
    for process in container.processes.iter().filter(|process| needs_reload(process)) {
        match container.dev_form(project, process) {
            Some(found) if matches!(found.change, Change::Environment { .. }) => apply(container, found.change, found.reason, form),
            _ => is_one_left = true,
        }
    }
    is_one_left
}

/// Whether a process keeps the code that it started with.
pub(super) fn needs_reload(process: &Process) -> bool {
    reads_sources(process) && matches!(process.reload, Reload::None | Reload::Broken { .. })
}

fn apply(container: &Container<'_>, change: Change, reason: String, form: &mut DevForm) {
    let words = match &change {
        Change::Environment { name, value } => {
            form.environment.retain(|known| known.value.name != *name);
            form.environment.push(Reasoned::new(Variable { name: name.clone(), value: Some(value.clone()) }, reason));
            return;
        }
        Change::Command(words) | Change::Entrypoint { words, .. } => words.clone(),
    };
    // One command line is one change: what a second process of the container wants would undo it.
    if form.command.is_some() || form.entrypoint.is_some() {
        return;
    }
    if let Some(image) = container.image
        && needs_development_packages(&words)
        && leaves_them_out(image)
    {
        let command = words.join(" ");
        form.notes.push(format!("`{}` could run `{command}`, but its image leaves out the development dependencies", form.service));
        return;
    }
    match change {
        Change::Entrypoint { words, drops_command } => {
            form.entrypoint = Some(Reasoned::new(words, reason));
            form.command = drops_command.then(|| Reasoned::new(Command::OfImage, "the entrypoint above holds it"));
        }
        _ => form.command = Some(Reasoned::new(Command::Words(words), reason)),
    }
}

/// Whether a command is one of packages that only developers install. Runtimes watch by themselves.
fn needs_development_packages(words: &[String]) -> bool {
    let is_node = |word: &String| ["npm", "yarn", "pnpm", "npx", "nodemon", "tsx"].contains(&word.as_str());
    words.first().is_some_and(is_node)
}

/// Whether an install of Node packages leaves out those for development.
fn leaves_them_out(image: &Image) -> bool {
    const FLAGS: [&str; 5] = ["--omit=dev", "--production", "--prod", "--only=production", "--only=prod"];
    let installs = manifests::installs(image);
    installs
        .iter()
        .any(|(_, install)| install.ecosystem == Ecosystem::Node && install.flags.iter().any(|flag| FLAGS.contains(&flag.as_str())))
}

fn missing(service: &str, process: &Process) -> Option<String> {
    let program = process.program?;
    let restart = format!("until then an edit needs `docker compose restart {service}`");
    match program.family {
        Family::Server | Family::Worker => {
            let tools: Vec<&str> = program.dev.iter().filter_map(tool).collect();
            Some(match tools.first() {
                Some(tool) => format!(
                    "`{}` keeps the code it started with; once a manifest lists `{tool}`, that can restart it; {restart}",
                    process.name()
                ),
                None => format!("`{}` keeps the code it started with, and nothing is known that restarts it; {restart}", process.name()),
            })
        }
        _ => None,
    }
}

fn tool(dev: &crate::project::knowledge::Dev) -> Option<&'static str> {
    use crate::project::knowledge::Dev;
    match dev {
        Dev::Wrap(words) | Dev::WrapQuoted(words) | Dev::Rename(words) => words.first().copied(),
        _ => None,
    }
}
