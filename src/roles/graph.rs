//! Who needs whom: edges that Docker Compose insists on, and references that only the programs know
//! of.

use crate::compose::{Compose, Condition, Data, Service};
use crate::text::Span;

/// One service needs another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The service that needs.
    pub from: String,
    /// The service that is needed.
    pub to: String,
    /// How.
    pub kind: NeedKind,
    /// Where it is written.
    pub span: Option<Span>,
}

/// Kinds of needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NeedKind {
    /// `depends_on`, with its condition; it can be made `required: false`.
    DependsOn(Condition),
    /// `depends_on` with `required: false`
    NotRequired,
    /// `links`, `network_mode: service:`, `ipc`, `pid`, `volumes_from`: nothing makes it optional.
    Fixed(&'static str),
    /// It uses an image that only the other service builds.
    Image,
}

impl NeedKind {
    /// Whether Docker Compose refuses the project while the needed service is disabled.
    pub fn is_enforced(self) -> bool {
        matches!(self, NeedKind::DependsOn(_) | NeedKind::Fixed(_))
    }

    /// Whether the service cannot do its work without the other.
    pub fn is_required(self) -> bool {
        self != NeedKind::NotRequired
    }
}

/// All needs between services of the project.
pub fn needs(compose: &Compose) -> Vec<Need> {
    let mut found: Vec<Need> = Vec::new();
    let mut add = |from: &Service, to: &str, kind: NeedKind, span: Option<Span>| {
        let known = found
            .iter_mut()
            .find(|need| need.from == from.name.value && need.to == to);
        match known {
            // What nothing makes optional outweighs what is written beside it.
            Some(need) if matches!(kind, NeedKind::Fixed(_)) => need.kind = kind,
            Some(_) => {}
            None if compose.service(to).is_some() && from.name.value != to => {
                found.push(Need {
                    from: from.name.value.clone(),
                    to: to.to_owned(),
                    kind,
                    span,
                });
            }
            None => {}
        }
    };
    let builders = Builders::new(compose);
    for service in &compose.services {
        for dependency in &service.depends_on {
            let kind = match dependency.implied_by {
                Some(attribute) => NeedKind::Fixed(attribute),
                None if !dependency.required => NeedKind::NotRequired,
                None => NeedKind::DependsOn(dependency.condition),
            };
            add(service, &dependency.service, kind, dependency.origin.span);
        }
        for (attribute, key) in [
            ("network_mode", "network_mode"),
            ("ipc", "ipc"),
            ("pid", "pid"),
        ] {
            let value = service.data.get(key);
            if let Some(name) = value.and_then(|value| value.as_str()?.strip_prefix("service:")) {
                add(
                    service,
                    name,
                    NeedKind::Fixed(attribute),
                    value.and_then(|value| value.span()),
                );
            }
        }
        for source in service
            .volumes_from
            .iter()
            .filter(|source| !source.starts_with("container:"))
        {
            let name = source.split(':').next().unwrap_or_default();
            add(
                service,
                name,
                NeedKind::Fixed("volumes_from"),
                source.span(),
            );
        }
        if let Some(builder) = builders.of(service) {
            add(
                service,
                &builder.name,
                NeedKind::Image,
                service.image.as_ref().and_then(|image| image.span()),
            );
        }
    }
    found
}

/// The only service that builds the image which this one uses without building it.
pub(super) fn builder_of<'c>(compose: &'c Compose, service: &Service) -> Option<&'c Service> {
    Builders::new(compose).of(service)
}

/// Who builds which tag.
struct Builders<'c>(Vec<(String, &'c Service)>);

impl<'c> Builders<'c> {
    fn new(compose: &'c Compose) -> Self {
        let built = compose
            .services
            .iter()
            .filter(|service| service.build.is_some());
        Builders(
            built
                .filter_map(|service| Some((with_tag(service.image.as_ref()?), service)))
                .collect(),
        )
    }

    fn of(&self, service: &Service) -> Option<&'c Service> {
        let image = service
            .image
            .as_ref()
            .filter(|_| service.build.is_none() && !self.0.is_empty())?;
        let tag = with_tag(image);
        let mut builders = self.0.iter().filter(|(built, _)| *built == tag);
        let (_, first) = builders.next()?;
        builders.next().is_none().then_some(*first)
    }
}

fn with_tag(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) {
        image.to_owned()
    } else {
        format!("{image}:latest")
    }
}

/// The services whose names stand as hosts in the environment, the build arguments or the command
/// of a service, each with where it stands.
pub fn references<'c>(compose: &'c Compose, service: &Service) -> Vec<(&'c str, Option<Span>)> {
    let mut texts: Vec<(&str, &str, Option<Span>)> = Vec::new();
    let arguments = service.build.iter().flat_map(|build| &build.args);
    for entry in service.environment.iter().chain(arguments) {
        if let Some(value) = &entry.value {
            texts.push((&entry.key.value, &value.value, value.span()));
        }
    }
    for command in [&service.entrypoint, &service.command]
        .into_iter()
        .flatten()
    {
        texts.extend(
            command
                .words
                .iter()
                .map(|word| ("", word.text.as_str(), Some(word.span))),
        );
    }
    let mut found: Vec<(&str, Option<Span>)> = Vec::new();
    for (key, text, span) in texts {
        for host in hosts(key, text) {
            let target = compose
                .services
                .iter()
                .find(|other| answers_to(other, host) && other.name.value != service.name.value);
            if let Some(target) = target
                && !found.iter().any(|(known, _)| *known == target.name.value)
            {
                found.push((&target.name.value, span));
            }
        }
    }
    found
}

/// Whether a service can be reached by this name: its own, that of its container, or an alias in a
/// network.
fn answers_to(service: &Service, host: &str) -> bool {
    let has_alias = |network: &crate::compose::value::Value<Data>| {
        let aliases = network
            .get("aliases")
            .and_then(|aliases| aliases.as_list())
            .unwrap_or_default();
        aliases.iter().any(|alias| alias.as_str() == Some(host))
    };
    service.name.value == host
        || service
            .container_name
            .as_ref()
            .is_some_and(|name| name.value == host)
        || service
            .data
            .get("networks")
            .and_then(|networks| networks.as_map())
            .is_some_and(|map| map.iter().any(|entry| has_alias(&entry.value)))
}

/// Endings of variables whose whole value is a host.
const HOST_KEYS: [&str; 12] = [
    "HOST", "HOSTNAME", "HOSTS", "SERVER", "SERVERS", "ADDR", "ADDRESS", "ENDPOINT", "URL", "URI",
    "BROKER", "BROKERS",
];

/// The host names in a text: of URLs, of `host:port`, and the whole value of variables such as
/// `DB_HOST`.
fn hosts<'t>(key: &str, text: &'t str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let is_host_key = HOST_KEYS.iter().any(|end| {
        key.rsplit('_')
            .next()
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    });
    for part in text
        .split([',', ';', ' ', '\'', '"', '(', ')', '=', '|', '\n'])
        .filter(|part| !part.is_empty())
    {
        let is_url = part.contains("://") || part.contains('@');
        let rest = part.rsplit_once("://").map_or(part, |(_, rest)| rest);
        let rest = rest.split('/').next().unwrap_or(rest);
        let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let (host, port) = rest.split_once(':').unwrap_or((rest, ""));
        let has_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if is_url || has_port || (is_host_key && part.len() == text.trim().len()) {
            found.push(host);
        }
    }
    found
}
