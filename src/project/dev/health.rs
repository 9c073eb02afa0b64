//! Health checks that others wait for: the first probe comes after one whole interval.

use std::time::Duration;

use crate::compose::{Condition, HealthcheckTest};
use crate::project::{Project, Service};

use super::{DevForm, Reasoned};

/// The interval where nobody says one. Source: `docker run --help`, HEALTHCHECK of the Dockerfile reference.
const DEFAULT: Duration = Duration::from_secs(30);

/// An interval from which on somebody notices the wait.
const SLOW: Duration = Duration::from_secs(10);

/// A start interval up to which nobody does.
const QUICK: Duration = Duration::from_secs(5);

/// Says that a health check is to be asked more often, when other services wait for it.
pub(super) fn say(project: &Project<'_>, service: Service<'_>, form: &mut DevForm) {
    let waits = |other: &Service<'_>| {
        let mut needs = other.spec().depends_on.iter();
        needs.any(|dependency| dependency.service.value == service.name() && dependency.condition == Condition::Healthy)
    };
    let waiting: Vec<String> = project.services().filter(waits).map(|other| format!("`{}`", other.name())).collect();
    let Some(interval) = interval(service).filter(|interval| *interval >= SLOW && !waiting.is_empty()) else { return };
    let who = match waiting.as_slice() {
        [one] => format!("{one} waits"),
        [one, two] => format!("{one} and {two} wait"),
        [one, rest @ ..] => format!("{one} and {} more wait", rest.len()),
        [] => return,
    };
    let why = format!("{who} for its first probe, which comes after one interval: {} s so far", interval.as_secs());
    form.quick_health = Some(Reasoned::new((), why));
}

/// How long it is until the first probe; nothing when there is none.
fn interval(service: Service<'_>) -> Option<Duration> {
    let own = service.spec().healthcheck.as_ref();
    if own.is_some_and(|check| check.disable || check.test.as_ref().is_some_and(|test| test.value == HealthcheckTest::None)) {
        return None;
    }
    let of_image = service.image().and_then(|image| image.config()).and_then(|config| config.healthcheck.as_ref());
    let of_image = of_image.filter(|check| check.test.is_some());
    let is_tested = own.is_some_and(|check| check.test.is_some()) || of_image.is_some();
    if !is_tested {
        return None;
    }
    let quick = |check: &crate::compose::Healthcheck| {
        let has_period = check.start_period.as_ref().is_some_and(|period| !period.is_zero());
        has_period && check.start_interval.as_ref().is_some_and(|interval| interval.value <= QUICK)
    };
    if own.is_some_and(quick) {
        return None;
    }
    let written = own.and_then(|check| check.interval.as_ref());
    match written {
        Some(interval) if interval.origin.is_unknown() => None,
        Some(interval) => Some(interval.value),
        None => {
            let option = of_image.and_then(|check| check.options.iter().find(|(name, _)| name == "interval"));
            match option {
                Some((_, value)) => seconds(&value.value),
                None => Some(DEFAULT),
            }
        }
    }
}

/// A duration as people write it in a Dockerfile: `10s`, `1m`, `500ms`. Others are not worth reading: they are not slow,
/// or nobody writes them.
fn seconds(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..split].parse().ok()?;
    match &text[split..] {
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "ms" => Some(Duration::from_millis(number)),
        _ => None,
    }
}
