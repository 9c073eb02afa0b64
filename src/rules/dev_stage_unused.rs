//! A stage of the Dockerfile that is made for development and reloads, while another one is built.

use crate::dev::{self, DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "dev-stage-unused";

/// Judges the services of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .developed_services()
        .filter(|service| service.spec().build.is_some())
    {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let forms = DevForms::of(project);
    let form = forms.of_service(service.name())?;
    let wanted = dev::unused_stage(project, form)?;
    let image = service.image()?;
    let stage = image
        .stages
        .iter()
        .find(|stage| stage.name.as_deref() == Some(&wanted))?;
    let build = service.spec().build.as_ref()?;
    let (span, built) = match &build.target {
        Some(target) => (target.span()?, format!("the stage `{}`", target.as_str())),
        None => (build.origin.span?, "the last stage".to_owned()),
    };
    let name = service.name();
    let message =
        format!("`{name}` builds {built}, though the stage `{wanted}` is there for development");
    let finding = Diagnostic::new(ID, span, message)
        .note("no `target` says which stage")
        .service(name);
    let finding = match &build.target {
        Some(_) => finding.note("another stage"),
        None => finding,
    };
    let invocation = stage
        .config
        .cmd
        .invocation()
        .or(stage.config.entrypoint.invocation())?;
    let finding = finding
        .label(stage.span, "for development")
        .label(invocation.span, "notices edits");
    let fix = dev::fix(
        project,
        &[DevForm::code_only(form)],
        format!("Build the stage `{wanted}` for development"),
    );
    Some(
        finding
            .help(format!(
                "For development say `target: {wanted}` under `build`"
            ))
            .fix(fix),
    )
}
