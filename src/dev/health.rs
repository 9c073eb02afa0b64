//! Health checks that others wait for: the first probe comes after one whole interval.

use std::time::Duration;

use crate::compose::Condition;
use crate::project::{Project, Service};
use crate::startup;

use super::{DevForm, Reasoned};

/// A wait from which on somebody notices it.
pub const SLOW: Duration = Duration::from_secs(10);

/// Says that a health check is to be asked more often, when other services wait for it.
pub(super) fn say(project: &Project<'_>, service: Service<'_>, form: &mut DevForm) {
    let waits = |other: &Service<'_>| {
        let mut needs = other.spec().depends_on.iter();
        needs.any(|dependency| {
            dependency.service.value == service.name() && dependency.condition == Condition::Healthy
        })
    };
    let waiting: Vec<String> = project
        .services()
        .filter(waits)
        .map(|other| format!("`{}`", other.name()))
        .collect();
    let Some(probe) = service
        .first_probe()
        .filter(|probe| probe.after >= SLOW && !waiting.is_empty())
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
