//! Uses of variables that are set nowhere, and what is left where nothing stands in their place.

use rustc_hash::FxHashMap;

use crate::compose::model::{Compose, MountKind, Service};
use crate::compose::value::{Data, Step, Value, VariableSource};
use crate::text::{Sources, Span};

/// A use of a variable that is set nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsetUse<'c> {
    /// The variable.
    pub name: &'c str,
    /// Where it is used.
    pub span: Span,
    /// Whether a shell in the container could put it in.
    pub is_run: bool,
}

/// A use whose place becomes wrong without a value.
pub struct HarmfulUse<'c> {
    /// The variable.
    pub name: &'c str,
    /// Where it is used.
    pub span: Span,
    /// The service.
    pub service: &'c str,
    /// What comes of it.
    pub effect: String,
}

/// Every use below a value, in the order in which they are written, each place once.
pub fn all(value: &Value<Data>) -> Vec<UnsetUse<'_>> {
    let mut found = Vec::new();
    let mut rest: Vec<(&Value<Data>, bool)> = vec![(value, false)];
    while let Some((value, is_run)) = rest.pop() {
        for (name, span) in in_steps(&value.origin.steps) {
            found.push(UnsetUse { name, span, is_run });
        }
        match &value.value {
            Data::List(items) => rest.extend(items.iter().map(|item| (item, is_run))),
            Data::Map(map) => {
                let is_command = |key: &str| matches!(key, "command" | "entrypoint" | "test");
                rest.extend(
                    map.iter()
                        .map(|entry| (&entry.value, is_run || is_command(&entry.key))),
                );
            }
            _ => {}
        }
    }
    found.sort_by_key(|used| (used.span.file, used.span.start));
    found.dedup_by_key(|used| (used.name, used.span));
    found
}

/// The variables of env files, each with where it is set.
pub fn set_by_env_files(compose: &Compose) -> FxHashMap<&str, Span> {
    let entries = compose
        .services
        .iter()
        .flat_map(|service| &service.environment);
    let from_file = entries.filter(|entry| {
        entry
            .key
            .origin
            .steps
            .iter()
            .any(|step| matches!(step, Step::EnvFile { .. }))
    });
    from_file
        .filter_map(|entry| Some((entry.key.as_str(), entry.key.span()?)))
        .collect()
}

/// The uses in a service that leave no image, no port or another path.
pub fn harmful<'c>(sources: &Sources, service: &'c Service) -> Vec<HarmfulUse<'c>> {
    let mut found = Vec::new();
    let name = service.name.as_str();
    let mut add = |value: &'c Value<String>, effect: &dyn Fn(&str) -> Option<String>| {
        let unset = in_steps(&value.origin.steps);
        let mut blank = value.value.clone();
        for (_, span) in &unset {
            blank = blank.replace(sources.get(span.file).slice(*span), "");
        }
        if let (Some((variable, span)), Some(effect)) = (unset.first(), effect(&blank)) {
            found.push(HarmfulUse {
                name: variable,
                span: *span,
                service: name,
                effect,
            });
        }
    };
    if let Some(image) = &service.image {
        add(image, &|blank| {
            let is_wrong = blank.is_empty()
                || blank.starts_with([':', '/'])
                || blank.ends_with([':', '/', '@'])
                || blank.contains("/:");
            is_wrong.then(|| match blank {
                "" => "it leaves no image, and Docker Compose refuses the project".to_owned(),
                _ => format!("it leaves the image `{blank}`, which Docker refuses"),
            })
        });
    }
    for published in service
        .ports
        .iter()
        .filter_map(|port| port.published.as_ref())
    {
        add(published, &|blank| {
            blank
                .is_empty()
                .then(|| "the port is published at a random one of the host".to_owned())
        });
    }
    for mount in service
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind)
    {
        let Some(source) = &mount.source else {
            continue;
        };
        add(source, &|blank| match blank {
            "" => Some("it leaves no path to mount".to_owned()),
            _ if blank.starts_with('/') && source.value.starts_with('$') => {
                Some(format!("it mounts `{blank}` of the host's root"))
            }
            _ => None,
        });
    }
    found.extend(targets(service));
    found
}

/// Ports of containers, which have no text in the model when a variable hides them.
fn targets(service: &Service) -> Vec<HarmfulUse<'_>> {
    let ports = service
        .data
        .get("ports")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let targets = ports
        .iter()
        .filter_map(|port| port.get("target"))
        .filter(|target| matches!(target.value, Data::String(_)));
    let found = targets
        .flat_map(|target| in_steps(&target.origin.steps))
        .map(|(name, span)| {
            let effect = "no port of the container is left, and Docker Compose refuses the project"
                .to_owned();
            HarmfulUse {
                name,
                span,
                service: service.name.as_str(),
                effect,
            }
        });
    found.collect()
}

fn in_steps(steps: &[Step]) -> Vec<(&str, Span)> {
    let unset = steps.iter().filter_map(|step| match step {
        Step::Variable {
            used,
            name,
            from: VariableSource::Unset,
        } => Some((name.as_str(), *used)),
        _ => None,
    });
    unset.collect()
}
