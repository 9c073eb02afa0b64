//! A service that starts without the profile of another one that it needs.

use crate::compose::{Compose, Service, Value};
use crate::dev;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::roles;
use crate::roles::{Need, NeedKind, Violation};
use crate::rules::Findings;

const ID: &str = "profile-breaks-dependency";

/// Tries the default and every profile.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    if compose
        .services
        .iter()
        .all(|service| service.profiles.is_empty())
    {
        return;
    }
    let violations = roles::check_sets(compose, &[], &[]);
    for need in roles::needs(compose)
        .into_iter()
        .filter(|need| need.kind.is_enforced())
    {
        if is_always_met(project, compose, &need) {
            continue;
        }
        let broken: Vec<&Violation> = violations
            .iter()
            .filter(|broken| broken.service == need.from && broken.needs == need.to)
            .collect();
        // The smallest set says most.
        if let Some(smallest) = broken.iter().min_by_key(|broken| broken.active.len()) {
            findings.extend(report(project, compose, &need, smallest));
        }
    }
}

/// Whether the profiles that people start with enable both: those of the environment or `.env`, or
/// those of every call in scripts and documents that enables the dependent.
fn is_always_met(project: &Project<'_>, compose: &Compose, need: &Need) -> bool {
    let (Some(from), Some(to)) = (compose.service(&need.from), compose.service(&need.to)) else {
        return true;
    };
    if from.active && to.active {
        return true;
    }
    let calls = project
        .recipes()
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| call.starts() && !call.profiles.is_empty());
    let sets = calls.map(|call| {
        call.profiles
            .iter()
            .map(|profile| profile.text.clone())
            .collect::<Vec<String>>()
    });
    let mut enabling = sets.filter(|set| from.is_active_with(set)).peekable();
    !from.profiles.is_empty()
        && enabling.peek().is_some()
        && enabling.all(|set| to.is_active_with(&set))
}

fn report(
    project: &Project<'_>,
    compose: &Compose,
    need: &Need,
    broken: &Violation,
) -> Option<Diagnostic> {
    let (from, to) = (compose.service(&need.from)?, compose.service(&need.to)?);
    let dependency = from
        .depends_on
        .iter()
        .find(|dependency| dependency.service.value == need.to);
    let span = dependency
        .and_then(|dependency| dependency.service.span())
        .or(need.span)
        .unwrap_or(from.key());
    let profiles = profiles(to);
    let when = match broken.active.as_slice() {
        [] => "without a profile".to_owned(),
        active => format!("with {} alone", noun(active)),
    };
    let message = format!(
        "`{}` cannot start {when}: it needs `{}`, which starts only with {profiles}",
        need.from, need.to
    );
    let mut finding = Diagnostic::new(ID, span, message)
        .note("needed here")
        .service(need.from.as_str());
    if let Some(profile) = to.profiles.first().and_then(Value::span) {
        finding = finding.label(profile, format!("`{}` is disabled without it", need.to));
    }
    let own: Vec<&str> = from
        .profiles
        .iter()
        .map(|profile| profile.value.as_str())
        .collect();
    let help = match (need.kind, own.as_slice()) {
        (NeedKind::DependsOn(_), []) => {
            format!(
                "Docker Compose refuses the project. If `{}` can do without it, write `required: false` at the dependency; if not, take the profile away",
                need.from
            )
        }
        (_, []) => {
            "Docker Compose refuses the project. Take the profile away, or what needs the service"
                .to_owned()
        }
        (_, own) => {
            let more = own
                .iter()
                .copied()
                .filter(|profile| to.profiles.iter().all(|known| known.value != *profile));
            let all: Vec<&str> = to
                .profiles
                .iter()
                .map(|profile| profile.value.as_str())
                .chain(more)
                .collect();
            format!(
                "Docker Compose refuses the project. Let `{}` start with the same profiles: `profiles: [{}]`",
                need.to,
                all.join(", ")
            )
        }
    };
    let fix = matches!(need.kind, NeedKind::DependsOn(_))
        .then(|| dev::soften(project, from, &need.to))
        .flatten();
    Some(finding.help(help).fix(fix))
}

fn profiles(service: &Service) -> String {
    let names: Vec<String> = service
        .profiles
        .iter()
        .map(|profile| profile.value.clone())
        .collect();
    noun(&names)
}

fn noun(profiles: &[String]) -> String {
    let quoted: Vec<String> = profiles
        .iter()
        .map(|profile| format!("`{profile}`"))
        .collect();
    match quoted.as_slice() {
        [one] => format!("the profile {one}"),
        all => format!("the profiles {}", all.join(", ")),
    }
}
