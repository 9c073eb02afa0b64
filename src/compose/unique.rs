//! Lists whose items have a name: a later item of the same name takes the earlier one's place.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::canonical::volume_target;
use crate::compose::forms::key_of;
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, Step, Value};

/// What makes two items of a list the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Identity {
    /// The text before `=`.
    Key,
    /// The scalar as text.
    Text,
    /// Where it is mounted.
    Volume,
    Device,
    Secret,
    Config,
    EnvFile,
    Port,
}

/// Takes repeated items out of all lists that know when two items are the same, in the services and
/// networks of these names.
pub(super) fn enforce(document: &mut Value<Data>, touched: &FxHashSet<String>) {
    for section in ["services", "networks"] {
        let entries = document
            .get_mut(section)
            .and_then(Value::as_map_mut)
            .into_iter()
            .flat_map(Map::iter_mut);
        for entry in entries.filter(|entry| touched.contains(&entry.key)) {
            walk(&mut entry.value, KeyPath::ROOT.key(section).key(&entry.key));
        }
    }
}

fn walk(value: &mut Value<Data>, place: KeyPath<'_>) {
    match &mut value.value {
        Data::Map(map) => {
            for entry in map.iter_mut() {
                walk(&mut entry.value, place.key(&entry.key));
            }
        }
        Data::List(items) if items.len() > 1 => {
            if let Some(identity) = identity_at(place.segments()) {
                dedupe(items, identity);
            }
        }
        _ => {}
    }
}

fn identity_at(place: &[&str]) -> Option<Identity> {
    match place {
        ["services", _, rest @ ..] => match rest {
            [
                "annotations" | "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search"
                | "environment" | "labels" | "links",
            ]
            | ["profiles" | "sysctls" | "tmpfs"]
            | ["build", "args" | "labels" | "additional_contexts" | "tags"]
            | ["deploy", "labels"]
            | ["networks", _, "aliases" | "link_local_ips"] => Some(Identity::Key),
            ["expose"] => Some(Identity::Text),
            ["volumes"] => Some(Identity::Volume),
            ["devices"] => Some(Identity::Device),
            ["secrets"] => Some(Identity::Secret),
            ["configs"] => Some(Identity::Config),
            ["env_file"] => Some(Identity::EnvFile),
            ["ports"] => Some(Identity::Port),
            _ => None,
        },
        ["networks", _, "labels"] | ["networks", _, "ipam", "options"] => Some(Identity::Key),
        _ => None,
    }
}

fn dedupe(items: &mut Vec<Value<Data>>, identity: Identity) {
    let mut kept: Vec<Value<Data>> = Vec::with_capacity(items.len());
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for mut item in items.drain(..) {
        let Some(name) = identity.of(&item) else {
            kept.push(item);
            continue;
        };
        match places.get(&name) {
            Some(at) => {
                let old = &mut kept[*at];
                if let Some(replaced) = old.span().filter(|span| Some(*span) != item.span()) {
                    item.origin.steps.push(Step::Replaced { replaced });
                }
                *old = item;
            }
            None => {
                places.insert(name, kept.len());
                kept.push(item);
            }
        }
    }
    *items = kept;
}

impl Identity {
    fn of(self, item: &Value<Data>) -> Option<String> {
        let field = |map: &Map, key: &str| {
            map.get(key)
                .and_then(|value| value.value.scalar_text().map(|text| text.into_owned()))
        };
        match (self, &item.value) {
            (Identity::Key, Data::String(_)) => Some(key_of(item).to_owned()),
            (Identity::Text, data) => data.scalar_text().map(|text| text.into_owned()),
            (Identity::Volume, _) => volume_target(item),
            (Identity::Device, Data::String(text)) => {
                let mut parts = text.as_str().split(':');
                let source = parts.next()?;
                Some(parts.next().unwrap_or(source).to_owned())
            }
            (Identity::Device, Data::Map(map)) => field(map, "target"),
            (Identity::Secret, Data::String(text)) => {
                Some(format!("/run/secrets/{}", text.as_str()))
            }
            (Identity::Secret, Data::Map(map)) => field(map, "target")
                .or_else(|| field(map, "source").map(|source| format!("/run/secrets/{source}"))),
            (Identity::Config, Data::String(text)) => Some(format!("/{}", text.as_str())),
            (Identity::Config, Data::Map(map)) => field(map, "target")
                .or_else(|| field(map, "source").map(|source| format!("/{source}"))),
            (Identity::EnvFile, Data::String(text)) => Some(text.as_str().to_owned()),
            (Identity::EnvFile, Data::Map(map)) => field(map, "path"),
            (Identity::Port, Data::Map(map)) => {
                let part = |key: &str, default: &str| {
                    field(map, key).unwrap_or_else(|| default.to_owned())
                };
                // A number and a text of the same digits are two ports to the reference.
                let kind = if matches!(
                    map.get("published").map(|value| &value.value),
                    Some(Data::Int(_))
                ) {
                    "#"
                } else {
                    ""
                };
                let (ip, protocol) = (part("host_ip", "0.0.0.0"), part("protocol", "tcp"));
                Some(format!(
                    "{ip}:{kind}{}:{}/{protocol}",
                    part("published", ""),
                    part("target", "")
                ))
            }
            (Identity::Port, data) => data.scalar_text().map(|text| text.into_owned()),
            _ => None,
        }
    }
}
