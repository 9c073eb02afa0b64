//! A build argument that the Dockerfile never asks for.

use rustc_hash::FxHashMap;

use crate::compose::KeyValue;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "undeclared-build-arg";

/// Names are similar from here on, between 0 and 1.
const SIMILAR: f32 = 0.8;

/// Arguments that every build knows without an ARG
/// (docs.docker.com/reference/dockerfile, "Predefined ARGs" and "Automatic platform ARGs").
const PREDEFINED: [&str; 14] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SOURCE_DATE_EPOCH",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

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
                .is_none_or(|image| wants(image, &argument.key.value));
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

/// Whether a build may look at an argument.
fn wants(image: &Image, name: &str) -> bool {
    let file = &image.dockerfile.tree;
    let is_predefined = name.starts_with("BUILDKIT_")
        || PREDEFINED
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
    // Triggers of a base image have ARGs of their own.
    let may_have_triggers = || {
        image.stages.iter().enumerate().any(|(at, _)| {
            image
                .base_image(at)
                .is_some_and(|base| base.contains("onbuild"))
        })
    };
    is_predefined
        || file.is_of_another_language()
        || image.stages.is_empty()
        || declared(image).any(|known| known == name)
        || may_have_triggers()
}

/// The names behind ARG, in all stages and before them.
fn declared(image: &Image) -> impl Iterator<Item = &str> {
    let args = image
        .dockerfile
        .tree
        .instructions
        .iter()
        .map(|instruction| match &instruction.arguments {
            Arguments::Onbuild(trigger) => trigger,
            _ => instruction,
        });
    let args = args.filter(|instruction| instruction.keyword == Keyword::Arg);
    args.flat_map(Instruction::words)
        .map(|word| word.text.as_str().split('=').next().unwrap_or_default())
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
    let used = used(image, name);
    if let Some(place) = used {
        finding = finding.label(
            place,
            "empty here without an ARG before it, unless the base image sets it",
        );
    }
    let others: Vec<&str> = declared(image)
        .filter(|known| {
            service
                .spec()
                .build
                .iter()
                .all(|build| build.args.iter().all(|arg| arg.key.value != *known))
        })
        .collect();
    let is_written = project.workspace().sources().slice(span) == name;
    if let Some(similar) = similar::get_close_matches(name, &others, 1, SIMILAR)
        .first()
        .copied()
    {
        let fix = Fix {
            title: format!("Write `{similar}`"),
            safety: Safety::Unsafe,
            edits: vec![Edit::replace(span, similar)],
        };
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
        let fix = Fix {
            title: format!("Declare `ARG {name}`"),
            safety: Safety::Unsafe,
            edits: vec![edit],
        };
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

/// An instruction of a needed stage that uses the variable, which no ENV sets.
fn used(image: &Image, name: &str) -> Option<Span> {
    if image.stages.iter().any(|stage| {
        stage
            .config
            .env
            .iter()
            .any(|variable| variable.name == name)
    }) {
        return None;
    }
    let source = &image.dockerfile.tree.source;
    let (plain, braced) = (format!("${name}"), format!("${{{name}"));
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let uses = |text: &str, form: &str| {
        text.match_indices(form)
            .any(|(at, _)| is_end(&text[at + form.len()..]))
    };
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    steps.map(|step| step.span).find(|span| {
        let text = source.slice(*span);
        uses(text, &plain) || uses(text, &braced)
    })
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
