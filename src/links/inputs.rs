//! Files that no process reads but Docker does: compose files, env files, Dockerfiles, ignore
//! files, manifests of a build.

use std::path::Path;

use super::arrival::{bound_in_build, effect_of_volume};
use super::{Chain, Effect, Holds, Link, variables};
use crate::compose::{MountKind, Value};
use crate::image::{Action, Image, Install};
use crate::project::filesystem;
use crate::project::{Project, Service};
use crate::text::Span;

/// The way of an edit of a file that Docker itself reads for a service; `None` where it is no such
/// file.
pub(super) fn chain(project: &Project<'_>, service: Service<'_>, host: &Path) -> Option<Chain> {
    let spec = service.spec();
    let compose = project.compose()?;
    let again = |text: &str, span: Option<Span>, effect: Effect| {
        let links = vec![Link {
            name: "arrives",
            holds: Holds::No,
            text: text.to_owned(),
            span,
        }];
        Some(Chain {
            host: Some(host.to_path_buf()),
            process: String::new(),
            links,
            effect,
        })
    };
    if compose.files.iter().any(|source| source.path() == host) {
        let mut text = "docker compose reads it when containers are made; what stands under `build` needs a new image as well".to_owned();
        let configs = spec
            .data
            .get("configs")
            .and_then(Value::as_list)
            .unwrap_or_default();
        let named = configs
            .iter()
            .filter_map(|config| config.get("source").and_then(Value::as_str));
        let is_inline = |name: &&str| {
            compose
                .configs
                .iter()
                .any(|config| config.name.value == **name && config.data.get("content").is_some())
        };
        if let Some(config) = named.into_iter().find(is_inline) {
            text += &format!(", and the text of the config `{config}` `--force-recreate`");
        }
        return again(&text, Some(spec.key()), Effect::Recreate);
    }
    if let Some((path, _)) = spec.env_files.iter().find(|(path, _)| path.value == host) {
        return again(
            "its variables are given to the container when that is made",
            path.span(),
            Effect::Recreate,
        );
    }
    if let Some(effect) = variables::effect(project, compose, service, host) {
        return again(
            "docker compose puts its variables into the compose files, and these into new containers",
            None,
            effect,
        );
    }
    if let Some(image) = service.image()
        && let Some(install) = installed_from(project, image, host)
    {
        let kept = install
            .writes
            .iter()
            .filter_map(|made| filesystem::covering(&spec.mounts, made))
            .map(|at| &spec.mounts[at]);
        let effect = kept
            .map(|mount| effect_of_volume(mount, Effect::Rebuild))
            .max()
            .unwrap_or(Effect::Rebuild);
        return again(
            &format!("`{}` reads it while the image is built", install.manager),
            Some(install.command),
            effect,
        );
    }
    let image = service.image()?;
    let dockerfile = &image.dockerfile.tree.source;
    if dockerfile.path() == host && dockerfile.embedded().is_none() {
        return again(
            "it says how the image is made: only a new image changes",
            Some(dockerfile.whole().before()),
            Effect::Rebuild,
        );
    }
    if host
        .file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with(".dockerignore"))
    {
        return again(
            "it says what the build may copy: only a new image changes",
            None,
            Effect::Rebuild,
        );
    }
    let is_mounted = spec.mounts.iter().any(|mount| {
        mount.kind == MountKind::Bind
            && mount
                .source
                .as_ref()
                .is_some_and(|source| host.starts_with(&source.value))
    });
    let bound = bound_in_build(image, host).filter(|_| !is_mounted)?;
    again(
        "the build reads it through a mount: only a new image changes",
        Some(bound),
        Effect::Rebuild,
    )
}

/// The install in the build that reads a file of the host: a manifest or a lock file.
fn installed_from<'i>(project: &Project<'_>, image: &'i Image, host: &Path) -> Option<&'i Install> {
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    steps.into_iter().find_map(|step| {
        let Action::Run(run) = &step.action else {
            return None;
        };
        run.installs.iter().find(|install| {
            let inputs = image.inputs(project.workspace(), step, install);
            !install.builds()
                && inputs.is_some_and(|inputs| {
                    inputs
                        .files
                        .iter()
                        .any(|input| !input.is_directory && input.host == host)
                })
        })
    })
}
