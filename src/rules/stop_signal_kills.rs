//! A stop signal that no program can act on, so that nothing is put in order before the end.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "stop-signal-kills";

/// Judges STOPSIGNAL in every Dockerfile and `stop_signal` of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut report = |signal: &str, span| {
        if let Some(what) = what_it_does(signal) {
            let message = format!(
                "`{signal}` {what}, so that the program cannot end its work when the container is stopped"
            );
            findings.push(
                Diagnostic::new(ID, span, message).help(
                    "Write SIGTERM, or the signal that the program takes for a request to end",
                ),
            );
        }
    };
    for file in project.dockerfiles() {
        for word in file
            .each(Keyword::Stopsignal)
            .filter_map(|line| line.instruction.words().first())
        {
            report(word.text.as_str(), word.span);
        }
    }
    for service in project.services() {
        let signal = service.spec().data.get("stop_signal");
        if let Some((signal, span)) =
            signal.and_then(|signal| Some((signal.as_str()?, signal.span()?)))
        {
            report(signal, span);
        }
    }
}

fn what_it_does(signal: &str) -> Option<&'static str> {
    let upper = signal.to_ascii_uppercase();
    match upper.strip_prefix("SIG").unwrap_or(&upper) {
        "KILL" | "9" => Some("ends it at once"),
        "STOP" | "19" => Some("makes it stand still and does not end it"),
        _ => None,
    }
}
