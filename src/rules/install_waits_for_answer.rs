//! A package manager that asks before it installs: a build has nobody to answer.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles::commands::Call;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "install-waits-for-answer";

/// A package manager.
struct Manager {
    /// Its name.
    program: &'static str,
    /// The commands that ask.
    asks: &'static [&'static str],
    /// Any of these flags answers.
    answers: &'static [&'static str],
    /// What to write behind the command.
    flag: &'static str,
}

const MANAGERS: [Manager; 6] = [
    Manager {
        program: "apt-get",
        asks: &["install"],
        answers: &["y", "yes", "assume-yes", "force-yes"],
        flag: "-y",
    },
    Manager {
        program: "apt",
        asks: &["install"],
        answers: &["y", "yes", "assume-yes", "force-yes"],
        flag: "-y",
    },
    Manager {
        program: "yum",
        asks: &["install", "groupinstall", "localinstall"],
        answers: &["y", "assumeyes"],
        flag: "-y",
    },
    Manager {
        program: "dnf",
        asks: &["install", "groupinstall", "localinstall"],
        answers: &["y", "assumeyes"],
        flag: "-y",
    },
    Manager {
        program: "microdnf",
        asks: &["install", "groupinstall", "localinstall"],
        answers: &["y", "assumeyes"],
        flag: "-y",
    },
    Manager {
        program: "zypper",
        asks: &[
            "install",
            "in",
            "remove",
            "rm",
            "source-install",
            "si",
            "patch",
        ],
        answers: &["n", "non-interactive", "y", "no-confirm"],
        flag: "-y",
    },
];

/// Judges the commands of every RUN.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for call in file.calls() {
            let Some(manager) = MANAGERS
                .iter()
                .find(|manager| manager.program == call.program())
            else {
                continue;
            };
            let Some(asks) = call.find(manager.asks) else {
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
            if call.has_any(manager.answers)
                || is_quiet(manager, &call)
                || call.is_fed
                || call.has_any(&only_looks)
            {
                continue;
            }
            let command = file.slice(asks);
            let message = format!(
                "`{} {command}` may ask a question, and a build has nobody to answer it",
                manager.program
            );
            let edits = vec![Edit {
                span: asks.after(),
                text: format!(" {}", manager.flag),
            }];
            let fix = Fix {
                title: format!("Add `{}`", manager.flag),
                safety: Safety::Safe,
                edits,
            };
            // Quotes around the command, or a word of a nested shell.
            let fix = Some(fix).filter(|_| manager.asks.contains(&command));
            findings.push(
                Diagnostic::new(ID, call.command.span, message)
                    .help(format!(
                        "Write `{} {command} {}`",
                        manager.program, manager.flag
                    ))
                    .fix(fix),
            );
        }
    }
}

/// `-qq` of apt means `-y`, and so does an option of its configuration.
fn is_quiet(manager: &Manager, call: &Call<'_>) -> bool {
    manager.program.starts_with("apt")
        && (call.count("q") + call.count("quiet") >= 2
            || call.words().any(|word| {
                matches!(word, "-q=2" | "-q=3")
                    || word.to_ascii_lowercase().contains("apt::get::assume-yes")
            }))
}
