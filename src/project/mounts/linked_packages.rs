//! Packages of the repository that mounted code is linked to by its manifest, and that are only
//! copies in the image: members of a workspace of Node.js, and modules that a `go.mod` replaces.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::imports::UnmountedImport;
use crate::files::clean;
use crate::process::Reads;
use crate::project::{Service, mounts};
use crate::repository::manifests::{self, Group, Manifest};
use crate::repository::sources::Census;
use crate::text::Span;

/// No workspace has more members, and no manifest more dependencies, that are looked at.
const MOST: usize = 300;

/// The linked packages that no mount and no trigger reaches, while a mount shows the manifest
/// that names them.
pub fn unmounted(service: Service<'_>) -> Vec<UnmountedImport> {
    let mut found: Vec<UnmountedImport> = Vec::new();
    for process in service
        .processes()
        .iter()
        .filter(|process| !matches!(process.reads, Reads::Artifact(_)))
    {
        let Some(shown) = mounts::shown(service, &process.cwd)
            .filter(|shown| service.project().owns(&shown.host))
        else {
            continue;
        };
        for (directory, import) in node_links(service, &shown.host)
            .into_iter()
            .chain(go_links(service, &shown.host))
        {
            let is_known = found.iter().any(|known| known.directory == directory);
            if let Some(link) = copy_of_link(service, &directory, import).filter(|_| !is_known) {
                found.push(link);
            }
        }
    }
    found
}

/// The copy in the image of a linked package, where an edit of the original does not reach it.
fn copy_of_link(service: Service<'_>, directory: &Path, import: Span) -> Option<UnmountedImport> {
    let by_mount = service.mounts().iter().filter_map(mounts::bind_source);
    let by_watch = service
        .spec()
        .watch
        .iter()
        .map(|watch| Path::new(&watch.path.value));
    let is_reached = by_mount
        .chain(by_watch)
        .any(|source| directory.starts_with(source) || source.starts_with(directory));
    if is_reached
        || Census::of(service.project().workspace().files(), directory, &|_, _| {
            false
        })
        .is_empty()
    {
        return None;
    }
    let baked = service
        .image()?
        .baked()
        .iter()
        .rev()
        .find(|baked| baked.is_directory && directory.starts_with(&baked.host))?;
    let rest = directory.strip_prefix(&baked.host).ok()?.to_str()?;
    let container = crate::image::path::join(&baked.container, rest);
    Some(UnmountedImport {
        directory: directory.to_path_buf(),
        container,
        copy: baked.from_context,
        import,
    })
}

/// What a `package.json` depends on that lies in the repository.
fn node_links(service: Service<'_>, directory: &Path) -> Vec<(PathBuf, Span)> {
    let Some(manifest) = manifest(service, &directory.join("package.json")) else {
        return Vec::new();
    };
    let members = members(service, directory);
    let mut found = Vec::new();
    let installed = manifest
        .dependencies
        .iter()
        .filter(|dependency| dependency.group != Group::Optional);
    for dependency in installed.take(MOST) {
        let wanted = &dependency.wanted;
        let path = ["file:", "link:", "portal:"]
            .iter()
            .find_map(|scheme| wanted.strip_prefix(scheme));
        let place = match path {
            Some(path) => Some(clean(&directory.join(path))),
            None => members
                .iter()
                .find(|(known, _)| *known == dependency.name)
                .map(|(_, directory)| directory.clone()),
        };
        found.extend(place.map(|place| (place, dependency.span)));
    }
    found
}

fn manifest(service: Service<'_>, path: &Path) -> Option<Arc<Manifest>> {
    let workspace = service.project().workspace();
    let source = workspace.read(path).ok()?;
    Some(manifests::of(workspace, &source))
}

/// The members of the workspace that a directory belongs to, by their names.
fn members(service: Service<'_>, directory: &Path) -> Vec<(String, PathBuf)> {
    let files = service.project().workspace().files();
    let patterns_of = |root: &Path| {
        let roots = ["package.json", "pnpm-workspace.yaml"].map(|file| root.join(file));
        let manifests = roots.iter().filter_map(|path| manifest(service, path));
        let patterns = manifests.flat_map(|manifest| manifest.members.clone());
        patterns
            .map(|pattern| pattern.as_str().to_owned())
            .collect::<Vec<String>>()
    };
    let roots = directory
        .ancestors()
        .take_while(|above| service.project().owns(above));
    let Some((root, patterns)) = roots
        .map(|root| (root, patterns_of(root)))
        .find(|(_, patterns)| !patterns.is_empty())
    else {
        return Vec::new();
    };
    let mut directories: Vec<PathBuf> = Vec::new();
    for pattern in &patterns {
        match pattern.strip_suffix("/**").or(pattern.strip_suffix("/*")) {
            Some(parent) => {
                let parent = root.join(parent.trim_start_matches("./"));
                let entries = files.list(&parent);
                directories.extend(
                    entries
                        .iter()
                        .filter(|entry| entry.is_directory)
                        .map(|entry| parent.join(&entry.name)),
                );
            }
            None => directories.push(root.join(pattern.trim_start_matches("./"))),
        }
    }
    let named = directories.into_iter().take(MOST).filter_map(|directory| {
        let manifest = manifest(service, &directory.join("package.json"))?;
        Some((manifest.name.as_ref()?.as_str().to_owned(), directory))
    });
    named.collect()
}

/// The modules that a `go.mod` replaces with directories of the repository.
fn go_links(service: Service<'_>, directory: &Path) -> Vec<(PathBuf, Span)> {
    let Some(manifest) = manifest(service, &directory.join("go.mod")) else {
        return Vec::new();
    };
    let replaced = manifest.locals.iter().take(MOST);
    replaced
        .filter_map(|local| {
            Some((
                clean(&directory.join(local.path.as_ref()?.as_str())),
                local.span,
            ))
        })
        .collect()
}
