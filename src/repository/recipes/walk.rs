//! Which files of a repository may hold recipes, and reading only those that do.

use std::path::{Path, PathBuf};

use super::Recipe;
use super::formats::{self, Format};
use super::resolve::Places;
use crate::text::Source;
use crate::workspace::Workspace;

/// Scripts and documents larger than this are generated.
const SIZE_LIMIT: usize = 1 << 20;

/// A repository may hold thousands of documents; those nearest to the root say how it is run.
const DOCUMENT_LIMIT: usize = 300;

/// The same for everything else.
const SCRIPT_LIMIT: usize = 2000;

/// Hidden places that a walk of the project's own files leaves out.
const HIDDEN: [&str; 10] = [
    ".github/workflows",
    ".gitlab-ci.yml",
    ".gitlab-ci.yaml",
    ".gitlab",
    ".circleci",
    ".devcontainer",
    ".devcontainer.json",
    ".vscode",
    ".woodpecker",
    ".justfile",
];

pub(super) fn read(workspace: &Workspace, root: &Path, paths: &[PathBuf]) -> Vec<Recipe> {
    let mut candidates: Vec<(&Path, Format)> = paths
        .iter()
        .filter_map(|path| {
            Some((
                path.as_path(),
                Format::of(path.strip_prefix(root).unwrap_or(path))?,
            ))
        })
        .collect();
    let hidden = hidden(workspace, root);
    for path in &hidden {
        if !candidates.iter().any(|(known, _)| known == path) {
            candidates.extend(
                path.strip_prefix(root)
                    .ok()
                    .and_then(Format::of)
                    .map(|format| (path.as_path(), format)),
            );
        }
    }
    let depth = |path: &Path| {
        path.as_os_str()
            .as_encoded_bytes()
            .iter()
            .filter(|byte| std::path::is_separator(**byte as char))
            .count()
    };
    candidates.sort_by_cached_key(|(path, format)| (format.is_document(), depth(path)));
    let documents = candidates.partition_point(|(_, format)| !format.is_document());
    let (scripts, documents) = candidates.split_at(documents);
    let chosen = scripts
        .iter()
        .take(SCRIPT_LIMIT)
        .chain(documents.iter().take(DOCUMENT_LIMIT));
    let places = Places::new(workspace, root);
    let mut recipes = Vec::new();
    for (path, format) in chosen {
        if let Some(source) = source(workspace, path) {
            formats::read(&places, &source, *format, &mut recipes);
        }
    }
    recipes
}

/// The file, if it says anything about compose.
fn source(workspace: &Workspace, path: &Path) -> Option<Source> {
    if let Some(source) = workspace.sources().find(path) {
        return mentions(source.text().as_bytes()).then_some(source);
    }
    let bytes = workspace.files().read(path).ok()?;
    if !mentions(&bytes) {
        return None;
    }
    Some(
        workspace
            .sources()
            .add(path, String::from_utf8(bytes).ok()?),
    )
}

fn mentions(text: &[u8]) -> bool {
    // `docker compose`, `docker-compose`, `dockerComposeFile`, `$(DOCKER) compose`,
    // `docker stack deploy`
    text.len() <= SIZE_LIMIT
        && (memchr::memmem::find(text, b"ompose").is_some()
            || memchr::memmem::find(text, b"stack deploy").is_some())
}

fn hidden(workspace: &Workspace, root: &Path) -> Vec<PathBuf> {
    let files = workspace.files();
    let mut found = Vec::new();
    for name in HIDDEN {
        let path = root.join(name);
        match files.kind(&path) {
            Some(crate::files::Kind::File) => found.push(path),
            Some(crate::files::Kind::Directory) => {
                let entries = files.list(&path);
                found.extend(
                    entries
                        .iter()
                        .filter(|entry| !entry.is_directory)
                        .map(|entry| path.join(&entry.name)),
                );
                // `.devcontainer/<name>/devcontainer.json`
                let nested = entries
                    .iter()
                    .filter(|entry| entry.is_directory)
                    .map(|entry| path.join(&entry.name).join("devcontainer.json"));
                found.extend(nested.filter(|path| files.is_file(path)));
            }
            _ => {}
        }
    }
    found
}
