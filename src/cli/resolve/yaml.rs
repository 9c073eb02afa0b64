//! A resolved document as YAML.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::origins::Origins;
use crate::compose::value::MapEntry;
use crate::compose::{Data, Value};
use crate::syntax::yaml::edit::quoted;
use crate::text::Span;

/// The document. `$` is doubled where the output can be read as a compose file again; with
/// `origins` each line ends in a comment that tells where it comes from.
pub(super) fn write(
    document: &Value<Data>,
    doubles_dollars: bool,
    origins: Option<&Origins<'_>>,
) -> String {
    let mut writer = Writer {
        lines: Vec::new(),
        line: String::new(),
        doubles_dollars,
        origins,
    };
    match &document.value {
        Data::Map(map) if !map.is_empty() => writer.entries(map.iter(), 0),
        _ => {
            writer.line.push_str("{}");
            writer.end(None);
        }
    }
    writer.text_with_comments()
}

struct Writer<'o> {
    /// Lines, each with its comment.
    lines: Vec<(String, Option<String>)>,
    /// What is written of the next line.
    line: String,
    doubles_dollars: bool,
    origins: Option<&'o Origins<'o>>,
}

/// Behind lines that are longer than this a comment stands where they end.
const WIDEST: usize = 64;

impl Writer<'_> {
    /// Writes pairs below each other; the first one behind a dash, if there is one.
    fn entries<'m>(&mut self, entries: impl Iterator<Item = &'m MapEntry>, indent: usize) {
        for entry in entries {
            self.indent(indent);
            let key = self.text(&entry.key);
            let key = quoted(&key, true);
            let _ = write!(self.line, "{key}:");
            let value = &entry.value;
            match &value.value {
                Data::Map(map) if !map.is_empty() => {
                    self.end(Some((value, entry.key_span)));
                    self.entries(map.iter(), indent + 2);
                }
                Data::List(items) if !items.is_empty() => {
                    self.end(Some((value, entry.key_span)));
                    self.items(items, indent + 2);
                }
                _ => {
                    self.line.push(' ');
                    self.scalar(value, entry.key_span, indent);
                }
            }
        }
    }

    fn items(&mut self, items: &[Value<Data>], indent: usize) {
        for item in items {
            self.indent(indent);
            self.line.push_str("- ");
            match &item.value {
                Data::Map(map) if !map.is_empty() => self.entries(map.iter(), indent + 2),
                Data::List(items) if !items.is_empty() => self.items(items, indent + 2),
                _ => self.scalar(item, None, indent),
            }
        }
    }

    fn scalar(&mut self, value: &Value<Data>, key: Option<Span>, indent: usize) {
        let text: Cow<'_, str> = match &value.value {
            Data::Null => "null".into(),
            Data::Map(_) => "{}".into(),
            Data::List(_) => "[]".into(),
            Data::String(text) => {
                let text = self.text(text.as_str());
                if is_block(&text) {
                    self.block(&text, value, key, indent);
                    return;
                }
                quoted(&text, false).into_owned().into()
            }
            Data::Float(number) if number.is_finite() => number.to_string().into(),
            data => data.scalar_text().unwrap_or_default(),
        };
        self.line.push_str(&text);
        self.end(Some((value, key)));
    }

    /// Writes lines below a `|`.
    fn block(&mut self, text: &str, value: &Value<Data>, key: Option<Span>, indent: usize) {
        let (body, chomping) = match text.strip_suffix('\n') {
            Some(body) if body.ends_with('\n') => (body, "+"),
            Some(body) => (body, ""),
            None => (text, "-"),
        };
        let _ = write!(self.line, "|{chomping}");
        self.end(Some((value, key)));
        for line in body.split('\n') {
            if !line.is_empty() {
                self.indent(indent + 2);
                self.line.push_str(line);
            }
            self.end(None);
        }
    }

    /// Moves to a column, unless something stands before it on the line already.
    fn indent(&mut self, columns: usize) {
        if self.line.is_empty() {
            let _ = write!(self.line, "{:columns$}", "");
        }
    }

    /// Ends the line, which says this value.
    fn end(&mut self, said: Option<(&Value<Data>, Option<Span>)>) {
        let comment = self
            .origins
            .zip(said)
            .map(|(origins, (value, key))| origins.comment(value, key));
        self.lines.push((std::mem::take(&mut self.line), comment));
    }

    fn text_with_comments(self) -> String {
        let width = |line: &str| line.chars().count();
        let widths = self
            .lines
            .iter()
            .filter(|(_, comment)| comment.is_some())
            .map(|(line, _)| width(line));
        let column = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        let mut out = String::new();
        for (line, comment) in self.lines {
            out.push_str(&line);
            if let Some(comment) = comment {
                let blanks = column.saturating_sub(width(&line)) + 2;
                let _ = write!(out, "{:blanks$}# {comment}", "");
            }
            out.push('\n');
        }
        out
    }

    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.doubles_dollars && text.contains('$') {
            true => text.replace('$', "$$").into(),
            false => text.into(),
        }
    }
}

/// Whether a text is best shown as lines: it has several, the first of them starts with no blank,
/// and nothing in it needs to be escaped.
fn is_block(text: &str) -> bool {
    let is_plain = |char: char| {
        char == '\n'
            || char == '\t'
            || !char.is_control()
                && !matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    text.contains('\n') && !text.starts_with([' ', '\t', '\n']) && text.chars().all(is_plain)
}
