//! A build argument that the Dockerfile never asks for.

use rustc_hash::FxHashMap;

use crate::compose::KeyValue;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::{Span, closest};

const ID: &str = "undeclared-build-arg";

/// Looks at the arguments of every build. Services may share their text by an anchor or `extends`:
/// an argument that one of their Dockerfiles declares is right for all.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut wanted: FxHashMap<Span, bool> = FxHashMap::default();
    let mut unwanted = Vec::new();
    for service in project.services() {
        let Some(build) = &service.spec().build else {
            continue;
        };
        for argument in &build.args {
            let Some(span) = argument.key.span() else {
                continue;
            };
            let is_wanted = service
                .image()
                .is_none_or(|image| image.wants_argument(&argument.key.value));
            *wanted.entry(span).or_default() |= is_wanted;
            if !is_wanted {
                unwanted.push((service, argument, span));
            }
        }
    }
    for (service, argument, span) in unwanted {
        // Said once, for the first service that has it.
        if wanted.insert(span, true) == Some(false) {
            findings.extend(
                service
                    .image()
                    .map(|image| report(project, service, image, argument, span)),
            );
        }
    }
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    image: &Image,
    argument: &KeyValue,
    span: Span,
) -> Diagnostic {
    let name = argument.key.value.as_str();
    let path = project.written(image.dockerfile.tree.source.path());
    let message = format!(
        "`{}` passes the build argument `{name}`, but `{path}` has no `ARG {name}`: it has no effect",
        service.name()
    );
    let mut finding = Diagnostic::new(ID, span, message)
        .note("never asked for")
        .service(service.name());
    let used = image.use_of_argument(name);
    if let Some(place) = used {
        finding = finding.label(
            place,
            "empty here without an ARG before it, unless the base image sets it",
        );
    }
    let others: Vec<&str> = image
        .declared_arguments()
        .filter(|known| {
            service
                .spec()
                .build
                .iter()
                .all(|build| build.args.iter().all(|arg| arg.key.value != *known))
        })
        .collect();
    let is_written = project.workspace().sources().slice(span) == name;
    if let Some(similar) = closest(name, others) {
        let fix = Fix::new(
            format!("Write `{similar}`"),
            Safety::Unsafe,
            Edit::replace(span, similar),
        );
        return finding
            .help(format!("Did you mean `{similar}`?"))
            .fix(is_written.then_some(fix));
    }
    if let Some(place) = used {
        let line_end = if image.dockerfile.tree.source.text().contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let edit = Edit::insert_before(place, format!("ARG {name}{line_end}"));
        let fix = Fix::new(format!("Declare `ARG {name}`"), Safety::Unsafe, edit);
        return finding
            .help(format!("Write `ARG {name}` before it"))
            .fix(fix);
    }
    finding
        .help(format!(
            "Write `ARG {name}` in the stage that needs it, or take the argument out"
        ))
        .fix(remove(project, span, name))
}

/// Takes the argument out, when something is left of `args` then.
fn remove(project: &Project<'_>, span: Span, name: &str) -> Option<Fix> {
    let parsed = project.yaml_of(span);
    let title = format!("Take the argument `{name}` out");
    if let Some(entry) = parsed.tree.entry_at(span) {
        let is_last = entry.key.parent()?.entries().count() < 2;
        return if is_last {
            None
        } else {
            Fix::of(title, Safety::Unsafe, edit::remove_entry(entry))
        };
    }
    let item = parsed.tree.item_at(span)?;
    let is_last = item.parent()?.items().count() < 2;
    if is_last {
        None
    } else {
        Fix::of(title, Safety::Unsafe, edit::remove_item(item))
    }
}
