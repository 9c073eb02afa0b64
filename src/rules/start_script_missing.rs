//! A container that is to be started with a script which is nowhere.

use crate::diagnostic::Diagnostic;
use crate::project::start_script::{self, AbsentScript};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "start-script-missing";

/// Looks at what every container is started with; services that share the line share the finding.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for script in start_script::absent(service) {
            findings.push_shared(service, report(project, service, &script));
        }
    }
}

fn report(project: &Project<'_>, service: Service<'_>, script: &AbsentScript) -> Diagnostic {
    let (name, container) = (service.name(), &script.container);
    let message = format!("`{name}` cannot start: nothing brings `{container}` into its container");
    let finding = Diagnostic::new(ID, script.written, message)
        .note("no such file")
        .service(name);
    match (&script.host, script.mount) {
        (Some(host), mount) => {
            let host = project.written(host);
            let finding = mount.into_iter().fold(finding, |finding, mount| {
                finding.label(mount, "this mount lies over the image's files")
            });
            finding.help(format!(
                "Correct the path, or add `{host}`, which is what the mount would show there"
            ))
        }
        (None, _) => finding.help(format!(
            "Correct the path, or copy the script to `{container}` in the Dockerfile"
        )),
    }
}
