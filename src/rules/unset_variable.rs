//! A variable that is set nowhere, where nothing in its place leaves no image, no port or another
//! path.

use crate::compose::unset_uses::{self, HarmfulUse};
use crate::compose::value::demand;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::repository::mentions::is_always_set;
use crate::rules::Findings;

const ID: &str = "unset-variable";

/// Reports each variable once. What an env file, a template of one, a script, a workflow or a
/// document names is set somewhere.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let sources = project.workspace().sources();
    // What must be set by all means has a rule of its own.
    let is_required = |used: &HarmfulUse<'_>| {
        demand(sources.get(used.span.file).slice(used.span), used.name).is_some()
    };
    let is_own = |used: &HarmfulUse<'_>| !is_always_set(used.name) && !is_required(used);
    let uses: Vec<HarmfulUse<'_>> = compose
        .services
        .iter()
        .flat_map(|service| unset_uses::harmful(sources, service))
        .filter(is_own)
        .collect();
    if uses.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    if elsewhere.hides_variables(project.directory()) {
        return;
    }
    for used in &uses {
        if !findings.is_new(used.name) || elsewhere.mentions(used.name) {
            continue;
        }
        let message = format!("`{}` is set nowhere: {}", used.name, used.effect);
        let mut finding = Diagnostic::new(ID, used.span, message)
            .note("empty")
            .service(used.service);
        for other in uses
            .iter()
            .filter(|other| other.name == used.name && other.span != used.span)
        {
            finding = finding.label(other.span, "and here");
        }
        let name = used.name;
        findings
            .push(finding.help(format!("Set `{name}=…` in a file `.env` beside the compose file, or give it a default: `${{{name}:-…}}`")));
    }
}
