//! What the files of a project add up although the later one is meant to replace the earlier.

use std::path::{Path, PathBuf};

use super::host_ports::address;
use crate::compose::{Port, Service, Watch};
use crate::text::Span;

/// A port that one file publishes on all addresses and another on one of them, in this order: the
/// second cannot be bound.
pub fn port_added_twice(service: &Service) -> Option<(Span, Span)> {
    let is_open =
        |port: &Port| address(port).is_some_and(|ip| ip.is_none_or(|ip| ip.is_unspecified()));
    let is_of_one = |port: &Port| {
        address(port)
            .flatten()
            .is_some_and(|ip| !ip.is_unspecified() && ip.is_ipv4())
    };
    let mut pairs = service
        .ports
        .iter()
        .flat_map(|one| service.ports.iter().map(move |other| (one, other)));
    let (all, one) =
        pairs.find(|(all, one)| is_open(all) && is_of_one(one) && is_same(all, one))?;
    let (all, one) = (all.origin.span?, one.origin.span?);
    (all.file != one.file).then_some((all, one))
}

/// Whether both publish the same known port of the host.
fn is_same(one: &Port, other: &Port) -> bool {
    let published = |port: &Port| {
        port.published
            .as_ref()
            .filter(|port| !port.origin.is_unknown())
            .map(|port| port.value.clone())
    };
    published(one).is_some() && published(one) == published(other) && one.protocol == other.protocol
}

/// Two triggers of `develop.watch` of different files for one path: the lists are added up, and both
/// are carried out.
pub fn contradicting_triggers(service: &Service) -> Option<(&Watch, &Watch)> {
    let whole: Vec<&Watch> = service
        .watch
        .iter()
        .filter(|watch| {
            watch.ignore.is_empty() && watch.include.is_empty() && !watch.path.origin.is_unknown()
        })
        .collect();
    for (at, later) in whole.iter().enumerate() {
        for first in &whole[..at] {
            let files = (
                first.action.span().map(|span| span.file),
                later.action.span().map(|span| span.file),
            );
            if let (Some(one), Some(other)) = files
                && one != other
                && contradict(first, later)
            {
                return Some((first, later));
            }
        }
    }
    None
}

/// Whether they do different things with the same files. The same files at two places is no
/// contradiction.
fn contradict(first: &Watch, later: &Watch) -> bool {
    let path = |watch: &Watch| {
        Path::new(&watch.path.value)
            .components()
            .collect::<PathBuf>()
    };
    let place = |watch: &Watch| {
        watch
            .target
            .as_ref()
            .map(|target| target.value.trim_end_matches('/').to_owned())
    };
    let is_elsewhere =
        place(first).is_some() && place(later).is_some() && place(first) != place(later);
    path(first) == path(later) && first.action.value != later.action.value && !is_elsewhere
}
