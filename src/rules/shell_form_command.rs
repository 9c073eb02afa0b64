//! CMD and ENTRYPOINT in the shell form: a shell stands between the signals of `docker stop` and
//! the program.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line, commands};
use crate::knowledge::images;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "shell-form-command";

/// Judges every CMD and ENTRYPOINT of a stage that does not choose its shell itself.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            let keyword = line.instruction.keyword;
            let Arguments::Shell(text) = &line.instruction.arguments else {
                continue;
            };
            // A broken JSON form is told of by `broken-json-form`.
            let is_broken = text.as_str().starts_with('[');
            if !matches!(keyword, Keyword::Cmd | Keyword::Entrypoint)
                || line.is_trigger
                || is_broken
                || chooses_shell(&file, line)
            {
                continue;
            }
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = format!(
                "`{name}` is run by a shell, which keeps the signals of `docker stop` from the program"
            );
            let finding = Diagnostic::new(ID, line.instruction.span, message);
            let words = commands::plain_words(text);
            let finding = match &words {
                Some(words) => finding.help(format!("Write `{}`", written(&file, line, words))),
                None => {
                    finding.help(format!("Write `{name} [\"sh\", \"-c\", \"exec …\"]`, so that the shell gives its place to the program"))
                }
            };
            findings.push(finding.fix(words.and_then(|words| fix(project, &file, line, &words))));
        }
    }
}

fn chooses_shell(file: &BuildFile<'_>, line: &Line<'_>) -> bool {
    let chain = line
        .stage
        .map(|stage| file.chain(stage))
        .unwrap_or_default();
    let mut shells = file
        .each(Keyword::Shell)
        .filter(|shell| shell.number < line.number);
    shells.any(|shell| {
        shell.stage == line.stage || shell.stage.is_some_and(|stage| chain.contains(&stage))
    })
}

fn written(file: &BuildFile<'_>, line: &Line<'_>, words: &[String]) -> String {
    let keyword = file.slice(line.instruction.keyword_span);
    format!(
        "{keyword} [{}]",
        words
            .iter()
            .map(|word| dockerfiles::json(word))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

fn fix(
    project: &Project<'_>,
    file: &BuildFile<'_>,
    line: &Line<'_>,
    words: &[String],
) -> Option<Fix> {
    let span = line.instruction.span;
    if file
        .file
        .comments
        .iter()
        .any(|comment| span.contains(*comment))
        || file.file.escape != '\\'
    {
        return None;
    }
    let is_same = match line.instruction.keyword {
        Keyword::Cmd => is_run_as_given(file, line),
        // In the JSON form the words of CMD and of `command:` follow, which the shell form leaves
        // out.
        _ => !has_arguments(project, file, line),
    };
    let safety = if is_same {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    Some(Fix {
        title: "Write the JSON form".to_owned(),
        safety,
        edits: vec![Edit::replace(span, written(file, line, words))],
    })
}

/// Whether nothing but the command itself decides what runs: no ENTRYPOINT in the file, and none
/// that looks at its words in the base image.
fn is_run_as_given(file: &BuildFile<'_>, line: &Line<'_>) -> bool {
    let Some(stage) = line.stage else {
        return false;
    };
    let chain = file.chain(stage);
    let has_entrypoint = file
        .each(Keyword::Entrypoint)
        .any(|line| line.stage.is_some_and(|stage| chain.contains(&stage)));
    let bottom = chain.first().copied().unwrap_or(stage);
    let is_plain = |image: &&Image| image.base_image(bottom).is_some_and(images::runs_as_given);
    // Whoever builds on the stage may bring an entrypoint of its own.
    let is_below = file.stages.iter().any(|other| other.below == Some(stage));
    !has_entrypoint && !is_below && file.images.iter().all(is_plain)
}

fn has_arguments(project: &Project<'_>, file: &BuildFile<'_>, line: &Line<'_>) -> bool {
    let has_command = file.each(Keyword::Cmd).any(|cmd| cmd.stage == line.stage);
    let is_below = line
        .stage
        .is_none_or(|stage| file.stages.iter().any(|other| other.below == Some(stage)));
    let mut users = file.images.iter().flat_map(|image| project.users_of(image));
    has_command
        || is_below
        || users
            .any(|service| service.spec().command.is_some() || service.spec().entrypoint.is_some())
}
