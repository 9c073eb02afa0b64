//! What makes a resolved project unusable: services without an image, names that stand for nothing.
//!
//! Only services that start are judged. The caller asks only when every file that could say more has been read.

use rustc_hash::FxHashSet;

use crate::compose::INVALID_COMPOSE;
use crate::compose::model::{Compose, Service};
use crate::compose::references;
use crate::compose::value::Value;
use crate::diagnostic::Diagnostic;

/// Checks a project.
pub(super) fn check(compose: &Compose) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let jobs: FxHashSet<&str> =
        compose.data.get("jobs").and_then(Value::as_map).into_iter().flatten().map(|entry| entry.key.as_str()).collect();
    compose.active_services().for_each(|service| check_service(service, &jobs, &mut diagnostics));
    let undefined = references::undefined(compose).into_iter().filter(|undefined| undefined.service.active);
    diagnostics.extend(undefined.map(|undefined| undefined.diagnostic()));
    let active: Vec<&Service> = compose.active_services().collect();
    diagnostics.extend(references::rings(&active).iter().filter_map(references::ring_diagnostic));
    diagnostics
}

fn check_service(service: &Service, jobs: &FxHashSet<&str>, diagnostics: &mut Vec<Diagnostic>) {
    let name = &service.name.value;
    let mut report = |span, message: String| {
        diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message).service(name.clone()));
    };
    if service.image.as_ref().is_none_or(|image| image.value.is_empty())
        && service.build.is_none()
        && service.data.get("provider").is_none()
    {
        report(service.key(), format!("the service `{name}` has neither an image nor a build"));
    }
    for dependency in service.depends_on.iter().filter(|dependency| !dependency.origin.is_unknown()) {
        let needed = &dependency.service.value;
        if jobs.contains(needed.as_str()) {
            let span = dependency.service.span().or(dependency.origin.span).unwrap_or(service.key());
            report(span, format!("`{needed}` is a job: a service can depend on services only"));
        }
    }
}
