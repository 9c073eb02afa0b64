//! `EXPOSE 80000`: no port has such a number.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "port-out-of-range";

/// Judges every EXPOSE.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for word in file
            .each(Keyword::Expose)
            .flat_map(|line| line.instruction.words())
        {
            let text = word.text.as_str();
            let ports = text.split('/').next().unwrap_or_default();
            let ports = ports.rsplit(':').next().unwrap_or_default();
            let is_too_large = |port: &str| {
                !port.is_empty()
                    && port.bytes().all(|byte| byte.is_ascii_digit())
                    && port.parse::<u16>().is_err()
            };
            let Some(port) = ports.split('-').find(|port| is_too_large(port)) else {
                continue;
            };
            let message = format!("there is no port {port}: the last one is 65535");
            findings.push(Diagnostic::new(ID, word.span, message));
        }
    }
}
