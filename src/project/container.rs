//! A service's container: what of the code is baked into it or mounted, and what runs there.

use std::path::{Path, PathBuf};

use crate::compose::{self, Mount, MountKind};
use crate::image::{Form, Image, Setting};
use crate::process;
use crate::process::{Argv, Input, PathContent, Reload, Variable};
use crate::project::filesystem;
use crate::project::user_annotations::Statement;
use crate::text::Span;
use crate::workspace::{ReadError, Workspace};

use super::Facts;

/// All that decides what a container runs.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    /// The files that were read.
    pub(crate) workspace: &'a Workspace<'a>,
    /// The compose model of the service.
    pub(crate) service: &'a compose::Service,
    /// The image, when the project builds it.
    pub(crate) image: Option<&'a Image>,
    /// All that lies over the image.
    pub(crate) mounts: &'a [Mount],
}

/// Works out what is known of a service's container, and believes what the user states of it.
pub(crate) fn facts(setup: Setup<'_>, stated: &Statement) -> Facts {
    let mut parts = setup
        .image
        .map(|image| filesystem::parts(image, setup.service, setup.mounts, setup.workspace.files()))
        .unwrap_or_default();
    let mut processes = with_input(setup, process::resolve);
    if let Some(sources) = &stated.sources {
        let is_source = |host: &Path| {
            sources
                .value
                .iter()
                .any(|source| host.starts_with(source) || source.starts_with(host))
        };
        parts.retain(|part| is_source(&part.baked.host));
    }
    if let Some(reloads) = &stated.reloads {
        for process in processes
            .iter_mut()
            .filter(|process| process.reload != Reload::NotAServer)
        {
            process.reload = match reloads.value {
                true => Reload::Yes {
                    how: "stated".to_owned(),
                    at: reloads.span.unwrap_or(process.written_at),
                },
                false => Reload::None,
            };
        }
    }
    Facts {
        image: None,
        mounts: setup.mounts.to_vec(),
        parts,
        processes,
        stated: stated.clone(),
    }
}

/// Asks something about all that decides what a container runs.
pub(crate) fn with_input<T>(setup: Setup<'_>, ask: impl FnOnce(&Input<'_>) -> T) -> T {
    let Setup {
        workspace,
        service,
        image,
        mounts,
    } = setup;
    let lookup = |path: &str| look_up(setup, path);
    ask(&Input {
        entrypoint: service.entrypoint.as_ref().and_then(words),
        command: service.command.as_ref().and_then(words),
        image: image.map(configuration).unwrap_or_else(|| foreign(service)),
        working_dir: service
            .working_dir
            .as_ref()
            .filter(|path| !path.origin.is_unknown())
            .map(|path| path.value.clone()),
        environment: service.environment.iter().map(variable).collect(),
        lookup: &lookup,
        shown: &|path| {
            filesystem::covering(mounts, path).is_some_and(|at| mounts[at].kind == MountKind::Bind)
        },
        host: &|directory| host_of(setup, directory),
        workspace,
    })
}

fn words(command: &compose::Value<compose::CommandLine>) -> Option<Argv> {
    Some(Argv::Exec(command.words.clone(), command.span()?))
}

fn variable(entry: &compose::KeyValue) -> Variable {
    let value = entry
        .value
        .as_ref()
        .filter(|value| !value.origin.is_unknown());
    Variable {
        name: entry.key.value.clone(),
        value: value.map(|value| value.value.clone()),
        span: entry.key.span(),
    }
}

/// What the selected stage says about the container.
fn configuration(image: &Image) -> process::Image {
    let Some(config) = image.config() else {
        return process::Image::default();
    };
    let stage = image.target.unwrap_or_default();
    process::Image {
        entrypoint: argv(&config.entrypoint),
        cmd: argv(&config.cmd),
        shell: config
            .shell
            .as_ref()
            .map(|shell| shell.value.clone())
            .unwrap_or_default(),
        workdir: config.workdir.clone(),
        environment: config
            .env
            .iter()
            .map(|variable| Variable {
                name: variable.name.clone(),
                value: variable.value.clone(),
                span: Some(variable.span),
            })
            .collect(),
        base: image.base_image(stage).map(str::to_owned),
        base_span: image.stages.get(stage).map(|stage| stage.span),
    }
}

fn argv(setting: &Setting) -> Option<Argv> {
    let invocation = setting.invocation()?;
    Some(match &invocation.form {
        Form::Exec(words) => Argv::Exec(words.iter().map(shell_word).collect(), invocation.span),
        Form::Shell(text, _) => Argv::Shell(text.clone()),
    })
}

/// A word of the JSON form is what the program gets.
fn shell_word(word: &crate::syntax::dockerfile::Word) -> crate::syntax::shell::Word {
    crate::syntax::shell::Word {
        text: word.text.clone(),
        span: word.span,
        quoted: true,
        literal: true,
    }
}

/// An image that the project does not build.
fn foreign(service: &compose::Service) -> process::Image {
    let image = service
        .image
        .as_ref()
        .filter(|image| !image.origin.is_unknown());
    let span: Option<Span> = image.and_then(|image| image.span());
    process::Image {
        base: image.map(|image| image.value.clone()),
        base_span: span,
        ..process::Image::default()
    }
}

/// The directory on the host behind one of the container: through a mount, or else the copy's
/// original.
fn host_of(setup: Setup<'_>, container: &str) -> Option<PathBuf> {
    if filesystem::covering(setup.mounts, container).is_some() {
        return filesystem::seen(setup.mounts, container).map(|seen| seen.host);
    }
    setup
        .image?
        .baked()
        .iter()
        .rev()
        .filter(|baked| baked.is_directory)
        .find_map(|baked| {
            let rest = crate::image::path::below(container, &baked.container)?;
            Some(crate::files::clean(&baked.host.join(rest)))
        })
}

/// The project's file behind a path of the container: through a mount, or else the copy's original.
fn look_up(setup: Setup<'_>, container: &str) -> PathContent {
    let Setup {
        workspace,
        image,
        mounts,
        ..
    } = setup;
    let read = |host: &Path| match workspace.read(host) {
        Ok(source) => PathContent::File(source),
        // A binary on the host is not text, but it is there.
        Err(ReadError::NotUtf8(_) | ReadError::TooLarge) => PathContent::Made,
        Err(_) => PathContent::Nothing,
    };
    if let Some(seen) = filesystem::seen(mounts, container) {
        return read(&seen.host);
    }
    if filesystem::covering(mounts, container).is_some() {
        return PathContent::Made;
    }
    let Some(image) = image else {
        return PathContent::Nothing;
    };
    // A later copy lies over an earlier one.
    for baked in image.baked().iter().rev() {
        let Some(rest) = crate::image::path::below(container, &baked.container) else {
            continue;
        };
        let host = crate::files::clean(&baked.host.join(rest));
        if (rest.is_empty() || baked.is_directory)
            && !image.context.is_ignored(&host, false)
            && workspace.files().is_file(&host)
        {
            return read(&host);
        }
    }
    let made = |artefact: &crate::image::Artefact| {
        artefact
            .container
            .as_deref()
            .is_some_and(|made| crate::image::path::below(container, made).is_some())
    };
    match image.artefacts().iter().any(made) {
        true => PathContent::Made,
        false => PathContent::Nothing,
    }
}
