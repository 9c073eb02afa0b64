//! Code that the image holds a copy of, while nothing brings an edit of the original into the
//! container.

use crate::dev;
use crate::dev::{DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::knowledge::images;
use crate::links::LinkName;
use crate::links::bringing;
use crate::links::code_origin;
use crate::links::verdict::Verdict;
use crate::project::filesystem::{Arrival, Part};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "missing-dev-mount";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        if let Some(finding) = judge(project, service) {
            findings.push(finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let build = service.spec().build.as_ref()?;
    // A database with scripts for its first start runs no code of the project.
    let base = service
        .image()?
        .target
        .and_then(|stage| service.image()?.base_image(stage));
    if base.is_some_and(|base| images::kind_of(base).is_some()) {
        return None;
    }
    let process = service
        .processes()
        .iter()
        .find(|process| code_origin::starts_from_sources(service, process))?;
    let code: Vec<&Part> = bringing::parts_read_by(service, process)
        .into_iter()
        .filter(|part| part.census.interpreted() > 0)
        .collect();
    // When it is not known what became of the code itself, a helper script beside it is not the
    // matter.
    if code.first()?.baked.worked_on {
        return None;
    }
    let parts: Vec<&Part> = code.into_iter().filter(|part| part.is_code()).collect();
    // One part that arrives shows that somebody has thought of it: what is missing then is another
    // matter.
    let is_watched = !service.spec().watch.is_empty();
    let is_partly = |part: &Part| {
        !is_watched
            && matches!(part.arrival, Arrival::PartlyMounted(_))
            && !bringing::brings(service, part)
    };
    let baked = |part: &&Part| {
        matches!(part.arrival, Arrival::Baked | Arrival::MountedElsewhere(_)) || is_partly(part)
    };
    if !parts.iter().all(baked)
        || service
            .parts()
            .iter()
            .any(|part| part.is_code() && bringing::brings(service, part))
    {
        return None;
    }
    let part = parts.first()?;
    // A mount at the wrong place is a matter of its own.
    if matches!(part.arrival, Arrival::MountedElsewhere(_)) {
        return None;
    }
    let verdict = Verdict::of(service, &part.baked.host, &[LinkName::Arrives])?;
    let (host, container) = (project.written(&part.baked.host), &part.baked.container);
    let name = service.name();
    let message = format!(
        "`{name}` runs a copy of {host} that was baked into its image: an edit does not reach the container"
    );
    let span = build.origin.span.unwrap_or_else(|| service.spec().key());
    let mut finding = Diagnostic::new(ID, span, message)
        .note(format!("nothing mounts or syncs {host}"))
        .service(name);
    finding = finding.label(
        part.baked.from_context,
        format!("copied into the image here, to {container}"),
    );
    if part.baked.copy != part.baked.from_context {
        finding = finding.label(part.baked.copy, "and from that stage to here");
    }
    if !process.argv.is_empty() {
        finding = finding.label(
            process.written_at,
            format!("`{}` runs that copy", process.name()),
        );
    }
    let forms = DevForms::of(project);
    let form = forms
        .of_service(name)
        .filter(|form| !form.binds.is_empty())
        .map(DevForm::code_only);
    if form
        .as_ref()
        .is_some_and(|form| dev::is_settled(project, std::slice::from_ref(form)))
    {
        return None;
    }
    // The mount in the development override, with what makes the process notice: one without the
    // other is of little use.
    let fix =
        form.and_then(|form| dev::fix(project, &[form], format!("Mount {host} at {container}")));
    let how = if fix.is_some() {
        ": `composelint override --write` does it"
    } else {
        ""
    };
    let help = format!(
        "Mount {host} at {container} for development{how}. {}",
        verdict.until_then("each edit")
    );
    Some(finding.help(help).fix(fix).remedy(verdict.remedy()))
}
