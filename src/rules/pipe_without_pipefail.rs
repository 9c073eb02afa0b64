//! A pipe in a RUN whose shell looks at the last command only.

use crate::diagnostic::Diagnostic;
use crate::knowledge::shells;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::shell::{Command, Operator};

const ID: &str = "pipe-without-pipefail";

/// Judges every RUN.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for run in file.runs() {
            if has_pipefail(&run.shell) || sets_pipefail(&run.commands) {
                continue;
            }
            let Some(piped) = run
                .commands
                .iter()
                .find(|command| command.next == Operator::Pipe)
            else {
                continue;
            };
            let program = piped.program().unwrap_or_default();
            let message = format!(
                "the build goes on when `{program}` fails: a pipe is worth what its last command is"
            );
            let help = "Write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` before it where the image has bash, or `set -o pipefail &&`";
            findings.push(Diagnostic::new(ID, piped.span, message).help(help));
        }
    }
}

fn has_pipefail(shell: &[String]) -> bool {
    shell
        .first()
        .is_some_and(|program| shells::has_pipefail(program))
        && shell.iter().any(|word| word.contains("pipefail"))
}

fn sets_pipefail(commands: &[Command]) -> bool {
    let first = commands
        .iter()
        .take_while(|command| command.next != Operator::Pipe);
    let mut all = first.map(Command::argv);
    all.any(|words| words.first() == Some(&"set") && words.contains(&"pipefail"))
}
