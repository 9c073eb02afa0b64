//! Values with their provenance: where each is written, and through which steps it came.

use std::ops::Deref;

use crate::text::{Cooked, Span};

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Value<T> {
    /// A value written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Value { value, origin: Origin::at(span) }
    }

    /// A value that no file says: the loader's own default.
    pub fn default_of(value: T, rule: &'static str) -> Self {
        Value { value, origin: Origin { span: None, steps: vec![Step::Default(rule)] } }
    }

    /// Where it is written, unless it is a default.
    pub fn span(&self) -> Option<Span> {
        self.origin.span
    }

    /// Another value from the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Value<U> {
        Value { value: change(self.value), origin: self.origin }
    }
}

impl<T> Deref for Value<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Where a value is written, and how it got to where it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The bytes that say it; `None` for a default.
    pub span: Option<Span>,
    /// The steps from there to the resolved document, oldest first.
    pub steps: Vec<Step>,
}

impl Origin {
    /// Written at `span`, and used right there.
    pub fn at(span: Span) -> Self {
        Origin { span: Some(span), steps: Vec::new() }
    }

    /// Whether the value is the same wherever the project is loaded: no variable takes part in it.
    pub fn is_fixed(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step, Step::Variable { .. }))
    }

    /// Whether a variable takes part in it that is set nowhere and has no default, so that nobody knows the value.
    pub fn is_unknown(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Variable { from: VariableSource::Unset, .. }))
    }
}

/// One step of a value on its way through the loader.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Reached through the alias written at `used`.
    Alias {
        /// `*name`
        used: Span,
        /// `&name`
        anchor: Span,
    },
    /// Taken over by a merge key.
    MergeKey {
        /// The `<<` key.
        used: Span,
    },
    /// Inherited from another service.
    Extends {
        /// The `extends` value.
        used: Span,
        /// The service that was extended.
        service: String,
    },
    /// Brought in by `include`.
    Include {
        /// The include entry.
        used: Span,
    },
    /// Written in a later file over what stood at `replaced`.
    Replaced {
        /// The earlier value.
        replaced: Span,
    },
    /// A part of a short form such as `8080:80`.
    ShortSyntax {
        /// All of the short form.
        whole: Span,
    },
    /// A variable was put in.
    Variable {
        /// `${NAME…}` as written.
        used: Span,
        /// Its name.
        name: String,
        /// Where its value comes from.
        from: VariableSource,
    },
    /// Read from an env file or a label file.
    EnvFile {
        /// The `env_file` entry.
        used: Span,
    },
    /// Nobody wrote it; the loader's rule that makes it, in a few words.
    Default(&'static str),
}

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum VariableSource {
    /// The environment of the process.
    Environment,
    /// A line of an env file.
    File(Span),
    /// The default in the expression itself.
    Default(Span),
    /// Nowhere: it is not set.
    Unset,
}

/// A resolved value of any type: the untyped document.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Null, or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A float.
    Float(f64),
    /// Text, with the map to where each part of it is written.
    String(Cooked),
    /// A sequence.
    List(Vec<Value<Data>>),
    /// A mapping.
    Map(Map),
}

/// A mapping in document order, its keys unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: Vec<MapEntry>,
}

/// A pair of a [`Map`].
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: String,
    /// Where the key is written, unless it is a default.
    pub key_span: Option<Span>,
    /// The value.
    pub value: Value<Data>,
}

impl Map {
    /// No pairs.
    pub fn new() -> Self {
        Map::default()
    }

    /// The pairs in order.
    pub fn iter(&self) -> std::slice::Iter<'_, MapEntry> {
        self.entries.iter()
    }

    /// The pairs in order, to change their values.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, MapEntry> {
        self.entries.iter_mut()
    }

    /// The pair of a key.
    pub fn entry(&self, key: &str) -> Option<&MapEntry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<Data>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<Data>> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// Puts a pair at the end, or its value in the place of the one that has the key.
    pub fn insert(&mut self, entry: MapEntry) {
        match self.entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Takes the pair of a key out.
    pub fn remove(&mut self, key: &str) -> Option<MapEntry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Value<Data> {
    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The sequence, if it is one.
    pub fn as_list(&self) -> Option<&[Value<Data>]> {
        match &self.value {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Data::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The value of a key, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Value<Data>> {
        self.as_map()?.get(key)
    }
}
