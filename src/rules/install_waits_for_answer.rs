//! A package manager that asks before it installs: a build has nobody to answer.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles::commands::Call;
use crate::knowledge::manager::{Asks, manager_of};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "install-waits-for-answer";

/// Judges the commands of every RUN.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for call in file.calls() {
            let program = call.program();
            let Some(question) = manager_of(program).and_then(|manager| manager.asks.as_ref())
            else {
                continue;
            };
            let Some(asks) = call.find(question.commands) else {
                continue;
            };
            let only_looks = [
                "s",
                "simulate",
                "dry-run",
                "download-only",
                "d",
                "assumeno",
                "h",
                "help",
            ];
            if call.has_any(question.answers)
                || is_quiet(question, &call)
                || call.is_fed
                || call.has_any(&only_looks)
            {
                continue;
            }
            let command = file.slice(asks);
            let message = format!(
                "`{program} {command}` may ask a question, and a build has nobody to answer it"
            );
            let edits = vec![Edit {
                span: asks.after(),
                text: format!(" {}", question.flag),
            }];
            let fix = Fix {
                title: format!("Add `{}`", question.flag),
                safety: Safety::Safe,
                edits,
            };
            // Quotes around the command, or a word of a nested shell.
            let fix = Some(fix).filter(|_| question.commands.contains(&command));
            findings.push(
                Diagnostic::new(ID, call.command.span, message)
                    .help(format!("Write `{program} {command} {}`", question.flag))
                    .fix(fix),
            );
        }
    }
}

/// Whether the options are so quiet that they answer, or a setting does: `-qq` of apt means `-y`.
fn is_quiet(question: &Asks, call: &Call<'_>) -> bool {
    let answers = |word: &str| {
        let word = word.to_ascii_lowercase();
        let mut settings = question.settings.iter();
        matches!(word.as_str(), "-q=2" | "-q=3") || settings.any(|setting| word.contains(setting))
    };
    !question.settings.is_empty()
        && (call.count("q") + call.count("quiet") >= 2 || call.words().any(answers))
}
