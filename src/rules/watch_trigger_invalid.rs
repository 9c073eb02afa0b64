//! A trigger of `develop.watch` that cannot work.

use std::path::Path;

use crate::compose::{Data, INVALID_COMPOSE, MountKind, Service, Value, Watch, WatchAction};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "watch-trigger-invalid";

/// Judges the triggers of every service, and passes on what the loader refuses of them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.compose().iter().flat_map(|compose| &compose.services) {
        let items = service.watch_items();
        let split = split_items(service, items);
        let is_split = |span: Span| split.iter().any(|told| told.span == span || told.labels.iter().any(|label| label.span == span));
        let refused = project.problems().filter(|problem| problem.rule == INVALID_COMPOSE);
        let refused = refused.filter(|problem| items.iter().any(|item| item.span() == Some(problem.span)) && !is_split(problem.span));
        findings.extend(refused.map(|problem| Diagnostic { rule: ID, ..problem.clone() }.service(service.name.as_str())));
        findings.extend(split);
        findings.extend(service.watch.iter().filter_map(|watch| judge(service, watch, items)));
    }
}

/// A trigger that a second `-` has cut in two.
fn split_items(service: &Service, items: &[Value<Data>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for pair in items.windows(2) {
        let has = |item: &Value<Data>, key: &str| item.get(key).is_some();
        let (first, second) = (&pair[0], &pair[1]);
        let one = (has(first, "path"), has(first, "action"));
        let two = (has(second, "path"), has(second, "action"));
        if matches!((one, two), ((true, false), (false, true)) | ((false, true), (true, false)))
            && let (Some(here), Some(there)) = (second.span(), first.span())
        {
            let message =
                format!("`{}` has one watch trigger written as two, of which neither has both a path and an action", service.name.value);
            let finding = Diagnostic::new(ID, here, message).note("this belongs to the item above").label(there, "the trigger begins here");
            found.push(
                finding.service(service.name.as_str()).help("Take the second `-` out, so that `path` and `action` stand in one item"),
            );
        }
    }
    found
}

fn judge(service: &Service, watch: &Watch, items: &[Value<Data>]) -> Option<Diagnostic> {
    let name = service.name.as_str();
    let span = watch.action.span().or(watch.origin.span)?;
    let report = |message: String, help: String| Some(Diagnostic::new(ID, span, message).service(name).help(help));
    let action = watch.action.value;
    let is_sync = matches!(action, WatchAction::Sync | WatchAction::SyncRestart | WatchAction::SyncExec);
    let data = items.iter().find(|item| item.span() == watch.origin.span);
    let has_command = || data.and_then(|item| item.get("exec")?.get("command")).is_some();
    if action == WatchAction::SyncExec && !has_command() {
        let message = format!("`{name}` is to run a command after files are synced, but the trigger names none");
        return report(message, "Add `exec:` with a `command:`".to_owned());
    }
    if action == WatchAction::Rebuild && service.build.is_none() {
        let message = format!("`{name}` is to be rebuilt after an edit, but it has no `build`");
        return report(message, "Give the service a `build`, or let the trigger `sync` or `restart`".to_owned());
    }
    let path = Path::new(&watch.path.value);
    let is_known = |value: &&Value<String>| !value.origin.is_unknown();
    let binds = service.mounts.iter().filter(|mount| mount.kind == MountKind::Bind);
    let covering = binds.filter_map(|mount| mount.source.as_ref().filter(is_known)).find(|source| path.starts_with(&source.value));
    let covering = covering.filter(|_| is_sync && is_known(&&watch.path))?;
    let message = format!("`{name}` mounts what this trigger is to sync: `docker compose watch` ignores the trigger");
    let finding = Diagnostic::new(ID, watch.path.span()?, message).note("never watched").service(name);
    let finding = match covering.span() {
        Some(span) => finding.label(span, "edits arrive by this mount already"),
        None => finding,
    };
    Some(finding.help("Keep one of the two: the mount, or the trigger"))
}
