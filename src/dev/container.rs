//! The container that a form is made for: that of a service as it is, or with another stage of its
//! Dockerfile.

use std::path::Path;

use crate::compose::{self, Mount, WatchAction};
use crate::image::Image;
use crate::knowledge::Family;
use crate::process;
use crate::process::{Process, Reads};
use crate::project::container::Setup;
use crate::project::filesystem::{self, Arrival, Part};
use crate::project::{Project, Service};
use crate::repository::sources::Census;

/// What is known of a container.
#[derive(Clone, Copy)]
pub(super) struct Container<'p> {
    pub(super) spec: &'p compose::Service,
    pub(super) image: Option<&'p Image>,
    /// All that lies over the image.
    pub(super) mounts: &'p [Mount],
    pub(super) parts: &'p [Part],
    pub(super) processes: &'p [Process],
}

/// How edits of the code come into a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Brought {
    /// Not at all.
    No,
    /// The files change, and nothing else.
    Files,
    /// A watch trigger brings them and starts the process anew.
    WithRestart,
}

impl<'p> Container<'p> {
    /// The container of a service as it is.
    pub(super) fn of_service(service: Service<'p>) -> Self {
        Container {
            spec: service.spec(),
            image: service.image(),
            mounts: service.mounts(),
            parts: service.parts(),
            processes: service.processes(),
        }
    }

    fn setup(self, project: &'p Project<'_>) -> Setup<'p> {
        Setup {
            workspace: project.workspace(),
            service: self.spec,
            image: self.image,
            mounts: self.mounts,
        }
    }

    /// The processes that may run the code as it was written. What was compiled from it is not
    /// changed by a mount.
    pub(super) fn readers(self) -> impl Iterator<Item = &'p Process> {
        self.processes
            .iter()
            .filter(|process| reads_sources(process))
    }

    /// How edits come in already.
    pub(super) fn brought(self, project: &Project<'_>) -> Brought {
        let mut brought = Brought::No;
        for part in self.parts.iter().filter(|part| !part.census.is_empty()) {
            match &part.arrival {
                Arrival::Mounted(_) | Arrival::PartlyMounted(_) => return Brought::Files,
                Arrival::Watched(at) if self.spec.watch[*at].action.value == WatchAction::Sync => {
                    brought = Brought::Files
                }
                Arrival::Watched(_) if brought == Brought::No => brought = Brought::WithRestart,
                _ => {}
            }
        }
        // The image may hold no copy at all: only the tools.
        if brought == Brought::No {
            for process in self.readers() {
                if let Some(seen) = filesystem::seen(self.mounts, &process.cwd)
                    && project.owns(&seen.host)
                    && has_code(project, &seen.host)
                {
                    return Brought::Files;
                }
            }
        }
        brought
    }

    /// Whether a variable is set in the container, by the service or by the image.
    pub(super) fn has_variable(self, name: &str) -> bool {
        let in_image = self
            .image
            .and_then(Image::config)
            .is_some_and(|config| config.env.iter().any(|variable| variable.name == name));
        in_image
            || self
                .spec
                .environment
                .iter()
                .any(|entry| entry.key.value == name)
    }

    /// The value of a variable in the container, as far as it is known.
    pub(super) fn variable(self, name: &str) -> Option<&'p str> {
        if self
            .spec
            .environment
            .iter()
            .any(|entry| entry.key.value == name)
        {
            return self.spec.variable(name).map(|value| value.value.as_str());
        }
        self.image?.config()?.variable(name)
    }

    /// The least change that makes a process notice edits.
    pub(super) fn dev_form(
        self,
        project: &Project<'_>,
        process: &Process,
    ) -> Option<process::ReloadChange> {
        crate::project::container::with_input(self.setup(project), |input| {
            process::reload_change(input, process)
        })
    }

    /// All changes that do, the least first.
    pub(super) fn dev_forms(
        self,
        project: &Project<'_>,
        process: &Process,
    ) -> Vec<process::ReloadChange> {
        crate::project::container::with_input(self.setup(project), |input| {
            process::reload_changes(input, process)
        })
    }
}

/// Whether a process may run the code as it was written.
pub(super) fn reads_sources(process: &Process) -> bool {
    let family = process.program.map(|program| program.family);
    let runs_code = !matches!(
        family,
        Some(Family::Foreign | Family::Static | Family::Compiled | Family::Build)
    );
    runs_code && !matches!(process.reads, Reads::Artifact(_))
}

fn has_code(project: &Project<'_>, host: &Path) -> bool {
    !Census::of(project.workspace().files(), host, &|_, _| false).is_empty()
}
