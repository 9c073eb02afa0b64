//! Who talks to whom: the names by which containers find each other, the addresses in a service's
//! environment, and the ports that its container listens on.

use crate::compose::{self, Compose, MountKind, Step, VariableSource, references};
use crate::image::path;
use crate::knowledge::images;
use crate::knowledge::ports;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::text::Span;

mod address;
pub mod host_ports;
pub mod merge_traps;

pub use address::{Address, Port};

/// What a container is known to listen on, all of it.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The ports.
    pub ports: Vec<u16>,
    /// Where it is written.
    pub span: Span,
    /// What says so: "uvicorn", "the image `postgres`".
    pub what: String,
    /// Whether it is known from the image alone, so that more than one port is nothing unusual.
    pub is_of_image: bool,
}

/// Whether a container of `from` can find something by this name, as far as is known: a name of
/// the project, of its own hosts, or anything at all where containers of other projects can be
/// met.
pub fn may_know_host<'p>(project: &'p Project<'p>, from: Service<'p>, host: &str) -> bool {
    let Some(compose) = project.compose() else {
        return true;
    };
    let spec = from.spec();
    let is_foreign = spec.network_mode.is_some()
        || ["dns", "dns_search", "external_links"]
            .iter()
            .any(|key| spec.data.get(key).is_some());
    if is_foreign || !compose.is_whole() || joins_external(compose, spec) {
        return true;
    }
    let own = spec.extra_hosts.iter().any(|entry| {
        entry.value.split(['=', ':']).next() == Some(host) || entry.origin.is_unknown()
    });
    let links = spec
        .data
        .get("links")
        .and_then(compose::Value::as_list)
        .unwrap_or_default();
    let linked = links
        .iter()
        .filter_map(|link| link.as_str())
        .any(|link| link.rsplit(':').next() == Some(host));
    own || linked
        || references::undefined(compose)
            .iter()
            .any(|undefined| undefined.name == host)
        || named(project, host).next().is_some()
        || is_generated_name(compose, host)
        || project.neighbours().has_service(host)
}

/// The services that answer to a name.
pub fn named<'p>(project: &'p Project<'p>, host: &'p str) -> impl Iterator<Item = Service<'p>> {
    project
        .services()
        .filter(move |service| answers_to(*service, host))
}

/// Whether a service is on a network that was made elsewhere, where other containers may be.
fn joins_external(compose: &Compose, service: &compose::Service) -> bool {
    let joined = service
        .data
        .get("networks")
        .and_then(compose::Value::as_map)
        .into_iter()
        .flatten();
    let mut joined = joined.map(|entry| entry.key.as_str());
    joined.any(|name| {
        compose
            .networks
            .iter()
            .find(|network| network.name.value == name)
            .is_none_or(|network| network.external)
    })
}

/// `project-service-1`, as Docker Compose names containers, also with `_`.
fn is_generated_name(compose: &Compose, host: &str) -> bool {
    let parts: Vec<&str> = host.split(['-', '_']).collect();
    let is_numbered = parts
        .last()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    is_numbered
        && parts.len() > 2
        && compose
            .services
            .iter()
            .any(|service| host.contains(service.name.as_str()))
}

/// Whether containers of the project find a service by this name.
pub fn answers_to(service: Service<'_>, host: &str) -> bool {
    let spec = service.spec();
    let is = |name: &str| name.eq_ignore_ascii_case(host);
    let text = |key: &str| spec.data.get(key).and_then(compose::Value::as_str);
    let networks = spec
        .data
        .get("networks")
        .and_then(compose::Value::as_map)
        .into_iter()
        .flatten();
    let mut aliases = networks
        .filter_map(|entry| entry.value.get("aliases")?.as_list())
        .flatten()
        .filter_map(compose::Value::as_str);
    is(service.name())
        || text("container_name").is_some_and(is)
        || text("hostname").is_some_and(is)
        || aliases.any(is)
}

/// The ports that the files say a container listens on: `ports`, `expose`, EXPOSE. `None`
/// when one of them is not known.
pub fn declared_ports(service: Service<'_>) -> Option<Vec<u16>> {
    let spec = service.spec();
    let mut declared = Vec::new();
    for port in &spec.ports {
        declared.push(port.target.as_ref()?.value);
    }
    for item in spec
        .data
        .get("expose")
        .and_then(compose::Value::as_list)
        .unwrap_or_default()
    {
        declared.extend(numbers(&item.value.scalar_text()?)?);
    }
    for port in service
        .image()
        .and_then(|image| image.config())
        .into_iter()
        .flat_map(|config| &config.exposed)
    {
        declared.extend(numbers(port.value.as_deref()?)?);
    }
    Some(declared)
}

/// What a container listens on, where that is known for certain.
pub fn listening(service: Service<'_>) -> Option<Listening> {
    if service.spec().build.is_some() || service.image().is_some() {
        listening_process(service)
    } else {
        listening_image(service)
    }
}

/// By the one server that runs in it.
fn listening_process(service: Service<'_>) -> Option<Listening> {
    let [process] = service.processes() else {
        return None;
    };
    // What a base image runs by itself may be told its port by files of its own.
    let is_of_base = service.image().is_some_and(|image| {
        image
            .stages
            .iter()
            .any(|stage| stage.span.contains(process.written_at))
    });
    if process.unknown.is_some() || is_of_base {
        return None;
    }
    let program = process.program?;
    let server = ports::server(program.name)?;
    if process.argv.iter().any(|word| {
        server
            .unsure
            .iter()
            .any(|unsure| word.text.as_str().split('=').next() == Some(*unsure))
    }) {
        return None;
    }
    let variable = |name: &str| variable(service, name);
    if server.hides.iter().any(|name| variable(name).is_some()) {
        return None;
    }
    let (port, span) = match written_port(process, server)? {
        Some(found) => found,
        None => match server.variables.iter().find_map(|name| variable(name)) {
            Some((value, span)) => (value?.parse().ok()?, span),
            None => (server.default?, process.written_at),
        },
    };
    Some(Listening {
        ports: vec![port],
        span,
        what: format!("`{}`", process.name()),
        is_of_image: false,
    })
}

/// By the well-known image that it runs as it is.
fn listening_image(service: Service<'_>) -> Option<Listening> {
    let spec = service.spec();
    let image = spec
        .image
        .as_ref()
        .filter(|image| !image.origin.is_unknown())?;
    let known = images::ports(image)?;
    let is_configured = spec.entrypoint.is_some()
        || spec.data.get("configs").is_some()
        || spec.mounts.iter().any(|mount| {
            let target = mount.target.value.as_str();
            mount.kind == MountKind::Bind
                && [
                    ".conf", ".cnf", ".yml", ".yaml", ".toml", ".ini", ".json", "/conf.d",
                    "/config", "conf",
                ]
                .iter()
                .any(|end| target.ends_with(end))
        });
    // A command or a variable with a number of that size may well be a port.
    let words = spec
        .command
        .iter()
        .flat_map(|command| &command.words)
        .any(|word| has_port(word.text.as_str()) || word.text.as_str().contains(".conf"));
    let variables = spec.environment.iter().any(|entry| {
        let is_port = entry.key.value.to_ascii_uppercase().contains("PORT");
        is_port
            || entry
                .value
                .as_ref()
                .is_some_and(|value| has_port(&value.value))
    });
    if is_configured || words || variables {
        return None;
    }
    let what = format!("the image `{}`", image.value);
    Some(Listening {
        ports: known.to_vec(),
        span: image.span()?,
        what,
        is_of_image: true,
    })
}

/// A variable of the container, by `environment` or ENV: its value, unless that is not known,
/// and where it is written.
fn variable(service: Service<'_>, name: &str) -> Option<(Option<String>, Span)> {
    if let Some(entry) = service
        .spec()
        .environment
        .iter()
        .find(|entry| entry.key.value == name)
    {
        let value = entry
            .value
            .as_ref()
            .filter(|value| !value.origin.is_unknown())
            .map(|value| value.value.clone());
        return Some((value, entry.key.span()?));
    }
    let config = service.image()?.config()?;
    let variable = config.env.iter().find(|variable| variable.name == name)?;
    Some((variable.value.clone(), variable.span))
}

/// Whether the environment or the command of the service has this number, so that it may listen
/// there.
pub fn mentions_port(service: Service<'_>, port: u16) -> bool {
    let number = port.to_string();
    let has = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .any(|part| part == number)
    };
    let spec = service.spec();
    let variables = spec
        .environment
        .iter()
        .filter(|entry| !has_host(entry))
        .filter_map(|entry| entry.value.as_ref());
    let mut words = spec
        .command
        .iter()
        .chain(&spec.entrypoint)
        .flat_map(|command| &command.words)
        .map(|word| word.text.as_str());
    let image = service
        .image()
        .and_then(|image| image.config())
        .map(|config| &config.env)
        .into_iter()
        .flatten();
    let mut env = image.filter_map(|variable| variable.value.as_deref());
    let mut processes = service
        .processes()
        .iter()
        .flat_map(|process| process.words());
    variables.into_iter().any(|value| has(&value.value))
        || words.any(has)
        || env.any(has)
        || processes.any(has)
}

/// The addresses in the environment of a service, as far as the files of the project
/// decide them.
pub fn addresses(service: Service<'_>) -> Vec<Address> {
    let sources = service.project().workspace().sources();
    let entries = service.spec().environment.iter().filter(|entry| {
        let origin = entry.value.as_ref().map(|value| &value.origin);
        let comes_from_outside = |step: &Step| {
            matches!(
                step,
                Step::Variable {
                    from: VariableSource::Environment,
                    ..
                }
            )
        };
        origin.is_some_and(|origin| {
            !origin.is_unknown() && !origin.steps.iter().any(comes_from_outside)
        })
    });
    let mut addresses: Vec<Address> = entries
        .flat_map(|entry| address::read(sources, entry))
        .collect();
    address::pair(sources, &service.spec().environment, &mut addresses);
    addresses
}

/// Whether the value of a variable is the address of something else.
fn has_host(entry: &compose::KeyValue) -> bool {
    entry
        .value
        .as_ref()
        .is_some_and(|value| value.value.contains("://"))
}

/// The port that a server listens on: by its words, by a variable, by a file beside its code, or by
/// its habit. `read` gives the text of a file in the directory that it starts in.
pub fn port_of(process: &Process, read: &dyn Fn(&str) -> Option<String>) -> Option<u16> {
    let server = ports::server(process.program?.name).filter(|_| process.unknown.is_none())?;
    let has = |unsure: &&str| {
        process
            .words()
            .iter()
            .any(|word| word.split('=').next() == Some(unsure))
    };
    if server.unsure.iter().any(has)
        || server
            .hides
            .iter()
            .any(|name| process.variable(name).is_some())
    {
        return None;
    }
    if let Some((port, _)) = written_port(process, server)? {
        return Some(port);
    }
    if let Some(value) = server
        .variables
        .iter()
        .find_map(|name| process.variable(name))
    {
        return value?.parse().ok();
    }
    let said: Vec<Option<u16>> = server
        .files
        .iter()
        .filter_map(|name| read(name))
        .flat_map(|text| ports_in(&text))
        .collect();
    match said.as_slice() {
        [] => server.default.or(server.usual),
        [port] => *port,
        _ => None,
    }
}

/// What a configuration says wherever it has the word `port`; `None` where that is no number.
fn ports_in(text: &str) -> Vec<Option<u16>> {
    const WORD: &str = "port";
    let lower = text.to_ascii_lowercase();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // `import`, `export` and `strictPort` are other words.
    let words = lower.match_indices(WORD).filter(|(at, _)| {
        !lower[..*at].ends_with(is_part) && !lower[at + WORD.len()..].starts_with(is_part)
    });
    let value = |(at, _): (usize, &str)| {
        let rest = lower[at + WORD.len()..]
            .trim_start_matches(['"', '\''])
            .trim_start();
        let value = rest.strip_prefix([':', '='])?.trim_start();
        value
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    words.map(value).collect()
}

/// The port in the words of a server: `None` when it cannot be known, an inner `None` when it is
/// not written.
fn written_port(process: &Process, server: &ports::Server) -> Option<Option<(u16, Span)>> {
    let mut words = process.argv.iter().skip(1).peekable();
    let mut found = None;
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if name.starts_with('-') => (name, Some(value)),
            _ => (text, None),
        };
        let value = if server.flags.contains(&name) {
            let (value, span) = match value {
                Some(value) => (value, word.span),
                None => words.next().map(|word| (word.text.as_str(), word.span))?,
            };
            Some((value, span))
        } else if let Some(short) = server
            .flags
            .iter()
            .find(|flag| flag.len() == 2 && text.len() > 2 && text.starts_with(**flag))
        {
            Some((&text[short.len()..], word.span))
        } else if server.positional
            && !text.starts_with('-')
            && text
                .rsplit(':')
                .next()
                .is_some_and(|end| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
        {
            Some((text, word.span))
        } else {
            None
        };
        let Some((value, span)) = value else { continue };
        // Several addresses, or a variable: not known.
        if found.is_some() {
            return None;
        }
        found = Some((value.rsplit(':').next()?.parse().ok()?, span));
    }
    Some(found)
}

/// Whether a text has a number that may be a port somebody chose.
fn has_port(text: &str) -> bool {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| part.len() >= 4);
    numbers.any(|number| number.parse::<u16>().is_ok_and(|number| number > 1023))
}

/// The numbers of `8000`, `8000/tcp` or `8000-8002`; `None` for anything else.
fn numbers(text: &str) -> Option<Vec<u16>> {
    let text = text.split('/').next().unwrap_or(text);
    match text.split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?..=last.parse().ok()?).collect()),
        None => Some(vec![text.parse().ok()?]),
    }
}

/// Whether a URL path is that of something beside the service proper: measures and probes may have
/// a port of their own.
pub fn is_side_path(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split_once('/')
        .is_some_and(|(_, rest)| matches!(path::name(rest), "metrics" | "health" | "healthz"))
}

#[cfg(test)]
mod tests;
