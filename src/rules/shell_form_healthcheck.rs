//! HEALTHCHECK CMD in the shell form.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::commands;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "shell-form-healthcheck";

/// Judges every HEALTHCHECK CMD that is one program with its arguments.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.each(Keyword::Healthcheck) {
            let Arguments::Shell(text) = &line.instruction.arguments else {
                continue;
            };
            let Some(words) = commands::plain_words(text) else {
                continue;
            };
            let json = Some(words)
                .filter(|_| file.file.escape == '\\')
                .map(|words| {
                    format!(
                        "[{}]",
                        words
                            .iter()
                            .map(|word| dockerfiles::json(word))
                            .collect::<Vec<_>>()
                            .join(", ")
                    )
                });
            let message =
                "the health check is run by a shell, though it leaves nothing for a shell to do";
            let finding = Diagnostic::new(ID, text.span(), message);
            let is_free = !file
                .file
                .comments
                .iter()
                .any(|comment| text.span().contains(*comment));
            let fix = json.filter(|_| is_free).map(|json| {
                Fix::new(
                    "Write the JSON form".to_owned(),
                    Safety::Safe,
                    Edit::replace(text.span(), json),
                )
            });
            findings.push(
                finding
                    .help("Write `HEALTHCHECK CMD [\"program\", \"argument\"]`")
                    .fix(fix),
            );
        }
    }
}
