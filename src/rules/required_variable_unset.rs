//! A variable that the compose file demands with `${NAME:?}` and that is set nowhere.

use crate::compose::unset_uses;
use crate::compose::value::demand;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::repository::mentions::is_always_set;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "required-variable-unset";

/// Reports each variable once. Who deploys a project sets variables where nobody sees them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|_| project.may_be_development()) else {
        return;
    };
    let sources = project.workspace().sources();
    let demanded = unset_uses::all(&compose.data)
        .into_iter()
        .filter_map(|used| {
            let source = sources.get(used.span.file);
            let message = demand(source.slice(used.span), used.name)?.to_owned();
            (!is_always_set(used.name)).then_some((used.name, used.span, message))
        });
    let demanded: Vec<(&str, Span, String)> = demanded.collect();
    if demanded.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    if elsewhere.hides_variables(project.directory()) {
        return;
    }
    for (name, span, text) in &demanded {
        if !findings.is_new(name) || elsewhere.mentions(name) {
            continue;
        }
        let message =
            format!("`{name}` must be set and is set nowhere: Docker Compose refuses the project");
        let note = if text.is_empty() {
            "demanded here".to_owned()
        } else {
            text.clone()
        };
        let mut finding = Diagnostic::new(ID, *span, message).note(note);
        for (_, other, _) in demanded
            .iter()
            .filter(|(other, place, _)| other == name && place != span)
        {
            finding = finding.label(*other, "and here");
        }
        findings.push(finding.help(format!("Set `{name}=…` in a file `.env` beside the compose file, or name it in a template of one")));
    }
}
