//! A service that waits until another one is healthy, which nothing ever checks.

use crate::compose::{Condition, HealthcheckTest};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::image::Base;
use crate::knowledge::health;
use crate::knowledge::health::Probe;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};
use crate::text::Span;

const ID: &str = "healthy-without-healthcheck";

/// Reports each service without a health check once, at the first dependency that waits for one.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    for needed in project.services() {
        let Some(unchecked) = unchecked(needed) else {
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

/// Why a container never becomes healthy.
struct Unchecked {
    what: &'static str,
    span: Span,
    note: &'static str,
    probe: Option<&'static Probe>,
}

/// What shows that a service has no health check; nothing when it has one, or may have one in an
/// image that is not known.
fn unchecked(service: Service<'_>) -> Option<Unchecked> {
    let spec = service.spec();
    let key = spec.key();
    if spec.data.get("provider").is_some() {
        return None;
    }
    if let Some(own) = &spec.healthcheck {
        let is_none = own
            .test
            .as_ref()
            .is_some_and(|test| test.value == HealthcheckTest::None);
        if own.disable || is_none {
            let span = own.origin.span.unwrap_or(key);
            return Some(Unchecked {
                what: "its health check switched off",
                span,
                note: "switched off here",
                probe: None,
            });
        }
        if own.test.is_some() {
            return None;
        }
    }
    let none = |span: Span, note: &'static str| Unchecked {
        what: "no health check",
        span,
        note,
        probe: None,
    };
    if let Some(image) = service.image() {
        let stage = image.selected()?;
        match &stage.config.healthcheck {
            Some(check) if check.test.is_some() => return None,
            Some(check) => return Some(none(check.span, "the image switches it off")),
            None => {}
        }
        let mut lowest = stage;
        while let Base::Stage(below) = &lowest.base {
            lowest = image.stages.get(*below)?;
        }
        let is_known = match &lowest.base {
            Base::Scratch => true,
            Base::Image(name) => health::probe(name).is_some(),
            _ => false,
        };
        return is_known.then(|| none(stage.span, "no HEALTHCHECK here, nor in the base image"));
    }
    let image = spec
        .image
        .as_ref()
        .filter(|image| spec.build.is_none() && !image.origin.is_unknown())?;
    let probe = health::probe(image)?;
    let span = image.span().unwrap_or(key);
    Some(Unchecked {
        probe,
        ..none(span, "this image brings no health check")
    })
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
