//! Attributes that only Swarm heeds, in files that nobody deploys as a stack.

use crate::compose::{SWARM_ONLY_ATTRIBUTE, Value};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::repository::recipes::Tool;
use crate::rules::Findings;

/// Tells of each attribute once, with all the places that have it.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let own: Vec<&Diagnostic> = compose
        .warnings
        .iter()
        .filter(|warning| warning.rule == SWARM_ONLY_ATTRIBUTE)
        .collect();
    if own.is_empty() || is_for_swarm(project) {
        return;
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for warning in own {
        match found
            .iter_mut()
            .find(|known| known.message == warning.message)
        {
            Some(known) => *known = known.clone().label(warning.span, "and here"),
            None => {
                let help = if warning.message.starts_with("`deploy.labels`") {
                    "Write `labels` directly below the service"
                } else {
                    "Take it out, or deploy the file with `docker stack deploy`"
                };
                found.push(warning.clone().help(help));
            }
        }
    }
    findings.extend(found);
}

/// Whether the files are for a stack: a call deploys one, a text or a name says so, or a network
/// spans several machines.
fn is_for_swarm(project: &Project<'_>) -> bool {
    let Some(compose) = project.compose() else {
        return false;
    };
    let is_overlay = |driver: &str| {
        matches!(
            driver,
            "overlay" | "weave" | "weaveworks/net-plugin:latest_release"
        )
    };
    let networks = compose.networks.iter().filter_map(|network| {
        compose
            .data
            .get("networks")?
            .get(network.name.as_str())?
            .get("driver")
    });
    let names = compose.files.iter().filter_map(|source| {
        source
            .path()
            .file_name()?
            .to_str()
            .map(str::to_ascii_lowercase)
    });
    let elsewhere = project.elsewhere();
    networks.filter_map(Value::as_str).any(is_overlay)
        || names
            .into_iter()
            .any(|name| name.contains("stack") || name.contains("swarm"))
        || project
            .recipes()
            .iter()
            .flat_map(|recipe| &recipe.calls)
            .any(|call| call.tool == Tool::Stack)
        || ["swarm", "Swarm", "SWARM"]
            .into_iter()
            .any(|word| elsewhere.mentions(word))
        || elsewhere.has_line_with("docker", "stack deploy")
}
