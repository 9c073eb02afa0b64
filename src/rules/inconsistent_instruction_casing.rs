//! Instructions in capitals and in small letters in one Dockerfile, or both in one instruction.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "inconsistent-instruction-casing";

/// Judges each Dockerfile by what most of its instructions are; capitals where that is undecided.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        // What stands before the first FROM and behind ONBUILD does not count for BuildKit.
        let lines = file.lines.iter().filter(|line| {
            line.stage.is_some() && !line.is_trigger && line.instruction.keyword != Keyword::Unknown
        });
        let spans: Vec<_> = lines.map(|line| line.instruction.keyword_span).collect();
        let is_lower = |text: &str| text == text.to_lowercase();
        let is_upper = |text: &str| text == text.to_uppercase();
        let lower = spans
            .iter()
            .filter(|span| is_lower(file.slice(**span)))
            .count();
        let upper = spans
            .iter()
            .filter(|span| is_upper(file.slice(**span)))
            .count();
        let (is_right, majority): (fn(&str) -> bool, &str) = if lower > upper {
            (is_lower, "in small letters")
        } else {
            (is_upper, "in capitals")
        };
        for span in spans {
            let written = file.slice(span);
            if is_right(written) {
                continue;
            }
            let wanted = if lower > upper {
                written.to_lowercase()
            } else {
                written.to_uppercase()
            };
            let message = format!(
                "`{written}` is not written {majority} as most instructions of the file are"
            );
            let mut edits = vec![Edit::replace(span, wanted.clone())];
            // The `AS` of a FROM follows it.
            let of_from = file
                .stages
                .iter()
                .find(|stage| stage.from.keyword_span == span)
                .and_then(|stage| stage.keyword.as_ref());
            edits.extend(
                of_from
                    .map(|word| Edit::replace(word.span, if lower > upper { "as" } else { "AS" })),
            );
            let fix = Fix {
                title: format!("Write `{wanted}`"),
                safety: Safety::Safe,
                edits,
            };
            findings.push(Diagnostic::new(ID, span, message).fix(fix));
        }
    }
}
