//! Two stages of one name, of which only the later can be reached by it.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "duplicate-stage-name";

/// Judges the stages of every Dockerfile.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for (number, stage) in file.stages.iter().enumerate() {
            let Some(name) = stage.name else { continue };
            let text = name.text.as_str();
            let before = file.stages[..number]
                .iter()
                .filter_map(|stage| stage.name)
                .find(|other| other.text.as_str().eq_ignore_ascii_case(text));
            let Some(before) = before else { continue };
            let message = format!(
                "two stages are named `{text}`: behind this line the name means this one, before it the other"
            );
            let finding =
                Diagnostic::new(ID, name.span, message).label(before.span, "the other one");
            findings.push(finding.help("Give one of them another name"));
        }
    }
}
