//! A file that a service needs from the host and that is not there.

use std::path::Path;

use crate::compose::{ENV_FILE, NeededFile, needed_files};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "missing-file";

/// Looks for the files that every service names. What git ignores, what a template lies beside and
/// what scripts or documents name will be made by whoever works here.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let missing: Vec<NeededFile<'_>> = needed_files(compose)
        .into_iter()
        .filter(|needed| is_missing(project, needed.path))
        .collect();
    if missing.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    for missing in &missing {
        if !findings.is_new(missing.path) {
            continue;
        }
        if !elsewhere.is_made_later(missing.path) {
            findings.push(report(project, missing));
        } else if missing.needed_as == ENV_FILE
            && let Some((span, name)) = elsewhere.absent_template(missing.path)
        {
            findings.push(without_template(project, missing, span, &name));
        }
    }
}

/// Whether there is nothing at a path of the project. What lies outside is not for us to know.
fn is_missing(project: &Project<'_>, path: &Path) -> bool {
    project.owns(path) && !project.workspace().files().exists(path)
}

fn report(project: &Project<'_>, missing: &NeededFile<'_>) -> Diagnostic {
    let path = project.written(missing.path);
    let message = format!(
        "the {} `{path}` does not exist: {}",
        missing.needed_as, missing.effect
    );
    let finding = Diagnostic::new(ID, missing.written, message)
        .note("no such file")
        .service(missing.service);
    finding.help("Correct the path, or add the file")
}

/// A file that everybody is told to copy from a template, which is not there.
fn without_template(
    project: &Project<'_>,
    missing: &NeededFile<'_>,
    told: Span,
    template: &str,
) -> Diagnostic {
    let path = project.written(missing.path);
    let message = format!(
        "nobody can make the {} `{path}`: its template `{template}` is not in the repository",
        missing.needed_as
    );
    let finding = Diagnostic::new(ID, missing.written, message)
        .note("Docker Compose refuses the project without it")
        .service(missing.service);
    let finding = finding.label(told, "to be copied from there");
    finding.help(format!(
        "Add `{template}`, and see that `.gitignore` lets it in: `!{template}`"
    ))
}
