//! A whole tree added to a file: what is missing is written, what is there is kept.

use super::file::File;
use super::insert::{Insert, Layout, What};
use super::replace::replace_value;
use super::{Edits, Entry, Form, Kind, Node, Refused, append, form, is_null, refuse};
use crate::diagnostic::Edit;
use crate::syntax::yaml::Tree;

/// Writes a value under a path of keys, and makes the mappings on the way that are missing.
///
/// A scalar takes the place of the scalar that is there. A list is added to the list that is there,
/// item by item, and items that are there already are left out. A mapping is added key by key.
pub fn set_path(tree: &Tree, path: &[&str], value: Insert) -> Edits {
    let nested = path
        .iter()
        .rev()
        .fold(value, |value, key| Insert::mapping([(*key, value)]));
    extend(tree, &nested)
}

/// Adds a mapping to the file's own, as [`set_path`] does for each of its keys: several changes of
/// one file have to be made together, so that what they need is made once.
pub fn extend(tree: &Tree, more: &Insert) -> Edits {
    let What::Mapping { entries, .. } = &more.what else {
        return refuse(
            tree.source().whole(),
            "only a mapping can be added to a file",
        );
    };
    let file = File::new(tree);
    let mut roots = tree.documents();
    match (roots.next(), roots.next()) {
        (None, _) => Ok(append_to_file(&file, more)),
        (Some(_), Some(second)) => refuse(second.span(), "the file holds several documents"),
        (Some(root), None) if is_null(root) => {
            let lines = more.lines(0, file.layout(root));
            let end = file.line_end(root.full_span().end as usize);
            let mut edits = file.insert_lines(end, &lines, more, root)?;
            if !root.span().is_empty() {
                let span = root.span().range();
                edits.insert(0, file.replace(span.start, span.end, String::new()));
            }
            Ok(edits)
        }
        (Some(root), None) => {
            let mut edits = Vec::new();
            extend_mapping(root, entries, &mut edits)?;
            Ok(edits)
        }
    }
}

/// Puts a whole text behind the comments of a file that holds nothing else.
fn append_to_file(file: &File, more: &Insert) -> Vec<Edit> {
    let end = file.text.len();
    let is_line_start = file.line_start(end) == end;
    let lines = more.lines(0, Layout::default());
    vec![file.insert(
        end,
        format!("{}{lines}", if is_line_start { "" } else { "\n" }),
    )]
}

fn extend_mapping(
    mapping: Node,
    entries: &[(String, Insert)],
    edits: &mut Vec<Edit>,
) -> Result<(), Refused> {
    if mapping.kind() != Kind::Mapping {
        return refuse(mapping.span(), "this is not a mapping");
    }
    let mut missing = Vec::new();
    for (key, value) in entries {
        match (form(mapping, key), mapping.entry(key)) {
            (Form::Merged, _) => {
                return refuse(
                    mapping.span(),
                    format!("`{key}` comes through `<<`, and a value here would hide it"),
                );
            }
            (_, Some(entry)) => extend_entry(entry, key, value, edits)?,
            (_, None) => missing.push((key.clone(), value.clone())),
        }
    }
    edits.extend(append(mapping, &Insert::mapping(missing))?);
    Ok(())
}

fn extend_entry(
    entry: Entry,
    key: &str,
    value: &Insert,
    edits: &mut Vec<Edit>,
) -> Result<(), Refused> {
    let there = entry.value;
    match (&value.what, there.kind()) {
        (What::Absent, _) => {}
        (_, Kind::Alias) => {
            return refuse(
                there.span(),
                format!(
                    "`{key}` is an alias, and a change would have to be made where its anchor is"
                ),
            );
        }
        (What::Mapping { entries, .. }, Kind::Mapping) => extend_mapping(there, entries, edits)?,
        (What::Sequence { items, .. }, Kind::Sequence) => {
            let is_new = |item: &&Insert| {
                !there.items().any(|other| matches!(&item.what, What::Text(text) | What::Plain(text) if other.text() == *text))
            };
            edits.extend(append(
                there,
                &Insert::sequence(items.iter().filter(is_new).cloned()),
            )?);
        }
        (What::Text(text) | What::Plain(text), Kind::Scalar) if there.text() == *text => {}
        (What::Text(_) | What::Plain(_), Kind::Scalar) => {
            edits.extend(replace_value(entry, value)?)
        }
        (_, Kind::Scalar) if is_null(there) && there.anchor().is_none() => {
            edits.extend(replace_value(entry, value)?)
        }
        (What::Mapping { .. }, Kind::Sequence) => {
            return refuse(
                there.span(),
                format!("`{key}` is a list, and a mapping was to be added"),
            );
        }
        (What::Sequence { .. }, Kind::Mapping) => {
            return refuse(
                there.span(),
                format!("`{key}` is a mapping, and a list was to be added"),
            );
        }
        _ => return refuse(there.span(), format!("`{key}` has a value of another kind")),
    }
    Ok(())
}
