//! A named volume over the packages that the image installed: nothing but removing it brings new
//! ones.

use crate::compose::{Mount, MountKind};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::path;
use crate::knowledge::directories;
use crate::links::{Action, commands};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::packages::{self, Packages};
use crate::project::purpose::Intent;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "named-dependency-volume";

/// Judges the volumes of all services.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project
        .intent()
        .is_some_and(|intent| matches!(intent.intent, Intent::Test | Intent::Ci))
    {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for service in project.services() {
        let kept: Vec<(Packages, &Mount, &str)> = packages::of(service)
            .into_iter()
            .filter_map(|packages| kept(project, service, packages))
            .collect();
        let new: Vec<&(Packages, &Mount, &str)> = kept
            .iter()
            .filter(|(_, _, volume)| !told.contains(volume))
            .collect();
        findings.extend(report(project, service, &new));
        told.extend(kept.iter().map(|(_, _, volume)| *volume));
    }
}

/// The volume that keeps a directory of packages. One over all of the code keeps more than
/// packages, and is another matter.
fn kept<'p>(
    project: &Project<'_>,
    service: Service<'p>,
    packages: Packages,
) -> Option<(Packages, &'p Mount, &'p str)> {
    let mount = mounts::over(service, &packages.container)
        .filter(|mount| mount.kind == MountKind::Volume)?;
    let volume = mount
        .source
        .as_ref()
        .filter(|source| source.origin.is_fixed())?;
    let users = mounts::users_of_volume(project, volume.as_str());
    let is_renewed = users
        .iter()
        .filter_map(|(user, _)| project.service(user.name.as_str()))
        .any(at_start::installs_packages_later);
    let is_theirs = !is_renewed && directories::is_made(path::name(&mount.target));
    is_theirs.then(|| (packages, mount, volume.as_str()))
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    kept: &[&(Packages, &Mount, &str)],
) -> Option<Diagnostic> {
    let (packages, mount, volume) = kept.first()?;
    let (name, target) = (service.name(), mount.target.as_str());
    let message = format!(
        "`{name}` keeps its packages in the volume `{volume}`: those that a new image installs are never seen"
    );
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("filled once, when the volume was made")
        .service(name);
    finding = finding.label(packages.made, "the image installs them here");
    for (_, mount, _) in &kept[1..] {
        if let Some(span) = mount.origin.span {
            finding = finding.label(span, "and this one");
        }
    }
    let users = mounts::users_of_volume(project, volume);
    for (user, other) in &users {
        if let Some(span) = other
            .origin
            .span
            .filter(|span| *span != finding.span && user.name.value != name)
        {
            finding = finding.label(span, format!("`{}` uses it as well", user.name.as_str()));
        }
    }
    let fix = if users.len() == 1 && kept.len() == 1 {
        fix(project, mount, volume)
    } else {
        None
    };
    let command = |action: Action| commands::command(service, &action).unwrap_or_default();
    let renewed = command(Action::RebuildRenew);
    let removed = command(Action::DropVolume(volume.to_string()));
    let help = format!(
        "Without a name, `- {target}`, `{renewed}` recreates it; a named volume must be removed: `{removed}`"
    );
    Some(finding.help(help).fix(fix))
}

/// The volume without its name, which then goes from the top-level list as well.
fn fix(project: &Project<'_>, mount: &Mount, volume: &str) -> Option<Fix> {
    let span = mount.origin.span?;
    let target = mount
        .target
        .span()
        .filter(|target| target.file == span.file && target.start > span.start)?;
    let parsed = project.yaml_of(span);
    let item = parsed.tree.item_at(span)?;
    // The long form says `source:` and `target:` on lines of their own.
    if parsed.tree.source().slice(span).contains('\n')
        || !parsed
            .tree
            .source()
            .slice(span)
            .trim_start_matches(['"', '\''])
            .starts_with(volume)
    {
        return None;
    }
    let start = item.span().start
        + u32::from(
            parsed
                .tree
                .source()
                .slice(item.span())
                .starts_with(['"', '\'']),
        );
    let mut edits = vec![Edit::delete(Span {
        start,
        end: target.start,
        ..target
    })];
    edits.extend(declaration(project, volume).unwrap_or_default());
    Some(Fix {
        title: format!("Leave the name `{volume}` out"),
        safety: Safety::Safe,
        edits,
    })
}

/// The edits that take a volume out of the top-level list.
fn declaration(project: &Project<'_>, volume: &str) -> Option<Vec<Edit>> {
    let resource = project
        .compose()?
        .volumes
        .iter()
        .find(|resource| resource.name.value == volume)?;
    let span = resource.name.span()?;
    let parsed = project.yaml_of(span);
    let entry = parsed
        .tree
        .entry_at(span)
        .filter(|entry| entry.key.text() == volume)?;
    let section = entry.key.parent()?;
    match section.entries().count() {
        1 => edit::remove_entry(section.parent()?.entry("volumes")?).ok(),
        _ => edit::remove_entry(entry).ok(),
    }
}
