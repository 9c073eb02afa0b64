//! Reads files that anybody may have made: regular files only, no more of them than a limit, and
//! never one that has to be waited for.
//!
//! Everything that composelint reads from a disk is opened here. A pipe would keep its reader
//! waiting for ever, a device has no end, and some files of `/proc` are both and call themselves
//! regular.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Opens a regular file, and says how long it is.
pub(super) fn open(path: &Path) -> io::Result<(File, u64)> {
    // Asked before it is opened: to open a device may already do something.
    refuse_all_but_files(&fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    // Another program may put a pipe in its place meanwhile.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    refuse_all_but_files(&metadata)?;
    Ok((file, metadata.len()))
}

/// The bytes of a regular file; `ErrorKind::FileTooLarge` where it has more than `limit`.
pub(super) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open(path)?;
    if length > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    // A file may grow meanwhile, and those of /proc say that they are empty.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn refuse_all_but_files(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    Ok(())
}
