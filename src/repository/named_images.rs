//! What the other sets of compose files build that people load in this repository.
//!
//! Images belong to the machine, not to a project: two sets that give different things one name
//! take it from each other.

use std::path::PathBuf;

use crate::compose::{self, Service, View, ViewKind};
use crate::repository::recipes;
use crate::repository::recipes::Recipe;
use crate::text::Span;
use crate::workspace::Workspace;

/// No repository has more sets of files that somebody loads.
const MOST_SETS: usize = 40;

/// All such images of a repository.
#[derive(Debug)]
pub struct NamedBuilds(pub Vec<NamedBuild>);

/// An image that a set of compose files builds under a name of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBuild {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// The service.
    pub service: String,
    /// Its `image:`
    pub image: String,
    /// Where that is written.
    pub span: Span,
    /// What is built.
    pub made_from: MadeFrom,
}

/// What an image is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFrom {
    /// The context directory.
    pub context: PathBuf,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// The stage; empty for the last one.
    pub target: String,
    /// Where the build is written.
    pub span: Option<Span>,
}

/// The images with names that the sets of files build which the recipes load.
pub(crate) fn named_builds(workspace: &Workspace<'_>, recipes: &[Recipe]) -> Vec<NamedBuild> {
    let mut found = Vec::new();
    for set in recipes::file_sets(recipes).into_iter().take(MOST_SETS) {
        let Some(directory) = set.files.first().and_then(|file| file.parent()) else {
            continue;
        };
        let compose = compose::load(
            workspace,
            &View::new(directory.to_path_buf(), set.files.clone(), ViewKind::Named),
        );
        found.extend(compose.services.iter().filter_map(|service| {
            let image = service
                .image
                .as_ref()
                .filter(|image| !image.origin.is_unknown())?;
            let (service_name, made_from) = (service.name.value.clone(), made_from(service)?);
            Some(NamedBuild {
                files: set.files.clone(),
                service: service_name,
                image: image.value.clone(),
                span: image.span()?,
                made_from,
            })
        }));
    }
    found
}

/// What a service's image is made from, where the build is written out.
pub fn made_from(service: &Service) -> Option<MadeFrom> {
    let build = service
        .build
        .as_ref()
        .filter(|build| build.dockerfile_inline.is_none())?;
    let target = build.target.as_ref();
    if target.is_some_and(|target| target.origin.is_unknown()) {
        return None;
    }
    Some(MadeFrom {
        context: build.context_directory.clone()?,
        dockerfile: build.dockerfile_path()?,
        target: target
            .map(|target| target.value.clone())
            .unwrap_or_default(),
        span: target
            .and_then(|target| target.span())
            .or(build.origin.span),
    })
}
