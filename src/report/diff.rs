//! Changes as people read them: the lines a fix touches inside a report, and the unified diff of a
//! whole file.

use std::io::{self, Write};
use std::ops::Range;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::place::Places;
use super::termcolor::{Color, ColorSpec, WriteColor};
use super::{Sanitised, one_line};
use crate::diagnostic::{Edit, Fix, Safety};
use crate::text::{FileId, Source};

/// Unchanged lines shown around a change in a report.
const CONTEXT: u32 = 2;
/// Longer lines are cut in a report, in characters.
const LINE_LIMIT: usize = 240;
/// A change further into its line than this is shown with some characters around it instead of
/// whole lines, in bytes.
const FAR: u32 = 4096;
/// How many those are, in bytes.
const NEAR: u32 = 60;
/// Diffs of huge texts get coarser after this time, never slower.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Writes a fix below its finding: what it does, how sure it is, and the lines it changes in each
/// file.
pub(super) fn write_fix(
    fix: &Fix,
    places: &mut Places<'_>,
    width: usize,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    let mut out = Sanitised(out);
    let sure = match fix.safety {
        Safety::Safe => "safe fix",
        Safety::Unsafe => "unsafe fix",
        Safety::Suggest => "suggestion",
    };
    write!(out, "{:width$} ", "")?;
    colored(&mut out, Color::Cyan, "=")?;
    writeln!(out, " {sure}: {}", one_line(&fix.title))?;
    for file in files_of(fix) {
        let source = places.source(file).clone();
        let created = if source.exists() { "" } else { " (new file)" };
        write!(out, "{:width$} ", "")?;
        colored(&mut out, Color::Cyan, "-->")?;
        writeln!(out, " {}{created}", one_line(places.path(file)))?;
        let mut edits: Vec<&Edit> = fix
            .edits
            .iter()
            .filter(|edit| edit.span.file == file)
            .collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        border(width, &mut out)?;
        let mut shift = 0;
        for (number, region) in regions(&source, &edits).into_iter().enumerate() {
            if number > 0 {
                writeln!(out, "...")?;
            }
            shift += write_region(&source, &region, shift, width, &mut out)?;
        }
        border(width, &mut out)?;
    }
    Ok(())
}

fn files_of(fix: &Fix) -> Vec<FileId> {
    let mut files = Vec::new();
    for edit in &fix.edits {
        if !files.contains(&edit.span.file) {
            files.push(edit.span.file);
        }
    }
    files
}

/// Neighbouring edits of one file and the lines they are shown with. Only these lines are ever
/// looked at, so that many fixes of a large file cost what they change.
struct Region<'e> {
    start: u32,
    end: u32,
    edits: Vec<&'e Edit>,
}

fn regions<'e>(source: &Source, edits: &[&'e Edit]) -> Vec<Region<'e>> {
    let lines = source.lines();
    let boundary = |at: u32| crate::text::offset(source.text().floor_char_boundary(at as usize));
    let mut regions: Vec<Region<'e>> = Vec::new();
    for edit in edits {
        let (first, last) = (lines.line(edit.span.start), lines.line(edit.span.end));
        let start = match edit.span.start - lines.start(first).min(edit.span.start) {
            FAR.. => boundary(edit.span.start - NEAR),
            _ => lines.start(first.saturating_sub(CONTEXT)),
        };
        let end = match lines.end(last) - edit.span.end {
            FAR.. => boundary(edit.span.end + NEAR),
            _ => lines.end((last + CONTEXT).min(lines.count() - 1)),
        };
        match regions.last_mut() {
            Some(region) if start <= region.end => {
                region.end = region.end.max(end);
                region.edits.push(edit);
            }
            _ => regions.push(Region {
                start,
                end,
                edits: vec![edit],
            }),
        }
    }
    regions
}

/// Writes the changed lines of a region; returns by how many lines the text behind it moves.
fn write_region(
    source: &Source,
    region: &Region<'_>,
    shift: i64,
    width: usize,
    out: &mut Sanitised<'_>,
) -> io::Result<i64> {
    let text = |from: u32, to: u32| {
        source
            .text()
            .get(from as usize..to as usize)
            .unwrap_or_default()
    };
    let mut new = String::new();
    let mut at = region.start;
    for edit in &region.edits {
        new.push_str(text(at, edit.span.start));
        new.push_str(&edit.text);
        at = edit.span.end;
    }
    new.push_str(text(at, region.end));
    let diff = TextDiff::configure()
        .timeout(TIMEOUT)
        .diff_lines(text(region.start, region.end), new.as_str());
    let first = i64::from(source.lines().line(region.start));
    let number = |index: usize, shift: i64| first + shift + index as i64 + 1;
    // A new file opens with the same words each time: its preview starts with what it says.
    let opening = if source.exists() {
        0
    } else {
        new.lines()
            .take_while(|line| line.is_empty() || line.starts_with('#'))
            .count()
    };
    for (group, operations) in diff.grouped_ops(CONTEXT as usize).iter().enumerate() {
        if group > 0 {
            writeln!(out, "...")?;
        }
        for change in operations
            .iter()
            .flat_map(|operation| diff.iter_changes(operation))
        {
            if change.new_index().is_some_and(|index| index < opening) {
                continue;
            }
            let line = change
                .new_index()
                .map(|index| number(index, shift))
                .or(change.old_index().map(|index| number(index, 0)));
            let (sign, color) = match change.tag() {
                ChangeTag::Equal => ("|", Color::Cyan),
                ChangeTag::Delete => ("-", Color::Red),
                ChangeTag::Insert => ("+", Color::Green),
            };
            let line = line.expect("a change is in the old text or in the new one");
            let text = cut(change.value().trim_end_matches(['\n', '\r']));
            colored(out, Color::Cyan, &format!("{line:>width$} "))?;
            match change.tag() {
                ChangeTag::Equal => colored(out, color, sign)?,
                _ => colored(out, color, format!("{sign} {text}").trim_end())?,
            }
            match change.tag() {
                ChangeTag::Equal if !text.is_empty() => writeln!(out, " {text}")?,
                _ => writeln!(out)?,
            }
        }
    }
    Ok(diff.new_len() as i64 - diff.old_len() as i64)
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE_LIMIT) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// An empty line of the frame.
pub(super) fn border(width: usize, out: &mut Sanitised<'_>) -> io::Result<()> {
    write!(out, "{:width$} ", "")?;
    colored(out, Color::Cyan, "|")?;
    writeln!(out)
}

fn colored(out: &mut Sanitised<'_>, color: Color, text: &str) -> io::Result<()> {
    out.set_color(ColorSpec::new().set_fg(Some(color)))?;
    write!(out, "{text}")?;
    out.reset()
}

/// Who made a part of a new text, for the reader of its diff.
pub struct Hint<'a> {
    /// Bytes of the new text; empty where something was taken out.
    pub range: Range<usize>,
    /// How sure the repair is.
    pub safety: Safety,
    /// What it does.
    pub title: &'a str,
    /// The rule that asked for it.
    pub rule: &'a str,
}

/// Writes the unified diff of one file, as `patch` and `git apply` read it. `old` is `None` for a
/// file that comes into being. Behind the line numbers of each hunk stands how sure it is and what
/// made it, where `git diff` names the function.
///
/// # Errors
/// Those of `out`.
pub fn unified_diff(
    path: &str,
    old: Option<&str>,
    new: &str,
    hints: &[Hint<'_>],
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    // An absolute path is written from the root, as `patch -p1` takes it.
    let path = one_line(path.trim_start_matches('/'));
    let diff = TextDiff::configure()
        .timeout(TIMEOUT)
        .diff_lines(old.unwrap_or_default(), new);
    let from = if old.is_some() {
        format!("a/{path}")
    } else {
        "/dev/null".to_owned()
    };
    let mut bold = |text: &str| {
        out.set_color(ColorSpec::new().set_bold(true))?;
        write!(out, "{text}")?;
        out.reset()
    };
    bold(&format!("--- {from}\n+++ b/{path}\n"))?;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(new.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    for hunk in diff.unified_diff().iter_hunks() {
        let lines = hunk.ops().iter().map(|operation| operation.new_range());
        let lines = lines
            .reduce(|all, more| all.start.min(more.start)..all.end.max(more.end))
            .unwrap_or_default();
        let at = |line: usize| starts.get(line).copied().unwrap_or(new.len());
        let bytes = at(lines.start)..at(lines.end);
        let made: Vec<&Hint<'_>> = hints
            .iter()
            .filter(|hint| hint.range.start <= bytes.end && bytes.start <= hint.range.end)
            .collect();
        for (number, line) in hunk.to_string().split_inclusive('\n').enumerate() {
            let mut spec = ColorSpec::new();
            match line.as_bytes().first() {
                Some(b'@') if number == 0 => spec.set_fg(Some(Color::Cyan)),
                Some(b'+') => spec.set_fg(Some(Color::Green)),
                Some(b'-') => spec.set_fg(Some(Color::Red)),
                _ => &mut spec,
            };
            out.set_color(&spec)?;
            match number {
                0 => writeln!(out, "{}{}", line.trim_end(), hinted(&made))?,
                _ => write!(out, "{line}")?,
            }
            out.reset()?;
        }
    }
    Ok(())
}

/// ` safe: Mount ./api at /app [missing-dev-mount]`
fn hinted(made: &[&Hint<'_>]) -> String {
    let Some(safety) = made.iter().map(|hint| hint.safety).min() else {
        return String::new();
    };
    let mut titles: Vec<String> = made
        .iter()
        .map(|hint| format!("{} [{}]", one_line(hint.title), hint.rule))
        .collect();
    titles.sort();
    titles.dedup();
    let word = if safety == Safety::Safe {
        "safe"
    } else {
        "unsafe"
    };
    format!(" {word}: {}", titles.join("; "))
}
