//! A service that others wait for to end, and that Docker starts again whenever it ends.

use crate::compose::Condition;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "completed-service-restarts";

/// Reports each service once, at its `restart`.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    for needed in &compose.services {
        let Some(restart) = needed
            .restart
            .as_ref()
            .filter(|restart| matches!(restart.value.as_str(), "always" | "unless-stopped"))
        else {
            continue;
        };
        let Some(span) = restart.span().filter(|_| restart.origin.is_fixed()) else {
            continue;
        };
        let name = needed.name.as_str();
        let mut waiting = compose
            .services
            .iter()
            .flat_map(|service| service.depends_on.iter().map(move |edge| (service, edge)));
        let waits = waiting
            .find(|(_, edge)| edge.condition == Condition::Completed && edge.service.value == name);
        let Some((service, edge)) = waits else {
            continue;
        };
        let who = &service.name.value;
        let message = format!(
            "`{who}` waits until `{name}` has ended, but `restart: {}` starts `{name}` again whenever it ends",
            restart.value
        );
        let mut finding = Diagnostic::new(ID, span, message)
            .note("runs for ever")
            .service(name);
        if let Some(place) = edge.service.span().or(edge.origin.span) {
            finding = finding.label(place, format!("`{who}` waits here"));
        }
        let parsed = project.yaml_of(span);
        let node = parsed
            .tree
            .node_at(span.start)
            .filter(|_| restart.origin.steps.is_empty());
        let fix = node.and_then(|node| {
            Fix::of(
                "Start it again only when it fails",
                Safety::Unsafe,
                edit::set_scalar(node, "on-failure"),
            )
        });
        findings.push(
            finding
                .help("Write `restart: on-failure`, or take `restart` out")
                .fix(fix),
        );
    }
}
