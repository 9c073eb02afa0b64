//! A step that fetches what has no fixed version: the cache keeps what it fetched the first time.

use crate::diagnostic::Diagnostic;
use crate::image::Action;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::shell::Command;

const ID: &str = "hidden-input-layer";

/// Judges the steps of every image that is built for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.developed_services().filter_map(Service::image) {
        let steps = image
            .needed()
            .into_iter()
            .flat_map(|stage| &image.stages[stage].steps);
        for step in steps {
            let Action::Run(run) = &step.action else {
                continue;
            };
            let Some(script) = &run.script else { continue };
            let checks_out = script.commands.iter().any(|command| {
                let words = command.argv();
                words.first() == Some(&"git")
                    && words
                        .iter()
                        .any(|word| matches!(*word, "checkout" | "reset" | "switch"))
            });
            for command in script
                .commands
                .iter()
                .filter(|command| clones(command) && !checks_out)
            {
                if findings.is_new(command.span) {
                    findings.push(report(project, image, command));
                }
            }
        }
    }
}

/// Whether a command clones whatever the default branch is at the time.
fn clones(command: &Command) -> bool {
    let words = command.argv();
    let is_clone = words.first() == Some(&"git") && words.contains(&"clone");
    // A branch that a build argument names is a key of the cache.
    let is_fixed = words.iter().any(|word| {
        word.contains('$')
            || matches!(*word, "-b")
            || word.starts_with("--branch")
            || word.starts_with("--revision")
    });
    is_clone && !is_fixed
}

fn report(project: &Project<'_>, image: &crate::image::Image, command: &Command) -> Diagnostic {
    let url = command
        .argv()
        .into_iter()
        .find(|word| word.contains("://") || word.contains('@'))
        .unwrap_or("the repository")
        .to_owned();
    let message = format!(
        "`{}` is cloned once: later builds take the step from the cache, whatever has been pushed since",
        url.trim_end_matches(".git")
    );
    let mut finding = Diagnostic::new(ID, command.span, message)
        .note("nothing here changes when the repository does");
    if let Some(service) = project.users_of(image).next() {
        finding = finding.service(service.name());
    }
    finding.help("Name a version, `--branch v1.2`, or let the builder look: `ADD https://….git#main /src`; `docker compose build --no-cache` fetches it anew")
}
