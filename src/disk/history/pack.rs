//! Reads one pack of git objects: an index that says where each lies, and the objects, most of them
//! as the difference to another one.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::ZlibDecoder;
use rustc_hash::FxHashMap;

use super::object::{Id, Kind, LARGEST, SEEK, Work};
use crate::disk::read;

/// How an index of the second version begins, the only one that git has written since 2008.
const START: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];

/// The index counts the objects whose names begin with each byte or a lower one.
const COUNTS: u64 = 8;
const NAMES: u64 = COUNTS + 4 * 256;

/// git stores no object as more differences than that.
const LONGEST_CHAIN: usize = 4096;

/// So many bytes of objects are kept, because others are stored as their differences.
const MOST_KEPT: usize = 32 << 20;

/// One pack.
pub(super) struct Pack {
    index: File,
    objects: BufReader<File>,
    /// How many names begin with each byte or a lower one.
    counts: Vec<u64>,
    /// The bytes of a name.
    length: u64,
    kept: FxHashMap<u64, (Kind, Arc<[u8]>)>,
    kept_bytes: usize,
}

/// What stands at a place of a pack.
enum Stored {
    Whole(Kind),
    /// The difference to what stands at another place.
    Difference(u64),
}

impl Pack {
    /// Opens an index and the pack beside it.
    pub(super) fn open(path: &Path, length: usize) -> Option<Self> {
        let (mut index, _) = read::open(path).ok()?;
        let (objects, _) = read::open(&path.with_extension("pack")).ok()?;
        if bytes_at::<8>(&mut index, 0)? != START {
            return None;
        }
        let mut counts = Vec::with_capacity(256);
        for byte in 0..256 {
            let count = u32::from_be_bytes(bytes_at(&mut index, COUNTS + 4 * byte)?);
            counts.push(u64::from(count));
        }
        Some(Pack {
            index,
            objects: BufReader::with_capacity(4096, objects),
            counts,
            length: length as u64,
            kept: FxHashMap::default(),
            kept_bytes: 0,
        })
    }

    /// Where an object lies.
    pub(super) fn find(&mut self, id: &Id) -> Option<u64> {
        let first = usize::from(*id.bytes().first()?);
        let mut start = if first == 0 {
            0
        } else {
            self.counts[first - 1]
        };
        let mut end = self.counts[first];
        let mut name = vec![0; id.length()];
        while start < end {
            let middle = start + (end - start) / 2;
            fill_at(&mut self.index, NAMES + middle * self.length, &mut name)?;
            match id.bytes().cmp(&name) {
                std::cmp::Ordering::Less => end = middle,
                std::cmp::Ordering::Greater => start = middle + 1,
                std::cmp::Ordering::Equal => return self.place(middle),
            }
        }
        None
    }

    /// Where the object of this number lies. After the names stand checksums, then the places, and
    /// those that need more than 31 bits at the end.
    fn place(&mut self, number: u64) -> Option<u64> {
        let all = self.counts[255];
        let places = NAMES + all * (self.length + 4);
        let place = u32::from_be_bytes(bytes_at(&mut self.index, places + number * 4)?);
        if place & (1 << 31) == 0 {
            return Some(u64::from(place));
        }
        let far = u64::from(place & !(1 << 31));
        let place = bytes_at(&mut self.index, places + all * 4 + far * 8)?;
        Some(u64::from_be_bytes(place))
    }

    /// The object at a place, with its kind.
    pub(super) fn read(&mut self, at: u64, work: &mut Work) -> Option<(Kind, Arc<[u8]>)> {
        // From the object to the one that is stored whole, and back.
        let mut differences = Vec::new();
        let mut place = at;
        let (kind, mut object) = loop {
            if let Some(kept) = self.kept.get(&place) {
                break kept.clone();
            }
            let (stored, bytes) = self.stored(place, work)?;
            match stored {
                Stored::Whole(kind) => {
                    let object: Arc<[u8]> = bytes.into();
                    self.keep(place, kind, &object);
                    break (kind, object);
                }
                Stored::Difference(base) if differences.len() < LONGEST_CHAIN => {
                    differences.push((place, bytes));
                    place = base;
                }
                Stored::Difference(_) => return None,
            }
        };
        while let Some((place, difference)) = differences.pop() {
            object = apply(&object, &difference)?.into();
            work.take(object.len())?;
            self.keep(place, kind, &object);
        }
        Some((kind, object))
    }

    fn keep(&mut self, at: u64, kind: Kind, object: &Arc<[u8]>) {
        if self.kept_bytes + object.len() > MOST_KEPT {
            self.kept.clear();
            self.kept_bytes = 0;
        }
        self.kept_bytes += object.len();
        self.kept.insert(at, (kind, object.clone()));
    }

    /// What stands at a place, unpacked.
    fn stored(&mut self, at: u64, work: &mut Work) -> Option<(Stored, Vec<u8>)> {
        self.objects.seek(SeekFrom::Start(at)).ok()?;
        let mut byte = self.byte()?;
        let kind = (byte >> 4) & 7;
        let mut size = usize::from(byte & 15);
        let mut shift = 4;
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if size > LARGEST || shift > 28 {
                return None;
            }
        }
        let stored = match kind {
            1 => Stored::Whole(Kind::Commit),
            2 => Stored::Whole(Kind::Tree),
            3 => Stored::Whole(Kind::Blob),
            6 => Stored::Difference(at.checked_sub(self.distance()?)?),
            7 => {
                let mut name = vec![0; usize::try_from(self.length).ok()?];
                self.objects.read_exact(&mut name).ok()?;
                // To look for it moves in the index only.
                Stored::Difference(self.find(&Id::from_bytes(&name))?)
            }
            _ => return None,
        };
        work.take(SEEK + size)?;
        let mut bytes = Vec::new();
        ZlibDecoder::new(&mut self.objects)
            .take(size as u64 + 1)
            .read_to_end(&mut bytes)
            .ok()?;
        (bytes.len() == size).then_some((stored, bytes))
    }

    /// How far before an object the one lies that it is the difference to.
    fn distance(&mut self) -> Option<u64> {
        let mut byte = self.byte()?;
        let mut distance = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            distance = (distance + 1).checked_mul(0x80)? | u64::from(byte & 0x7f);
        }
        Some(distance)
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.objects.read_exact(&mut byte).ok()?;
        Some(byte[0])
    }
}

/// An object from another one and the difference to it: parts of the other one, and new bytes.
fn apply(base: &[u8], difference: &[u8]) -> Option<Vec<u8>> {
    let mut rest = difference;
    let of_base = size(&mut rest)?;
    let of_object = size(&mut rest)?;
    if of_base != base.len() || of_object > LARGEST {
        return None;
    }
    let mut object = Vec::new();
    while let Some(step) = next(&mut rest) {
        let part = if step & 0x80 == 0 {
            rest.split_off(..usize::from(step))
                .filter(|part| !part.is_empty())?
        } else {
            // Each bit stands for a byte that follows; a byte without one is zero.
            let start = number(&mut rest, step & 0x0f)?;
            let length = number(&mut rest, (step >> 4) & 0x07)?;
            let length = if length == 0 { 0x10000 } else { length };
            base.get(start..start.checked_add(length)?)?
        };
        object.extend_from_slice(part);
        if object.len() > of_object {
            return None;
        }
    }
    (object.len() == of_object).then_some(object)
}

fn next(rest: &mut &[u8]) -> Option<u8> {
    rest.split_off_first().copied()
}

/// A number of which the lowest seven bits come first.
fn size(rest: &mut &[u8]) -> Option<usize> {
    let mut size = 0;
    for shift in (0..=28).step_by(7) {
        let byte = next(rest)?;
        size |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(size);
        }
    }
    None
}

/// A number of which the lowest byte comes first, and only the bytes that are not zero.
fn number(rest: &mut &[u8], present: u8) -> Option<usize> {
    let mut number = 0;
    for byte in 0..4 {
        if present & (1 << byte) != 0 {
            number |= usize::from(next(rest)?) << (8 * byte);
        }
    }
    Some(number)
}

fn bytes_at<const LENGTH: usize>(file: &mut File, at: u64) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    fill_at(file, at, &mut bytes)?;
    Some(bytes)
}

fn fill_at(file: &mut File, at: u64, bytes: &mut [u8]) -> Option<()> {
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_difference_takes_parts_of_the_base_and_new_bytes() {
        // The sizes, `bcd` of the base, two bytes of its own, and `a`.
        let difference = [5, 6, 0x91, 1, 3, 2, b'x', b'y', 0x90, 1];
        assert_eq!(apply(b"abcde", &difference), Some(b"bcdxya".to_vec()));
        assert_eq!(apply(b"abcd", &difference), None);
        assert_eq!(apply(b"abcde", &difference[..7]), None);
        // A part behind the end of the base, and more than was told.
        assert_eq!(apply(b"abcde", &[5, 3, 0x91, 3, 3]), None);
        assert_eq!(apply(b"abcde", &[5, 1, 0x90, 3]), None);
        assert_eq!(apply(b"abcde", &[5, 0, 0]), None);
    }

    proptest! {
        #[test]
        fn any_difference_ends(base: Vec<u8>, difference: Vec<u8>) {
            let size = u8::try_from(base.len() & 0x7f).unwrap();
            let difference = [&[size][..], &difference].concat();
            apply(&base[..usize::from(size)], &difference);
        }
    }
}
