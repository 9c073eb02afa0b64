//! Names that a service uses and that stand for nothing, and services that wait for each other.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::model::{Compose, Dependency, MountKind, Resource, Service};
use crate::compose::value::Value;
use crate::diagnostic::Diagnostic;
use crate::syntax::yaml::{Kind, Node};
use crate::text::Span;

/// The rule that reports names of services that stand for nothing.
pub const UNDEFINED_SERVICE: &str = "undefined-service";

/// The rule that reports names of volumes, networks, secrets and configs that stand for nothing.
pub const UNDEFINED_RESOURCE: &str = "undefined-resource";

/// The rule that reports services that wait for each other.
pub const DEPENDENCY_CYCLE: &str = "dependency-cycle";

/// The top-level sections whose entries a service names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Section {
    /// `services`
    Services,
    /// `volumes`
    Volumes,
    /// `networks`
    Networks,
    /// `secrets`
    Secrets,
    /// `configs`
    Configs,
    /// `models`
    Models,
}

impl Section {
    /// Its key in a compose file.
    pub fn key(self) -> &'static str {
        match self {
            Section::Services => "services",
            Section::Volumes => "volumes",
            Section::Networks => "networks",
            Section::Secrets => "secrets",
            Section::Configs => "configs",
            Section::Models => "models",
        }
    }

    /// One of its entries, in a word.
    pub fn noun(self) -> &'static str {
        self.key().trim_end_matches('s')
    }
}

/// A name that a service uses and a project does not have.
#[derive(Clone, Copy, Debug)]
pub struct Undefined<'c> {
    /// Who uses it.
    pub service: &'c Service,
    /// Where it should be declared.
    pub section: Section,
    /// The name.
    pub name: &'c str,
    /// Where it is used.
    pub span: Span,
}

impl Undefined<'_> {
    /// What Docker Compose would refuse, as a finding.
    pub fn diagnostic(&self) -> Diagnostic {
        let (user, name, key) = (&self.service.name.value, self.name, self.section.key());
        let (rule, message) = match self.section {
            Section::Services => (
                UNDEFINED_SERVICE,
                format!("`{user}` depends on `{name}`, which is no service of this project"),
            ),
            section => (
                UNDEFINED_RESOURCE,
                format!(
                    "the {} `{name}` is not declared under `{key}`",
                    section.noun()
                ),
            ),
        };
        Diagnostic::new(rule, self.span, message).service(user.as_str())
    }
}

/// Every use of a name that the project does not have, those of disabled services included. It says
/// something only of a project that [is whole](Compose::is_whole).
pub fn undefined(compose: &Compose) -> Vec<Undefined<'_>> {
    let names = |resources: &'_ [Resource]| -> FxHashSet<String> {
        resources
            .iter()
            .map(|resource| resource.name.value.clone())
            .collect()
    };
    let services: FxHashSet<String> = compose
        .services
        .iter()
        .map(|service| service.name.value.clone())
        .collect();
    let keys = |section: &str| {
        compose
            .data
            .get(section)
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
            .map(|entry| entry.key.clone())
    };
    let jobs = keys("jobs");
    let known: FxHashMap<Section, FxHashSet<String>> = FxHashMap::from_iter([
        (
            Section::Services,
            services.into_iter().chain(jobs).collect(),
        ),
        (Section::Volumes, names(&compose.volumes)),
        (Section::Networks, names(&compose.networks)),
        (Section::Secrets, names(&compose.secrets)),
        (Section::Configs, names(&compose.configs)),
        (Section::Models, keys("models").collect()),
    ]);
    let mut found = Vec::new();
    for service in &compose.services {
        // What is still a variable would be something else where that is set.
        let used = used(service)
            .into_iter()
            .filter(|(section, name, _)| !name.contains("${") && !known[section].contains(*name));
        found.extend(used.map(|(section, name, span)| Undefined {
            service,
            section,
            name,
            span,
        }));
    }
    found
}

/// Everything that a service names: where it is declared, its name, where the name is written.
pub fn used(service: &Service) -> Vec<(Section, &str, Span)> {
    let mut used = Vec::new();
    let place = |span: Option<Span>, around: Option<Span>| span.or(around).unwrap_or(service.key());
    for dependency in service
        .depends_on
        .iter()
        .filter(|dependency| !dependency.origin.is_unknown())
    {
        let span = place(dependency.service.span(), dependency.origin.span);
        used.push((Section::Services, dependency.service.as_str(), span));
    }
    for mount in service
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Volume)
    {
        if let Some(source) = mount
            .source
            .as_ref()
            .filter(|source| !source.origin.is_unknown())
        {
            used.push((
                Section::Volumes,
                source.as_str(),
                place(source.span(), mount.origin.span),
            ));
        }
    }
    for section in [Section::Networks, Section::Models] {
        for entry in service
            .data
            .get(section.key())
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
        {
            used.push((
                section,
                entry.key.as_str(),
                place(entry.key_span, entry.value.span()),
            ));
        }
    }
    let build = service
        .data
        .get("build")
        .and_then(|build| build.get("secrets"));
    let grants = [
        (Section::Secrets, service.data.get("secrets")),
        (Section::Secrets, build),
        (Section::Configs, service.data.get("configs")),
    ];
    for (section, list) in grants {
        for source in list
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|item| item.get("source"))
        {
            if let Some(name) = source.as_str().filter(|_| !source.origin.is_unknown()) {
                used.push((section, name, place(source.span(), None)));
            }
        }
    }
    used
}

/// A ring of services: each with the dependency on the next one, the last on the first.
pub type Ring<'c> = Vec<(&'c Service, &'c Dependency)>;

/// The rings of services that wait for each other. Of rings that share a service only the first is
/// told.
pub fn rings<'c>(services: &[&'c Service]) -> Vec<Ring<'c>> {
    let places: FxHashMap<&str, usize> = services
        .iter()
        .enumerate()
        .map(|(at, service)| (service.name.as_str(), at))
        .collect();
    let mut done = vec![false; services.len()];
    let mut told = vec![false; services.len()];
    let mut rings = Vec::new();
    for start in 0..services.len() {
        // The services from `start` to the current one, each with the number of its dependencies
        // that were followed.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        let mut on_path: FxHashSet<usize> = FxHashSet::from_iter([start]);
        while let Some((at, followed)) = path.last_mut() {
            let Some(dependency) = services[*at]
                .depends_on
                .get(*followed)
                .filter(|_| !done[*at])
            else {
                done[*at] = true;
                on_path.remove(at);
                path.pop();
                continue;
            };
            *followed += 1;
            let Some(next) = places.get(dependency.service.as_str()) else {
                continue;
            };
            if on_path.insert(*next) {
                path.push((*next, 0));
                continue;
            }
            let ring: Vec<(usize, usize)> = path
                .iter()
                .copied()
                .skip_while(|(at, _)| at != next)
                .collect();
            if !ring.iter().any(|(at, _)| told[*at]) {
                ring.iter().for_each(|(at, _)| told[*at] = true);
                rings.push(
                    ring.iter()
                        .map(|(at, followed)| {
                            (services[*at], &services[*at].depends_on[followed - 1])
                        })
                        .collect(),
                );
            }
        }
    }
    rings
}

/// What Docker Compose would refuse of a ring, as a finding.
pub fn ring_diagnostic(ring: &Ring<'_>) -> Option<Diagnostic> {
    let (last, dependency) = ring.last()?;
    let names: Vec<&str> = ring
        .iter()
        .chain(ring.first())
        .map(|(service, _)| service.name.as_str())
        .collect();
    let span = dependency
        .service
        .span()
        .or(dependency.origin.span)
        .unwrap_or(last.key());
    Some(Diagnostic::new(
        DEPENDENCY_CYCLE,
        span,
        format!(
            "services wait for each other in a ring: {}",
            names.join(" → ")
        ),
    ))
}

/// The volumes, networks, secrets and configs that no service uses, those of profiles included. A
/// section is left out where a variable or a wrong name hides which of them are used.
pub fn unused(compose: &Compose) -> Vec<(Section, Vec<&Resource>)> {
    if compose.services.is_empty() || compose.data.get("jobs").is_some() {
        return Vec::new();
    }
    let names: FxHashSet<(Section, &str)> = compose
        .services
        .iter()
        .flat_map(used)
        .map(|(section, name, _)| (section, name))
        .collect();
    // Where a name is wrong, the right one is not used: that is one mistake, not two.
    let undefined: Vec<Section> = undefined(compose)
        .iter()
        .map(|undefined| undefined.section)
        .collect();
    let sections = [
        (Section::Volumes, &compose.volumes),
        (Section::Networks, &compose.networks),
        (Section::Secrets, &compose.secrets),
        (Section::Configs, &compose.configs),
    ];
    let mut found = Vec::new();
    for (section, declared) in sections {
        if !hides_names(compose, section) && !undefined.contains(&section) {
            let unused = declared
                .iter()
                .filter(|resource| !names.contains(&(section, resource.name.as_str())));
            found.push((section, unused.collect()));
        }
    }
    found
}

/// Whether a variable decides which of them a service uses.
fn hides_names(compose: &Compose, section: Section) -> bool {
    let services = || compose.services.iter();
    match section {
        Section::Volumes => {
            services()
                .flat_map(|service| &service.mounts)
                .any(|mount| match &mount.source {
                    Some(source) => source.origin.is_unknown(),
                    None => mount.origin.is_unknown(),
                })
        }
        _ => services().any(|service| {
            let uses = service.data.get(section.key());
            uses.and_then(Value::as_list)
                .unwrap_or_default()
                .iter()
                .any(|item| item.origin.is_unknown())
        }),
    }
}

/// Whether a service of a file names a resource, though a later file takes that back.
pub fn is_named_in(services: Node<'_>, name: &str) -> bool {
    let names_it = |node: Node<'_>| {
        let text = node.text();
        node.kind() == Kind::Scalar
            && (text == name
                || text
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(':')))
    };
    let is_service = |node: Node<'_>| {
        node.parent()
            .is_some_and(|parent| parent.id() == services.id())
    };
    let inside = services
        .tree()
        .all()
        .filter(|node| services.span().contains(node.span()));
    inside
        .into_iter()
        .any(|node| names_it(node) && !is_service(node))
}
