//! `ports`: `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, each port possibly a range.

use core::net::IpAddr;
use std::ops::Range;

use crate::compose::INVALID_COMPOSE;
use crate::compose::canonical::split_outside_braces;
use crate::compose::forms::{part, short, text_value};
use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::diagnostic::Diagnostic;
use crate::text::Cooked;

/// How many ports the ranges of one service are taken apart into; what lies beyond stays a range.
const EXPANDED: usize = 70_000;

/// The long forms of a list of ports.
pub(super) fn ports(
    items: Vec<Value<Data>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Value<Data>> {
    let mut ports = Vec::with_capacity(items.len());
    for item in items {
        match &item.value {
            Data::Int(number) => {
                if !(1..=i128::from(u16::MAX)).contains(number) {
                    let message =
                        format!("`{number}` is no port: it must be a number from 1 to 65535");
                    diagnostics.extend(
                        item.span()
                            .map(|span| Diagnostic::new(INVALID_COMPOSE, span, message)),
                    );
                    continue;
                }
                let target = Value {
                    value: item.value.clone(),
                    origin: short(&item.origin),
                };
                ports.push(port([("target", Some(target))], item.origin));
            }
            Data::String(text) => {
                let text = text.clone();
                let known = ports.len();
                if let Err(problem) = parse(&item, &text, &mut ports)
                    && !item.origin.is_unknown()
                {
                    ports.truncate(known);
                    let span = text.span_of(problem.range);
                    diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, problem.message));
                }
            }
            Data::Map(_) => ports.push(long(item)),
            data => {
                if let Some(span) = item.span() {
                    diagnostics.push(Diagnostic::new(
                        INVALID_COMPOSE,
                        span,
                        format!("a port cannot be {}", data.kind()),
                    ));
                }
            }
        }
    }
    ports
}

/// Fills a long form.
fn long(mut item: Value<Data>) -> Value<Data> {
    let origin = item.origin.clone();
    if let Some(map) = item.as_map_mut() {
        for (key, value) in [("protocol", "tcp"), ("mode", "ingress")] {
            if !map.contains(key) {
                map.insert(MapEntry::new(
                    key,
                    None,
                    text_value(value, &origin, "default of ports"),
                ));
            }
        }
    }
    item
}

fn port<const N: usize>(parts: [(&str, Option<Value<Data>>); N], origin: Origin) -> Value<Data> {
    let entries = parts
        .into_iter()
        .filter_map(|(key, value)| Some(MapEntry::new(key, None, value?)));
    long(Value {
        value: Data::Map(Map::from_iter(entries)),
        origin,
    })
}

struct Problem {
    range: Range<usize>,
    message: String,
}

impl Problem {
    fn new(range: &Range<usize>, message: impl Into<String>) -> Self {
        Problem {
            range: range.clone(),
            message: message.into(),
        }
    }
}

fn parse(item: &Value<Data>, text: &Cooked, ports: &mut Vec<Value<Data>>) -> Result<(), Problem> {
    let string = text.as_str();
    let (numbers, protocol) = match string
        .rfind('/')
        .filter(|slash| !string[*slash..].contains('}'))
    {
        // With nothing behind the slash the protocol is that of ports without one.
        Some(slash) => (
            0..slash,
            Some(slash + 1..string.len()).filter(|protocol| !protocol.is_empty()),
        ),
        None => (0..string.len(), None),
    };
    let parts = split_outside_braces(&string[numbers.clone()], b':');
    let container = parts.last().cloned().unwrap_or(0..0);
    let host = parts.len().checked_sub(2).map(|at| parts[at].clone());
    let ip = (parts.len() > 2).then(|| 0..parts[parts.len() - 3].end);
    if string[container.clone()].is_empty() {
        return Err(Problem::new(
            &(0..string.len()),
            format!("the port `{string}` names no port of the container"),
        ));
    }
    let host = host.filter(|host| !host.is_empty());
    let target = port_range(string, &container)?;
    let published = host
        .as_ref()
        .map(|host| port_range(string, host))
        .transpose()?;
    let protocol = match &protocol {
        Some(range) => {
            let known = ["tcp", "udp", "sctp"]
                .into_iter()
                .find(|known| string[range.clone()].eq_ignore_ascii_case(known));
            match known {
                Some(known) => Some(Value {
                    value: part_text(text, range, known),
                    origin: part(item, text, range.clone()).origin,
                }),
                None if is_variable(&string[range.clone()]) => {
                    Some(part(item, text, range.clone()))
                }
                None => {
                    return Err(Problem::new(
                        range,
                        format!(
                            "`{}` is no protocol: use tcp, udp or sctp",
                            &string[range.clone()]
                        ),
                    ));
                }
            }
        }
        None => None,
    };
    let ip = match ip.filter(|ip| !ip.is_empty()) {
        Some(ip) => Some(address(item, text, ip)?),
        None => None,
    };
    let emit = |target: Option<u16>, published: Option<String>| {
        let origin = |range: &Range<usize>| part(item, text, range.clone()).origin;
        let target = match target {
            Some(number) => Value {
                value: Data::Int(number.into()),
                origin: origin(&container),
            },
            None => part(item, text, container.clone()),
        };
        let published = host.as_ref().map(|host| match &published {
            Some(number) => Value {
                value: part_text(text, host, number),
                origin: origin(host),
            },
            None => part(item, text, host.clone()),
        });
        port(
            [
                ("host_ip", ip.clone()),
                ("target", Some(target)),
                ("published", published),
                ("protocol", protocol.clone()),
            ],
            item.origin.clone(),
        )
    };
    if matches!(target, Some((0, _))) {
        return Err(Problem::new(
            &container,
            format!("the port `{string}` names no port of the container"),
        ));
    }
    match (target, published) {
        (Some((first, last)), Some(Some((low, high))))
            if last > first && u32::from(high - low) != u32::from(last - first) =>
        {
            Err(Problem::new(
                &(0..string.len()),
                format!("the ranges of the port `{string}` differ in length"),
            ))
        }
        (Some((first, last)), Some(Some((low, high))))
            if last > first && ports.len() + usize::from(last - first) < EXPANDED =>
        {
            // The reference sorts the ports of a range as text.
            let mut pairs: Vec<(String, u16, u16)> = (first..=last)
                .zip(low..=high)
                .map(|(target, published)| (target.to_string(), target, published))
                .collect();
            pairs.sort();
            ports.extend(
                pairs
                    .into_iter()
                    .map(|(_, target, published)| emit(Some(target), Some(published.to_string()))),
            );
            Ok(())
        }
        (Some((first, last)), None)
            if last > first && ports.len() + usize::from(last - first) < EXPANDED =>
        {
            let mut targets: Vec<(String, u16)> = (first..=last)
                .map(|target| (target.to_string(), target))
                .collect();
            targets.sort();
            ports.extend(
                targets
                    .into_iter()
                    .map(|(_, target)| emit(Some(target), None)),
            );
            Ok(())
        }
        (target, published) => {
            // Numbers are written without what Go reads over: a sign, leading zeros.
            let published = published.flatten().map(|(low, high)| {
                if low == high {
                    low.to_string()
                } else {
                    format!("{low}-{high}")
                }
            });
            ports.push(emit(target.map(|(first, _)| first), published));
            Ok(())
        }
    }
}

/// The ports from and to which a range goes; `None` when a variable hides them.
fn port_range(text: &str, range: &Range<usize>) -> Result<Option<(u16, u16)>, Problem> {
    let written = &text[range.clone()];
    if written.contains('$') {
        return Ok(None);
    }
    let invalid = || {
        Problem::new(
            range,
            format!("`{written}` is no port: it must be a number up to 65535, or a range of two"),
        )
    };
    let number = |text: &str| text.parse::<u16>().map_err(|_| invalid());
    let (first, last) = match written.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(written)?, number(written)?),
    };
    if first > last {
        Err(invalid())
    } else {
        Ok(Some((first, last)))
    }
}

fn address(item: &Value<Data>, text: &Cooked, range: Range<usize>) -> Result<Value<Data>, Problem> {
    let written = &text.as_str()[range.clone()];
    let bare = written
        .strip_prefix('[')
        .and_then(|written| written.strip_suffix(']'))
        .unwrap_or(written);
    if bare.contains('$') {
        return Ok(part(item, text, range));
    }
    let without_zone = bare.split('%').next().unwrap_or(bare);
    if without_zone.parse::<IpAddr>().is_err() {
        return Err(Problem::new(
            &range,
            format!("`{written}` is no IP address"),
        ));
    }
    let start = range.start + usize::from(bare.len() < written.len());
    Ok(part(item, text, start..start + bare.len()))
}

fn part_text(text: &Cooked, range: &Range<usize>, value: &str) -> Data {
    match &text.as_str()[range.clone()] == value {
        true => Data::String(text.slice(range.clone())),
        false => Data::String(Cooked::synthetic(value, text.span_of(range.clone()))),
    }
}

fn is_variable(text: &str) -> bool {
    text.contains('$')
}
