//! Health checks that others wait for: the first probe comes after one whole interval, and another
//! stage may have no health check at all.

use std::time::Duration;

use crate::compose::Condition;
use crate::image::Image;
use crate::project::{Project, Service};
use crate::startup;

use super::{DevForm, Reasoned};

/// A wait from which on somebody notices it.
pub const SLOW: Duration = Duration::from_secs(10);

/// Says that a health check is to be asked more often, when other services wait for it.
pub(super) fn say(project: &Project<'_>, service: Service<'_>, form: &mut DevForm) {
    let waiting: Vec<String> = project
        .services()
        .filter(|other| waits_for_health(*other, service))
        .map(|other| format!("`{}`", other.name()))
        .collect();
    let Some(probe) =
        startup::first_probe(service).filter(|probe| probe.after >= SLOW && !waiting.is_empty())
    else {
        return;
    };
    let who = match waiting.as_slice() {
        [one] => format!("{one} waits"),
        [one, two] => format!("{one} and {two} wait"),
        [one, rest @ ..] => format!("{one} and {} more wait", rest.len()),
        [] => return,
    };
    let why = format!(
        "{who} for its first probe, which comes after one interval: {} so far",
        startup::told(probe.after)
    );
    form.quick_health = Some(Reasoned::new((), why));
}

/// Whether somebody waits for a health check that only the selected stage has.
pub(super) fn is_lost(project: &Project<'_>, service: Service<'_>, image: &Image) -> bool {
    let is_of_image = image
        .config()
        .is_some_and(|config| config.healthcheck.is_some());
    let has_own_test = service
        .spec()
        .healthcheck
        .as_ref()
        .is_some_and(|check| check.test.is_some());
    is_of_image
        && !has_own_test
        && project
            .services()
            .any(|other| waits_for_health(other, service))
}

fn waits_for_health(other: Service<'_>, service: Service<'_>) -> bool {
    other.spec().depends_on.iter().any(|dependency| {
        dependency.service.value == service.name() && dependency.condition == Condition::Healthy
    })
}
