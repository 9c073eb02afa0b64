//! Lists of tools in the text of a source file: literals that stand beside each other and name what the
//! tables of `knowledge` know.

use std::collections::BTreeSet;

use composelint::knowledge::images::images;
use composelint::knowledge::{Family, managers, programs, shells};

/// Every name that a table of tools would hold: programs of package managers, servers, watchers and
/// shells, and official images.
pub(super) fn names_of_tools() -> BTreeSet<&'static str> {
    let of_managers = managers().flat_map(|manager| manager.programs).copied();
    let is_named = |family: Family| !matches!(family, Family::OneShot | Family::Build);
    let of_programs = programs()
        .filter(|program| is_named(program.family))
        .flat_map(|program| program.commands)
        .filter_map(|command| command.split(' ').next())
        .filter(|name| !name.contains('*'));
    let of_images = images()
        .flat_map(|image| image.names)
        .copied()
        .filter(|name| !name.contains(['/', '*']));
    let mut names: BTreeSet<&str> = of_managers.chain(of_programs).chain(of_images).collect();
    names.extend(
        ["sh", "bash", "dash", "ash", "ksh", "zsh"]
            .into_iter()
            .filter(|name| shells::is_shell(name)),
    );
    names
}

/// The lists in a text, comments left out, that hold two or more of `names`: where each begins, and what
/// it holds.
pub(super) fn lists(text: &str, names: &BTreeSet<&'static str>) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut list: Vec<String> = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for (start, literal, stop) in literals(text) {
        let between = &text[end..start];
        let is_apart = !between
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '[' | ']' | '&'));
        if is_apart {
            close(&mut found, begin, &mut list);
        }
        if list.is_empty() {
            begin = start;
        }
        if names.contains(literal) {
            list.push(literal.to_owned());
        }
        end = stop;
    }
    close(&mut found, begin, &mut list);
    found
}

fn close(found: &mut Vec<(usize, Vec<String>)>, begin: usize, list: &mut Vec<String>) {
    let distinct: BTreeSet<&String> = list.iter().collect();
    if distinct.len() > 1 {
        found.push((begin, std::mem::take(list)));
    }
    list.clear();
}

/// The string literals of a text: where each begins, what it holds, where it ends.
fn literals(text: &str) -> Vec<(usize, &str, usize)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
            }
            // `'"'`, `'\''`
            b'\'' if bytes.get(at + 2) == Some(&b'\'') => at += 3,
            b'\'' if bytes.get(at + 1) == Some(&b'\\') => at += 4,
            b'"' => {
                let start = at;
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
                if let Some(literal) = text.get(start + 1..at.saturating_sub(1)) {
                    found.push((start, literal, at));
                }
            }
            _ => at += 1,
        }
    }
    found
}

#[test]
fn a_list_of_tools_is_seen() {
    let names = names_of_tools();
    for (text, count) in [
        ("const A: [&str; 2] = [\"npm\", \"yarn\"];", 1),
        ("match x { \"sh\" | \"bash\" => 1, _ => 0 }", 1),
        ("[(\"yarn.lock\", \"yarn\"), (\"bun.lock\", \"bun\")]", 1),
        ("[\"npm\", \"run\"]; [\"yarn\", \"add\"]", 0),
        ("// \"npm\", \"yarn\"\n'\"'", 0),
        ("[\"nginx\", \"postgres\"]", 1),
    ] {
        assert_eq!(lists(text, &names).len(), count, "{text}");
    }
}
