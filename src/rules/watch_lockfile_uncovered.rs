//! `docker compose watch` brings the code of a service and does not notice that its dependencies
//! change.

use crate::compose::{MountKind, WatchAction};
use crate::dev;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::image::path;
use crate::links::compose_watch;
use crate::links::{Action, commands};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "watch-lockfile-uncovered";

/// Judges every service that is watched.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .developed_services()
        .filter(|service| !service.spec().watch.is_empty())
    {
        findings.extend(uncovered(project, service));
        findings.extend(kept(project, service));
    }
}

/// Manifests that no trigger rebuilds for. A container that installs when it starts needs no new
/// image.
fn uncovered(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let manifests = dev::unwatched_manifests(service);
    let first = manifests.first().filter(|_| !installs_at_start(service))?;
    let spec = service.spec();
    let last = spec.watch.last().and_then(|watch| watch.origin.span)?;
    let names: Vec<String> = manifests
        .iter()
        .map(|manifest| project.written(&manifest.host))
        .collect();
    let name = service.name();
    let message = format!(
        "`docker compose watch` does not rebuild `{name}` for an edit of {}",
        list(&names)
    );
    let begin = spec
        .watch
        .first()
        .and_then(|watch| watch.origin.span)
        .unwrap_or(last);
    let finding = Diagnostic::new(ID, begin, message)
        .note("no trigger rebuilds for it")
        .service(name);
    let finding = finding.label(first.install.command, "its image installs from it here");
    let parsed = project.yaml_of(last);
    let list = parsed.tree.item_at(last).and_then(|item| item.parent());
    let trigger = |path: &String| {
        Insert::mapping([
            ("path", Insert::text(path.as_str())),
            ("action", Insert::text("rebuild")),
        ])
    };
    let items: Vec<Insert> = names.iter().map(trigger).collect();
    // A tag that others share is not to be rebuilt behind their backs.
    let list = list.filter(|_| compose_watch::sharers_of_tag(service).is_empty());
    let fix = list.and_then(|list| {
        Fix::of(
            "Rebuild when they change",
            Safety::Safe,
            edit::append_items(list, &items),
        )
    });
    let rebuild = commands::command(service, &Action::Rebuild).unwrap_or_default();
    let help = format!(
        "Add a trigger with `action: rebuild` and `path: {}`; until then: `{rebuild}`",
        names[0]
    );
    Some(finding.help(help).fix(fix))
}

/// An anonymous volume over the packages: a rebuild by a trigger keeps it, and with it the old
/// ones.
fn kept(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let spec = service.spec();
    let manifests = dev::manifests(project, service);
    let rebuilds = spec
        .watch
        .iter()
        .filter(|watch| watch.action.value == WatchAction::Rebuild);
    let triggers: Vec<_> = rebuilds
        .filter_map(|watch| Some((watch, watch.action.span()?)))
        .collect();
    let volumes = spec
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::AnonymousVolume);
    let (mount, manifest) = volumes.into_iter().find_map(|mount| {
        let fills = |write: &String| path::below(write, &mount.target).is_some();
        Some((
            mount,
            manifests
                .iter()
                .find(|manifest| manifest.install.writes.iter().any(fills))?,
        ))
    })?;
    let (_, span) = triggers
        .into_iter()
        .find(|(watch, _)| manifest.host.starts_with(&watch.path.value))?;
    let name = service.name();
    let target = mount.target.as_str();
    let message = format!(
        "`docker compose watch` rebuilds `{name}` for new packages, and the anonymous volume at {target} keeps the old ones"
    );
    let finding = Diagnostic::new(ID, span, message)
        .note("no use")
        .label(mount.origin.span?, "kept when the container is made anew");
    let finding = finding.label(manifest.install.command, format!("installs into {target}"));
    Some(finding.service(name).help(format!(
        "After a change of packages run `{}`, or take the volume out",
        commands::command(service, &Action::RebuildRenew).unwrap_or_default()
    )))
}

fn installs_at_start(service: Service<'_>) -> bool {
    let mut before = service
        .processes()
        .iter()
        .flat_map(|process| &process.side_effects);
    before.any(|command| {
        command.argv().iter().any(|word| {
            matches!(
                *word,
                "install" | "ci" | "sync" | "i" | "restore" | "download"
            )
        })
    })
}

fn list(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} more files", rest.len()),
        [] => String::new(),
    }
}
