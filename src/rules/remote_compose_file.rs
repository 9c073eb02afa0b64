//! A compose file that lies in a git repository, a registry or on the web, and is not read.

use crate::compose::is_remote_project;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "remote-compose-file";

/// Tells of every `include` and `extends` that leads out of the machine.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let unread = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.unread);
    for file in unread.filter(|file| is_remote_project(&file.value) && !file.origin.is_unknown()) {
        let Some(span) = file.span() else { continue };
        let message = format!(
            "`{}` is not read: what depends on it is not judged",
            file.value
        );
        let help = "composelint fetches nothing: to have all of the project checked, keep a copy of the file beside this one";
        findings.push(Diagnostic::new(ID, span, message).help(help));
    }
}
