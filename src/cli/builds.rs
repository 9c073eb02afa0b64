//! Which builds a user means by names of services, directories and Dockerfiles.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Setting;
use crate::compose::{LocateError, ProjectOptions, Unset, View, locate};
use crate::lint::{self, RecipeTree};
use crate::project::user_annotations::Stated;
use crate::project::{Project, Service};
use crate::report::one_line;
use crate::text::closest;
use crate::workspace::Workspace;

/// What can be built from here.
pub(super) struct Builds<'w> {
    workspace: &'w Workspace<'w>,
    /// The project of the working directory, or that of `-f`.
    project: Option<Project<'w>>,
    /// Why there is none.
    error: Option<LocateError>,
}

/// A project, and which of its images is meant.
pub(super) struct Build<'b, 'w> {
    /// The service, or the Dockerfile.
    pub(super) name: String,
    pub(super) project: Owned<'b, Project<'w>>,
    pub(super) image: usize,
}

/// Something borrowed or owned.
pub(super) enum Owned<'b, T> {
    Borrowed(&'b T),
    Boxed(Box<T>),
}

impl<T> std::ops::Deref for Owned<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Owned::Borrowed(value) => value,
            Owned::Boxed(value) => value,
        }
    }
}

/// The project that docker compose would load, with its files; nothing when there is none.
pub(super) fn view(setting: &Setting, workspace: &Workspace<'_>) -> Result<View, LocateError> {
    locate(
        workspace,
        &ProjectOptions {
            unset: Unset::Blank,
            ..setting.project_options()
        },
    )
}

impl<'w> Builds<'w> {
    /// Loads the project of this view.
    pub(super) fn new(
        workspace: &'w Workspace<'w>,
        view: &'w Result<View, LocateError>,
        tree: &'w RecipeTree,
    ) -> Self {
        match view {
            Ok(view) => Builds {
                workspace,
                project: Some(lint::load(workspace, view, tree, Stated::default())),
                error: None,
            },
            Err(error) => Builds {
                workspace,
                project: None,
                error: Some(error.clone()),
            },
        }
    }

    /// The builds of all services, each once.
    pub(super) fn all(&self) -> anyhow::Result<Vec<Build<'_, 'w>>> {
        let Some(project) = &self.project else {
            bail!(
                "{}",
                self.error
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default()
            );
        };
        let mut found: Vec<Build<'_, 'w>> = Vec::new();
        for (image, built) in project.images().iter().enumerate() {
            let names: Vec<&str> = project
                .users_of(built)
                .map(|service| service.name())
                .collect();
            found.push(Build {
                name: names.join(", "),
                project: Owned::Borrowed(project),
                image,
            });
        }
        if found.is_empty() {
            bail!("no service of the project builds an image");
        }
        Ok(found)
    }

    /// The build of a service, of a Dockerfile, or of the Dockerfile in a directory.
    pub(super) fn named(&self, setting: &Setting, name: &str) -> anyhow::Result<Build<'_, 'w>> {
        if let Some(project) = &self.project
            && let Some(service) = project.service(name)
        {
            let image = service.image().and_then(|image| {
                project
                    .images()
                    .iter()
                    .position(|known| std::ptr::eq(&**known, image))
            });
            return match image {
                Some(image) => Ok(Build {
                    name: name.to_owned(),
                    project: Owned::Borrowed(project),
                    image,
                }),
                None => bail!("{}", self.why_no_build(project, name)),
            };
        }
        if let Some(found) = self.of_path(&setting.absolute(Path::new(name))) {
            return Ok(found);
        }
        let names = self
            .project
            .iter()
            .flat_map(|project| project.services().map(Service::name));
        let meant = closest(name, names)
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        let name = one_line(name);
        match &self.error {
            Some(error) => bail!("there is no service and no Dockerfile `{name}`: {error}"),
            None => bail!(
                "there is no service, Dockerfile or directory with a Dockerfile `{name}`{meant}"
            ),
        }
    }

    fn why_no_build(&self, project: &Project<'_>, name: &str) -> String {
        let is_built = project
            .service(name)
            .is_some_and(|service| service.spec().build.is_some());
        match is_built {
            true => {
                format!("the Dockerfile of `{name}` cannot be read: `composelint check` says why")
            }
            false => format!("`{name}` builds nothing: it runs an image"),
        }
    }

    /// A Dockerfile, or a directory: that of a build of the project, or one with a Dockerfile.
    fn of_path(&self, path: &Path) -> Option<Build<'_, 'w>> {
        let is_directory = self.workspace.files().is_directory(path);
        if let Some(project) = &self.project {
            let is_meant = |image: &std::sync::Arc<crate::image::Image>| {
                image.dockerfile.tree.source.path() == path
                    || (is_directory && image.context.directory == path)
            };
            if let Some(image) = project.images().iter().position(is_meant) {
                let names: Vec<&str> = project
                    .users_of(&project.images()[image])
                    .map(|service| service.name())
                    .collect();
                return Some(Build {
                    name: names.join(", "),
                    project: Owned::Borrowed(project),
                    image,
                });
            }
        }
        let candidates: Vec<PathBuf> = match is_directory {
            true => ["Dockerfile", "dockerfile"]
                .map(|name| path.join(name))
                .to_vec(),
            false => vec![path.to_path_buf()],
        };
        let source = candidates
            .iter()
            .find_map(|path| self.workspace.read(path).ok())?;
        let project = Project::of_dockerfile(self.workspace, &source);
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        Some(Build {
            name,
            project: Owned::Boxed(Box::new(project)),
            image: 0,
        })
    }
}
