//! A start that takes long because services wait for health checks that come seldom.

use crate::compose::Condition;
use crate::dev::{self, DevForm, DevForms, SLOW};
use crate::diagnostic::Diagnostic;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::startup::{self, Start};

const ID: &str = "slow-first-probe";

/// Reports the longest chain of the project once; what else waits so long is labelled.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.may_be_development()
        && project
            .compose()
            .is_some_and(crate::compose::Compose::is_whole)
    {
        findings.extend(report(project));
    }
}

fn report(project: &Project<'_>) -> Option<Diagnostic> {
    let starts = startup::starts(project);
    let path = startup::critical_path(&starts);
    let slow =
        |service: Service<'_>| startup::first_probe(service).filter(|probe| probe.after >= SLOW);
    let waited_for: Vec<&str> = path
        .windows(2)
        .filter_map(|pair| is_slow(pair[1]))
        .collect();
    let last = path.last().filter(|_| !waited_for.is_empty())?;
    let first = project.service(waited_for[0])?;
    let probe = slow(first)?;
    let steps: Vec<String> = path
        .windows(2)
        .filter_map(|pair| pair[1].waits_for.as_ref())
        .filter(|wait| !wait.takes.is_zero())
        .map(|wait| format!("`{}` {}", wait.service, startup::told(wait.takes)))
        .collect();
    let last = last.service.as_str();
    let message = format!(
        "it takes at least {} until `{last}` starts, for each health check is first asked after a whole interval: {} → `{last}`",
        startup::told(path.last()?.at),
        steps.join(" → "),
    );
    let default = if probe.is_default {
        ", for no interval is said"
    } else {
        ""
    };
    let note = format!(
        "`{}` is first asked after {}{default}",
        first.name(),
        startup::told(probe.after)
    );
    let mut finding = Diagnostic::new(
        ID,
        probe.span.unwrap_or_else(|| first.spec().key()),
        message,
    )
    .note(note)
    .service(first.name());
    let others = project
        .services()
        .filter(|service| service.name() != first.name() && is_waited_for(project, service.name()));
    for (service, probe) in others.filter_map(|service| Some((service, slow(service)?))) {
        let span = probe.span.unwrap_or_else(|| service.spec().key());
        finding = finding.label(
            span,
            format!("`{}` after {}", service.name(), startup::told(probe.after)),
        );
    }
    let forms: Vec<DevForm> = DevForms::of(project)
        .all()
        .iter()
        .map(DevForm::health_only)
        .filter(|form| !form.is_empty())
        .collect();
    if dev::is_settled(project, &forms) {
        return None;
    }
    let help = "Ask every two seconds while you develop: `healthcheck: {interval: 2s, timeout: 2s, retries: 30}` in the development override";
    Some(finding.help(help).fix(dev::fix(
        project,
        &forms,
        "Ask the health checks that others wait for every two seconds",
    )))
}

/// The service whose slow health check this one waits for.
fn is_slow(start: &Start) -> Option<&str> {
    start
        .waits_for
        .as_ref()
        .filter(|wait| wait.takes >= SLOW)
        .map(|wait| wait.service.as_str())
}

fn is_waited_for(project: &Project<'_>, name: &str) -> bool {
    let mut edges = project
        .services()
        .flat_map(|service| service.spec().depends_on.iter());
    edges.any(|edge| edge.service.value == name && edge.condition == Condition::Healthy)
}
