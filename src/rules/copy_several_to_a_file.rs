//! COPY or ADD of several files to a destination that is not written as a directory.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::project::dockerfiles;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "copy-several-to-a-file";

/// Judges every COPY and ADD.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.lines.iter().filter(|line| matches!(line.instruction.keyword, Keyword::Copy | Keyword::Add)) {
            let Some((destination, sources)) = line.instruction.words().split_last().filter(|(_, sources)| sources.len() > 1) else { continue };
            let text = destination.text.as_str();
            let path = dockerfiles::unquoted(text);
            // A variable may end with a `/`, and these are directories.
            if path.ends_with(['/', '\\']) || path.ends_with('}') || last_part(path).starts_with('$') || matches!(last_part(path), "." | "..") {
                continue;
            }
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = format!("`{name}` has {} sources, but `{path}` is not written as a directory", sources.len());
            let quoted = matches!(line.instruction.arguments, Arguments::Json(_)) || path.len() < text.len();
            let mut at = destination.span.after();
            if quoted {
                at.start -= 1;
                at.end -= 1;
            }
            let fix = Fix { title: format!("Write `{path}/`"), safety: Safety::Safe, edits: vec![Edit { span: at, text: "/".to_owned() }] };
            findings.push(Diagnostic::new(ID, destination.span, message).help(format!("Write `{path}/`")).fix(fix));
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
