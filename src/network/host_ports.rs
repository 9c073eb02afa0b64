//! Ports of the host: which service wants which, and which two cannot have what they want.

use core::net::IpAddr;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::compose::{Compose, Port, Service};
use crate::text::Span;

/// One port of the host that a service wants.
#[derive(Clone, Copy)]
pub struct WantedPort<'c> {
    /// The service.
    pub service: &'c Service,
    /// What it publishes.
    pub port: &'c Port,
    /// The port of the host.
    pub number: u16,
    /// Of this address alone; of all addresses without it.
    pub address: Option<IpAddr>,
    /// Where it is written.
    pub span: Span,
}

/// Two that want the same port of the host at the same time, the earlier first.
pub type Clash<'c> = (WantedPort<'c>, WantedPort<'c>);

/// The ports that two services, or two lines of one, want at once. Of a range that clashes with
/// another one it is the first port.
pub fn clashes(compose: &Compose) -> Vec<Clash<'_>> {
    let mut by_port: BTreeMap<(&str, u16), Vec<WantedPort<'_>>> = BTreeMap::new();
    let mut known: FxHashSet<(Span, Span)> = FxHashSet::default();
    let mut found = Vec::new();
    for wanted in compose.services.iter().flat_map(wanted) {
        let others = by_port
            .entry((wanted.port.protocol.as_str(), wanted.number))
            .or_default();
        if let Some(other) = others.iter().find(|other| clash(other, &wanted))
            && known.insert((other.span, wanted.span))
        {
            found.push((*other, wanted));
        }
        others.push(wanted);
    }
    found
}

/// The ports of the host that a service wants, as far as they are known.
pub fn wanted(service: &Service) -> Vec<WantedPort<'_>> {
    if !publishes(service) {
        return Vec::new();
    }
    let ports = service.ports.iter().filter_map(|port| {
        Some(WantedPort {
            service,
            port,
            number: number(port)?,
            address: address(port)?,
            span: port.origin.span?,
        })
    });
    ports.collect()
}

/// The first port of the host that a service wants, whatever its address, and where it is written.
pub fn first(service: &Service) -> Option<(u16, Span)> {
    let mut ports = service.ports.iter().filter(|_| publishes(service));
    ports.find_map(|port| Some((number(port)?, port.origin.span?)))
}

/// The address that a port is published on: `Some(None)` for all of them, nothing when a variable
/// hides it or it is no address.
pub fn address(port: &Port) -> Option<Option<IpAddr>> {
    match &port.host_ip {
        None => Some(None),
        Some(ip) if ip.value.is_empty() => Some(None),
        Some(ip) if ip.origin.is_unknown() => None,
        Some(ip) => ip.value.parse().ok().map(Some),
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

fn clash(one: &WantedPort<'_>, other: &WantedPort<'_>) -> bool {
    let is_same = match (one.address, other.address) {
        (None, _) | (_, None) => true,
        (Some(one), Some(other)) if one.is_ipv4() != other.is_ipv4() => false,
        (Some(one), Some(other)) => one == other || one.is_unspecified() || other.is_unspecified(),
    };
    // Twice the same mapping in one service is told by nobody, and does no harm.
    let target = |wanted: &WantedPort<'_>| wanted.port.target.as_ref().map(|target| target.value);
    let is_repeated =
        one.service.name.value == other.service.name.value && target(one) == target(other);
    is_same && !is_repeated && one.span != other.span && one.service.runs_beside(other.service)
}
