//! Scalars that must be numbers or booleans: text at their places is cast once its variables are
//! put in.

use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Value};
use crate::compose::{INVALID_COMPOSE, YES_OR_NO_BOOLEAN};
use crate::diagnostic::Diagnostic;

/// What text becomes at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cast {
    Int,
    Float,
    Bool,
}

/// Casts a text, if its place asks for that. A text with an unknown variable stays as it is.
pub(super) fn cast(value: &mut Value<Data>, place: KeyPath<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(kind) = cast_at(place.segments()) else {
        return;
    };
    let Some(text) = value.as_str().filter(|_| !value.origin.is_unknown()) else {
        return;
    };
    let data = match kind {
        Cast::Int => go_int(text).map(Data::Int),
        Cast::Float => go_float(text)
            .filter(|number| number.is_finite())
            .map(Data::Float),
        Cast::Bool => boolean(text).map(Data::Bool),
    };
    match (data, value.span()) {
        (Some(data), _) => {
            if let Data::Bool(flag) = data {
                diagnostics.extend(old_boolean(value, flag));
            }
            value.value = data;
        }
        (None, Some(span)) => {
            let wanted = match kind {
                Cast::Int => "a whole number",
                Cast::Float => "a number",
                Cast::Bool => "true or false",
            };
            let message = format!("`{place}` must be {wanted}, not `{text}`");
            diagnostics.push(Diagnostic::new(INVALID_COMPOSE, span, message));
        }
        (None, None) => {}
    }
}

/// Text as a boolean: `true` and `false`, and the words of YAML 1.1, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" => Some(true),
        "false" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// What the reference says of a boolean that YAML has as a text by now.
pub(super) fn old_boolean(value: &Value<Data>, flag: bool) -> Option<Diagnostic> {
    let text = value
        .as_str()
        .filter(|text| !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false"))?;
    Some(Diagnostic::new(
        YES_OR_NO_BOOLEAN,
        value.span()?,
        format!(
            "`{text}` is no boolean of YAML 1.2: Docker Compose warns of it and takes it for `{flag}`"
        ),
    ))
}

/// Go's `strconv.ParseFloat`: also hexadecimal with an exponent of two, and `_` between digits.
pub(super) fn go_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_between = |at: usize| {
        at > 0
            && [bytes.get(at - 1), bytes.get(at + 1)]
                .iter()
                .all(|byte| byte.is_some_and(u8::is_ascii_hexdigit))
    };
    if !(0..bytes.len()).all(|at| bytes[at] != b'_' || is_between(at)) {
        return None;
    }
    let text = text.replace('_', "");
    let (negative, digits) = match text.as_bytes().first() {
        Some(sign @ (b'-' | b'+')) => (*sign == b'-', &text[1..]),
        _ => (false, text.as_str()),
    };
    let Some(hex) = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    else {
        return text.parse().ok();
    };
    let (mantissa, exponent) = hex.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let shift = exponent
        .parse::<i32>()
        .ok()?
        .checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    let value = value * 2.0_f64.powi(shift);
    (!(whole.is_empty() && fraction.is_empty())).then_some(if negative { -value } else { value })
}

/// Go's `strconv.Atoi`: a sign and digits.
fn go_int(text: &str) -> Option<i128> {
    text.parse::<i64>().ok().map(i128::from)
}

fn cast_at(place: &[&str]) -> Option<Cast> {
    match place {
        ["services" | "jobs", _, "pre_start", "[]", rest @ ..]
        | ["services" | "jobs", _, rest @ ..] => cast_in_service(rest),
        [
            "networks",
            _,
            "external" | "internal" | "attachable" | "enable_ipv4" | "enable_ipv6",
        ] => Some(Cast::Bool),
        ["volumes" | "secrets" | "configs", _, "external"] => Some(Cast::Bool),
        _ => None,
    }
}

fn cast_in_service(place: &[&str]) -> Option<Cast> {
    match place {
        ["scale"]
        | ["deploy", "replicas"]
        | ["deploy", "update_config" | "rollback_config", "parallelism"]
        | ["deploy", "restart_policy", "max_attempts"]
        | ["deploy", "placement", "max_replicas_per_node"]
        | ["healthcheck", "retries"]
        | ["ports", "[]", "target"]
        | ["ulimits", _]
        | ["ulimits", _, "soft" | "hard"]
        | [
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime"
            | "cpu_shares" | "oom_score_adj" | "pids_limit",
        ] => Some(Cast::Int),
        ["cpus" | "cpu_percent"]
        | [
            "deploy",
            "update_config" | "rollback_config",
            "max_failure_ratio",
        ] => Some(Cast::Float),
        ["init" | "privileged" | "read_only" | "tty" | "stdin_open" | "oom_kill_disable"]
        | ["healthcheck", "disable"]
        | ["depends_on", _, "required" | "restart"]
        | ["volumes", "[]", "read_only"]
        | ["volumes", "[]", "volume", "nocopy"] => Some(Cast::Bool),
        _ => None,
    }
}
