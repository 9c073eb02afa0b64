//! A relative WORKDIR with no absolute one before it: where it lies is for the base image to say.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::image::path;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "relative-workdir";

/// Judges the first WORKDIR of every stage and of those below it; the later ones are right when the
/// first is.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file
            .each(Keyword::Workdir)
            .filter(|line| !line.is_trigger && is_first(&file, line))
        {
            let Some(word) = line.instruction.words().first() else {
                continue;
            };
            let text = dockerfiles::unquoted(word.text.as_str());
            if text.starts_with(['/', '$', '\\']) || path::is_windows(text) {
                continue;
            }
            let message = format!(
                "`WORKDIR {text}` lies below whatever directory the base image leaves behind"
            );
            findings.push(Diagnostic::new(ID, word.span, message).help(format!(
                "Write the whole path, such as `WORKDIR /{}`",
                text.trim_start_matches("./")
            )));
        }
    }
}

fn is_first(file: &BuildFile<'_>, line: &Line<'_>) -> bool {
    let chain = line
        .stage
        .map(|stage| file.chain(stage))
        .unwrap_or_default();
    let mut before = file
        .each(Keyword::Workdir)
        .filter(|other| !other.is_trigger && other.number < line.number);
    !before.any(|other| {
        other.stage == line.stage || other.stage.is_some_and(|stage| chain.contains(&stage))
    })
}
