//! `FROM --platform=$TARGETPLATFORM`, which is what happens anyway.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "redundant-target-platform";

/// Judges every FROM.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in &file.stages {
            let Some(flag) = stage.from.flag("platform") else {
                continue;
            };
            let value = flag
                .value
                .as_ref()
                .map(|value| value.text.as_str())
                .unwrap_or_default();
            if !matches!(value, "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
                continue;
            }
            let message = format!("`--platform={value}` says what BuildKit does anyway");
            let rest = &file.source().text()[flag.span.end as usize..];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let span = Span::new(
                flag.span.file,
                flag.span.start,
                flag.span.end + u32::try_from(blanks).unwrap_or(0),
            );
            let fix = Fix::new(
                "Take the flag out".to_owned(),
                Safety::Safe,
                Edit::delete(span),
            );
            findings.push(
                Diagnostic::new(ID, flag.span, message)
                    .help("Take the flag out")
                    .fix(fix),
            );
        }
    }
}
