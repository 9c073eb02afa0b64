//! A stage with a name that means something else to BuildKit.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "reserved-stage-name";

/// Judges the names of all stages.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for name in file.stages.iter().filter_map(|stage| stage.name) {
            let means = match name.text.as_str().to_ascii_lowercase().as_str() {
                "scratch" => "the empty image",
                "context" => "the build context",
                _ => continue,
            };
            let message = format!(
                "a stage is named `{}`, which means {means}",
                name.text.as_str()
            );
            findings.push(
                Diagnostic::new(ID, name.span, message)
                    .help("Give the stage another name, and what refers to it as well"),
            );
        }
    }
}
