//! Which edited files of the build context a COPY or a mount takes in, and where they land.

use std::path::{Path, PathBuf};

use crate::files::{self, Files};
use crate::image::{Context, Copied, Image, RunMount, SourceKind, SourcePath, Step, path};
use crate::workspace::Workspace;

use super::cause::Way;
use super::delta::{self, Certainty};

/// An edited file that an instruction takes in.
pub(super) struct Hit {
    /// Its path in the context.
    pub(super) path: String,
    pub(super) certainty: Certainty,
    /// Where it lies in the stage, as far as that is known.
    pub(super) lands: Vec<String>,
    pub(super) why: Way,
}

/// What of the edited files COPY or ADD takes from a context.
pub(super) fn copied(
    workspace: &Workspace<'_>,
    image: &Image,
    context: &Context,
    step: &Step,
    copied: &Copied,
    edited: &[PathBuf],
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for file in edited {
        let found = relative(context, file).and_then(|path| {
            let sources = || copied.sources.iter();
            let certainty = sources()
                .filter_map(|source| takes(workspace.files(), context, copied, source, file, &path))
                .min()?;
            Some(Hit {
                lands: lands(image, step, copied, file, &path),
                path,
                certainty,
                why: Way::Copied,
            })
        });
        if found.is_none() && is_ignore_file(context, file) && copied.sources.iter().any(is_broad) {
            // Which files it lets through now is not known.
            let path = relative_name(context, file);
            let lands = copied.destination.iter().cloned().collect();
            hits.push(Hit {
                path,
                certainty: Certainty::Possible,
                lands,
                why: Way::Ignores,
            });
        }
        hits.extend(found);
    }
    hits
}

/// What of the edited files a bind mount of the context shows.
pub(super) fn mounted(
    files: &dyn Files,
    context: &Context,
    mount: &RunMount,
    edited: &[PathBuf],
) -> Vec<Hit> {
    let source = path::join("/", mount.source.as_deref().unwrap_or_default());
    let real = behind_links(files, context, source.trim_start_matches('/'));
    let takes = |file: &PathBuf| {
        let path = relative(context, file)?;
        let whole = format!("/{path}");
        let is_in =
            path::below(&whole, &source).is_some() || path::below(&source, &whole).is_some();
        let is_in = is_in
            || real
                .as_ref()
                .is_some_and(|real| file.starts_with(real) || real.starts_with(file));
        is_in.then(|| Hit {
            path,
            certainty: Certainty::Certain,
            lands: Vec::new(),
            why: Way::Mounted,
        })
    };
    edited.iter().filter_map(takes).collect()
}

/// The path in the context of a file that the build is sent.
fn relative(context: &Context, file: &Path) -> Option<String> {
    context
        .relative(file)
        .filter(|path| !context.patterns.is_ignored(path))
}

fn relative_name(context: &Context, file: &Path) -> String {
    context
        .relative(file)
        .unwrap_or_else(|| file.display().to_string())
}

fn is_ignore_file(context: &Context, file: &Path) -> bool {
    context
        .ignore_file
        .as_ref()
        .is_some_and(|source| source.path() == file)
        || file == context.host(".dockerignore")
}

fn is_broad(source: &SourcePath) -> bool {
    matches!(
        source.kind,
        SourceKind::Everything | SourceKind::Directory | SourceKind::Glob(_)
    )
}

fn takes(
    files: &dyn Files,
    context: &Context,
    copied: &Copied,
    source: &SourcePath,
    file: &Path,
    path: &str,
) -> Option<Certainty> {
    let below = match &source.kind {
        SourceKind::Unknown => return Some(Certainty::Possible),
        SourceKind::Remote | SourceKind::Inside => return None,
        SourceKind::Everything => Some(path.to_owned()),
        _ if copied.parents && source.path.contains("**") => {
            delta::matches_deep(path, &source.path).then(String::new)
        }
        // The pattern itself: a file that comes or goes is not among today's matches.
        SourceKind::Glob(_) => {
            let seen = through_links(files, context, &source.path, file);
            let linked = || {
                let matches = context.matches(files, &source.path);
                matches.iter().find_map(|name| {
                    behind_links(files, context, name).and_then(|real| rest(file, &real))
                })
            };
            delta::below_pattern(seen.as_deref().unwrap_or(path), &source.path).or_else(linked)
        }
        SourceKind::Directory | SourceKind::File | SourceKind::Archive | SourceKind::Missing => {
            let host = context.host(&source.path);
            let linked =
                || behind_links(files, context, &source.path).and_then(|real| rest(file, &real));
            rest(file, &host)
                .or_else(linked)
                .or_else(|| host.starts_with(file).then(String::new))
        }
    }?;
    let is_excluded = !below.is_empty() && delta::is_excluded(&copied.excluded, &below);
    (!is_excluded).then_some(Certainty::Certain)
}

/// Where a path in the context leads, when there is a symbolic link on the way.
fn behind_links(files: &dyn Files, context: &Context, path: &str) -> Option<PathBuf> {
    let mut host = context.directory.clone();
    let mut is_linked = false;
    for part in path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        host = files::clean(&host.join(part));
        if let Some(real) = files.link(&host) {
            (host, is_linked) = (real, true);
        }
    }
    is_linked.then_some(host)
}

/// A file as it is seen in the directory of a pattern, when a symbolic link leads there.
fn through_links(
    files: &dyn Files,
    context: &Context,
    pattern: &str,
    file: &Path,
) -> Option<String> {
    let parts: Vec<&str> = pattern
        .split('/')
        .take_while(|part| !path::is_glob(part))
        .collect();
    let directory = parts.join("/");
    let real = behind_links(files, context, &directory)?;
    Some(
        path::join(&directory, &rest(file, &real)?)
            .trim_start_matches('/')
            .to_owned(),
    )
}

fn rest(file: &Path, above: &Path) -> Option<String> {
    Some(
        file.strip_prefix(above)
            .ok()?
            .to_string_lossy()
            .replace('\\', "/"),
    )
}

/// Where an edited file lies in the stage.
fn lands(image: &Image, step: &Step, copied: &Copied, file: &Path, path: &str) -> Vec<String> {
    let baked = image
        .baked_in(step.stage)
        .iter()
        .filter(|baked| baked.copy == step.span);
    let known: Vec<String> = baked
        .filter_map(|baked| Some(path::join(&baked.container, &rest(file, &baked.host)?)))
        .collect();
    let Some(destination) = copied.destination.as_deref().filter(|_| known.is_empty()) else {
        return known;
    };
    match copied.into_directory {
        true => vec![path::join(destination, path::name(path))],
        false => vec![destination.to_owned()],
    }
}
