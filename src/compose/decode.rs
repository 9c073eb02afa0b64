//! The typed decode: what each attribute of a resolved document means, in the form in which Docker
//! Compose prints it.
//!
//! Sizes become bytes, durations are spelled as Go spells them, command lines are cut into words,
//! numbers become text where text is wanted, and what is empty is left out. Every value keeps its
//! origin.

use std::time::Duration;

use crate::compose::cast;
use crate::compose::forms;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::compose::{FRACTION_WITHOUT_UNIT, INVALID_COMPOSE};
use crate::diagnostic::Diagnostic;
use crate::syntax::shellwords;
use crate::text::{Cooked, FileId, Span};

mod types;
mod units;

pub(super) use types::{CONTAINER, Struct};
use types::{Field, Shown, Type};

/// In which language the document will be printed: the reference shows more in JSON, but for what
/// starts with `x-`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// Decodes what is a mapping of attributes. What cannot be decoded is reported and left out.
pub(super) fn decode(
    value: &Value<Data>,
    kind: &'static Struct,
    dialect: Dialect,
    problems: &mut Vec<Diagnostic>,
) -> Value<Data> {
    let mut decoder = Decoder { dialect, problems };
    decoder.structure(value, kind)
}

/// A service decoded, without a word about what cannot be.
pub(super) fn service(value: &Value<Data>, dialect: Dialect) -> Value<Data> {
    decode(value, &types::SERVICE, dialect, &mut Vec::new())
}

/// Reports everything in a document that cannot be decoded.
pub(super) fn check(document: &Value<Data>, problems: &mut Vec<Diagnostic>) {
    for (section, kind) in SECTIONS {
        for entry in document
            .get(section)
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
        {
            decode(&entry.value, kind, Dialect::Json, problems);
        }
    }
}

/// The sections of a document and what lies in them, in the order in which they are printed.
pub(super) const SECTIONS: [(&str, &Struct); 7] = [
    ("services", &types::SERVICE),
    ("jobs", &types::JOB),
    ("networks", &types::NETWORK),
    ("volumes", &types::VOLUME),
    ("secrets", &types::FILE),
    ("configs", &types::FILE),
    ("models", &types::MODEL),
];

struct Decoder<'p> {
    dialect: Dialect,
    problems: &'p mut Vec<Diagnostic>,
}

impl Decoder<'_> {
    fn structure(&mut self, value: &Value<Data>, kind: &'static Struct) -> Value<Data> {
        let empty = Map::new();
        let map = value.as_map().unwrap_or(&empty);
        let mut out = Map::new();
        for field in kind.0.iter().copied().flatten() {
            let written = map.entry(field.name);
            let origin = || Origin {
                span: None,
                steps: vec![Step::Default("not set")],
            };
            let decoded = match written {
                Some(entry) => self.field(field, &entry.value),
                None => None,
            };
            let shown = match field.shown {
                Shown::Filled => false,
                Shown::Always | Shown::Capital => true,
                Shown::InJson => self.dialect == Dialect::Json,
            };
            let is_blank =
                |value: &Value<Data>| matches!(&value.value, Data::Map(map) if map.is_empty());
            let decoded = match (decoded, field.kind) {
                // What is no pointer in the reference shows in YAML only when something is in it.
                (Some(value), Type::Struct(_))
                    if field.shown == Shown::InJson && !shown && is_blank(&value) =>
                {
                    None
                }
                (None, kind) if shown => Some(self.nothing(
                    kind,
                    written.map_or_else(origin, |entry| entry.value.origin.clone()),
                )),
                (decoded, _) => decoded,
            };
            if let Some(value) = decoded {
                let name = match (field.shown, self.dialect) {
                    (Shown::Capital, Dialect::Json) => {
                        field.name[..1].to_ascii_uppercase() + &field.name[1..]
                    }
                    _ => field.name.to_owned(),
                };
                out.insert(MapEntry::new(
                    name,
                    written.and_then(|entry| entry.key_span),
                    value,
                ));
            }
        }
        if self.dialect == Dialect::Yaml {
            let mut extensions: Vec<&MapEntry> = map
                .iter()
                .filter(|entry| entry.key.starts_with("x-"))
                .collect();
            extensions.sort_by(|one, two| one.key.cmp(&two.key));
            extensions.into_iter().for_each(|entry| {
                out.insert(MapEntry {
                    value: sorted(&entry.value),
                    ..entry.clone()
                })
            });
        }
        Value {
            value: Data::Map(out),
            origin: value.origin.clone(),
        }
    }

    /// What an attribute that nobody wrote is shown as.
    fn nothing(&mut self, kind: Type, origin: Origin) -> Value<Data> {
        let value = match kind {
            Type::Bool => Data::Bool(false),
            Type::Int | Type::Unsigned | Type::Weight => Data::Int(0),
            Type::Size => return text("0", &origin),
            Type::Text => return text("", &origin),
            Type::Struct(kind) => {
                return self.structure(
                    &Value {
                        value: Data::Null,
                        origin,
                    },
                    kind,
                );
            }
            _ => Data::Null,
        };
        Value { value, origin }
    }

    /// The value of an attribute; `None` when it is empty.
    fn field(&mut self, field: &Field, value: &Value<Data>) -> Option<Value<Data>> {
        let decoded = self.value(field.kind, field.name, value)?;
        let is_empty = match (&decoded.value, field.kind) {
            (Data::Bool(value), Type::Bool) => !value,
            (Data::Bool(value), Type::OptOut) => *value,
            (Data::Int(value), Type::Int | Type::Number | Type::Weight | Type::Devices) => {
                *value == 0
            }
            (Data::Float(value), _) => *value == 0.0,
            (Data::String(text), Type::Text) => text.as_str().is_empty(),
            (Data::String(text), Type::Size) => text.as_str() == "0",
            (Data::String(text), Type::Duration) => text.as_str() == "0s",
            // An empty command is one that clears that of the image.
            (Data::List(_), Type::Command) | (Data::Map(_), Type::Struct(_)) => false,
            (Data::List(items), _) => items.is_empty(),
            (Data::Map(map), _) => map.is_empty(),
            _ => false,
        };
        (!is_empty).then_some(decoded)
    }

    fn value(&mut self, kind: Type, name: &str, value: &Value<Data>) -> Option<Value<Data>> {
        if value.value.is_null() {
            return None;
        }
        let same = |data: Data| {
            Some(Value {
                value: data,
                origin: value.origin.clone(),
            })
        };
        match kind {
            Type::Text => match value.value.scalar_text() {
                Some(found) => match &value.value {
                    Data::String(_) => Some(value.clone()),
                    _ => Some(text(&found, &value.origin)),
                },
                None => self.wrong(value, name, "text"),
            },
            Type::Bool | Type::Flag | Type::OptOut => match boolean(value) {
                Some(flag) => {
                    self.problems.extend(cast::old_boolean(value, flag));
                    same(Data::Bool(flag))
                }
                None => self.wrong(value, name, "true or false"),
            },
            Type::Number | Type::Weight if value.as_str().is_some() => {
                self.wrong(value, name, "a whole number")
            }
            Type::Int | Type::Number | Type::Count | Type::Unsigned | Type::Weight => {
                match integer(value).map(in_64_bits) {
                    Some(number) if matches!(kind, Type::Unsigned | Type::Weight) && number < 0 => {
                        self.wrong(value, name, "a number that is not below zero")
                    }
                    Some(number) => same(Data::Int(number)),
                    None => self.wrong(value, name, "a whole number"),
                }
            }
            Type::Float => match float(value) {
                Some(number) => same(Data::Float(number)),
                None => self.wrong(value, name, "a number"),
            },
            Type::Size => match &value.value {
                Data::Int(number) => Some(text(&number.to_string(), &value.origin)),
                // The reference takes no notice of a size with a fraction and no unit.
                Data::Float(number) => {
                    let message = format!(
                        "`{name}: {number}` limits nothing: Docker Compose drops a fraction without a unit"
                    );
                    self.problems.extend(
                        value
                            .span()
                            .map(|span| Diagnostic::new(FRACTION_WITHOUT_UNIT, span, message)),
                    );
                    None
                }
                Data::String(written) => match units::size(written.as_str()) {
                    Some(bytes) => Some(text(&bytes.to_string(), &value.origin)),
                    None => self.problem(value, || {
                        format!(
                            "`{}` is no size: write a number with a unit, such as 64m or 1g",
                            written.as_str()
                        )
                    }),
                },
                _ => self.wrong(value, name, "a size"),
            },
            Type::Duration | Type::Period => match value
                .value
                .scalar_text()
                .map(|found| (signed_duration(&found), found))
            {
                Some((Some(duration), _)) => Some(text(&duration, &value.origin)),
                Some((None, found)) => self.problem(value, || {
                    format!(
                        "`{found}` is no duration: write a number with a unit, such as 30s or 1m30s"
                    )
                }),
                None => self.wrong(value, name, "a duration"),
            },
            Type::Mode => match &value.value {
                Data::Int(number) => Some(text(&format!("0{number:o}"), &value.origin)),
                Data::String(written) => match i64::from_str_radix(written.as_str(), 8) {
                    Ok(number) => Some(text(&format!("0{number:o}"), &value.origin)),
                    Err(_) => self.problem(value, || {
                        format!(
                            "`{}` is no file mode: write octal digits, such as 0440",
                            written.as_str()
                        )
                    }),
                },
                _ => self.wrong(value, name, "a file mode"),
            },
            Type::Command => self.command(value, name),
            Type::Test => match &value.value {
                Data::String(_) => same(Data::List(vec![
                    text("CMD-SHELL", &value.origin.implied("short health check")),
                    value.clone(),
                ])),
                _ => self.texts(value, name),
            },
            Type::Digits
                if value.as_list().is_some_and(|items| {
                    items
                        .iter()
                        .any(|item| matches!(item.value, Data::Float(_)))
                }) =>
            {
                self.problem(value, || {
                    format!("`{name}` can have whole numbers and text only")
                })
            }
            Type::Texts | Type::Digits => self.texts(value, name),
            Type::Variables => same(Data::Map(self.pairs(value, true))),
            Type::Pairs => same(Data::Map(self.pairs(value, false))),
            Type::Options => same(Data::Map(self.options(value))),
            Type::Hosts => self.hosts(value),
            Type::Ssh => same(Data::List(ssh(value))),
            Type::Devices => self.devices(value, name),
            Type::Ulimit => Some(self.ulimit(value)),
            Type::List(kind) => match &value.value {
                Data::List(items) => same(Data::List(
                    items
                        .iter()
                        .filter_map(|item| self.value(*kind, name, item))
                        .collect(),
                )),
                _ => self.wrong(value, name, "a list"),
            },
            Type::Map(kind) => match &value.value {
                Data::Map(map) => {
                    let mut entries: Vec<&MapEntry> = map.iter().collect();
                    entries.sort_by(|one, two| one.key.cmp(&two.key));
                    let decoded = |entry: &MapEntry| {
                        let value = self.value(*kind, &entry.key, &entry.value);
                        let value = value.unwrap_or_else(|| Value {
                            value: Data::Null,
                            origin: entry.value.origin.clone(),
                        });
                        MapEntry {
                            key: entry.key.clone(),
                            key_span: entry.key_span,
                            value,
                        }
                    };
                    same(Data::Map(entries.into_iter().map(decoded).collect()))
                }
                _ => self.wrong(value, name, "a mapping"),
            },
            Type::Struct(kind) => match &value.value {
                Data::Map(_) => Some(self.structure(value, kind)),
                _ => self.wrong(value, name, "a mapping"),
            },
        }
    }

    fn command(&mut self, value: &Value<Data>, name: &str) -> Option<Value<Data>> {
        match &value.value {
            Data::List(_) => self.texts(value, name),
            Data::String(line) => match shellwords::split(line) {
                Ok(split) => {
                    let word = |word: crate::syntax::shell::Word| {
                        let origin = value.origin.part(word.span);
                        Value {
                            value: Data::String(word.text),
                            origin,
                        }
                    };
                    Some(Value {
                        value: Data::List(split.words.into_iter().map(word).collect()),
                        origin: value.origin.clone(),
                    })
                }
                Err(shellwords::InvalidCommandLine(span)) => {
                    if !value.origin.is_unknown() {
                        let message = "this command line cannot be cut into words: a quote or a parenthesis is left open";
                        self.problems
                            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
                    }
                    None
                }
            },
            _ => self.wrong(value, name, "text or a list"),
        }
    }

    fn texts(&mut self, value: &Value<Data>, name: &str) -> Option<Value<Data>> {
        let items = match &value.value {
            Data::List(items) => items
                .iter()
                .filter_map(|item| self.value(Type::Text, name, item))
                .collect(),
            Data::String(_) => vec![value.clone()],
            _ => return self.wrong(value, name, "a list"),
        };
        Some(Value {
            value: Data::List(items),
            origin: value.origin.clone(),
        })
    }

    /// `KEY=VALUE` items or a mapping, by key.
    fn pairs(&mut self, value: &Value<Data>, keeps_null: bool) -> Map {
        let mut pairs = forms::pairs(value);
        if let (true, Data::List(_)) = (keeps_null, &value.value) {
            for (key, _) in &pairs {
                if let (true, Some(span)) = (
                    key.ends_with(char::is_whitespace) && !key.origin.is_unknown(),
                    key.span(),
                ) {
                    let message = format!(
                        "the name of the variable `{}` ends in a space",
                        key.value.trim_end()
                    );
                    self.problems
                        .push(Diagnostic::new(INVALID_COMPOSE, span, message));
                }
            }
        }
        pairs.sort_by(|(one, _), (two, _)| one.value.cmp(&two.value));
        let entry = |(key, value): (Value<String>, Value<Data>)| {
            let value = match &value.value {
                Data::Null if keeps_null => value,
                Data::Null => text("", &value.origin),
                Data::String(_) => value,
                data => text(&data.scalar_text().unwrap_or_default(), &value.origin),
            };
            MapEntry::new(key.value, key.origin.span, value)
        };
        pairs.into_iter().map(entry).collect()
    }

    fn options(&mut self, value: &Value<Data>) -> Map {
        let mut entries: Vec<&MapEntry> = value.as_map().into_iter().flatten().collect();
        entries.sort_by(|one, two| one.key.cmp(&two.key));
        let entry = |entry: &MapEntry| {
            let scalar = |value: &Value<Data>| {
                text(
                    &value.value.scalar_text().unwrap_or_default(),
                    &value.origin,
                )
            };
            let items = match &entry.value.value {
                Data::List(items) => items.iter().map(scalar).collect(),
                _ => vec![scalar(&entry.value)],
            };
            MapEntry {
                key: entry.key.clone(),
                key_span: entry.key_span,
                value: Value {
                    value: Data::List(items),
                    origin: entry.value.origin.clone(),
                },
            }
        };
        entries.into_iter().map(entry).collect()
    }

    /// `host=address` items, sorted.
    fn hosts(&mut self, value: &Value<Data>) -> Option<Value<Data>> {
        // In a mapping an address stands alone.
        let is_list = value.as_list().is_some();
        let list = forms::key_value_list(value.clone());
        let mut hosts: Vec<Value<Data>> = Vec::new();
        for item in list.as_list().unwrap_or_default() {
            let Some(written) = item.value.scalar_text() else {
                continue;
            };
            let Some(at) = written.find('=').or(written.find(':')) else {
                self.problem::<()>(item, || {
                    format!("the host `{written}` has no address: write `{written}=ADDRESS`")
                });
                continue;
            };
            let (host, addresses) = (&written[..at], &written[at + 1..]);
            if host.is_empty() || host.contains([':', '=']) {
                self.problem::<()>(item, || format!("`{host}` is no name of a host"));
                continue;
            }
            for address in addresses.split(|char| is_list && char == ',') {
                let bare = address
                    .strip_prefix('[')
                    .and_then(|address| address.strip_suffix(']'))
                    .filter(|bare| !bare.is_empty());
                hosts.push(text(
                    &format!("{host}={}", bare.unwrap_or(address)),
                    &item.origin,
                ));
            }
        }
        hosts.sort_by(|one, two| one.as_str().cmp(&two.as_str()));
        Some(Value {
            value: Data::List(hosts),
            origin: value.origin.clone(),
        })
    }

    fn devices(&mut self, value: &Value<Data>, name: &str) -> Option<Value<Data>> {
        let number = match &value.value {
            Data::Int(number) => Some(*number),
            Data::String(written) if written.as_str().eq_ignore_ascii_case("all") => Some(-1),
            Data::String(written) => written.as_str().parse::<i64>().ok().map(i128::from),
            _ => None,
        };
        match number {
            Some(number) => Some(Value {
                value: Data::Int(number),
                origin: value.origin.clone(),
            }),
            None => self.wrong(value, name, "`all` or a number"),
        }
    }

    fn ulimit(&mut self, value: &Value<Data>) -> Value<Data> {
        let mut map = Map::new();
        match &value.value {
            Data::Int(number) if *number != 0 => return value.clone(),
            Data::Map(limits) => {
                for key in ["soft", "hard"] {
                    let limit = limits
                        .entry(key)
                        .and_then(|entry| Some((entry, integer(&entry.value)?)));
                    let (entry, number) = match limit {
                        Some((entry, number)) => (Some(entry), number),
                        None => (None, 0),
                    };
                    if number != 0 || self.dialect == Dialect::Yaml {
                        let origin =
                            entry.map_or_else(Origin::default, |entry| entry.value.origin.clone());
                        map.insert(MapEntry::new(
                            key,
                            entry.and_then(|entry| entry.key_span),
                            Value {
                                value: Data::Int(number),
                                origin,
                            },
                        ));
                    }
                }
            }
            _ if self.dialect == Dialect::Yaml => {
                for key in ["soft", "hard"] {
                    map.insert(MapEntry::new(
                        key,
                        None,
                        Value {
                            value: Data::Int(0),
                            origin: value.origin.clone(),
                        },
                    ));
                }
            }
            _ => {}
        }
        Value {
            value: Data::Map(map),
            origin: value.origin.clone(),
        }
    }

    fn wrong<T>(&mut self, value: &Value<Data>, name: &str, wanted: &str) -> Option<T> {
        self.problem(value, || {
            format!("`{name}` must be {wanted}, not {}", value.value.kind())
        })
    }

    /// Reports a value, unless a variable hides what it is.
    fn problem<T>(&mut self, value: &Value<Data>, message: impl FnOnce() -> String) -> Option<T> {
        if let Some(span) = value.span().filter(|_| !value.origin.is_unknown()) {
            self.problems
                .push(Diagnostic::new(INVALID_COMPOSE, span, message()));
        }
        None
    }
}

/// `build.ssh` as a list: `id`, or `id: path`.
fn ssh(value: &Value<Data>) -> Vec<Value<Data>> {
    let pairs = forms::pairs(value).into_iter();
    let mut keys: Vec<Value<Data>> = pairs
        .map(|(id, path)| match path.value.scalar_text() {
            Some(found) if !found.is_empty() => {
                text(&format!("{}: {found}", id.value), &path.origin)
            }
            _ => text(
                &id.value,
                if id.origin.span.is_some() {
                    &id.origin
                } else {
                    &path.origin
                },
            ),
        })
        .collect();
    keys.sort_by(|one, two| one.as_str().cmp(&two.as_str()));
    keys
}

/// What starts with `x-` as it is, its mappings in the order of their keys.
pub(super) fn sorted(value: &Value<Data>) -> Value<Data> {
    let data = match &value.value {
        Data::Map(map) => {
            let mut entries: Vec<MapEntry> = map
                .iter()
                .map(|entry| MapEntry {
                    value: sorted(&entry.value),
                    ..entry.clone()
                })
                .collect();
            entries.sort_by(|one, two| one.key.cmp(&two.key));
            Data::Map(entries.into_iter().collect())
        }
        Data::List(items) => Data::List(items.iter().map(sorted).collect()),
        data => data.clone(),
    };
    Value {
        value: data,
        origin: value.origin.clone(),
    }
}

/// A text that is made out of what stands at `origin`.
pub(super) fn text(text: &str, origin: &Origin) -> Value<Data> {
    // A text that comes from nowhere has an empty map: nobody asks where its parts are written.
    let span = origin.span.unwrap_or(Span::at(FileId::default(), 0));
    Value {
        value: Data::String(Cooked::synthetic(text, span)),
        origin: origin.clone(),
    }
}

fn boolean(value: &Value<Data>) -> Option<bool> {
    match &value.value {
        Data::Bool(value) => Some(*value),
        Data::String(text) => cast::boolean(text.as_str()),
        _ => None,
    }
}

/// A number as 64 bits hold it: one that is too large begins again at the other end.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the reference does the same"
)]
fn in_64_bits(number: i128) -> i128 {
    i128::from(number as i64)
}

fn integer(value: &Value<Data>) -> Option<i128> {
    match &value.value {
        Data::Int(number) => Some(*number),
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the reference drops the fraction"
        )]
        Data::Float(number) => Some(*number as i128),
        Data::String(text) => text.as_str().parse::<i64>().ok().map(i128::from),
        _ => None,
    }
}

/// A number as the reference keeps it, in 32 bits.
fn float(value: &Value<Data>) -> Option<f64> {
    let number: f32 = match &value.value {
        Data::Int(number) => number.to_string().parse().ok()?,
        Data::Float(number) => number.to_string().parse().ok()?,
        Data::String(text) => text.as_str().parse().ok()?,
        _ => return None,
    };
    number.to_string().parse().ok()
}

/// A duration, possibly below zero, as Go prints it.
fn signed_duration(text: &str) -> Option<String> {
    match text
        .strip_prefix('-')
        .filter(|rest| !rest.starts_with(['+', '-']))
    {
        Some(rest) => units::duration(rest).map(|duration| {
            if duration.is_zero() {
                "0s".to_owned()
            } else {
                format!("-{}", go_duration(duration))
            }
        }),
        None => units::duration(text).map(go_duration),
    }
}

/// A duration as Go prints it: `1h2m3.5s`.
pub(super) fn go_duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let decimal = |value: u128, unit: u128| {
        let text = format!(
            "{}.{:09}",
            value / unit,
            value % unit * (1_000_000_000 / unit)
        );
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => format!("{}µs", decimal(nanos, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", decimal(nanos, 1_000_000)),
        _ => {
            let seconds = nanos / 1_000_000_000;
            let rest = decimal(nanos % 60_000_000_000, 1_000_000_000);
            match (seconds / 3600, seconds / 60 % 60) {
                (0, 0) => format!("{rest}s"),
                (0, minutes) => format!("{minutes}m{rest}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{rest}s"),
            }
        }
    }
}
