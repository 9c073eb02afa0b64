//! `command` and `entrypoint`.

use crate::compose::model::CommandLine;
use crate::compose::typed::{Reader, cooked};
use crate::compose::value::{Data, Value};
use crate::syntax::shell::Word;
use crate::syntax::shellwords;

impl Reader<'_> {
    /// A command line; `None` when nothing is said.
    pub(super) fn command(&mut self, value: &Value<Data>) -> Option<Value<CommandLine>> {
        let line = match &value.value {
            Data::List(items) => CommandLine {
                words: items.iter().filter_map(word).collect(),
                is_string: false,
                dropped: None,
            },
            Data::Null => return None,
            Data::Map(_) => {
                self.wrong(value, "command", "text or a list");
                return None;
            }
            _ => match shellwords::split(&cooked(value)?) {
                Ok(split) => CommandLine {
                    words: split.words,
                    is_string: true,
                    dropped: split.dropped,
                },
                Err(_) if value.origin.is_unknown() => return None,
                Err(shellwords::InvalidCommandLine(span)) => {
                    self.report(span, "this command line cannot be cut into words: a quote or a parenthesis is left open");
                    return None;
                }
            },
        };
        Some(Value {
            value: line,
            origin: value.origin.clone(),
        })
    }
}

/// An item of a list as a word: nothing expands it any more.
pub(super) fn word(item: &Value<Data>) -> Option<Word> {
    let text = cooked(item)?;
    let span = item.span().unwrap_or(text.span());
    Some(Word {
        text,
        span,
        quoted: false,
        literal: !item.origin.is_unknown(),
    })
}
