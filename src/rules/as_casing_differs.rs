//! `FROM … as …`: two keywords of one instruction, one in capitals and one not.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "as-casing-differs";

/// Judges every FROM with a name. One that is itself written in both is told of by
/// `inconsistent-instruction-casing`.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in &file.stages {
            let Some(word) = stage.keyword else { continue };
            let (from, written) = (file.slice(stage.from.keyword_span), word.text.as_str());
            let wanted = match (from == from.to_lowercase(), from == from.to_uppercase()) {
                (true, _) => "as",
                (_, true) => "AS",
                _ => continue,
            };
            if written == wanted {
                continue;
            }
            let message = format!("`{written}` is not written as `{from}` is");
            let edits = vec![Edit::replace(word.span, wanted)];
            let fix = Fix {
                title: format!("Write `{wanted}`"),
                safety: Safety::Safe,
                edits,
            };
            findings.push(
                Diagnostic::new(ID, word.span, message)
                    .label(stage.from.keyword_span, "the other keyword")
                    .fix(fix),
            );
        }
    }
}
