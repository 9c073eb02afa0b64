//! A path that a Dockerfile takes from the build context, though the ignore file keeps it out.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::{Absent, Image};
use crate::project::Project;
use crate::rules::{Findings, of_image};
use crate::text::{Source, Span};

const ID: &str = "needed-file-ignored";

/// Compares what the needed stages take by name with the patterns in force.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        let Some(file) = image
            .context
            .ignore_file
            .as_ref()
            .filter(|file| is_context_known(project, image, file))
        else {
            continue;
        };
        for absent in image.absent(project.workspace().files()) {
            if let Some(pattern) = absent.ignored_by {
                findings.push(report(project, image, &absent, pattern, file));
            }
        }
        for (copy, pattern) in image.empty_copies() {
            let message = format!(
                "nothing is copied here: `{}` keeps everything out of the context",
                project.written(file.path())
            );
            let finding = Diagnostic::new(ID, copy, message)
                .note("an empty directory")
                .label(pattern, "keeps everything out");
            findings.push(
                finding.help(
                    "Take back what the build needs with `!` and its path, or remove the copy",
                ),
            );
        }
    }
}

/// A compose file says what the context is. A Dockerfile alone is built where its `.dockerignore`
/// lies.
fn is_context_known(project: &Project<'_>, image: &Image, file: &Source) -> bool {
    project.compose().is_some() || file.path() == image.context.directory.join(".dockerignore")
}

fn report(
    project: &Project<'_>,
    image: &Image,
    absent: &Absent,
    pattern: Span,
    file: &Source,
) -> Diagnostic {
    let path = absent.path.as_str();
    let message = format!(
        "the build needs `{path}`, and `{}` keeps it out of the context: the build fails",
        project.written(file.path())
    );
    let mut finding = Diagnostic::new(ID, absent.span, message)
        .note("never sent to the builder")
        .label(pattern, "kept out by this pattern");
    finding = of_image(project, image, finding);
    // Right behind the pattern that decides: what later patterns keep out stays out. A directory
    // may be one that an earlier pattern meant to keep out parts of.
    let is_directory = project.workspace().files().is_directory(&absent.host);
    let line_end = if file.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let edit = Edit::replace(pattern.after(), format!("{line_end}!{path}"));
    let safety = if is_directory {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let fix = Fix {
        title: format!("Take `{path}` back with `!{path}`"),
        safety,
        edits: vec![edit],
    };
    // A name that means something in a pattern would have to be escaped.
    let is_plain = !path.contains(['*', '?', '[', '\\', ' ']);
    finding
        .help(format!(
            "Take it back with `!{path}` behind that pattern, or do not copy it"
        ))
        .fix(is_plain.then_some(fix))
}
