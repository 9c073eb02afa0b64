//! What the mounts of a container do to what its image holds: which packages, build output and
//! sources they hide, and which of them a volume keeps although the image is built anew.

use std::path::{Path, PathBuf};

use crate::compose::{self, Mount, MountKind};
use crate::image::{Action, Baked, Install, Run, path};
use crate::knowledge::{Language, images, makers, manager};
use crate::process::Process;
use crate::project::{Project, Service, filesystem};
use crate::repository::recipes::Argument;
use crate::repository::sources::Census;
use crate::syntax::shell::Command;
use crate::text::Span;

mod imports;
mod linked_packages;

pub use imports::UnmountedImport;

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

impl<'p> Service<'p> {
    /// The directories of the image that its build filled with packages, each once.
    pub fn packages(self) -> Vec<Packages> {
        let Some(image) = self.image() else {
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
                install.manager != "uv" || self.base_image().is_some_and(images::is_public)
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

    /// Whether packages are installed anew when the container starts, or by a recipe that runs a
    /// package manager in it.
    pub fn installs_packages_later(self) -> bool {
        let calls = self
            .project
            .recipes()
            .iter()
            .flat_map(|recipe| &recipe.calls)
            .filter(|call| call.is("run") || call.is("exec"));
        let is_here = |called: &[Argument]| {
            called
                .first()
                .is_none_or(|called| called.text == self.name())
        };
        let by_hand = calls.filter(|call| is_here(&call.services)).any(|call| {
            let words: Vec<&str> = call
                .command
                .iter()
                .flat_map(|word| word.text.split_whitespace())
                .collect();
            manager::brings_packages(&words)
        });
        by_hand || self.installs_at_start()
    }

    /// Whether packages are installed anew each time the container starts, by what runs before one
    /// of its processes or by the process itself. What nobody can follow may do so as well.
    pub fn installs_at_start(self) -> bool {
        self.processes().iter().any(|process| {
            let installs = |command: &Command| manager::brings_packages(&command.argv());
            process.unknown.is_some()
                || process.is_started_by_an_install()
                || manager::brings_packages(&process.words())
                || process.side_effects.iter().any(installs)
        })
    }

    /// Whether something that runs when the container starts copies, builds or collects files, so
    /// that what lies at a path may be made anew then.
    pub fn makes_files_at_start(self) -> bool {
        let makes = |command: &Command| {
            let words = command.argv();
            let names = |part: &str| words.iter().any(|word| word.contains(part));
            words
                .first()
                .is_some_and(|program| makers::makes_files(path::name(program)))
                || names("collectstatic")
                || names("build")
                || names("compile")
        };
        self.processes()
            .iter()
            .any(|process| process.unknown.is_some() || process.side_effects.iter().any(makes))
    }

    /// The bind mounts that show a directory or file of the repository with source code in it, by
    /// their index.
    pub fn code_mounts(self) -> Vec<(usize, PathBuf)> {
        let files = self.project.workspace().files();
        let code = self.mounts().iter().enumerate().filter_map(|(at, mount)| {
            let host =
                bind_source(mount).filter(|host| self.project.owns(host) && files.exists(host))?;
            let has_code = !Census::of(files, host, &|_, _| false).is_empty();
            has_code.then(|| (at, host.to_path_buf()))
        });
        code.collect()
    }

    /// What a bind mount shows at a container path: the path on the host, and the mount.
    pub fn shown(self, container: &str) -> Option<filesystem::Seen> {
        filesystem::seen(self.mounts(), container)
    }

    /// The mount that decides what is to be seen at a container path.
    pub fn mount_over(self, container: &str) -> Option<&'p Mount> {
        filesystem::covering(self.mounts(), container).map(|at| &self.mounts()[at])
    }

    /// The original of a path below a copy in the image, if it is there and takes part in the
    /// build.
    pub fn host_of_copy(self, baked: &Baked, rest: &str) -> Option<PathBuf> {
        let host = crate::files::clean(&baked.host.join(rest));
        let files = self.project.workspace().files();
        let is_there = files.exists(&host)
            && !self
                .image()?
                .context
                .is_ignored(&host, files.is_directory(&host));
        is_there.then_some(host)
    }
}

impl Project<'_> {
    /// Whether another compose file of the repository builds the stage of that name.
    pub fn builds_stage_elsewhere(&self, stage: &str) -> bool {
        let own: Vec<&Path> = self
            .compose()
            .into_iter()
            .flat_map(|compose| &compose.files)
            .map(|source| source.path())
            .collect();
        let is_yaml = |path: &PathBuf| {
            path.extension()
                .is_some_and(|ending| ending == "yml" || ending == "yaml")
        };
        let others = self
            .workspace()
            .files()
            .walk(self.root())
            .into_iter()
            .filter(|path| is_yaml(path) && !own.contains(&path.as_path()));
        let names_it = |line: &str| {
            line.trim()
                .strip_prefix("target:")
                .is_some_and(|rest| rest.trim().trim_matches(['"', '\'']) == stage)
        };
        others
            .filter_map(|path| self.workspace().read(&path).ok())
            .any(|source| source.text().lines().any(names_it))
    }
}

/// The host path of a bind mount, where it is known.
pub fn bind_source(mount: &Mount) -> Option<&Path> {
    let source = mount
        .source
        .as_ref()
        .filter(|source| mount.kind == MountKind::Bind && !source.origin.is_unknown())?;
    Some(Path::new(&source.value))
}

/// A path below another one, without `.` and `..`.
pub fn inside(directory: &Path, rest: &Path) -> PathBuf {
    crate::files::clean(&directory.join(rest))
}

/// Whether a mount is a volume that Docker keeps: one with a name, or one without.
pub fn is_volume(mount: &Mount) -> bool {
    matches!(mount.kind, MountKind::Volume | MountKind::AnonymousVolume)
}

/// The services that mount a named volume, each with its mount.
pub fn users_of_volume<'c>(
    project: &'c Project<'_>,
    name: &str,
) -> Vec<(&'c compose::Service, &'c Mount)> {
    let services = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.services);
    let is_it = |mount: &&Mount| {
        mount.kind == MountKind::Volume
            && mount
                .source
                .as_ref()
                .is_some_and(|source| source.value == name)
    };
    services
        .flat_map(|service| {
            service
                .mounts
                .iter()
                .filter(is_it)
                .map(move |mount| (service, mount))
        })
        .collect()
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

/// Whether a process runs code in that language; one that nobody knows may.
pub fn may_run(process: &Process, language: Option<Language>) -> bool {
    match (process.language(), language) {
        (Some(Language::Other) | None, _) | (_, None) => true,
        (Some(own), Some(language)) => own == language,
    }
}

#[cfg(test)]
mod tests;
