//! A service that gets a profile from the service it extends, and that nothing ever enables.

use crate::compose::{Service, Step, Value};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};
use crate::text::Span;

const ID: &str = "extends-inherits-profile";

/// Judges the services all of whose profiles are inherited. Where a script or document enables one
/// of them, or names the service, it is meant.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    for service in compose
        .services
        .iter()
        .filter(|service| !service.active && !service.profiles.is_empty())
    {
        let inherited: Option<Vec<(Span, &str)>> = service.profiles.iter().map(inherited).collect();
        let Some((used, base)) = inherited.and_then(|all| all.first().copied()) else {
            continue;
        };
        if !is_enabled(project, service) {
            findings.extend(report(project, service, used, base));
        }
    }
}

/// Where the service says what it extends, and the name of that.
fn inherited(profile: &Value<String>) -> Option<(Span, &str)> {
    profile.origin.steps.iter().find_map(|step| match step {
        Step::Extends { used, service } => Some((*used, service.as_str())),
        _ => None,
    })
}

fn is_enabled(project: &Project<'_>, service: &Service) -> bool {
    let is_own =
        |profile: &str| profile == "*" || service.profiles.iter().any(|own| own.value == profile);
    let mut calls = project.recipes().iter().flat_map(|recipe| &recipe.calls);
    let by_call = calls.any(|call| {
        call.profiles.iter().any(|profile| is_own(&profile.text))
            || call
                .services
                .iter()
                .any(|named| named.text == service.name.value)
    });
    let mut texts = service.profiles.iter();
    by_call
        || texts.any(|profile| {
            project.elsewhere().has_line_with("PROFILE", &profile.value)
                || project
                    .elsewhere()
                    .has_line_with("--profile", &profile.value)
        })
}

fn report(project: &Project<'_>, service: &Service, used: Span, base: &str) -> Option<Diagnostic> {
    let name = service.name.as_str();
    let first = service.profiles.first()?;
    let message = format!(
        "`{name}` never starts: it gets the profile `{}` from `{base}`, which it extends",
        first.value
    );
    let mut finding = Diagnostic::new(ID, used, message)
        .note("takes the profiles along")
        .service(name);
    if let Some(span) = first.span() {
        finding = finding.label(span, "the profile");
    }
    let parsed = project.yaml_of(service.key());
    let mapping = parsed.tree.entry_at(service.key()).map(|entry| entry.value);
    let reset = Insert::plain("[]").tag("!reset");
    let edits = mapping.map(|mapping| edit::insert_entry(mapping, "profiles", &reset));
    let fix = edits.and_then(|edits| Fix::of("Start it without a profile", Safety::Unsafe, edits));
    Some(
        finding
            .help("Write `profiles: !reset []` if it is to start, or profiles of its own")
            .fix(fix),
    )
}
