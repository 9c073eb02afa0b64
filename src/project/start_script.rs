//! The scripts that a container is started with, where they are files of the project, or should be.

use std::path::{Path, PathBuf};

use crate::compose::{CommandLine, MountKind};
use crate::image::{Action, Baked, Config, Form, Image, Setting, path};
use crate::knowledge;
use crate::knowledge::{Entry, images};
use crate::project::{Service, filesystem};
use crate::syntax::shell;
use crate::text::{Source, Span};

/// A script that the kernel runs by itself, for nothing is named in front of it.
#[derive(Clone, Debug)]
pub struct StartScript {
    /// Where it is named.
    pub written: Span,
    /// In the container.
    pub container: String,
    /// On the host.
    pub host: PathBuf,
    /// Its text.
    pub source: Source,
    /// The mount it is seen through, if it is not the image's copy.
    pub mount: Option<Span>,
    /// The COPY that brought it, if it is the image's copy.
    pub copy: Option<Baked>,
}

/// A program of the project that a container is to be started with, and that is nowhere.
#[derive(Clone, Debug)]
pub struct AbsentScript {
    /// Where it is named.
    pub written: Span,
    /// In the container.
    pub container: String,
    /// The mount that it would be seen through.
    pub mount: Option<Span>,
    /// Where it would lie on the host, behind that mount.
    pub host: Option<PathBuf>,
}

/// A word that a container is started with, and the path that it means.
struct Started {
    written: Span,
    /// In the container; several for a name that is looked for in `PATH`.
    paths: Vec<String>,
}

/// Where a name without a `/` is looked for.
const PATH: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// The scripts that the container is started with: the first, and the one that it hands over to
/// where it is a program such as `tini`.
pub fn of(service: Service<'_>) -> Vec<StartScript> {
    started(service)
        .into_iter()
        .filter_map(|started| script(service, &started))
        .collect()
}

fn script(service: Service<'_>, started: &Started) -> Option<StartScript> {
    let workspace = service.project().workspace();
    let mounts = service.mounts();
    let (container, (host, mount, copy)) = started.paths.iter().find_map(|container| {
        let found = match filesystem::covering(mounts, container) {
            Some(at) if mounts[at].kind == MountKind::Bind => (
                filesystem::seen(mounts, container)?.host,
                mounts[at].origin.span,
                None,
            ),
            Some(_) => return None,
            None => {
                let image = service.image()?;
                let (host, baked) = image.baked().iter().rev().find_map(|baked| {
                    let rest = path::below(container, &baked.container)?;
                    let host = crate::files::clean(&baked.host.join(rest));
                    let is_there = (rest.is_empty() || baked.is_directory)
                        && !image.context.is_ignored(&host, false);
                    (is_there && workspace.files().is_file(&host)).then_some((host, baked))
                })?;
                (host, None, Some(baked.clone()))
            }
        };
        Some((container.clone(), found))
    })?;
    let source = workspace
        .read(&host)
        .ok()
        .filter(|source| source.text().starts_with("#!"))?;
    Some(StartScript {
        written: started.written,
        container,
        host,
        source,
        mount,
        copy,
    })
}

/// The scripts that the container is to be started with and that certainly are nowhere, by
/// their names scripts of the project.
pub fn absent(service: Service<'_>) -> Vec<AbsentScript> {
    started(service)
        .into_iter()
        .filter_map(|started| absent_script(service, &started))
        .collect()
}

fn absent_script(service: Service<'_>, started: &Started) -> Option<AbsentScript> {
    let [container] = started.paths.as_slice() else {
        return None;
    };
    let (spec, image) = (service.spec(), service.image()?);
    let is_script =
        path::name(container).ends_with(".sh") || path::name(container).contains("entrypoint");
    let is_given = |section: &str| spec.data.get(section).is_some();
    if !is_script || !spec.volumes_from.is_empty() || is_given("configs") || is_given("secrets") {
        return None;
    }
    let absent = |mount, host| {
        Some(AbsentScript {
            written: started.written,
            container: container.clone(),
            mount,
            host,
        })
    };
    let mounts = service.mounts();
    let Some(at) = filesystem::covering(mounts, container) else {
        return service
            .project()
            .stage_lacks(image, image.target?, container)
            .then(|| absent(None, None))?;
    };
    let mount = &mounts[at];
    let is_known = mount.kind == MountKind::Bind
        && mount
            .source
            .as_ref()
            .is_some_and(|source| !source.origin.is_unknown());
    let host = filesystem::seen(mounts, container)
        .filter(|_| is_known)?
        .host;
    let (files, elsewhere) = (
        service.project().workspace().files(),
        service.project().elsewhere(),
    );
    let shows_project = service.project().owns(&host)
        && mount
            .source
            .as_ref()
            .is_some_and(|source| files.is_directory(Path::new(&source.value)));
    let is_absent = shows_project
        && !files.exists(&host)
        && files.link(&host).is_none()
        && !elsewhere.is_produced(&host);
    is_absent.then(|| absent(mount.origin.span, Some(host)))?
}

/// What the container is started with.
fn started(service: Service<'_>) -> Vec<Started> {
    let config = service.image().and_then(Image::config);
    let Some(words) = start_words(service, config) else {
        return Vec::new();
    };
    let texts: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    let own = service.spec().working_dir.as_ref();
    let directory = match own {
        Some(directory) if directory.origin.is_unknown() => None,
        Some(directory) => Some(directory.value.as_str()),
        None => config.and_then(|config| config.workdir.as_deref()),
    };
    let mut at = 0;
    let mut found = Vec::new();
    while let Some((word, written)) = words.get(at) {
        let paths = match word {
            word if word.contains(['$', '*']) => Vec::new(),
            word if word.starts_with('/') => vec![path::join("/", word)],
            word if word.contains('/') => directory
                .map(|directory| path::join(directory, word))
                .into_iter()
                .collect(),
            word => PATH
                .iter()
                .map(|directory| path::join(directory, word))
                .collect(),
        };
        found.push(Started {
            written: *written,
            paths,
        });
        match knowledge::wrapper(&texts[at..]) {
            Some((_, length)) => at += length,
            None => break,
        }
    }
    found
}

/// The words that the container is started with, those of the command behind those of the
/// entrypoint.
fn start_words(service: Service<'_>, config: Option<&Config>) -> Option<Vec<(String, Span)>> {
    let spec = service.spec();
    let of_service = |line: &CommandLine| {
        line.words
            .iter()
            .map(|word| (word.text.as_str().to_owned(), word.span))
            .collect::<Vec<_>>()
    };
    let command = || match &spec.command {
        Some(command) => Some(of_service(command)),
        None => words_of(&config?.cmd.invocation()?.form),
    };
    if let Some(entrypoint) = spec
        .entrypoint
        .as_ref()
        .filter(|entrypoint| !entrypoint.words.is_empty())
    {
        // It drops the image's CMD.
        let behind = spec
            .command
            .as_ref()
            .map(|command| of_service(command))
            .unwrap_or_default();
        return Some(of_service(entrypoint).into_iter().chain(behind).collect());
    }
    let is_cleared = spec.entrypoint.is_some();
    match config.map(|config| &config.entrypoint) {
        Some(Setting::Set(entrypoint)) if !is_cleared && !is_empty(&entrypoint.form) => {
            let words = words_of(&entrypoint.form)?;
            let behind = if matches!(entrypoint.form, Form::Exec(_)) {
                command().unwrap_or_default()
            } else {
                Vec::new()
            };
            return Some(words.into_iter().chain(behind).collect());
        }
        // The entrypoint of a base image may run its arguments with anything.
        Some(Setting::OfBase) if !is_cleared => {
            let image = service.image()?;
            let base = image.base_image(image.target?)?;
            images::entry(base).filter(|entry| *entry == Entry::Prompt)?;
        }
        None if !is_cleared => return None,
        _ => {}
    }
    command()
}

/// Whether a RUN of the build may change a file that was copied: it names the file, or changes
/// files by a pattern or a whole directory of them.
pub fn may_change(image: &Image, container: &str) -> bool {
    let name = path::name(container);
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    let texts = steps
        .filter(|step| matches!(step.action, Action::Run(_)))
        .map(|step| image.dockerfile.tree.source.slice(step.span));
    texts.into_iter().any(|text| {
        let changes = [
            "chmod", "dos2unix", "sed ", "perl ", "find ", "install ", "tr ",
        ]
        .iter()
        .any(|tool| text.contains(tool));
        text.contains(name)
            || changes && text.contains(['*', '$'])
            || text.contains(" -R")
            || text.contains("--recursive")
            || text.contains("find ")
    })
}

fn is_empty(form: &Form) -> bool {
    matches!(form, Form::Exec(words) if words.is_empty())
}

fn words_of(form: &Form) -> Option<Vec<(String, Span)>> {
    let words = |words: &mut dyn Iterator<Item = (&str, Span)>| {
        words.map(|(text, span)| (text.to_owned(), span)).collect()
    };
    match form {
        Form::Exec(exec) => Some(words(
            &mut exec.iter().map(|word| (word.text.as_str(), word.span)),
        )),
        Form::Shell(text, _) => {
            let script = shell::parse(text);
            let [command] = script.commands.as_slice() else {
                return None;
            };
            Some(words(
                &mut command
                    .words
                    .iter()
                    .map(|word| (word.text.as_str(), word.span)),
            ))
        }
    }
}
