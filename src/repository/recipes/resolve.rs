//! Which files a call loads: its directory and its `-f` options, or discovery, made paths of files
//! that are there.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::ComposeCall;
use crate::compose::default_files;
use crate::files::clean;
use crate::workspace::Workspace;

/// What the repository holds, each directory looked at once: a document may call Docker Compose a
/// hundred times.
pub(super) struct Places<'a> {
    pub(super) workspace: &'a Workspace<'a>,
    pub(super) root: &'a Path,
    /// The files that discovery finds in a directory itself.
    found: RefCell<FxHashMap<PathBuf, Option<Vec<PathBuf>>>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(workspace: &'a Workspace<'a>, root: &'a Path) -> Self {
        Places {
            workspace,
            root,
            found: RefCell::default(),
        }
    }

    /// Fills in the directory and the paths of a call that runs in one of `directories`, the
    /// likeliest first.
    pub(super) fn resolve(&self, call: &mut ComposeCall, directories: &[PathBuf]) {
        if let [only] = directories {
            call.directory = Some(only.clone());
        }
        if !call.files_known {
            return;
        }
        for directory in directories {
            if let Some(paths) = self.load(call, directory) {
                (call.directory, call.paths) = (Some(directory.clone()), Some(paths));
                return;
            }
        }
    }

    /// What the call loads if it runs in `directory`.
    fn load(&self, call: &ComposeCall, directory: &Path) -> Option<Vec<PathBuf>> {
        if call.files.is_empty() {
            let project = call.project_directory.as_ref();
            return self.discover(&project.map_or(directory.to_path_buf(), |project| {
                clean(&directory.join(&project.text))
            }));
        }
        let paths: Vec<PathBuf> = call
            .files
            .iter()
            .map(|file| clean(&directory.join(&file.text)))
            .collect();
        paths
            .iter()
            .all(|path| self.workspace.files().is_file(path))
            .then_some(paths)
    }

    /// The main file and its override in `directory` or the nearest directory above it, up to the
    /// root.
    fn discover(&self, directory: &Path) -> Option<Vec<PathBuf>> {
        directory
            .ancestors()
            .take_while(|at| at.starts_with(self.root))
            .find_map(|at| self.in_directory(at))
    }

    fn in_directory(&self, directory: &Path) -> Option<Vec<PathBuf>> {
        if let Some(known) = self.found.borrow().get(directory) {
            return known.clone();
        }
        let paths = default_files(self.workspace, directory);
        self.found
            .borrow_mut()
            .insert(directory.to_path_buf(), paths.clone());
        paths
    }
}
