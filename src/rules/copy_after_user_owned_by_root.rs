//! COPY behind USER: the files belong to root all the same.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Keyword, Word};

const ID: &str = "copy-after-user-owned-by-root";

/// Judges every COPY and ADD without `--chown` behind a USER that is not root.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in 0..file.stages.len() {
            let mut user: Option<&Word> = None;
            for line in file
                .chain(stage)
                .into_iter()
                .flat_map(|stage| file.of_stage(stage))
                .filter(|line| !line.is_trigger)
            {
                match line.instruction.keyword {
                    Keyword::User => user = line.instruction.words().first(),
                    // A later `RUN chown` by root may put it right.
                    Keyword::Copy | Keyword::Add if line.stage == Some(stage) => {
                        let Some(user) = user.filter(|user| !is_root(user.text.as_str())) else {
                            continue;
                        };
                        if line.instruction.flag("chown").is_some() {
                            continue;
                        }
                        let name = user.text.as_str();
                        let message = format!(
                            "what is copied here belongs to root, though `{name}` is the user"
                        );
                        let finding = Diagnostic::new(ID, line.instruction.span, message)
                            .label(user.span, "this user");
                        findings.push(finding.help(format!(
                            "Write `--chown={name}` if `{name}` is to write to it"
                        )));
                    }
                    _ => {}
                }
            }
        }
    }
}

fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    matches!(name, "root" | "0" | "") || name.contains('$')
}
