//! What lies over a path of the container, and what it takes to see a new image's copy there.

use super::Place;
use super::action::Action;
use super::chain::{Cause, Link};
use crate::compose::{Data, Mount, MountKind, Value, Via};
use crate::image::path;
use crate::knowledge::images;
use crate::project::Service;

/// The link that a mount over a path breaks, and what it takes to see a new image's copy: a volume
/// gets the files of the image when it is new. `other` is for what is no volume.
pub(super) fn by_mount(over: &Mount, container: &str, other: Action) -> (Link, Action) {
    let cause = match over.kind {
        MountKind::Volume | MountKind::AnonymousVolume => Cause::HiddenByVolume,
        _ => Cause::HiddenByMount,
    };
    let text = format!("{} lies over {container}", what(over));
    (
        Link::no(cause, text, over.origin.span),
        renewal(over, other),
    )
}

/// What it takes to renew a volume: a named one outlives everything but its removal.
pub(super) fn renewal(over: &Mount, other: Action) -> Action {
    match (&over.kind, &over.source) {
        (MountKind::Volume, Some(name)) => Action::DropVolume(name.value.clone()),
        (MountKind::AnonymousVolume, _) => Action::RebuildRenew,
        _ => other,
    }
}

fn what(mount: &Mount) -> String {
    let named = mount.source.as_ref().map(|source| source.value.as_str());
    match (&mount.kind, named, mount.via) {
        (_, Some(name), Via::Config) => format!("the config `{name}`"),
        (_, Some(name), Via::Secret) => format!("the secret `{name}`"),
        (MountKind::Bind, Some(source), _) => format!("another mount, of {source},"),
        (MountKind::Volume, Some(name), _) => format!("the volume `{name}`"),
        (_, _, Via::ImageVolume) => "a VOLUME of the image".to_owned(),
        (MountKind::AnonymousVolume, ..) => "an anonymous volume".to_owned(),
        (MountKind::Tmpfs, ..) => "a tmpfs".to_owned(),
        _ => "another mount".to_owned(),
    }
}

/// Whether a volume is made with `nocopy`.
pub(super) fn is_left_empty(service: Service<'_>, volume: &Mount) -> bool {
    let items = service.spec().data.get("volumes").and_then(Value::as_list);
    for item in items.unwrap_or_default() {
        let target = item.get("target").and_then(Value::as_str);
        if target == Some(volume.target.value.as_str())
            && let Some(option) = item.get("volume").and_then(|volume| volume.get("nocopy"))
        {
            return matches!(option.value, Data::Bool(true));
        }
    }
    false
}

/// What a script for the first start of a database does once there are data.
pub(super) fn first_start(place: &Place<'_>, container: &str) -> Option<(Link, Action)> {
    path::below(container, images::FIRST_START)?;
    let directory = images::data_directory(place.service.base_image()?)?;
    let kept = place
        .mounts
        .iter()
        .rev()
        .find(|mount| path::below(&mount.target, directory).is_some());
    let action = match kept {
        Some(mount) if mount.kind == MountKind::Bind => Action::Unknown,
        Some(mount) => renewal(mount, Action::Recreate),
        // The image has a volume there.
        None => Action::RebuildRenew,
    };
    let text = format!("it runs only while there are no data in {directory}");
    let span = kept.and_then(|mount| mount.origin.span);
    Some((Link::no(Cause::FirstStartOnly, text, span), action))
}
