//! A comment right above ARG or FROM that does not begin with the name, so that BuildKit does not
//! take it for its description.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::BuildFile;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Instruction, Keyword};
use crate::text::Span;

const ID: &str = "definition-comment-without-name";

/// Judges the comments above every ARG and every FROM that has a name.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for instruction in &file.file.instructions {
            let names: Vec<String> = match instruction.keyword {
                Keyword::Arg => instruction
                    .words()
                    .iter()
                    .map(|word| name_of(word.text.as_str()))
                    .collect(),
                Keyword::From => instruction
                    .words()
                    .get(2)
                    .map(|word| word.text.as_str().to_lowercase())
                    .into_iter()
                    .collect(),
                _ => continue,
            };
            let Some(comment) = comment_above(&file, instruction) else {
                continue;
            };
            let text = file.slice(comment).trim_start_matches('#').trim();
            let first = text.split(' ').next().unwrap_or_default();
            if names.is_empty() || text.is_empty() || names.iter().any(|name| name == first) {
                continue;
            }
            let wanted = if let [name] = names.as_slice() {
                name.as_str()
            } else {
                "name"
            };
            let message = format!(
                "the comment above does not begin with `{wanted}`, so that BuildKit does not show it as a description"
            );
            let help = format!(
                "Write `# {wanted} …`, or an empty line below the comment if it is no description"
            );
            findings.push(
                Diagnostic::new(ID, instruction.keyword_span, message)
                    .label(comment, "this comment")
                    .help(help),
            );
        }
    }
}

fn name_of(word: &str) -> String {
    word.split('=').next().unwrap_or_default().to_owned()
}

/// The comment on the line before, if there is one.
fn comment_above(file: &BuildFile<'_>, instruction: &Instruction) -> Option<Span> {
    let lines = file.source().lines();
    let line = lines.line(instruction.span.start).checked_sub(1)?;
    let comments = &file.file.comments;
    let next = comments.partition_point(|comment| comment.start < lines.start(line));
    comments
        .get(next)
        .copied()
        .filter(|comment| lines.line(comment.start) == line)
}
