//! A stage that takes files from one that comes later in the file.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::refusals;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "copy-from-later-stage";

/// Judges every `from` with a name or a number, in the stages that a build needs.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.lines.iter().filter(|line| !line.is_trigger) {
            let Some(own) = line.stage else { continue };
            for source in refusals::sources(line.instruction) {
                let name = source.name;
                let number = name
                    .parse::<usize>()
                    .ok()
                    .filter(|number| source.may_be_number && *number < file.stages.len());
                let stage = number.or_else(|| file.stage_named(name, own));
                let Some(later) = stage.filter(|stage| *stage > own && !file.has_context(name))
                else {
                    continue;
                };
                if !file
                    .images
                    .iter()
                    .any(|image| image.needed().contains(&own))
                {
                    continue;
                }
                let message = format!(
                    "`{name}` is a stage that comes later in the file, and is not there yet"
                );
                let finding = Diagnostic::new(ID, source.span, message)
                    .label(file.stages[later].from.span, "this stage");
                findings.push(finding.help("Move that stage above this one"));
            }
        }
    }
}
