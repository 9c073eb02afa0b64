//! What ShellCheck says of the scripts in the Dockerfiles, at the places where they are written.

use std::fmt::Write as _;
use std::ops::Range;

use crate::diagnostic::Severity;
use crate::syntax::dockerfile::Keyword;
use crate::text::{Cooked, Span};
use crate::workspace::{Remark, Workspace};

use super::BuildFile;
use super::scripts::WrittenScript;

/// A remark of ShellCheck on a part of a Dockerfile.
pub struct PlacedRemark {
    /// The number behind `SC`.
    pub code: u32,
    /// How bad it is.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// That a file of a script is not known to the shell, or not followed: nothing that can be changed
/// in a Dockerfile. The third is about `ash`, which older releases do not know.
const BESIDE_THE_POINT: [u32; 3] = [1090, 1091, 2187];

/// What holds for a RUN and not for what a container is started with: there variables come from
/// outside, and one that is split into words is how options are handed on.
const OF_RUN: [u32; 2] = [2086, 2154];

/// A carriage return, which would be told for every line.
const CARRIAGE_RETURN: u32 = 1017;

/// What ShellCheck says of all scripts; nothing where it cannot be asked.
///
/// # Errors
/// Why it did not answer, and the Dockerfile that it was asked for.
pub fn ask(
    workspace: &Workspace<'_>,
    files: &[BuildFile<'_>],
) -> Result<Vec<PlacedRemark>, (String, Span)> {
    let Some(program) = workspace.shellcheck() else {
        return Ok(Vec::new());
    };
    let mut placed = Vec::new();
    for file in files {
        let scripts = file.scripts();
        if scripts.is_empty() {
            continue;
        }
        let settings = settings_of(workspace, file);
        let preambles: Vec<String> = scripts
            .iter()
            .map(|script| preamble(file, script, &settings))
            .collect();
        let texts: Vec<String> = preambles
            .iter()
            .zip(&scripts)
            .map(|(preamble, script)| format!("{preamble}{}\n", script.text.as_str()))
            .collect();
        let remarks = program
            .check(&texts)
            .map_err(|reason| (reason, file.source().whole().before()))?;
        for ((script, preamble), remarks) in scripts.iter().zip(&preambles).zip(remarks) {
            place(script, preamble.lines().count(), remarks, &mut placed);
        }
    }
    Ok(placed)
}

/// The lines of the nearest `.shellcheckrc`, from the directory of the Dockerfile upwards.
fn settings_of(workspace: &Workspace<'_>, file: &BuildFile<'_>) -> Vec<String> {
    let directories = file.source().path().ancestors().skip(1);
    let names = [".shellcheckrc", "shellcheckrc"];
    let mut paths = directories.flat_map(|directory| names.map(|name| directory.join(name)));
    let Some(path) = paths.find(|path| workspace.files().is_file(path)) else {
        return Vec::new();
    };
    let text = workspace.files().read(&path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// What is put before a script: the shell, what is set, and what the user says to ShellCheck in
/// comments of the Dockerfile, which the shell does not see.
fn preamble(file: &BuildFile<'_>, script: &WrittenScript<'_>, settings: &[String]) -> String {
    let mut text = format!("{}\n", script.shebang);
    let instruction = &file.file.instructions[script.line.number];
    let comments = &file.file.comments;
    let first = comments.partition_point(|comment| comment.start < instruction.span.start);
    let inside = comments[first..]
        .iter()
        .take_while(|comment| comment.start < instruction.span.end);
    let said = instruction
        .comments
        .iter()
        .chain(inside)
        .filter_map(|comment| {
            let rest = file.slice(*comment).strip_prefix('#')?.trim_start();
            let directive = rest.strip_prefix("shellcheck")?;
            directive.starts_with([' ', '\t']).then(|| directive.trim())
        });
    for directive in settings.iter().map(String::as_str).chain(said) {
        _ = writeln!(text, "# shellcheck {directive}");
    }
    let is_name = |name: &&String| {
        let mut bytes = name.bytes();
        bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    for name in script.variables.iter().filter(is_name) {
        _ = writeln!(text, "export {name}=1");
    }
    text
}

/// Brings the remarks on a script, `skipped` lines below its preamble, to their places.
fn place(
    script: &WrittenScript<'_>,
    skipped: usize,
    remarks: Vec<Remark>,
    placed: &mut Vec<PlacedRemark>,
) {
    let is_of_run = script.line.instruction.keyword == Keyword::Run;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', script.text.as_str().as_bytes()).map(|at| at + 1))
        .collect();
    let mut has_carriage_return = false;
    for remark in remarks {
        let is_of_posix = (3000..4000).contains(&remark.code);
        // What a trigger finds set is for another Dockerfile to say.
        let is_left_out = BESIDE_THE_POINT.contains(&remark.code)
            || !is_of_run && OF_RUN.contains(&remark.code)
            || script.line.is_trigger && remark.code == 2154
            || is_of_posix && !script.is_plain_sh
            || remark.code == CARRIAGE_RETURN && std::mem::replace(&mut has_carriage_return, true);
        if is_left_out || remark.start.0 <= skipped {
            continue;
        }
        let range = range(&script.text, &starts, skipped, &remark);
        placed.push(PlacedRemark {
            code: remark.code,
            severity: remark.severity,
            message: remark.message,
            span: script.text.span_of(range),
        });
    }
}

/// The part of the text that a remark is about; one character where it is about a point.
fn range(text: &Cooked, starts: &[usize], skipped: usize, remark: &Remark) -> Range<usize> {
    let text = text.as_str();
    let offset = |(line, column): (usize, usize)| {
        let start = starts
            .get(line - skipped - 1)
            .copied()
            .unwrap_or(text.len());
        let line = text[start..].split('\n').next().unwrap_or_default();
        start
            + line
                .char_indices()
                .nth(column.saturating_sub(1))
                .map_or(line.len(), |(at, _)| at)
    };
    let start = offset(remark.start);
    let end = offset(remark.end.max(remark.start));
    let next = text[start..]
        .chars()
        .next()
        .map_or(start, |c| start + c.len_utf8());
    start..end.max(next)
}
