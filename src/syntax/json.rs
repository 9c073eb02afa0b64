//! JSON, with the comments and trailing commas that editors allow, as the list of its strings and
//! where each belongs.
//!
//! That is all anybody here asks of it: `package.json` scripts, `tasks.json`, `devcontainer.json`.

use std::ops::Range;

use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// A string value.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The keys and indexes that lead to it, from the root.
    pub path: Vec<Step>,
    /// The string, escapes resolved.
    pub text: Cooked,
}

/// One step from a collection to what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// An index of an array.
    Index(usize),
}

impl Leaf {
    /// Whether the path is `keys`, where `*` stands for any step.
    pub fn is_at(&self, keys: &[&str]) -> bool {
        let fits =
            |(step, key): (&Step, &&str)| *key == "*" || *step == Step::Key((*key).to_owned());
        self.path.len() == keys.len() && self.path.iter().zip(keys).all(fits)
    }

    /// The key at one place of the path.
    pub fn key(&self, index: usize) -> Option<&str> {
        match self.path.get(index)? {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }
}

/// Values nested deeper than this are left out.
const DEPTH_LIMIT: usize = 16;

/// Every string value of a document, in order. Text that is no JSON is stepped over.
pub fn strings(source: &Source) -> Vec<Leaf> {
    let bytes = source.text().as_bytes();
    let mut found = Vec::new();
    // The open collections: the step to the value that comes next; for an object `None` until its
    // key has been read.
    let mut open: Vec<Option<Step>> = Vec::new();
    let mut is_object: Vec<bool> = Vec::new();
    let mut at = source.content_start() as usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |len| at + len)
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = memchr::memmem::find(&bytes[at + 2..], b"*/")
                    .map_or(bytes.len(), |len| at + len + 4);
                continue;
            }
            b'{' | b'[' => {
                is_object.push(*byte == b'{');
                open.push((*byte == b'[').then_some(Step::Index(0)));
            }
            b'}' | b']' => {
                is_object.pop();
                open.pop();
            }
            b',' => match (is_object.last(), open.last_mut()) {
                (Some(true), Some(step)) => *step = None,
                (Some(false), Some(Some(Step::Index(index)))) => *index += 1,
                _ => {}
            },
            b'"' => {
                let (range, text) = string(source, at);
                at = range.end;
                if let (Some(true), Some(step @ None)) = (is_object.last(), open.last_mut()) {
                    *step = Some(Step::Key(text.as_str().to_owned()));
                } else if open.len() <= DEPTH_LIMIT {
                    found.push(Leaf {
                        path: open.iter().flatten().cloned().collect(),
                        text,
                    });
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The string whose opening quote stands at `start`, and the range it takes with its quotes.
fn string(source: &Source, start: usize) -> (Range<usize>, Cooked) {
    let text = source.text();
    let bytes = text.as_bytes();
    let mut builder = CookedBuilder::new(Span::at(source.id(), offset(start)));
    let mut at = start + 1;
    loop {
        let run =
            memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]).map_or(bytes.len(), |len| at + len);
        builder.verbatim(&text[at..run], offset(at));
        at = run;
        if bytes.get(at) != Some(&b'\\') {
            break;
        }
        let (len, meant) = escape(text, at);
        builder.replaced(meant.encode_utf8(&mut [0; 4]), offset(at)..offset(at + len));
        at += len;
    }
    let end = if bytes.get(at) == Some(&b'"') {
        at + 1
    } else {
        at
    };
    builder.set_whole(source.span(start..end));
    (start..end, builder.finish())
}

/// The length of an escape and the character it stands for.
fn escape(text: &str, at: usize) -> (usize, char) {
    let Some(code) = text[at + 1..].chars().next() else {
        return (1, '\\');
    };
    let meant = match code {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let digits = text
                .get(at + 2..at + 6)
                .and_then(|digits| u32::from_str_radix(digits, 16).ok());
            return digits.map_or((2, 'u'), |digits| {
                (
                    6,
                    char::from_u32(digits).unwrap_or(char::REPLACEMENT_CHARACTER),
                )
            });
        }
        other => other,
    };
    (1 + code.len_utf8(), meant)
}

#[cfg(test)]
mod tests;
