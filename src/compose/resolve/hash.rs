//! The hash by which Docker Compose knows that a service has changed: SHA-256 over Go's JSON of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::compose::resolve::Resolved;
use crate::compose::value::{Data, Value};

/// What a container does not depend on.
const IGNORED: [&str; 6] = ["build", "pull_policy", "scale", "depends_on", "profiles", "env_file"];

impl Resolved {
    /// The hash of each service by name. The document must be one for JSON.
    pub fn hashes(&self) -> Vec<(&str, String)> {
        let services = self.document.get("services").and_then(Value::as_map).into_iter().flatten();
        services.map(|service| (service.key.as_str(), hash(&service.value))).collect()
    }
}

fn hash(service: &Value<Data>) -> String {
    let mut service = service.clone();
    if let Some(map) = service.as_map_mut() {
        IGNORED.iter().for_each(|key| drop(map.remove(key)));
        if let Some(deploy) = map.get_mut("deploy").and_then(Value::as_map_mut) {
            deploy.remove("replicas");
        }
    }
    let mut json = String::new();
    write(&service.value, &mut json);
    let mut out = String::new();
    for byte in Sha256::digest(json.as_bytes()) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Go's `json.Marshal`: no blanks, and `<`, `>`, `&` and the line separators of Unicode escaped.
fn write(data: &Data, out: &mut String) {
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(value) => out.push_str(&value.to_string()),
        Data::Float(value) => out.push_str(&value.to_string()),
        Data::String(text) => string(text.as_str(), out),
        Data::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(&item.value, out);
            }
            out.push(']');
        }
        Data::Map(map) => {
            out.push('{');
            for (at, entry) in map.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                string(&entry.key, out);
                out.push(':');
                write(&entry.value.value, out);
            }
            out.push('}');
        }
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out.push('"');
}
