//! Whether a repair changes the resolved project elsewhere than where it changed the files.
//!
//! An edit of an anchor, of a service that others extend, or of a merged mapping changes more than
//! it shows. What a repair announces is what it changed in the text: the same paths of the
//! document, and the services that its findings are about.

use std::ffi::OsStr;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::compose::value::{Data, Value};
use crate::lint::Model;
use crate::syntax::yaml::{self, Kind, Node};
use crate::text::Source;

/// A path of the document: keys from the top.
type DataPath = Vec<String>;

/// More differences than anybody would read.
const MOST: usize = 200;

/// Models by the bytes of their project's directory.
pub(super) type ByDirectory<'m> = FxHashMap<&'m OsStr, Vec<&'m Model>>;

/// The models of a check, to be found again.
pub(super) fn by_directory(models: &[Model]) -> ByDirectory<'_> {
    let mut found = ByDirectory::default();
    for model in models {
        found
            .entry(model.directory.as_os_str())
            .or_default()
            .push(model);
    }
    found
}

/// The same project after a repair, which may have added an override to its files.
pub(super) fn successor<'m>(before: &Model, after: &ByDirectory<'m>) -> Option<&'m Model> {
    let after = after.get(before.directory.as_os_str())?;
    let same = |model: &&&Model| model.files == before.files;
    let grown = |model: &&&Model| {
        model.files.len() > before.files.len() && model.files.starts_with(&before.files)
    };
    after
        .iter()
        .find(same)
        .or_else(|| after.iter().find(grown))
        .copied()
}

/// The first place where two models differ and no file does, and no service that the repairs are
/// about. `texts` are the paths of the edited files, with the text before and after. Projects that
/// could not be loaded cannot be compared.
pub(super) fn unannounced<'t>(
    before: &Model,
    after: &Model,
    texts: impl Iterator<Item = (&'t Path, &'t str, &'t str)>,
    services: &[&str],
) -> Option<String> {
    if !before.is_whole || !after.is_whole {
        return None;
    }
    let mut differences = Vec::new();
    compare(&before.data, &after.data, &mut Vec::new(), &mut differences);
    if differences.is_empty() {
        return None;
    }
    let mut announced: Vec<DataPath> = services
        .iter()
        .map(|service| vec!["services".to_owned(), (*service).to_owned()])
        .collect();
    for (path, old, new) in texts {
        if path
            .extension()
            .is_some_and(|ending| ending == "yml" || ending == "yaml")
        {
            written(old, new, &mut announced);
        }
    }
    let is_announced = |place: &DataPath| {
        announced
            .iter()
            .any(|known| place.starts_with(known) || known.starts_with(place))
    };
    let place = differences.into_iter().find(|place| !is_announced(place))?;
    Some(match place.as_slice() {
        [kind, name, key, ..] if kind == "services" => format!("`{key}` of `{name}`"),
        [kind, name] if kind == "services" => format!("the service `{name}`"),
        other => format!("`{}`", other.join(".")),
    })
}

fn compare(
    before: &Value<Data>,
    after: &Value<Data>,
    at: &mut DataPath,
    found: &mut Vec<DataPath>,
) {
    if found.len() >= MOST || before.value.same(&after.value) {
        return;
    }
    let (Some(old), Some(new)) = (before.as_map(), after.as_map()) else {
        // What the loader adds by itself follows from the rest.
        if before.span().is_some() || after.span().is_some() {
            found.push(at.clone());
        }
        return;
    };
    let keys = old.iter().map(|entry| &entry.key).chain(
        new.iter()
            .map(|entry| &entry.key)
            .filter(|key| !old.contains(key)),
    );
    for key in keys {
        at.push(key.clone());
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => compare(old, new, at, found),
            (Some(one), None) | (None, Some(one)) if one.span().is_some() => found.push(at.clone()),
            _ => {}
        }
        at.pop();
    }
}

/// The paths at which two texts of a YAML file differ, aliases and merge keys taken as they are
/// written.
fn written(old: &str, new: &str, found: &mut Vec<DataPath>) {
    let (old, new) = (Source::detached(old), Source::detached(new));
    let (old, new) = (yaml::parse(&old).0, yaml::parse(&new).0);
    let (mut olds, mut news) = (old.documents(), new.documents());
    loop {
        match (olds.next(), news.next()) {
            (None, None) => return,
            (Some(old), Some(new)) => differ(old, new, &mut Vec::new(), found),
            (Some(one), None) | (None, Some(one)) => leaves(one, &mut Vec::new(), found),
        }
    }
}

fn differ(old: Node<'_>, new: Node<'_>, at: &mut DataPath, found: &mut Vec<DataPath>) {
    let tags = |node: Node<'_>| node.tag().map(|(tag, _)| tag.to_owned());
    if old.kind() == Kind::Mapping && new.kind() == Kind::Mapping && tags(old) == tags(new) {
        for entry in old.entries() {
            let key = entry.key.text().into_owned();
            let other = new.entry(&key);
            at.push(key);
            match other {
                Some(other) => differ(entry.value, other.value, at, found),
                None => found.push(at.clone()),
            }
            at.pop();
        }
        for entry in new
            .entries()
            .filter(|entry| old.entry(&entry.key.text()).is_none())
        {
            at.push(entry.key.text().into_owned());
            leaves(entry.value, at, found);
            at.pop();
        }
        return;
    }
    let text = |node: Node<'_>| node.tree().source().slice(node.span()).to_owned();
    let same = old.kind() == new.kind()
        && tags(old) == tags(new)
        && match old.kind() {
            Kind::Scalar => old.text() == new.text() && old.style() == new.style(),
            _ => text(old) == text(new),
        };
    if !same {
        found.push(at.clone());
    }
}

/// Every path in something new: what stands beside it is not announced.
fn leaves(node: Node<'_>, at: &mut DataPath, found: &mut Vec<DataPath>) {
    if node.kind() != Kind::Mapping || node.entries().next().is_none() {
        return found.push(at.clone());
    }
    for entry in node.entries() {
        at.push(entry.key.text().into_owned());
        leaves(entry.value, at, found);
        at.pop();
    }
}
