//! Rails that waits for events of the file system, which mounted files may not give.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::knowledge::Language;
use crate::links::reload;
use crate::process::{Process, Reload};
use crate::project::host_paths;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "rails-evented-watcher";
const EVENTED: &str = "ActiveSupport::EventedFileUpdateChecker";

/// Judges every Rails process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = service
            .processes()
            .iter()
            .find_map(|process| judge(project, service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    if process.language() != Some(Language::Ruby) || process.reload != Reload::PerRequest {
        return None;
    }
    let bringer = reload::brought_without_restart(service, process)?;
    let host = host_paths::host_of(
        service,
        &format!("{}/config/environments/development.rb", process.cwd),
    )?;
    let source = project.workspace().read(&host).ok()?;
    let line = source
        .text()
        .lines()
        .find(|line| line.contains(EVENTED) && !line.trim_start().starts_with('#'))?;
    let at = source.text().find(line)? + line.find(EVENTED)?;
    let span = source.span(at..at + EVENTED.len());
    let message = format!(
        "Rails of `{}` waits for events of its files, which files that are mounted from another system do not give",
        service.name()
    );
    let edit = Edit::replace(span, "ActiveSupport::FileUpdateChecker");
    let fix = Fix {
        title: "Look at the time stamps instead".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![edit],
    };
    let help =
        "Use `ActiveSupport::FileUpdateChecker`, which looks at the time stamps with each request";
    let finding = Diagnostic::new(ID, span, message)
        .label(bringer.span, "edits arrive here")
        .service(service.name());
    Some(finding.help(help).fix(fix))
}
