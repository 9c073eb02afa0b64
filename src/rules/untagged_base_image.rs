//! `FROM debian`: whichever version is the newest when somebody builds.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "untagged-base-image";

/// Judges the image of every FROM that is no stage, no context and no variable.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in file.stages.iter().filter(|stage| stage.below.is_none()) {
            let Some(base) = stage.base else { continue };
            let image = base.text.as_str();
            let last = image.rsplit('/').next().unwrap_or_default();
            if image == "scratch"
                || image.contains('$')
                || last.contains([':', '@'])
                || file.has_context(image)
            {
                continue;
            }
            let message = format!(
                "`{image}` has no tag, so that two builds of one Dockerfile may not get the same image"
            );
            findings.push(
                Diagnostic::new(ID, base.span, message)
                    .help(format!("Write the version you want: `{image}:…`")),
            );
        }
    }
}
