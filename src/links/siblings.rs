//! Images that are made from the image of another service: `FROM shop-base`, `COPY
//! --from=shop-base`, where another service of the project builds that tag.

use std::path::Path;

use super::action::Action;
use super::chain::{Cause, Link};
use super::way::{Way, copies};
use crate::image::{self, Base, CopyFrom, Image};
use crate::project::{Project, Service};
use crate::text::Span;

/// Images that are made from each other in a row are followed so far.
const MOST_IMAGES: usize = 8;

/// The way of an edit of a host path that lies in the image of a service which this one's image is
/// made from.
pub(super) fn way(project: &Project<'_>, service: Service<'_>, host: &Path) -> Option<Way> {
    let mut owners = Vec::new();
    let (span, last) = follow(project, service, host, MOST_IMAGES, &mut owners)?;
    let text = format!(
        "{} is copied into the image of `{last}`, from which that of `{}` is made",
        project.written(host),
        service.name()
    );
    Some(Way {
        owners,
        ..Way::new(
            Link::no(Cause::InSiblingImage, text, Some(span)),
            Action::Rebuild,
        )
    })
}

/// Fills in the services to build, the deepest first.
fn follow(
    project: &Project<'_>,
    service: Service<'_>,
    host: &Path,
    depth: usize,
    owners: &mut Vec<String>,
) -> Option<(Span, String)> {
    let depth = depth.checked_sub(1)?;
    for (tag, span) in sources(service.image()?) {
        let owner = project
            .services()
            .find(|other| other.name() != service.name() && builds(project, *other, &tag));
        let Some(owner) = owner else { continue };
        let image = owner.image()?;
        let is_copied = copies(image, host).next().is_some()
            || image.artefacts().iter().any(|made| {
                let mut inputs = made.inputs.iter();
                inputs.any(|input| host.starts_with(&input.host))
            });
        let found = if is_copied {
            Some((span, owner.name().to_owned()))
        } else {
            follow(project, owner, host, depth, owners)
        };
        if let Some(found) = found {
            owners.push(owner.name().to_owned());
            return Some(found);
        }
    }
    None
}

/// The images that a build takes from elsewhere, each with the instruction.
fn sources(image: &Image) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for stage in image.needed() {
        let stage = &image.stages[stage];
        if let Base::Image(reference) = &stage.base {
            found.push((reference.clone(), stage.span));
        }
        for step in &stage.steps {
            if let image::Action::Copy(copied) = &step.action
                && let CopyFrom::Image(reference) = &copied.from
            {
                found.push((reference.clone(), step.span));
            }
        }
    }
    found
}

/// Whether a service builds an image of that name: the one it is given, or `<project>-<service>`.
fn builds(project: &Project<'_>, service: Service<'_>, tag: &str) -> bool {
    let spec = service.spec();
    if spec.build.is_none() {
        return false;
    }
    let wanted = tag.strip_suffix(":latest").unwrap_or(tag);
    match &spec.image {
        Some(image) if image.origin.is_unknown() => false,
        Some(image) => image.value.strip_suffix(":latest").unwrap_or(&image.value) == wanted,
        None => project
            .compose()
            .is_some_and(|compose| wanted == format!("{}-{}", compose.name.value, service.name())),
    }
}
