//! A published port of the container that the image's own EXPOSE does not know.

use crate::diagnostic::Diagnostic;
use crate::network;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "unexposed-port";

/// Looks at every service that builds an image with EXPOSE.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    findings.extend(project.services().filter_map(judge));
}

fn judge(service: Service<'_>) -> Option<Diagnostic> {
    let spec = service.spec();
    spec.build.as_ref()?;
    let image = service.image()?;
    let exposed = &image.config()?.exposed;
    let numbers: Option<Vec<u16>> = exposed
        .iter()
        .map(|port| port.value.as_deref()?.split('/').next()?.parse().ok())
        .collect();
    let (numbers, last) = (numbers?, exposed.last()?);
    let targets: Option<Vec<_>> = spec
        .ports
        .iter()
        .map(|port| {
            port.target
                .as_ref()
                .filter(|target| !target.origin.is_unknown())
        })
        .collect();
    let targets = targets?;
    let first = targets.first()?;
    let is_exposed = |port: u16| numbers.contains(&port);
    // The compose file may well tell the program to listen elsewhere.
    let is_told = spec.command.is_some()
        || spec.entrypoint.is_some()
        || targets
            .iter()
            .any(|target| network::mentions_port(service, target.value));
    if targets.iter().any(|target| is_exposed(target.value))
        || is_told
        || network::listening(service).is_some()
    {
        return None;
    }
    let message = format!(
        "`{}` publishes port {} of its container, but its image exposes {}",
        service.name(),
        first.value,
        list(&numbers)
    );
    let finding = Diagnostic::new(ID, first.span()?, message)
        .note("not in EXPOSE")
        .service(service.name());
    let finding = finding.label(last.span, "what the image says it listens on");
    Some(finding.help("Publish the port that the program listens on, and let EXPOSE say the same"))
}

fn list(numbers: &[u16]) -> String {
    numbers
        .iter()
        .map(u16::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
