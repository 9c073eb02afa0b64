//! Ignore comments: `# composelint: ignore[rule] reason`, and `file-ignore[rule]` for a whole file.

use crate::text::{Source, Span, offset};

/// What an ignore comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pragma {
    /// Whether it speaks of the whole file.
    pub of_file: bool,
    /// The rules that it names, each with where it is written.
    pub rules: Vec<(String, Span)>,
}

/// Why a comment that addresses composelint says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Reads a comment; nothing of one that does not address composelint.
///
/// # Errors
/// [`Malformed`] when it does, but is not of this form.
pub fn read(source: &Source, comment: Span) -> Option<Result<Pragma, Malformed>> {
    let text = source.slice(comment);
    let rest = text
        .trim_start_matches('#')
        .trim_start()
        .strip_prefix("composelint:")?
        .trim_start();
    Some(read_rest(comment, text, rest).ok_or(Malformed))
}

fn read_rest(comment: Span, text: &str, rest: &str) -> Option<Pragma> {
    let (of_file, rest) = match rest.strip_prefix("file-ignore") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("ignore")?),
    };
    let (names, _reason) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    let place = |part: &str| {
        // A part of the comment: its place is the distance of the two.
        let start = comment.start + offset(part.as_ptr() as usize - text.as_ptr() as usize);
        Span::new(comment.file, start, start + offset(part.len()))
    };
    let rules = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| (name.to_owned(), place(name)));
    Some(Pragma {
        of_file,
        rules: rules.collect(),
    })
}
