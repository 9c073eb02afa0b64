//! From evidence to roles, in the order of its strength: the user's word, recipes, entry points,
//! needs, known images.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Need, NeedKind, Role, RoleEvidence, RoleReason, ServiceRole, is_of, is_own_code, needs,
    references, started_lists,
};
use crate::compose::{Compose, Condition, Service};
use crate::knowledge::images;
use crate::knowledge::images::Kind;
use crate::knowledge::words::{self, has_part};
use crate::repository::recipes::Recipe;
use crate::text::Span;

/// The role of every service, in the order of the document. `told` is what the user states, which
/// wins; `evidence` is what other files say.
pub fn infer(
    compose: &Compose,
    recipes: &[Recipe],
    told: &[ServiceRole],
    evidence: &RoleEvidence,
) -> Vec<ServiceRole> {
    let mut graph = Graph::new(compose, recipes, evidence);
    for role in told.iter().cloned() {
        graph.roles.entry(role.service.clone()).or_insert(role);
    }
    graph.profiled();
    graph.jobs();
    let seeds = graph.seeds();
    if !seeds.is_empty() {
        graph.closure(seeds);
        graph.optional();
    }
    compose
        .services
        .iter()
        .map(|service| {
            graph
                .roles
                .remove(&service.name.value)
                .unwrap_or_else(|| ServiceRole {
                    service: service.name.value.clone(),
                    role: Role::Unknown,
                    confidence: 0,
                    reasons: Vec::new(),
                })
        })
        .collect()
}

struct Graph<'a> {
    compose: &'a Compose,
    needs: Vec<Need>,
    /// Who is named as a host by whom.
    references: Vec<(&'a str, &'a str, Option<Span>)>,
    /// Services that recipes start together, with the title of the recipe.
    lists: Vec<(&'a Recipe, Vec<&'a str>, Span)>,
    /// Services that a recipe starts alone.
    alone: FxHashMap<&'a str, (String, Span)>,
    roles: FxHashMap<String, ServiceRole>,
    evidence: &'a RoleEvidence,
}

impl<'a> Graph<'a> {
    fn new(compose: &'a Compose, recipes: &'a [Recipe], evidence: &'a RoleEvidence) -> Self {
        let mut all = Vec::new();
        for service in &compose.services {
            all.extend(
                references(compose, service)
                    .into_iter()
                    .map(|(to, span)| (service.name.value.as_str(), to, span)),
            );
        }
        let known: FxHashSet<(&str, &str)> = all.iter().map(|(from, to, _)| (*from, *to)).collect();
        let calls = evidence
            .calls
            .iter()
            .map(|(from, to)| (from.as_str(), to.as_str()));
        all.extend(
            calls
                .filter(|call| !known.contains(call))
                .map(|(from, to)| (from, to, None)),
        );
        let mut alone = FxHashMap::default();
        for recipe in recipes {
            let calls = recipe
                .calls
                .iter()
                .filter(|call| call.is("up") && is_of(compose, call));
            for call in calls.filter(|call| call.services.len() == 1 && call.services_known) {
                alone
                    .entry(call.services[0].text.as_str())
                    .or_insert((recipe.title(), call.span));
            }
        }
        let lists = started_lists(compose, recipes);
        Graph {
            compose,
            needs: needs(compose),
            references: all,
            lists,
            alone,
            roles: FxHashMap::default(),
            evidence,
        }
    }

    fn set(&mut self, service: &str, role: Role, confidence: u8, reasons: Vec<RoleReason>) {
        let found = ServiceRole {
            service: service.to_owned(),
            role,
            confidence,
            reasons,
        };
        self.roles.entry(service.to_owned()).or_insert(found);
    }

    fn is_open(&self, service: &str) -> bool {
        !self.roles.contains_key(service)
    }

    fn has_role(&self, service: &str, role: Role) -> bool {
        self.roles
            .get(service)
            .is_some_and(|found| found.role == role)
    }

    /// A service behind a profile is optional already.
    fn profiled(&mut self) {
        for service in &self.compose.services {
            if let Some(profile) = service.profiles.first() {
                let reason = RoleReason::new(
                    format!("it is behind the profile `{}`", profile.value),
                    profile.span(),
                );
                self.set(&service.name.value, Role::Optional, 100, vec![reason]);
            }
        }
    }

    fn jobs(&mut self) {
        for service in &self.compose.services {
            let name = service.name.value.as_str();
            let waited = self.needs.iter().find(|need| {
                need.to == name && need.kind == NeedKind::DependsOn(Condition::Completed)
            });
            if let Some(need) = waited {
                let reason =
                    RoleReason::new(format!("`{}` waits for its end", need.from), need.span);
                self.set(name, Role::Job, 90, vec![reason]);
            } else if has_part(name, words::JOB_NAMES)
                && !self.needs.iter().any(|need| need.to == name)
            {
                let never = service
                    .restart
                    .as_ref()
                    .filter(|restart| restart.value == "no");
                let mut reasons = vec![RoleReason::new(
                    "its name is that of a job",
                    service.name.span(),
                )];
                reasons.extend(
                    never.map(|restart| RoleReason::new("it is never restarted", restart.span())),
                );
                self.set(
                    name,
                    Role::Job,
                    if never.is_some() { 80 } else { 70 },
                    reasons,
                );
            }
        }
    }

    /// Where the core is entered: what the user and the recipes say, or else the applications that
    /// can be reached.
    fn seeds(&self) -> Vec<(&'a str, u8, RoleReason)> {
        let mut seeds: Vec<(&str, u8, RoleReason)> = Vec::new();
        let compose: &'a Compose = self.compose;
        for service in compose
            .services
            .iter()
            .filter(|service| self.has_role(&service.name.value, Role::Core))
        {
            seeds.push((
                &service.name.value,
                100,
                RoleReason::new("stated", service.name.span()),
            ));
        }
        let from_lists = self.listed();
        let lists_decide = !from_lists.is_empty();
        seeds.extend(from_lists);
        for service in compose
            .active_services()
            .filter(|service| self.is_open(&service.name.value))
        {
            let name = service.name.value.as_str();
            let is_tool = self.tool(service).is_some();
            let is_proxy = kind(service) == Some(Kind::Proxy);
            let is_own = is_own_code(compose, service);
            let is_entry = has_part(name, words::ENTRY_NAMES);
            let published = service.ports.iter().find(|port| port.published.is_some());
            match published {
                // Where scripts say what belongs together, a port alone says little.
                Some(port) if (is_own || is_proxy) && !is_tool && (is_entry || !lists_decide) => {
                    seeds.push((
                        name,
                        80,
                        RoleReason::new("it publishes a port", port.origin.span),
                    ));
                }
                None if is_own && !is_tool && is_entry => {
                    seeds.push((
                        name,
                        60,
                        RoleReason::new("its name is that of an entry", service.name.span()),
                    ));
                }
                _ => {}
            }
        }
        seeds
    }

    /// The services that at least half of the lists of the recipes have.
    fn listed(&self) -> Vec<(&'a str, u8, RoleReason)> {
        let lists: Vec<_> = self
            .lists
            .iter()
            .filter(|(_, names, _)| names.len() >= 3)
            .collect();
        let mut seeds = Vec::new();
        for service in &self.compose.services {
            let name = service.name.value.as_str();
            let having: Vec<_> = lists
                .iter()
                .filter(|(_, names, _)| names.contains(&name))
                .collect();
            if let Some((recipe, _, span)) = having.first()
                && having.len() * 2 >= lists.len()
                && self.is_open(name)
                && is_own_code(self.compose, service)
            {
                seeds.push((
                    name,
                    85,
                    RoleReason::new(format!("`{}` starts it", recipe.title()), Some(*span)),
                ));
            }
        }
        seeds
    }

    /// What the core needs is core, or infrastructure where it is no code of the project.
    fn closure(&mut self, seeds: Vec<(&'a str, u8, RoleReason)>) {
        let mut open = Vec::new();
        for (name, confidence, reason) in seeds {
            self.set(name, Role::Core, confidence, vec![reason]);
            open.push(name.to_owned());
        }
        let mut seen: FxHashSet<String> = open.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let required = self
                .needs
                .iter()
                .filter(|need| need.from == name && need.kind.is_required());
            let mut next: Vec<(String, u8, RoleReason)> = required
                .map(|need| {
                    (
                        need.to.clone(),
                        90,
                        RoleReason::new(format!("`{name}` needs it"), need.span),
                    )
                })
                .collect();
            // A reference in the environment is a need as well, unless the same service says that
            // it is none.
            for (from, to, span) in self.references.iter().filter(|(from, _, _)| *from == name) {
                let can_do_without =
                    |need: &Need| need.from == *from && need.to == *to && !need.kind.is_required();
                if !self.needs.iter().any(can_do_without) {
                    let text = if span.is_some() {
                        format!("`{name}` refers to it")
                    } else {
                        format!("the files of `{name}` name it")
                    };
                    next.push(((*to).to_owned(), 70, RoleReason::new(text, *span)));
                }
            }
            for (to, confidence, reason) in next {
                let Some(service) = self.compose.service(&to) else {
                    continue;
                };
                // Only what Docker Compose insists on makes a tool a part of the core.
                if confidence < 90 && self.tool(service).is_some() {
                    continue;
                }
                let role =
                    if is_own_code(self.compose, service) || kind(service) == Some(Kind::Proxy) {
                        Role::Core
                    } else {
                        Role::Infrastructure
                    };
                self.set(&to, role, confidence, vec![reason]);
                let is_stated_optional = self.has_role(&to, Role::Optional);
                if !is_stated_optional && seen.insert(to.clone()) {
                    open.push(to);
                }
            }
        }
    }

    /// What is left: tools, leaves, and what only these need. All else stays unknown.
    fn optional(&mut self) {
        let compose: &'a Compose = self.compose;
        for service in compose.active_services() {
            let name = service.name.value.as_str();
            if !self.is_open(name) {
                continue;
            }
            let is_used = self.is_used(name);
            if let Some(reason) = self.tool(service) {
                let mut reasons = vec![reason];
                if !is_used {
                    reasons.push(RoleReason::new("nothing needs it", None));
                }
                self.set(name, Role::Optional, 95, reasons);
                continue;
            }
            let published = service.ports.iter().any(|port| port.published.is_some());
            if !is_used
                && is_own_code(compose, service)
                && !self.works_in_the_background(service, published)
            {
                let alone = self.alone.get(name).map(|(title, span)| {
                    RoleReason::new(format!("`{title}` starts it by itself"), Some(*span))
                });
                let confidence = if alone.is_some() || !self.lists.is_empty() {
                    75
                } else {
                    60
                };
                let mut reasons: Vec<RoleReason> = alone.into_iter().collect();
                reasons.push(RoleReason::new("nothing needs it", service.name.span()));
                if !published {
                    reasons.push(RoleReason::new("it publishes no port", None));
                }
                self.set(name, Role::Optional, confidence, reasons);
            }
        }
        while self.take_along() {}
    }

    /// Makes optional what only optional services need; whether anything changed.
    fn take_along(&mut self) -> bool {
        let compose: &'a Compose = self.compose;
        for service in compose.active_services() {
            let name = service.name.value.as_str();
            if !self.is_open(name) {
                continue;
            }
            let users = self.users_of(name);
            let is_optional = |user: &str| self.has_role(user, Role::Optional);
            // Whoever needs it is optional, or can do without it.
            if !users.iter().all(|(user, required, _)| {
                !*required || is_optional(user) || self.has_role(user, Role::Job)
            }) {
                continue;
            }
            let spared = users.iter().find(|(_, required, _)| !*required);
            let wanted = users.iter().find(|(user, required, _)| {
                *required
                    && is_optional(user)
                    && compose.service(user).and_then(kind) != Some(Kind::Viewer)
            });
            let belongs = |user: &str| {
                is_own_code(compose, service)
                    || share_a_part(name, user)
                    || compose.service(user).and_then(kind) == Some(Kind::Tool)
            };
            let mut reasons = Vec::new();
            if let Some((user, _, span)) =
                wanted.filter(|(user, _, _)| spared.is_some() || belongs(user))
            {
                reasons.push(RoleReason::new(
                    format!("only `{user}` needs it, which is optional"),
                    *span,
                ));
            }
            if let Some((user, _, span)) = spared {
                reasons.push(RoleReason::new(
                    format!("`{user}` says `required: false`"),
                    *span,
                ));
            }
            if !reasons.is_empty() {
                self.set(name, Role::Optional, 70, reasons);
                return true;
            }
        }
        false
    }

    /// Whether anybody needs the service or refers to it.
    fn is_used(&self, name: &str) -> bool {
        self.needs.iter().any(|need| need.to == name)
            || self.references.iter().any(|(_, to, _)| *to == name)
    }

    /// Whether the service is a worker by name, listens to a broker, registers somewhere, or works
    /// unseen on what the core keeps its data in: nobody calls it, and still the application may
    /// need what it does.
    fn works_in_the_background(&self, service: &Service, published: bool) -> bool {
        let name = service.name.value.as_str();
        let needed = self
            .needs
            .iter()
            .filter(|need| need.from == name)
            .map(|need| need.to.as_str());
        let mut others = needed.chain(
            self.references
                .iter()
                .filter(|(from, _, _)| *from == name)
                .map(|(_, to, _)| *to),
        );
        // A server waits for calls; what it keeps its data in gives it no work.
        let serves = self.evidence.servers.iter().any(|server| server == name);
        let is_shared = |name: &str| {
            let image = self
                .compose
                .service(name)
                .and_then(|service| service.image.as_ref());
            let is_meeting_place = has_part(name, words::REGISTRY_NAMES)
                || image.is_some_and(|image| images::is_broker(image));
            is_meeting_place || (!published && !serves && self.has_role(name, Role::Infrastructure))
        };
        has_part(name, words::WORKER_NAMES) || others.any(is_shared)
    }

    /// Everybody who needs the service or refers to it, and whether the service is required there.
    fn users_of(&self, name: &str) -> Vec<(&str, bool, Option<Span>)> {
        let mut users: Vec<(&str, bool, Option<Span>)> = self
            .needs
            .iter()
            .filter(|need| need.to == name)
            .map(|need| (need.from.as_str(), need.kind.is_required(), need.span))
            .collect();
        for (from, to, span) in &self.references {
            if *to == name && !users.iter().any(|(user, _, _)| user == from) {
                users.push((from, true, *span));
            }
        }
        users
    }

    /// Why the service is a tool that is looked at, if it is one.
    fn tool(&self, service: &Service) -> Option<RoleReason> {
        if let (Some(Kind::Tool | Kind::Viewer), Some(image)) = (kind(service), &service.image) {
            return Some(RoleReason::new(
                format!("image `{}`", image.value),
                image.span(),
            ));
        }
        let name = service.name.value.as_str();
        let lower = name.to_ascii_lowercase();
        let bare = lower
            .strip_suffix("-server")
            .or(lower.strip_suffix("-ui"))
            .unwrap_or(&lower);
        let is_named = words::TOOL_NAMES.contains(&lower.as_str())
            || words::TOOL_NAMES.contains(&bare)
            || name.ends_with("-exporter");
        (is_named && kind(service).is_none())
            .then(|| RoleReason::new("its name is that of a tool", service.name.span()))
    }
}

fn kind(service: &Service) -> Option<Kind> {
    images::kind_of(service.image.as_ref().filter(|_| service.build.is_none())?)
}

/// Whether two names have a telling part in common, as `n8n` and `n8n-db` have.
fn share_a_part(left: &str, right: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        name.split(['-', '_', '.'])
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let general = ["db", "service", "app", "server", "api", "database", "cache"];
    parts(left)
        .iter()
        .any(|part| !general.contains(&part.as_str()) && parts(right).contains(part))
}
