//! What an object of git is called and what kinds there are, and how much of them may be read.

use crate::files::SIZE_LIMIT;

/// Larger objects are not read.
pub(super) const LARGEST: usize = SIZE_LIMIT as usize;

/// So many bytes are read and unpacked before what is known must do: two seconds or so.
const MOST_WORK: usize = 512 << 20;

/// To look for an object takes as long as to unpack so many bytes.
pub(super) const SEEK: usize = 4096;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Commit,
    Tree,
    Blob,
}

/// The name of an object: the hash of what it holds, by either of git's two algorithms.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Id(Vec<u8>);

impl Id {
    pub(super) fn from_hex(hex: &[u8]) -> Option<Self> {
        if hex.len() != 40 && hex.len() != 64 {
            return None;
        }
        let mut bytes = Vec::with_capacity(hex.len() / 2);
        for pair in hex.chunks(2) {
            let digits = std::str::from_utf8(pair).ok()?;
            if digits.starts_with('+') {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        }
        Some(Id(bytes))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Id(bytes.to_vec())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes the names have in this repository.
    pub(super) fn length(&self) -> usize {
        self.0.len()
    }
}

/// How much may still be read. It is counted in bytes and not in time, so that an answer is the same
/// on every machine.
pub(super) struct Work(usize);

impl Work {
    /// All of it.
    pub(super) fn new() -> Self {
        Work(MOST_WORK)
    }

    /// Takes so much from what may be read; `None` when there is nothing left.
    pub(super) fn take(&mut self, bytes: usize) -> Option<()> {
        // Some work is done even for an object that holds nothing.
        let left = self.0.checked_sub(bytes + 256);
        self.0 = left.unwrap_or(0);
        left.map(|_| ())
    }
}
