//! Files with variables for compose files: which of a service's attributes an edit of one changes.

use std::path::Path;

use super::Effect;
use crate::compose::{Compose, Data, Step, Value, VariableSource};
use crate::project::{Project, Service};

/// What an edit of the variables in a file needs that Docker Compose puts into this service; `None`
/// where it uses none of them.
pub(super) fn effect(
    project: &Project<'_>,
    compose: &Compose,
    service: Service<'_>,
    host: &Path,
) -> Option<Effect> {
    let sources = project.workspace().sources();
    let is_from = |value: &Value<Data>| {
        value.origin.steps.iter().any(|step| match step {
            Step::Variable {
                from: VariableSource::File(span),
                ..
            } => sources.get(span.file).path() == host,
            _ => false,
        })
    };
    let own = service.spec().data.as_map()?;
    let (build, others): (Vec<_>, Vec<_>) = own.iter().partition(|entry| entry.key == "build");
    let uses = |data: &Value<Data>| holds(data, &is_from);
    if build.iter().any(|entry| uses(&entry.value)) {
        return Some(Effect::Rebuild);
    }
    let shared = ["configs", "secrets", "volumes", "networks"]
        .into_iter()
        .filter_map(|section| compose.data.get(section));
    (others.iter().any(|entry| uses(&entry.value)) || shared.into_iter().any(uses))
        .then_some(Effect::Recreate)
}

/// Whether a value is, or somewhere holds, one of a kind.
fn holds(data: &Value<Data>, is_it: &dyn Fn(&Value<Data>) -> bool) -> bool {
    let mut rest = vec![data];
    while let Some(value) = rest.pop() {
        if is_it(value) {
            return true;
        }
        match &value.value {
            Data::List(items) => rest.extend(items),
            Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    false
}
