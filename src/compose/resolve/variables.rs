//! The variables that the files of a project use.

use std::collections::BTreeMap;

use crate::compose::interpolate::expressions;
use crate::compose::load::load;
use crate::compose::value::{Data, Value};
use crate::compose::view::{View, Without};
use crate::workspace::Workspace;

/// How a variable is used, all its uses taken together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Use {
    /// Whether the project needs it.
    pub required: bool,
    /// What stands for it where it is not set.
    pub default: String,
    /// What stands for it where it is set.
    pub alternative: String,
}

/// The variables that a project uses, by name; those inside of defaults included.
pub fn variables(workspace: &Workspace<'_>, view: &View) -> BTreeMap<String, Use> {
    let view = View { without: Without { interpolation: true, ..view.without }, ..view.clone() };
    let compose = load(workspace, &view);
    let mut found = BTreeMap::new();
    let mut rest = vec![&compose.data];
    while let Some(value) = rest.pop() {
        match &value.value {
            Data::String(text) => collect(text.as_str(), &mut found),
            Data::List(items) => rest.extend(items.iter().rev()),
            Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value).collect::<Vec<&Value<Data>>>().into_iter().rev()),
            _ => {}
        }
    }
    found
}

fn collect(text: &str, found: &mut BTreeMap<String, Use>) {
    for (name, operator, argument) in expressions(text) {
        let known = found.entry(name).or_default();
        match operator.as_str() {
            ":-" | "-" if known.default.is_empty() => known.default.clone_from(&argument),
            ":+" | "+" if known.alternative.is_empty() => known.alternative.clone_from(&argument),
            ":?" | "?" => known.required = true,
            _ => {}
        }
    }
}
