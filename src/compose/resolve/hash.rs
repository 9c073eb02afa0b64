//! The hash by which Docker Compose knows that a service has changed: SHA-256 over Go's JSON of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::compose::resolve::Resolved;
use crate::compose::value::{Data, MapEntry, Value};

/// What a container does not depend on.
const IGNORED: [&str; 5] = ["build", "pull_policy", "scale", "depends_on", "profiles"];

impl Resolved {
    /// The hash of each service by name. The document must be one for JSON.
    pub fn hashes(&self) -> Vec<(&str, String)> {
        let services = self
            .document
            .get("services")
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        services
            .map(|service| (service.key.as_str(), hash(&service.value)))
            .collect()
    }
}

/// The order in which the reference hashes attributes: that of releases before it knew jobs, so
/// that hashes stay the same.
const ORDER: &[&str] = &[
    "profiles",
    "annotations",
    "attach",
    "build",
    "develop",
    "blkio_config",
    "cap_add",
    "cap_drop",
    "cgroup_parent",
    "cgroup",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpus",
    "cpuset",
    "cpu_shares",
    "command",
    "configs",
    "container_name",
    "credential_spec",
    "depends_on",
    "deploy",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "dockerfile",
    "domainname",
    "entrypoint",
    "provider",
    "environment",
    "env_file",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "group_add",
    "gpus",
    "hostname",
    "healthcheck",
    "image",
    "init",
    "ipc",
    "isolation",
    "labels",
    "label_file",
    "links",
    "logging",
    "log_driver",
    "log_opt",
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "mem_swappiness",
    "mac_address",
    "models",
    "net",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "privileged",
    "pull_policy",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volume_driver",
    "volumes",
    "volumes_from",
    "working_dir",
    "pre_start",
    "post_start",
    "pre_stop",
];

fn hash(service: &Value<Data>) -> String {
    let mut service = service.clone();
    if let Some(map) = service.as_map_mut() {
        let place = |entry: &MapEntry| {
            ORDER
                .iter()
                .position(|key| *key == entry.key)
                .unwrap_or(ORDER.len())
        };
        let mut entries: Vec<MapEntry> = map.iter().cloned().collect();
        entries.sort_by_key(place);
        *map = entries.into_iter().collect();
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
