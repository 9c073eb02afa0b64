//! The schema of compose files: every attribute, what it may hold, and what is wrong where a file
//! does not follow it.
//!
//! Docker Compose stops at one error and names no line; here every error is found, each at its
//! place. Of several forms that an attribute may have, the one that was probably meant is judged. A
//! value that an unknown variable hides is never judged.

use crate::compose::value::{Data, Map, MapEntry, Value};
use crate::compose::{INVALID_COMPOSE, UNKNOWN_KEY};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::text::{Span, closest};

mod help;
mod table;

/// What a value may be.
enum Schema {
    /// Anything of these kinds.
    Only(u8),
    /// What follows these rules.
    Node(&'static Rules),
    /// One of several forms.
    OneOf(&'static [&'static Schema]),
}

/// What is asked of a value.
struct Rules {
    kinds: u8,
    /// The only texts.
    values: &'static [&'static str],
    pattern: Option<Pattern>,
    /// The least and the greatest number.
    range: Option<(i64, i64)>,
    items: Option<&'static Schema>,
    /// Whether no two items may be the same.
    unique: bool,
    required: &'static [&'static str],
    /// Keys of which there must be at least one.
    needs_one_of: &'static [&'static str],
    properties: &'static [(&'static str, &'static Schema)],
    /// Whether keys may begin with `x-`.
    extensions: bool,
    /// What other keys may be, and what they may hold.
    others: Option<(Keys, &'static Schema)>,
    /// Whether there may be no further keys.
    closed: bool,
}

/// Rules that ask for nothing.
const ANY: Rules = Rules {
    kinds: u8::MAX,
    values: &[],
    pattern: None,
    range: None,
    items: None,
    unique: false,
    required: &[],
    needs_one_of: &[],
    properties: &[],
    extensions: false,
    others: None,
    closed: false,
};

const NULL: u8 = 1;
const BOOLEAN: u8 = 2;
const INTEGER: u8 = 4;
const NUMBER: u8 = 8;
const STRING: u8 = 16;
const LIST: u8 = 32;
const MAPPING: u8 = 64;

/// What a text must look like.
#[derive(Clone, Copy)]
enum Pattern {
    /// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, anywhere in the text.
    ContainerName,
    /// `always`, `never`, …, `every_12h`.
    PullPolicy,
}

/// What a key must look like.
#[derive(Clone, Copy)]
enum Keys {
    /// It must not be empty.
    Any,
    /// `[a-zA-Z0-9._-]+`
    Name,
    /// `[a-z]+`
    Lower,
}

/// Validates a file, or what several files make; of sections with names only what `is_new` says.
pub(super) fn validate(
    document: &Value<Data>,
    is_new: &dyn Fn(&str) -> bool,
    near: Span,
    problems: &mut Vec<Diagnostic>,
) {
    let mut validator = Validator {
        path: Vec::new(),
        is_new,
        problems: Vec::new(),
    };
    validator.check(document, &table::FILE, near);
    problems.append(&mut validator.problems);
}

struct Validator<'v> {
    path: Vec<Segment<'v>>,
    is_new: &'v dyn Fn(&str) -> bool,
    problems: Vec<Diagnostic>,
}

#[derive(Clone, Copy)]
enum Segment<'v> {
    Key(&'v str),
    Item(usize),
}

impl<'v> Validator<'v> {
    fn check(&mut self, value: &'v Value<Data>, schema: &'static Schema, near: Span) {
        if value.origin.is_unknown() {
            return;
        }
        let near = value.span().filter(|span| !span.is_empty()).unwrap_or(near);
        match schema {
            Schema::Only(kinds) => self.check_kind(value, *kinds, near),
            Schema::Node(rules) => self.check_node(value, rules, near),
            Schema::OneOf(forms) => self.check_forms(value, forms, near),
        }
    }

    /// Judges by the form that was probably meant: one of the same kind with the fewest problems.
    fn check_forms(
        &mut self,
        value: &'v Value<Data>,
        forms: &'static [&'static Schema],
        near: Span,
    ) {
        if let Some(problem) = help::colon_with_blank(value, forms, near, &self.place()) {
            return self.problems.push(problem);
        }
        let known = self.problems.len();
        let mut best: Option<Vec<Diagnostic>> = None;
        for form in forms
            .iter()
            .filter(|form| kind_of(&value.value) & form.kinds() != 0)
        {
            self.check(value, form, near);
            let found = self.problems.split_off(known);
            if found.is_empty() {
                return;
            }
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        match best {
            Some(problems) => self.problems.extend(problems),
            None => self.check_kind(
                value,
                forms.iter().fold(0, |kinds, form| kinds | form.kinds()),
                near,
            ),
        }
    }

    fn check_kind(&mut self, value: &Value<Data>, kinds: u8, near: Span) {
        if let Data::Float(number) = &value.value
            && !number.is_finite()
        {
            return self.problem(near, |path| format!("`{path}` must be a finite number"));
        }
        if kind_of(&value.value) & kinds != 0 {
            return;
        }
        let found = match &value.value {
            Data::Float(_) if kinds & INTEGER != 0 => "a number with a fraction",
            data => data.kind(),
        };
        self.problem(near, |path| {
            format!("`{path}` must be {}, not {found}", words(kinds))
        });
        let key = self.path.iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(*key),
            Segment::Item(_) => None,
        });
        if let Some(problem) = self.problems.last_mut() {
            help::of_kind(problem, value, kinds, key.unwrap_or_default());
        }
        if let [Segment::Key("services"), Segment::Key(name)] = self.path.as_slice()
            && let Some(problem) = self.problems.last_mut()
        {
            help::of_service(problem, name);
        }
    }

    fn check_node(&mut self, value: &'v Value<Data>, rules: &'static Rules, near: Span) {
        let known = self.problems.len();
        self.check_kind(value, rules.kinds, near);
        if self.problems.len() > known {
            return;
        }
        match &value.value {
            Data::String(text) => self.check_text(text.as_str(), rules, near),
            Data::Int(number) => {
                if let Some((least, greatest)) = rules.range.filter(|(least, greatest)| {
                    *number < i128::from(*least) || *number > i128::from(*greatest)
                }) {
                    self.problem(near, |path| match (least, greatest) {
                        (least, i64::MAX) => {
                            format!("`{path}` must be {least} or more, not {number}")
                        }
                        (least, greatest) => {
                            format!("`{path}` must be between {least} and {greatest}, not {number}")
                        }
                    });
                }
            }
            Data::List(items) => self.check_list(items, rules, near),
            Data::Map(map) => self.check_map(map, rules, near),
            _ => {}
        }
    }

    fn check_text(&mut self, text: &str, rules: &Rules, near: Span) {
        if !rules.values.is_empty() && !rules.values.contains(&text) {
            let values = one_of(
                rules
                    .values
                    .iter()
                    .map(|value| format!("`{value}`"))
                    .collect(),
            );
            self.problem(near, |path| {
                format!("`{path}` must be {values}, not `{text}`")
            });
            self.suggest(text, rules.values, near);
        }
        match rules.pattern {
            Some(Pattern::ContainerName) if !is_container_name(text) => {
                self.problem(near, |path| format!("`{path}` must be two or more letters, digits, `_`, `.` and `-`, not `{text}`"));
            }
            Some(Pattern::PullPolicy) if !is_pull_policy(text) => {
                let known = "`always`, `never`, `missing`, `build`, `refresh`, `daily`, `weekly` or such as `every_12h`";
                self.problem(near, |path| {
                    format!("`{path}` must be {known}, not `{text}`")
                });
                self.suggest(text, &PULL_POLICIES, near);
            }
            _ => {}
        }
    }

    fn check_list(&mut self, items: &'v [Value<Data>], rules: &'static Rules, near: Span) {
        if rules.unique
            && let Some((at, first)) = repeated(items)
        {
            let span = items[at].span().unwrap_or(near);
            let shown = items[at]
                .value
                .scalar_text()
                .map_or_else(|| "this item".to_owned(), |text| format!("`{text}`"));
            self.problem(span, |path| format!("{shown} stands in `{path}` twice"));
            if let (Some(problem), Some(first)) = (
                self.problems.last_mut(),
                items[first].span().filter(|first| *first != span),
            ) {
                problem.labels.push(crate::diagnostic::Label {
                    span: first,
                    message: "here already".to_owned(),
                });
            }
        }
        if let Some(schema) = rules.items {
            for (at, item) in items.iter().enumerate() {
                self.path.push(Segment::Item(at));
                self.check(item, schema, near);
                self.path.pop();
            }
        }
    }

    fn check_map(&mut self, map: &'v Map, rules: &'static Rules, near: Span) {
        for entry in map {
            if self.path.len() == 1 && !(self.is_new)(&entry.key) {
                continue;
            }
            self.path.push(Segment::Key(&entry.key));
            self.check_entry(entry, map, rules, near);
            self.path.pop();
        }
        for key in rules.required.iter().filter(|key| !map.contains(key)) {
            self.problem(near, |path| format!("`{path}` lacks `{key}`"));
        }
        if !rules.needs_one_of.is_empty() && !rules.needs_one_of.iter().any(|key| map.contains(key))
        {
            let keys = one_of(
                rules
                    .needs_one_of
                    .iter()
                    .map(|key| format!("`{key}`"))
                    .collect(),
            );
            self.problem(near, |path| format!("`{path}` lacks {keys}"));
        }
    }

    fn check_entry(&mut self, entry: &'v MapEntry, map: &Map, rules: &'static Rules, near: Span) {
        let key = entry.key.as_str();
        let near = entry
            .value
            .span()
            .filter(|span| !span.is_empty())
            .or(entry.key_span)
            .unwrap_or(near);
        let property = rules
            .properties
            .binary_search_by(|(name, _)| (*name).cmp(key))
            .ok()
            .map(|at| rules.properties[at].1);
        if let Some(schema) = property {
            self.check(&entry.value, schema, near);
        } else if let Some((_, schema)) = rules.others.filter(|(keys, _)| keys.allow(key)) {
            self.check(&entry.value, schema, near);
        } else if rules.closed
            && !(rules.extensions && key.starts_with("x-"))
            && !key.contains("${")
        {
            self.unknown_key(entry, map, rules, near);
        } else {
            self.check_finite(&entry.value, near);
        }
    }

    /// Numbers that are none cannot be written as JSON, which the reference tries even where
    /// anything is allowed.
    fn check_finite(&mut self, value: &'v Value<Data>, near: Span) {
        let mut rest = vec![value];
        while let Some(value) = rest.pop() {
            match &value.value {
                Data::Float(_) => self.check_kind(value, NUMBER, value.span().unwrap_or(near)),
                Data::List(items) => rest.extend(items),
                Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
                _ => {}
            }
        }
    }

    fn unknown_key(&mut self, entry: &MapEntry, map: &Map, rules: &'static Rules, near: Span) {
        let (span, key) = (entry.key_span.unwrap_or(near), &entry.key);
        self.path.pop();
        let place = self.place();
        let is_root = self.path.is_empty();
        self.path.push(Segment::Item(0));
        if rules.properties.is_empty() {
            let message = match key.is_empty() {
                true => format!("`{place}` has a key without a name"),
                false => format!(
                    "`{key}` is no name that `{place}` can have: use letters, digits, `.`, `_` and `-`"
                ),
            };
            self.problems
                .push(Diagnostic::new(INVALID_COMPOSE, span, message));
            return;
        }
        let free = rules
            .properties
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !map.contains(name));
        let meant = closest(key, free);
        let place = if is_root {
            "a compose file".to_owned()
        } else {
            format!("`{place}`")
        };
        let mut problem = Diagnostic::new(
            UNKNOWN_KEY,
            span,
            format!("{place} can have no key `{key}`"),
        );
        if let Some(name) = meant {
            problem
                .message
                .push_str(&format!("; did you mean `{name}`?"));
            let is_plain = span.len() as usize == key.len() && !entry.value.value.is_null();
            problem.fix = is_plain.then(|| Fix {
                title: format!("Rename `{key}` to `{name}`"),
                safety: Safety::Safe,
                edits: vec![Edit::replace(span, name)],
            });
        } else if is_root
            && ["image", "build"]
                .iter()
                .any(|key| entry.value.get(key).is_some())
        {
            problem.help = Some("A service stands below `services`: indent it.".to_owned());
        } else if let Some(name) = closest(key, rules.properties.iter().map(|(name, _)| *name)) {
            problem.help = Some(format!(
                "`{name}` is there already: put this into it, or take it out."
            ));
        } else {
            problem.help = help::place_of(key, self.path.len() - 1);
        }
        self.problems.push(problem);
    }

    fn suggest(&mut self, text: &str, known: &[&'static str], span: Span) {
        let meant = closest(text, known.iter().copied());
        let (Some(problem), Some(meant)) = (self.problems.last_mut(), meant) else {
            return;
        };
        debug_assert!(problem.span == span, "the problem that was just found");
        problem.help = Some(format!("Did you mean `{meant}`?"));
    }

    fn problem(&mut self, span: Span, message: impl FnOnce(&str) -> String) {
        let message = message(&self.place());
        self.problems
            .push(Diagnostic::new(INVALID_COMPOSE, span, message));
    }

    /// Where the validator is, as people write it: `services.web.ports[0]`.
    fn place(&self) -> String {
        let mut place = String::new();
        for segment in &self.path {
            match segment {
                Segment::Key(key) if place.is_empty() => place.push_str(key),
                Segment::Key(key) => place.extend([".", key]),
                Segment::Item(at) => place.push_str(&format!("[{at}]")),
            }
        }
        place
    }
}

impl Schema {
    fn kinds(&self) -> u8 {
        match self {
            Schema::Only(kinds) => *kinds,
            Schema::Node(rules) => rules.kinds,
            Schema::OneOf(forms) => forms.iter().fold(0, |kinds, form| kinds | form.kinds()),
        }
    }
}

impl Keys {
    fn allow(self, key: &str) -> bool {
        let is_made_of = |allowed: fn(u8) -> bool| !key.is_empty() && key.bytes().all(allowed);
        match self {
            Keys::Any => !key.is_empty(),
            Keys::Name => is_made_of(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
            }),
            Keys::Lower => is_made_of(|byte| byte.is_ascii_lowercase()),
        }
    }
}

/// The kinds that a value is of: a whole number is a number too.
fn kind_of(data: &Data) -> u8 {
    match data {
        Data::Null => NULL,
        Data::Bool(_) => BOOLEAN,
        Data::Int(_) => INTEGER | NUMBER,
        Data::Float(number) if number.fract() == 0.0 => INTEGER | NUMBER,
        Data::Float(_) => NUMBER,
        Data::String(_) => STRING,
        Data::List(_) => LIST,
        Data::Map(_) => MAPPING,
    }
}

/// Kinds in the words of a message.
fn words(kinds: u8) -> String {
    let number = if kinds & NUMBER != 0 { NUMBER } else { INTEGER };
    let known = [
        (STRING, "text"),
        (
            number,
            if number == NUMBER {
                "a number"
            } else {
                "a whole number"
            },
        ),
        (BOOLEAN, "true or false"),
        (LIST, "a list"),
        (MAPPING, "a mapping"),
        (NULL, "nothing"),
    ];
    one_of(
        known
            .into_iter()
            .filter(|(kind, _)| kinds & kind != 0)
            .map(|(_, word)| word.to_owned())
            .collect(),
    )
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(mut words: Vec<String>) -> String {
    let Some(last) = words.pop() else {
        return String::new();
    };
    if words.is_empty() {
        last
    } else {
        format!("{} or {last}", words.join(", "))
    }
}

/// The first item that is the same as an earlier one, and that one.
fn repeated(items: &[Value<Data>]) -> Option<(usize, usize)> {
    let mut seen: rustc_hash::FxHashMap<u64, Vec<usize>> = rustc_hash::FxHashMap::default();
    for (at, item) in items.iter().enumerate() {
        let alike = seen.entry(item.value.fingerprint()).or_default();
        if let Some(first) = alike
            .iter()
            .find(|first| items[**first].value.same(&item.value) && !item.origin.is_unknown())
        {
            return Some((at, *first));
        }
        alike.push(at);
    }
    None
}

fn is_container_name(text: &str) -> bool {
    let is_start = |byte: &u8| byte.is_ascii_alphanumeric();
    let is_rest = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    text.as_bytes()
        .windows(2)
        .any(|pair| is_start(&pair[0]) && is_rest(&pair[1]))
}

const PULL_POLICIES: [&str; 8] = [
    "always",
    "never",
    "build",
    "if_not_present",
    "missing",
    "refresh",
    "daily",
    "weekly",
];

fn is_pull_policy(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix("every_").filter(|rest| !rest.is_empty()) else {
        return PULL_POLICIES.contains(&text);
    };
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_unit = rest[digits..].starts_with(['w', 'd', 'h', 'm', 's']);
        if digits == 0 || !is_unit {
            return false;
        }
        rest = &rest[digits + 1..];
    }
    true
}

#[cfg(test)]
mod tests;
