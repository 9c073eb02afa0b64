//! `volumes` of a service: `[SOURCE:]TARGET[:OPTIONS]`.

use std::ops::Range;

use crate::compose::INVALID_COMPOSE;
use crate::compose::canonical::split_outside_braces;
use crate::compose::forms::{part, short, text_near};
use crate::compose::value::{Data, Map, MapEntry, Origin, Value};
use crate::diagnostic::Diagnostic;
use crate::text::Cooked;

/// The long form of a volume; `None` for what is no volume at all.
pub(super) fn volume(
    item: Value<Data>,
    has_variables: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value<Data>> {
    let text = match &item.value {
        Data::String(text) => text.clone(),
        Data::Map(_) => return Some(item),
        data => {
            if let Some(span) = item.span() {
                diagnostics.push(Diagnostic::new(
                    INVALID_COMPOSE,
                    span,
                    format!("a volume cannot be {}", data.kind()),
                ));
            }
            return None;
        }
    };
    match Parts::of(text.as_str()) {
        Ok(parts) => Some(long(&item, &text, parts, has_variables)),
        Err(_) if item.origin.is_unknown() => None,
        Err(message) => {
            diagnostics.push(Diagnostic::new(INVALID_COMPOSE, text.span(), message));
            None
        }
    }
}

/// The target of a volume: what makes it the same as another. That of a short form is cleaned, that
/// of a long one is not yet.
pub(in crate::compose) fn target(item: &Value<Data>) -> Option<String> {
    match &item.value {
        Data::String(text) => Some(clean_target(
            &text.as_str()[Parts::of(text.as_str()).ok()?.target],
        )),
        Data::Map(map) => map.get("target")?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// The named volume that a volume in either form uses, if it uses one and no variable takes part.
pub(in crate::compose) fn named_source(item: &Value<Data>) -> Option<String> {
    let source = match &item.value {
        Data::String(text) => text.as_str()[Parts::of(text.as_str()).ok()?.source?].to_owned(),
        Data::Map(map) if map.get("type")?.as_str() == Some("volume") => {
            map.get("source")?.as_str()?.to_owned()
        }
        _ => return None,
    };
    (!is_path(&source) && !source.contains('$')).then_some(source)
}

/// A path in a container by text alone, as POSIX has it. Relative ones stay relative.
pub(in crate::compose) fn clean_target(path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    let mut parts: Vec<&str> = Vec::new();
    let absolute = path.starts_with('/');
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.join("/")) {
        (true, rest) => format!("/{rest}"),
        (false, rest) if rest.is_empty() => ".".to_owned(),
        (false, rest) => rest,
    }
}

/// Whether a source is a path of the host and no name of a volume. One that is hidden in a variable
/// is taken for a path: named volumes are seldom named by variables.
fn is_path(source: &str) -> bool {
    let windows = source
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphabetic)
        && source.as_bytes().get(1) == Some(&b':');
    source.starts_with(['.', '/', '~'])
        || source.starts_with("\\\\")
        || windows
        || source.starts_with("${")
        || source.starts_with('$')
}

struct Parts {
    source: Option<Range<usize>>,
    target: Range<usize>,
    options: Option<Range<usize>>,
    /// One or two characters: nothing but a target.
    tiny: bool,
}

impl Parts {
    fn of(spec: &str) -> Result<Parts, String> {
        if spec.is_empty() {
            return Err("a volume must not be empty".to_owned());
        }
        if spec.chars().count() <= 2 {
            return Ok(Parts {
                source: None,
                target: 0..spec.len(),
                options: None,
                tiny: true,
            });
        }
        let fields = fields(spec);
        if fields.iter().any(|field| field.is_empty()) {
            return Err(format!(
                "the volume `{spec}` has nothing between two colons"
            ));
        }
        match fields.as_slice() {
            [target] => Ok(Parts {
                source: None,
                target: target.clone(),
                options: None,
                tiny: false,
            }),
            [source, target] => Ok(Parts {
                source: Some(source.clone()),
                target: target.clone(),
                options: None,
                tiny: false,
            }),
            [source, target, options] => Ok(Parts {
                source: Some(source.clone()),
                target: target.clone(),
                options: Some(options.clone()),
                tiny: false,
            }),
            _ => Err(format!("the volume `{spec}` has too many colons")),
        }
    }
}

/// The fields between colons. A colon behind a single letter that starts a field belongs to a
/// Windows drive.
fn fields(spec: &str) -> Vec<Range<usize>> {
    let mut fields: Vec<Range<usize>> = Vec::new();
    let mut pieces = split_outside_braces(spec, b':').into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let mut letters = spec[piece.clone()].chars();
        let is_drive = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        match pieces.peek() {
            Some(next) if is_drive => {
                fields.push(piece.start..next.end);
                pieces.next();
            }
            _ => fields.push(piece),
        }
    }
    fields
}

fn long(item: &Value<Data>, text: &Cooked, parts: Parts, has_variables: bool) -> Value<Data> {
    let mut map = Map::new();
    let implied = short(&item.origin).implied("short volume");
    let mut put = |key: &str, value: Value<Data>| map.insert(MapEntry::new(key, None, value));
    let string = text.as_str();
    // The reference reads a variable that stays as it is written as the name of a volume.
    let is_named = |source: &str| !is_path(source) || has_variables && source.starts_with('$');
    let is_bind = parts
        .source
        .clone()
        .is_some_and(|source| !is_named(&string[source]));
    put(
        "type",
        Value {
            value: text_near(if is_bind { "bind" } else { "volume" }, &item.origin),
            origin: implied.clone(),
        },
    );
    if let Some(source) = parts.source {
        put("source", part(item, text, source));
    }
    let target = part(item, text, parts.target.clone());
    let cleaned = clean_target(&string[parts.target]);
    let target = match (target.as_str() == Some(cleaned.as_str()), target.span()) {
        (false, Some(span)) => Value {
            value: Data::String(Cooked::synthetic(cleaned, span)),
            origin: target.origin,
        },
        _ => target,
    };
    put("target", target);
    let options = Options::of(text, parts.options);
    if let Some((read_only, range)) = &options.read_only {
        put(
            "read_only",
            Value {
                value: Data::Bool(*read_only),
                origin: item.origin.part(text.span_of(range.clone())),
            },
        );
    }
    let mut bind = Map::new();
    let mut volume = Map::new();
    if is_bind {
        bind.insert(MapEntry::new(
            "create_host_path",
            None,
            Value {
                value: Data::Bool(true),
                origin: implied.clone(),
            },
        ));
    }
    for (key, range) in options.bind {
        bind.insert(MapEntry::new(key, None, part(item, text, range)));
    }
    if let Some(range) = &options.nocopy {
        volume.insert(MapEntry::new(
            "nocopy",
            None,
            Value {
                value: Data::Bool(true),
                origin: item.origin.part(text.span_of(range.clone())),
            },
        ));
    }
    let has_volume = !volume.is_empty();
    if is_bind || !bind.is_empty() {
        put(
            "bind",
            Value {
                value: Data::Map(bind),
                origin: implied.clone(),
            },
        );
    }
    if has_volume || (!is_bind && !parts.tiny) {
        put(
            "volume",
            Value {
                value: Data::Map(volume),
                origin: implied,
            },
        );
    }
    Value {
        value: Data::Map(map),
        origin: item.origin.clone(),
    }
}

/// What the third field says. Unknown options are ignored, as by the reference.
#[derive(Default)]
struct Options {
    read_only: Option<(bool, Range<usize>)>,
    nocopy: Option<Range<usize>>,
    bind: Vec<(&'static str, Range<usize>)>,
}

impl Options {
    fn of(text: &Cooked, range: Option<Range<usize>>) -> Options {
        let mut options = Options::default();
        let Some(range) = range else { return options };
        for piece in split_outside_braces(&text.as_str()[range.clone()], b',') {
            let piece = range.start + piece.start..range.start + piece.end;
            match &text.as_str()[piece.clone()] {
                "ro" => options.read_only = Some((true, piece)),
                "rw" => options.read_only = Some((false, piece)),
                "nocopy" => options.nocopy = Some(piece),
                "z" | "Z" => options.bind.push(("selinux", piece)),
                "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                    options.bind.push(("propagation", piece))
                }
                _ => {}
            }
        }
        options
    }
}

/// Fills a long form: the host path of a bind is made when the author says nothing else.
pub(super) fn defaults(item: &mut Value<Data>) {
    let origin: Origin = item.origin.clone();
    if let Some(bind) = item.get_mut("bind").and_then(Value::as_map_mut)
        && !bind.contains("create_host_path")
    {
        let value = Value {
            value: Data::Bool(true),
            origin: origin.implied("default of bind mounts"),
        };
        bind.insert(MapEntry::new("create_host_path", None, value));
    }
}
