//! `start_interval` without `start_period`: nothing to be quick in.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "start-interval-without-start-period";

/// Judges the health check of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .compose()
        .iter()
        .flat_map(|compose| &compose.services)
    {
        if service
            .healthcheck
            .as_ref()
            .is_none_or(|check| check.disable || check.start_period.is_some())
        {
            continue;
        }
        let Some(map) = service
            .data
            .get("healthcheck")
            .and_then(|check| check.as_map())
        else {
            continue;
        };
        let Some(entry) = map
            .entry("start_interval")
            .filter(|_| !map.contains("start_period"))
        else {
            continue;
        };
        let Some(span) = entry.key_span.or(entry.value.span()) else {
            continue;
        };
        let name = service.name.as_str();
        let message = format!(
            "the health check of `{name}` has a `start_interval` and no `start_period`: `docker compose up` refuses it"
        );
        let parsed = project.yaml_of(span);
        let mapping = parsed
            .tree
            .entry_at(span)
            .and_then(|entry| entry.key.parent());
        let period = Insert::plain("60s");
        let fix = mapping.and_then(|mapping| {
            Fix::of(
                "Give it 60 seconds to start",
                Safety::Safe,
                edit::insert_entry(mapping, "start_period", &period),
            )
        });
        let help = "Add `start_period: 60s`: so long it is asked every `start_interval`, and failures do not count";
        findings.push(
            Diagnostic::new(ID, span, message)
                .note("in what time?")
                .service(name)
                .help(help)
                .fix(fix),
        );
    }
}
