//! The top-level `version`, which Docker Compose ignores and warns about at every command.

use crate::compose::OBSOLETE_VERSION;
use crate::diagnostic::{Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::{Entry, edit};
use crate::text::Source;

/// Passes on what the loader says of the files of the project.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let problems = project
        .compose()
        .into_iter()
        .flat_map(|compose| &compose.warnings);
    for problem in problems.filter(|problem| problem.rule == OBSOLETE_VERSION) {
        let parsed = project.yaml_of(problem.span);
        let entry = parsed
            .tree
            .documents()
            .filter_map(|root| root.entry("version"))
            .find(|entry| entry.key.span().start == problem.span.start);
        let fix = entry.and_then(|entry| fix(parsed.tree.source(), entry));
        findings.push(
            problem
                .clone()
                .help("Take the line out: nothing else changes")
                .fix(fix),
        );
    }
}

/// The line, and the blank one behind it when it is the first of the file or another blank one
/// stands before it.
fn fix(source: &Source, entry: Entry<'_>) -> Option<Fix> {
    let mut fix = Fix::of(
        "Take `version` out",
        Safety::Safe,
        edit::remove_entry(entry),
    )?;
    // Where nothing else is in the file, something comes in its place.
    if let [edit] = fix.edits.as_mut_slice()
        && edit.text.is_empty()
    {
        let text = source.text();
        let (before, behind) = (
            &text[..edit.span.start as usize],
            &text[edit.span.end as usize..],
        );
        let line = |text: &str| {
            if text.starts_with("\r\n") {
                2
            } else {
                usize::from(text.starts_with('\n'))
            }
        };
        let blank = match edit.span.start == source.content_start() {
            true => behind.len() - behind.trim_start_matches(['\r', '\n']).len(),
            // One blank line is enough where there was one on either side.
            false if before.ends_with("\n\n") || before.ends_with("\n\r\n") => line(behind),
            false => 0,
        };
        edit.span.end += crate::text::offset(blank);
    }
    Some(fix)
}
