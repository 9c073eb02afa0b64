//! A trigger of `develop.watch` that cannot work.

use crate::compose::{self, Data, INVALID_COMPOSE, Value, Watch, WatchAction};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::links::compose_watch;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "watch-trigger-invalid";

/// Judges the triggers of every service, and passes on what the loader refuses of them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        let spec = service.spec();
        let items = spec.watch_items();
        let split = split_items(spec, items);
        let is_split = |span: Span| {
            split
                .iter()
                .any(|told| told.span == span || told.labels.iter().any(|label| label.span == span))
        };
        let refused = project
            .problems()
            .filter(|problem| problem.rule == INVALID_COMPOSE);
        let refused = refused.filter(|problem| {
            items.iter().any(|item| item.span() == Some(problem.span)) && !is_split(problem.span)
        });
        findings.extend(refused.map(|problem| {
            Diagnostic {
                rule: ID,
                ..problem.clone()
            }
            .service(service.name())
        }));
        findings.extend(split);
        findings.extend(
            spec.watch
                .iter()
                .filter_map(|watch| judge(project, service, watch, items)),
        );
    }
}

/// A trigger that a second `-` has cut in two.
fn split_items(service: &compose::Service, items: &[Value<Data>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for pair in items.windows(2) {
        let has = |item: &Value<Data>, key: &str| item.get(key).is_some();
        let (first, second) = (&pair[0], &pair[1]);
        let one = (has(first, "path"), has(first, "action"));
        let two = (has(second, "path"), has(second, "action"));
        if matches!(
            (one, two),
            ((true, false), (false, true)) | ((false, true), (true, false))
        ) && let (Some(here), Some(there)) = (second.span(), first.span())
        {
            let message = format!(
                "`{}` has one watch trigger written as two, of which neither has both a path and an action",
                service.name.value
            );
            let finding = Diagnostic::new(ID, here, message)
                .note("this belongs to the item above")
                .label(there, "the trigger begins here");
            found.push(
                finding
                    .service(service.name.as_str())
                    .help("Take the second `-` out, so that `path` and `action` stand in one item"),
            );
        }
    }
    found
}

fn judge(
    project: &Project<'_>,
    service: Service<'_>,
    watch: &Watch,
    items: &[Value<Data>],
) -> Option<Diagnostic> {
    let name = service.name();
    let span = watch.action.span().or(watch.origin.span)?;
    let report = |message: String, help: String| {
        Some(Diagnostic::new(ID, span, message).service(name).help(help))
    };
    let action = watch.action.value;
    let data = items.iter().find(|item| item.span() == watch.origin.span);
    let has_command = || {
        data.and_then(|item| item.get("exec")?.get("command"))
            .is_some()
    };
    if action == WatchAction::SyncExec && !has_command() {
        let message = format!(
            "`{name}` is to run a command after files are synced, but the trigger names none"
        );
        return report(message, "Add `exec:` with a `command:`".to_owned());
    }
    if action == WatchAction::Rebuild && service.spec().build.is_none() {
        let message = format!("`{name}` is to be rebuilt after an edit, but it has no `build`");
        return report(
            message,
            "Give the service a `build`, or let the trigger `sync` or `restart`".to_owned(),
        );
    }
    // One that also runs a command is watched all the same.
    let is_ignored = matches!(action, WatchAction::Sync | WatchAction::SyncRestart);
    let covering = compose_watch::mounts_watched(service, watch).filter(|_| is_ignored)?;
    let message = format!(
        "`{name}` mounts what this trigger is to sync: `docker compose watch` ignores the trigger"
    );
    let finding = Diagnostic::new(ID, watch.path.span()?, message)
        .note("never watched")
        .service(name);
    let finding = match covering.span() {
        Some(span) => finding.label(span, "edits arrive by this mount already"),
        None => finding,
    };
    match action {
        // What the mount brings in still needs a restart, and that trigger is not ignored.
        WatchAction::SyncRestart => {
            let parsed = project.yaml_of(span);
            let node = parsed
                .tree
                .node_at(span.start)
                .filter(|node| node.text() == "sync+restart");
            let fix = node.and_then(|node| {
                Fix::of(
                    "Restart without syncing",
                    Safety::Unsafe,
                    edit::set_scalar(node, "restart"),
                )
            });
            Some(
                finding
                    .help(
                        "Write `action: restart`: the files are there, only the restart is missing",
                    )
                    .fix(fix),
            )
        }
        _ => Some(finding.help("Keep one of the two: the mount, or the trigger")),
    }
}
