//! A build that asks for a stage which the Dockerfile does not have.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::closest;

const ID: &str = "unknown-target";

/// Looks at the `target` of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    findings.extend(
        project
            .services()
            .filter_map(|service| judge(project, service)),
    );
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let build = service.spec().build.as_ref()?;
    let target = build
        .target
        .as_ref()
        .filter(|target| !target.value.is_empty() && !target.origin.is_unknown())?;
    let image = service.image().filter(|image| image.target.is_none())?;
    let file = &image.dockerfile;
    // A stage may stand behind what could not be read.
    if image.stages.is_empty() || file.tree.is_of_another_language() || !file.diagnostics.is_empty()
    {
        return None;
    }
    if build
        .additional_contexts
        .iter()
        .any(|context| context.key.value.eq_ignore_ascii_case(&target.value))
    {
        return None;
    }
    let path = project.written(file.tree.source.path());
    let name = target.value.as_str();
    let message = format!(
        "`{}` cannot be built: `{path}` has no stage `{name}`",
        service.name()
    );
    let finding = Diagnostic::new(ID, target.span()?, message)
        .note("no such stage")
        .service(service.name());
    let stages: Vec<&str> = image
        .stages
        .iter()
        .filter_map(|stage| stage.name.as_deref())
        .collect();
    let finding = match image.stages.last() {
        Some(stage) if stages.is_empty() => finding.label(stage.span, "this stage has no name"),
        _ => finding,
    };
    let Some(similar) = closest(name, stages.iter().copied()) else {
        return Some(finding.help(match stages.as_slice() {
            [] => format!("Name the stage with `AS {name}`, or take `target` out"),
            names => format!(
                    "Its stages are {}",
                    names
                        .iter()
                        .map(|name| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
        }));
    };
    let span = target.span()?;
    let is_written = project
        .workspace()
        .sources()
        .slice(span)
        .trim_matches(['"', '\''])
        == name;
    let fix = Fix::new(
        format!("Build `{similar}`"),
        Safety::Unsafe,
        Edit::replace(span, similar),
    );
    Some(
        finding
            .help(format!("Did you mean `{similar}`?"))
            .fix(is_written.then_some(fix)),
    )
}
