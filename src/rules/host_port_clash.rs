//! A port of the host that two containers want.

use crate::compose::Service;
use crate::diagnostic::Diagnostic;
use crate::network::host_ports::{self, WantedPort};
use crate::project::Project;
use crate::roles;
use crate::rules::Findings;

const ID: &str = "host-port-clash";

/// With more clashes than this nobody can start the project as a whole: people choose services from
/// it by name.
const A_MENU: usize = 5;

/// Compares the ports of all services that run at the same time.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    findings.extend(compose.services.iter().filter_map(report_scaled));
    let clashes = host_ports::clashes(compose);
    if clashes.len() > A_MENU {
        return;
    }
    for (one, other) in &clashes {
        let (first, second) = (one.service.name.as_str(), other.service.name.as_str());
        if !roles::are_started_apart(compose, project.recipes(), first, second) {
            findings.push(report(one, other));
        }
    }
}

/// Several containers of one service cannot share a port of the host. `deploy.replicas` is left
/// alone: in a swarm they can.
fn report_scaled(service: &Service) -> Option<Diagnostic> {
    let scale = service
        .data
        .get("scale")
        .filter(|scale| !scale.origin.is_unknown())?;
    let count: u32 = scale
        .value
        .scalar_text()?
        .parse()
        .ok()
        .filter(|count| *count > 1)?;
    let (number, span) = host_ports::first(service)?;
    let name = service.name.as_str();
    let message = format!(
        "`{name}` runs {count} times, and only one container can have the host's port {number}"
    );
    let help = format!(
        "Publish a range with a port for each, such as `{number}-{}:…`, or let Docker choose: leave the host's port out",
        u32::from(number) + count - 1
    );
    let mut finding = Diagnostic::new(ID, span, message)
        .note("one port")
        .service(name)
        .help(help);
    if let Some(scale) = scale.span() {
        finding = finding.label(scale, format!("{count} containers"));
    }
    Some(finding)
}

fn report(first: &WantedPort<'_>, second: &WantedPort<'_>) -> Diagnostic {
    let number = second.number;
    let (one, two) = (first.service.name.as_str(), second.service.name.as_str());
    let protocol = if second.port.protocol == "tcp" {
        String::new()
    } else {
        format!("/{}", second.port.protocol)
    };
    let message = if one == two {
        format!(
            "`{two}` publishes the host's port {number}{protocol} twice, for two ports of its container"
        )
    } else {
        format!(
            "`{one}` and `{two}` both publish the host's port {number}{protocol}: the second of them cannot start"
        )
    };
    let help = if one == two && first.span.file != second.span.file {
        "Ports of several files are added up. Write `ports: !override` in the later file to replace those of the earlier one".to_owned()
    } else {
        format!(
            "Publish another port for one of them, such as `{}:…`",
            number.checked_add(1).unwrap_or(8080)
        )
    };
    let label = if one == two {
        "published here".to_owned()
    } else {
        format!("`{one}` publishes it here")
    };
    Diagnostic::new(ID, second.span, message)
        .note("already taken")
        .label(first.span, label)
        .service(two)
        .help(help)
}
