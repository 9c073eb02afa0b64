//! Values that BuildKit checks: durations, signals, ports, modes, and the lists of `--mount` and
//! `--device`.
//!
//! Each function says in words what is wrong, so that a sentence can end with it.

use crate::text::closest;

/// Whether a value is what it is after expansion: nothing in it that the lexer would take out or
/// replace.
pub(super) fn is_literal(value: &str, escape: char) -> bool {
    !value.contains(['$', '\'', '"', escape])
}

/// The fields of a line of comma-separated values.
pub(super) fn fields(line: &str) -> Result<Vec<String>, String> {
    const STRAY: &str = "it holds a stray double quote";
    if line.is_empty() {
        return Err("it is empty".to_owned());
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let (field, more) = rest
                .split_once(',')
                .map_or((rest, None), |(field, more)| (field, Some(more)));
            if field.contains('"') {
                return Err(STRAY.to_owned());
            }
            fields.push(field.to_owned());
            match more {
                Some(more) => rest = more,
                None => return Ok(fields),
            }
            continue;
        };
        let mut field = String::new();
        rest = quoted;
        loop {
            let (text, more) = rest.split_once('"').ok_or(STRAY)?;
            field += text;
            rest = more;
            match rest.as_bytes().first() {
                Some(b'"') => {
                    field.push('"');
                    rest = &rest[1..];
                }
                Some(b',') => {
                    rest = &rest[1..];
                    break;
                }
                None => {
                    fields.push(field);
                    return Ok(fields);
                }
                Some(_) => return Err(STRAY.to_owned()),
            }
        }
        fields.push(field);
    }
}

const TYPES: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING: [&str; 3] = ["shared", "private", "locked"];
const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];

/// What is wrong with the value of `--mount`. `expand` puts variables into the value of an option,
/// where they are known.
pub(super) fn mount(
    value: &str,
    escape: char,
    expand: &dyn Fn(&str) -> Option<String>,
) -> Result<(), String> {
    let fields = fields(value)?;
    let pairs = fields.iter().map(|field| match field.split_once('=') {
        Some((key, value)) => (key.to_lowercase(), Some(value)),
        None => (field.to_lowercase(), None),
    });
    let pairs: Vec<(String, Option<&str>)> = pairs.collect();
    let is_variable = |value: &str| value.find('$').is_some_and(|at| at + 1 != value.len());
    if pairs
        .iter()
        .any(|(key, value)| key == "from" && value.is_some_and(is_variable))
    {
        return Err(
            "`from` takes no variable; name a stage with `FROM $NAME AS name` and mount from that"
                .to_owned(),
        );
    }
    let expanded = |value: &str| {
        if is_literal(value, escape) {
            Some(value.to_owned())
        } else {
            expand(value)
        }
    };
    let mut known = Vec::new();
    for (key, value) in pairs {
        match value.map(expanded) {
            None => known.push((key, None)),
            Some(Some(value)) => known.push((key, Some(value))),
            // What a variable may change is not looked at.
            Some(None) => return Ok(()),
        }
    }
    let mut mount = Mount {
        kind: "bind".to_owned(),
        ..Mount::default()
    };
    for (key, value) in &known {
        mount.set(key, value.as_deref())?;
    }
    mount.check()
}

/// What has been read of a mount so far.
#[derive(Default)]
struct Mount {
    kind: String,
    owner: Option<&'static str>,
    has_sharing: bool,
    has_from: bool,
    has_source: bool,
    has_target: bool,
    has_id: bool,
}

impl Mount {
    fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), String> {
        let Some(value) = value else {
            return match key {
                "readonly" | "ro" | "readwrite" | "rw" => Ok(()),
                "required" => self.only_for("required", &["secret", "ssh"]),
                _ => Err(format!("`{key}` needs a value")),
            };
        };
        let number = |radix: u32| match u32::from_str_radix(value, radix) {
            Ok(_) if !value.starts_with('+') => Ok(()),
            _ => Err(format!(
                "`{value}` is no {} number",
                if radix == 8 { "octal" } else { "decimal" }
            )),
        };
        match key {
            "type" => {
                self.kind = value.to_lowercase();
                one_of("type", value, &TYPES)
            }
            "from" => {
                self.has_from = !value.is_empty();
                Ok(())
            }
            "source" | "src" => {
                self.has_source = !value.is_empty();
                Ok(())
            }
            "target" | "dst" | "destination" => {
                self.has_target = !value.is_empty();
                Ok(())
            }
            "readonly" | "ro" | "readwrite" | "rw" => boolean(key, value),
            "required" => self
                .only_for(key, &["secret", "ssh"])
                .and_then(|()| boolean(key, value)),
            "size" => self.only_for(key, &["tmpfs"]).and_then(|()| size(value)),
            "id" => {
                self.has_id = !value.is_empty();
                Ok(())
            }
            "sharing" => {
                self.has_sharing = true;
                one_of("sharing", value, &SHARING)
            }
            "mode" => {
                self.owner = Some("mode");
                number(8)
            }
            "uid" | "gid" => {
                self.owner = Some(if key == "uid" { "uid" } else { "gid" });
                number(10)
            }
            "env" => Ok(()),
            _ => {
                let near = closest(key, KEYS)
                    .map(|near| format!("; did you mean `{near}`?"))
                    .unwrap_or_default();
                Err(format!("it has no option `{key}`{near}"))
            }
        }
    }

    fn only_for(&self, key: &str, kinds: &[&str]) -> Result<(), String> {
        match kinds.contains(&self.kind.as_str()) {
            true => Ok(()),
            false => Err(format!(
                "`{key}` is for {} mounts, and `type` must stand before it",
                kinds.join(" and ")
            )),
        }
    }

    fn check(&self) -> Result<(), String> {
        let kind = self.kind.as_str();
        match self.owner {
            Some(key) if !matches!(kind, "secret" | "ssh" | "cache") => {
                Err(format!("a {kind} mount takes no `{key}`"))
            }
            _ if kind == "ssh" && self.has_source => {
                Err("an ssh mount takes no `source`".to_owned())
            }
            _ if kind == "secret" && self.has_from => {
                Err("a secret mount takes no `from`".to_owned())
            }
            _ if self.has_sharing && kind != "cache" => {
                Err("`sharing` is for cache mounts".to_owned())
            }
            _ if kind == "secret" && !(self.has_source || self.has_target || self.has_id) => {
                Err("a secret mount needs `id`, `source` or `target`".to_owned())
            }
            _ if kind == "secret" && self.has_source && self.has_id => {
                Err("a secret mount takes `id` or `source`, not both".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn one_of(key: &str, value: &str, known: &[&str]) -> Result<(), String> {
    match known.contains(&value.to_lowercase().as_str()) {
        true => Ok(()),
        false => Err(format!(
            "`{key}` is one of {}, not `{value}`",
            known.join(", ")
        )),
    }
}

/// The words that Go takes for true and false.
fn boolean(key: &str, value: &str) -> Result<(), String> {
    match value {
        "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false"
        | "False" => Ok(()),
        _ => Err(format!(
            "`{key}` is either `true` or `false`, not `{value}`"
        )),
    }
}

/// A size as Docker reads it: `64m`, `1.5 GiB`.
fn size(value: &str) -> Result<(), String> {
    let is_valid = || {
        let last = value.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')?;
        let number = if value.as_bytes()[last] == b' ' {
            &value[..last]
        } else {
            &value[..=last]
        };
        let unit = value[last + 1..].to_lowercase();
        let number: f64 = number
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite() && *number >= 0.0)?;
        let is_prefix = |text: &str| text.len() == 1 && "kmgtp".contains(text);
        let is_unit = matches!(unit.as_str(), "" | "b")
            || is_prefix(
                unit.strip_suffix("ib")
                    .or(unit.strip_suffix('b'))
                    .unwrap_or(&unit),
            );
        is_unit.then_some(number)
    };
    is_valid()
        .map(drop)
        .ok_or_else(|| format!("`{value}` is no size such as `64m`"))
}

/// What is wrong with the value of `--device`.
pub(super) fn device(value: &str) -> Result<(), String> {
    let mut has_name = false;
    for field in fields(value)? {
        let (key, value) = field
            .split_once('=')
            .map_or((field.as_str(), None), |(key, value)| (key, Some(value)));
        match (key.to_lowercase().as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) => boolean("required", value)?,
            ("name", Some(_)) if has_name => return Err("it has two names".to_owned()),
            ("name", Some(name)) => has_name = !name.is_empty(),
            _ if !has_name => has_name = !field.is_empty(),
            (key, Some(_)) => return Err(format!("it has no option `{key}`")),
            (_, None) => return Err(format!("`{field}` needs a value")),
        }
    }
    Ok(())
}

/// What is wrong with a time such as `1m30s`, which must be 0 or at least a millisecond.
pub(super) fn duration(value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Ok(());
    }
    match nanoseconds(value) {
        None => Err(format!("`{value}` is no time such as `30s` or `1m30s`")),
        Some(time) if time != 0.0 && time < 1e6 => {
            Err(format!("`{value}` is less than a millisecond"))
        }
        Some(_) => Ok(()),
    }
}

fn nanoseconds(value: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("μs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 6e10),
        ("h", 3.6e12),
    ];
    let (sign, mut rest) = match value.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, value.strip_prefix('+').unwrap_or(value)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let number = &rest[..digits];
        if number.matches('.').count() > 1 || !number.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = &rest[digits..];
        let length = rest
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(rest.len());
        let (_, factor) = UNITS.iter().find(|(unit, _)| *unit == &rest[..length])?;
        total += number.parse::<f64>().ok()? * factor;
        rest = &rest[length..];
    }
    // What does not fit into 64 bits is refused.
    (total <= i64::MAX as f64).then_some(sign * total)
}

/// What is wrong with the number of `--retries`.
pub(super) fn retries(value: &str) -> Result<(), String> {
    match value.parse::<i32>() {
        _ if value.is_empty() => Ok(()),
        Ok(0..) => Ok(()),
        _ => Err(format!("`{value}` is no number of tries")),
    }
}

/// Whether Linux knows the signal.
pub(super) fn signal(value: &str) -> Result<(), String> {
    const NAMES: [&str; 36] = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
        "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
        "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
        "RTMIN", "RTMAX",
    ];
    let upper = value.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let step = |prefix: &str, most: u32| {
        let step = name.strip_prefix(prefix)?;
        step.parse::<u32>()
            .ok()
            .filter(|number| (1..=most).contains(number) && !step.starts_with(['0', '+']))
    };
    let is_known = match value.parse::<i64>() {
        Ok(number) => number != 0,
        Err(_) => {
            NAMES.contains(&name) || step("RTMIN+", 15).is_some() || step("RTMAX-", 14).is_some()
        }
    };
    if is_known {
        Ok(())
    } else {
        Err(format!("`{value}` is no signal"))
    }
}

/// What is wrong with a word of EXPOSE: `port`, `from-to`, `port/protocol`; the forms of a
/// published port are taken too.
pub(super) fn port(value: &str) -> Result<(), String> {
    let (addresses, port) = value
        .rsplit_once(':')
        .map_or((None, value), |(before, port)| (Some(before), port));
    let (container, protocol) = port
        .split_once('/')
        .map_or((port, ""), |(port, protocol)| (port, protocol));
    if !matches!(
        protocol.to_lowercase().as_str(),
        "" | "tcp" | "udp" | "sctp"
    ) {
        return Err(format!(
            "`{protocol}` is no protocol; it is `tcp`, `udp` or `sctp`"
        ));
    }
    let (from, to) = range(container)?;
    let (ip, host) = addresses.map_or(("", ""), |addresses| {
        addresses.rsplit_once(':').unwrap_or(("", addresses))
    });
    let bare = ip
        .strip_prefix('[')
        .and_then(|ip| ip.strip_suffix(']'))
        .unwrap_or(ip);
    if !ip.is_empty() && bare.parse::<core::net::IpAddr>().is_err() {
        return Err(format!("`{ip}` is no address"));
    }
    if !host.is_empty() {
        let (host_from, host_to) = range(host)?;
        if host_to - host_from != to - from && from != to {
            return Err("the two ranges are of different length".to_owned());
        }
    }
    Ok(())
}

fn range(text: &str) -> Result<(u32, u32), String> {
    let number = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<i64>().ok().filter(|_| is_number);
        match number {
            Some(number) => u32::try_from(number)
                .ok()
                .filter(|number| *number <= 65_535)
                .ok_or("is no port from 0 to 65535"),
            None if is_number => Err("is no port from 0 to 65535"),
            None => Err("is no port"),
        }
        .map_err(|reason| format!("`{text}` {reason}"))
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let from = number(from)?;
    match text.split_once('-') {
        Some((first, _)) if first != to => match number(to)? {
            to if to < from => Err(format!("the range `{text}` ends before it begins")),
            to => Ok((from, to)),
        },
        _ => Ok((from, from)),
    }
}

/// What is wrong with a path of VOLUME.
pub(super) fn volume(value: &str) -> Result<(), String> {
    if value.is_empty() {
        Err("`VOLUME` has an empty path".to_owned())
    } else {
        Ok(())
    }
}

/// What is wrong with a mode of `--chmod`: an octal number up to 7777, or clauses such as
/// `u=rwX,go=rX`.
pub(super) fn mode(value: &str) -> Result<(), String> {
    let refused = || format!("`{value}` is no mode such as `755` or `u=rwX,go=rX`");
    if value.is_empty() {
        return Ok(());
    }
    if let Ok(number) = u32::from_str_radix(value, 8) {
        return if number <= 0o7777 && !value.starts_with('+') {
            Ok(())
        } else {
            Err(refused())
        };
    }
    let is_clause = |clause: &str| {
        let actions = clause.trim_start_matches(['a', 'u', 'g', 'o']);
        let operators = |c: char| matches!(c, '+' | '-' | '=');
        actions.starts_with(operators)
            && actions.chars().all(|c| {
                operators(c) || matches!(c, 'r' | 's' | 't' | 'w' | 'x' | 'X' | 'u' | 'g' | 'o')
            })
    };
    if value.split(',').all(is_clause) {
        Ok(())
    } else {
        Err(refused())
    }
}

/// Whether a source is fetched from the web.
pub(super) fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Whether a source is a repository of git. One on the web ends with `.git`, before what says which
/// part of it is meant.
pub(super) fn is_git(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return lower
            .split(['?', '#'])
            .next()
            .is_some_and(|path| path.ends_with(".git"));
    }
    if lower.starts_with("git://") || lower.starts_with("ssh://") {
        return true;
    }
    // `git@github.com:owner/name`.
    let Some((user, host)) = text
        .split_once('@')
        .and_then(|(user, rest)| Some((user, rest.split_once(':')?.0)))
    else {
        return false;
    };
    let is_word = |part: &str, more: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    is_word(user, "-_") && is_word(host, "-.")
}

/// A digest: `sha256:` and its digits.
pub(super) fn digest(value: &str) -> Result<(), String> {
    let (kind, digits) = value.split_once(':').unwrap_or((value, ""));
    let length = match kind {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err(format!("`{value}` is no checksum")),
    };
    let is_whole = digits.len() == length
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_whole {
        Ok(())
    } else {
        Err(format!(
            "`{value}` is no checksum: {kind} has {length} hexadecimal digits in small letters"
        ))
    }
}
