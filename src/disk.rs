//! The disk behind [`Files`], and the one way in which a file on it is changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::files::{Entry, Files, Kind, SIZE_LIMIT};

mod read;
mod repository;
mod history;
mod ignored;
mod walk;

pub use history::{Changed, History};
pub use ignored::ignored_by_git;
pub use repository::root_around;

/// The file that names what composelint leaves alone, in the syntax of `.gitignore`.
pub const IGNORE_FILE: &str = ".composelintignore";

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read::read(path, SIZE_LIMIT)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let metadata = fs::metadata(path).ok()?;
        Some(match () {
            () if metadata.is_file() => Kind::File,
            () if metadata.is_dir() => Kind::Directory,
            () => Kind::Other,
        })
    }

    #[cfg(unix)]
    fn is_executable(&self, path: &Path) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt;
        Some(fs::metadata(path).ok()?.permissions().mode() & 0o111 != 0)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        fs::symlink_metadata(path)
            .ok()
            .map(|metadata| metadata.len())
    }

    fn link(&self, path: &Path) -> Option<PathBuf> {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        is_link.then(|| fs::canonicalize(path).ok()).flatten()
    }

    fn list(&self, directory: &Path) -> Arc<[Entry]> {
        let entry = |entry: fs::DirEntry| {
            let is_directory = entry.file_type().ok()?.is_dir();
            Some(Entry {
                name: entry.file_name().into_string().ok()?,
                is_directory,
            })
        };
        let mut entries: Vec<Entry> = fs::read_dir(directory)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(entry)
            .collect();
        entries.sort();
        entries.into()
    }

    fn walk(&self, directory: &Path) -> Vec<PathBuf> {
        walk::walk(directory)
    }
}

/// Why a file was not written. It is as it was before.
#[derive(Debug)]
pub enum ReplaceError {
    /// It holds something else than what was read.
    Changed,
    /// It was to be created, and something is there.
    Exists,
    /// The system does not let us.
    Io(io::Error),
}

impl std::fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReplaceError::Changed => f.write_str("it was changed since it was read"),
            ReplaceError::Exists => f.write_str("it exists already"),
            ReplaceError::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ReplaceError {}

impl From<io::Error> for ReplaceError {
    fn from(error: io::Error) -> Self {
        ReplaceError::Io(error)
    }
}

/// Puts `new` in the place of the file's contents in one step: a reader sees the old file or the
/// new one, and a crash leaves one of them. `old` is what was read from it, `None` to create it.
///
/// A link stays a link, its target is replaced; mode and, where the system allows, owner are kept.
///
/// # Errors
/// [`ReplaceError`]; the file is then untouched.
pub fn replace(path: &Path, old: Option<&[u8]>, new: &[u8]) -> Result<(), ReplaceError> {
    prepare(path, old, new)?.finish()
}

/// New contents that lie ready beside their file, which has not changed yet. Dropped, they are
/// gone.
pub struct Prepared<'t> {
    temporary: tempfile::NamedTempFile,
    path: PathBuf,
    old: Option<&'t [u8]>,
    new: &'t [u8],
}

/// The first half of [`replace`], in which nearly everything fails that may fail: several files
/// that belong together are prepared together.
///
/// # Errors
/// [`ReplaceError`]; nothing has changed then.
pub fn prepare<'t>(
    path: &Path,
    old: Option<&'t [u8]>,
    new: &'t [u8],
) -> Result<Prepared<'t>, ReplaceError> {
    match old {
        Some(old) => prepare_existing(fs::canonicalize(path)?, old, new),
        None => prepare_new(path, new),
    }
}

impl Prepared<'_> {
    /// The other half: puts the contents in their place.
    ///
    /// # Errors
    /// [`ReplaceError`]; the file is then untouched.
    pub fn finish(self) -> Result<(), ReplaceError> {
        let Prepared {
            temporary,
            path,
            old,
            new,
        } = self;
        let Some(old) = old else {
            return match temporary.persist_noclobber(&path) {
                Ok(_) => {
                    sync_directory(&path);
                    Ok(())
                }
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                    Err(ReplaceError::Exists)
                }
                Err(error) => Err(error.error.into()),
            };
        };
        if read::read(&path, SIZE_LIMIT)? != old {
            return Err(ReplaceError::Changed);
        }
        match temporary.persist(&path) {
            Ok(_) => sync_directory(&path),
            // A single file mounted into a container cannot be renamed over.
            Err(error) if error.error.kind() == ErrorKind::ResourceBusy => {
                write_in_place(&path, old, new)?
            }
            Err(error) => return Err(error.error.into()),
        }
        Ok(())
    }
}

fn prepare_existing<'t>(
    path: PathBuf,
    old: &'t [u8],
    new: &'t [u8],
) -> Result<Prepared<'t>, ReplaceError> {
    let metadata = fs::metadata(&path)?;
    // A rename asks for no right on the file itself, but who made it read-only meant it, even to
    // root.
    if metadata.permissions().readonly() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only").into());
    }
    drop(OpenOptions::new().write(true).open(&path)?);
    let mut temporary = temporary_beside(&path, None)?;
    temporary.write_all(new)?;
    keep_owner(&metadata, temporary.path());
    temporary
        .as_file()
        .set_permissions(metadata.permissions())?;
    temporary.as_file().sync_all()?;
    if read::read(&path, SIZE_LIMIT)? != old {
        return Err(ReplaceError::Changed);
    }
    Ok(Prepared {
        temporary,
        path,
        old: Some(old),
        new,
    })
}

fn prepare_new<'t>(path: &Path, new: &'t [u8]) -> Result<Prepared<'t>, ReplaceError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ReplaceError::Exists);
    }
    let mut temporary = temporary_beside(path, Some(0o666))?;
    temporary.write_all(new)?;
    temporary.as_file().sync_all()?;
    Ok(Prepared {
        temporary,
        path: path.to_path_buf(),
        old: None,
        new,
    })
}

/// How the names of our temporary files begin; as many letters and digits as below follow.
const TEMPORARY: &str = ".composelint-";
const TEMPORARY_LETTERS: usize = 6;

/// So long no run of ours takes for a file.
const LEFT_OVER: Duration = Duration::from_secs(60 * 60);

/// Removes what a run that was killed left in a directory. What cannot be removed does no harm.
fn remove_left_over(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let letters = name.to_str().and_then(|name| name.strip_prefix(TEMPORARY));
        if !letters.is_some_and(|letters| {
            letters.len() == TEMPORARY_LETTERS
                && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }) {
            continue;
        }
        let is_old = |metadata: &fs::Metadata| {
            metadata.is_file()
                && metadata
                    .modified()
                    .ok()
                    .and_then(|at| at.elapsed().ok())
                    .is_some_and(|age| age > LEFT_OVER)
        };
        if fs::symlink_metadata(entry.path()).is_ok_and(|metadata| is_old(&metadata)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file in the same directory, so that it can be renamed over `path`. `mode` is before the umask;
/// it is private without.
fn temporary_beside(path: &Path, mode: Option<u32>) -> io::Result<tempfile::NamedTempFile> {
    let directory = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // A rename needs the right to change the directory only, which root always has: whoever took it
    // away meant it.
    if fs::metadata(directory)?.permissions().readonly() {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "its directory is read-only",
        ));
    }
    remove_left_over(directory);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).rand_bytes(TEMPORARY_LETTERS);
    #[cfg(unix)]
    if let Some(mode) = mode {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(directory)
}

/// Where the program runs as root over a mounted project, its files stay those of their owner.
/// Elsewhere only root may give files away, so a refusal is no error.
fn keep_owner(metadata: &fs::Metadata, path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let _ = chown(path, Some(metadata.uid()), Some(metadata.gid()));
    }
    #[cfg(not(unix))]
    let _ = (metadata, path);
}

/// Makes the rename itself survive a crash. Not every file system can; then there is nothing to be
/// done.
fn sync_directory(path: &Path) {
    if let Some(directory) = path.parent().and_then(|parent| File::open(parent).ok()) {
        let _ = directory.sync_all();
    }
}

/// The second best way: on an error the old contents are put back.
fn write_in_place(path: &Path, old: &[u8], new: &[u8]) -> io::Result<()> {
    let write = |bytes: &[u8]| {
        let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write(new).inspect_err(|_| {
        let _ = write(old);
    })
}

#[cfg(test)]
mod tests;
