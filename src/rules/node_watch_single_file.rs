//! `node --watch`, which stops watching a file that an editor replaces.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::reload;
use crate::process::{Process, Reload, node_version};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "node-watch-single-file";

/// Judges every process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        for finding in service
            .processes()
            .iter()
            .filter_map(|process| judge(project, service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let is_node = process
        .program
        .is_some_and(|program| program.name == "node");
    let watches_directory = process
        .words()
        .iter()
        .any(|word| word.starts_with("--watch-path"));
    if !is_node || watches_directory || !matches!(process.reload, Reload::Yes { .. }) {
        return None;
    }
    let flag = process
        .argv
        .iter()
        .find(|word| word.text.as_str() == "--watch")?;
    let bringer = reload::brought_without_restart(service, process)?;
    let name = service.name();
    let message = format!(
        "`node --watch` of `{name}` stops watching a file once an editor or git replaces it: the second edit is not seen"
    );
    let mut finding = Diagnostic::new(ID, flag.span, message)
        .note("watches the files, not their directories")
        .service(name);
    finding = finding.label(bringer.span, "edits arrive here");
    // The word as it is written, with its quotes.
    let source = project.workspace().sources().get(flag.span.file);
    let written = source.slice(flag.span);
    let is_new = service
        .base_image()
        .and_then(node_version)
        .is_some_and(|version| version >= 20);
    let edit = (is_new && written.trim_matches(['"', '\'']) == "--watch")
        .then(|| Edit::replace(flag.span, written.replace("--watch", "--watch-path=.")));
    let fix = edit.map(|edit| Fix {
        title: "Watch the directory instead".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![edit],
    });
    let help = "Watch the directory instead: `node --watch-path=. …` (Node.js 20 or newer), `nodemon`, or `tsx watch`";
    Some(finding.help(help).fix(fix))
}
