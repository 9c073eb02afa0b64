//! A Dockerfile as the S-expressions that BuildKit's parser prints of it (`parser.Node.Dump`).

use std::fmt::Write;

use super::words::lower;
use super::{Arguments, Dockerfile, Flag, Instruction, Keyword, Word};

/// The file, one instruction a line, without a line end behind the last.
pub fn dump(file: &Dockerfile) -> String {
    let lines: Vec<String> = file
        .instructions
        .iter()
        .map(|instruction| format!("({})", expression(instruction)))
        .collect();
    lines.join("\n").trim().to_owned()
}

/// One instruction without its parentheses.
fn expression(instruction: &Instruction) -> String {
    let written = match &instruction.unknown_keyword {
        Some(text) => text.clone(),
        None => format!("{:?}", instruction.keyword),
    };
    let mut text: String = written.chars().map(lower).collect();
    if !instruction.flags.is_empty() {
        let flags: Vec<String> = instruction
            .flags
            .iter()
            .map(|flag| quote(&raw(flag)))
            .collect();
        _ = write!(text, " [{}]", flags.join(" "));
    }
    let mut push = |word: &str| {
        text.push(' ');
        text.push_str(&quote(word));
    };
    if let (Some(kind), false) = (
        &instruction.kind,
        matches!(instruction.arguments, Arguments::Words(_)),
    ) {
        push(kind.text.as_str());
    }
    let as_written = |word: &Word| word.text.as_str().to_owned();
    match &instruction.arguments {
        Arguments::Words(words) | Arguments::Json(words) => {
            words.iter().map(as_written).for_each(|word| push(&word))
        }
        Arguments::Shell(command) => push(command.as_str()),
        Arguments::Pairs(pairs) => {
            for pair in pairs {
                push(pair.key.text.as_str());
                push(pair.value.text.as_str());
                push(if pair.legacy { "" } else { "=" });
            }
        }
        Arguments::Onbuild(trigger) => _ = write!(text, " ({})", expression(trigger)),
        // What follows a word that is no instruction is not looked at.
        Arguments::None if instruction.keyword == Keyword::Unknown => push(""),
        Arguments::None => {}
    }
    text.trim().to_owned()
}

fn raw(flag: &Flag) -> String {
    match &flag.value {
        Some(value) => format!("--{}={}", flag.name, value.text.as_str()),
        None => format!("--{}", flag.name),
    }
}

/// A text in double quotes, as Go's `strconv.Quote` writes it.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{7}' => quoted += "\\a",
            '\u{8}' => quoted += "\\b",
            '\u{c}' => quoted += "\\f",
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            '\u{b}' => quoted += "\\v",
            ' '..='~' => quoted.push(c),
            '\0'..='\u{7f}' => _ = write!(quoted, "\\x{:02x}", u32::from(c)),
            _ if is_printable(c) => quoted.push(c),
            '\u{80}'..='\u{ffff}' => _ = write!(quoted, "\\u{:04x}", u32::from(c)),
            _ => _ = write!(quoted, "\\U{:08x}", u32::from(c)),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character is a letter, mark, number, punctuation or symbol: what the standard library
/// shows as it is. A mark is shown as it is only behind another character.
fn is_printable(c: char) -> bool {
    let behind_another: String = ['a', c].iter().collect();
    behind_another.escape_debug().nth(2).is_none()
}
