//! The directories of an image that its build filled with packages of others.

use crate::image::{Action, Install, Run, path};
use crate::knowledge::{Language, images, manager};
use crate::process::Process;
use crate::project::Service;
use crate::text::Span;

/// A directory that the build filled with packages of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packages {
    /// Where it lies in the container.
    pub container: String,
    /// The RUN that filled it, or the COPY that brought it from another stage.
    pub made: Span,
    /// Whose packages they are, as far as the directory or the tool tells.
    pub language: Option<Language>,
}

/// The directories of the image that its build filled with packages, each once.
pub fn of(service: Service<'_>) -> Vec<Packages> {
    let Some(image) = service.image() else {
        return Vec::new();
    };
    let mut found: Vec<Packages> = Vec::new();
    for step in image.history() {
        let Action::Run(run) = &step.action else {
            continue;
        };
        found.retain(|known| !takes_away(run, &known.container));
        let stay = |written: &String| !takes_away(run, written);
        // An image that nobody knows may well say with `UV_PROJECT_ENVIRONMENT` where its
        // packages go.
        let knows_place = |install: &&Install| {
            install.manager != "uv" || service.base_image().is_some_and(images::is_public)
        };
        for install in run
            .installs
            .iter()
            .filter(|install| !install.is_system() && !install.builds())
            .filter(knows_place)
        {
            // `npm ci --omit=dev` in the directory of one service of many fills that directory
            // all the same.
            install
                .writes
                .iter()
                .filter(|written| stay(written))
                .for_each(|written| add(&mut found, written, install.run));
        }
    }
    for artefact in image
        .artefacts()
        .iter()
        .filter(|artefact| artefact.is_dependencies)
    {
        if let Some(container) = artefact
            .container
            .as_deref()
            .filter(|container| manager::language_of_packages(path::name(container)).is_some())
        {
            add(&mut found, container, artefact.copy);
        }
    }
    found
}

/// Whether a process runs code in that language; one that nobody knows may.
pub fn may_run(process: &Process, language: Option<Language>) -> bool {
    match (process.language(), language) {
        (Some(Language::Other) | None, _) | (_, None) => true,
        (Some(own), Some(language)) => own == language,
    }
}

fn add(found: &mut Vec<Packages>, container: &str, made: Span) {
    let container = container.trim_end_matches('/').to_owned();
    if !found.iter().any(|known| known.container == container) {
        let language = manager::language_of_packages(path::name(&container));
        found.push(Packages {
            container,
            made,
            language,
        });
    }
}

/// Whether a RUN moves or removes a directory.
fn takes_away(run: &Run, container: &str) -> bool {
    run.script
        .iter()
        .flat_map(|script| &script.commands)
        .any(|command| {
            let words = command.argv();
            let name = path::name(container);
            matches!(words.first(), Some(&"mv" | &"rm"))
                && words[1..]
                    .iter()
                    .any(|word| path::name(word) == name || *word == container)
        })
}

#[cfg(test)]
mod tests;
