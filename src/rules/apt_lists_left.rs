//! `apt-get update` whose lists stay in the image.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::BuildFile;
use crate::knowledge::system;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Instruction;
use crate::syntax::shell::Command;

const ID: &str = "apt-lists-left";

/// Judges every RUN of the stages that end up in an image: the last one, and those that another one
/// is built on.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for run in file.runs() {
            let is_kept =
                run.line.is_trigger || run.line.stage.is_none_or(|stage| is_kept(&file, stage));
            let update = run.commands.iter().find(|command| is_update(command));
            let Some(update) = update
                .filter(|_| is_kept && !cleans(&run.commands) && !has_cache(run.line.instruction))
            else {
                continue;
            };
            let message = "the lists that `apt-get update` fetches stay in the image, and an install in a later layer uses old ones";
            let help = "End this `RUN` with `rm -rf /var/lib/apt/lists/*`, or give it cache mounts for /var/lib/apt and /var/cache/apt";
            findings.push(Diagnostic::new(ID, update.span, message).help(help));
        }
    }
}

fn is_kept(file: &BuildFile<'_>, stage: usize) -> bool {
    stage + 1 == file.stages.len() || file.stages.iter().any(|other| other.below == Some(stage))
}

fn is_update(command: &Command) -> bool {
    let words = command.argv();
    let program = words.iter().position(|word| system::is_apt(word));
    program.is_some_and(|at| at < 2 && words[at..].contains(&"update"))
}

fn cleans(commands: &[Command]) -> bool {
    commands.iter().any(|command| {
        let words = command.argv();
        words.contains(&"rm") && words.iter().any(|word| word.starts_with("/var/lib/apt"))
    })
}

/// Mounts for the lists themselves, or for all of apt's two directories.
fn has_cache(run: &Instruction) -> bool {
    let values = run
        .flags
        .iter()
        .filter(|flag| flag.name == "mount")
        .filter_map(|flag| flag.value.as_ref());
    let mounts: Vec<&str> = values
        .map(|value| value.text.as_str())
        .filter(|text| text.contains("type=cache") || text.contains("type=tmpfs"))
        .collect();
    let has = |path: &str| mounts.iter().any(|mount| mount.contains(path));
    has("/var/lib/apt/lists") || (has("/var/lib/apt") && has("/var/cache/apt"))
}
