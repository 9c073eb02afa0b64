//! One variable twice in a list, of which only the last counts.

use crate::compose::{KeyValue, Origin, Step};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "variable-set-twice";

/// Judges the variables, build arguments and labels of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        let spec = service.spec();
        let arguments = spec.build.iter().flat_map(|build| &build.args);
        for pair in spec.environment.iter().chain(arguments).chain(&spec.labels) {
            findings.extend(judge(project, service.name(), pair));
        }
    }
}

fn judge(project: &Project<'_>, service: &str, pair: &KeyValue) -> Option<Diagnostic> {
    let origin: &Origin = pair
        .value
        .as_ref()
        .map_or(&pair.key.origin, |value| &value.origin);
    let replaced = origin.steps.iter().find_map(|step| match step {
        Step::Replaced { replaced } => Some(*replaced),
        _ => None,
    })?;
    let span = pair.key.span().filter(|span| span.file == replaced.file)?;
    let parsed = project.yaml_of(span);
    let (first, second) = (parsed.tree.item_at(replaced)?, parsed.tree.item_at(span)?);
    let source = parsed.tree.source();
    let is_one_list = first.parent()?.id() == second.parent()?.id() && first.id() != second.id();
    // The same line twice does no harm.
    if !is_one_list || source.slice(first.span()) == source.slice(second.span()) {
        return None;
    }
    let name = &pair.key.value;
    let message =
        format!("`{name}` is twice in this list: Docker Compose takes the last without a word");
    let fix = Fix::of(
        "Take out the line that does not count",
        Safety::Unsafe,
        edit::remove_item(first),
    );
    let finding = Diagnostic::new(ID, first.span(), message)
        .note("does not count")
        .label(second.span(), "this one counts");
    Some(
        finding
            .service(service)
            .help("Keep the one that is meant")
            .fix(fix),
    )
}
