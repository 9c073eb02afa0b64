//! A `command:` that its entrypoint never runs.

use crate::diagnostic::Diagnostic;
use crate::links::replaced_command;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "entrypoint-drops-command";

/// Judges the command of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        if let Some(finding) = judge(service) {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(service: Service<'_>) -> Option<Diagnostic> {
    let command = service.spec().command.as_ref()?.span()?;
    let dropped = replaced_command::dropped_command(service)?;
    let name = service.name();
    let message = format!("the command of `{name}` is never run: {}", dropped.why);
    let mut finding = Diagnostic::new(ID, command, message)
        .note("without effect")
        .label(dropped.entrypoint, "the entrypoint");
    if let Some(script) = &dropped.script {
        let last = script.text().trim_end().lines().last().map_or(0, str::len);
        let end = script.text().trim_end().len();
        finding = finding.label(
            script.span(end - last..end),
            "it ends without `exec \"$@\"`",
        );
    }
    let help = match dropped.script {
        Some(_) => {
            "End the script with `exec \"$@\"`, and let the Dockerfile's CMD say what it runs now; or set `entrypoint:` as well"
        }
        None => {
            "Write the entrypoint as a list of words, `[\"…\", \"…\"]`, which are followed by the command; or set `entrypoint:` as well"
        }
    };
    Some(finding.help(help).service(name))
}
