//! A service that another one needs and that the project does not have.

use crate::compose::references::{self, Section, Undefined};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;

/// Names are similar from here on, between 0 and 1.
const SIMILAR: f32 = 0.7;

/// Reports each missing service once, however many services need it.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else { return };
    let mut missing: Vec<(&str, Vec<Undefined<'_>>)> = Vec::new();
    for undefined in references::undefined(compose).into_iter().filter(|undefined| undefined.section == Section::Services) {
        match missing.iter_mut().find(|(name, _)| *name == undefined.name) {
            Some((_, uses)) => uses.push(undefined),
            None => missing.push((undefined.name, vec![undefined])),
        }
    }
    let names: Vec<&str> = compose.services.iter().map(|service| service.name.as_str()).collect();
    findings.extend(missing.iter().map(|(name, uses)| report(project, name, uses, &names)));
}

fn report(project: &Project<'_>, name: &str, uses: &[Undefined<'_>], names: &[&str]) -> Diagnostic {
    let mut finding = uses[0].diagnostic().note("no service has this name");
    for other in uses[1..].iter().filter(|other| other.span != uses[0].span) {
        finding = finding.label(other.span, format!("`{}` needs it, too", other.service.name.value));
    }
    let others: Vec<&str> = names.iter().copied().filter(|other| uses.iter().all(|used| used.service.name.value != *other)).collect();
    let similar = similar::get_close_matches(name, &others, 1, SIMILAR).first().copied();
    let Some(similar) = similar else {
        return finding.help(format!("Add a service `{name}`, or take the name out: Docker Compose refuses the project"));
    };
    let sources = project.workspace().sources();
    let is_written = |used: &&Undefined<'_>| sources.get(used.span.file).slice(used.span) == name;
    let edits: Vec<Edit> = uses.iter().filter(is_written).map(|used| Edit::replace(used.span, similar)).collect();
    let fix = (edits.len() == uses.len()).then(|| Fix { title: format!("Write `{similar}`"), safety: Safety::Unsafe, edits });
    finding.help(format!("Did you mean `{similar}`? Docker Compose refuses the project")).fix(fix)
}
