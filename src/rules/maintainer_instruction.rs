//! MAINTAINER, which a label has replaced.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "maintainer-instruction";

/// Judges every MAINTAINER.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.each(Keyword::Maintainer) {
            let message = "`MAINTAINER` is deprecated: a label says who made an image";
            let help = "Write `LABEL org.opencontainers.image.authors=\"…\"`";
            findings.push(
                Diagnostic::new(ID, line.instruction.span, message)
                    .help(help)
                    .fix(fix(&file, line)),
            );
        }
    }
}

fn fix(file: &BuildFile<'_>, line: Line<'_>) -> Option<Fix> {
    let author = line
        .instruction
        .words()
        .first()
        .filter(|_| !line.is_trigger)?
        .text
        .as_str();
    // BuildKit takes the text as it stands, but expands variables in a label.
    let text = dockerfiles::unquoted(author);
    if text.contains(['$', '`', '\\', '"']) {
        return None;
    }
    let written = file.slice(line.instruction.keyword_span);
    let label = if written == written.to_lowercase() {
        "label"
    } else {
        "LABEL"
    };
    let label = format!(
        "{label} org.opencontainers.image.authors={}",
        dockerfiles::json(text)
    );
    let edits = vec![Edit::replace(line.instruction.span, label)];
    Some(Fix {
        title: "Write a label".to_owned(),
        safety: Safety::Safe,
        edits,
    })
}
