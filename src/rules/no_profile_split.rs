//! A project of many services that all start every time, though some are optional.

use crate::compose::{self, Compose};
use crate::dev::{self, DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::roles::{self, Split};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "no-profile-split";

/// So many commands that start everything are shown.
const RECIPES: usize = 4;

/// Judges the services as a whole.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if !project.may_be_development() {
        return;
    }
    // What Docker Compose refuses cannot be shown to start with profiles either.
    let is_refused = project
        .problems()
        .any(|problem| problem.rule == compose::INVALID_COMPOSE);
    let Some(compose) = project
        .compose()
        .filter(|compose| compose.is_whole() && !is_refused)
    else {
        return;
    };
    if let Some(split) = roles::missing_split(
        compose,
        project.recipes(),
        &roles::stated(project.stated()),
        || roles::RoleEvidence::of(project),
    ) {
        findings.extend(report(project, &split));
    }
}

fn report(project: &Project<'_>, split: &Split) -> Option<Diagnostic> {
    let compose = project.compose()?;
    let names: Vec<String> = split
        .profiles
        .iter()
        .map(|(service, _)| format!("`{service}`"))
        .collect();
    let total = compose.active_services().count();
    let message = format!(
        "all {total} services start every time, though {} of them look optional: {}",
        names.len(),
        names.join(", ")
    );
    let mut finding = Diagnostic::new(ID, services_key(project, compose)?, message)
        .note("no service has a profile");
    for (service, profiles) in &split.profiles {
        let Some(key) = compose.service(service).map(compose::Service::key) else {
            continue;
        };
        let reason = split
            .roles
            .iter()
            .find(|role| role.service == *service)
            .and_then(|role| role.reasons.first());
        let why = reason
            .map(|reason| format!("optional: {}", reason.text))
            .unwrap_or_default();
        finding = finding.label(key, format!("{why} (profiles: {})", profiles.join(", ")));
    }
    for softened in &split.softened {
        if let Some(span) = softened.span {
            finding = finding.label(
                span,
                format!(
                    "`{}` would start without `{}`: `required: false`",
                    softened.from, softened.to
                ),
            );
        }
    }
    // Tests and scripts that start everything would start less.
    for starts in split.starting_less.iter().take(RECIPES) {
        if let Some(span) = starts.span {
            finding = finding.label(
                span,
                format!(
                    "{} would start the core alone: say `--profile full` here if it needs more",
                    starts.text
                ),
            );
        }
    }
    if let Some(more) = split
        .starting_less
        .len()
        .checked_sub(RECIPES)
        .filter(|more| *more > 0)
    {
        finding = finding.note(format!(
            "no service has a profile; {more} more commands start everything"
        ));
    }
    let help = "Give them a profile, so that `docker compose up` starts the core and `docker compose --profile full up` all of it. \
                What you know better, say at a service: `x-composelint: {role: core}` or `{role: optional}`";
    let forms: Vec<DevForm> = DevForms::of(project)
        .all()
        .iter()
        .map(DevForm::profiles_only)
        .filter(|form| !form.is_empty())
        .collect();
    Some(finding.help(help).fix(dev::fix(
        project,
        &forms,
        "Give the optional services profiles",
    )))
}

/// Where the services begin: in the main file if it has any, for that is where people look for
/// them.
fn services_key(project: &Project<'_>, compose: &Compose) -> Option<Span> {
    let main = compose
        .files
        .first()
        .map(|source| project.workspace().yaml(source));
    let in_main = main.and_then(|parsed| Some(parsed.tree.root()?.entry("services")?.key.span()));
    in_main.or_else(|| compose.data.as_map()?.entry("services")?.key_span)
}
