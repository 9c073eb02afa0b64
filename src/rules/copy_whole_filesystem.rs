//! `COPY --from=build / /`: everything of another stage over everything here.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "copy-whole-filesystem";

/// Judges every COPY; one from the context may well have the context's root for its source.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file
            .each(Keyword::Copy)
            .filter(|line| line.instruction.flag("from").is_some())
        {
            let Some((destination, sources)) = line.instruction.words().split_last() else {
                continue;
            };
            let is_root = |text: &str| dockerfiles::unquoted(text) == "/";
            if !is_root(destination.text.as_str())
                || !sources.iter().any(|source| is_root(source.text.as_str()))
            {
                continue;
            }
            let message = "this copies all of another stage, with its tools and caches, and again after every change in it";
            findings.push(
                Diagnostic::new(ID, line.instruction.span, message)
                    .help("Copy the directories that are needed"),
            );
        }
    }
}
