//! What the steps of a build take from the context by name and do not find there.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::files::Files;
use crate::text::{Span, closest};

use super::step::{Action, CopyFrom, SourceKind};
use super::{Image, path};

/// A file or directory that a COPY, an ADD or a bind mount of RUN names and that the build cannot
/// see.
#[derive(Clone, Debug)]
pub struct Absent {
    /// As written.
    pub span: Span,
    /// In the context, without a leading `/`.
    pub path: String,
    /// On the host, absolute.
    pub host: PathBuf,
    /// The pattern of the ignore file that keeps it out; `None` when nothing is there.
    pub ignored_by: Option<Span>,
}

impl Image {
    /// The paths that the needed stages ask for in vain. A pattern that matches nothing is none:
    /// BuildKit copies nothing.
    pub fn absent(&self, files: &dyn Files) -> Vec<Absent> {
        // Where a directory has the name of a template's variable, other files are made from these
        // before anything is built.
        let is_template = self
            .context
            .directory
            .to_str()
            .is_none_or(|directory| directory.contains("{{"));
        if is_template
            || self.dockerfile.tree.is_of_another_language()
            || !files.is_directory(&self.context.directory)
        {
            return Vec::new();
        }
        let mut absent = Vec::new();
        let mut seen = FxHashSet::default();
        for step in self
            .needed()
            .into_iter()
            .flat_map(|stage| &self.stages[stage].steps)
        {
            let names: Vec<(Span, &str)> = match &step.action {
                Action::Copy(copied) if copied.from == CopyFrom::Context => {
                    let missing = copied
                        .sources
                        .iter()
                        .filter(|source| source.kind == SourceKind::Missing);
                    missing
                        .map(|source| (source.span, source.path.as_str()))
                        .collect()
                }
                Action::Run(run) => {
                    let binds = run
                        .mounts
                        .iter()
                        .filter(|mount| mount.kind == "bind" && mount.from == CopyFrom::Context);
                    binds
                        .filter_map(|mount| Some((mount.span, mount.source.as_deref()?)))
                        .collect()
                }
                _ => Vec::new(),
            };
            for (span, name) in names.into_iter().filter(|(span, _)| seen.insert(*span)) {
                absent.extend(self.look_for(files, span, name));
            }
        }
        absent
    }

    /// The copies of all of the context although the ignore file keeps all of it out, each with the
    /// pattern that does.
    pub fn empty_copies(&self) -> Vec<(Span, Span)> {
        let patterns = || self.context.patterns.iter();
        let everything =
            patterns().find(|pattern| matches!(pattern.text.as_str(), "*" | "**" | "**/*"));
        let Some(pattern) = everything.filter(|_| !patterns().any(|pattern| pattern.negated))
        else {
            return Vec::new();
        };
        let steps = self
            .needed()
            .into_iter()
            .flat_map(|stage| &self.stages[stage].steps);
        let copies = steps.filter_map(|step| {
            if let Action::Copy(copied) = &step.action {
                Some(copied)
            } else {
                None
            }
        });
        let sources = copies
            .filter(|copied| copied.from == CopyFrom::Context)
            .flat_map(|copied| &copied.sources);
        let mut seen = FxHashSet::default();
        let whole = sources
            .filter(|source| source.kind == SourceKind::Everything && seen.insert(source.span));
        whole.map(|source| (source.span, pattern.span)).collect()
    }

    /// A path as if it started at the Dockerfile.
    pub fn beside_dockerfile(&self, path: &str) -> Option<PathBuf> {
        let source = &self.dockerfile.tree.source;
        if source.embedded().is_some() {
            return None;
        }
        Some(source.path().parent()?.join(path))
    }

    /// The nearest directory above the context, and within `root`, that has the path.
    pub fn above_context(&self, files: &dyn Files, root: &Path, path: &str) -> Option<PathBuf> {
        let is_inside = self
            .beside_dockerfile(path)
            .is_some_and(|path| files.exists(&path) && self.context.relative(&path).is_some());
        if is_inside {
            return None;
        }
        let mut above = self
            .context
            .directory
            .ancestors()
            .skip(1)
            .take_while(|above| above.starts_with(root));
        above
            .find(|above| files.exists(&above.join(path)))
            .map(Path::to_path_buf)
    }

    /// The path of the most similar name in the same directory of the context.
    pub fn similar_path(&self, files: &dyn Files, path: &str) -> Option<String> {
        let path = Path::new(path);
        let name = path.file_name()?.to_str()?;
        let directory = path.parent()?.to_str()?;
        let entries = files.list(&self.context.host(directory));
        let meant = closest(name, entries.iter().map(|entry| entry.name.as_str()))?;
        let found = match directory {
            "" => meant.to_owned(),
            _ => format!("{directory}/{meant}"),
        };
        self.context.kind(files, &found).map(|_| found)
    }

    fn look_for(&self, files: &dyn Files, span: Span, name: &str) -> Option<Absent> {
        let clean = path::join("/", name);
        let path = clean.trim_start_matches('/').to_owned();
        if path.is_empty() || path::is_windows(&path) || self.context.kind(files, &path).is_some() {
            return None;
        }
        let host = self.context.host(&path);
        // A link that leads nowhere on this machine is copied as the link that it is.
        if files.link(&host).is_some() {
            return None;
        }
        let pattern = self
            .context
            .patterns
            .decide(&path)
            .filter(|pattern| !pattern.negated)
            .map(|pattern| pattern.span);
        match files.exists(&host) {
            true => Some(Absent {
                span,
                path,
                ignored_by: Some(pattern?),
                host,
            }),
            false => Some(Absent {
                span,
                path,
                ignored_by: None,
                host,
            }),
        }
    }
}
