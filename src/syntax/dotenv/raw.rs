//! `format: raw`: a line is a name, `=`, and the value with every character behind it.

use super::{Entry, Value};
use crate::diagnostic::Diagnostic;
use crate::syntax::INVALID_SYNTAX;
use crate::text::{Cooked, Source};

pub(super) fn parse(source: &Source) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut entries = Vec::new();
    let mut diagnostics = Vec::new();
    let mut start = source.content_start() as usize;
    for line in source.text()[start..].split_inclusive('\n') {
        let next = start + line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let content = line.trim_start();
        let at = start + line.len() - content.len();
        start = next;
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let key = content.split_once('=').map_or(content, |(key, _)| key);
        let key_span = source.span(at..at + key.len());
        if key.is_empty() {
            let equals = source.span(at..at + 1);
            diagnostics.push(Diagnostic::new(
                INVALID_SYNTAX,
                equals,
                "no variable name stands before `=`",
            ));
        } else if key.contains([' ', '\t']) {
            diagnostics.push(Diagnostic::new(
                INVALID_SYNTAX,
                key_span,
                format!("the variable name `{key}` holds a blank"),
            ));
        } else {
            let value = (key.len() < content.len()).then(|| {
                let span = source.span(at + key.len() + 1..at + content.len());
                Value {
                    text: Cooked::verbatim(source, span),
                    expand: false,
                }
            });
            entries.push(Entry {
                key: key.to_owned(),
                key_span,
                value,
            });
        }
    }
    (entries, diagnostics)
}
