//! A `restart` that Docker does not know: the container is not made.

use crate::compose::{Service, Value};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::{Span, closest};

const ID: &str = "invalid-restart-policy";

/// What `restart` can be, and what Docker Compose makes of the words of `deploy.restart_policy`.
const KNOWN: [&str; 6] = [
    "no",
    "always",
    "on-failure",
    "unless-stopped",
    "any",
    "none",
];

/// How many of them belong to `restart`.
const OFFERED: usize = 4;

/// Judges the policy of every service; one below `deploy` wins.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        let service = service.spec();
        let policy = service
            .data
            .get("deploy")
            .and_then(|deploy| deploy.get("restart_policy"));
        match policy {
            Some(policy) => {
                if let Some(condition) = policy
                    .get("condition")
                    .filter(|condition| !condition.origin.is_unknown())
                    && let (Some(text), Some(span)) = (condition.as_str(), condition.span())
                {
                    findings.extend(judge(
                        project,
                        service,
                        "deploy.restart_policy.condition",
                        text,
                        span,
                    ));
                }
            }
            None => {
                if let Some(Value { value, origin }) = service
                    .restart
                    .as_ref()
                    .filter(|restart| !restart.origin.is_unknown())
                    && let Some(span) = origin.span
                {
                    findings.extend(judge(project, service, "restart", value, span));
                }
            }
        }
    }
}

fn judge(
    project: &Project<'_>,
    service: &Service,
    key: &str,
    text: &str,
    span: Span,
) -> Option<Diagnostic> {
    let (policy, count) = text
        .split_once(':')
        .map_or((text, None), |(policy, count)| (policy, Some(count)));
    let has_count = count
        .and_then(|count| count.parse::<i64>().ok())
        .is_some_and(|count| count != 0);
    if text.is_empty() || KNOWN.contains(&policy) && (!has_count || policy == "on-failure") {
        return None;
    }
    let name = service.name.as_str();
    let known = KNOWN.contains(&policy);
    let message = if known {
        format!(
            "`{key}: {text}` counts restarts, which only `on-failure` can: Docker refuses the container"
        )
    } else {
        format!("`{key}: {text}` is no restart policy: Docker refuses the container")
    };
    let help = "Write `no`, `always`, `unless-stopped` or `on-failure`, which may have a count: `on-failure:3`";
    let similar = if known {
        None
    } else {
        closest(policy, KNOWN[..OFFERED].iter().copied())
    };
    let fix = similar.filter(|_| count.is_none()).and_then(|similar| {
        let is_written = project.workspace().sources().get(span.file).slice(span) == text;
        let edits = vec![Edit::replace(span, similar)];
        is_written.then(|| Fix {
            title: format!("Write `{similar}`"),
            safety: Safety::Unsafe,
            edits,
        })
    });
    Some(
        Diagnostic::new(ID, span, message)
            .service(name)
            .help(help)
            .fix(fix),
    )
}
