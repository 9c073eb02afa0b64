//! A port of the host that two containers want.

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::compose::{Port, Service, Value};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::roles;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "host-port-clash";

/// One port of the host that a service wants.
struct Wanted<'c> {
    service: &'c Service,
    port: &'c Port,
    /// All addresses without it.
    address: Option<IpAddr>,
    span: Span,
}

/// With more clashes than this nobody can start the project as a whole: people choose services from
/// it by name.
const A_MENU: usize = 5;

/// Compares the ports of all services that run at the same time.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let mut by_port: BTreeMap<(&str, u16), Vec<Wanted<'_>>> = BTreeMap::new();
    let mut told: Vec<(Span, Span)> = Vec::new();
    let mut found = Vec::new();
    let apart = |one: &Wanted<'_>, two: &Wanted<'_>| {
        roles::are_started_apart(
            compose,
            project.recipes(),
            one.service.name.as_str(),
            two.service.name.as_str(),
        )
    };
    for service in compose.services.iter().filter(|service| publishes(service)) {
        for port in &service.ports {
            let (Some(number), Some(span)) = (number(port), port.origin.span) else {
                continue;
            };
            let address = match address(port) {
                Ok(address) => address,
                Err(Unknown) => continue,
            };
            let wanted = Wanted {
                service,
                port,
                address,
                span,
            };
            let others = by_port.entry((port.protocol.as_str(), number)).or_default();
            // Of a range that clashes with another one the first port is told.
            let other = others.iter().find(|other| clash(other, &wanted));
            if let Some(other) = other.filter(|other| !told.contains(&(other.span, span))) {
                told.push((other.span, span));
                found.push((report(other, &wanted, number), apart(other, &wanted)));
            }
            others.push(wanted);
        }
    }
    findings.extend(
        compose
            .services
            .iter()
            .filter(|service| publishes(service))
            .filter_map(report_scaled),
    );
    if found.len() <= A_MENU {
        findings.extend(
            found
                .into_iter()
                .filter(|(_, apart)| !apart)
                .map(|(finding, _)| finding),
        );
    }
}

/// Whether Docker binds ports for it: those of a container in the host's network, or of none, are
/// ignored.
fn publishes(service: &Service) -> bool {
    let has_own = service
        .network_mode
        .as_ref()
        .is_none_or(|mode| mode.value == "bridge" || mode.value == "default");
    let deploy = service
        .data
        .get("deploy")
        .and_then(|deploy| deploy.get("replicas"));
    let is_off = [service.data.get("scale"), deploy]
        .into_iter()
        .flatten()
        .any(|count| count.value.scalar_text().as_deref() == Some("0"));
    has_own && !is_off
}

/// The port of the host, if it is exactly one that is known. Of a range for one port of the
/// container Docker takes any free one.
fn number(port: &Port) -> Option<u16> {
    let published = port
        .published
        .as_ref()
        .filter(|published| !published.origin.is_unknown())?;
    published.value.parse().ok().filter(|number| *number != 0)
}

/// Whether the address hides behind a variable.
struct Unknown;

fn address(port: &Port) -> Result<Option<IpAddr>, Unknown> {
    match &port.host_ip {
        None => Ok(None),
        Some(Value { value, .. }) if value.is_empty() => Ok(None),
        Some(value) if value.origin.is_unknown() => Err(Unknown),
        Some(value) => value.value.parse().map(Some).map_err(|_| Unknown),
    }
}

fn clash(one: &Wanted<'_>, other: &Wanted<'_>) -> bool {
    let is_same = match (one.address, other.address) {
        (None, _) | (_, None) => true,
        (Some(one), Some(other)) if one.is_ipv4() != other.is_ipv4() => false,
        (Some(one), Some(other)) => one == other || one.is_unspecified() || other.is_unspecified(),
    };
    // Twice the same mapping in one service is told by nobody, and does no harm.
    let target = |wanted: &Wanted<'_>| wanted.port.target.as_ref().map(|target| target.value);
    let is_repeated =
        one.service.name.value == other.service.name.value && target(one) == target(other);
    is_same && !is_repeated && one.span != other.span && one.service.runs_beside(other.service)
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
    let (number, span) = service
        .ports
        .iter()
        .find_map(|port| Some((number(port)?, port.origin.span?)))?;
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

fn report(first: &Wanted<'_>, second: &Wanted<'_>, number: u16) -> Diagnostic {
    let (one, two) = (first.service.name.as_str(), second.service.name.as_str());
    let protocol = if second.port.protocol == "tcp" {
        String::new()
    } else {
        format!("/{}", second.port.protocol)
    };
    let message = match one == two {
        true => format!(
            "`{two}` publishes the host's port {number}{protocol} twice, for two ports of its container"
        ),
        false => format!(
            "`{one}` and `{two}` both publish the host's port {number}{protocol}: the second of them cannot start"
        ),
    };
    let help = match one == two && first.span.file != second.span.file {
        true => {
            "Ports of several files are added up. Write `ports: !override` in the later file to replace those of the earlier one".to_owned()
        }
        false => format!("Publish another port for one of them, such as `{}:…`", number.checked_add(1).unwrap_or(8080)),
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
