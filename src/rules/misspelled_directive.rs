//! A comment at the top that was to be a directive: `# syntx=docker/dockerfile:1`.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::{Span, closest, offset};

const ID: &str = "misspelled-directive";

const NAMES: [&str; 3] = ["syntax", "escape", "check"];

/// Judges the comments before the first instruction that look like `# name=value`.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let first = file
            .file
            .instructions
            .first()
            .map_or(u32::MAX, |instruction| instruction.span.start);
        for comment in file
            .file
            .comments
            .iter()
            .take_while(|comment| comment.start < first)
        {
            let text = file.slice(*comment);
            let body = text.trim_start_matches('#').trim_start();
            let Some((name, value)) = body.split_once('=') else {
                continue;
            };
            let name = name.trim_end();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let is_one_word =
                !value.trim().is_empty() && !value.trim().contains(char::is_whitespace);
            let near = closest(name, NAMES);
            let Some(near) = near.filter(|_| {
                is_name && is_one_word && !NAMES.contains(&name.to_ascii_lowercase().as_str())
            }) else {
                continue;
            };
            let start = comment.start + offset(text.len() - body.len());
            let span = Span::new(comment.file, start, start + offset(name.len()));
            let message = format!("`{name}` is no directive, so that this is only a comment");
            let fix = Fix::new(
                format!("Write `{near}`"),
                Safety::Unsafe,
                Edit::replace(span, near),
            );
            findings.push(
                Diagnostic::new(ID, span, message)
                    .help(format!("Did you mean `{near}`?"))
                    .fix(fix),
            );
        }
    }
}
