//! One way by which an edit may get to a process, and where the image has copies of a host path.

use std::path::Path;

use super::action::Action;
use super::chain::Link;
use crate::image::{Image, path};
use crate::text::Span;

/// One way in.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) arrives: Link,
    /// What hides it, where something does.
    pub(super) hidden: Option<Link>,
    /// That the process reads another copy, where that is known already.
    pub(super) read: Option<Link>,
    /// Where it is to be seen in the container.
    pub(super) container: Option<String>,
    /// What arriving and being seen need.
    pub(super) action: Action,
    /// Whether it is mounted as a file of its own.
    pub(super) is_file: bool,
    /// Whether it is a symbolic link that the mount follows.
    pub(super) is_link: bool,
    /// Services whose images must be built first.
    pub(super) owners: Vec<String>,
}

impl Way {
    pub(super) fn new(arrives: Link, action: Action) -> Way {
        Way {
            arrives,
            hidden: None,
            read: None,
            container: None,
            action,
            is_file: false,
            is_link: false,
            owners: Vec::new(),
        }
    }

    pub(super) fn at(self, container: &str) -> Way {
        Way {
            container: Some(container.to_owned()),
            ..self
        }
    }
}

/// Where the image holds copies of a host path, the last one first, each with the COPY that brought
/// it.
pub(super) fn copies<'i>(
    image: &'i Image,
    host: &'i Path,
) -> impl Iterator<Item = (String, Span)> + 'i {
    image.baked().iter().rev().filter_map(|baked| {
        let rest = host.strip_prefix(&baked.host).ok()?.to_str()?;
        // The copy of a directory is only a part of what is asked about where that holds it.
        (rest.is_empty() || baked.is_directory && !image.context.is_ignored(host, false))
            .then(|| (path::join(&baked.container, rest), baked.from_context))
    })
}
