//! One tree over another: what a later file, document or service says wins, attribute by attribute.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::INVALID_COMPOSE;
use crate::compose::forms;
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, Step, Value};
use crate::diagnostic::Diagnostic;

/// How two values at one place become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rule {
    /// Mappings by key, lists appended, scalars replaced.
    General,
    /// The later one, whatever it is.
    Replace,
    /// Lists of `KEY=VALUE`, by key.
    KeyValues,
    /// Text or lists of text, appended.
    Texts,
    /// A path or a mapping.
    Build,
    /// Names or a mapping.
    DependsOn,
    /// Names or a mapping of settings.
    Names,
    /// By key as long as the driver stays the same.
    Logging,
    /// A number or a mapping.
    Ulimit,
    /// Pools, by subnet.
    Pools,
}

/// How many pairs of address pools are compared.
const POOL_PAIRS: usize = 100_000;

/// Merges `over` over `base`, both at `place`.
pub(super) fn merge(
    base: Value<Data>,
    over: Value<Data>,
    place: KeyPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value<Data> {
    let rule = rule_at(place.segments());
    if rule == Rule::Replace {
        return replace(base, over);
    }
    if over.value.is_null() {
        return base;
    }
    if base.value.is_null() {
        return replace(base, over);
    }
    match rule {
        Rule::General | Rule::Replace => general(base, over, place, diagnostics),
        Rule::KeyValues => key_values(base, over, place, diagnostics),
        Rule::Texts => general(
            forms::text_list(base),
            forms::text_list(over),
            place,
            diagnostics,
        ),
        Rule::Build => general(forms::build(base), forms::build(over), place, diagnostics),
        Rule::DependsOn => general(
            forms::depends_on(base),
            forms::depends_on(over),
            place,
            diagnostics,
        ),
        Rule::Names => general(forms::names(base), forms::names(over), place, diagnostics),
        Rule::Logging if driver_changes(&base, &over) => replace(base, over),
        Rule::Logging => general(base, over, place, diagnostics),
        Rule::Ulimit if base.as_map().is_none() || over.as_map().is_none() => replace(base, over),
        Rule::Ulimit => general(base, over, place, diagnostics),
        Rule::Pools => pools(base, over, place, diagnostics),
    }
}

fn rule_at(place: &[&str]) -> Rule {
    match place {
        ["services" | "jobs", _, rest @ ..] => match rest {
            ["command" | "entrypoint"] | ["healthcheck", "test"] => Rule::Replace,
            ["environment" | "labels" | "annotations" | "sysctls"]
            | ["build", "args" | "labels" | "additional_contexts"]
            | ["deploy", "labels"]
            | ["volumes", "[]", "volume", "labels"] => Rule::KeyValues,
            [
                "dns" | "dns_opt" | "dns_search" | "env_file" | "label_file" | "tmpfs"
                | "extra_hosts",
            ]
            | ["build", "extra_hosts"] => Rule::Texts,
            ["build"] => Rule::Build,
            ["depends_on"] => Rule::DependsOn,
            ["networks" | "models"] => Rule::Names,
            ["logging"] => Rule::Logging,
            ["ulimits", _] => Rule::Ulimit,
            _ => Rule::General,
        },
        ["networks" | "volumes" | "secrets" | "configs", _, "labels"] => Rule::KeyValues,
        ["networks", _, "ipam", "config"] => Rule::Pools,
        _ => Rule::General,
    }
}

fn general(
    base: Value<Data>,
    over: Value<Data>,
    place: KeyPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value<Data> {
    let mut origin = over.origin.clone();
    if let Some(replaced) = base.origin.span.filter(|span| Some(*span) != origin.span) {
        origin.steps.push(Step::Replaced { replaced });
    }
    match (base.value, over.value) {
        (Data::Map(base), Data::Map(over)) => Value {
            value: Data::Map(maps(base, over, place, diagnostics)),
            origin,
        },
        (Data::List(base), Data::List(over)) => Value {
            value: Data::List(append(base, over)),
            origin,
        },
        (base @ (Data::Map(_) | Data::List(_)), value)
        | (base, value @ (Data::Map(_) | Data::List(_))) => {
            if let Some(span) = origin.span {
                let message = format!(
                    "`{place}` is {} here, but {} where it was set before",
                    value.kind(),
                    base.kind()
                );
                let before = match origin.steps.last() {
                    Some(Step::Replaced { replaced }) => Some(*replaced),
                    _ => None,
                };
                let diagnostic = Diagnostic::new(INVALID_COMPOSE, span, message);
                diagnostics.push(match before {
                    Some(before) => diagnostic.label(before, format!("{} here", base.kind())),
                    None => diagnostic,
                });
            }
            Value { value, origin }
        }
        (_, value) => Value { value, origin },
    }
}

fn replace(base: Value<Data>, mut over: Value<Data>) -> Value<Data> {
    if let Some(replaced) = base
        .origin
        .span
        .filter(|span| Some(*span) != over.origin.span)
    {
        over.origin.steps.push(Step::Replaced { replaced });
    }
    over
}

fn maps(mut base: Map, over: Map, place: KeyPath<'_>, diagnostics: &mut Vec<Diagnostic>) -> Map {
    for entry in over {
        let Some(old) = base.entry_mut(&entry.key) else {
            base.insert(entry);
            continue;
        };
        let before = std::mem::replace(
            &mut old.value,
            Value {
                value: Data::Null,
                origin: Default::default(),
            },
        );
        if !entry.value.value.is_null() {
            old.key_span = entry.key_span.or(old.key_span);
        }
        old.value = merge(before, entry.value, place.key(&entry.key), diagnostics);
    }
    base
}

/// Appends what is not there yet.
fn append(mut base: Vec<Value<Data>>, over: Vec<Value<Data>>) -> Vec<Value<Data>> {
    let mut texts: FxHashSet<String> = base
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect();
    let mut rest: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (at, item) in base
        .iter()
        .enumerate()
        .filter(|(_, item)| item.as_str().is_none())
    {
        rest.entry(item.value.fingerprint()).or_default().push(at);
    }
    for item in over {
        let known = match item.as_str() {
            Some(text) => !texts.insert(text.to_owned()),
            None => {
                let alike = rest.entry(item.value.fingerprint()).or_default();
                let known = alike.iter().any(|at| base[*at].value.same(&item.value));
                if !known {
                    alike.push(base.len());
                }
                known
            }
        };
        if !known {
            base.push(item);
        }
    }
    base
}

fn key_values(
    base: Value<Data>,
    over: Value<Data>,
    place: KeyPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value<Data> {
    let (base, over) = (forms::key_value_list(base), forms::key_value_list(over));
    let (Data::List(mut items), Data::List(_)) = (base.value, &over.value) else {
        return general(
            Value {
                value: Data::Null,
                origin: base.origin,
            },
            over,
            place,
            diagnostics,
        );
    };
    let Data::List(later) = over.value else {
        return Value {
            value: Data::List(items),
            origin: base.origin,
        };
    };
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for (at, item) in items.iter().enumerate() {
        known.insert(forms::key_of(item).to_owned(), at);
    }
    for item in later {
        match known.get(forms::key_of(&item)) {
            Some(at) => {
                let before = std::mem::replace(
                    &mut items[*at],
                    Value {
                        value: Data::Null,
                        origin: Default::default(),
                    },
                );
                items[*at] = replace(before, item);
            }
            None => {
                known.insert(forms::key_of(&item).to_owned(), items.len());
                items.push(item);
            }
        }
    }
    let origin = replace(
        Value {
            value: Data::Null,
            origin: base.origin,
        },
        Value {
            value: Data::Null,
            origin: over.origin,
        },
    )
    .origin;
    Value {
        value: Data::List(items),
        origin,
    }
}

fn driver_changes(base: &Value<Data>, over: &Value<Data>) -> bool {
    match (base.get("driver"), over.get("driver")) {
        (Some(base), Some(over)) => !base.value.same(&over.value),
        _ => false,
    }
}

/// Address pools, each of one side with each of the other: those of one subnet are merged. Where
/// the subnets differ the reference takes the later pool and forgets the earlier one, unless
/// another pair brings it back.
fn pools(
    base: Value<Data>,
    over: Value<Data>,
    place: KeyPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value<Data> {
    let subnet = |pool: &Value<Data>| {
        pool.get("subnet")
            .and_then(|subnet| subnet.as_str().map(str::to_owned))
    };
    let (Data::List(earlier), Data::List(later)) = (&base.value, &over.value) else {
        return general(
            Value {
                value: Data::Null,
                origin: base.origin,
            },
            over,
            place,
            diagnostics,
        );
    };
    let mut kept: Vec<Value<Data>> = Vec::new();
    let mut places: FxHashMap<Option<String>, usize> = FxHashMap::default();
    // More pairs than any file means are not tried.
    let later_tried = later.len().min(POOL_PAIRS / earlier.len().max(1) + 1);
    for pool in earlier {
        for replacing in &later[..later_tried] {
            let differs = subnet(pool) != subnet(replacing);
            if differs && !places.contains_key(&subnet(replacing)) {
                places.insert(subnet(replacing), kept.len());
                kept.push(replacing.clone());
                continue;
            }
            let merged = merge(pool.clone(), replacing.clone(), place.item(), diagnostics);
            match places.get(&subnet(&merged)) {
                Some(at) => kept[*at] = merged,
                None => {
                    places.insert(subnet(&merged), kept.len());
                    kept.push(merged);
                }
            }
        }
    }
    Value {
        value: Data::List(kept),
        origin: base.origin,
    }
}

/// Takes out of `tree` what stands at `path`, as `!reset` and `!override` in a later document ask.
pub(super) fn clear(tree: &mut Value<Data>, path: &[String]) {
    let Some((last, above)) = path.split_last() else {
        return;
    };
    let mut value = tree;
    for key in above {
        match value.get_mut(key) {
            Some(next) => value = next,
            None => return,
        }
    }
    if let Some(map) = value.as_map_mut() {
        map.remove(last);
    }
}

#[cfg(test)]
mod tests;
