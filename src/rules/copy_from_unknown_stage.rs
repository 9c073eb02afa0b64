//! `COPY --from` and `RUN --mount=from=` that name neither a stage nor anything a registry can
//! have.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::knowledge::images;
use crate::project::Project;
use crate::rules::Findings;
use crate::text::closest;

const ID: &str = "copy-from-unknown-stage";

/// Judges every `--from`.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            findings.extend(judge(project, &file, line));
        }
    }
}

fn judge(project: &Project<'_>, file: &BuildFile<'_>, line: &Line<'_>) -> Option<Diagnostic> {
    let flag = line.instruction.flag("from")?;
    let name = flag.value.as_ref()?.text.as_str();
    let own = line.stage.unwrap_or_default();
    if name.is_empty() || line.is_trigger {
        return None;
    }
    if name.contains('$') {
        let message = format!("`--from={name}` takes no variables");
        let help = "Name the image in a stage of its own, `FROM image:$VERSION AS name`, and copy from that";
        return Some(Diagnostic::new(ID, flag.span, message).help(help));
    }
    if let Ok(number) = name.parse::<usize>() {
        let message = format!(
            "there is no stage {number}: stages are counted from 0, and this file has {}",
            file.stages.len()
        );
        let exists = number < file.stages.len();
        return (!exists).then(|| {
            Diagnostic::new(ID, flag.span, message).help("Give the stage a name and write that")
        });
    }
    let is_known = file.stage_named(name, own).is_some()
        || file.has_context(name)
        || images::may_exist(name)
        || name.contains(':');
    if is_known || is_built_here(project, name) {
        return None;
    }
    let message = format!(
        "`--from={name}` names no stage of this file, and Docker Hub has no image of that name"
    );
    let names: Vec<&str> = file
        .stages
        .iter()
        .filter_map(|stage| stage.name)
        .map(|name| name.text.as_str())
        .collect();
    let help = match closest(name, names.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!(
            "Name a stage, write an image with its owner, or give the build a context `{name}` (`additional_contexts`)"
        ),
    };
    Some(Diagnostic::new(ID, flag.span, message).help(help))
}

/// An image that a service of the project builds or names may lie on the machine under that name.
fn is_built_here(project: &Project<'_>, name: &str) -> bool {
    let mut images = project
        .services()
        .filter_map(|service| service.spec().image.as_ref());
    images.any(|image| images::name(&image.value) == name)
}
