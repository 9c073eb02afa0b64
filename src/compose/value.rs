//! Values with their provenance: where each is written, and through which steps it came.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use rustc_hash::{FxHashMap, FxHasher};

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
        Value {
            value,
            origin: Origin::at(span),
        }
    }

    /// A value that no file says: the loader's own default.
    pub fn default_of(value: T, rule: &'static str) -> Self {
        Value {
            value,
            origin: Origin {
                span: None,
                steps: vec![Step::Default(rule)],
            },
        }
    }

    /// Where it is written, unless it is a default.
    pub fn span(&self) -> Option<Span> {
        self.origin.span
    }

    /// A value made from another one, which it comes from.
    pub fn from_origin(value: T, origin: &Origin) -> Self {
        Value {
            value,
            origin: origin.clone(),
        }
    }

    /// Another value from the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Value<U> {
        Value {
            value: change(self.value),
            origin: self.origin,
        }
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
        Origin {
            span: Some(span),
            steps: Vec::new(),
        }
    }

    /// Made by a rule of the loader out of something written here.
    pub fn implied(&self, rule: &'static str) -> Self {
        let mut origin = self.clone();
        origin.steps.push(Step::Default(rule));
        origin
    }

    /// The origin of a part of a short form that has this origin: where the part is written, with
    /// the variables in it.
    pub fn part(&self, part: Span) -> Self {
        let touches = |used: &Span| {
            used.file != part.file || (used.start <= part.end && part.start <= used.end)
        };
        let mut steps: Vec<Step> = self
            .steps
            .iter()
            .filter(|step| match step {
                Step::Variable { used, .. } => touches(used),
                _ => true,
            })
            .cloned()
            .collect();
        steps.extend(self.span.map(|whole| Step::ShortSyntax { whole }));
        Origin {
            span: Some(part),
            steps,
        }
    }

    /// Whether the value is the same wherever the project is loaded: no variable takes part in it.
    pub fn is_fixed(&self) -> bool {
        !self
            .steps
            .iter()
            .any(|step| matches!(step, Step::Variable { .. }))
    }

    /// Whether a variable takes part in it that is set nowhere and has no default, so that nobody
    /// knows the value.
    pub fn is_unknown(&self) -> bool {
        self.steps.iter().any(|step| {
            matches!(
                step,
                Step::Variable {
                    from: VariableSource::Unset,
                    ..
                }
            )
        })
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
    /// Nowhere, and the loader was asked to take that for a blank text.
    Blank,
}

/// The message of `${NAME:?message}` or `${NAME?message}`, which may be empty; nothing of an
/// expression that demands nothing.
pub fn demand<'t>(expression: &'t str, name: &str) -> Option<&'t str> {
    let rest = expression
        .strip_prefix("${")?
        .strip_suffix('}')?
        .strip_prefix(name)?;
    rest.strip_prefix(":?")
        .or(rest.strip_prefix('?'))
        .map(str::trim)
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
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<MapEntry>,
    /// Where each key stands, kept for large mappings only.
    index: FxHashMap<String, usize>,
}

/// Mappings up to this size are searched from end to end, which is faster than to hash.
const SMALL: usize = 16;

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

impl MapEntry {
    /// A pair whose key is written at `key_span`, or nowhere.
    pub fn new(key: impl Into<String>, key_span: Option<Span>, value: Value<Data>) -> Self {
        MapEntry {
            key: key.into(),
            key_span,
            value,
        }
    }
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
        self.position(key).map(|at| &self.entries[at])
    }

    /// The pair of a key, to change its value.
    pub fn entry_mut(&mut self, key: &str) -> Option<&mut MapEntry> {
        self.position(key).map(|at| &mut self.entries[at])
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<Data>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<Data>> {
        self.entry_mut(key).map(|entry| &mut entry.value)
    }

    /// Whether a pair has the key.
    pub fn contains(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Puts a pair at the end, or its value in the place of the one that has the key.
    pub fn insert(&mut self, entry: MapEntry) {
        if let Some(at) = self.position(&entry.key) {
            self.entries[at] = entry;
            return;
        }
        self.entries.push(entry);
        match self.entries.len() {
            0..=SMALL => {}
            length if self.index.is_empty() => self.index = index(&self.entries[..length]),
            length => {
                self.index
                    .insert(self.entries[length - 1].key.clone(), length - 1);
            }
        }
    }

    /// Takes the pair of a key out.
    pub fn remove(&mut self, key: &str) -> Option<MapEntry> {
        let at = self.position(key)?;
        let removed = self.entries.remove(at);
        self.index = if self.entries.len() > SMALL {
            index(&self.entries)
        } else {
            FxHashMap::default()
        };
        Some(removed)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: &str) -> Option<usize> {
        match self.entries.len() {
            0..=SMALL => self.entries.iter().position(|entry| entry.key == key),
            _ => self.index.get(key).copied(),
        }
    }
}

fn index(entries: &[MapEntry]) -> FxHashMap<String, usize> {
    entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (entry.key.clone(), at))
        .collect()
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl IntoIterator for Map {
    type Item = MapEntry;
    type IntoIter = std::vec::IntoIter<MapEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = &'m MapEntry;
    type IntoIter = std::slice::Iter<'m, MapEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<MapEntry> for Map {
    fn from_iter<I: IntoIterator<Item = MapEntry>>(entries: I) -> Self {
        let mut map = Map::new();
        entries.into_iter().for_each(|entry| map.insert(entry));
        map
    }
}

impl Data {
    /// What kind of value it is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Data::Null => "nothing",
            Data::Bool(_) => "true or false",
            Data::Int(_) | Data::Float(_) => "a number",
            Data::String(_) => "text",
            Data::List(_) => "a list",
            Data::Map(_) => "a mapping",
        }
    }

    /// Whether nothing is there.
    pub fn is_null(&self) -> bool {
        matches!(self, Data::Null)
    }

    /// A scalar as text, in Go's way of printing numbers; `None` for null and collections.
    pub fn scalar_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Data::Null | Data::List(_) | Data::Map(_) => None,
            Data::Bool(value) => Some(value.to_string().into()),
            Data::Int(value) => Some(value.to_string().into()),
            Data::Float(value) => Some(float_text(*value).into()),
            Data::String(text) => Some(text.as_str().into()),
        }
    }

    /// Whether both mean the same, wherever they are written and in whatever order their keys
    /// stand.
    pub fn same(&self, other: &Data) -> bool {
        match (self, other) {
            (Data::String(one), Data::String(two)) => one.as_str() == two.as_str(),
            (Data::List(one), Data::List(two)) => {
                one.len() == two.len()
                    && one
                        .iter()
                        .zip(two)
                        .all(|(one, two)| one.value.same(&two.value))
            }
            (Data::Map(one), Data::Map(two)) => {
                one.len() == two.len()
                    && one.iter().all(|entry| {
                        two.get(&entry.key)
                            .is_some_and(|value| entry.value.value.same(&value.value))
                    })
            }
            (Data::Null, Data::Null) => true,
            (Data::Bool(one), Data::Bool(two)) => one == two,
            (Data::Int(one), Data::Int(two)) => one == two,
            (Data::Float(one), Data::Float(two)) => one == two,
            _ => false,
        }
    }
}

impl Data {
    /// A hash that is the same for values that are [`same`](Data::same).
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        std::mem::discriminant(self).hash(&mut hasher);
        match self {
            Data::Null => {}
            Data::Bool(value) => value.hash(&mut hasher),
            Data::Int(value) => value.hash(&mut hasher),
            Data::Float(value) => (value + 0.0).to_bits().hash(&mut hasher),
            Data::String(text) => text.as_str().hash(&mut hasher),
            Data::List(items) => items
                .iter()
                .for_each(|item| item.value.fingerprint().hash(&mut hasher)),
            Data::Map(map) => {
                // A sum, for the order of keys does not count.
                let sum = map.iter().fold(0_u64, |sum, entry| {
                    let mut pair = FxHasher::default();
                    (&entry.key, entry.value.value.fingerprint()).hash(&mut pair);
                    sum.wrapping_add(pair.finish())
                });
                sum.hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

/// A float as Go's default verb prints it: shortest digits, an exponent below 1e-4 and from 1e6 on.
fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
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

    /// The sequence, to change it.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Value<Data>>> {
        match &mut self.value {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    /// The mapping, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<Data>> {
        self.as_map_mut()?.get_mut(key)
    }

    /// Adds a step to this value and to everything in it.
    pub fn add_step(&mut self, step: &Step) {
        let mut rest = vec![self];
        while let Some(value) = rest.pop() {
            value.origin.steps.push(step.clone());
            match &mut value.value {
                Data::List(items) => rest.extend(items),
                Data::Map(map) => rest.extend(map.iter_mut().map(|entry| &mut entry.value)),
                _ => {}
            }
        }
    }
}
