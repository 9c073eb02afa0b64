//! A variable of the Dockerfile that nobody has set where it is used.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::unset::WhyUnset;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "undefined-variable";

/// Reports every use of such a variable.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for unset in project
        .dockerfiles()
        .iter()
        .flat_map(|file| file.unset_variables())
    {
        let name = &unset.used.name;
        let message = format!("`{name}` is not set here, so it is empty");
        let finding = Diagnostic::new(ID, unset.used.span, message);
        let declare = format!("Write `ARG {name}` in this stage, before its use");
        findings.push(match unset.why {
            WhyUnset::Undeclared => finding.help(declare),
            WhyUnset::Global(span) => finding
                .label(span, "this one is known in `FROM` only")
                .help(declare),
            WhyUnset::Later(span) => finding
                .label(span, "it is set here, which is later")
                .help("Move its definition up"),
            WhyUnset::Misspelt(near) => finding.help(format!("Did you mean `{near}`?")),
            WhyUnset::OtherStage(span) => finding
                .label(span, "this one is known in its own stage only")
                .help(declare),
        });
    }
}
