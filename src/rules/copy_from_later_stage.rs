//! `COPY --from` of a stage that comes later in the file.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "copy-from-later-stage";

/// Judges every `--from` with a name or a number.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            let Some((flag, own)) = line.instruction.flag("from").zip(line.stage) else { continue };
            let name = flag.value.as_ref().map(|value| value.text.as_str()).unwrap_or_default();
            let stage = name.parse::<usize>().ok().filter(|number| *number < file.stages.len()).or_else(|| file.stage_named(name, own));
            let Some(later) = stage.filter(|stage| *stage > own && !file.has_context(name)) else { continue };
            let message = format!("`--from={name}` names a stage that comes later in the file");
            let finding = Diagnostic::new(ID, flag.span, message).label(file.stages[later].from.span, "this stage");
            findings.push(finding.help("Move that stage above this one"));
        }
    }
}
