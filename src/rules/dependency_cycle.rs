//! Services that wait for each other, so that none can start first.

use crate::compose::Service;
use crate::compose::references::{self, Ring};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

/// Follows the dependencies of all services, those of profiles included.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let services: Vec<&Service> = compose.services.iter().collect();
    findings.extend(references::rings(&services).iter().filter_map(report));
}

fn report(ring: &Ring<'_>) -> Option<Diagnostic> {
    let mut finding = references::ring_diagnostic(ring)?;
    let (last, _) = ring.last()?;
    for (at, (service, dependency)) in ring.iter().enumerate() {
        let name = &service.name.value;
        let implied = dependency
            .implied_by
            .map(|by| format!(", because of `{by}`"))
            .unwrap_or_default();
        let text = if at + 1 == ring.len() {
            format!(
                "`{name}` waits for `{}`{implied}, which closes the ring",
                dependency.service.value
            )
        } else {
            format!("`{name}` waits for `{}`{implied}", dependency.service.value)
        };
        let span = dependency
            .service
            .span()
            .or(dependency.origin.span)
            .unwrap_or(service.key());
        finding = if span == finding.span {
            finding.note(text)
        } else {
            finding.label(span, text)
        };
    }
    let help = "Take out one of them: a service that is only called later need not be waited for";
    Some(finding.service(last.name.as_str()).help(help))
}
