//! A start script without its run bit.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::project::start_script::{self, StartScript};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::dockerfile::Instruction;

const ID: &str = "script-not-executable";

/// Looks at what every container is started with.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        findings.extend(
            start_script::of(service)
                .iter()
                .filter_map(|script| judge(project, service, script)),
        );
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, script: &StartScript) -> Option<Diagnostic> {
    if project.workspace().files().is_executable(&script.host) != Some(false) {
        return None;
    }
    let (name, host) = (service.name(), project.written(&script.host));
    let message = format!(
        "`{name}` cannot start: it runs `{}`, and `{host}` has no run bit",
        script.container
    );
    let finding = Diagnostic::new(ID, script.written, message)
        .note("permission denied")
        .service(name);
    let by_hand = format!(
        "Give the file its bit: `chmod +x {host}` and `git update-index --chmod=+x {host}`"
    );
    let Some(copy) = &script.copy else {
        // A mount shows the file as it is on the host, whatever the image did with its own copy.
        let finding = script.mount.into_iter().fold(finding, |finding, mount| {
            finding.label(mount, "seen through this mount")
        });
        return Some(finding.help(by_hand));
    };
    let image = service.image()?;
    let instruction = image
        .dockerfile
        .tree
        .instructions
        .iter()
        .find(|instruction| instruction.span == copy.from_context)?;
    let sets_mode = |instruction: &Instruction| instruction.flag("chmod").is_some();
    let last = image
        .dockerfile
        .tree
        .instructions
        .iter()
        .find(|instruction| instruction.span == copy.copy);
    if sets_mode(instruction)
        || last.is_some_and(sets_mode)
        || start_script::may_change(image, &script.container)
    {
        return None;
    }
    let finding = finding.label(copy.from_context, "copied here with the mode that it has");
    Some(
        finding
            .help(format!("{by_hand}; or copy it with `--chmod=0755`"))
            .fix(fix(image, script, instruction)),
    )
}

/// `COPY --chmod`, where nothing else is copied along, else `RUN chmod` behind it.
fn fix(image: &Image, script: &StartScript, instruction: &Instruction) -> Option<Fix> {
    let copy = script.copy.as_ref()?;
    if !copy.is_directory && instruction.words().len() == 2 {
        let edit = Edit::replace(instruction.keyword_span.after(), " --chmod=0755");
        return Some(Fix::new(
            "Copy it with `--chmod=0755`".to_owned(),
            Safety::Unsafe,
            edit,
        ));
    }
    let step = image
        .history()
        .into_iter()
        .find(|step| step.span == copy.copy)?;
    if step
        .user
        .as_deref()
        .is_some_and(|user| !matches!(user, "root" | "0"))
    {
        return None;
    }
    let line_end = if image.dockerfile.tree.source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let edit = Edit::replace(
        copy.copy.after(),
        format!("{line_end}RUN chmod +x {}", script.container),
    );
    Some(Fix::new(
        format!("Run `chmod +x {}`", script.container),
        Safety::Unsafe,
        edit,
    ))
}
