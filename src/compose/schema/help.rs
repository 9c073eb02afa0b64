//! What to write in the place of a value of the wrong kind, or where a key of the wrong place
//! belongs.

use super::table;
use super::{BOOLEAN, INTEGER, LIST, MAPPING, NUMBER, STRING, Schema};
use crate::compose::INVALID_COMPOSE;
use crate::compose::value::{Data, Value};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::text::Span;

/// Attributes that are lengths of time: a number alone has no unit.
const DURATIONS: [&str; 10] = [
    "delay",
    "initial_interval",
    "interval",
    "max_elapsed_time",
    "max_interval",
    "monitor",
    "start_interval",
    "start_period",
    "stop_grace_period",
    "timeout",
];

/// Keys that people write into a service, and where they belong.
const BELONGS: [(&str, &str); 14] = [
    ("args", "build"),
    ("condition", "depends_on"),
    ("context", "build"),
    ("dockerfile", "build"),
    ("interval", "healthcheck"),
    ("limits", "deploy.resources"),
    ("replicas", "deploy"),
    ("reservations", "deploy.resources"),
    ("resources", "deploy"),
    ("restart_policy", "deploy"),
    ("retries", "healthcheck"),
    ("target", "build"),
    ("test", "healthcheck"),
    ("watch", "develop"),
];

/// Says how a value of the wrong kind is to be written.
pub(super) fn of_kind(problem: &mut Diagnostic, value: &Value<Data>, kinds: u8, key: &str) {
    let is_bare = matches!(value.value, Data::Int(_) | Data::Float(_) | Data::Bool(_));
    let is_text = matches!(value.value, Data::String(_));
    let written = value
        .span()
        .filter(|span| value.origin.steps.is_empty() && *span == problem.span);
    let around = |before: &str, behind: &str| {
        let span = written?;
        let behind = Edit {
            span: Span::new(span.file, span.end, span.end),
            text: behind.to_owned(),
        };
        Some(vec![Edit::insert_before(span, before), behind])
    };
    let (help, title, edits) = match &value.value {
        Data::Int(number) if kinds & (STRING | INTEGER) == STRING && DURATIONS.contains(&key) => {
            problem.help = Some(format!("Write it with its unit: `{number}s` are seconds."));
            return;
        }
        _ if is_bare && kinds & STRING != 0 => (
            "Put it in quotes.".to_owned(),
            "Put it in quotes",
            around("\"", "\""),
        ),
        _ if (is_bare || is_text)
            && kinds & LIST != 0
            && kinds & (STRING | NUMBER | BOOLEAN) == 0 =>
        {
            let text = value.value.scalar_text().unwrap_or_default();
            let quote = if is_bare { "\"" } else { "" };
            let is_one = is_bare && kinds & MAPPING == 0
                || is_text && !text.contains([',', '[', ']', '{', '}', '\n', '#', ' ']);
            let edits = around(&format!("[{quote}"), &format!("{quote}]"))
                .filter(|_| is_one && !text.starts_with('-'));
            (
                "Write a list, also of one: each item on a line of its own behind a `-`."
                    .to_owned(),
                "Make it a list",
                edits,
            )
        }
        _ => return,
    };
    problem.help = Some(help);
    problem.fix = edits.map(|edits| Fix {
        title: title.to_owned(),
        safety: Safety::Safe,
        edits,
    });
}

/// Says what is missing where an attribute stands in the place of a service.
pub(super) fn of_service(problem: &mut Diagnostic, name: &str) {
    if is_attribute(name) {
        problem.help = Some(format!(
            "`{name}` is an attribute of a service: put it below the name of one, and indent it."
        ));
    }
}

/// Where a key that is unknown here belongs, at this depth of a file.
pub(super) fn place_of(key: &str, depth: usize) -> Option<String> {
    match depth {
        0 if is_attribute(key) => Some(format!(
            "`{key}` is an attribute of a service: put it below the name of one in `services`."
        )),
        2 => {
            let (_, place) = BELONGS.iter().find(|(known, _)| *known == key)?;
            Some(format!("`{key}` belongs below `{place}`."))
        }
        _ => None,
    }
}

/// `- 8080: 80` or `- ./data: /data`: a mapping, for a blank stands behind the colon, where a short
/// form in one text is meant.
pub(super) fn colon_with_blank(
    value: &Value<Data>,
    forms: &[&Schema],
    near: Span,
    place: &str,
) -> Option<Diagnostic> {
    let map = value.as_map()?;
    let mut entries = map.iter();
    let (entry, None) = (entries.next()?, entries.next()) else {
        return None;
    };
    let second = entry.value.value.scalar_text()?;
    let accepts = |kind: u8| forms.iter().any(|form| form.kinds() & kind != 0);
    let knows = forms.iter().any(|form| matches!(form, Schema::Node(rules) if rules.properties.iter().any(|(name, _)| *name == entry.key)));
    if !accepts(STRING) || knows || !place.ends_with(']') {
        return None;
    }
    let meant = format!("{}:{second}", entry.key);
    let message = format!("`{place}` is a mapping, because of the blank behind the colon");
    let mut problem = Diagnostic::new(INVALID_COMPOSE, near, message)
        .help(format!("Write it as one text: `\"{meant}\"`."));
    let is_plain = value.origin.steps.is_empty()
        && value.span() == Some(near)
        && !meant.contains(['"', '\\', '\n', '$']);
    if is_plain {
        let edits = vec![Edit::replace(near, format!("\"{meant}\""))];
        problem.fix = Some(Fix {
            title: format!("Write `{meant}`"),
            safety: Safety::Safe,
            edits,
        });
    }
    Some(problem)
}

fn is_attribute(key: &str) -> bool {
    matches!(&table::SERVICE, Schema::Node(rules) if rules.properties.iter().any(|(name, _)| *name == key))
}
