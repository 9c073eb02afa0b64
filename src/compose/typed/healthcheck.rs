//! `healthcheck`, and durations.

use std::time::Duration;

use crate::compose::INVALID_COMPOSE;
use crate::compose::model::{Healthcheck, HealthcheckTest};
use crate::compose::typed::command::word;
use crate::compose::typed::{Reader, boolean, cooked};
use crate::compose::value::{Data, Map, Value};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::text::Span;

impl Reader<'_> {
    pub(super) fn healthcheck(&mut self, value: &Value<Data>) -> Option<Healthcheck> {
        let Some(map) = value.as_map() else {
            if !value.value.is_null() {
                self.wrong(value, "healthcheck", "a mapping");
            }
            return None;
        };
        let retries = map.get("retries").and_then(|value| match value.value {
            Data::Int(number) => Some(Value {
                value: u64::try_from(number).ok()?,
                origin: value.origin.clone(),
            }),
            _ => None,
        });
        Some(Healthcheck {
            test: map.get("test").and_then(|test| self.test(test)),
            interval: self.duration(map, "interval"),
            timeout: self.duration(map, "timeout"),
            retries,
            start_period: self.duration(map, "start_period"),
            start_interval: self.duration(map, "start_interval"),
            disable: map.get("disable").and_then(boolean).unwrap_or(false),
            origin: value.origin.clone(),
        })
    }

    fn test(&mut self, value: &Value<Data>) -> Option<Value<HealthcheckTest>> {
        let test = match &value.value {
            Data::String(text) => HealthcheckTest::Shell(text.clone()),
            Data::List(items) => match items.first()?.as_str() {
                Some("NONE") => HealthcheckTest::None,
                Some("CMD") => HealthcheckTest::Exec(items[1..].iter().filter_map(word).collect()),
                Some("CMD-SHELL") => HealthcheckTest::Shell(cooked(items.get(1)?)?),
                _ => {
                    let first = &items[0];
                    if let Some(span) = first.span().filter(|_| !first.origin.is_unknown()) {
                        self.diagnostics
                            .push(without_command(span, first, items.len()));
                    }
                    return None;
                }
            },
            _ => {
                self.wrong(value, "test", "text or a list");
                return None;
            }
        };
        Some(Value {
            value: test,
            origin: value.origin.clone(),
        })
    }

    fn duration(&mut self, map: &Map, key: &str) -> Option<Value<Duration>> {
        let value = map.get(key)?;
        let text = value.value.scalar_text()?;
        let duration = parse(&text);
        if let (None, false, Some(span)) = (duration, value.origin.is_unknown(), value.span()) {
            self.report(
                span,
                format!(
                    "`{text}` is no duration: write a number with a unit, such as 30s or 1m30s"
                ),
            );
        }
        Some(Value {
            value: duration?,
            origin: value.origin.clone(),
        })
    }
}

/// What is wrong with a test that does not say who runs it, with the word put in front.
fn without_command(span: Span, first: &Value<Data>, items: usize) -> Diagnostic {
    let text = first.value.scalar_text().unwrap_or_default();
    let upper = text.to_ascii_uppercase();
    let problem = Diagnostic::new(
        INVALID_COMPOSE,
        span,
        "the first item of a health check's `test` must be CMD, CMD-SHELL or NONE",
    );
    let is_fixed = first.origin.steps.is_empty();
    let fix = |title: String, edit: Edit| {
        is_fixed.then(|| Fix {
            title,
            safety: Safety::Safe,
            edits: vec![edit],
        })
    };
    if ["CMD", "CMD-SHELL", "NONE"].contains(&upper.as_str()) {
        let edit = Edit::replace(span, format!("\"{upper}\""));
        return problem
            .help(format!("Write it in capitals: {upper}."))
            .fix(fix(format!("Write {upper}"), edit));
    }
    // One item with blanks is a line for a shell; several are the words of a command.
    let (word, who) = match items == 1 && text.contains(char::is_whitespace) {
        true => ("CMD-SHELL", "so that a shell runs the line"),
        false => ("CMD", "so that the command is run"),
    };
    let help = format!("Write `\"{word}\"` as the first item, {who}.");
    problem
        .note(format!("{word} is missing before it"))
        .help(help)
}

/// A duration as Go writes it, with days and weeks: `1w2d3h4m5.5s`.
pub(in crate::compose) fn parse(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, scale) = UNITS.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        seconds += number * scale;
    }
    if text.is_empty() {
        None
    } else {
        Duration::try_from_secs_f64(seconds).ok()
    }
}

/// Units and their length in seconds; a unit stands before those it starts with.
const UNITS: [(&str, f64); 9] = [
    ("ms", 1e-3),
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
    ("w", 604_800.0),
];
