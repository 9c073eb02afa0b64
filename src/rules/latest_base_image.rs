//! `FROM debian:latest`: a tag that moves.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "latest-base-image";

/// Judges the image of every FROM.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for base in file.stages.iter().filter_map(|stage| stage.base) {
            let image = base.text.as_str();
            let Some(name) = image
                .strip_suffix(":latest")
                .filter(|_| !file.has_context(image))
            else {
                continue;
            };
            let message = format!("`{image}` is whatever is the newest when somebody builds");
            findings.push(
                Diagnostic::new(ID, base.span, message)
                    .help(format!("Write the version you want: `{name}:…`")),
            );
        }
    }
}
