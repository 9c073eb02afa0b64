//! The files of the context that an install reads: its manifests, and the manifests that those
//! name.
//!
//! This is the proof behind moving an install above the copy of the sources: when `sources` is
//! empty and nothing is missing, these files are all that it needs.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::files::{Files, Kind};
use crate::knowledge::directories;
use crate::knowledge::python::no_package;
use crate::repository::manifests as declared;
use crate::text::Span;
use crate::workspace::Workspace;

use super::installs::{Ecosystem, Install};
use super::step::Step;
use super::{Image, Seen, glob, path};

mod manifests;

/// What an install needs of the build context.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The files and directories, in the order in which they were found.
    pub files: Vec<Input>,
    /// Manifests that it cannot do without and that are not there.
    pub missing: Vec<String>,
    /// Manifests that are on the host, but kept out of the context by the ignore file.
    pub ignored: Vec<PathBuf>,
    /// Why it needs the sources after all.
    pub sources: Vec<SourceNeed>,
    /// What it writes that also lies in the context, so that a later copy of the context would lie
    /// over it.
    pub overwritten: Vec<PathBuf>,
}

/// A file, or a directory of files, of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// On the host, absolute.
    pub host: PathBuf,
    /// In the context, with `/`.
    pub path: String,
    /// Where the install looks for it.
    pub container: String,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// Why an install needs more than manifests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceNeed {
    /// A clause: "`postinstall` runs a script of the project".
    pub message: String,
    /// Where that is written, possibly in a manifest.
    pub span: Option<Span>,
    /// Whether it is a script that runs with the install: it may read sources, and may not.
    pub is_script: bool,
}

/// How many files one install is followed through.
const MOST_FILES: usize = 500;

impl Image {
    /// What `install`, a command of `step`, needs of the context. `None` when it reads manifests
    /// and it is not known where.
    pub fn inputs(
        &self,
        workspace: &Workspace<'_>,
        step: &Step,
        install: &Install,
    ) -> Option<Inputs> {
        let directory = match &install.directory {
            Some(directory) => directory.clone(),
            None if install.manifests.is_empty() => "/".to_owned(),
            None => return None,
        };
        let mut search = Search {
            image: self,
            workspace,
            visible: self.seen_by(step),
            stage: step.stage,
            install,
            inputs: Inputs::default(),
            seen: FxHashSet::default(),
            open: VecDeque::new(),
        };
        let is_virtual = search.is_virtual(&directory);
        if let Some(reason) = install.needs_sources.as_ref().filter(|_| !is_virtual) {
            search.inputs.sources.push(SourceNeed {
                message: reason.clone(),
                span: Some(install.command),
                is_script: false,
            });
        }
        for manifest in &install.manifests {
            let found = manifest
                .path
                .split('|')
                .filter(|path| search.look_for(&directory, path))
                .count();
            if found == 0 && manifest.required {
                search.inputs.missing.push(manifest.path.clone());
            }
        }
        search.workspace_above(&directory);
        search.follow();
        search.overwritten();
        Some(search.inputs)
    }
}

struct Search<'a> {
    image: &'a Image,
    workspace: &'a Workspace<'a>,
    visible: Vec<Seen>,
    stage: usize,
    install: &'a Install,
    inputs: Inputs,
    seen: FxHashSet<String>,
    /// Manifests that are still to be read.
    open: VecDeque<Input>,
}

impl Search<'_> {
    fn files(&self) -> &dyn Files {
        self.workspace.files()
    }

    /// The host path of a container path, whether or not something is there.
    fn host_of(&self, container: &str) -> Option<PathBuf> {
        self.visible
            .iter()
            .find_map(|seen| match path::below(container, &seen.container)? {
                "" => Some(seen.host.clone()),
                rest => seen.is_directory.then(|| seen.host.join(rest)),
            })
    }

    /// Whether the project of a directory is none that its package manager would install: uv wants
    /// a `build-system` for that, unless it is told otherwise, and others can be told that there is
    /// nothing to install.
    fn is_virtual(&self, directory: &str) -> bool {
        let manifest = self
            .host_of(&path::join(directory, "pyproject.toml"))
            .and_then(|host| self.workspace.read(&host).ok());
        let Some(manifest) = manifest else {
            return false;
        };
        let python = &declared::of(self.workspace, &manifest).python;
        // Members of a workspace and packages beside it are installed whatever the root is.
        let names_members = self
            .install
            .flags
            .iter()
            .any(|flag| flag.starts_with("--package") || flag == "--all-packages");
        if no_package(self.install.manager).is_none() {
            return false;
        }
        let is_uv = self.install.manager == "uv";
        if is_uv && (names_members || python.names_uv_packages) {
            return false;
        }
        match python.is_package(self.install.manager) {
            Some(is_package) => !is_package,
            None => is_uv && !python.has_build_system,
        }
    }

    /// Adds what a path of a manifest means, seen from a container directory; whether there is
    /// anything.
    fn look_for(&mut self, directory: &str, written: &str) -> bool {
        let whole = path::join(directory, written);
        if !path::is_glob(&whole) {
            return self
                .host_of(&whole)
                .is_some_and(|host| self.add(&host, &whole));
        }
        let star = whole.find(['*', '?', '[']).unwrap_or_default();
        let (fixed, pattern) = whole.split_at(whole[..star].rfind('/').unwrap_or_default());
        let pattern = pattern.trim_start_matches('/');
        let mut found = false;
        if let Some(host) = self.host_of(if fixed.is_empty() { "/" } else { fixed }) {
            found |= self.add_pattern(&host, fixed, pattern);
        }
        // Single files and directories that were copied to below it.
        let below: Vec<(Seen, String)> = self
            .visible
            .iter()
            .filter_map(|seen| {
                let rest = path::below(&seen.container, fixed).filter(|rest| !rest.is_empty())?;
                Some((seen.clone(), rest.to_owned()))
            })
            .collect();
        for (seen, rest) in below.into_iter().rev() {
            found |= match behind(pattern, &rest) {
                Some(None) => self.add(&seen.host, &seen.container),
                Some(Some(pattern)) if seen.is_directory => {
                    self.add_pattern(&seen.host, &seen.container, pattern)
                }
                _ => false,
            };
        }
        found
    }

    fn add_pattern(&mut self, host: &Path, container: &str, pattern: &str) -> bool {
        match pattern.strip_prefix("**") {
            Some("") => self.add(host, container),
            Some(name) => self.add_below(host, container, name.trim_start_matches('/')),
            None => self.add_matches(host, container, pattern),
        }
    }

    /// Adds a file or directory if the build can see it.
    fn add(&mut self, host: &Path, container: &str) -> bool {
        let Some(path) = self.image.context.relative(host) else {
            return false;
        };
        let Some(kind) = self.image.context.kind(self.files(), &path) else {
            if self.files().exists(host) && !self.inputs.ignored.iter().any(|known| known == host) {
                self.inputs.ignored.push(host.to_path_buf());
            }
            return false;
        };
        if self.seen.len() >= MOST_FILES || !self.seen.insert(container.to_owned()) {
            return true;
        }
        let input = Input {
            host: host.to_path_buf(),
            path,
            container: container.to_owned(),
            is_directory: kind == Kind::Directory,
        };
        if !input.is_directory {
            self.open.push_back(input.clone());
        }
        self.inputs.files.push(input);
        true
    }

    fn add_below(&mut self, host: &Path, container: &str, name: &str) -> bool {
        let mut found = false;
        for file in self.files().walk(host) {
            let Some(rest) = file.strip_prefix(host).ok().and_then(Path::to_str) else {
                continue;
            };
            let is_made = rest
                .split('/')
                .any(|part| directories::holds_packages(part) || matches!(part, "bin" | "obj"));
            if !is_made && glob::matches(name, path::name(rest)) {
                found |= self.add(&file, &path::join(container, rest));
            }
        }
        found
    }

    fn add_matches(&mut self, host: &Path, container: &str, pattern: &str) -> bool {
        let Some(base) = self.image.context.relative(host) else {
            return false;
        };
        let mut found = false;
        for matched in self
            .image
            .context
            .matches(self.files(), &format!("{base}/{pattern}"))
        {
            let rest = matched
                .strip_prefix(base.as_str())
                .unwrap_or(&matched)
                .trim_start_matches('/');
            found |= self.add(&host.join(rest), &path::join(container, rest));
        }
        found
    }

    /// Go looks for `go.work` in the directories above the module as well, and takes the nearest.
    fn workspace_above(&mut self, directory: &str) {
        let is_off = self.image.stages[self.stage]
            .config
            .variable("GOWORK")
            .is_some_and(|value| !value.is_empty());
        if self.install.ecosystem != Ecosystem::Go || self.install.manifests.is_empty() || is_off {
            return;
        }
        let mut at = directory.to_owned();
        while !self.look_for(&at, "go.work") && at != "/" {
            at = path::join(&at, "..");
        }
        self.look_for(&at, "go.work.sum");
    }

    /// Reads every manifest that was found for what it names.
    fn follow(&mut self) {
        while let Some(manifest) = self.open.pop_front() {
            if let Ok(source) = self.workspace.read(&manifest.host) {
                manifests::read(self, &manifest, &source);
            }
        }
    }

    /// A manifest that another one names and cannot do without.
    fn require(&mut self, directory: &str, path: &str) {
        if !self.look_for(directory, path) {
            self.inputs.missing.push(path.to_owned());
        }
    }

    fn needs_sources(&mut self, message: String, span: Option<Span>) {
        self.inputs.sources.push(SourceNeed {
            message,
            span,
            is_script: false,
        });
    }

    fn runs_script(&mut self, message: String, span: Option<Span>) {
        self.inputs.sources.push(SourceNeed {
            message,
            span,
            is_script: true,
        });
    }

    fn overwritten(&mut self) {
        for written in &self.install.writes {
            let Some(host) = self.host_of(written) else {
                continue;
            };
            let path = self.image.context.relative(&host);
            if path.is_some_and(|path| self.image.context.kind(self.files(), &path).is_some()) {
                self.inputs.overwritten.push(host);
            }
        }
    }
}

/// What is left of a pattern behind a path that it leads to: nothing when the path itself matches,
/// the outer `None` when the pattern does not lead there.
fn behind<'p>(pattern: &'p str, path: &str) -> Option<Option<&'p str>> {
    if let Some(name) = pattern.strip_prefix("**") {
        let name = name.trim_start_matches('/');
        let is_match = name.is_empty() || glob::matches(name, path::name(path));
        return Some(if is_match { None } else { Some(pattern) });
    }
    let mut rest = pattern;
    for part in path.split('/') {
        let (first, behind) = rest.split_once('/').unwrap_or((rest, ""));
        if rest.is_empty() || !glob::matches(first, part) {
            return None;
        }
        rest = behind;
    }
    Some((!rest.is_empty()).then_some(rest))
}

#[cfg(test)]
mod tests;
