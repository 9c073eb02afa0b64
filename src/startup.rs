//! How long a start takes at least: who waits for whom, and when the first health check of each
//! comes.
//!
//! A check comes after one whole interval, however quickly the service is there. How long a program
//! needs until it is ready, and a job until it ends, nobody knows from the files: every time here
//! is a lower bound.

use std::collections::VecDeque;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::compose::{Condition, Dependency, Healthcheck, HealthcheckTest};
use crate::project::{Project, Service};
use crate::text::Span;

mod probe;

pub use probe::{MissingTool, Unchecked, missing_health_check, missing_health_tool};

/// The interval where nobody says one. Source: HEALTHCHECK in the Dockerfile reference.
const INTERVAL: Duration = Duration::from_secs(30);

/// The same within the start period. Source: the same, `--start-interval`, and moby's
/// `daemon/health.go`; Docker Engine 25 and 26 know `--start-interval` and take the interval where
/// it is not given, so it is a lower bound.
const START_INTERVAL: Duration = Duration::from_secs(5);

/// When the first health check of a container comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FirstProbe {
    /// How long after the start.
    pub after: Duration,
    /// What says so: the interval, or the health check that names none.
    pub span: Option<Span>,
    /// Whether nobody says an interval.
    pub is_default: bool,
}

/// The earliest time at which a service starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The service.
    pub service: String,
    /// Counted from the start of the project; a lower bound.
    pub at: Duration,
    /// Whether a job must end before, which takes nobody knows how long.
    pub after_job: bool,
    /// The service that it waits for longest, if it waits for any.
    pub waits_for: Option<Wait>,
}

/// What a service waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The other service.
    pub service: String,
    /// What is to happen to it.
    pub condition: Condition,
    /// How long that takes at least, once it has started.
    pub takes: Duration,
}

/// When the first health check of a service comes; nothing where there is none, or where it is not
/// known.
pub fn first_probe(service: Service<'_>) -> Option<FirstProbe> {
    let own = service.spec().healthcheck.as_ref();
    if own.is_some_and(|check| {
        check.disable
            || check
                .test
                .as_ref()
                .is_some_and(|test| test.value == HealthcheckTest::None)
    }) {
        return None;
    }
    let of_image = service
        .image()
        .and_then(|image| image.config())
        .and_then(|config| config.healthcheck.as_ref());
    let of_image = of_image.filter(|check| check.test.is_some());
    let place = match (own.filter(|check| check.test.is_some()), of_image) {
        (Some(own), _) => own.origin.span,
        (None, Some(image)) => Some(image.span),
        (None, None) => return None,
    };
    let said =
        |name: &str, field: fn(&Healthcheck) -> Option<&crate::compose::Value<Duration>>| match own
            .and_then(field)
        {
            Some(value) if value.origin.is_unknown() => Said::Unknown,
            Some(value) => Said::Time(value.value, value.span()),
            None => match of_image
                .and_then(|check| check.options.iter().find(|(option, _)| option == name))
            {
                Some((_, option)) => seconds(&option.value)
                    .map_or(Said::Unknown, |time| Said::Time(time, Some(option.span))),
                None => Said::Nothing,
            },
        };
    let interval = match said("interval", |check| check.interval.as_ref()) {
        Said::Unknown => return None,
        Said::Time(time, span) if !time.is_zero() => FirstProbe {
            after: time,
            span: span.or(place),
            is_default: false,
        },
        _ => FirstProbe {
            after: INTERVAL,
            span: place,
            is_default: true,
        },
    };
    match said("start-period", |check| check.start_period.as_ref()) {
        Said::Unknown => None,
        Said::Time(period, _) if !period.is_zero() => {
            match said("start-interval", |check| check.start_interval.as_ref()) {
                Said::Unknown => None,
                // A start period that ends before is the end of the wait.
                Said::Time(time, span) if !time.is_zero() && time <= interval.after => {
                    Some(FirstProbe {
                        after: time.min(period),
                        span: span.or(place),
                        is_default: false,
                    })
                }
                Said::Nothing if START_INTERVAL < interval.after => Some(FirstProbe {
                    after: START_INTERVAL.min(period),
                    span: place,
                    is_default: true,
                }),
                _ => Some(interval),
            }
        }
        _ => Some(interval),
    }
}

/// What is written about one setting of a health check.
enum Said {
    Nothing,
    Unknown,
    Time(Duration, Option<Span>),
}

/// When each enabled service starts, in the order of the document. Services that wait for each
/// other in a circle, and those that wait for them, never start and are left out.
pub fn starts(project: &Project<'_>) -> Vec<Start> {
    let services: Vec<Service<'_>> = project
        .services()
        .filter(|service| service.spec().active)
        .collect();
    let number: FxHashMap<&str, usize> = services
        .iter()
        .enumerate()
        .map(|(at, service)| (service.name(), at))
        .collect();
    let needed = |service: &Service<'_>| -> Vec<usize> {
        service
            .spec()
            .depends_on
            .iter()
            .filter_map(|edge| number.get(edge.service.value.as_str()).copied())
            .collect()
    };
    let mut open: Vec<usize> = services
        .iter()
        .map(|service| needed(service).len())
        .collect();
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); services.len()];
    for (at, service) in services.iter().enumerate() {
        needed(service)
            .into_iter()
            .for_each(|other| dependents[other].push(at));
    }
    let mut ready: VecDeque<usize> = (0..services.len()).filter(|at| open[*at] == 0).collect();
    let mut found: Vec<Option<Start>> = vec![None; services.len()];
    while let Some(at) = ready.pop_front() {
        found[at] = Some(start(services[at], |name| {
            let other = number.get(name).copied()?;
            Some((services[other], found[other].as_ref()?))
        }));
        for dependent in &dependents[at] {
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                ready.push_back(*dependent);
            }
        }
    }
    found.into_iter().flatten().collect()
}

fn start<'p>(
    service: Service<'p>,
    other: impl Fn(&str) -> Option<(Service<'p>, &'p Start)>,
) -> Start {
    let mut found = Start {
        service: service.name().to_owned(),
        at: Duration::ZERO,
        after_job: false,
        waits_for: None,
    };
    for edge in &service.spec().depends_on {
        let Some((needed, start)) = other(&edge.service) else {
            continue;
        };
        let takes = takes(edge, needed);
        let at = start.at.saturating_add(takes);
        let after_job = start.after_job || edge.condition == Condition::Completed;
        if found.waits_for.is_none() || (at, after_job) > (found.at, found.after_job) {
            found.waits_for = Some(Wait {
                service: edge.service.value.clone(),
                condition: edge.condition,
                takes,
            });
        }
        found.at = found.at.max(at);
        found.after_job |= after_job;
    }
    found
}

/// How long it takes at least until a dependency is met, once the needed container has started.
fn takes(edge: &Dependency, needed: Service<'_>) -> Duration {
    match edge.condition {
        Condition::Healthy => first_probe(needed)
            .map(|probe| probe.after)
            .unwrap_or_default(),
        Condition::Started | Condition::Completed => Duration::ZERO,
    }
}

/// The services that wait for each other longest, from the first that starts to the last.
pub fn critical_path(starts: &[Start]) -> Vec<&Start> {
    let by_name: FxHashMap<&str, &Start> = starts
        .iter()
        .map(|start| (start.service.as_str(), start))
        .collect();
    // Of several that start last, the first in the document.
    let last = starts
        .iter()
        .rev()
        .max_by_key(|start| (start.at, start.after_job));
    let next = |start: &&Start| {
        start
            .waits_for
            .as_ref()
            .and_then(|wait| by_name.get(wait.service.as_str()).copied())
    };
    let mut path: Vec<&Start> = std::iter::successors(last, next).collect();
    path.reverse();
    path
}

/// `90 s`, `500 ms`.
pub fn told(time: Duration) -> String {
    match time.as_millis() {
        millis if millis % 1000 != 0 && millis < 10_000 => format!("{millis} ms"),
        _ => format!("{} s", time.as_secs()),
    }
}

/// A duration as people write it in a Dockerfile: `10s`, `1m`, `1m30s`, `500ms`.
fn seconds(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let split = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|at| *at > 0)?;
        let number: u64 = rest[..split].parse().ok()?;
        let behind = &rest[split..];
        let end = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let part = match &behind[..end] {
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "h" => Duration::from_secs(number.checked_mul(3600)?),
            "ms" => Duration::from_millis(number),
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = &behind[end..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests;
