//! What makes the processes of a container notice edits, the least risky way first.

use std::path::Path;

use crate::compose::MountKind;
use crate::image::{Ecosystem, Image, path};
use crate::knowledge::makers;
use crate::knowledge::{Family, Language, UVICORN_DIRECTORIES};
use crate::links::bringing;
use crate::links::staying;
use crate::process::{self, Process, Reload, ServiceChange};
use crate::project::Project;
use crate::project::filesystem::Arrival;
use crate::repository::sources::Census;

use super::container::{Container, reads_sources};
use super::{Command, DevForm, Reasoned, Restart, Variable, manifests};

/// Says what makes the processes notice edits.
pub(super) fn say(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    for process in container
        .processes
        .iter()
        .filter(|process| needs_reload(process))
    {
        let ways = container.dev_forms(project, process);
        let is_short = container.image.is_some_and(leaves_them_out);
        match ways
            .iter()
            .find(|way| !(is_short && needs_development_packages(&way.change)))
        {
            Some(way) => apply(way.change.clone(), way.reason.clone(), form),
            None => {
                let does_it = restart(project, container, process, form);
                form.notes
                    .extend(missing(&form.service, process, ways.first(), does_it));
            }
        }
    }
}

/// Lets a reloader look at directories that are mounted outside of the one that the process starts
/// in.
pub(super) fn widen(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    let files = project.workspace().files();
    for process in container.readers() {
        let Some(language) = process.language() else {
            continue;
        };
        let is_apart = |there: &str| {
            path::below(there, &process.cwd).is_none() && path::below(&process.cwd, there).is_none()
        };
        let has_code = |host: &Path| Census::of(files, host, &|_, _| false).number_of(language) > 0;
        let mut others: Vec<String> = Vec::new();
        let binds = form
            .binds
            .iter()
            .map(|bind| (&bind.value.host, &bind.value.container));
        for (host, there) in binds.chain(
            form.syncs
                .iter()
                .map(|sync| (&sync.value.host, &sync.value.container)),
        ) {
            if is_apart(there) && has_code(&crate::files::clean(&project.directory().join(host))) {
                others.push(there.clone());
            }
        }
        for mount in container
            .spec
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Bind && is_apart(&mount.target.value))
        {
            let host = mount
                .source
                .as_ref()
                .map(|source| Path::new(source.value.as_str()))
                .filter(|host| project.owns(host));
            if host.is_some_and(has_code) {
                others.push(mount.target.value.trim_end_matches('/').to_owned());
            }
        }
        if others.is_empty() {
            continue;
        }
        let is_uvicorn = process
            .program
            .is_some_and(|program| program.name == "uvicorn");
        let is_switched_on = form
            .environment
            .iter()
            .any(|variable| variable.value.name == "UVICORN_RELOAD");
        let says_where = process
            .words()
            .iter()
            .any(|word| word.starts_with("--reload-dir"))
            || container.has_variable(UVICORN_DIRECTORIES);
        if is_uvicorn
            && !says_where
            && form.command.is_none()
            && (is_switched_on || matches!(process.reload, Reload::Yes { .. }))
        {
            let directories = std::iter::once(process.cwd.as_str())
                .chain(others.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(":");
            let variable = Variable {
                name: UVICORN_DIRECTORIES.to_owned(),
                value: Some(directories),
            };
            form.environment.push(Reasoned::new(
                variable,
                "without it only the working directory is looked at",
            ));
        }
        if let Some(Reasoned {
            value: Command::Words(words),
            ..
        }) = &mut form.command
        {
            if words.first().is_some_and(|word| word == "watchfiles") {
                words.push(process.cwd.clone());
                words.append(&mut others);
            } else if let Some(at) = words.iter().position(|word| word == "--watch-path=.") {
                words.splice(
                    at + 1..at + 1,
                    others
                        .into_iter()
                        .map(|other| format!("--watch-path={other}")),
                );
            }
        }
        return;
    }
}

/// Endings of the names of source files, as patterns of a trigger: what a process writes beside its
/// code is not to start it anew.
const SOURCES: [(Language, &[&str]); 5] = [
    (Language::Python, &["**/*.py"]),
    (
        Language::JavaScript,
        &["**/*.js", "**/*.cjs", "**/*.mjs", "**/*.ts"],
    ),
    (Language::Go, &["**/*.go"]),
    (Language::Ruby, &["**/*.rb"]),
    (Language::Elixir, &["**/*.ex", "**/*.exs"]),
];

/// Lets `docker compose watch` start a process anew that nothing else restarts. Whether it does.
fn restart(
    project: &Project<'_>,
    container: &Container<'_>,
    process: &Process,
    form: &mut DevForm,
) -> bool {
    let Some((_, patterns)) = SOURCES
        .iter()
        .find(|(language, _)| Some(*language) == process.language())
    else {
        return false;
    };
    if !project
        .service(&form.service)
        .is_some_and(|service| staying::stays(service, process))
    {
        return false;
    }
    let mut hosts: Vec<String> = form
        .binds
        .iter()
        .map(|bind| bind.value.host.clone())
        .collect();
    if hosts.is_empty() {
        let mounted = container
            .parts
            .iter()
            .filter(|part| matches!(part.arrival, Arrival::Mounted(_)) && part.baked.is_directory);
        let read = mounted.filter(|part| {
            part.census.number() > 0 && path::below(&process.cwd, &part.baked.container).is_some()
        });
        hosts.extend(read.map(|part| project.written(&part.baked.host)));
        if hosts.is_empty() {
            let mounts = project
                .service(&form.service)
                .map(|service| bringing::mounts_of_code(service, process))
                .unwrap_or_default();
            hosts.extend(mounts.into_iter().map(|(_, host)| project.written(&host)));
        }
    }
    let files = project.workspace().files();
    for host in hosts {
        let on_host = crate::files::clean(&project.directory().join(&host));
        let is_watched = container
            .spec
            .watch
            .iter()
            .any(|watch| on_host.starts_with(&watch.path.value));
        if files.is_directory(&on_host)
            && !is_watched
            && !form.restart_on.iter().any(|known| known.value.host == host)
        {
            let why = format!(
                "`{}` keeps the code it started with; `docker compose watch` starts it anew",
                process.name()
            );
            form.restart_on.push(Reasoned::new(
                Restart {
                    host,
                    include: patterns
                        .iter()
                        .map(|pattern| (*pattern).to_owned())
                        .collect(),
                },
                why,
            ));
        }
    }
    !form.restart_on.is_empty()
}

/// Says the variables that make processes notice edits. Whether one of them notices none even then.
pub(super) fn say_variables(
    project: &Project<'_>,
    container: &Container<'_>,
    form: &mut DevForm,
) -> bool {
    let mut is_one_left = false;
    for process in container
        .processes
        .iter()
        .filter(|process| needs_reload(process))
    {
        match container.dev_form(project, process) {
            Some(found) if matches!(found.change, ServiceChange::Environment { .. }) => {
                apply(found.change, found.reason, form)
            }
            _ => is_one_left = true,
        }
    }
    is_one_left
}

/// Whether a process keeps the code that it started with.
pub(super) fn needs_reload(process: &Process) -> bool {
    reads_sources(process) && matches!(process.reload, Reload::None | Reload::Broken { .. })
}

fn apply(change: ServiceChange, reason: String, form: &mut DevForm) {
    match &change {
        ServiceChange::Environment { name, value } => {
            form.environment.retain(|known| known.value.name != *name);
            form.environment.push(Reasoned::new(
                Variable {
                    name: name.clone(),
                    value: Some(value.clone()),
                },
                reason,
            ));
            return;
        }
        ServiceChange::Command(_) | ServiceChange::Entrypoint { .. } => {}
    }
    // One command line is one change: what a second process of the container wants would undo it.
    if form.command.is_some() || form.entrypoint.is_some() {
        return;
    }
    match change {
        ServiceChange::Entrypoint {
            words,
            drops_command,
        } => {
            form.entrypoint = Some(Reasoned::new(words, reason));
            form.command = drops_command
                .then(|| Reasoned::new(Command::OfImage, "the entrypoint above holds it"));
        }
        ServiceChange::Command(words) => {
            form.command = Some(Reasoned::new(Command::Words(words), reason))
        }
        ServiceChange::Environment { .. } => {}
    }
}

/// Whether a command is one of packages that only developers install. Runtimes watch by themselves.
fn needs_development_packages(change: &ServiceChange) -> bool {
    let (ServiceChange::Command(words) | ServiceChange::Entrypoint { words, .. }) = change else {
        return false;
    };
    words
        .first()
        .is_some_and(|program| makers::needs_packages(program))
}

/// Whether an install of Node packages leaves out those for development.
fn leaves_them_out(image: &Image) -> bool {
    const FLAGS: [&str; 5] = [
        "--omit=dev",
        "--production",
        "--prod",
        "--only=production",
        "--only=prod",
    ];
    let installs = manifests::installs(image);
    installs.iter().any(|(_, install)| {
        install.ecosystem == Ecosystem::Node
            && install
                .flags
                .iter()
                .any(|flag| FLAGS.contains(&flag.as_str()))
    })
}

/// What could restart a process and is not there. `way` is one that the image has no packages for.
fn missing(
    service: &str,
    process: &Process,
    way: Option<&process::ReloadChange>,
    is_restarted: bool,
) -> Option<String> {
    let program = process.program?;
    let restart = match is_restarted {
        true => format!(
            "until then an edit needs `docker compose restart {service}`, which `docker compose watch` does"
        ),
        false => format!("until then an edit needs `docker compose restart {service}`"),
    };
    if let Some(ServiceChange::Command(words) | ServiceChange::Entrypoint { words, .. }) =
        way.map(|way| &way.change)
    {
        return Some(format!(
            "it could run `{}`, but its image leaves out the development dependencies; {restart}",
            words.join(" ")
        ));
    }
    let stays = matches!(program.family, Family::Server | Family::Worker) || is_restarted;
    let tools: Vec<&str> = program.dev.iter().filter_map(tool).collect();
    stays.then(|| match tools.first() {
        Some(tool) => {
            format!("`{}` keeps the code it started with; once a manifest lists `{tool}`, that can restart it; {restart}", process.name())
        }
        None => format!("`{}` keeps the code it started with, and nothing is known that restarts it; {restart}", process.name()),
    })
}

fn tool(dev: &crate::knowledge::Dev) -> Option<&'static str> {
    use crate::knowledge::Dev;
    match dev {
        Dev::Wrap(words) | Dev::WrapQuoted(words) | Dev::Rename(words) => words.first().copied(),
        _ => None,
    }
}
