//! A trigger that syncs files to where they came from, and so sets itself off.

use crate::compose::WatchAction;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::links::compose_watch;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "watch-exec-loop";

/// Judges the triggers that run a command.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        let triggers = service
            .spec()
            .watch
            .iter()
            .filter(|watch| watch.action.value == WatchAction::SyncExec);
        for watch in
            triggers.filter(|watch| compose_watch::mounts_watched(service, watch).is_some())
        {
            let (Some(mount), Some(span)) = (
                compose_watch::synced_back(service, watch),
                watch.action.span(),
            ) else {
                continue;
            };
            let name = service.name();
            let message = format!(
                "`{name}` runs its command again and again: the sync writes to a mount of what is watched"
            );
            let mut finding = Diagnostic::new(ID, span, message)
                .note("sets itself off")
                .service(name);
            if let Some(mount) = mount.origin.span {
                finding = finding.label(mount, "the synced files come back to the host here");
            }
            let parsed = project.yaml_of(span);
            let node = parsed
                .tree
                .node_at(span.start)
                .filter(|node| node.text() == "sync+exec");
            let fix = node.and_then(|node| {
                Fix::of(
                    "Restart instead",
                    Safety::Unsafe,
                    edit::set_scalar(node, "restart"),
                )
            });
            let help = "Edits arrive by the mount: write `action: restart`, or take the mount out and let the trigger sync";
            findings.push(finding.help(help).fix(fix));
        }
    }
}
