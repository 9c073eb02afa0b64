//! COPY to a relative path where no WORKDIR says what it is relative to.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::image::path;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "copy-to-relative-path";

/// Judges every COPY and ADD without a WORKDIR before it, in its stage or below.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file
            .lines
            .iter()
            .filter(|line| matches!(line.instruction.keyword, Keyword::Copy | Keyword::Add))
        {
            let Some((destination, sources)) = line.instruction.words().split_last() else {
                continue;
            };
            let written = dockerfiles::unquoted(destination.text.as_str());
            if sources.is_empty()
                || written.starts_with(['/', '$', '\\'])
                || path::is_windows(written)
                || has_workdir(&file, line)
            {
                continue;
            }
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = format!(
                "`{written}` lies where the base image happens to be: no `WORKDIR` stands before this `{name}`"
            );
            findings.push(
                Diagnostic::new(ID, destination.span, message)
                    .help("Write a `WORKDIR` before it, or the whole path"),
            );
        }
    }
}

fn has_workdir(file: &BuildFile<'_>, line: &Line<'_>) -> bool {
    let chain = line
        .stage
        .map(|stage| file.chain(stage))
        .unwrap_or_default();
    let mut before = file
        .each(Keyword::Workdir)
        .filter(|other| other.number < line.number && (!other.is_trigger || line.is_trigger));
    before.any(|other| {
        other.stage == line.stage || other.stage.is_some_and(|stage| chain.contains(&stage))
    })
}
