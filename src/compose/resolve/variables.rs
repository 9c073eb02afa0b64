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
    let view = View {
        without: Without {
            interpolation: true,
            ..view.without
        },
        ..view.clone()
    };
    let compose = load(workspace, &view);
    let mut found = BTreeMap::new();
    // The name of the project has its variables put in before all else.
    let sections = compose
        .data
        .as_map()
        .into_iter()
        .flatten()
        .filter(|entry| entry.key != "name");
    let mut rest: Vec<&Value<Data>> = sections.map(|entry| &entry.value).collect();
    rest.reverse();
    while let Some(value) = rest.pop() {
        match &value.value {
            Data::String(text) => collect(text.as_str(), &mut found),
            Data::List(items) => rest.extend(items.iter().rev()),
            Data::Map(map) => rest.extend(
                map.iter()
                    .map(|entry| &entry.value)
                    .collect::<Vec<&Value<Data>>>()
                    .into_iter()
                    .rev(),
            ),
            _ => {}
        }
    }
    found
}

/// Within a text a later use wins, among texts the first one.
fn collect(text: &str, found: &mut BTreeMap<String, Use>) {
    let mut here: BTreeMap<String, Use> = BTreeMap::new();
    for (name, operator, argument) in expressions(text) {
        let known = here.entry(name).or_default();
        match operator.as_str() {
            ":-" | "-" if !argument.is_empty() => known.default = argument,
            ":+" | "+" if !argument.is_empty() => known.alternative = argument,
            ":?" | "?" => known.required = true,
            _ => {}
        }
    }
    for (name, used) in here {
        let known = found.entry(name).or_default();
        known.required |= used.required;
        if known.default.is_empty() {
            known.default = used.default;
        }
        if known.alternative.is_empty() {
            known.alternative = used.alternative;
        }
    }
}
