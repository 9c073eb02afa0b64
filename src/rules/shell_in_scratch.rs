//! A command for a shell in a stage on `scratch`, which has none.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::image::dockerfiles::BuildFile;
use crate::knowledge::shells;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "shell-in-scratch";

/// Judges the stages on `scratch` until something that may be a shell is copied into them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in 0..file.stages.len() {
            let bottom = file.chain(stage).first().copied().unwrap_or(stage);
            if file.stages[bottom]
                .base
                .is_none_or(|base| base.text.as_str() != "scratch")
            {
                continue;
            }
            judge(&file, stage, findings);
        }
    }
}

fn judge(file: &BuildFile<'_>, stage: usize, findings: &mut Findings) {
    let below: Vec<usize> = file
        .chain(stage)
        .into_iter()
        .filter(|below| *below != stage)
        .collect();
    let brings =
        |keyword: Keyword| matches!(keyword, Keyword::Copy | Keyword::Add | Keyword::Shell);
    let mut may_have_shell = below.iter().any(|below| {
        file.of_stage(*below)
            .any(|line| brings(line.instruction.keyword))
    });
    for line in file.of_stage(stage).filter(|line| !line.is_trigger) {
        let instruction = line.instruction;
        may_have_shell |= match instruction.keyword {
            Keyword::Shell => true,
            // A directory, a whole file system or an archive may bring a shell; a single program
            // rarely is one.
            Keyword::Copy | Keyword::Add => instruction
                .words()
                .iter()
                .rev()
                .skip(1)
                .any(|word| may_bring_shell(word.text.as_str())),
            _ => false,
        };
        let mounts = instruction.flags.iter().any(|flag| flag.name == "mount");
        let needs_shell = matches!(
            instruction.keyword,
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint
        );
        if may_have_shell
            || mounts
            || !needs_shell
            || !matches!(instruction.arguments, Arguments::Shell(_))
        {
            continue;
        }
        let name = dockerfiles::keyword(instruction, file.source());
        let message = format!("`{name}` wants a shell, and `scratch` has none");
        let help = "Write the JSON form with the path of a program that is in the image, or do it in a stage below and copy the result";
        findings.push(
            Diagnostic::new(ID, instruction.span, message)
                .label(file.stages[stage].from.span, "nothing is in here")
                .help(help),
        );
    }
}

fn may_bring_shell(source: &str) -> bool {
    let source = dockerfiles::unquoted(source);
    let name = source
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let is_archive = [".tar", ".gz", ".xz", ".tgz", ".bz2", ".zst"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let is_shell =
        shells::is_shell(name) || matches!(name, "busybox" | "bin" | "rootfs" | "." | "" | "usr");
    is_archive || is_shell || source.contains(['$', '*']) || source.ends_with('/')
}
