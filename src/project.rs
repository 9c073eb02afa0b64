//! One view of a repository as a project: services, what their images hold, what is mounted and what
//! runs.
//!
//! A project joins the resolved compose model with the Dockerfiles it builds and with how people
//! call it. Rules judge it; whatever two rules would both derive is a question asked here.
//!
//! A [`Service`] says only what it is made of. Each question about it is a plain function that takes
//! the service, in a module with the name of the question, here or in the room above that asks it.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compose::{self, Compose, Mount, View};
use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{self, BuildFile};
use crate::image::{self, Image, stage_contents};
use crate::process::Process;
use crate::repository::compose_files::Neighbours;
use crate::repository::mentions::Elsewhere;
use crate::repository::named_images::{self, NamedBuilds};
use crate::repository::recipes::Recipe;
use crate::syntax::yaml;
use crate::text::{Source, Span};
use crate::workspace::{Answers, Parsed, Workspace};

pub mod at_start;
pub mod effective_mounts;
pub mod filesystem;
pub mod host_paths;
pub mod mounts;
pub mod overlays;
pub mod packages;
pub mod profiles;
pub mod purpose;
pub mod role;
pub mod said;
pub mod start_script;
pub mod user_annotations;

mod builds;
pub mod call;
pub(crate) mod container;

use builds::{BuildReader, Builds, comes_later, share_tags};
use call::Call;
use container::Setup;
use effective_mounts::Mounts;
use filesystem::Part;
use purpose::Judgement;
use user_annotations::{Mode, Stated, Statement};

/// The rule that reports a build without its Dockerfile.
pub const MISSING_DOCKERFILE: &str = "missing-dockerfile";

/// One view: compose files with everything they build, or a Dockerfile alone.
pub struct Project<'w> {
    workspace: &'w Workspace<'w>,
    root: PathBuf,
    /// The root of the repository that `root` lies in.
    repository: PathBuf,
    directory: PathBuf,
    compose: Option<Compose>,
    intent: Option<Judgement>,
    stated: Stated,
    recipes: &'w [Recipe],
    images: Vec<Arc<Image>>,
    services: Vec<Facts>,
    problems: Vec<Diagnostic>,
    answers: Answers,
    call: Call,
}

/// What is known of a service beside its compose model.
#[derive(Default)]
pub(crate) struct Facts {
    /// An index into the project's images.
    pub(crate) image: Option<usize>,
    /// All that lies over the image.
    pub(crate) mounts: Vec<Mount>,
    pub(crate) parts: Vec<Part>,
    pub(crate) processes: Vec<Process>,
    pub(crate) stated: Statement,
}

/// A service of a project: its compose model, and what is known of its container.
#[derive(Clone, Copy)]
pub struct Service<'p> {
    project: &'p Project<'p>,
    spec: &'p compose::Service,
    facts: &'p Facts,
}

impl<'w> Project<'w> {
    /// The project that a resolved set of compose files describes. `told` is what the user states
    /// elsewhere than there.
    pub fn of_compose(
        workspace: &'w Workspace<'w>,
        mut compose: Compose,
        mut intent: Judgement,
        root: &Path,
        recipes: &'w [Recipe],
        told: Stated,
    ) -> Self {
        let mut project = Project::empty(workspace, compose.directory.clone());
        project.root = root.to_path_buf();
        project.repository = repository_of(workspace, root);
        project.stated = told.with_compose(&compose, &mut project.problems);
        if let Some(stated) = &project.stated.intent {
            intent.believe(stated);
        }
        project.intent = Some(intent);
        project.recipes = recipes;
        project.problems.extend(compose.diagnostics.iter().cloned());
        effective_mounts::bind_local_volumes(&mut compose);
        let mut builds = Builds::default();
        let directory = project.directory.clone();
        let mut reader = BuildReader {
            workspace,
            directory: &directory,
            services: &compose.services,
            problems: &mut project.problems,
        };
        let mut indexes: Vec<Option<usize>> = compose
            .services
            .iter()
            .map(|service| builds.of_service(&mut reader, service, &mut Vec::new()))
            .collect();
        share_tags(&compose.services, &mut indexes);
        project.images = builds.images;
        let images = &project.images;
        let image_of = |name: &str| {
            let at = compose
                .services
                .iter()
                .position(|known| known.name.value == name)?;
            indexes[at].map(|index| &*images[index])
        };
        let mounts = Mounts {
            compose: &compose,
            image_of: &image_of,
        };
        for (service, image) in compose.services.iter().zip(&indexes) {
            let stated = project.stated.of(&service.name);
            let built = image.map(|index| &*images[index]);
            let setup = Setup {
                workspace,
                service,
                image: built,
                mounts: &mounts.of(service, built),
            };
            let facts = container::facts(setup, &stated);
            project.services.push(Facts {
                image: *image,
                ..facts
            });
        }
        project.compose = Some(compose);
        project.note_dockerfile_problems();
        project
    }

    /// A Dockerfile that no compose file builds, with its directory as the context.
    pub fn of_dockerfile(workspace: &'w Workspace<'w>, dockerfile: &Source) -> Self {
        let context = dockerfile.path().parent().unwrap_or(Path::new("/"));
        let mut project = Project::empty(workspace, context.to_path_buf());
        let build = image::Build {
            dockerfile,
            context,
            target: None,
            args: &[],
            named_contexts: &[],
        };
        project
            .images
            .push(Arc::new(Image::read(workspace, &build)));
        project.note_dockerfile_problems();
        project
    }

    fn empty(workspace: &'w Workspace<'w>, directory: PathBuf) -> Self {
        Project {
            workspace,
            root: directory.clone(),
            repository: directory.clone(),
            directory,
            compose: None,
            intent: None,
            stated: Stated::default(),
            recipes: &[],
            images: Vec::new(),
            services: Vec::new(),
            problems: Vec::new(),
            answers: Answers::default(),
            call: Call::default(),
        }
    }

    fn note_dockerfile_problems(&mut self) {
        let mut seen = Vec::new();
        for image in &self.images {
            let file = image.dockerfile.tree.source.id();
            if !seen.contains(&file) {
                seen.push(file);
                self.problems
                    .extend(image.dockerfile.diagnostics.iter().cloned());
            }
        }
    }

    /// The same project, loaded from that view.
    pub fn called_by(self, view: &View) -> Self {
        Project {
            call: Call::of(view),
            ..self
        }
    }

    /// How Docker Compose is called for it.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The project directory; for a Dockerfile alone its own.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether a path is the user's own: below the directory that is looked at, or elsewhere in the
    /// same repository.
    pub fn owns(&self, path: &Path) -> bool {
        path.starts_with(&self.root) || path.starts_with(&self.repository)
    }

    /// The directory that is looked at.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The compose files that were named or found, without what they include and extend.
    pub fn main_files(&self) -> impl Iterator<Item = &Path> {
        let main = self.compose.iter().flat_map(|compose| {
            let last = compose.main_files.min(compose.files.len());
            &compose.files[..last]
        });
        main.map(Source::path)
    }

    /// The resolved compose files; none for a Dockerfile alone.
    pub fn compose(&self) -> Option<&Compose> {
        self.compose.as_ref()
    }

    /// The resolved compose files alone.
    pub fn into_compose(self) -> Option<Compose> {
        self.compose
    }

    /// What this set of files is for, and why one thinks so; nothing for a Dockerfile alone.
    pub fn intent(&self) -> Option<&Judgement> {
        self.intent.as_ref()
    }

    /// Whether people edit code and expect to see it in what these files start.
    pub fn may_be_development(&self) -> bool {
        self.intent
            .as_ref()
            .is_some_and(Judgement::may_be_development)
    }

    /// What the user states of the project, in its compose files and elsewhere.
    pub fn stated(&self) -> &Stated {
        &self.stated
    }

    /// The services whose code people edit while these files run: none where the files are for
    /// something else, and not those of which the user says that nobody develops them here.
    pub fn developed_services(&self) -> impl Iterator<Item = Service<'_>> {
        let may_be = self.may_be_development();
        self.services()
            .filter(move |service| may_be && service.is_developed())
    }

    /// How people call Docker Compose in this repository.
    pub fn recipes(&self) -> &[Recipe] {
        self.recipes
    }

    /// The images that are built, each once, whoever uses it.
    pub fn images(&self) -> &[Arc<Image>] {
        &self.images
    }

    /// The Dockerfiles that are built, each once. Those for another frontend are left out, and so
    /// are prose and what no person wrote.
    pub fn dockerfiles(&self) -> Vec<BuildFile<'_>> {
        dockerfiles::of_images(&self.images)
    }

    /// Whether it is certain that nothing is at a path when a stage is finished.
    pub fn stage_lacks(&self, image: &Image, stage: usize, path: &str) -> bool {
        stage_contents::lacks(self.workspace, &self.root, image, stage, path)
    }

    /// What build tools make in a stage, as far as it is known: paths, and the RUN that makes them.
    pub fn stage_makes(&self, image: &Image, stage: usize) -> Vec<(String, Span)> {
        stage_contents::made_by_tools(self.workspace, &self.root, image, stage)
    }

    /// What parsers and loader could not read.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter()
    }

    /// The services, in the order of the document.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let specs = self.compose.iter().flat_map(|compose| &compose.services);
        specs.zip(&self.services).map(|(spec, facts)| Service {
            project: self,
            spec,
            facts,
        })
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<Service<'_>> {
        self.services().find(|service| service.name() == name)
    }

    /// The services whose containers run that image.
    pub fn users_of<'p>(&'p self, image: &'p Image) -> impl Iterator<Item = Service<'p>> {
        self.services()
            .filter(move |service| service.image().is_some_and(|own| std::ptr::eq(own, image)))
    }

    /// What somebody found out about this view, found out once for all who ask; one answer for
    /// each type.
    pub fn once<T: Any + Send + Sync>(&self, find: impl FnOnce() -> T) -> Arc<T> {
        self.answers.once(Path::new(""), find)
    }

    /// The files that were read, to look at their texts.
    pub fn workspace(&self) -> &'w Workspace<'w> {
        self.workspace
    }

    /// What the repository tells of files and variables that it does not hold.
    pub fn elsewhere(&self) -> Elsewhere<'_> {
        Elsewhere::read(self.workspace, &self.root)
    }

    /// What the compose files of the repository say, those of other views included.
    pub fn neighbours(&self) -> Arc<Neighbours> {
        self.workspace
            .once(&self.root, || Neighbours::read(self.workspace, &self.root))
    }

    /// The images with names that the sets of files build which people load in this repository.
    pub fn named_builds(&self) -> Arc<NamedBuilds> {
        let find = || NamedBuilds(named_images::named_builds(self.workspace, self.recipes));
        self.workspace.once(&self.root, find)
    }

    /// Whether a file or directory that is not there is made by a build, a script or a package
    /// manager, or comes with a submodule: not every checkout has it.
    pub fn is_made_later(&self, path: &Path) -> bool {
        comes_later(self.workspace, path) || self.elsewhere().is_produced(path)
    }

    /// The YAML tree of the file that a span lies in.
    pub fn yaml_of(&self, span: Span) -> Arc<Parsed<yaml::Tree>> {
        self.workspace
            .yaml(&self.workspace.sources().get(span.file))
    }

    /// A place to point at when the project as a whole is meant.
    pub fn anchor(&self) -> Option<Span> {
        let service = self
            .compose
            .iter()
            .flat_map(|compose| &compose.services)
            .map(compose::Service::key)
            .next();
        service.or_else(|| {
            self.images
                .first()
                .map(|image| image.dockerfile.tree.source.whole().before())
        })
    }

    /// A host path as one writes it in the compose file: `./api`, `../shared`, or absolute when it
    /// lies far away.
    pub fn written(&self, host: &Path) -> String {
        written(&self.directory, host)
    }
}

impl<'p> Service<'p> {
    /// The project that it is a service of.
    pub fn project(self) -> &'p Project<'p> {
        self.project
    }

    /// Its name.
    pub fn name(self) -> &'p str {
        &self.spec.name.value
    }

    /// Its compose model.
    pub fn spec(self) -> &'p compose::Service {
        self.spec
    }

    /// What the user states of it.
    pub fn stated(self) -> &'p Statement {
        &self.facts.stated
    }

    /// Whether people may edit its code here: always, unless the user says otherwise.
    pub fn is_developed(self) -> bool {
        let stated = self.stated();
        let has_no_sources = stated
            .sources
            .as_ref()
            .is_some_and(|sources| sources.value.is_empty());
        !has_no_sources
            && stated
                .mode
                .as_ref()
                .is_none_or(|mode| mode.value != Mode::None)
    }

    /// The image it runs, when the project builds it.
    pub fn image(self) -> Option<&'p Image> {
        self.facts.image.map(|index| &*self.project.images[index])
    }

    /// The image that it starts from, as far as it is known: that of the Dockerfile's first stage,
    /// or its own.
    pub fn base_image(self) -> Option<&'p str> {
        if let Some(image) = self.image() {
            return image.base_image(image.target?);
        }
        let image = self.spec.image.as_ref()?;
        (!image.origin.is_unknown()).then_some(image.value.as_str())
    }

    /// All that lies over the image of its container: first what the service itself names, at the
    /// indexes that it has in the compose model, then configs, secrets, `volumes_from` and the
    /// `VOLUME`s of the image.
    pub fn mounts(self) -> &'p [Mount] {
        &self.facts.mounts
    }

    /// All that decides what its container runs.
    pub(crate) fn setup(self) -> Setup<'p> {
        Setup {
            workspace: self.project.workspace,
            service: self.spec,
            image: self.image(),
            mounts: self.mounts(),
        }
    }

    /// The parts of the host's code that the image holds a copy of, and how an edit of each
    /// arrives.
    pub fn parts(self) -> &'p [Part] {
        &self.facts.parts
    }

    /// What runs in the container: at least one process, which may say that it is not known.
    pub fn processes(self) -> &'p [Process] {
        &self.facts.processes
    }
}

/// The nearest directory above that git keeps, or the directory itself.
fn repository_of(workspace: &Workspace<'_>, root: &Path) -> PathBuf {
    let mut above = root.ancestors();
    let found = above.find(|above| workspace.files().exists(&above.join(".git")));
    found.unwrap_or(root).to_path_buf()
}

/// A path of the host as it is written beside compose files: `./app`, `../shared`.
fn written(directory: &Path, host: &Path) -> String {
    let mut up = PathBuf::new();
    let mut base = Some(directory);
    for _ in 0..4 {
        let Some(directory) = base else { break };
        if let Ok(rest) = host.strip_prefix(directory) {
            let path = up.join(rest);
            return match up.as_os_str().is_empty() {
                true if path.as_os_str().is_empty() => ".".to_owned(),
                true => format!("./{}", path.display()),
                false => path.display().to_string(),
            };
        }
        base = directory.parent();
        up.push("..");
    }
    host.display().to_string()
}

#[cfg(test)]
mod tests;
