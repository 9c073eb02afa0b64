//! What `docker compose watch` does about an edit while it runs.

use std::path::Path;

use super::Place;
use super::action::Action;
use super::chain::{Chain, Watching};
use super::compose_watch;
use super::way::{Way, copies};
use crate::compose::{Value, Watch, WatchAction};
use crate::image::path;
use crate::links::bringing;
use crate::process::Process;

impl Place<'_> {
    /// What watch does about an edit that `chain` follows; `None` where no trigger notices it, or
    /// what it does is of no use.
    pub(super) fn watching(
        &self,
        process: &Process,
        host: &Path,
        chain: &Chain,
    ) -> Option<Watching> {
        let is_mounted = chain.arrives.holds();
        let mut triggers: Vec<&Watch> = Vec::new();
        for watch in &self.service.spec().watch {
            let restarts = matches!(
                watch.action.value,
                WatchAction::Restart | WatchAction::Rebuild
            );
            // Docker Compose does not sync what is mounted, and restarts nothing without a mount.
            let fits = if is_mounted {
                restarts
            } else {
                watch.action.value != WatchAction::Restart
            };
            if fits && self.notices(watch, host) {
                triggers.push(watch);
            }
        }
        let watch = triggers
            .into_iter()
            .max_by_key(|watch| match watch.action.value {
                WatchAction::Rebuild => 2,
                WatchAction::SyncRestart | WatchAction::SyncExec => 1,
                WatchAction::Sync | WatchAction::Restart => 0,
            })?;
        let (text, action) = match watch.action.value {
            WatchAction::Rebuild => (
                "docker compose watch rebuilds the image and replaces the container",
                // What a volume keeps stays through a new image.
                Some(&chain.action)
                    .filter(|action| **action > Action::Rebuild)
                    .cloned()
                    .unwrap_or(Action::None),
            ),
            WatchAction::Restart => ("docker compose watch restarts the container", Action::None),
            WatchAction::Sync | WatchAction::SyncRestart | WatchAction::SyncExec => {
                self.synced(process, host, watch)?
            }
        };
        Some(Watching {
            text: format!("while it runs, {text}"),
            span: watch.origin.span,
            action,
        })
    }

    /// What a sync of a path does; `None` when it goes to where nobody reads it.
    fn synced(
        &self,
        process: &Process,
        host: &Path,
        watch: &Watch,
    ) -> Option<(&'static str, Action)> {
        let rest = host.strip_prefix(&watch.path.value).ok()?.to_str()?;
        let container = path::join(&watch.target.as_ref()?.value, rest);
        let is_read = |at: &str| bringing::reads_at(process, at);
        let image = self.service.image();
        let mut copies = image.into_iter().flat_map(|image| copies(image, host));
        let reads_copy = copies.any(|(at, _)| at != container && is_read(&at));
        if !is_read(&container) && reads_copy || self.mount_over(&container).is_some() {
            return None;
        }
        match watch.action.value {
            WatchAction::SyncRestart => Some((
                "docker compose watch copies it into the container and restarts it",
                Action::None,
            )),
            WatchAction::SyncExec => Some((
                "docker compose watch copies it into the container and runs a command there",
                Action::None,
            )),
            _ => {
                let way = Way {
                    container: Some(container),
                    ..Way::new(super::Link::yes("", None), Action::None)
                };
                let read = self.read(process, host, &way);
                let (_, again) = self.read_again(process, host, &way);
                let action = read.action.max(again);
                Some(("docker compose watch copies it into the container", action))
            }
        }
    }

    fn notices(&self, watch: &Watch, host: &Path) -> bool {
        let Ok(rest) = host.strip_prefix(&watch.path.value) else {
            return false;
        };
        let rest = rest.to_str().unwrap_or_default().replace('\\', "/");
        if rest.is_empty() {
            return true;
        }
        let fits = |patterns: &[Value<String>]| {
            patterns
                .iter()
                .any(|pattern| compose_watch::pattern(&pattern.value).is_ignored(&rest))
        };
        let image = self.service.image();
        let is_ignored = image.is_some_and(|image| image.context.is_ignored(host, false));
        !fits(&watch.ignore) && !is_ignored && (watch.include.is_empty() || fits(&watch.include))
    }
}
