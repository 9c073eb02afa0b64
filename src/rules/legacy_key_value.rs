//! `ENV key value` and `LABEL key value`, the form without `=`.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::BuildFile;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Pair};

const ID: &str = "legacy-key-value";

/// Judges every ENV and LABEL, triggers included.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            let Arguments::Pairs(pairs) = &line.instruction.arguments else {
                continue;
            };
            let Some(pair) = pairs.first().filter(|pair| pair.legacy) else {
                continue;
            };
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = format!(
                "`{name} key value` is the old form, in which all that follows is one value"
            );
            let span = pair.key.span.cover(pair.value.span);
            let finding = Diagnostic::new(ID, span, message).help(format!(
                "Write `{name} key=value`, and quotes around blanks"
            ));
            findings.push(finding.fix(fix(&file, pair)));
        }
    }
}

/// The same value with `=`. In the old form quotes and escapes are read as in the new one, so that
/// only blanks need quotes.
fn fix(file: &BuildFile<'_>, pair: &Pair) -> Option<Fix> {
    let value = pair.value.text.as_str();
    let escape = file.file.escape;
    let is_plain = !value.contains(['\'', '"', ' ', '\t', '\n']) && !value.contains(escape);
    let is_quotable =
        !value.contains(['\'', '"', '\n']) && !value.contains(escape) && !value.contains("${");
    let inner = dockerfiles::unquoted(value);
    let is_one_word =
        inner.len() < value.len() && !inner.contains(['\'', '"']) && !inner.contains(escape);
    let written = match () {
        () if !pair.value.text.is_verbatim() || !pair.key.text.is_verbatim() => return None,
        () if is_plain || is_one_word => value.to_owned(),
        () if is_quotable => format!("\"{value}\""),
        () => return None,
    };
    let span = pair.key.span.cover(pair.value.span);
    let edits = vec![Edit::replace(
        span,
        format!("{}={written}", pair.key.text.as_str()),
    )];
    Some(Fix {
        title: "Write `=`".to_owned(),
        safety: Safety::Safe,
        edits,
    })
}
