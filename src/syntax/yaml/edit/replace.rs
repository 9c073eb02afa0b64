//! Other values and other names in the place of those that are there.

use super::file::File;
use super::insert::Insert;
use super::quote::{TextContext, double_quoted, is_safe, needs_escape, quote, single_quoted};
use super::{Edits, Entry, Kind, Node, Scalar, Style, refuse};
use crate::syntax::yaml::scalar::plain;

/// Puts another text into a scalar, in the quotes it has. A plain number stays a number if the new
/// text is one, too.
pub fn set_scalar(node: Node, text: &str) -> Edits {
    if node.kind() != Kind::Scalar {
        return refuse(node.span(), "this is not a single value");
    }
    let file = File::of(node);
    if node.span().is_empty() {
        let entry = entry_of(node).filter(|entry| entry.value.id() == node.id());
        return match entry {
            Some(entry) => replace_value(entry, &Insert::text(text)),
            None => Ok(vec![file.insert(
                node.span().end as usize,
                format!(
                    " {}",
                    quote(text, TextContext::Flow, file.layout(node).quotes)
                ),
            )]),
        };
    }
    let is_multiline = matches!(node.style(), Style::Literal | Style::Folded);
    if let Some(entry) =
        entry_of(node).filter(|entry| is_multiline && entry.value.id() == node.id())
    {
        return replace_value(entry, &Insert::text(text));
    }
    let place = place_of(node);
    let is_escaped = text.chars().any(needs_escape);
    let same_type = |old: &Scalar| {
        plain(text).is_some_and(|new| std::mem::discriminant(old) == std::mem::discriminant(&new))
    };
    let written = match node.style() {
        Style::DoubleQuoted => double_quoted(text),
        Style::SingleQuoted if !is_escaped => single_quoted(text),
        // `8080` stays a number among numbers.
        Style::Plain if node.scalar().as_ref().is_some_and(same_type) => text.to_owned(),
        Style::Plain if is_safe(text, place) => text.to_owned(),
        _ => quote(
            text,
            place,
            file.layout(node.parent().unwrap_or(node)).quotes,
        )
        .into_owned(),
    };
    let span = node.span().range();
    Ok(vec![file.replace(span.start, span.end, written)])
}

/// Gives a key another name.
pub fn rename_key(entry: Entry, name: &str) -> Edits {
    if entry.key.kind() != Kind::Scalar || entry.key.span().is_empty() {
        return refuse(entry.key.span(), "this key is not written out");
    }
    let is_taken = entry.key.parent().is_some_and(|mapping| {
        mapping
            .entry(name)
            .is_some_and(|other| other.key.id() != entry.key.id())
    });
    if is_taken {
        return refuse(entry.key.span(), format!("`{name}` is there already"));
    }
    set_scalar(entry.key, name)
}

/// The pair of a block or flow mapping that a node is part of.
pub(super) fn entry_of(node: Node<'_>) -> Option<Entry<'_>> {
    node.parent()?
        .entries()
        .find(|entry| entry.key.id() == node.id() || entry.value.id() == node.id())
}

fn place_of(node: Node) -> TextContext {
    let is_key = entry_of(node).is_some_and(|entry| entry.key.id() == node.id());
    match std::iter::successors(node.parent(), |node| node.parent())
        .any(|around| around.style() == Style::Flow)
    {
        true => TextContext::Flow,
        false if is_key => TextContext::Key,
        false => TextContext::Block,
    }
}

/// Puts another value in the place of an entry's, whatever it is. Its tag stays, and so does a
/// comment behind it.
pub fn replace_value(entry: Entry, insert: &Insert) -> Edits {
    let value = entry.value;
    if let Some(alias) = anchor_in_use(value) {
        return refuse(
            alias.span(),
            "this alias stands for the value that would go",
        );
    }
    let file = File::of(value);
    let Some(mapping) = value.parent() else {
        return refuse(value.span(), "this is no entry of a mapping");
    };
    let layout = file.layout(mapping);
    if mapping.style() == Style::Flow {
        let text = insert.flow(layout);
        return Ok(match (value.span().is_empty(), file.colon(entry)) {
            (true, Some(_)) => vec![file.insert(value.span().end as usize, format!(" {text}"))],
            (true, None) => {
                vec![file.insert(entry.key.full_span().end as usize, format!(": {text}"))]
            }
            (false, _) => {
                vec![file.replace(value.span().start as usize, value.span().end as usize, text)]
            }
        });
    }
    let Some(colon) = file.colon(entry) else {
        return refuse(entry.key.span(), "this key is written with a `?`");
    };
    let behind = insert.behind_key(file.column(entry.key.full_span().start), layout);
    let properties = [
        value.tag().map(|(_, span)| span),
        value.anchor().map(|(_, span)| span),
    ];
    let head = properties
        .into_iter()
        .flatten()
        .map(|span| span.end as usize)
        .max()
        .unwrap_or(colon + 1);
    let end = (value.span().end as usize).max(head);
    let (first, lines) = behind
        .split_once('\n')
        .map_or((behind.as_str(), None), |(first, lines)| {
            (first, Some(lines))
        });

    let head_line = file.line_end(head);
    // What stands on lines of its own goes with them and their comments, and leaves the comment
    // behind the key.
    let (old, below) = match value.span().start as usize > head_line {
        true => ((head, head), (head_line, file.line_end(end))),
        false => ((head, end), (file.line_end(end), file.line_end(end))),
    };
    let lines = lines.map_or(String::new(), |lines| {
        file.below(below.1, &format!("{lines}\n"), insert)
    });
    Ok(match old.1 == below.0 {
        true => vec![file.replace(old.0, below.1, format!("{first}{lines}"))],
        false => vec![
            file.replace(old.0, old.1, first.to_owned()),
            file.replace(below.0, below.1, lines),
        ],
    })
}

/// An alias that stands for a node or for something in it.
pub(super) fn anchor_in_use(node: Node<'_>) -> Option<Node<'_>> {
    let inside = node.full_span();
    let is_inside = |target: Node| inside.contains(target.full_span());
    node.tree().all().find(|alias| {
        alias.kind() == Kind::Alias
            && !inside.contains(alias.span())
            && alias.resolve().is_some_and(is_inside)
    })
}

/// Puts children into `[]` or `{}`: as lines where lines may stand, in the brackets otherwise.
pub(super) fn replace_empty(collection: Node, more: &Insert) -> Edits {
    let file = File::of(collection);
    let span = collection.span().range();
    if file.text[span.clone()].contains('#') {
        return refuse(collection.span(), "a comment stands in the brackets");
    }
    let entry = entry_of(collection).filter(|entry| entry.value.id() == collection.id());
    match (collection.parent().map(Node::style), entry) {
        (Some(Style::Block), Some(entry))
            if file.colon(entry).is_some() && collection.anchor().is_none() =>
        {
            replace_value(entry, more)
        }
        (None, _) if collection.tag().is_none() && collection.anchor().is_none() => {
            let lines = more.lines(0, file.layout(collection));
            Ok(vec![file.replace(
                span.start,
                span.end,
                lines.trim_end_matches('\n').to_owned(),
            )])
        }
        _ => Ok(vec![file.replace(
            span.start,
            span.end,
            more.flow(file.layout(collection)),
        )]),
    }
}
