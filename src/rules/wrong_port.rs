//! An address in a service's environment, or a published port, that misses the port on which the
//! container listens.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::network::{self, Address, Listening, Port, is_side_path};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::{Sources, Span};

const ID: &str = "wrong-port";

/// Looks at the addresses of every service, then at what it publishes itself.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for address in network::addresses(service) {
            findings.extend(judge(project, service, &address));
        }
        findings.extend(
            network::listening(service).and_then(|listening| {
                published(project.workspace().sources(), service, &listening)
            }),
        );
    }
}

/// Why a port is the wrong one.
struct Mismatch {
    message: String,
    labels: Vec<(Span, String)>,
    right: Option<u16>,
}

fn judge(project: &Project<'_>, service: Service<'_>, address: &Address) -> Option<Diagnostic> {
    let port = address.port.as_ref()?;
    let mut called = network::named(project, &address.host);
    let other = called
        .next()
        .filter(|other| other.name() != service.name() && called.next().is_none())?;
    let Mismatch {
        message,
        labels,
        right,
    } = on_host(service, other, address, port)
        .or_else(|| misses(project.workspace().sources(), service, other, address, port))?;
    let mut finding = Diagnostic::new(ID, port.span, message)
        .note("the wrong port")
        .service(service.name());
    for (span, label) in labels {
        finding = finding.label(span, label);
    }
    let Some(right) = right else {
        return Some(finding.help(format!("Write the port that `{}` listens on", other.name())));
    };
    let edits = vec![Edit::replace(port.span, right.to_string())];
    let fix = port.is_exact.then(|| Fix {
        title: format!("Write {right}"),
        safety: Safety::Unsafe,
        edits,
    });
    Some(finding.help(format!("Write {right}")).fix(fix))
}

/// The port under which the host sees the other service, which other containers do not.
fn on_host(
    service: Service<'_>,
    other: Service<'_>,
    address: &Address,
    port: &Port,
) -> Option<Mismatch> {
    let declared = network::declared_ports(other)?;
    if declared.contains(&port.number)
        || network::mentions_port(other, port.number)
        || other.spec().network_mode.is_some()
    {
        return None;
    }
    let number = port.number.to_string();
    let published = other.spec().ports.iter().find(|published| {
        published
            .published
            .as_ref()
            .is_some_and(|published| published.value == number)
    })?;
    let target = published.target.as_ref()?;
    let message = format!(
        "`{}` calls `{}` at port {number}, which is its port on the host: containers reach it at {}",
        service.name(),
        address.host,
        target.value
    );
    let label = (
        published.origin.span?,
        format!("{number} on the host, {} in the container", target.value),
    );
    Some(Mismatch {
        message,
        labels: vec![label],
        right: Some(target.value),
    })
}

/// A port on which the only server of the other service does not listen.
fn misses(
    sources: &Sources,
    service: Service<'_>,
    other: Service<'_>,
    address: &Address,
    port: &Port,
) -> Option<Mismatch> {
    let listening = network::listening(other)?;
    if listening.ports.contains(&port.number) {
        return None;
    }
    // What the other service declares is believed, unless nothing of it leads to its server.
    if network::declared_ports(other)?.contains(&port.number)
        && published(sources, other, &listening).is_none()
    {
        return None;
    }
    // The project's own program may listen elsewhere, too: for calls of another kind, for measures.
    let is_web = matches!(address.scheme.as_str(), "http" | "https" | "ws" | "wss");
    if !listening.is_of_image && (!is_web || is_side_path(&address.value)) {
        return None;
    }
    let number = port.number;
    let (right, listens) = listens_on(&listening);
    let message = format!(
        "`{}` calls `{}` at port {number}, but {} listens on {listens}",
        service.name(),
        address.host,
        listening.what
    );
    Some(Mismatch {
        message,
        labels: vec![(listening.span, format!("listens on {listens}"))],
        right,
    })
}

/// A service of whose published ports none leads to its server.
fn published(sources: &Sources, service: Service<'_>, listening: &Listening) -> Option<Diagnostic> {
    let ports: Vec<_> = service
        .spec()
        .ports
        .iter()
        .filter(|port| port.protocol == "tcp")
        .collect();
    let targets: Option<Vec<_>> = ports.iter().map(|port| port.target.as_ref()).collect();
    let targets = targets?;
    let first = *targets.first()?;
    if targets
        .iter()
        .any(|target| listening.ports.contains(&target.value))
    {
        return None;
    }
    if network::mentions_port(service, first.value) || first.origin.is_unknown() {
        return None;
    }
    let (right, listens) = listens_on(listening);
    let name = service.name();
    let message = format!(
        "`{name}` publishes port {} of its container, but {} listens on {listens}",
        first.value, listening.what
    );
    let finding = Diagnostic::new(ID, first.span()?, message)
        .note("nothing listens here")
        .service(name);
    let finding = finding.label(listening.span, format!("listens on {listens}"));
    let Some(right) = right else {
        return Some(finding);
    };
    let is_written = first
        .span()
        .is_some_and(|span| sources.slice(span) == first.value.to_string());
    let edits = first
        .span()
        .map(|span| Edit::replace(span, right.to_string()))
        .into_iter()
        .collect();
    let fix = is_written.then(|| Fix {
        title: format!("Publish {right}"),
        safety: Safety::Unsafe,
        edits,
    });
    Some(
        finding
            .help(format!(
                "Publish {right}: the number behind the colon is the port in the container"
            ))
            .fix(fix),
    )
}

/// The one port to write, and all of them in words.
fn listens_on(listening: &Listening) -> (Option<u16>, String) {
    let first = listening.ports.first().copied();
    (
        first,
        first.map(|port| port.to_string()).unwrap_or_default(),
    )
}
