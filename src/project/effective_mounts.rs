//! All that lies over the image of a container: what `volumes` and `tmpfs` name, and what the image,
//! `volumes_from`, `configs` and `secrets` bring besides. The only list of mounts anybody asks.

use crate::compose::{Compose, Mount, MountKind, Service, Value, Via};
use crate::image::{Image, path};
use crate::project;

/// Services that take volumes from each other in a row are followed so far.
const MOST_SOURCES: usize = 10;

/// Finds the mounts of services.
pub(crate) struct Mounts<'a> {
    /// The resolved compose files.
    pub(crate) compose: &'a Compose,
    /// The image that a service runs, when the project builds it.
    pub(crate) image_of: &'a dyn Fn(&str) -> Option<&'a Image>,
}

/// The mounts that a service would have if it ran another image and was written like `spec`.
pub(crate) fn over_image(
    service: project::Service<'_>,
    spec: &Service,
    image: &Image,
) -> Vec<Mount> {
    let project = service.project();
    let Some(compose) = project.compose() else {
        return spec.mounts.clone();
    };
    let image_of = |name: &str| project.service(name).and_then(project::Service::image);
    let mounts = Mounts {
        compose,
        image_of: &image_of,
    };
    mounts.of(spec, Some(image))
}

impl Mounts<'_> {
    /// Every mount of a container that runs `image`: those that the service itself names first, at
    /// the indexes that they have in its model. A file of `configs` or `secrets` is there as through
    /// a bind mount of it, and a `VOLUME` as an anonymous volume is.
    pub(crate) fn of(&self, service: &Service, image: Option<&Image>) -> Vec<Mount> {
        self.within(service, image, MOST_SOURCES)
    }

    fn within(&self, service: &Service, image: Option<&Image>, depth: usize) -> Vec<Mount> {
        let mut mounts = service.mounts.clone();
        self.grant(service, "configs", "", Via::Config, &mut mounts);
        self.grant(service, "secrets", "/run/secrets", Via::Secret, &mut mounts);
        for source in &service.volumes_from {
            let (name, mode) = source.value.split_once(':').unwrap_or((&source.value, ""));
            let Some(other) = self.compose.service(name) else {
                continue;
            };
            if depth == 0 || other.name.value == service.name.value {
                continue;
            }
            for mount in self.within(other, (self.image_of)(name), depth - 1) {
                // Configs and secrets stay with the service that they are granted to.
                if !matches!(mount.via, Via::Config | Via::Secret) {
                    mounts.push(Mount {
                        read_only: mount.read_only || mode == "ro",
                        origin: source.origin.clone(),
                        via: Via::VolumesFrom,
                        ..mount
                    });
                }
            }
        }
        mounts.extend(image_volumes(image));
        mounts
    }

    /// Adds the files and texts that `configs` or `secrets` of a service show in its container. One
    /// whose text no file holds has the name of the config or secret as its source.
    fn grant(
        &self,
        service: &Service,
        section: &str,
        directory: &str,
        via: Via,
        mounts: &mut Vec<Mount>,
    ) {
        let resources = if via == Via::Config {
            &self.compose.configs
        } else {
            &self.compose.secrets
        };
        let items = service.data.get(section).and_then(Value::as_list);
        for item in items.unwrap_or_default() {
            let Some(source) = item.get("source") else {
                continue;
            };
            let Some(name) = source.as_str() else {
                continue;
            };
            let resource = resources.iter().find(|known| known.name.value == name);
            let Some(resource) = resource else { continue };
            let file = resource.data.get("file");
            let text = file.and_then(Value::as_str).unwrap_or(name).to_owned();
            let target = item.get("target").and_then(Value::as_str).unwrap_or(name);
            mounts.push(Mount {
                kind: if file.is_some() {
                    MountKind::Bind
                } else {
                    MountKind::Other
                },
                source: Some(Value {
                    value: text,
                    origin: file.unwrap_or(source).origin.clone(),
                }),
                target: Value {
                    value: path::join(&format!("{directory}/"), target),
                    origin: item.origin.clone(),
                },
                read_only: true,
                origin: item.origin.clone(),
                via,
            });
        }
    }
}

/// An anonymous volume for each `VOLUME` of an image.
fn image_volumes(image: Option<&Image>) -> Vec<Mount> {
    let config = image.and_then(Image::config);
    let volumes = config
        .map(|config| config.volumes.as_slice())
        .unwrap_or_default();
    let mut found = Vec::new();
    for volume in volumes {
        let Some(target) = volume.value.clone() else {
            continue;
        };
        if path::below("/", &target).is_none() {
            found.push(Mount {
                kind: MountKind::AnonymousVolume,
                source: None,
                target: Value::new(target, volume.span),
                read_only: false,
                origin: crate::compose::value::Origin::at(volume.span),
                via: Via::ImageVolume,
            });
        }
    }
    found
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
