//! A program that is compiled in the stage that is shipped.

use crate::diagnostic::Diagnostic;
use crate::image::{Action, Ecosystem, Image};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "single-stage-build";

/// Looks at the stage that each build makes, once a Dockerfile.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        let Some(finding) = judge(image) else {
            continue;
        };
        if findings.is_new(finding.span) {
            let service = project.users_of(image).next();
            findings.push(
                service
                    .map(|service| finding.clone().service(service.name()))
                    .unwrap_or(finding),
            );
        }
    }
}

/// The first compiler that a build runs where its result stays. Who names a stage means one among
/// several.
fn judge(image: &Image) -> Option<Diagnostic> {
    let target = image
        .target
        .filter(|target| *target + 1 == image.stages.len())?;
    let compiled = image
        .history_of(target)
        .into_iter()
        .filter(|step| !step.is_trigger)
        .find_map(|step| {
            let Action::Run(run) = &step.action else {
                return None;
            };
            let is_compiled = |ecosystem| {
                matches!(
                    ecosystem,
                    Ecosystem::Go | Ecosystem::Rust | Ecosystem::Jvm | Ecosystem::Dotnet
                )
            };
            run.installs
                .iter()
                .find(|install| install.builds() && is_compiled(install.ecosystem))
        })?;
    let message = format!(
        "`{}` compiles in the stage that is shipped: its tools and the sources stay in the image",
        compiled.manager
    );
    let finding = Diagnostic::new(ID, compiled.command, message)
        .label(image.stages[target].span, "the image is made from this");
    Some(finding.help("Name this stage (`AS build`), and copy the result into a small one: `FROM …`, `COPY --from=build …`"))
}
