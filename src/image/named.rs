//! Further contexts of a build, which stand for a stage or an image of their name:
//! `additional_contexts`, `docker build --build-context`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::workspace::Workspace;

use super::Image;
use super::context::Context;

/// A named context.
#[derive(Clone, Debug)]
pub struct NamedContext {
    /// The name that FROM, `COPY --from` and mounts call it by.
    pub name: String,
    /// What it is.
    pub source: NamedSource,
}

/// What a named context is.
#[derive(Clone, Debug)]
pub enum NamedSource {
    /// A directory of the host, with an ignore file of its own.
    Directory(Context),
    /// What another service builds.
    Built(Arc<Image>),
    /// An image of a registry: `docker-image://alpine:3`.
    Image(String),
    /// Something that is fetched, or that nobody knows.
    Other,
}

impl NamedContext {
    /// A context as it is written: a path, a URL, `docker-image://…`, `service:…`. `built` gives
    /// the image of a service.
    pub fn read(
        workspace: &Workspace<'_>,
        name: &str,
        value: Option<&str>,
        built: &mut dyn FnMut(&str) -> Option<Arc<Image>>,
    ) -> NamedContext {
        let source = match value {
            None => NamedSource::Other,
            Some(value) => match (
                value.strip_prefix("service:"),
                value.strip_prefix("docker-image://"),
            ) {
                (Some(service), _) => built(service).map_or(NamedSource::Other, NamedSource::Built),
                (_, Some(image)) => NamedSource::Image(image.to_owned()),
                _ if Path::new(value).is_absolute() => {
                    let directory = PathBuf::from(value);
                    NamedSource::Directory(Context::named(workspace, &directory))
                }
                _ => NamedSource::Other,
            },
        };
        NamedContext {
            name: name.to_owned(),
            source,
        }
    }

    /// Whether a name in the Dockerfile means this context. For an image its registry and `latest`
    /// go without saying.
    pub fn is_called(&self, name: &str) -> bool {
        familiar(&self.name).eq_ignore_ascii_case(familiar(name))
    }
}

fn familiar(name: &str) -> &str {
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    name.strip_suffix(":latest").unwrap_or(name)
}
