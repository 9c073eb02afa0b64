//! A start script with the line ends of Windows.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::start_script::{self, StartScript};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "crlf-script";

/// Looks at what every container is started with; a script that several are started with is
/// reported once.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for finding in start_script::of(service)
            .iter()
            .filter_map(|script| judge(project, service, script))
        {
            if findings.is_new(finding.span.file) {
                findings.push(finding);
            }
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, script: &StartScript) -> Option<Diagnostic> {
    let text = script.source.text();
    let first = text.split('\n').next().unwrap_or_default();
    let changes = script.copy.is_some()
        && service
            .image()
            .is_some_and(|image| start_script::may_change(image, &script.container));
    if !first.ends_with('\r') || changes {
        return None;
    }
    let (name, host) = (service.name(), project.written(&script.host));
    let interpreter = first.trim_start_matches("#!").trim();
    let message = format!(
        "`{name}` cannot start: the lines of `{host}` end as on Windows, and there is no `{interpreter}\\r`"
    );
    let place = script.source.span(0..first.len() - 1);
    let finding = Diagnostic::new(ID, place, message)
        .note("a carriage return follows")
        .service(name)
        .label(script.written, "started here");
    let returns = text
        .match_indices("\r\n")
        .map(|(at, _)| Edit::delete(script.source.span(at..at + 1)));
    let fix = Fix {
        title: "Take the carriage returns out".to_owned(),
        safety: Safety::Safe,
        edits: returns.collect(),
    };
    Some(finding.help("Save it with `\\n` line ends, and write `*.sh text eol=lf` into .gitattributes so that it stays so").fix(fix))
}
