//! An address that looks in the own container for a server which is another service.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::knowledge::schemes;
use crate::network::{self, Address};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "localhost-address";

/// Looks at the addresses of every service with a network of its own.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let modes = compose
        .services
        .iter()
        .filter_map(|service| service.network_mode.as_ref());
    let shared: Vec<&str> = modes
        .filter_map(|mode| mode.value.strip_prefix("service:"))
        .collect();
    for service in project.services() {
        if service.spec().network_mode.is_some() || shared.contains(&service.name()) {
            continue;
        }
        findings.extend(
            network::addresses(service)
                .iter()
                .filter_map(|address| judge(project, service, address)),
        );
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, address: &Address) -> Option<Diagnostic> {
    let is_local = matches!(
        address.host.to_ascii_lowercase().as_str(),
        "localhost" | "127.0.0.1"
    );
    let is_server =
        schemes::OF_SERVERS.contains(&address.scheme.as_str()) || address.scheme.is_empty();
    let port = address.port.as_ref().filter(|_| is_local && is_server)?;
    // Where it declares or names the port itself, it may well mean itself.
    if network::declared_ports(service)?.contains(&port.number)
        || network::listening(service).is_some_and(|own| own.ports.contains(&port.number))
    {
        return None;
    }
    let mut owners = project
        .services()
        .filter(|other| other.name() != service.name())
        .filter_map(|other| {
            let listens = network::listening(other).filter(|listening| listening.is_of_image)?;
            let published = other.spec().ports.iter().find(|published| {
                published
                    .published
                    .as_ref()
                    .is_some_and(|published| published.value == port.number.to_string())
            });
            let target = published
                .and_then(|published| published.target.as_ref())
                .map(|target| target.value);
            let right = if listens.ports.contains(&port.number) {
                port.number
            } else {
                target.filter(|target| listens.ports.contains(target))?
            };
            Some((other, listens, right))
        });
    let (owner, listening, right) = owners.next().filter(|_| owners.next().is_none())?;
    let message = format!(
        "`{}` looks for port {} in its own container: `{}` there is not the host, and the server is the service `{}`",
        service.name(),
        port.number,
        address.host,
        owner.name()
    );
    let finding = Diagnostic::new(ID, address.span, message)
        .note("this container itself")
        .service(service.name());
    let finding = finding.label(
        listening.span,
        format!("listens on {right}, as `{}`", owner.name()),
    );
    let mut edits = vec![Edit::replace(address.span, owner.name())];
    let mut can_fix = address.is_exact;
    if right != port.number {
        edits.push(Edit::replace(port.span, right.to_string()));
        can_fix &= port.is_exact;
    }
    let fix = can_fix.then(|| Fix {
        title: format!("Look for `{}`", owner.name()),
        safety: Safety::Unsafe,
        edits,
    });
    Some(
        finding
            .help(format!(
                "Write `{}:{right}`: services find each other by their names",
                owner.name()
            ))
            .fix(fix),
    )
}
