//! A Dockerfile that is longer than what people write: it is read, and what it builds is not
//! judged.

use crate::diagnostic::Diagnostic;
use crate::image::{MOST_INSTRUCTIONS, MOST_STAGES};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "oversized-dockerfile";

/// Says of every such file that the silence of other rules means nothing there.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        let file = &image.dockerfile;
        if !findings.is_new(file.tree.source.id()) {
            continue;
        }
        let instructions = &file.tree.instructions;
        let mut stages = instructions
            .iter()
            .filter(|instruction| instruction.keyword == Keyword::From);
        let (span, message) = if instructions.len() > MOST_INSTRUCTIONS {
            let count = instructions.len();
            (
                instructions[MOST_INSTRUCTIONS].span,
                format!(
                    "this Dockerfile has {count} instructions: what it builds is not judged, for no more than {MOST_INSTRUCTIONS} are followed"
                ),
            )
        } else if let Some(stage) = stages.nth(MOST_STAGES) {
            (
                stage.span,
                format!(
                    "the stages from here on are not judged, for no more than {MOST_STAGES} of a Dockerfile are followed"
                ),
            )
        } else {
            continue;
        };
        findings.push(Diagnostic::new(ID, span, message).help(
            "Let the program that wrote it write less, or exclude the file in `composelint.toml`",
        ));
    }
}
