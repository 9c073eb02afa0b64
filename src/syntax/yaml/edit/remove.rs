//! Entries and items taken out, with the comment behind them and nothing else.

use super::file::File;
use super::{Edits, Entry, Kind, Node, Style, refuse};
use crate::diagnostic::Edit;

/// Takes an entry out of its mapping. The last one leaves `{}`.
pub fn remove_entry(entry: Entry) -> Edits {
    let Some(mapping) = entry
        .key
        .parent()
        .filter(|parent| parent.kind() == Kind::Mapping)
    else {
        return refuse(entry.key.span(), "this is no entry of a mapping");
    };
    if mapping.style() == Style::Block && File::of(mapping).colon(entry).is_none() {
        return refuse(entry.key.span(), "this key is written with a `?`");
    }
    let spans = mapping
        .entries()
        .map(|entry| {
            (
                entry.key.full_span().start as usize,
                entry.value.full_span().end as usize,
            )
        })
        .collect();
    let index = mapping
        .entries()
        .position(|other| other.key.id() == entry.key.id());
    remove(mapping, spans, index)
}

/// Takes an item out of its list. The last one leaves `[]`.
pub fn remove_item(item: Node) -> Edits {
    let Some(sequence) = item
        .parent()
        .filter(|parent| parent.kind() == Kind::Sequence)
    else {
        return refuse(item.span(), "this is no item of a list");
    };
    let file = File::of(item);
    let mut spans = Vec::new();
    let mut search = sequence.span().start as usize;
    for other in sequence.items() {
        let start = match sequence.style() {
            Style::Block => file.dash(search),
            _ => other.full_span().start as usize,
        };
        let end = (other.full_span().end as usize).max(start + 1);
        spans.push((start, end));
        search = end;
    }
    let index = sequence.items().position(|other| other.id() == item.id());
    remove(sequence, spans, index)
}

/// Takes the child at `index` out of those with these spans.
fn remove(collection: Node, spans: Vec<(usize, usize)>, index: Option<usize>) -> Edits {
    let file = File::of(collection);
    let Some(index) = index else {
        return refuse(collection.span(), "this is no part of the collection");
    };
    let (start, end) = spans[index];
    let next = spans.get(index + 1).map(|(start, _)| *start);
    let before = index.checked_sub(1).map(|index| spans[index].1);
    if let Some(alias) = anchor_inside(collection, start, end) {
        return refuse(
            alias.span(),
            "this alias stands for something that would go",
        );
    }
    match (collection.style(), before, next) {
        (_, None, None) => remove_only(&file, collection),
        (Style::Flow, None, Some(next)) => Ok(vec![delete(&file, start, next)]),
        (Style::Flow, Some(before), Some(next))
            if file.is_line_start(start) && file.is_line_start(next) =>
        {
            let comma = file.comma_behind(before).unwrap_or(before);
            Ok(vec![delete(
                &file,
                file.line_end(comma),
                file.line_end(file.comma_behind(end).unwrap_or(end)),
            )])
        }
        (Style::Flow, Some(_), Some(next)) => Ok(vec![delete(&file, start, next)]),
        (Style::Flow, Some(before), None)
            if file.is_line_start(start) && file.line_end(end) < collection.span().end as usize =>
        {
            let comma = file.comma_behind(before).unwrap_or(before);
            Ok(vec![delete(
                &file,
                file.line_end(comma),
                file.line_end(file.comma_behind(end).unwrap_or(end)),
            )])
        }
        (Style::Flow, Some(before), None) => Ok(vec![delete(&file, before, end)]),
        (_, _, Some(next)) if !file.is_line_start(start) => {
            // The first of `- a: 1`: the next one takes its place.
            let between = &file.text[file.line_end(end)..next];
            match between.contains('#') {
                true => refuse(
                    collection.span(),
                    "a comment stands between this and the next one",
                ),
                false => Ok(vec![delete(&file, start, next)]),
            }
        }
        _ => {
            let last = collection
                .children()
                .take_while(|child| (child.full_span().start as usize) < start)
                .last();
            Ok(vec![delete_lines(
                &file,
                start,
                end,
                last.is_some_and(|last| file.ends_in_open_text(last)),
            )])
        }
    }
}

fn delete(file: &File, start: usize, end: usize) -> Edit {
    file.replace(start, end, String::new())
}

/// Deletes the lines from the one that holds `start` to the one that holds `end`. The line break
/// before them stays where it belongs to a block of text.
fn delete_lines(file: &File, start: usize, end: usize, is_behind_text: bool) -> Edit {
    let (line_start, line_end) = (file.line_start(start), file.line_end(end));
    let next = file.next_line(line_end);
    if next > line_end || is_behind_text {
        return delete(file, line_start, next);
    }
    // The last line of a file without a last line break: the one before goes instead.
    let before = file.text[..line_start]
        .trim_end_matches('\n')
        .trim_end_matches('\r')
        .len();
    delete(
        file,
        before.max(file.source.content_start() as usize),
        line_end,
    )
}

/// Leaves an empty collection where the only child was.
fn remove_only(file: &File, collection: Node) -> Edits {
    let empty = if collection.kind() == Kind::Sequence {
        "[]"
    } else {
        "{}"
    };
    let span = collection.span().range();
    let entry = collection.parent().and_then(|parent| {
        parent
            .entries()
            .find(|entry| entry.value.id() == collection.id())
    });
    let colon = entry.and_then(|entry| file.colon(entry));
    let properties = [
        collection.tag().map(|(_, span)| span),
        collection.anchor().map(|(_, span)| span),
    ];
    let head = properties
        .into_iter()
        .flatten()
        .map(|span| span.end as usize)
        .max()
        .or(colon.map(|colon| colon + 1));
    match head {
        Some(head) if collection.style() == Style::Block && file.line_end(head) < span.start => {
            // The comments above it stay.
            Ok(vec![
                file.insert(head, format!(" {empty}")),
                delete_lines(file, span.start, span.end, false),
            ])
        }
        None if collection.style() == Style::Block
            && entry.is_some()
            && file.is_line_start(span.start) =>
        {
            refuse(collection.span(), "this is all that stands below a `?` key")
        }
        _ => Ok(vec![file.replace(span.start, span.end, empty.to_owned())]),
    }
}

/// An alias outside that stands for something between two places of a collection.
fn anchor_inside<'t>(collection: Node<'t>, start: usize, end: usize) -> Option<Node<'t>> {
    let tree = collection.tree();
    let is_inside = |node: Node| {
        start <= node.full_span().start as usize && node.full_span().end as usize <= end
    };
    tree.all().find(|alias| {
        alias.kind() == Kind::Alias && !is_inside(*alias) && alias.resolve().is_some_and(is_inside)
    })
}
