//! Which services a developer cannot do without, and which can stay out of the way.
//!
//! A role is inferred from the dependency graph, from references in the environment, from the
//! recipes people use and from what is known of well-known images; what the user states wins over
//! all of it. What the evidence leaves open is [`Role::Unknown`], and nobody acts on that.

use crate::compose::{Compose, Service};
use crate::project::role::Role;
use crate::project::user_annotations::Stated;
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind};
use crate::text::Span;

mod evidence;
mod graph;
mod infer;
mod split;

pub use evidence::RoleEvidence;
pub use graph::{Need, NeedKind, needs, references};
pub use infer::infer;
pub use split::{Softened, Split, Violation, check_sets, missing_split, split};

/// The role of one service, and why.
#[derive(Clone, Debug)]
pub struct ServiceRole {
    /// The service.
    pub service: String,
    /// Its role.
    pub role: Role,
    /// How sure that is, in percent; 100 for what the user states.
    pub confidence: u8,
    /// Why, the strongest first.
    pub reasons: Vec<RoleReason>,
}

/// Why a service has its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleReason {
    /// A few words, to be read behind "because" or in parentheses.
    pub text: String,
    /// Where it is written, if anywhere.
    pub span: Option<Span>,
}

impl RoleReason {
    fn new(text: impl Into<String>, span: Option<Span>) -> Self {
        RoleReason {
            text: text.into(),
            span,
        }
    }
}

/// The roles that the user states; of several statements about one service the first counts.
pub fn stated(stated: &Stated) -> Vec<ServiceRole> {
    let mut found: Vec<ServiceRole> = Vec::new();
    for statement in &stated.services {
        if let Some(said) = &statement.role
            && !found.iter().any(|known| known.service == statement.service)
        {
            let reasons = vec![RoleReason::new("stated", said.span)];
            found.push(ServiceRole {
                service: statement.service.clone(),
                role: said.value,
                confidence: 100,
                reasons,
            });
        }
    }
    found
}

/// Whether the service runs code of the project: it is built, or uses an image that another service
/// builds.
fn is_own_code(compose: &Compose, service: &Service) -> bool {
    service.build.is_some() || graph::builder_of(compose, service).is_some()
}

/// Whether a call is about this project: it loads one of its files, or nobody knows what it loads.
fn is_of(compose: &Compose, call: &ComposeCall) -> bool {
    let paths = call.paths.iter().flatten();
    call.paths.is_none()
        || paths.into_iter().any(|path| {
            compose
                .files
                .iter()
                .any(|source| source.path().as_os_str() == path.as_os_str())
        })
}

/// Whether people start the one service without the other: scripts and documents name them in `up`,
/// and never both.
pub fn are_started_apart(compose: &Compose, recipes: &[Recipe], one: &str, two: &str) -> bool {
    let calls = recipes
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| call.is("up") && is_of(compose, call));
    let mut is_named = false;
    for call in calls {
        let names = |service: &str| call.services.iter().any(|name| name.text == service);
        if names(one) && names(two) {
            return false;
        }
        is_named |= names(one) || names(two);
    }
    is_named
}

/// The services that scripts start by name, one list a call, those of one service left out.
/// Documents explain more than they start.
fn started_lists<'r>(
    compose: &Compose,
    recipes: &'r [Recipe],
) -> Vec<(&'r Recipe, Vec<&'r str>, Span)> {
    let mut lists = Vec::new();
    for recipe in recipes
        .iter()
        .filter(|recipe| recipe.kind == RecipeKind::Runnable)
    {
        for call in recipe
            .calls
            .iter()
            .filter(|call| call.is("up") && !call.remote && is_of(compose, call))
        {
            let names: Vec<&str> = call
                .services
                .iter()
                .map(|name| name.text.as_str())
                .collect();
            if names.len() >= 2
                && call.services_known
                && names.iter().all(|name| compose.service(name).is_some())
            {
                lists.push((recipe, names, call.span));
            }
        }
    }
    lists
}

#[cfg(test)]
mod tests;
