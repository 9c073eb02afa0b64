//! A stage whose name has capital letters, which BuildKit takes for small ones.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles::BuildFile;
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "stage-name-not-lowercase";

/// Judges the names of all stages.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for name in file.stages.iter().filter_map(|stage| stage.name) {
            let (text, lower) = (name.text.as_str(), name.text.as_str().to_lowercase());
            if text == lower {
                continue;
            }
            let message = format!(
                "the stage name `{text}` has capital letters, and BuildKit calls the stage `{lower}`"
            );
            let edits = mentions(project, &file, text)
                .into_iter()
                .chain([name.span])
                .map(|span| Edit::replace(span, lower.clone()));
            let fix = Fix {
                title: format!("Write `{lower}` everywhere"),
                safety: Safety::Safe,
                edits: edits.collect(),
            };
            findings.push(
                Diagnostic::new(ID, name.span, message)
                    .help(format!("Write `{lower}`"))
                    .fix(fix),
            );
        }
    }
}

/// Where else the name is written in just this way: FROM, `--from`, and the `target:` of a service.
fn mentions(project: &Project<'_>, file: &BuildFile<'_>, name: &str) -> Vec<Span> {
    let bases = file
        .stages
        .iter()
        .filter_map(|stage| stage.base)
        .filter(|base| base.text.as_str() == name)
        .map(|base| base.span);
    let flags = file
        .lines
        .iter()
        .flat_map(|line| line.instruction.flag("from"))
        .filter_map(|flag| flag.value.as_ref());
    let flags = flags
        .filter(|value| value.text.as_str() == name && file.slice(value.span) == name)
        .map(|value| value.span);
    let mut spans: Vec<Span> = bases.chain(flags).collect();
    for service in project.services().filter(|service| {
        service
            .image()
            .is_some_and(|image| image.dockerfile.tree.source.id() == file.source().id())
    }) {
        let target = service
            .spec()
            .build
            .as_ref()
            .and_then(|build| build.target.as_ref())
            .filter(|target| target.value == name);
        let Some(span) = target.and_then(|target| target.span()) else {
            continue;
        };
        // A value that is put together from variables, or stands in quotes, is left as it is: case
        // does not matter there.
        if project.workspace().sources().slice(span) == name && !spans.contains(&span) {
            spans.push(span);
        }
    }
    spans
}
