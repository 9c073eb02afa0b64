//! The programs that composelint starts, found where the user keeps programs and never in what is
//! checked.
//!
//! Every other program is started from here too, so that none of them can be a stranger's.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk::root_around;
use crate::files::clean;

/// A program that may be started.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    /// What it may start in turn is looked for in the same directories.
    directories: OsString,
}

/// Why there is no program to start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No directory of `PATH` has it.
    Nowhere,
    /// It lies in what is checked, or where `PATH` leads from the working directory.
    Refused(PathBuf),
}

/// What is checked, so that nothing in it is started.
#[derive(Debug)]
pub(super) struct Checked(Vec<PathBuf>);

impl Checked {
    /// All that lies in the same repositories as these files and directories, which are absolute.
    pub(super) fn around<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Self {
        let mut trees = Vec::new();
        for path in paths {
            let directory = if path.is_dir() {
                path
            } else {
                path.parent().unwrap_or(path)
            };
            // A link may lead from one repository into another.
            let real = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
            for directory in [directory, &real] {
                let root = root_around(directory).unwrap_or(directory);
                trees.extend(fs::canonicalize(root));
            }
        }
        Checked(trees)
    }

    fn has(&self, path: &Path) -> bool {
        match fs::canonicalize(path) {
            Ok(real) => self.0.iter().any(|tree| real.starts_with(tree)),
            Err(_) => false,
        }
    }
}

impl Program {
    /// Looks for a program in the directories of `PATH`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn find(name: &str, checked: &Checked) -> Result<Self, Missing> {
        let search = env::var_os("PATH").unwrap_or_default();
        let here = env::current_dir().unwrap_or_default();
        Self::find_in(&search, name, &here, checked)
    }

    fn find_in(
        search: &OsString,
        name: &str,
        here: &Path,
        checked: &Checked,
    ) -> Result<Self, Missing> {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        let (mut found, mut refused, mut directories) = (None, None, Vec::new());
        for directory in env::split_paths(search) {
            let path = directory.join(&name);
            // An empty part means the working directory.
            let is_trusted =
                directory.is_absolute() && !checked.has(&directory) && !checked.has(&path);
            if is_trusted {
                directories.push(directory);
                if found.is_none() && can_be_started(&path) {
                    found = Some(path);
                }
            } else if refused.is_none() && can_be_started(&here.join(&path)) {
                refused = Some(clean(&here.join(&path)));
            }
        }
        let directories = env::join_paths(directories).unwrap_or_default();
        match (found, refused) {
            (Some(path), _) => Ok(Program { path, directories }),
            (None, Some(refused)) => Err(Missing::Refused(refused)),
            (None, None) => Err(Missing::Nowhere),
        }
    }

    /// The program, to be run in a directory that is not a part of what is checked.
    pub(super) fn in_directory(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command
            .current_dir(directory)
            .env("PATH", &self.directories)
            .stdin(Stdio::null());
        command
    }
}

fn can_be_started(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    metadata.is_file()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A directory with a program `x` in each of these directories.
    fn programs(directories: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap();
        for name in directories {
            fs::create_dir_all(root.join(name)).unwrap();
            let path = root.join(name).join("x");
            fs::write(&path, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        (directory, root)
    }

    fn find(search: &str, root: &Path, here: &str) -> Result<PathBuf, Missing> {
        let here = root.join(here);
        let checked = Checked::around([here.as_path()]);
        let search = OsString::from(search.replace('@', root.to_str().unwrap()));
        Program::find_in(&search, "x", &here, &checked).map(|program| program.path)
    }

    #[test]
    fn the_first_directory_that_may_be_used_has_it() {
        let (_kept, root) = programs(&["one", "two", "repo/a", "repo/bin"]);
        fs::create_dir(root.join("repo/.git")).unwrap();
        for search in [
            "@/one:@/two",
            "@/empty:@/one",
            ".:@/one",
            ":@/one",
            "@/one:",
            "bin:@/one",
            "../bin:@/one",
            "./:@/one",
            "@/repo/a:@/one",
            "@/repo/bin:@/one",
            "@/one/../repo/a:@/one",
        ] {
            assert_eq!(
                find(search, &root, "repo/a"),
                Ok(root.join("one/x")),
                "{search}"
            );
        }
    }

    #[test]
    fn what_is_checked_is_never_started_whatever_way_leads_there() {
        let (_kept, root) = programs(&["repo/a", "repo/bin", "one"]);
        fs::create_dir(root.join("repo/.git")).unwrap();
        symlink(root.join("repo/bin"), root.join("link")).unwrap();
        fs::create_dir(root.join("two")).unwrap();
        symlink(root.join("repo/bin/x"), root.join("two/x")).unwrap();
        for (search, refused) in [
            (".", "repo/a/x"),
            ("", "repo/a/x"),
            ("../bin", "repo/bin/x"),
            ("../../one", "one/x"),
            ("@/repo/bin", "repo/bin/x"),
            ("@/link", "link/x"),
            ("@/two", "two/x"),
        ] {
            let refused = Missing::Refused(root.join(refused));
            assert_eq!(find(search, &root, "repo/a"), Err(refused), "{search}");
        }
        assert_eq!(find("@/nothing", &root, "repo/a"), Err(Missing::Nowhere));
    }

    #[test]
    fn what_it_starts_in_turn_is_looked_for_in_the_same_directories() {
        let (_kept, root) = programs(&["one", "two", "repo"]);
        let checked = Checked::around([root.join("repo").as_path()]);
        let paths = ["one", "repo", "two"].map(|name| root.join(name));
        let search = env::join_paths(&paths).unwrap();
        let program = Program::find_in(&search, "x", &root, &checked).unwrap();
        let kept = env::join_paths([&paths[0], &paths[2]]).unwrap();
        assert_eq!(program.directories, kept);
    }
}
