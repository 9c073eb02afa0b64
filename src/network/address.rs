//! Addresses in environment variables: URLs, `host:port` lists, and pairs of `…_HOST` and `…_PORT`.

use crate::knowledge::schemes;
use std::ops::Range;

use crate::compose::KeyValue;
use crate::text::{Sources, Span};

/// An address that a variable holds.
#[derive(Clone, Debug)]
pub struct Address {
    /// The variable.
    pub variable: String,
    /// The whole value.
    pub value: String,
    /// `postgres` of `postgres://…`, in lower case and without what follows a `+`; empty without
    /// one.
    pub scheme: String,
    /// The host, as written.
    pub host: String,
    /// Where the host is written; the whole value when it cannot be told apart.
    pub span: Span,
    /// Whether `span` is the host and nothing else.
    pub is_exact: bool,
    /// The port.
    pub port: Option<Port>,
}

/// The port of an address.
#[derive(Clone, Debug)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// Where it is written.
    pub span: Span,
    /// Whether `span` is the number and nothing else.
    pub is_exact: bool,
}

/// Names in front of `_HOST` that say what kind of server is meant; with others the variable may be
/// about the container itself or about browsers.
const SERVERS: [&str; 41] = [
    "AMQP",
    "BROKER",
    "CACHE",
    "CASSANDRA",
    "CHROMA",
    "CHROMADB",
    "CLICKHOUSE",
    "CONSUL",
    "DATABASE",
    "DB",
    "ELASTIC",
    "ELASTICSEARCH",
    "EMAIL",
    "ES",
    "INFLUXDB",
    "KAFKA",
    "KEYCLOAK",
    "MAIL",
    "MARIADB",
    "MEMCACHED",
    "MINIO",
    "MONGO",
    "MONGODB",
    "MQ",
    "MQTT",
    "MYSQL",
    "NATS",
    "NEO4J",
    "OLLAMA",
    "OPENSEARCH",
    "PG",
    "PMA",
    "POSTGRES",
    "POSTGRESQL",
    "QDRANT",
    "RABBIT",
    "RABBITMQ",
    "REDIS",
    "SMTP",
    "VALKEY",
    "ZOOKEEPER",
];

/// Variables whose value ends up in a browser, which knows no names of containers.
const BROWSER: [&str; 9] = [
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
    "VUE_APP_",
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NG_APP_",
];

/// Words in the names of variables that are for browsers, or that tell the container how others see
/// it.
const OUTSIDE: [&str; 12] = [
    "PUBLIC",
    "EXTERNAL",
    "ORIGIN",
    "CORS",
    "REDIRECT",
    "CALLBACK",
    "ADVERTISED",
    "BROWSER",
    "FRONTEND_URL",
    "ALLOWED",
    "TRUSTED",
    "NO_PROXY",
];

/// Words in the names of variables that hold `host:port`.
const ADDRESSES: [&str; 14] = [
    "ADDR",
    "BACKEND",
    "BOOTSTRAP",
    "BROKER",
    "CLUSTER",
    "CONNECT",
    "ENDPOINT",
    "HOST",
    "NODE",
    "SERVER",
    "SERVICE",
    "UPSTREAM",
    "URI",
    "URL",
];

fn is_network_scheme(scheme: &str) -> bool {
    schemes::OF_NETWORKS.contains(&scheme)
}

/// The addresses in one variable.
pub(super) fn read(sources: &Sources, entry: &KeyValue) -> Vec<Address> {
    let Some(value) = &entry.value else {
        return Vec::new();
    };
    let name = entry.key.value.to_ascii_uppercase();
    if BROWSER.iter().any(|prefix| name.starts_with(prefix))
        || OUTSIDE.iter().any(|word| name.contains(word))
    {
        return Vec::new();
    }
    let text = value.value.as_str();
    if text.contains(['{', '<', '$', '%', '\n']) || text.len() > 1000 {
        return Vec::new();
    }
    let Some(whole) = value.span() else {
        return Vec::new();
    };
    let place = |range: Range<usize>| place(sources, whole, text, range);
    let found = match text.find("://") {
        Some(_) => in_urls(text),
        None if is_server_name(&name) => in_list(text, false),
        None if ADDRESSES.iter().any(|word| name.contains(word)) => in_list(text, true),
        None => Vec::new(),
    };
    let address = |(scheme, host, port): (String, Range<usize>, Option<Range<usize>>)| {
        let (span, is_exact) = place(host.clone());
        let port = port.and_then(|port| {
            let (span, is_exact) = place(port.clone());
            Some(Port {
                number: text[port].parse().ok()?,
                span,
                is_exact,
            })
        });
        Address {
            variable: entry.key.value.clone(),
            value: text.to_owned(),
            scheme,
            host: text[host].to_owned(),
            span,
            is_exact,
            port,
        }
    };
    found
        .into_iter()
        .filter(|(_, host, _)| is_label(&text[host.clone()]))
        .map(address)
        .collect()
}

/// Gives `…_HOST` the port of `…_PORT`.
pub(super) fn pair(sources: &Sources, entries: &[KeyValue], addresses: &mut [Address]) {
    for address in addresses
        .iter_mut()
        .filter(|address| address.scheme.is_empty() && address.port.is_none())
    {
        let Some(prefix) = ["HOSTNAME", "HOST"]
            .iter()
            .find_map(|end| address.variable.strip_suffix(end))
        else {
            continue;
        };
        let Some(entry) = entries
            .iter()
            .find(|entry| entry.key.value.strip_suffix("PORT") == Some(prefix))
        else {
            continue;
        };
        let Some((value, whole)) = entry
            .value
            .as_ref()
            .and_then(|value| Some((value, value.span()?)))
        else {
            continue;
        };
        if value.origin.is_unknown() {
            continue;
        }
        let (span, is_exact) = place(sources, whole, &value.value, 0..value.value.len());
        address.port = value.value.parse().ok().map(|number| Port {
            number,
            span,
            is_exact,
        });
    }
}

/// Where a part of a value is written.
fn place(sources: &Sources, whole: Span, text: &str, range: Range<usize>) -> (Span, bool) {
    let written = sources.slice(whole);
    let mut found = written.match_indices(&text[range.clone()]);
    let at = match written.find(text) {
        Some(start) => Some(start + range.start),
        // Variables lie in between: what is there once is what is meant.
        None => found
            .next()
            .filter(|_| found.next().is_none())
            .map(|(at, _)| at),
    };
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    match at {
        Some(at) => {
            let start = whole.start + offset(at);
            (
                Span::new(whole.file, start, start + offset(range.len())),
                true,
            )
        }
        None => (whole, false),
    }
}

/// Scheme, host and port of every URL of a text: several are separated by commas, blanks or
/// semicolons, and so are several hosts in one URL.
fn in_urls(text: &str) -> Vec<(String, Range<usize>, Option<Range<usize>>)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let start = text[..at]
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .map_or(0, |before| before + 1);
        let scheme = text[start..at]
            .split('+')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let rest = at + 3;
        let end = text[rest..]
            .find(['/', '?', '#', ' ', ';', '"', '\'', '|', '\\'])
            .map_or(text.len(), |end| rest + end);
        // The next URL of a list begins behind the last comma before it.
        let authority = match text[rest..end]
            .strip_suffix(':')
            .filter(|_| text[end..].starts_with("//"))
        {
            Some(before) => before.rfind(',').map_or("", |comma| &before[..comma]),
            None => &text[rest..end],
        };
        if !is_network_scheme(&scheme) || has_blank_in_user(&text[end..]) {
            continue;
        }
        // A password may hold an `@`.
        let hosts = authority.rfind('@').map_or(rest, |user| rest + user + 1);
        let mut start = hosts;
        for host in text[hosts..rest + authority.len()].split(',') {
            found.push(host_and_port(&scheme, host, start));
            start += host.len() + 1;
        }
    }
    found
}

/// Whether what follows an authority shows that a blank in its user or password has cut it:
/// `postgres://to set:to set@db`.
fn has_blank_in_user(behind: &str) -> bool {
    let rest = behind.split(['/', '?', '#']).next().unwrap_or_default();
    behind.starts_with([' ', ';', '|'])
        && rest.contains('@')
        && !behind[rest.len()..].starts_with("//")
}

/// `host:port[,host:port]` or, where the name says so, `host`; and nothing else.
fn in_list(text: &str, needs_port: bool) -> Vec<(String, Range<usize>, Option<Range<usize>>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(',') {
        let skipped = part.len() - part.trim_start().len();
        let address = host_and_port("", part.trim(), start + skipped);
        start += part.len() + 1;
        let is_port = match &address.2 {
            Some(port) => text[port.clone()].parse::<u16>().is_ok(),
            None => !needs_port && address.1.len() == part.trim().len(),
        };
        if !is_port || !is_label(&text[address.1.clone()]) {
            return Vec::new();
        }
        found.push(address);
    }
    found
}

fn host_and_port(
    scheme: &str,
    text: &str,
    at: usize,
) -> (String, Range<usize>, Option<Range<usize>>) {
    match text.split_once(':') {
        Some((host, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let start = at + host.len() + 1;
            (
                scheme.to_owned(),
                at..at + host.len(),
                Some(start..start + port.len()),
            )
        }
        _ => (
            scheme.to_owned(),
            at..at + text.split(':').next().unwrap_or(text).len(),
            None,
        ),
    }
}

fn is_server_name(variable: &str) -> bool {
    let before = ["_HOSTNAME", "_HOST"]
        .iter()
        .find_map(|end| variable.strip_suffix(end));
    variable == "PGHOST"
        || before.is_some_and(|before| {
            before
                .rsplit('_')
                .next()
                .is_some_and(|kind| SERVERS.contains(&kind))
        })
}

/// Whether a text can be the name of a container: no domain, no number, no path.
fn is_label(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_part)
}
