//! `docker compose watch` in the place of mounts: it copies what is edited into the container, or
//! builds the image again.

use std::path::Path;

use crate::compose::{MountKind, WatchAction};
use crate::image::path;
use crate::knowledge::Language;
use crate::project::Project;

use super::container::Container;
use super::{Bind, DevForm, Reasoned, Sync, Then, cite, is_built, manifests, reload};

/// What runtimes and package managers leave beside the sources, and what the container has of its
/// own: the host's is not to be copied over it.
const LEFT: [(Language, &[&str]); 6] = [
    (Language::Python, &["**/__pycache__/", "**/.venv/"]),
    (Language::JavaScript, &["**/node_modules/"]),
    (Language::Rust, &["**/target/"]),
    (Language::DotNet, &["**/bin/", "**/obj/"]),
    (Language::Php, &["vendor/"]),
    (Language::Elixir, &["_build/", "deps/"]),
];

/// More directories than these are watched by the one that holds them.
const MOST_TRIGGERS: usize = 5;

/// Turns the mounts of a form into triggers, as far as `docker compose watch` would heed them.
pub(super) fn instead_of_mounts(
    project: &Project<'_>,
    container: &Container<'_>,
    form: &mut DevForm,
) {
    let is_read_only = container
        .spec
        .data
        .get("read_only")
        .and_then(|value| value.scalar_text())
        .is_some_and(|text| text == "true");
    if form.binds.is_empty() {
        return;
    }
    if is_read_only {
        form.notes.push(
            "its file system is read-only: nothing can be copied into it, so the code is mounted"
                .to_owned(),
        );
        return;
    }
    // A trigger under a directory that is mounted anywhere in the container is not watched.
    let binds = container
        .spec
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind);
    let mounted: Vec<&Path> = binds
        .filter_map(|mount| Some(Path::new(&mount.source.as_ref()?.value)))
        .collect();
    let is_mounted = |bind: &Bind| {
        let host = crate::files::clean(&project.directory().join(&bind.host));
        mounted.iter().any(|source| host.starts_with(source))
    };
    if form.binds.iter().any(|bind| is_mounted(&bind.value)) {
        form.notes.push("some of its code is mounted already, which `docker compose watch` passes over, so all of it is".to_owned());
        return;
    }
    let is_configured = form
        .command
        .take_if(|_| form.build_target.is_none() && form.image.is_none())
        .is_some();
    let then = if reload::say_variables(project, container, form) || is_configured {
        Then::Restart
    } else {
        Then::Nothing
    };
    for bind in std::mem::take(&mut form.binds) {
        let ignore = ignored(container, &bind.value, form);
        let Bind { host, container } = bind.value;
        form.syncs.push(Reasoned::new(
            Sync {
                host,
                container,
                then: then.clone(),
                ignore,
            },
            bind.why,
        ));
    }
    form.protected.clear();
}

/// What is not copied: what the container makes or installs itself.
fn ignored(container: &Container<'_>, bind: &Bind, form: &DevForm) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    let mut add = |pattern: String| {
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    };
    for (language, left) in LEFT {
        if container
            .readers()
            .any(|process| process.language() == Some(language))
        {
            left.iter().for_each(|pattern| add((*pattern).to_owned()));
        }
    }
    for kept in &form.protected {
        match path::below(&kept.value, &bind.container) {
            Some(rest) if path::name(rest) == "node_modules" => add("**/node_modules/".to_owned()),
            Some(rest) if !rest.is_empty() => add(format!("{rest}/")),
            _ => {}
        }
    }
    patterns
}

/// What runs is made by a build: an edit of what it is made from asks for a new image.
pub(super) fn of_compiled(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    let Some(image) = container.image.filter(|_| is_built(container.spec)) else {
        return;
    };
    let brings = |action: WatchAction| action != WatchAction::Restart;
    let is_watched = container
        .spec
        .watch
        .iter()
        .any(|watch| brings(watch.action.value));
    let is_own = form.binds.is_empty()
        && form.syncs.is_empty()
        && form.build_target.is_none()
        && container.readers().next().is_none();
    if !is_own || is_watched || manifests::shares_tag(project, container, &form.service) {
        return;
    }
    let makes = image
        .artefacts()
        .iter()
        .find(|artefact| !artefact.is_dependencies && !artefact.inputs.is_empty());
    let Some(artefact) = makes else { return };
    let files = project.workspace().files();
    let mut hosts: Vec<&Path> = artefact
        .inputs
        .iter()
        .map(|input| input.host.as_path())
        .collect();
    hosts.retain(|host| {
        (files.is_directory(host) || files.is_file(host))
            && !image.context.is_ignored(host, files.is_directory(host))
    });
    let all = hosts.clone();
    hosts.retain(|host| {
        !all.iter()
            .any(|other| other != host && host.starts_with(other))
    });
    hosts.dedup();
    let context = container
        .spec
        .build
        .as_ref()
        .and_then(|build| build.context_directory.as_deref());
    if hosts.len() > MOST_TRIGGERS {
        hosts.retain(|host| files.is_directory(host));
    }
    if hosts.len() > MOST_TRIGGERS || hosts.iter().any(|host| Some(*host) == context) {
        // Where several services are built from one directory, each edit would build all of them.
        let uses_it = |other: &&crate::compose::Service| {
            let build = other.build.as_ref();
            context.is_some()
                && build.and_then(|build| build.context_directory.as_deref()) == context
        };
        let is_shared = project
            .services()
            .map(|service| service.spec())
            .filter(uses_it)
            .count()
            > 1;
        hosts = context.filter(|_| !is_shared).into_iter().collect();
    }
    for host in hosts {
        let written = project.written(host);
        if !form.rebuild_on.iter().any(|known| known.value == written) {
            form.rebuild_on.push(Reasoned::new(
                written,
                format!("compiled: {}", cite(project, artefact.copy)),
            ));
        }
    }
}
