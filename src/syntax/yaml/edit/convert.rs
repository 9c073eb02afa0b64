//! Another form of what is there: a list of names as a mapping, an item as a block of lines, a tag
//! in front of a value.

use super::file::File;
use super::insert::Insert;
use super::replace::{anchor_in_use, entry_of, replace_value};
use super::{Edits, Kind, Node, Style, refuse};
use crate::diagnostic::Edit;

/// Makes a list of names a mapping: each name becomes a key, with a value of its own. The comments
/// stay beside the names.
pub fn list_to_mapping(list: Node, value: &dyn Fn(&str) -> Insert) -> Edits {
    if list.kind() != Kind::Sequence {
        return refuse(list.span(), "this is not a list");
    }
    let mut names: Vec<String> = Vec::new();
    for item in list.items() {
        let is_name = item.kind() == Kind::Scalar
            && !matches!(item.style(), Style::Literal | Style::Folded)
            && !item.span().is_empty();
        let name = item.text().into_owned();
        if !is_name
            || item.tag().is_some()
            || list
                .tree()
                .source()
                .slice(item.full_span())
                .contains(['\n', '\r'])
        {
            return refuse(item.span(), "this item is not a name");
        }
        if names.contains(&name) {
            return refuse(item.span(), format!("`{name}` is in the list twice"));
        }
        names.push(name);
    }
    if list.tag().is_some_and(|(tag, _)| {
        !tag.starts_with('!') || tag.starts_with("!!") || tag.starts_with("!<")
    }) {
        return refuse(list.span(), "the list has a type of its own");
    }
    let file = File::of(list);
    if list.style() == Style::Block {
        return block_to_mapping(&file, list, value);
    }
    let span = list.span().range();
    let stands_alone = entry_of(list).filter(|entry| {
        let is_block = entry
            .key
            .parent()
            .is_some_and(|parent| parent.style() == Style::Block);
        is_block
            && entry.value.id() == list.id()
            && anchor_in_use(list).is_none()
            && !file.text[span.clone()].contains(['\n', '\r'])
    });
    match stands_alone {
        // Nothing but names stands in the brackets: lines are easier to read.
        Some(entry) => replace_value(
            entry,
            &Insert::mapping(names.iter().map(|name| (name.clone(), value(name)))),
        ),
        None => {
            let layout = file.layout(list);
            let mut edits = vec![file.replace(span.start, span.start + 1, "{".to_owned())];
            let behind = |item: Node, name: &String| {
                file.insert(
                    item.full_span().end as usize,
                    format!(": {}", value(name).flow(layout)),
                )
            };
            edits.extend(
                list.items()
                    .zip(&names)
                    .map(|(item, name)| behind(item, name)),
            );
            edits.push(file.replace(span.end - 1, span.end, "}".to_owned()));
            Ok(edits)
        }
    }
}

/// Takes the dashes away and puts each value below its name.
fn block_to_mapping(file: &File, list: Node, value: &dyn Fn(&str) -> Insert) -> Edits {
    let layout = file.layout(list);
    let around = list
        .parent()
        .filter(|parent| parent.kind() == Kind::Mapping)
        .map(|parent| file.column(parent.span().start));
    let Some(around) = around else {
        return refuse(list.span(), "this list is not the value of a key");
    };
    let dashes = file.column(list.span().start);
    // A list may stand right below its key, a mapping has to be indented.
    let indent = if dashes > around {
        dashes
    } else {
        around + layout.step
    };
    let mut edits = Vec::new();
    let mut at = list.span().start as usize;
    for item in list.items() {
        let dash = file.dash(at);
        let start = item.full_span().start as usize;
        let end = item.full_span().end as usize;
        if file.line_start(dash) != file.line_start(start) || !file.is_line_start(dash) {
            return refuse(
                item.span(),
                "the dash and its item do not stand on one line of their own",
            );
        }
        edits.push(file.replace(file.line_start(dash), start, " ".repeat(indent)));
        edits.extend(value_behind_key(
            file,
            end,
            &value(&item.text()),
            indent,
            layout,
            item,
        )?);
        at = end;
    }
    Ok(edits)
}

/// A `:` behind a name and its value on the lines below, which leaves a comment on the line of the
/// name.
fn value_behind_key(
    file: &File,
    end: usize,
    value: &Insert,
    indent: usize,
    layout: super::insert::Layout,
    near: Node,
) -> Result<Vec<Edit>, super::Refused> {
    let behind = value.behind_key(indent, layout);
    match behind.split_once('\n') {
        None => Ok(vec![file.insert(end, format!(":{behind}"))]),
        Some((first, lines)) => {
            let head = file.insert(end, format!(":{first}"));
            let line_end = file.line_end(end);
            let below = file.insert_lines(line_end, &format!("{lines}\n"), value, near)?;
            Ok(std::iter::once(head).chain(below).collect())
        }
    }
}

/// Puts something else in the place of an item that stands on one line; a comment behind it stays
/// on that line.
pub fn replace_item(item: Node, insert: &Insert) -> Edits {
    let Some(list) = item
        .parent()
        .filter(|parent| parent.kind() == Kind::Sequence)
    else {
        return refuse(item.span(), "this is no item of a list");
    };
    if let Some(alias) = anchor_in_use(item) {
        return refuse(
            alias.span(),
            "this alias stands for the value that would go",
        );
    }
    let file = File::of(item);
    let span = item.full_span().range();
    if list.style() == Style::Flow || !insert.is_block() {
        let blank = if span.is_empty() { " " } else { "" };
        return Ok(vec![file.replace(
            span.start,
            span.end,
            format!("{blank}{}", insert.flow(file.layout(list))),
        )]);
    }
    if file.text[span.clone()].contains(['\n', '\r']) || span.is_empty() {
        return refuse(item.span(), "this item is not written on one line");
    }
    let lines = insert.lines(file.column(item.full_span().start), file.layout(list));
    let (first, rest) = lines
        .trim_start_matches(' ')
        .split_once('\n')
        .unwrap_or((&lines, ""));
    let mut edits = vec![file.replace(span.start, span.end, first.to_owned())];
    if !rest.is_empty() {
        edits.extend(file.insert_lines(file.line_end(span.end), rest, insert, item)?);
    }
    Ok(edits)
}

/// Gives a value a tag, `!reset` or `!override`, in the place of the one it has.
pub fn set_tag(node: Node, tag: &str) -> Edits {
    let file = File::of(node);
    if let Some((old, span)) = node.tag() {
        return match old == tag {
            true => Ok(Vec::new()),
            false => Ok(vec![file.replace(
                span.start as usize,
                span.end as usize,
                tag.to_owned(),
            )]),
        };
    }
    if node.kind() == Kind::Alias {
        return refuse(
            node.span(),
            "an alias has no tag of its own: its anchor would have to get it",
        );
    }
    let start = node.full_span().start as usize;
    let entry = entry_of(node).filter(|entry| entry.value.id() == node.id());
    let is_below = match entry.and_then(|entry| file.colon(entry)) {
        // A block below its key, or no value at all: the tag stands behind the colon.
        Some(colon) => {
            (start > file.line_end(colon) || node.full_span().is_empty()).then_some(colon + 1)
        }
        None => None,
    };
    match is_below {
        Some(behind_colon) => Ok(vec![file.insert(behind_colon, format!(" {tag}"))]),
        None if node.anchor().is_none()
            && node.style() == Style::Block
            && matches!(node.kind(), Kind::Mapping | Kind::Sequence) =>
        {
            refuse(node.span(), "there is no place for a tag before this block")
        }
        // Nothing stands behind a dash.
        None if node.full_span().is_empty()
            && node
                .parent()
                .is_some_and(|list| list.kind() == Kind::Sequence) =>
        {
            Ok(vec![file.insert(start, format!(" {tag}"))])
        }
        None if node.full_span().is_empty() => refuse(node.span(), "this key has no value"),
        None => Ok(vec![file.insert(start, format!("{tag} "))]),
    }
}
