//! A container that installs its packages, or waits by the clock, each time it starts.

use crate::diagnostic::Diagnostic;
use crate::knowledge::wrappers;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::shell::Command;

const ID: &str = "install-at-start";

/// A pause from which on somebody notices it, in seconds.
const LONG: u64 = 5;

/// Judges what runs before each process; a service is reported once, and a script that several
/// share.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        let before = service
            .processes()
            .iter()
            .flat_map(|process| &process.side_effects)
            .filter(|command| !command.conditional);
        let found = before
            .into_iter()
            .find_map(|command| report(service, command));
        if let Some(found) = found
            && findings.is_new(found.span)
        {
            findings.push(found);
        }
    }
}

fn report(service: Service<'_>, command: &Command) -> Option<Diagnostic> {
    let name = service.name();
    let argv = command.argv();
    let words = argv.join(" ");
    if let ["sleep", time] = argv.as_slice() {
        let seconds: u64 = time
            .trim_end_matches('s')
            .parse()
            .ok()
            .filter(|seconds| *seconds >= LONG)?;
        let message = format!(
            "`{name}` waits {seconds} s at each start, whether what it waits for is ready or not"
        );
        let help = "Wait for what it needs with `condition: service_healthy` and a health check, which ends as soon as that is ready";
        return Some(
            Diagnostic::new(ID, command.span, message)
                .note("always so long")
                .service(name)
                .help(help),
        );
    }
    if !installs(&argv) {
        return None;
    }
    let message = format!("`{name}` runs `{words}` at each start, before anything else");
    let help = if service.spec().build.is_some() {
        "Install in the Dockerfile, where the result is kept; after a change of the packages: `docker compose up -d --build`"
    } else {
        "Build an image that has the packages: a Dockerfile with the install, and `build: .` in the place of `image`"
    };
    Some(
        Diagnostic::new(ID, command.span, message)
            .note("again at each start")
            .service(name)
            .help(help),
    )
}

/// Whether a command fetches packages. One that lies in the container, such as a library that is
/// mounted, is none of them.
fn installs(argv: &[&str]) -> bool {
    let is_local =
        |word: &&str| matches!(*word, "-e" | "--editable") || word.starts_with(['/', '.']);
    let arguments = argv.get(1..).unwrap_or_default();
    !arguments.iter().any(is_local) && wrappers::fetches_packages(argv)
}
