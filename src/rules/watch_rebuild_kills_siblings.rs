//! A trigger that rebuilds a tag which other services run, too: they are made anew and not started.

use std::path::Path;

use crate::compose::{Watch, WatchAction};
use crate::diagnostic::Diagnostic;
use crate::links::compose_watch;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "watch-rebuild-kills-siblings";

/// Judges every service with a trigger that rebuilds; each once.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .services()
        .filter(|service| service.spec().build.is_some())
    {
        let rebuilds = |watch: &&Watch| watch.action.value == WatchAction::Rebuild;
        let Some(watch) = service.spec().watch.iter().find(rebuilds) else {
            continue;
        };
        let Some(span) = watch.action.span() else {
            continue;
        };
        // One that has the same trigger is rebuilt, and so started, along with it.
        let has_trigger = |other: &Service<'_>| {
            other
                .spec()
                .watch
                .iter()
                .filter(rebuilds)
                .any(|other| Path::new(&watch.path.value).starts_with(&other.path.value))
        };
        let siblings: Vec<Service<'_>> = compose_watch::sharers_of_tag(service)
            .into_iter()
            .filter(|other| !has_trigger(other))
            .collect();
        let (Some(first), Some(tag)) = (siblings.first(), &service.spec().image) else {
            continue;
        };
        let name = service.name();
        let others = match siblings.as_slice() {
            [one] => format!("`{}`, which runs the same tag", one.name()),
            all => format!(
                "`{}` and {} more services, which run the same tag",
                first.name(),
                all.len() - 1
            ),
        };
        let message = format!("each rebuild of `{name}` by `docker compose watch` stops {others}");
        let mut finding = Diagnostic::new(ID, span, message)
            .note("made anew and not started")
            .service(name);
        if let Some(tag) = tag.span() {
            finding = finding.label(tag, format!("the tag of `{name}`"));
        }
        for sibling in &siblings {
            if let Some(tag) = sibling.spec().image.as_ref().and_then(|tag| tag.span()) {
                finding = finding.label(tag, format!("and of `{}`", sibling.name()));
            }
        }
        let help = format!(
            "Give each service a tag of its own, or the same trigger; until then run `docker compose up -d` after a rebuild of `{name}`"
        );
        findings.push(finding.help(help));
    }
}
