//! A container name that two services want.

use crate::compose::Service;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "container-name-clash";

/// Compares the names of all services that run at the same time.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let named: Vec<(&Service, &str)> = compose
        .services
        .iter()
        .filter_map(|service| {
            Some((
                service,
                service
                    .container_name
                    .as_ref()
                    .filter(|name| !name.origin.is_unknown())?
                    .as_str(),
            ))
        })
        .collect();
    for (at, (service, name)) in named.iter().enumerate() {
        let first = named[..at]
            .iter()
            .find(|(other, taken)| taken == name && other.runs_beside(service));
        if let Some((first, _)) = first {
            findings.extend(report(first, service, name));
        }
    }
}

fn report(first: &Service, second: &Service, name: &str) -> Option<Diagnostic> {
    let span = |service: &Service| service.container_name.as_ref()?.span();
    let (one, two) = (first.name.as_str(), second.name.as_str());
    let message = format!(
        "`{one}` and `{two}` both name their container `{name}`: Docker Compose refuses the project"
    );
    let mut finding = Diagnostic::new(ID, span(second)?, message)
        .note("already taken")
        .service(two);
    if let Some(first) = span(first).filter(|first| *first != finding.span) {
        finding = finding.label(first, format!("`{one}` has it"));
    }
    Some(finding.help("Give one of them another name, or leave `container_name` out: Docker Compose then makes names of its own"))
}
