//! Reads objects of a git repository: those that lie alone, and those in packs. What is read in all
//! is limited, whatever the files say.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use rustc_hash::FxHashMap;

use super::object::{Id, Kind, SEEK, Work};
use super::pack::Pack;
use crate::disk::{Disk, read};
use crate::files::{Files, SIZE_LIMIT};

/// Each pack takes two open files.
const MOST_PACKS: usize = 100;

/// So many bytes of objects are kept, because others are stored as their differences.
const MOST_KEPT: usize = 64 << 20;

/// The objects of one repository.
pub(super) struct Objects {
    directory: PathBuf,
    packs: Option<Vec<Pack>>,
    kept: FxHashMap<Id, (Kind, Arc<[u8]>)>,
    kept_bytes: usize,
    work: Work,
}

impl Objects {
    /// The objects in this directory. Nothing is read yet.
    pub(super) fn new(directory: &Path) -> Self {
        Objects {
            directory: directory.to_path_buf(),
            packs: None,
            kept: FxHashMap::default(),
            kept_bytes: 0,
            work: Work::new(),
        }
    }

    /// What an object of this kind holds; `None` where there is none that can be read.
    pub(super) fn read(&mut self, id: &Id, kind: Kind) -> Option<Arc<[u8]>> {
        if let Some((of_kind, bytes)) = self.kept.get(id) {
            self.work.take(bytes.len())?;
            return (*of_kind == kind).then(|| bytes.clone());
        }
        self.work.take(SEEK)?;
        let (of_kind, bytes) = match self.read_alone(id) {
            Some(found) => found,
            None => self.read_packed(id)?,
        };
        if self.kept_bytes + bytes.len() > MOST_KEPT {
            self.kept.clear();
            self.kept_bytes = 0;
        }
        self.kept_bytes += bytes.len();
        self.kept.insert(id.clone(), (of_kind, bytes.clone()));
        (of_kind == kind).then_some(bytes)
    }

    /// An object in a file of its own.
    fn read_alone(&mut self, id: &Id) -> Option<(Kind, Arc<[u8]>)> {
        let hex: String = id
            .bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let (start, rest) = hex.split_at(2);
        let (file, _) = read::open(&self.directory.join(start).join(rest)).ok()?;
        // Its kind and size stand in front, in fewer bytes than that.
        let mut bytes = Vec::new();
        ZlibDecoder::new(file.take(SIZE_LIMIT))
            .take(SIZE_LIMIT + 32)
            .read_to_end(&mut bytes)
            .ok()?;
        self.work.take(bytes.len())?;
        let end = bytes.iter().take(32).position(|byte| *byte == 0)?;
        let (kind, size) = std::str::from_utf8(&bytes[..end]).ok()?.split_once(' ')?;
        let kind = match kind {
            "commit" => Kind::Commit,
            "tree" => Kind::Tree,
            "blob" => Kind::Blob,
            _ => return None,
        };
        let size: usize = size.parse().ok()?;
        bytes.drain(..=end);
        (size == bytes.len()).then(|| (kind, bytes.into()))
    }

    fn read_packed(&mut self, id: &Id) -> Option<(Kind, Arc<[u8]>)> {
        let directory = self.directory.join("pack");
        let packs = self.packs.get_or_insert_with(|| {
            let mut packs = Vec::new();
            for entry in Disk.list(&directory).iter() {
                if entry.name.ends_with(".idx") && packs.len() < MOST_PACKS {
                    packs.extend(Pack::open(&directory.join(&entry.name), id.length()));
                }
            }
            packs
        });
        for pack in packs {
            if let Some(at) = pack.find(id) {
                return pack.read(at, &mut self.work);
            }
        }
        None
    }
}
