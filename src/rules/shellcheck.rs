//! What ShellCheck says of the scripts in Dockerfiles.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::shellcheck;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "shellcheck";

/// Passes on every remark.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    match shellcheck::ask(project.workspace(), &project.dockerfiles()) {
        Ok(remarks) => findings.extend(remarks.into_iter().map(|remark| {
            let message = format!(
                "SC{}: {}",
                remark.code,
                remark.message.trim_end_matches('.')
            );
            let help = format!(
                "https://www.shellcheck.net/wiki/SC{} explains it",
                remark.code
            );
            Diagnostic {
                severity: remark.severity,
                ..Diagnostic::new(ID, remark.span, message).help(help)
            }
        })),
        Err((reason, span)) => findings.push(Diagnostic::new(
            ID,
            span,
            format!("the scripts in this file were not checked: {reason}"),
        )),
    }
}
