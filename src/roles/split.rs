//! Profiles that keep optional services out of the way, and the proof that every set of profiles
//! still starts.
//!
//! Docker Compose refuses a project in which an enabled service needs a disabled one, for every
//! command, so a split is checked for the default, for each profile and for all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Need, NeedKind, Role, RoleEvidence, RoleReason, ServiceRole, infer, is_of, needs};
use crate::compose::Compose;
use crate::knowledge::words::{TEST_NAMES, has_part};
use crate::repository::recipes::Recipe;
use crate::text::Span;

/// A set of profiles that hides what is optional.
#[derive(Clone, Debug)]
pub struct Split {
    /// The role of every service.
    pub roles: Vec<ServiceRole>,
    /// The services that get profiles, with their profiles, in the order of the document.
    pub profiles: Vec<(String, Vec<String>)>,
    /// The edges that must become `required: false`.
    pub softened: Vec<Softened>,
    /// The recipes that name no services and so will start less than before.
    pub starting_less: Vec<RoleReason>,
}

/// An edge of `depends_on` that must become `required: false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Softened {
    /// The service that depends.
    pub from: String,
    /// The service it depends on.
    pub to: String,
    /// Where the edge is written.
    pub span: Option<Span>,
}

/// A service that cannot start with some set of profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The active profiles; none for the default.
    pub active: Vec<String>,
    /// The enabled service; empty when no service is enabled at all.
    pub service: String,
    /// The disabled service it needs.
    pub needs: String,
}

/// The profile that enables everything but jobs.
const FULL: &str = "full";

/// A file of more services was generated, and nobody will ever start them by hand.
const MOST_SERVICES: usize = 500;

/// A role that is inferred must be this sure before anybody acts on it, in percent.
const SURE: u8 = 60;

/// Splits a project whose optional services all start by default. `None` when there is nothing to
/// split off, when nothing would be left, or when no split can be shown to start.
pub fn split(
    compose: &Compose,
    recipes: &[Recipe],
    told: &[ServiceRole],
    evidence: &RoleEvidence,
) -> Option<Split> {
    let roles = infer(compose, recipes, told, evidence);
    let needs = needs(compose);
    let profiles = assign(compose, &roles, &needs)?;
    let mut softened: Vec<Softened> = Vec::new();
    for need in needs
        .iter()
        .filter(|need| matches!(need.kind, NeedKind::DependsOn(_)))
    {
        // Only what the user states is optional although the core needs it.
        let is_split_off = |service: &str| profiles.iter().any(|(name, _)| name == service);
        if is_split_off(&need.to) && !is_split_off(&need.from) {
            softened.push(Softened {
                from: need.from.clone(),
                to: need.to.clone(),
                span: need.span,
            });
        }
    }
    let split = Split {
        roles,
        profiles,
        softened,
        starting_less: starting_less(compose, recipes),
    };
    check_sets(compose, &split.profiles, &split.softened)
        .is_empty()
        .then_some(split)
}

/// The split that a project lacks: it starts at least six services, two of them optional, and
/// neither profiles nor recipes that name services show that anybody minds. What other files say is
/// only asked for where it may come to that.
pub fn missing_split(
    compose: &Compose,
    recipes: &[Recipe],
    told: &[ServiceRole],
    evidence: impl FnOnce() -> RoleEvidence,
) -> Option<Split> {
    if !(6..=MOST_SERVICES).contains(&compose.active_services().count())
        || compose
            .services
            .iter()
            .any(|service| !service.profiles.is_empty())
    {
        return None;
    }
    let minds = |recipe: &Recipe| {
        let mut starts = recipe
            .calls
            .iter()
            .filter(|call| call.is("up") && is_of(compose, call));
        starts.any(|call| {
            call.has(&["--no-deps"]) || !call.services.is_empty() || !call.services_known
        })
    };
    if recipes.iter().any(minds) {
        return None;
    }
    split(compose, recipes, told, &evidence()).filter(|split| split.optional().count() >= 2)
}

impl Split {
    /// The services that are split off because they are optional.
    pub fn optional(&self) -> impl Iterator<Item = &ServiceRole> {
        self.roles
            .iter()
            .filter(|role| role.role == Role::Optional && self.profiles_of(&role.service).is_some())
    }

    /// The profiles a service gets, if it gets any.
    pub fn profiles_of(&self, service: &str) -> Option<&[String]> {
        self.profiles
            .iter()
            .find(|(name, _)| name == service)
            .map(|(_, profiles)| profiles.as_slice())
    }
}

/// The profiles of each service that gets some: `full`, and a name of its own for an application;
/// what it needs gets the same, so that each profile starts.
fn assign(
    compose: &Compose,
    roles: &[ServiceRole],
    needs: &[Need],
) -> Option<Vec<(String, Vec<String>)>> {
    let mut profiles: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut stays: BTreeSet<&str> = BTreeSet::new();
    for (service, role) in compose.services.iter().zip(roles) {
        let name = service.name.value.as_str();
        if !service.active || !service.profiles.is_empty() {
            continue;
        }
        let is_waited_for = needs
            .iter()
            .any(|need| need.to == name && need.kind.is_required());
        match role.role {
            Role::Optional if role.confidence >= SURE => {
                let own = service.build.is_some() && is_profile_name(name);
                let own = own.then(|| name.to_owned()).filter(|own| own != FULL);
                profiles.insert(name, std::iter::once(FULL.to_owned()).chain(own).collect());
            }
            Role::Job if role.confidence >= SURE && !is_waited_for => {
                let profile = if has_part(name, TEST_NAMES) {
                    "test"
                } else {
                    "jobs"
                };
                profiles.insert(name, vec![profile.to_owned()]);
            }
            _ => {
                stays.insert(name);
            }
        }
    }
    // What stays keeps what it needs, unless the user says that it can do without.
    let stated = |name: &str| {
        roles
            .iter()
            .any(|role| role.service == name && role.confidence == 100)
    };
    loop {
        let kept = needs.iter().find(|need| {
            let softens = matches!(need.kind, NeedKind::DependsOn(_)) && stated(&need.to);
            need.kind.is_required()
                && !softens
                && stays.contains(need.from.as_str())
                && profiles.contains_key(need.to.as_str())
        });
        let Some((name, _)) = kept.and_then(|need| profiles.remove_entry(need.to.as_str())) else {
            break;
        };
        stays.insert(name);
    }
    // What is split off takes what it needs along.
    loop {
        let mut changed = false;
        for need in needs.iter().filter(|need| need.kind.is_required()) {
            let Some(wanted) = profiles.get(need.from.as_str()).cloned() else {
                continue;
            };
            let Some(offered) = profiles.get_mut(need.to.as_str()) else {
                continue;
            };
            for profile in wanted {
                if !offered.contains(&profile) {
                    offered.push(profile);
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    if profiles.is_empty() || stays.is_empty() {
        return None;
    }
    let in_order = compose
        .services
        .iter()
        .filter_map(|service| profiles.remove_entry(service.name.value.as_str()));
    Some(
        in_order
            .map(|(name, profiles)| (name.to_owned(), profiles))
            .collect(),
    )
}

/// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, as the schema of compose files demands.
fn is_profile_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(is_plain)
}

/// Every set of profiles in which an enabled service needs a disabled one: the default, each
/// profile alone, all of them, and each service named on the command line, which activates its own
/// profiles.
///
/// `assignment` is added to the profiles that services have, as an override file would; `softened`
/// edges do not count.
pub fn check_sets(
    compose: &Compose,
    assignment: &[(String, Vec<String>)],
    softened: &[Softened],
) -> Vec<Violation> {
    let assigned: BTreeMap<&str, &[String]> = assignment
        .iter()
        .map(|(name, profiles)| (name.as_str(), profiles.as_slice()))
        .collect();
    let services: Vec<(&str, BTreeSet<&str>)> = compose
        .services
        .iter()
        .map(|service| {
            let name = service.name.value.as_str();
            let own = service
                .profiles
                .iter()
                .map(|profile| profile.value.as_str());
            (
                name,
                own.chain(
                    assigned
                        .get(name)
                        .copied()
                        .unwrap_or_default()
                        .iter()
                        .map(String::as_str),
                )
                .collect(),
            )
        })
        .collect();
    let all: BTreeSet<&str> = services
        .iter()
        .flat_map(|(_, profiles)| profiles.iter().copied())
        .collect();
    let mut sets: BTreeSet<BTreeSet<&str>> = all
        .iter()
        .map(|profile| BTreeSet::from([*profile]))
        .collect();
    sets.extend(services.iter().map(|(_, profiles)| profiles.clone()));
    sets.extend([BTreeSet::new(), all]);
    let needs: Vec<Need> = needs(compose)
        .into_iter()
        .filter(|need| need.kind.is_required())
        .collect();
    let is_softened = |need: &Need| {
        softened
            .iter()
            .any(|edge| edge.from == need.from && edge.to == need.to)
    };
    let mut violations = Vec::new();
    for active in &sets {
        let enabled: BTreeSet<&str> = services
            .iter()
            .filter(|(_, profiles)| {
                profiles.is_empty() || profiles.contains("*") || !profiles.is_disjoint(active)
            })
            .map(|(name, _)| *name)
            .collect();
        let names = || active.iter().map(|profile| (*profile).to_owned()).collect();
        if enabled.is_empty() {
            violations.push(Violation {
                active: names(),
                service: String::new(),
                needs: String::new(),
            });
        }
        for need in &needs {
            if enabled.contains(need.from.as_str())
                && !enabled.contains(need.to.as_str())
                && !is_softened(need)
            {
                violations.push(Violation {
                    active: names(),
                    service: need.from.clone(),
                    needs: need.to.clone(),
                });
            }
        }
    }
    violations
}

/// The recipes that start everything without naming it.
fn starting_less(compose: &Compose, recipes: &[Recipe]) -> Vec<RoleReason> {
    let mut found = Vec::new();
    for recipe in recipes {
        let call = recipe.calls.iter().find(|call| {
            call.is("up")
                && call.services.is_empty()
                && call.profiles.is_empty()
                && is_of(compose, call)
        });
        found.extend(
            call.map(|call| RoleReason::new(format!("`{}`", recipe.title()), Some(call.span))),
        );
    }
    found
}
