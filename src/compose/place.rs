//! Where a node lies in the document, for the tables that say what happens to which attribute.

/// A path of keys from the root; an item of a list is `[]`. Cheap to copy, so that each step of a
/// walk has its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyPath<'k> {
    segments: [&'k str; DEPTH],
    length: usize,
}

/// No table names an attribute deeper than this.
const DEPTH: usize = 9;

impl<'k> KeyPath<'k> {
    /// The document itself.
    pub(super) const ROOT: KeyPath<'static> = KeyPath {
        segments: [""; DEPTH],
        length: 0,
    };

    /// The value of `key` here.
    pub(super) fn key(mut self, key: &'k str) -> KeyPath<'k> {
        if self.length < DEPTH {
            self.segments[self.length] = key;
        }
        self.length += 1;
        self
    }

    /// An item of the list here.
    pub(super) fn item(self) -> KeyPath<'k> {
        self.key("[]")
    }

    /// The path, to match it against patterns; empty below the depth of any table.
    pub(super) fn segments(&self) -> &[&'k str] {
        if self.length > DEPTH {
            &[]
        } else {
            &self.segments[..self.length]
        }
    }
}

impl std::fmt::Display for KeyPath<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.segments[..self.length.min(DEPTH)].join("."))
    }
}
