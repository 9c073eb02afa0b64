//! A service that starts with a database or a broker, whose health check would tell when that is
//! ready.

use crate::compose::{Condition, Dependency, HealthcheckTest, Service};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::knowledge::images;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "wait-on-started-race";

/// Judges the edges to servers that are slow to start and have a health check.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    for service in &compose.services {
        for edge in service
            .depends_on
            .iter()
            .filter(|edge| edge.condition == Condition::Started && edge.implied_by.is_none())
        {
            if let Some(needed) = compose
                .service(&edge.service)
                .filter(|needed| is_checked_server(needed))
            {
                findings.extend(report(project, service, edge, needed));
            }
        }
    }
}

/// Whether it is a server whose image is known for a usual probe, and which has a health check in
/// the compose file.
fn is_checked_server(service: &Service) -> bool {
    let is_server = service.build.is_none()
        && service
            .image
            .as_ref()
            .is_some_and(|image| matches!(images::probe(image), Some(Some(_))));
    let is_tested = |check: &crate::compose::Healthcheck| {
        !check.disable
            && check
                .test
                .as_ref()
                .is_some_and(|test| test.value != HealthcheckTest::None)
    };
    is_server && service.healthcheck.as_ref().is_some_and(is_tested)
}

fn report(
    project: &Project<'_>,
    service: &Service,
    edge: &Dependency,
    needed: &Service,
) -> Option<Diagnostic> {
    let (name, to) = (service.name.as_str(), needed.name.as_str());
    let span = edge.service.span().or(edge.origin.span)?;
    let message = format!(
        "`{name}` starts as soon as `{to}` is started, not when it is ready, which a health check would tell"
    );
    let mut finding = Diagnostic::new(ID, span, message)
        .note("does not wait")
        .service(name);
    if let Some(check) = needed
        .healthcheck
        .as_ref()
        .and_then(|check| check.origin.span)
    {
        finding = finding.label(check, "nobody waits for this");
    }
    let parsed = project.yaml_of(span);
    let healthy = Insert::text("service_healthy");
    let edits = match parsed
        .tree
        .entry_at(span)
        .filter(|entry| entry.key.text() == to)
    {
        Some(entry) => match entry.value.get("condition") {
            Some(condition) => Some(edit::set_scalar(condition, "service_healthy")),
            None => Some(edit::insert_entry(entry.value, "condition", &healthy)),
        },
        None => parsed
            .tree
            .item_at(span)
            .and_then(|item| item.parent())
            .map(|list| {
                let condition = |item: &str| {
                    Insert::text(if item == to {
                        "service_healthy"
                    } else {
                        "service_started"
                    })
                };
                edit::list_to_mapping(list, &|item| {
                    Insert::mapping([("condition", condition(item))])
                })
            }),
    };
    let fix = edits.filter(|_| edge.origin.is_fixed()).and_then(|edits| {
        Fix::of(
            format!("Wait until `{to}` is healthy"),
            Safety::Unsafe,
            edits,
        )
    });
    Some(
        finding
            .help("Wait for it with `condition: service_healthy`")
            .fix(fix),
    )
}
