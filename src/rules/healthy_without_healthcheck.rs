//! A service that waits until another one is healthy, which nothing ever checks.

use crate::compose::Condition;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::knowledge::images::Probe;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::startup;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "healthy-without-healthcheck";

/// Reports each service without a health check once, at the first dependency that waits for one.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    for needed in project.services() {
        let Some(unchecked) = startup::missing_health_check(needed) else {
            continue;
        };
        let name = needed.name();
        let mut waiting = compose
            .services
            .iter()
            .flat_map(|service| service.depends_on.iter().map(move |edge| (service, edge)));
        let waits = |condition: Condition, to: &str, unknown: bool| {
            condition == Condition::Healthy && to == name && !unknown
        };
        let Some((service, edge)) = waiting
            .find(|(_, edge)| waits(edge.condition, &edge.service, edge.origin.is_unknown()))
        else {
            continue;
        };
        let span = edge
            .service
            .span()
            .or(edge.origin.span)
            .unwrap_or(service.key());
        let message = format!(
            "`{}` waits until `{name}` is healthy, but `{name}` has {}",
            service.name.value, unchecked.what
        );
        let mut finding = Diagnostic::new(ID, span, message)
            .note("never healthy")
            .service(service.name.as_str());
        for (other, edge) in waiting
            .filter(|(_, edge)| waits(edge.condition, &edge.service, edge.origin.is_unknown()))
        {
            if let Some(span) = edge.service.span().or(edge.origin.span) {
                finding = finding.label(span, format!("`{}` waits, too", other.name.value));
            }
        }
        finding = finding.label(unchecked.span, unchecked.note);
        let help = match unchecked.probe {
            Some(probe) => format!(
                "Give `{name}` a health check: `test: [\"CMD-SHELL\", \"{}\"]`",
                probe.command
            ),
            None => format!(
                "Give `{name}` a `healthcheck`, or wait for it with `condition: service_started`"
            ),
        };
        let fix = unchecked
            .probe
            .and_then(|probe| add(project, needed, probe));
        findings.push(finding.help(help).fix(fix));
    }
}

/// The usual probe of a well-known image.
fn add(project: &Project<'_>, service: Service<'_>, probe: &Probe) -> Option<Fix> {
    let spec = service.spec();
    let image = spec.image.as_ref()?.span()?;
    if spec.healthcheck.is_some() {
        return None;
    }
    let parsed = project.yaml_of(image);
    let mapping = parsed.tree.node_at(image.start)?.parent()?;
    let test = Insert::flow_sequence([Insert::quoted("CMD-SHELL"), Insert::quoted(probe.command)]);
    let check = Insert::mapping([
        ("test", test),
        ("interval", "5s".into()),
        ("timeout", "5s".into()),
        ("retries", Insert::plain("10")),
    ]);
    let edits = edit::insert_entry(mapping, "healthcheck", &check);
    Fix::of(
        format!("Give `{}` a health check", service.name()),
        Safety::Unsafe,
        edits,
    )
}
