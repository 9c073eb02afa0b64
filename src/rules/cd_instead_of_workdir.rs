//! A RUN that does nothing but change its directory, or changes it for all that follows.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "cd-instead-of-workdir";

/// Judges the commands of every RUN; one finding each.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let mut told = None;
        for call in file.calls().iter().filter(|call| call.program() == "cd") {
            if told.replace(call.line.number) == Some(call.line.number) {
                continue;
            }
            let message = "`cd` holds for this `RUN` only; `WORKDIR` holds for all that follow, and tells where they work";
            let target = call.words().next().unwrap_or("…");
            findings.push(
                Diagnostic::new(ID, call.command.span, message)
                    .help(format!("Write `WORKDIR {target}` before the `RUN`")),
            );
        }
    }
}
