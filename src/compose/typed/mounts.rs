//! `volumes` and `tmpfs` of a service.

use crate::compose::canonical::clean_target;
use crate::compose::forms::part;
use crate::compose::model::{Mount, MountKind, Via};
use crate::compose::typed::{boolean, text};
use crate::compose::value::{Data, Map, Value};

/// All that is mounted, in the order it is written.
pub(super) fn mounts(service: &Map) -> Vec<Mount> {
    let list = |key: &str| {
        service
            .get(key)
            .and_then(Value::as_list)
            .unwrap_or_default()
    };
    list("volumes")
        .iter()
        .filter_map(volume)
        .chain(list("tmpfs").iter().filter_map(tmpfs))
        .collect()
}

fn volume(item: &Value<Data>) -> Option<Mount> {
    let map = item.as_map()?;
    let source = map
        .get("source")
        .and_then(text)
        .filter(|source| !source.value.is_empty());
    let kind = match map.get("type").and_then(Value::as_str) {
        Some("bind") => MountKind::Bind,
        Some("volume") if source.is_none() => MountKind::AnonymousVolume,
        Some("volume") => MountKind::Volume,
        Some("tmpfs") => MountKind::Tmpfs,
        _ => MountKind::Other,
    };
    Some(Mount {
        kind,
        source,
        target: map.get("target").and_then(text)?,
        read_only: map.get("read_only").and_then(boolean).unwrap_or(false),
        origin: item.origin.clone(),
        via: Via::Volumes,
    })
}

/// `TARGET[:OPTIONS]`.
fn tmpfs(item: &Value<Data>) -> Option<Mount> {
    let Data::String(written) = &item.value else {
        return None;
    };
    let whole = written.as_str();
    let end = whole.find(':').unwrap_or(whole.len());
    let target = text(&part(item, written, 0..end))?.map(|target| clean_target(&target));
    let read_only = whole[end..]
        .trim_start_matches(':')
        .split(',')
        .any(|option| option == "ro");
    Some(Mount {
        kind: MountKind::Tmpfs,
        source: None,
        target,
        read_only,
        origin: item.origin.clone(),
        via: Via::Volumes,
    })
}
