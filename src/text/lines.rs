//! Lines and columns of byte offsets, in the three units that readers of reports use.

/// A place as line and column, both counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0, in the unit that was asked for.
    pub column: u32,
}

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, as the Language Server Protocol counts by default.
    Utf16,
    /// Unicode code points, as people and most report formats count.
    CodePoint,
}

impl Column {
    /// How many columns the UTF-8 text `bytes` takes.
    pub fn count(self, bytes: &[u8]) -> u32 {
        super::offset(match self {
            Column::Utf8 => bytes.len(),
            Column::CodePoint => bytes.iter().filter(|byte| !is_continuation(**byte)).count(),
            Column::Utf16 => bytes.iter().map(|byte| utf16_units(*byte)).sum(),
        })
    }
}

/// Where the lines of a text start. A line ends with `\n`, `\r\n` or a lone `\r`, as in the
/// Language Server Protocol.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// Finds the lines of `text`. A byte order mark belongs to no column: line 0 starts behind it.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![if text.starts_with('\u{feff}') { 3 } else { 0 }];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(super::offset(at + 1));
        }
        LineIndex {
            starts,
            len: super::offset(bytes.len()),
        }
    }

    /// How many lines there are; an empty text has one.
    pub fn count(&self) -> u32 {
        super::offset(self.starts.len())
    }

    /// The line that holds `offset`, from 0.
    pub fn line(&self, offset: u32) -> u32 {
        super::offset(
            self.starts
                .partition_point(|start| *start <= offset)
                .saturating_sub(1),
        )
    }

    /// Offset of the first byte of `line`; the length of the text for a line behind the last.
    pub fn start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).copied().unwrap_or(self.len)
    }

    /// Offset after the last byte of `line`, its line end included.
    pub fn end(&self, line: u32) -> u32 {
        self.starts
            .get(line as usize + 1)
            .copied()
            .unwrap_or(self.len)
    }

    /// Line and column of `offset` in `text`, the text this index was made from.
    pub fn position(&self, text: &str, offset: u32, unit: Column) -> Position {
        let offset = offset.min(self.len);
        let line = self.line(offset);
        let start = self.start(line).min(offset);
        let before = &text.as_bytes()[start as usize..offset as usize];
        Position {
            line,
            column: unit.count(before),
        }
    }

    /// The offset of a line and column; past the end of a line it is the line's end, without its
    /// line break.
    pub fn offset(&self, text: &str, position: Position, unit: Column) -> u32 {
        let start = self.start(position.line);
        let line = &text[start as usize..self.end(position.line) as usize];
        let line = line.trim_end_matches(['\n', '\r']);
        let mut column = 0;
        for (at, character) in line.char_indices() {
            if column >= position.column {
                return start + super::offset(at);
            }
            column += super::offset(match unit {
                Column::Utf8 => character.len_utf8(),
                Column::Utf16 => character.len_utf16(),
                Column::CodePoint => 1,
            });
        }
        start + super::offset(line.len())
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// A character above U+FFFF takes two units; its first byte in UTF-8 is 0xF0 or more.
fn utf16_units(byte: u8) -> usize {
    match byte {
        _ if is_continuation(byte) => 0,
        0xf0.. => 2,
        _ => 1,
    }
}
