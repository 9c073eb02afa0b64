//! A service that another one needs and that the project does not have.

use crate::compose::names;
use crate::compose::references::{self, Section, Undefined};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;

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
    let others = names.iter().copied().filter(|other| uses.iter().all(|used| used.service.name.value != *other));
    let Some(similar) = names::closest(name, others) else {
        return finding.help(format!("Add a service `{name}`, or take the name out: Docker Compose refuses the project"));
    };
    let sources = project.workspace().sources();
    let edits: Vec<Edit> = uses
        .iter()
        .filter_map(|used| {
            // Of `service:NAME`, `NAME:alias` and text in quotes only the name changes.
            let source = sources.get(used.span.file);
            let written = source.slice(used.span);
            let mut places = written.match_indices(name);
            let (at, None) = (places.next()?.0, places.next()) else { return None };
            let start = used.span.start + crate::text::offset(at);
            Some(Edit::replace(crate::text::Span::new(used.span.file, start, start + crate::text::offset(name.len())), similar))
        })
        .collect();
    let fix = (edits.len() == uses.len()).then(|| Fix { title: format!("Write `{similar}`"), safety: Safety::Unsafe, edits });
    finding.help(format!("Did you mean `{similar}`? Docker Compose refuses the project")).fix(fix)
}
