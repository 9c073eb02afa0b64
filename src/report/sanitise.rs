//! Makes other people's text harmless on a terminal: no control characters, no change of writing
//! direction.

use std::io;

use super::termcolor::{ColorSpec, WriteColor};

/// What stands for a character that must not reach a terminal; `None` for all others.
///
/// Escape sequences can rewrite the screen, and bidirectional controls can make code look like
/// other code (CVE-2021-42574). C0 controls get their pictures of the Unicode block "Control
/// Pictures".
pub(super) fn replacement(character: char) -> Option<char> {
    match character {
        '\n' | '\t' => None,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)),
        '\x7f' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some('\u{fffd}')
        }
        '\u{2028}' | '\u{2029}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// The text on a single line and free of control characters: for messages and paths, which may
/// carry a key or a file name with a line break in it that would forge a line of the report.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' => '\u{240a}',
            '\t' => ' ',
            other => replacement(other).unwrap_or(other),
        })
        .collect()
}

/// The text on its own lines, none of which GitHub Actions takes for a workflow command when it
/// reads the report in a log.
pub(super) fn without_commands(text: &str) -> String {
    let line = |line: &str| match line.trim_start().strip_prefix("::") {
        Some(rest) => format!(": :{rest}"),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A writer that replaces dangerous characters. Colours pass, and so does the carriage return of a
/// line break.
///
/// Each call of `write` must hold whole characters, which `write!` guarantees; stray bytes become
/// U+FFFD.
pub struct Sanitised<'w>(pub &'w mut dyn WriteColor);

impl io::Write for Sanitised<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
        {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        }
        let text = String::from_utf8_lossy(bytes);
        let mut characters = text.chars().peekable();
        let mut safe = String::with_capacity(text.len());
        while let Some(character) = characters.next() {
            let ends_line = character == '\r' && characters.peek() == Some(&'\n');
            safe.push(
                replacement(character)
                    .filter(|_| !ends_line)
                    .unwrap_or(character),
            );
        }
        self.0.write_all(safe.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl WriteColor for Sanitised<'_> {
    fn supports_color(&self) -> bool {
        self.0.supports_color()
    }

    fn set_color(&mut self, spec: &ColorSpec) -> io::Result<()> {
        self.0.set_color(spec)
    }

    fn reset(&mut self) -> io::Result<()> {
        self.0.reset()
    }
}
