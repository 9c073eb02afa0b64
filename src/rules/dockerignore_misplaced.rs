//! An ignore file where no build looks for one.

use crate::cache::ignore_files::{self, Misplaced};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::{Findings, of_build_context};

const ID: &str = "dockerignore-misplaced";

/// Looks at every ignore file in the build contexts.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let misplaced = ignore_files::misplaced(project);
    findings.extend(misplaced.iter().map(|found| report(project, found)));
}

fn report(project: &Project<'_>, misplaced: &Misplaced<'_>) -> Diagnostic {
    let Misplaced {
        source,
        image,
        below,
    } = misplaced;
    let context = project.written(&image.context.directory);
    let first = source
        .text()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
        .len();
    let start = source.content_start() as usize;
    let message = format!(
        "no build reads `{}`: Docker looks for it in the build context, which is `{context}`",
        project.written(source.path())
    );
    let finding = Diagnostic::new(ID, source.span(start..start.max(first)), message)
        .note("has no effect here");
    let finding = of_build_context(project, image, finding);
    let dockerfile = &image.dockerfile.tree.source;
    let right = project.written(&image.context.directory.join(".dockerignore"));
    let is_beside =
        dockerfile.embedded().is_none() && dockerfile.path().parent() == source.path().parent();
    let beside = match dockerfile.path().file_name().filter(|_| is_beside) {
        Some(own) => format!(
            " or into `{}.dockerignore` beside the Dockerfile",
            own.display()
        ),
        None => String::new(),
    };
    finding.help(format!(
        "Move its patterns, with `{below}/` before each, into `{right}`{beside}"
    ))
}
