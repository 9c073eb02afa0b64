//! All that lies over the image of a container: what `volumes` names, and what the image,
//! `volumes_from`, `configs` and `secrets` bring besides.

use crate::compose::{Compose, Mount, MountKind, Value};
use crate::image::path;
use crate::project::Service;

/// Services that take volumes from each other in a row are followed so far.
const MOST_SOURCES: usize = 10;

impl Service<'_> {
    /// Every mount of the container; of two at one path the later one is there. An edit of a file
    /// of `configs` or `secrets` arrives as through a mount of it, and what a VOLUME keeps as what
    /// an anonymous volume does.
    pub fn all_mounts(self) -> Vec<Mount> {
        self.mounts_within(MOST_SOURCES)
    }

    fn mounts_within(self, depth: usize) -> Vec<Mount> {
        let mut mounts = self.image_volumes();
        for source in &self.spec().volumes_from {
            let (name, mode) = source.value.split_once(':').unwrap_or((&source.value, ""));
            let Some(other) = self
                .project
                .service(name)
                .filter(|other| depth > 0 && other.name() != self.name())
            else {
                continue;
            };
            let taken = other.mounts_within(depth - 1);
            mounts.extend(taken.into_iter().map(|mount| Mount {
                read_only: mount.read_only || mode == "ro",
                origin: source.origin.clone(),
                ..mount
            }));
        }
        mounts.extend(self.granted("configs", ""));
        mounts.extend(self.granted("secrets", "/run/secrets"));
        mounts.extend(self.spec().mounts.iter().cloned());
        mounts
    }

    /// An anonymous volume for each VOLUME of the image at whose path no mount lies.
    fn image_volumes(self) -> Vec<Mount> {
        let volumes = self
            .image()
            .and_then(|image| image.config())
            .map(|config| config.volumes.as_slice())
            .unwrap_or_default();
        let known = volumes
            .iter()
            .filter_map(|volume| Some((volume.value.clone()?, volume.span)));
        let anonymous = known.map(|(target, span)| Mount {
            kind: MountKind::AnonymousVolume,
            source: None,
            target: Value::new(target, span),
            read_only: false,
            origin: crate::compose::value::Origin::at(span),
        });
        anonymous
            .filter(|mount| path::below("/", &mount.target).is_none())
            .collect()
    }

    /// The files that `configs` or `secrets` of the service show in the container.
    fn granted(self, section: &str, directory: &str) -> Vec<Mount> {
        let Some(compose) = self.project.compose() else {
            return Vec::new();
        };
        let resources = if section == "configs" {
            &compose.configs
        } else {
            &compose.secrets
        };
        let items = self
            .spec()
            .data
            .get(section)
            .and_then(Value::as_list)
            .unwrap_or_default();
        let shown = items.iter().filter_map(|item| {
            let name = item.get("source").and_then(Value::as_str)?;
            let resource = resources
                .iter()
                .find(|resource| resource.name.value == name)?;
            let file = resource.data.get("file")?;
            let target = item.get("target").and_then(Value::as_str).unwrap_or(name);
            let target = path::join(&format!("{directory}/"), target);
            Some(Mount {
                kind: MountKind::Bind,
                source: Some(Value {
                    value: file.as_str()?.to_owned(),
                    origin: file.origin.clone(),
                }),
                target: Value {
                    value: target,
                    origin: item.origin.clone(),
                },
                read_only: true,
                origin: item.origin.clone(),
            })
        });
        shown.collect()
    }
}

/// Takes a named volume that is a directory of the host
/// (`driver_opts: {type: none, o: bind, device: …}`) for the bind mount that it is.
pub(crate) fn bind_local_volumes(compose: &mut Compose) {
    let mut bound: Vec<(String, Value<String>)> = Vec::new();
    for volume in &compose.volumes {
        let driver = volume
            .data
            .get("driver")
            .and_then(Value::as_str)
            .unwrap_or("local");
        let Some(options) = volume
            .data
            .get("driver_opts")
            .filter(|_| driver == "local" && !volume.external)
        else {
            continue;
        };
        let is_bind = options
            .get("o")
            .and_then(Value::as_str)
            .is_some_and(|o| o.split(',').any(|o| matches!(o, "bind" | "rbind")));
        let device = options
            .get("device")
            .and_then(|device| Some((device.as_str()?.to_owned(), device.origin.clone())));
        if let Some((value, origin)) = device.filter(|(device, _)| is_bind && !device.is_empty()) {
            bound.push((volume.name.value.clone(), Value { value, origin }));
        }
    }
    for mount in compose
        .services
        .iter_mut()
        .flat_map(|service| &mut service.mounts)
    {
        let named = mount
            .source
            .as_ref()
            .filter(|_| mount.kind == MountKind::Volume);
        if let Some((_, device)) =
            named.and_then(|name| bound.iter().find(|(bound, _)| *bound == name.value))
        {
            mount.kind = MountKind::Bind;
            mount.source = Some(device.clone());
        }
    }
}
