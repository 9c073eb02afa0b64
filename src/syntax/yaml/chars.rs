//! What a byte means to the scanner.
//!
//! The reference breaks lines as YAML 1.1 does: at `\n`, `\r`, `\r\n`, U+0085, U+2028 and U+2029.
//! The last three are looked for only behind their lead bytes, so that the common case stays one
//! look into a table.

/// Ends a run of plain text, or has to be looked at more closely.
const PLAIN_STOP: u8 = 1;
/// Ends a run inside quotes, or has to be looked at more closely.
const QUOTED_STOP: u8 = 2;
/// Ends a line, or may.
const LINE_STOP: u8 = 4;
/// May stand in the name of an anchor.
const NAME: u8 = 8;
/// May stand in a tag outside `!<…>`.
const TAG: u8 = 16;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = class(byte as u8);
        byte += 1;
    }
    table
}

const fn class(byte: u8) -> u8 {
    let mut class = 0;
    if matches!(
        byte,
        0 | b' '
            | b'\t'
            | b'\r'
            | b'\n'
            | 0xC2
            | 0xE2
            | b':'
            | b'?'
            | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
    ) {
        class |= PLAIN_STOP;
    }
    if matches!(
        byte,
        0 | b' ' | b'\t' | b'\r' | b'\n' | 0xC2 | 0xE2 | b'"' | b'\'' | b'\\'
    ) {
        class |= QUOTED_STOP;
    }
    if matches!(byte, 0 | b'\r' | b'\n' | 0xC2 | 0xE2) {
        class |= LINE_STOP;
    }
    if matches!(byte, b'!'..=b'~') && !matches!(byte, b':' | b',' | b'[' | b']' | b'{' | b'}') {
        class |= NAME;
    }
    let is_word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_sign = matches!(
        byte,
        b';' | b'/'
            | b'?'
            | b':'
            | b'@'
            | b'&'
            | b'='
            | b'+'
            | b'$'
            | b'.'
            | b'!'
            | b'~'
            | b'*'
            | b'\''
            | b'('
            | b')'
            | b'%'
    );
    if is_word || is_sign {
        class |= TAG;
    }
    class
}

/// The byte at `index`, and 0 behind the end. No text holds a 0: control characters are replaced
/// before it is scanned.
pub(super) fn byte(text: &[u8], index: usize) -> u8 {
    text.get(index).copied().unwrap_or(0)
}

fn skip_while_not(text: &[u8], from: usize, class: u8) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .position(|byte| CLASSES[usize::from(*byte)] & class != 0)
        .unwrap_or(rest.len())
}

/// Where a run of plain text may end, at `from` or later.
pub(super) fn plain_stop(text: &[u8], from: usize) -> usize {
    skip_while_not(text, from, PLAIN_STOP)
}

/// Where a run inside quotes may end, at `from` or later.
pub(super) fn quoted_stop(text: &[u8], from: usize) -> usize {
    skip_while_not(text, from, QUOTED_STOP)
}

/// The end of the line that holds `from`: its line break, or the end of the text.
pub(super) fn line_end(text: &[u8], mut from: usize) -> usize {
    loop {
        from = skip_while_not(text, from, LINE_STOP);
        if from >= text.len() || break_len(text, from) > 0 {
            return from;
        }
        from += 1;
    }
}

/// How many bytes the line break at `index` has; 0 if there is none.
pub(super) fn break_len(text: &[u8], index: usize) -> usize {
    match byte(text, index) {
        b'\n' => 1,
        b'\r' => 1 + usize::from(byte(text, index + 1) == b'\n'),
        0xC2 if byte(text, index + 1) == 0x85 => 2,
        0xE2 if byte(text, index + 1) == 0x80 && matches!(byte(text, index + 2), 0xA8 | 0xA9) => 3,
        _ => 0,
    }
}

/// A space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A space, a tab, a line break or the end of the text.
pub(super) fn is_space_or_end(text: &[u8], index: usize) -> bool {
    matches!(byte(text, index), 0 | b' ' | b'\t') || break_len(text, index) > 0
}

/// A line break or the end of the text.
pub(super) fn is_line_end(text: &[u8], index: usize) -> bool {
    index >= text.len() || break_len(text, index) > 0
}

/// Whether the byte may stand in the name of an anchor.
pub(super) fn is_name(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & NAME != 0
}

/// Whether the byte may stand in a tag; brackets and commas only inside `!<…>`.
pub(super) fn is_tag(byte: u8, verbatim: bool) -> bool {
    CLASSES[usize::from(byte)] & TAG != 0
        || verbatim && matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// Whether `---` or `...` stands at `index`, which must be the start of a line.
pub(super) fn is_document_mark(text: &[u8], index: usize) -> bool {
    let mark = text.get(index..index + 3).unwrap_or_default();
    (mark == b"---" || mark == b"...") && is_space_or_end(text, index + 3)
}
