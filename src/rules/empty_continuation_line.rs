//! An empty line inside an instruction that goes on over several lines.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles::BuildFile;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Instruction;
use crate::text::Span;

const ID: &str = "empty-continuation-line";

/// Judges every instruction; one finding each, at its first empty line.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for instruction in &file.file.instructions {
            let empty = empty_lines(&file, instruction);
            let Some(first) = empty.first() else { continue };
            let keyword = file.slice(instruction.keyword_span);
            let message = format!(
                "`{keyword}` goes on behind an empty line, which a future release of BuildKit will refuse"
            );
            let fix = Fix {
                title: "Take the empty lines out".to_owned(),
                safety: Safety::Safe,
                edits: empty.iter().map(|span| Edit::delete(*span)).collect(),
            };
            let finding = Diagnostic::new(ID, first.before(), message);
            findings.push(
                finding
                    .label(instruction.keyword_span, "this instruction has not ended")
                    .help("Take the line out")
                    .fix(fix),
            );
        }
    }
}

/// The empty lines between the first line of an instruction and the end of its arguments, line ends
/// included. The bodies of heredocs begin behind the arguments.
fn empty_lines(file: &BuildFile<'_>, instruction: &Instruction) -> Vec<Span> {
    let source = file.source();
    let lines = source.lines();
    let end = instruction
        .heredocs
        .first()
        .map_or(instruction.span.end, |heredoc| {
            heredoc.body.span().start.min(instruction.span.end)
        });
    let (first, last) = (
        lines.line(instruction.span.start),
        lines.line(end.saturating_sub(1)),
    );
    let of = |line: u32| Span::new(source.id(), lines.start(line), lines.end(line));
    (first + 1..last)
        .map(of)
        .filter(|span| source.slice(*span).trim().is_empty())
        .collect()
}
