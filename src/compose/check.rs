//! What makes a resolved project unusable: services without an image, names that stand for nothing.
//!
//! Docker Compose judges services that start; whether the others have what they run from is asked
//! for rules. The caller asks only when every file that could say more has been read.

use rustc_hash::FxHashSet;

use crate::compose::INVALID_COMPOSE;
use crate::compose::interpolate::Unset;
use crate::compose::model::{Compose, Service};
use crate::compose::references;
use crate::compose::value::Value;
use crate::diagnostic::Diagnostic;

/// Checks a project. Of services without their base nobody knows what they have.
pub(super) fn check(
    compose: &Compose,
    unset: Unset,
    without_base: &FxHashSet<String>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let jobs: FxHashSet<&str> = compose
        .data
        .get("jobs")
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
        .map(|entry| entry.key.as_str())
        .collect();
    let judged = compose.services.iter().filter(|service| {
        (service.active || unset == Unset::Unknown) && !without_base.contains(&service.name.value)
    });
    judged.for_each(|service| check_service(compose, service, &jobs, &mut diagnostics));
    let undefined = references::undefined(compose)
        .into_iter()
        .filter(|undefined| undefined.service.active);
    diagnostics.extend(undefined.map(|undefined| undefined.diagnostic()));
    let active: Vec<&Service> = compose.active_services().collect();
    diagnostics.extend(
        references::rings(&active)
            .iter()
            .filter_map(references::ring_diagnostic),
    );
    diagnostics
}

fn check_service(
    compose: &Compose,
    service: &Service,
    jobs: &FxHashSet<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let name = &service.name.value;
    if service
        .image
        .as_ref()
        .is_none_or(|image| image.value.is_empty())
        && service.build.is_none()
        && service.data.get("provider").is_none()
    {
        let message = format!("the service `{name}` has neither an image nor a build");
        let mut problem =
            Diagnostic::new(INVALID_COMPOSE, service.key(), message).service(name.clone());
        problem.help = Some(
            match compose
                .files
                .iter()
                .take(compose.main_files)
                .collect::<Vec<_>>()
                .as_slice()
            {
                [first, .., last] if service.key().file == last.id() => {
                    let first = first
                        .path()
                        .file_name()
                        .unwrap_or_default()
                        .display()
                        .to_string();
                    format!(
                        "{first} has no service of this name: correct the name, take the service out, or give it an `image`."
                    )
                }
                _ => "Give it an `image` to run or a `build` to make one from.".to_owned(),
            },
        );
        diagnostics.push(problem);
    }
    for dependency in service
        .depends_on
        .iter()
        .filter(|dependency| !dependency.origin.is_unknown())
    {
        let needed = &dependency.service.value;
        if jobs.contains(needed.as_str()) {
            let span = dependency
                .service
                .span()
                .or(dependency.origin.span)
                .unwrap_or(service.key());
            let message = format!("`{needed}` is a job: a service can depend on services only");
            diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message).service(name.clone()));
        }
    }
}
