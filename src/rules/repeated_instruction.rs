//! CMD, ENTRYPOINT or HEALTHCHECK twice in one stage: the last one wins.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::Line;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "repeated-instruction";

/// Judges the stages of every Dockerfile, and what stands before the first FROM of an unfinished
/// one.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for keyword in [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck] {
            let lines: Vec<Line<'_>> = file.each(keyword).filter(|line| !line.is_trigger).collect();
            for pair in lines
                .windows(2)
                .filter(|pair| pair[0].stage == pair[1].stage)
            {
                let (lost, kept) = (pair[0].instruction, pair[1].instruction);
                let name = dockerfiles::keyword(lost, file.source());
                let message = format!(
                    "this `{name}` has no effect: another one follows in the same stage, and only the last counts"
                );
                let edits = vec![file.removal(lost)];
                let fix = Fix {
                    title: format!("Take the first `{name}` out"),
                    safety: Safety::Unsafe,
                    edits,
                };
                let finding = Diagnostic::new(ID, lost.span, message)
                    .label(kept.keyword_span, "this one takes its place");
                findings.push(finding.help(format!("Keep one `{name}`")).fix(fix));
            }
        }
    }
}
