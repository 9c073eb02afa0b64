//! What is put into a file, and how it is written.

use super::quote::{Quotes, TextContext, block_text, double_quoted, quote};

/// A piece of YAML to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Insert {
    pub(super) what: What,
    tag: Option<String>,
    comment: Option<String>,
    above: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// Nothing behind the `:` or `-`.
    Absent,
    /// A string, quoted if it would be taken for something else.
    Text(String),
    /// Written as it is.
    Plain(String),
    Sequence {
        items: Vec<Insert>,
        flow: bool,
    },
    Mapping {
        entries: Vec<(String, Insert)>,
        flow: bool,
    },
}

impl Insert {
    fn new(what: What) -> Self {
        Insert {
            what,
            tag: None,
            comment: None,
            above: Vec::new(),
        }
    }

    /// No value: `key:`.
    pub fn absent() -> Self {
        Insert::new(What::Absent)
    }

    /// A string, in quotes where YAML would take it for something else.
    pub fn text(text: impl Into<String>) -> Self {
        Insert::new(What::Text(text.into()))
    }

    /// A string in double quotes, whether it needs them or not, as the words of commands are mostly
    /// written.
    pub fn quoted(text: &str) -> Self {
        Insert::new(What::Plain(double_quoted(text)))
    }

    /// A scalar written as it is: `true`, `8080`, `null`.
    pub fn plain(text: impl Into<String>) -> Self {
        Insert::new(What::Plain(text.into()))
    }

    /// A list, one item a line.
    pub fn sequence(items: impl IntoIterator<Item = Insert>) -> Self {
        Insert::new(What::Sequence {
            items: items.into_iter().collect(),
            flow: false,
        })
    }

    /// A list in brackets.
    pub fn flow_sequence(items: impl IntoIterator<Item = Insert>) -> Self {
        Insert::new(What::Sequence {
            items: items.into_iter().collect(),
            flow: true,
        })
    }

    /// A mapping, one key a line.
    pub fn mapping<K: Into<String>>(entries: impl IntoIterator<Item = (K, Insert)>) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect();
        Insert::new(What::Mapping {
            entries,
            flow: false,
        })
    }

    /// A mapping in braces.
    pub fn flow_mapping<K: Into<String>>(entries: impl IntoIterator<Item = (K, Insert)>) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect();
        Insert::new(What::Mapping {
            entries,
            flow: true,
        })
    }

    /// Puts a tag before it: `!override`.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// Puts a comment behind it, on the same line; on the line of the key, if it is a block of
    /// lines. Within brackets there is no room for one.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// Puts a comment on a line of its own above it. May be called several times.
    pub fn above(mut self, text: impl Into<String>) -> Self {
        self.above.push(text.into());
        self
    }

    /// Whether its last line belongs to a block of text, to which a line break behind it belongs
    /// too.
    pub(super) fn ends_in_block_text(&self) -> bool {
        match &self.what {
            What::Text(text) => block_text(text).is_some(),
            What::Sequence { items, flow: false } => {
                items.last().is_some_and(Insert::ends_in_block_text)
            }
            What::Mapping {
                entries,
                flow: false,
            } => entries
                .last()
                .is_some_and(|(_, value)| value.ends_in_block_text()),
            _ => false,
        }
    }
}

impl From<&str> for Insert {
    fn from(text: &str) -> Self {
        Insert::text(text)
    }
}

/// How the lines around are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    /// Indentation of a mapping under its key.
    pub(super) step: usize,
    /// Indentation of a list under its key.
    pub(super) dash: usize,
    pub(super) quotes: Quotes,
}

impl Default for Layout {
    fn default() -> Self {
        Layout {
            step: 2,
            dash: 2,
            quotes: Quotes::Double,
        }
    }
}

/// A whole block, each line indented by `indent` spaces and ended by `\n`: the text of a new file,
/// with an indent of 0.
pub fn render(insert: &Insert, indent: usize) -> String {
    let mut writer = Writer {
        out: String::new(),
        layout: Layout::default(),
    };
    match insert.is_block() {
        true => writer.block(insert, indent),
        false => {
            writer.above(insert, indent);
            writer.indent(indent);
            writer.inline(insert, indent);
            writer.out.push('\n');
        }
    }
    writer.out
}

impl Insert {
    /// Whether it is written on lines of its own, below its key.
    pub(super) fn is_block(&self) -> bool {
        match &self.what {
            What::Sequence { items, flow } => !flow && !items.is_empty(),
            What::Mapping { entries, flow } => !flow && !entries.is_empty(),
            _ => false,
        }
    }

    /// What stands behind the colon of a key at column `indent`: the rest of its line, and the
    /// lines below.
    pub(super) fn behind_key(&self, indent: usize, layout: Layout) -> String {
        let mut writer = Writer {
            out: String::new(),
            layout,
        };
        writer.behind_key(self, indent);
        writer.out
    }

    /// The entries of a mapping or the items of a list as lines, each ended by `\n`.
    pub(super) fn lines(&self, indent: usize, layout: Layout) -> String {
        let mut writer = Writer {
            out: String::new(),
            layout,
        };
        writer.block(self, indent);
        writer.out
    }

    /// On one line, as it stands within brackets.
    pub(super) fn flow(&self, layout: Layout) -> String {
        let mut writer = Writer {
            out: String::new(),
            layout,
        };
        writer.flow(self);
        writer.out
    }
}

struct Writer {
    out: String,
    layout: Layout,
}

impl Writer {
    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn above(&mut self, insert: &Insert, indent: usize) {
        for text in &insert.above {
            self.indent(indent);
            self.comment_text(text);
            self.out.push('\n');
        }
    }

    fn comment_text(&mut self, text: &str) {
        let line = text.split(['\n', '\r']).collect::<Vec<_>>().join(" ");
        self.out.push('#');
        if !line.is_empty() {
            self.out.push(' ');
            self.out.push_str(&line);
        }
    }

    fn comment(&mut self, insert: &Insert) {
        if let Some(text) = &insert.comment {
            self.out.push_str("  ");
            self.comment_text(text);
        }
    }

    fn tag(&mut self, insert: &Insert) {
        if let Some(tag) = &insert.tag {
            self.out.push_str(tag);
        }
    }

    fn key(&mut self, key: &str, place: TextContext) {
        self.out.push_str(&quote(key, place, self.layout.quotes));
        self.out.push(':');
    }

    fn block(&mut self, insert: &Insert, indent: usize) {
        match &insert.what {
            What::Mapping { entries, .. } => {
                for (key, value) in entries {
                    self.above(value, indent);
                    self.indent(indent);
                    self.key(key, TextContext::Key);
                    self.behind_key(value, indent);
                    self.out.push('\n');
                }
            }
            What::Sequence { items, .. } => {
                for item in items {
                    self.above(item, indent);
                    self.indent(indent);
                    self.out.push('-');
                    self.behind_dash(item, indent);
                    self.out.push('\n');
                }
            }
            _ => {}
        }
    }

    /// Writes a value behind its key, without the last line break.
    fn behind_key(&mut self, value: &Insert, indent: usize) {
        if !value.is_block() {
            self.space_before(value);
            self.inline(value, indent + self.layout.step);
            return;
        }
        if value.tag.is_some() {
            self.out.push(' ');
            self.tag(value);
        }
        self.comment(value);
        self.out.push('\n');
        let offset = if matches!(value.what, What::Sequence { .. }) {
            self.layout.dash
        } else {
            self.layout.step
        };
        self.block(value, indent + offset);
        self.out.pop();
    }

    /// Writes an item behind its dash: a collection begins on the same line, if no comment comes
    /// between.
    fn behind_dash(&mut self, item: &Insert, indent: usize) {
        const DASH: usize = 2;
        if !item.is_block() {
            self.space_before(item);
            self.inline(item, indent + DASH);
            return;
        }
        let mut inner = Writer {
            out: String::new(),
            layout: self.layout,
        };
        inner.block(item, indent + DASH);
        let lines = inner.out.trim_end_matches('\n');
        let first = lines.trim_start_matches(' ');
        if item.tag.is_none() && item.comment.is_none() && !first.starts_with('#') {
            self.out.push(' ');
            self.out.push_str(first);
            return;
        }
        if item.tag.is_some() {
            self.out.push(' ');
            self.tag(item);
        }
        self.comment(item);
        self.out.push('\n');
        self.out.push_str(lines);
    }

    fn space_before(&mut self, value: &Insert) {
        if value.what != What::Absent || value.tag.is_some() {
            self.out.push(' ');
        }
    }

    /// Writes what begins on the line at hand. The lines of a text that has several are indented by
    /// `indent`.
    fn inline(&mut self, value: &Insert, indent: usize) {
        if let What::Text(text) = &value.what
            && let Some((header, lines)) = block_text(text)
        {
            self.tag(value);
            if value.tag.is_some() {
                self.out.push(' ');
            }
            self.out.push_str(header);
            self.comment(value);
            for line in lines {
                self.out.push('\n');
                if !line.is_empty() {
                    self.indent(indent.max(1));
                }
                self.out.push_str(line);
            }
            return;
        }
        self.one_line(value, TextContext::Block);
        self.comment(value);
    }

    fn flow(&mut self, value: &Insert) {
        self.one_line(value, TextContext::Flow);
    }

    fn one_line(&mut self, value: &Insert, place: TextContext) {
        self.tag(value);
        if value.tag.is_some() && value.what != What::Absent {
            self.out.push(' ');
        }
        match &value.what {
            What::Absent if place == TextContext::Flow && value.tag.is_none() => {
                self.out.push_str("null")
            }
            What::Absent => {}
            What::Text(text) => self.out.push_str(&quote(text, place, self.layout.quotes)),
            What::Plain(text) => self.out.push_str(text),
            What::Sequence { items, .. } => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.flow(item);
                }
                self.out.push(']');
            }
            What::Mapping { entries, .. } => {
                self.out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.key(key, TextContext::Flow);
                    self.out.push(' ');
                    self.flow(value);
                }
                self.out.push('}');
            }
        }
    }
}
