//! Dependencies that a service can start without.

use crate::compose::Service;
use crate::diagnostic::{Fix, Safety};
use crate::project::Project;
use crate::syntax::yaml::edit::{self, Insert};

/// `required: false` at the dependency; a list of names becomes a mapping for it.
pub fn soften(project: &Project<'_>, from: &Service, to: &str) -> Option<Fix> {
    let dependency = from
        .depends_on
        .iter()
        .find(|dependency| dependency.service.value == to && dependency.origin.is_fixed())?;
    let span = dependency.service.span()?;
    let parsed = project.yaml_of(span);
    let edits = match parsed
        .tree
        .entry_at(span)
        .filter(|entry| entry.key.text() == to)
    {
        Some(entry) => edit::insert_entry(entry.value, "required", &Insert::plain("false")),
        None => {
            let list = parsed.tree.item_at(span)?.parent()?;
            let condition = |name: &str| {
                let started = ("condition", Insert::text("service_started"));
                let required = (name == to).then(|| ("required", Insert::plain("false")));
                Insert::mapping(std::iter::once(started).chain(required))
            };
            edit::list_to_mapping(list, &condition)
        }
    };
    Fix::of(
        format!("Let `{}` start without `{to}`", from.name.value),
        Safety::Unsafe,
        edits,
    )
}
