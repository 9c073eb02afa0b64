//! A service that people develop and that runs what another stage compiled: each edit needs a
//! build.

use crate::diagnostic::Diagnostic;
use crate::links::code_origin;
use crate::process::Process;
use crate::project::mounts;
use crate::project::purpose::Intent;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "compiled-stage-in-dev";

/// Judges every service of a project that is for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project
        .intent()
        .is_none_or(|intent| intent.intent != Intent::Development)
    {
        return;
    }
    for service in project
        .services()
        .filter(|service| service.spec().build.is_some() && service.spec().watch.is_empty())
    {
        findings.extend(
            service
                .processes()
                .iter()
                .find_map(|process| judge(service, process)),
        );
    }
}

fn judge(service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let artefact = code_origin::compiled_artefact(service, process)
        .filter(|artefact| !artefact.is_dependencies && !artefact.inputs.is_empty())?;
    let image = service.image()?;
    // A mount without a reader is another matter.
    if !mounts::of_code(service).is_empty() || Some(artefact.stage) == image.target {
        return None;
    }
    let build = service.spec().build.as_ref()?;
    let span = build
        .target
        .as_ref()
        .and_then(|target| target.span())
        .or(build.origin.span)?;
    let (name, program) = (service.name(), process.name());
    let message = format!("`{name}` runs what another stage compiled: every edit needs a rebuild");
    let finding = Diagnostic::new(ID, span, message)
        .note("this stage has no tools to compile with")
        .service(name);
    let finding = finding.label(artefact.copy, "brought here from the stage that compiles");
    let finding = finding.label(process.written_at, format!("`{program}` is what runs"));
    let stage = image
        .stages
        .get(artefact.stage)
        .and_then(|stage| stage.name.as_deref())
        .unwrap_or("build");
    Some(finding.help(format!("Add a stage `FROM {stage} AS dev` whose CMD is a watcher that compiles and restarts, build it with `target: dev`, and mount the sources")))
}
