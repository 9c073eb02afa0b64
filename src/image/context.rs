//! The build context: the directory that a build may copy from, less what its ignore file keeps
//! out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::files::{self, Files, Kind};
use crate::repository::sources::Census;
use crate::syntax::ignore::{self, Patterns};
use crate::text::Source;
use crate::workspace::Workspace;

use super::{glob, path};

/// A build context on the host.
#[derive(Clone, Debug)]
pub struct Context {
    /// The directory, absolute and clean.
    pub directory: PathBuf,
    /// The ignore file in force: `<Dockerfile>.dockerignore` beside the Dockerfile, else
    /// `.dockerignore` in the context.
    pub ignore_file: Option<Source>,
    /// Its patterns.
    pub patterns: Patterns,
    /// The source code in its directories, counted so far.
    censuses: Arc<Mutex<FxHashMap<PathBuf, Census>>>,
}

/// How many names one pattern of COPY may match; more are left out.
const MOST_MATCHES: usize = 1000;

impl Context {
    /// Finds the ignore file of a build.
    pub fn read(workspace: &Workspace<'_>, directory: &Path, dockerfile: &Path) -> Context {
        let mut own = dockerfile.as_os_str().to_owned();
        own.push(".dockerignore");
        Context::with_ignore_file(
            workspace,
            directory,
            &[PathBuf::from(own), directory.join(".dockerignore")],
        )
    }

    /// A further context of a build, whose ignore file is always the `.dockerignore` in it.
    pub fn named(workspace: &Workspace<'_>, directory: &Path) -> Context {
        Context::with_ignore_file(workspace, directory, &[directory.join(".dockerignore")])
    }

    fn with_ignore_file(
        workspace: &Workspace<'_>,
        directory: &Path,
        candidates: &[PathBuf],
    ) -> Context {
        let ignore_file = candidates
            .iter()
            .find_map(|candidate| workspace.read(candidate).ok());
        let patterns = ignore_file
            .as_ref()
            .map(|source| ignore::parse(source).0)
            .unwrap_or_default();
        Context {
            directory: directory.to_path_buf(),
            ignore_file,
            patterns,
            censuses: Arc::default(),
        }
    }

    /// The host path of a path in the context (`src/app.py`, `.` for the context itself).
    pub fn host(&self, path: &str) -> PathBuf {
        files::clean(&self.directory.join(path))
    }

    /// The path in the context of a host path, with `/`; empty for the context itself, `None`
    /// outside of it.
    pub fn relative(&self, host: &Path) -> Option<String> {
        let rest = host.strip_prefix(&self.directory).ok()?;
        let parts: Option<Vec<&str>> = rest
            .components()
            .map(|part| part.as_os_str().to_str())
            .collect();
        Some(parts?.join("/"))
    }

    /// Whether a host path takes no part in the build. An ignored directory takes part when a
    /// pattern may take back what lies in it.
    pub fn is_ignored(&self, host: &Path, is_directory: bool) -> bool {
        self.relative(host)
            .is_some_and(|path| self.keeps_out(&path, is_directory))
    }

    fn keeps_out(&self, path: &str, is_directory: bool) -> bool {
        !path.is_empty()
            && self.patterns.is_ignored(path)
            && !(is_directory && self.may_take_back(path))
    }

    /// The source code that the build can see in a file or directory of the host. Many services and
    /// steps may ask about one directory, and it is counted once.
    pub fn census(&self, files: &dyn Files, host: &Path) -> Census {
        let known = || {
            self.censuses
                .lock()
                .expect("no thread panics while it holds the table")
        };
        if let Some(census) = known().get(host) {
            return census.clone();
        }
        let prefix = self
            .relative(host)
            .map(|path| if path.is_empty() { path } else { path + "/" });
        let ignored = |below: &str, is_directory: bool| {
            prefix
                .as_ref()
                .is_some_and(|prefix| self.keeps_out(&format!("{prefix}{below}"), is_directory))
        };
        let census = Census::of(files, host, &ignored);
        known().insert(host.to_path_buf(), census.clone());
        census
    }

    fn may_take_back(&self, directory: &str) -> bool {
        let below = format!("{directory}/");
        self.patterns
            .iter()
            .filter(|pattern| pattern.negated)
            .any(|pattern| {
                let text = pattern.text.trim_start_matches('/');
                text.starts_with(&below) || path::is_glob(text)
            })
    }

    /// What a path in the context is, if the build can see it.
    pub fn kind(&self, files: &dyn Files, path: &str) -> Option<Kind> {
        let host = self.host(path);
        let kind = files.kind(&host)?;
        (!self.is_ignored(&host, kind == Kind::Directory)).then_some(kind)
    }

    /// The paths in the context that a pattern of COPY matches, in order. A star does not match a
    /// `/`.
    pub fn matches(&self, files: &dyn Files, pattern: &str) -> Vec<String> {
        let mut found = vec![String::new()];
        for part in pattern
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
        {
            let mut next = Vec::new();
            for directory in &found {
                let join = |name: &str| {
                    if directory.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{directory}/{name}")
                    }
                };
                if !path::is_glob(part) {
                    next.push(join(part));
                    continue;
                }
                let names = files.list(&self.host(directory));
                let names = names
                    .iter()
                    .filter(|entry| glob::matches(part, &entry.name));
                next.extend(names.map(|entry| join(&entry.name)));
            }
            next.truncate(MOST_MATCHES);
            found = next;
        }
        found.retain(|path| self.kind(files, path).is_some());
        found
    }
}
