//! A compose file that people take for a part of the project, and that is not loaded.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::project::overlays::{Unloaded, Why, unloaded};
use crate::rules::Findings;

const ID: &str = "override-not-loaded";

/// Looks at what lies beside the main file, and at the scripts.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    findings.extend(unloaded(project).iter().map(|file| report(project, file)));
}

fn report(project: &Project<'_>, file: &Unloaded<'_>) -> Diagnostic {
    let name = project.written(file.source.path());
    let parsed = project.workspace().yaml(&file.source);
    let start = parsed
        .tree
        .root()
        .and_then(|root| root.entries().next().map(|entry| entry.key.span()));
    let start = start.unwrap_or_else(|| file.source.whole().before());
    match &file.why {
        Why::OtherMain(other) => {
            let other = project.written(other);
            let message =
                format!("{name} is not loaded: Docker Compose takes {other}, and only one of them");
            Diagnostic::new(ID, start, message)
                .note("not loaded")
                .help(format!(
                    "Take one of the two away, or give {name} another name and load it with `-f`"
                ))
        }
        Why::OtherOverride(other) => {
            let other = project.written(other);
            let message =
                format!("{name} is not loaded: Docker Compose takes {other}, and only one of them");
            Diagnostic::new(ID, start, message)
                .note("not loaded")
                .help("Bring both together in one file")
        }
        Why::Misspelt(right) => {
            let message = format!("{name} is not loaded: Docker Compose looks for `{right}`");
            Diagnostic::new(ID, start, message)
                .note("not loaded")
                .help(format!("Rename it to `{right}`, or load it with `-f`"))
        }
        Why::LeftOut(recipe, call) => {
            let message = format!(
                "`{}` does not load {name}: with `-f` Docker Compose takes nothing by itself",
                recipe.title()
            );
            let finding = Diagnostic::new(ID, call.span, message)
                .note("names the main file alone")
                .label(start, "not loaded");
            let option = &call.files[0];
            let is_plain = option.span.file == recipe.source.id()
                && recipe.source.text().get(option.span.range()) == Some(option.text.as_str());
            let over = file
                .source
                .path()
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let beside = match option.text.rsplit_once('/') {
                Some((directory, _)) => format!("{directory}/{over}"),
                None => over.to_owned(),
            };
            let edit = Edit::insert_before(option.span.after(), format!(" -f {beside}"));
            let fix = Fix::new(format!("Load {beside} as well"), Safety::Safe, edit);
            finding
                .help(format!("Leave `-f` out, or add `-f {beside}`"))
                .fix(is_plain.then_some(fix))
        }
    }
}
