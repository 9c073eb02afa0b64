//! The top-level `version`, which Docker Compose ignores and warns about at every command.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::{Entry, edit};
use crate::text::Source;

const ID: &str = "obsolete-version";

/// Looks at every file of the project.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for source in project.compose().iter().flat_map(|compose| &compose.files) {
        let parsed = project.workspace().yaml(source);
        for entry in parsed.tree.documents().filter_map(|root| root.entry("version")) {
            let message = "Docker Compose ignores `version` and warns about it at every command";
            let finding = Diagnostic::new(ID, entry.key.span().cover(entry.value.span()), message);
            findings.push(finding.help("Take the line out: nothing else changes").fix(fix(source, entry)));
        }
    }
}

/// The line, and the blank one behind it when it is the first of the file.
fn fix(source: &Source, entry: Entry<'_>) -> Option<Fix> {
    let mut fix = Fix::of("Take `version` out", Safety::Safe, edit::remove_entry(entry))?;
    if let [edit] = fix.edits.as_mut_slice() {
        let text = source.text();
        let behind = &text[edit.span.end as usize..];
        let blank = behind.len() - behind.trim_start_matches(['\r', '\n']).len();
        if edit.span.start == source.content_start() {
            edit.span.end += crate::text::offset(blank);
        }
    }
    Some(fix)
}
