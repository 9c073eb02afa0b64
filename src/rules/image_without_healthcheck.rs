//! An image that cannot say whether it is well.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "image-without-healthcheck";

/// Judges the last stage of every Dockerfile, with all it is built on. A service may have a health
/// check of its own.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let Some(last) = file.stages.len().checked_sub(1) else {
            continue;
        };
        let chain = file.chain(last);
        let has_own = file
            .each(Keyword::Healthcheck)
            .any(|line| line.stage.is_some_and(|stage| chain.contains(&stage)));
        let mut users = file
            .images
            .iter()
            .flat_map(|image| project.users_of(image))
            .peekable();
        let is_served =
            users.peek().is_some() && users.all(|service| service.spec().healthcheck.is_some());
        if has_own || is_served {
            continue;
        }
        let message = "the image has no `HEALTHCHECK`, so that nothing can wait until it is well";
        let help = "Add `HEALTHCHECK CMD …`, or `HEALTHCHECK NONE` where there is nothing to ask";
        findings.push(Diagnostic::new(ID, file.stages[last].from.span, message).help(help));
    }
}
