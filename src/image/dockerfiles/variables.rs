//! Which variables the words of a Dockerfile name, and which of them nobody has set at that point.

use crate::syntax::dockerfile::{Arguments, Dockerfile, Instruction, Keyword};
use crate::text::{Cooked, Span};

/// A `$NAME` or `${NAME…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The name.
    pub name: String,
    /// From the `$` to the end of the name, or of the braces.
    pub span: Span,
    /// Whether something stands for it when it is empty or not set: `${NAME:-x}`.
    pub has_default: bool,
}

/// The variables that BuildKit puts into an instruction before it runs it. RUN, CMD and ENTRYPOINT
/// leave theirs to the shell.
pub fn uses_of(file: &Dockerfile, instruction: &Instruction) -> Vec<Use> {
    let mut found = Vec::new();
    match instruction.keyword {
        Keyword::Add
        | Keyword::Arg
        | Keyword::Copy
        | Keyword::Env
        | Keyword::Expose
        | Keyword::From
        | Keyword::Label
        | Keyword::Stopsignal
        | Keyword::User
        | Keyword::Volume
        | Keyword::Workdir => {}
        _ => return found,
    }
    // `COPY --from` takes no variables; the parser of BuildKit says so.
    let flags = instruction
        .flags
        .iter()
        .filter(|flag| flag.name != "from")
        .filter_map(|flag| flag.value.as_ref());
    flags.for_each(|value| found.extend(uses(&value.text, file.escape)));
    match &instruction.arguments {
        Arguments::Words(words) | Arguments::Json(words) => {
            let opened = |span: Span| {
                instruction
                    .heredocs
                    .iter()
                    .any(|heredoc| heredoc.opener == span)
            };
            let plain = words.iter().filter(|word| !opened(word.span));
            // The name of a stage is taken as it is.
            let count = if instruction.keyword == Keyword::From {
                1
            } else {
                words.len()
            };
            plain
                .take(count)
                .for_each(|word| found.extend(uses(&word.text, file.escape)));
        }
        Arguments::Pairs(pairs) => {
            for word in pairs.iter().flat_map(|pair| [&pair.key, &pair.value]) {
                found.extend(uses(&word.text, file.escape));
            }
        }
        _ => {}
    }
    for heredoc in instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
        found.extend(body_uses(&heredoc.body));
    }
    found
}

/// The variables in one word.
pub fn uses(text: &Cooked, escape: char) -> Vec<Use> {
    scan(text, escape, true)
}

/// Quotes mean nothing in the body of a heredoc.
fn body_uses(text: &Cooked) -> Vec<Use> {
    scan(text, '\\', false)
}

fn scan(text: &Cooked, escape: char, has_quotes: bool) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut quote = None;
    let mut characters = text.as_str().char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (None, '\'' | '"') if has_quotes => quote = Some(c),
            (_, c) if c == escape => _ = characters.next(),
            (_, '$') => uses.extend(read(text, at)),
            _ => {}
        }
    }
    uses
}

/// The variable at a `$`. What stands in its braces is read again for the variables of its default.
fn read(text: &Cooked, dollar: usize) -> Option<Use> {
    let rest = &text.as_str()[dollar + 1..];
    let (name, is_braced) = match rest.strip_prefix('{') {
        Some(inner) => (inner, true),
        None => (rest, false),
    };
    let length = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    let name = &name[..length];
    // `$1` and `$?` are for a shell.
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let start = dollar + 1 + usize::from(is_braced);
    let is_closed = is_braced && text.as_str()[start + length..].starts_with('}');
    let end = start + length + usize::from(is_closed);
    Some(Use {
        name: name.to_owned(),
        span: text.span_of(dollar..end),
        has_default: is_braced && text.as_str()[start + length..].starts_with([':', '-']),
    })
}

/// The known name that a misspelt one most likely means: at most two letters differ, as BuildKit
/// has it, and less in short names.
pub fn nearest<'n>(written: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let limit = match written.len() {
        0..=2 => return None,
        3 => 2,
        _ => 3,
    };
    let near = known
        .filter(|name| *name != written)
        .map(|name| (distance(written, name), name));
    near.filter(|(distance, _)| *distance < limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out or exchanged. Long names are far from each other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(60).collect(), b.chars().take(60).collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
