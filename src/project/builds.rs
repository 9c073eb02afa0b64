//! What the services of a project build: each image read once, whoever uses it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{MISSING_DOCKERFILE, written};
use crate::compose;
use crate::diagnostic::Diagnostic;
use crate::image;
use crate::image::dockerfiles::refusals::refusals;
use crate::image::{Image, NamedContext};
use crate::knowledge::directories;
use crate::text::{FileId, Source};
use crate::workspace::{ReadError, Workspace};

/// The images of a project while it is being read: services that build the same share one.
#[derive(Default)]
pub(super) struct Builds {
    pub(super) images: Vec<Arc<Image>>,
    keys: Vec<BuildKey>,
}

/// What builds are read from.
pub(super) struct BuildReader<'r, 'w> {
    pub(super) workspace: &'r Workspace<'w>,
    pub(super) directory: &'r Path,
    pub(super) services: &'r [compose::Service],
    pub(super) problems: &'r mut Vec<Diagnostic>,
}

#[derive(PartialEq)]
struct BuildKey {
    dockerfile: FileId,
    context: PathBuf,
    target: Option<String>,
    args: Vec<(String, Option<String>)>,
    named_contexts: Vec<(String, Option<String>)>,
}

impl BuildReader<'_, '_> {
    /// The Dockerfile of a build: a file, or the text in the compose file.
    fn dockerfile(&mut self, service: &compose::Service, build: &compose::Build) -> Option<Source> {
        if let Some(inline) = &build.dockerfile_inline {
            if inline.value.as_str().is_empty() {
                return None;
            }
            let source = self.workspace.sources().embed(&inline.value);
            // A variable that is not set is empty to Compose. Where that leaves no Dockerfile, it
            // is set elsewhere.
            let can_be_built = || {
                let parsed = self.workspace.dockerfile(&source);
                parsed.diagnostics.is_empty() && refusals(&parsed.tree, &[], &|_| false).is_empty()
            };
            return (!inline.origin.is_unknown() || can_be_built()).then_some(source);
        }
        let path = build.dockerfile_path()?;
        let error = match self.workspace.read(&path) {
            Ok(source) => return Some(source),
            Err(error) => error,
        };
        let problem = missing_dockerfile(
            self.workspace,
            self.directory,
            service,
            build,
            &path,
            &error,
        );
        // Services that share one text by an anchor or `extends` share the problem.
        let is_new = |new: &Diagnostic| {
            !self
                .problems
                .iter()
                .any(|known| known.rule == new.rule && known.span == new.span)
        };
        let problem = problem.filter(is_new);
        self.problems.extend(problem);
        None
    }
}

impl Builds {
    /// `open` are the services whose builds wait for this one.
    pub(super) fn of_service(
        &mut self,
        reader: &mut BuildReader<'_, '_>,
        service: &compose::Service,
        open: &mut Vec<String>,
    ) -> Option<usize> {
        let workspace = reader.workspace;
        let build = service.build.as_ref()?;
        let context = build.context_directory.clone()?;
        let source = reader.dockerfile(service, build)?;
        let target = match &build.target {
            Some(target) if target.origin.is_unknown() => return None,
            target => target.as_ref().map(|target| target.value.clone()),
        };
        let pair = |entry: &compose::KeyValue| {
            let known = entry
                .value
                .as_ref()
                .filter(|value| !value.origin.is_unknown());
            (
                entry.key.value.clone(),
                known.map(|value| value.value.clone()),
            )
        };
        let args = build.args.iter().map(pair).collect();
        let named_contexts = build.additional_contexts.iter().map(pair).collect();
        let key = BuildKey {
            dockerfile: source.id(),
            context,
            target,
            args,
            named_contexts,
        };
        if let Some(known) = self.keys.iter().position(|other| *other == key) {
            return Some(known);
        }
        open.push(service.name.value.clone());
        let mut built = |name: &str| {
            let services = reader.services;
            let other = services
                .iter()
                .find(|other| other.name.value == name)
                .filter(|_| !open.iter().any(|waiting| waiting == name))?;
            let at = self.of_service(reader, other, open)?;
            Some(self.images[at].clone())
        };
        let contexts = key.named_contexts.iter();
        let named_contexts: Vec<NamedContext> = contexts
            .map(|(name, value)| NamedContext::read(workspace, name, value.as_deref(), &mut built))
            .collect();
        open.pop();
        let build = image::Build {
            dockerfile: &source,
            context: &key.context,
            target: key.target.as_deref(),
            args: &key.args,
            named_contexts: &named_contexts,
        };
        self.images.push(Arc::new(Image::read(workspace, &build)));
        self.keys.push(key);
        Some(self.images.len() - 1)
    }
}

/// A service that only names an image which another service builds runs that one's build.
pub(super) fn share_tags(services: &[compose::Service], indexes: &mut [Option<usize>]) {
    let tag = |service: &compose::Service| {
        service
            .image
            .as_ref()
            .filter(|tag| !tag.origin.is_unknown())
            .map(|tag| tag.value.clone())
    };
    let mut built: FxHashMap<String, Option<usize>> = FxHashMap::default();
    for (service, image) in services
        .iter()
        .zip(indexes.iter())
        .filter(|(service, _)| service.build.is_some())
    {
        if let Some(tag) = tag(service) {
            built.entry(tag).or_insert(*image);
        }
    }
    for (service, index) in services
        .iter()
        .zip(indexes)
        .filter(|(service, _)| service.build.is_none())
    {
        if let Some(image) = tag(service).and_then(|tag| built.get(&tag)) {
            *index = *image;
        }
    }
}

fn missing_dockerfile(
    workspace: &Workspace<'_>,
    directory: &Path,
    service: &compose::Service,
    build: &compose::Build,
    dockerfile: &Path,
    error: &ReadError,
) -> Option<Diagnostic> {
    let named = build.dockerfile.as_ref().and_then(compose::Value::span);
    let span = named.or(build.context.span()).or(build.origin.span)?;
    let context = build.context_directory.as_ref()?;
    // A build that says nothing of where it takes place is a part of one that another file does.
    let is_part = build.context.span().is_none()
        && named.is_none()
        && workspace.files().is_directory(context);
    if is_part || comes_later(workspace, context) || is_far(directory, context) {
        return None;
    }
    let name = service.name.value.as_str();
    let path = dockerfile
        .strip_prefix(context)
        .unwrap_or(dockerfile)
        .display();
    let message = match workspace.files().is_directory(context) {
        false => format!(
            "`{name}` cannot be built: its build context `{}` is no directory",
            written(directory, context)
        ),
        true if *error == ReadError::Missing => {
            format!("`{name}` cannot be built: there is no `{path}` in its build context")
        }
        true => format!("`{name}` cannot be built: `{path}` cannot be read, {error}"),
    };
    let help = "The path is relative to the build context, and the context to the compose file; correct it, or add the file";
    Some(
        Diagnostic::new(MISSING_DOCKERFILE, span, message)
            .service(name)
            .help(help),
    )
}

/// Whether a directory is put there by a package manager or is a submodule: not every checkout has
/// it.
pub(super) fn comes_later(workspace: &Workspace<'_>, directory: &Path) -> bool {
    let is_of_packages = |part: &OsStr| {
        part.to_str()
            .is_some_and(|part| part != "deps" && directories::holds_packages(part))
    };
    if directory.iter().any(is_of_packages) {
        return true;
    }
    directory.ancestors().skip(1).any(|above| {
        let Ok(modules) = workspace.read(&above.join(".gitmodules")) else {
            return false;
        };
        let paths = modules.text().lines().filter_map(|line| {
            line.trim()
                .strip_prefix("path")?
                .trim_start()
                .strip_prefix('=')
        });
        let mut paths = paths.map(|path| above.join(path.trim()));
        paths.any(|path| directory.starts_with(path))
    })
}

/// Whether two directories have nothing above them in common: `/opt/…` of the machine that the file
/// was written for.
fn is_far(directory: &Path, other: &Path) -> bool {
    let first = |path: &Path| {
        path.components()
            .nth(1)
            .map(|part| part.as_os_str().to_owned())
    };
    first(directory) != first(other)
}
