//! A resolved document as YAML.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::compose::value::MapEntry;
use crate::compose::{Data, Value};
use crate::syntax::yaml::edit::quoted;

/// The document. `$` is doubled where the output can be read as a compose file again.
pub(super) fn write(document: &Value<Data>, doubles_dollars: bool) -> String {
    let mut writer = Writer { out: String::new(), doubles_dollars };
    match &document.value {
        Data::Map(map) if !map.is_empty() => writer.entries(map.iter(), 0, false),
        _ => writer.line(0, "{}"),
    }
    writer.out
}

struct Writer {
    out: String,
    doubles_dollars: bool,
}

impl Writer {
    /// Writes pairs below each other; the first one on the line of a dash, if there is one.
    fn entries<'m>(&mut self, entries: impl Iterator<Item = &'m MapEntry>, indent: usize, mut behind_dash: bool) {
        for entry in entries {
            let key = self.text(&entry.key);
            let key = quoted(&key, true).into_owned();
            let indent_of_line = if std::mem::take(&mut behind_dash) { 0 } else { indent };
            let _ = write!(self.out, "{:indent_of_line$}{key}:", "");
            self.behind(&entry.value, indent);
        }
    }

    /// Writes what stands behind a colon.
    fn behind(&mut self, value: &Value<Data>, indent: usize) {
        match &value.value {
            Data::Map(map) if !map.is_empty() => {
                self.out.push('\n');
                self.entries(map.iter(), indent + 2, false);
            }
            Data::List(items) if !items.is_empty() => {
                self.out.push('\n');
                self.items(items, indent + 2, false);
            }
            _ => {
                self.out.push(' ');
                self.scalar(value, indent);
            }
        }
    }

    fn items(&mut self, items: &[Value<Data>], indent: usize, mut behind_dash: bool) {
        for item in items {
            let indent_of_line = if std::mem::take(&mut behind_dash) { 0 } else { indent };
            let _ = write!(self.out, "{:indent_of_line$}- ", "");
            match &item.value {
                Data::Map(map) if !map.is_empty() => self.entries(map.iter(), indent + 2, true),
                Data::List(items) if !items.is_empty() => self.items(items, indent + 2, true),
                _ => self.scalar(item, indent),
            }
        }
    }

    fn scalar(&mut self, value: &Value<Data>, indent: usize) {
        let text: Cow<'_, str> = match &value.value {
            Data::Null => "null".into(),
            Data::Map(_) => "{}".into(),
            Data::List(_) => "[]".into(),
            Data::String(text) => {
                let text = self.text(text.as_str());
                if is_block(&text) {
                    self.block(&text, indent);
                    return;
                }
                quoted(&text, false).into_owned().into()
            }
            Data::Float(number) if number.is_finite() => number.to_string().into(),
            data => data.scalar_text().unwrap_or_default(),
        };
        let _ = writeln!(self.out, "{text}");
    }

    /// Writes lines below a `|`.
    fn block(&mut self, text: &str, indent: usize) {
        let (body, chomping) = match text.strip_suffix('\n') {
            Some(body) if body.ends_with('\n') => (body, "+"),
            Some(body) => (body, ""),
            None => (text, "-"),
        };
        let _ = writeln!(self.out, "|{chomping}");
        let indent = indent + 2;
        for line in body.split('\n') {
            let indent = if line.is_empty() { 0 } else { indent };
            let _ = writeln!(self.out, "{:indent$}{line}", "");
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.doubles_dollars && text.contains('$') {
            true => text.replace('$', "$$").into(),
            false => text.into(),
        }
    }
}

/// Whether a text is best shown as lines: it has several, the first of them starts with no blank, and nothing in it needs
/// to be escaped.
fn is_block(text: &str) -> bool {
    let is_plain =
        |char: char| char == '\n' || char == '\t' || !char.is_control() && !matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.contains('\n') && !text.starts_with([' ', '\t', '\n']) && text.chars().all(is_plain)
}
