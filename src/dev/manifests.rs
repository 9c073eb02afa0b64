//! The manifests that an image installs from: when one changes, only a new image helps.

use std::path::PathBuf;

use crate::compose::WatchAction;
use crate::image::{Action, CopyFrom, Ecosystem, Image, Install, SourceKind, path};
use crate::project::{Project, Service};

use super::container::Container;
use super::{DevForm, Reasoned, cite, is_built};

/// A manifest on the host, and what reads it.
pub struct HostManifest<'i> {
    /// Its path, absolute.
    pub host: PathBuf,
    /// The install that reads it.
    pub install: &'i Install,
}

/// The manifests on the host that the image of a service installs from, each once.
pub fn manifests<'p>(project: &Project<'_>, service: Service<'p>) -> Vec<HostManifest<'p>> {
    of(project, &Container::of_service(service))
}

/// Triggers for `docker compose watch`: a new image when a manifest changes.
pub(super) fn say(project: &Project<'_>, container: &Container<'_>, form: &mut DevForm) {
    let manifests = of(project, container);
    // A rebuild keeps anonymous volumes, and with them the old packages.
    let is_kept = |manifest: &HostManifest<'_>| {
        let install = manifest.install;
        let is_of = |kept: &str| {
            // Each package of a workspace has its own.
            let is_member =
                install.ecosystem == Ecosystem::Node && path::name(kept) == "node_modules";
            is_member
                || install
                    .writes
                    .iter()
                    .any(|write| path::below(write, kept).is_some())
        };
        form.protected.iter().any(|kept| is_of(&kept.value))
    };
    if let Some(first) = manifests.first().filter(|_| manifests.iter().any(is_kept)) {
        let name = first
            .host
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let service = &form.service;
        let note = "-V renews the volumes that hold the packages";
        form.notes.push(format!(
            "after a change of {name} run `docker compose up -d --build -V {service}`: {note}"
        ));
        return;
    }
    if !is_built(container.spec) || shares_tag(project, container, &form.service) {
        return;
    }
    if let Some(dockerfile) = dockerfile(project, container).filter(|_| !form.syncs.is_empty()) {
        form.rebuild_on.push(Reasoned::new(
            dockerfile,
            "another Dockerfile is another image",
        ));
    }
    for manifest in manifests {
        let watched = container.spec.watch.iter().any(|watch| {
            watch.action.value == WatchAction::Rebuild
                && manifest.host.starts_with(&watch.path.value)
        });
        let written = project.written(&manifest.host);
        if !watched && !form.rebuild_on.iter().any(|known| known.value == written) {
            form.rebuild_on
                .push(Reasoned::new(written, cite(project, manifest.install.run)));
        }
    }
}

/// The Dockerfile as a trigger; `docker compose watch` sees nothing that the ignore file names.
fn dockerfile(project: &Project<'_>, container: &Container<'_>) -> Option<String> {
    let path = container.spec.build.as_ref()?.dockerfile_path()?;
    let is_seen = !container.image?.context.is_ignored(&path, false)
        && project.workspace().files().is_file(&path);
    let is_new = !container.spec.watch.iter().any(|watch| {
        watch.action.value == WatchAction::Rebuild && path.starts_with(&watch.path.value)
    });
    (is_seen && is_new).then(|| project.written(&path))
}

/// Whether others run the same tag: a rebuild by `docker compose watch` would stop them.
pub(super) fn shares_tag(project: &Project<'_>, container: &Container<'_>, service: &str) -> bool {
    let tag = container.spec.image.as_ref().map(|tag| &tag.value);
    tag.is_some()
        && project.services().any(|other| {
            other.name() != service && other.spec().image.as_ref().map(|tag| &tag.value) == tag
        })
}

/// The manifests on the host that the installs of a container's image read, each once.
pub(super) fn of<'p>(project: &Project<'_>, container: &Container<'p>) -> Vec<HostManifest<'p>> {
    let Some(image) = container.image else {
        return Vec::new();
    };
    let mut found: Vec<HostManifest<'p>> = Vec::new();
    for (stage, install) in installs(image) {
        let Some(directory) = install.directory.as_deref() else {
            continue;
        };
        for name in install
            .manifests
            .iter()
            .flat_map(|manifest| manifest.path.split('|'))
            .filter(|name| !path::is_glob(name))
        {
            let host = original(project, image, stage, &path::join(directory, name));
            if let Some(host) = host.filter(|host| !found.iter().any(|known| known.host == *host)) {
                found.push(HostManifest { host, install });
            }
        }
    }
    found
}

/// The installs of a build that fetch packages of a language, each with the stage it runs in.
pub(super) fn installs(image: &Image) -> Vec<(usize, &Install)> {
    let mut found: Vec<(usize, &Install)> = Vec::new();
    for stage in image.needed() {
        for step in &image.stages[stage].steps {
            if let Action::Run(run) = &step.action {
                let installs = run
                    .installs
                    .iter()
                    .filter(|install| !install.is_system() && !install.builds());
                found.extend(installs.map(|install| (stage, install)));
            }
        }
    }
    found
}

/// The file of the host that lies at a path of a stage.
fn original(
    project: &Project<'_>,
    image: &Image,
    stage: usize,
    container: &str,
) -> Option<PathBuf> {
    let files = project.workspace().files();
    let name = path::name(container);
    for step in image.history_of(stage).into_iter().rev() {
        let Action::Copy(copied) = &step.action else {
            continue;
        };
        let Some(destination) = copied
            .destination
            .as_deref()
            .filter(|_| copied.from == CopyFrom::Context)
        else {
            continue;
        };
        for source in &copied.sources {
            let in_context = match &source.kind {
                SourceKind::Everything | SourceKind::Directory => {
                    path::below(container, destination)
                        .map(|rest| format!("{}/{rest}", source.path))
                }
                SourceKind::File
                    if path::name(&source.path) == name || destination == container =>
                {
                    Some(source.path.clone())
                }
                SourceKind::Glob(paths) => {
                    paths.iter().find(|path| path::name(path) == name).cloned()
                }
                _ => None,
            };
            let lies_there = |path: &String| {
                let is_file =
                    !matches!(source.kind, SourceKind::Everything | SourceKind::Directory);
                let in_directory = path::join(destination, path::name(path)) == container
                    || destination == container;
                !is_file || in_directory
            };
            let host = in_context
                .filter(lies_there)
                .map(|path| image.context.host(path.trim_start_matches('/')));
            if let Some(host) =
                host.filter(|host| files.is_file(host) && !image.context.is_ignored(host, false))
            {
                return Some(host);
            }
        }
    }
    None
}

/// The manifests that its image installs from, none of which a rebuild trigger looks at. Only
/// where `docker compose watch` is used for it, and it is built here.
pub fn unwatched_manifests<'p>(service: Service<'p>) -> Vec<HostManifest<'p>> {
    if service.spec().watch.is_empty() || service.spec().build.is_none() {
        return Vec::new();
    }
    let rebuilds = |host: &PathBuf| {
        let triggers = service
            .spec()
            .watch
            .iter()
            .filter(|watch| watch.action.value == WatchAction::Rebuild);
        triggers
            .into_iter()
            .any(|watch| watch.path.origin.is_unknown() || host.starts_with(&watch.path.value))
    };
    // Who changes dependencies changes the lock file, so that one is enough.
    let is_lock = |manifest: &HostManifest<'_>| {
        let name = manifest
            .host
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        name.contains("lock") || matches!(name, "go.sum" | "npm-shrinkwrap.json")
    };
    let all = manifests(service.project(), service);
    let (watched, mut found): (Vec<HostManifest<'p>>, Vec<HostManifest<'p>>) = all
        .into_iter()
        .partition(|manifest| rebuilds(&manifest.host));
    found.retain(|manifest| {
        !watched
            .iter()
            .any(|other| is_lock(other) && other.install.command == manifest.install.command)
    });
    found
}
