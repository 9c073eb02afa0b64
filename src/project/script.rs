//! The script that a container is started with, where it is a file of the project.

use std::path::PathBuf;

use crate::compose::MountKind;
use crate::project::image::{Action, Baked, Config, Form, Image, Setting, path};
use crate::project::{Service, filesystem, knowledge};
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

impl<'p> Service<'p> {
    /// The script that the container is started with.
    pub fn start_script(self) -> Option<StartScript> {
        let config = self.image().and_then(Image::config);
        let (word, written) = self.start_word(config)?;
        if !word.contains('/') || word.contains(['$', '*']) {
            return None;
        }
        let own = self.spec().working_dir.as_ref();
        let directory = match own {
            Some(directory) if directory.origin.is_unknown() => return None,
            Some(directory) => Some(directory.value.as_str()),
            None => config.and_then(|config| config.workdir.as_deref()),
        };
        let container = if word.starts_with('/') { path::join("/", &word) } else { path::join(directory?, &word) };
        let workspace = self.project.workspace();
        let mounts = &self.spec().mounts;
        let (host, mount, copy) = match filesystem::covering(mounts, &container) {
            Some(at) if mounts[at].kind == MountKind::Bind => (filesystem::seen(mounts, &container)?.host, mounts[at].origin.span, None),
            Some(_) => return None,
            None => {
                let image = self.image()?;
                let (host, baked) = image.baked().iter().rev().find_map(|baked| {
                    let rest = path::below(&container, &baked.container)?;
                    let host = crate::files::clean(&baked.host.join(rest));
                    let is_there = (rest.is_empty() || baked.is_directory) && !image.context.is_ignored(&host, false);
                    (is_there && workspace.files().is_file(&host)).then_some((host, baked))
                })?;
                (host, None, Some(baked.clone()))
            }
        };
        let source = workspace.read(&host).ok().filter(|source| source.text().starts_with("#!"))?;
        Some(StartScript { written, container, host, source, mount, copy })
    }

    /// The first word of what the container is started with.
    fn start_word(self, config: Option<&Config>) -> Option<(String, Span)> {
        let spec = self.spec();
        if let Some(entrypoint) = spec.entrypoint.as_ref().filter(|entrypoint| !entrypoint.words.is_empty()) {
            return entrypoint.words.first().map(|word| (word.text.as_str().to_owned(), word.span));
        }
        let is_cleared = spec.entrypoint.is_some();
        match config.map(|config| &config.entrypoint) {
            Some(Setting::Set(entrypoint)) if !is_cleared && !is_empty(&entrypoint.form) => return first_word(&entrypoint.form),
            // The entrypoint of a base image may run its arguments with anything.
            Some(Setting::OfBase) if !is_cleared => {
                let image = self.image()?;
                let base = image.base_image(image.target?)?;
                knowledge::base_image(base).filter(|base| base.entry == knowledge::Entry::Prompt)?;
            }
            None if !is_cleared => return None,
            _ => {}
        }
        match &spec.command {
            Some(command) if !command.words.is_empty() => command.words.first().map(|word| (word.text.as_str().to_owned(), word.span)),
            Some(_) => None,
            None => first_word(&config?.cmd.invocation()?.form),
        }
    }
}

impl Image {
    /// Whether a RUN of the build may change a file that was copied: it names the file, or changes files by a pattern or a
    /// whole directory of them.
    pub fn may_change(&self, container: &str) -> bool {
        let name = path::name(container);
        let steps = self.needed().into_iter().flat_map(|stage| &self.stages[stage].steps);
        let texts = steps.filter(|step| matches!(step.action, Action::Run(_))).map(|step| self.dockerfile.tree.source.slice(step.span));
        texts.into_iter().any(|text| {
            let changes = ["chmod", "dos2unix", "sed ", "perl ", "find ", "install ", "tr "].iter().any(|tool| text.contains(tool));
            text.contains(name)
                || changes && text.contains(['*', '$'])
                || text.contains(" -R")
                || text.contains("--recursive")
                || text.contains("find ")
        })
    }
}

fn is_empty(form: &Form) -> bool {
    matches!(form, Form::Exec(words) if words.is_empty())
}

fn first_word(form: &Form) -> Option<(String, Span)> {
    match form {
        Form::Exec(words) => words.first().map(|word| (word.text.as_str().to_owned(), word.span)),
        Form::Shell(text, _) => {
            let script = shell::parse(text);
            let [command] = script.commands.as_slice() else { return None };
            command.words.first().map(|word| (word.text.as_str().to_owned(), word.span))
        }
    }
}
