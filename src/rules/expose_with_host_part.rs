//! `EXPOSE 8080:80`: a host port or an address, which EXPOSE throws away.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "expose-with-host-part";

/// Judges every EXPOSE.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for word in file
            .each(Keyword::Expose)
            .flat_map(|line| line.instruction.words())
        {
            let text = word.text.as_str();
            // `${PORT:-80}` has a colon of its own.
            let Some((_, port)) = text
                .rsplit_once(':')
                .filter(|(host, _)| !host.contains('{') || host.contains('}'))
            else {
                continue;
            };
            if port.contains('}') {
                continue;
            }
            let message = format!(
                "`EXPOSE {text}` publishes nothing on the host: only `{port}` of it is kept"
            );
            let fix = Fix::new(
                format!("Write `{port}`"),
                Safety::Safe,
                Edit::replace(word.span, port),
            );
            findings.push(
                Diagnostic::new(ID, word.span, message)
                    .help("Publish ports with `ports:` in the compose file")
                    .fix(fix),
            );
        }
    }
}
