//! A volume without a name over the packages of the image, where nobody renews it.

use crate::compose::{Mount, MountKind};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::{Action, commands};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::packages::{self, Packages};
use crate::project::{Project, Service};
use crate::repository::recipes::{ComposeCall, RecipeKind};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "dependency-volume-stale";

/// Judges the services of a project that may be for development, unless people renew volumes as a
/// habit.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if renews(project) {
        return;
    }
    let keeps = |service: &Service<'_>| {
        service.spec().build.is_some() && !at_start::installs_packages_later(*service)
    };
    for service in project.developed_services().filter(keeps) {
        for packages in packages::of(service) {
            let mount = mounts::over(service, &packages.container);
            let is_kept = |mount: &&Mount| {
                mount.kind == MountKind::AnonymousVolume
                    && mount.target.value.trim_end_matches('/') == packages.container
            };
            if let Some(mount) = mount.filter(is_kept) {
                findings.extend(report(project, service, &packages, mount));
                break;
            }
        }
    }
}

/// Whether a recipe takes volumes without a name away: with `-V`, or with the containers that own
/// them.
fn renews(project: &Project<'_>) -> bool {
    project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Ci)
        .flat_map(|recipe| &recipe.calls)
        .any(|call| {
            let with_containers = call.is("down") || call.is("rm");
            with_containers || (call.is("up") && call.has(&["-V", "--renew-anon-volumes"]))
        })
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    packages: &Packages,
    mount: &Mount,
) -> Option<Diagnostic> {
    let (name, target) = (service.name(), mount.target.as_str());
    let message = format!(
        "`{name}` keeps {target} in a volume: after a change of its packages `up --build` still starts with the old ones"
    );
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("each new container takes it over")
        .service(name);
    finding = finding.label(packages.made, "the image installs them here");
    let rebuild = rebuild(project, name);
    if let Some((_, call)) = rebuild {
        finding = finding.label(call.span, "builds, and keeps the volume");
    }
    let fix = rebuild.and_then(|(kind, call)| {
        let flag = call.flags.iter().find(|flag| flag.name == "--build")?;
        let behind = Span {
            start: flag.span.end,
            end: flag.span.end,
            ..flag.span
        };
        let safety = if kind == RecipeKind::Runnable {
            Safety::Safe
        } else {
            Safety::Suggest
        };
        let edits = vec![Edit::replace(behind, " --renew-anon-volumes")];
        Some(Fix {
            title: "Renew volumes without a name with each build".to_owned(),
            safety,
            edits,
        })
    });
    Some(
        finding
            .help(format!(
                "After a change of the packages run `{}`, which recreates anonymous volumes",
                commands::command(service, &Action::RebuildRenew).unwrap_or_default()
            ))
            .fix(fix),
    )
}

/// The recipe by which people build and start a service, a script before a document.
fn rebuild<'p>(project: &'p Project<'_>, service: &str) -> Option<(RecipeKind, &'p ComposeCall)> {
    let calls = project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Ci);
    let calls = calls.flat_map(|recipe| recipe.calls.iter().map(|call| (recipe.kind, call)));
    let is_here = |call: &ComposeCall| {
        call.services.is_empty() || call.services.iter().any(|called| called.text == service)
    };
    calls
        .filter(|(_, call)| call.is("up") && call.has(&["--build"]) && is_here(call))
        .min_by_key(|(kind, _)| *kind)
}
