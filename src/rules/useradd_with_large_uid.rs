//! `useradd` with a large user id and without `-l`, which fills a log of the size of the id.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "useradd-with-large-uid";

/// Judges the commands of every RUN.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for call in file
            .calls()
            .iter()
            .filter(|call| call.program() == "useradd")
        {
            let Some(uid) = call
                .value('u', "uid")
                .filter(|uid| uid.len() > 5 && uid.bytes().all(|byte| byte.is_ascii_digit()))
            else {
                continue;
            };
            if call.has_any(&["l", "no-log-init"]) {
                continue;
            }
            let message =
                format!("`useradd` writes a log with room for {uid} users into the image");
            let program = call.program_span();
            let fix = Fix {
                title: "Add `--no-log-init`".to_owned(),
                safety: Safety::Safe,
                edits: vec![Edit {
                    span: program.after(),
                    text: " --no-log-init".to_owned(),
                }],
            };
            let fix = Some(fix).filter(|_| file.slice(program).ends_with("useradd"));
            findings.push(
                Diagnostic::new(ID, call.command.span, message)
                    .help("Write `useradd --no-log-init …`")
                    .fix(fix),
            );
        }
    }
}
