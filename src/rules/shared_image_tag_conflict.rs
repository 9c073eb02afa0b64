//! One name for the images of services that build different things: each build takes it from the
//! other.

use crate::compose::Build;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "shared-image-tag-conflict";

/// Compares the services that are built and say what their image is called.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let named: Vec<(Service<'_>, &str)> = project
        .services()
        .filter(|service| service.spec().build.is_some() && service.image().is_some())
        .filter_map(|service| {
            Some((
                service,
                service
                    .spec()
                    .image
                    .as_ref()
                    .filter(|image| !image.origin.is_unknown())?
                    .as_str(),
            ))
        })
        .collect();
    for (at, (service, image)) in named.iter().enumerate() {
        let other = named[..at].iter().find(|(other, name)| {
            name == image && differs(*other, *service) && other.spec().runs_beside(service.spec())
        });
        if let Some((other, _)) = other
            && findings.is_new(image)
        {
            findings.extend(report(project, *other, *service, image));
        }
    }
}

/// Whether two services build different images.
fn differs(one: Service<'_>, other: Service<'_>) -> bool {
    let is_same = one
        .image()
        .zip(other.image())
        .is_some_and(|(one, other)| std::ptr::eq(one, other));
    let is_known = |service: Service<'_>| {
        service.spec().build.as_ref().is_some_and(|build| {
            build.args.iter().all(|argument| {
                argument
                    .value
                    .as_ref()
                    .is_none_or(|value| !value.origin.is_unknown())
            })
        })
    };
    !is_same && is_known(one) && is_known(other)
}

fn report(
    project: &Project<'_>,
    first: Service<'_>,
    second: Service<'_>,
    image: &str,
) -> Option<Diagnostic> {
    let (one, two) = (first.name(), second.name());
    let span = |service: Service<'_>| service.spec().image.as_ref().and_then(|image| image.span());
    let difference = difference(first.spec().build.as_ref()?, second.spec().build.as_ref()?);
    let message = format!(
        "`{one}` and `{two}` build {difference} under one name, `{image}`: both run the one that was built last"
    );
    let mut finding = Diagnostic::new(ID, span(second)?, message)
        .note("the same name")
        .service(two);
    if let Some(span) = span(first).filter(|span| *span != finding.span) {
        finding = finding.label(span, format!("`{one}` has it as well"));
    }
    for service in [first, second] {
        let build = service.spec().build.as_ref()?;
        let what = build
            .target
            .as_ref()
            .and_then(|target| target.span())
            .or(build.origin.span);
        if let Some(span) = what.filter(|span| *span != finding.span) {
            finding = finding.label(span, format!("`{}` builds this", service.name()));
        }
    }
    let fix = fix(project, second);
    Some(finding.help("Give each its own name, or leave `image` out of one: Docker Compose then makes a name of its own").fix(fix))
}

fn difference(one: &Build, other: &Build) -> &'static str {
    let text = |value: &Option<crate::compose::Value<String>>| {
        value.as_ref().map(|value| value.value.clone())
    };
    let inline = |build: &Build| {
        build
            .dockerfile_inline
            .as_ref()
            .map(|inline| inline.value.as_str().to_owned())
    };
    if one.context.value != other.context.value
        || one.dockerfile_path() != other.dockerfile_path()
        || inline(one) != inline(other)
    {
        "different Dockerfiles"
    } else if text(&one.target) != text(&other.target) {
        "different stages"
    } else {
        "with different arguments"
    }
}

/// Without a name of its own the second image gets one from its service. A name that a registry
/// knows is needed.
fn fix(project: &Project<'_>, service: Service<'_>) -> Option<Fix> {
    let image = service.spec().image.as_ref()?;
    let span = image.span().filter(|_| !image.value.contains('/'))?;
    let parsed = project.yaml_of(span);
    let node = parsed.tree.node_at(span.start)?;
    let mapping = node.parent()?;
    let entry = mapping.entry("image")?;
    Fix::of(
        format!("Leave the name of `{}` to Docker Compose", service.name()),
        Safety::Unsafe,
        edit::remove_entry(entry),
    )
}
