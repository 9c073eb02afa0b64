//! `EXPOSE 80/TCP`: a protocol that is not in small letters.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "uppercase-expose-protocol";

/// Judges every EXPOSE.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for word in file
            .each(Keyword::Expose)
            .flat_map(|line| line.instruction.words())
        {
            let text = word.text.as_str();
            let Some((port, protocol)) = text
                .rsplit_once('/')
                .filter(|(_, protocol)| !protocol.contains('$'))
            else {
                continue;
            };
            let lower = protocol.to_lowercase();
            if lower == protocol {
                continue;
            }
            let message = format!("the protocol of `{text}` is not in small letters");
            let edits = vec![Edit::replace(word.span, format!("{port}/{lower}"))];
            let fix = Fix {
                title: format!("Write `{lower}`"),
                safety: Safety::Safe,
                edits,
            };
            findings.push(Diagnostic::new(ID, word.span, message).fix(fix));
        }
    }
}
