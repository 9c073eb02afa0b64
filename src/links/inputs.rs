//! Files that Docker reads for a service, whatever its process does: compose files, env files,
//! Dockerfiles, ignore files, manifests of a build.

use std::path::Path;

use super::action::Action;
use super::chain::{Cause, Chain, Link};
use super::ways::bound_in_build;
use super::{hidden, variables};
use crate::compose::{Compose, Value, Via};
use crate::image::{self, Ecosystem, Image, Install};
use crate::knowledge::Language;
use crate::project::at_start;
use crate::project::filesystem;
use crate::project::mounts::bind_source;
use crate::project::packages;
use crate::project::{Project, Service};
use crate::text::Span;

/// The way of an edit of a file that Docker itself reads for a service; `None` where it is no such
/// file.
pub(super) fn chain(project: &Project<'_>, service: Service<'_>, host: &Path) -> Option<Chain> {
    let compose = project.compose()?;
    let found = read_by_compose(project, compose, service, host)
        .or_else(|| read_by_build(project, service, host))?;
    let (arrives, action) = found;
    Some(Chain {
        host: Some(host.to_path_buf()),
        process: String::new(),
        container: None,
        arrives,
        visible: None,
        read: None,
        read_again: None,
        action,
        first: None,
        owners: Vec::new(),
        watching: None,
    })
}

fn read_by_compose(
    project: &Project<'_>,
    compose: &Compose,
    service: Service<'_>,
    host: &Path,
) -> Option<(Link, Action)> {
    let spec = service.spec();
    let given = |text: &str, span: Option<Span>, action: Action| {
        Some((Link::no(Cause::GivenAtCreation, text, span), action))
    };
    if compose.files.iter().any(|source| source.path() == host) {
        return Some(compose_file(compose, service));
    }
    if let Some((span, is_seen)) = variables::env_file(project, service, host) {
        return if is_seen {
            let text = "its variables are given to the container when that is created";
            given(text, span, Action::Up)
        } else {
            let text = "`environment` or a later env file sets each of its variables again";
            Some((Link::no(Cause::NotBrought, text, span), Action::None))
        };
    }
    if let Some(label) = spec.data.get("label_file").and_then(Value::as_list)
        && let Some(file) = label
            .iter()
            .find(|file| file.as_str().is_some_and(|file| host == Path::new(file)))
    {
        let text = "its labels are given to the container when that is created";
        return given(text, file.span(), Action::Up);
    }
    if let Some(action) = variables::action_of_interpolation(project, compose, service, host) {
        let text = "Docker Compose puts its variables into the compose files";
        return given(text, None, action);
    }
    None
}

/// What an edit of a compose file needs depends on what is edited there.
fn compose_file(compose: &Compose, service: Service<'_>) -> (Link, Action) {
    let spec = service.spec();
    let mut rest = Vec::new();
    if spec.build.is_some() {
        rest.push("what stands under `build` needs `up -d --build`");
    }
    let mut granted = service
        .mounts()
        .iter()
        .filter(|mount| matches!(mount.via, Via::Config | Via::Secret));
    let is_inline = granted.any(|mount| {
        let name = mount.source.as_ref().map(|source| source.value.as_str());
        let resources = compose.configs.iter().chain(&compose.secrets);
        let mut own = resources.filter(|resource| Some(resource.name.value.as_str()) == name);
        own.any(|resource| resource.data.get("file").is_none() && !resource.external)
    });
    if is_inline {
        rest.push("the text of an inline config `stop` and `start`");
    }
    let text = "most of it is given to the container when that is created: `up -d`";
    if rest.is_empty() {
        let link = Link::no(Cause::GivenAtCreation, text, Some(spec.key()));
        return (link, Action::Up);
    }
    let text = format!("it depends on what changed: {}; {text}", rest.join(", "));
    (Link::unknown(text, Some(spec.key())), Action::Unknown)
}

fn read_by_build(
    project: &Project<'_>,
    service: Service<'_>,
    host: &Path,
) -> Option<(Link, Action)> {
    let image = service.image()?;
    let read = |text: String, span: Option<Span>, action: Action| {
        Some((Link::no(Cause::ReadByBuild, text, span), action))
    };
    if let Some(span) = secret_of_build(project, service, host) {
        let text = "the build reads it as a secret, which is not part of the cache key".to_owned();
        return read(text, Some(span), Action::Refetch);
    }
    let mut binds = service.mounts().iter().filter_map(bind_source);
    let is_mounted = binds.any(|source| host.starts_with(source));
    // What each start installs again needs no more than a restart.
    let is_installed_at_start = is_mounted
        && at_start::installs_packages(service)
        && service
            .processes()
            .iter()
            .all(|process| process.unknown.is_none());
    if let Some(install) = installed_from(project, image, host)
        && !is_installed_at_start
    {
        let mut action = Action::Rebuild;
        let packages = packages::of(service);
        let own = packages.iter().filter(|packages| {
            let is_environment = install.ecosystem == Ecosystem::Python
                && packages.language == Some(Language::Python);
            packages.made == install.run || is_environment
        });
        let written = install.writes.iter().chain(own.map(|own| &own.container));
        for made in written {
            if let Some(over) = filesystem::covering(service.mounts(), made) {
                let over = &service.mounts()[over];
                action = action.max(hidden::renewal(over, Action::Rebuild));
            }
        }
        let text = format!("`{}` reads it while the image is built", install.manager);
        return read(text, Some(install.command), action);
    }
    let dockerfile = &image.dockerfile.tree.source;
    if dockerfile.path() == host && dockerfile.embedded().is_none() {
        let text = "it says how the image is built: only a new image changes".to_owned();
        return read(text, Some(dockerfile.whole().before()), Action::Rebuild);
    }
    let name = host.file_name()?.to_string_lossy();
    if name.ends_with(".dockerignore") {
        let text = "it says what the build may copy: only a new image changes".to_owned();
        return read(text, None, Action::Rebuild);
    }
    if is_mounted {
        return None;
    }
    let bound = bound_in_build(image, host)?;
    let text = "the build reads it through a mount: only a new image changes".to_owned();
    read(text, Some(bound), Action::Rebuild)
}

/// Where the build of a service is given a file as a secret.
fn secret_of_build(project: &Project<'_>, service: Service<'_>, host: &Path) -> Option<Span> {
    let compose = project.compose()?;
    let secrets = service.spec().data.get("build")?.get("secrets")?;
    for item in secrets.as_list()? {
        let name = item.as_str().or_else(|| item.get("source")?.as_str());
        let mut known = compose.secrets.iter();
        let secret = known.find(|secret| Some(secret.name.value.as_str()) == name);
        let file = secret.and_then(|secret| secret.data.get("file")?.as_str());
        if file.is_some_and(|file| host == Path::new(file)) {
            return item.span();
        }
    }
    None
}

/// The install in the build that reads a file of the host: a manifest or a lock file.
fn installed_from<'i>(project: &Project<'_>, image: &'i Image, host: &Path) -> Option<&'i Install> {
    for stage in image.needed() {
        for step in &image.stages[stage].steps {
            let image::Action::Run(run) = &step.action else {
                continue;
            };
            for install in &run.installs {
                let inputs = image.inputs(project.workspace(), step, install);
                let mut files = inputs.iter().flat_map(|inputs| &inputs.files);
                let is_input = files.any(|input| !input.is_directory && input.host == host);
                if is_input && !install.builds() {
                    return Some(install);
                }
            }
        }
    }
    None
}
