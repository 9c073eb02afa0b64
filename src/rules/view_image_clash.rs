//! One name for the images of two sets of compose files that build different things: each starts
//! what the other built.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::{Project, Service};
use crate::repository::named_images::{MadeFrom, NamedBuild, made_from};
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind, Tool};
use crate::rules::Findings;

const ID: &str = "view-image-clash";

/// A start of these files that builds nothing, with its recipe.
type Start<'p> = (&'p Recipe, &'p ComposeCall);

/// Compares the images of this project with those of the other sets of files that people start
/// here.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let files: Vec<PathBuf> = compose
        .files
        .iter()
        .take(compose.main_files)
        .map(|source| source.path().to_path_buf())
        .collect();
    let Some(start) = starts(project, &files).find(|(recipe, _)| !recipe.calls.iter().any(builds))
    else {
        return;
    };
    let others = project.named_builds();
    for service in project.services() {
        let found = others.0.iter().find(|other| {
            other.files != files
                && clashes(service, other)
                && is_told_here(project, &files, start, other)
        });
        findings.extend(found.and_then(|other| report(project, service, other, start)));
    }
}

fn builds(call: &ComposeCall) -> bool {
    call.is("build") || call.is("watch") || call.has(&["--build", "--watch", "-w"])
}

/// The calls by which people start files on this machine.
fn starts<'p>(project: &'p Project<'_>, files: &'p [PathBuf]) -> impl Iterator<Item = Start<'p>> {
    let by_people = project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Ci);
    let calls = by_people.flat_map(|recipe| recipe.calls.iter().map(move |call| (recipe, call)));
    calls.filter(|(_, call)| {
        call.is("up") && call.tool == Tool::Compose && !call.remote && call.loads(files)
    })
}

fn clashes(service: Service<'_>, other: &NamedBuild) -> bool {
    let image = service
        .spec()
        .image
        .as_ref()
        .filter(|image| !image.origin.is_unknown());
    let differs = |own: MadeFrom| {
        let other = &other.made_from;
        own.context != other.context
            || own.dockerfile != other.dockerfile
            || own.target != other.target
    };
    image.is_some_and(|image| image.value == other.image)
        && made_from(service.spec()).is_some_and(differs)
}

/// Whether the same people start both: one of the two by a script, and of two sets that both could
/// report it the first does.
fn is_told_here(
    project: &Project<'_>,
    files: &[PathBuf],
    start: Start<'_>,
    other: &NamedBuild,
) -> bool {
    let all: Vec<Start<'_>> = starts(project, &other.files).collect();
    let is_script = |start: &Start<'_>| start.0.kind == RecipeKind::Runnable;
    let tells_as_well = all
        .iter()
        .any(|(recipe, _)| !recipe.calls.iter().any(builds));
    !all.is_empty()
        && (is_script(&start) || all.iter().any(is_script))
        && (!tells_as_well || files < other.files.as_slice())
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    other: &NamedBuild,
    start: Start<'_>,
) -> Option<Diagnostic> {
    let (name, image) = (service.name(), &other.image);
    let own = made_from(service.spec())?;
    let (recipe, call) = start;
    let difference =
        if own.dockerfile == other.made_from.dockerfile && own.context == other.made_from.context {
            "stages"
        } else {
            "Dockerfiles"
        };
    let file = project.written(other.files.last()?);
    let message = format!(
        "`{name}` is built from different {difference} here and with {file}, under one name, `{image}`: `up` starts the one that was built last"
    );
    let mut finding = Diagnostic::new(ID, service.spec().image.as_ref()?.span()?, message)
        .note("the name")
        .service(name);
    if other.span != finding.span {
        finding = finding.label(other.span, format!("`{}` has it as well", other.service));
    }
    for (span, label) in [
        (own.span, "this is built here"),
        (other.made_from.span, "and this there"),
    ] {
        if let Some(span) = span.filter(|span| *span != finding.span) {
            finding = finding.label(span, label);
        }
    }
    finding = finding.label(
        call.span,
        format!("`{}` starts it without a build", recipe.title()),
    );
    let help = format!(
        "Give one of them another name, or build at each start: `docker compose up --build`. Without `image` the name is that of the project and `{name}`"
    );
    Some(finding.help(help).fix(fix(project, start)))
}

/// `--build` behind `up`, where that word stands as it is.
fn fix(project: &Project<'_>, (recipe, call): Start<'_>) -> Option<Fix> {
    let span = call.subcommand.span;
    let is_script =
        recipe.kind == RecipeKind::Runnable && project.workspace().sources().slice(span) == "up";
    let edits = vec![Edit::replace(span, "up --build")];
    is_script.then(|| Fix {
        title: "Build before the start".to_owned(),
        safety: Safety::Unsafe,
        edits,
    })
}
