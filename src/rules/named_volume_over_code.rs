//! A named volume over code that the image holds: it was filled once, and stays as it is whatever
//! is built.

use crate::compose::{Mount, MountKind};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::path;
use crate::links::LinkName;
use crate::links::code_origin::{self, Maker};
use crate::links::verdict::Verdict;
use crate::project::at_start;
use crate::project::filesystem::{Arrival, Part};
use crate::project::mounts;
use crate::project::purpose::Intent;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "named-volume-over-code";

/// A volume over code.
struct Over<'p> {
    service: Service<'p>,
    part: &'p Part,
    mount: &'p Mount,
    volume: &'p str,
}

/// Judges the volumes of all services, in production as well: a release does not replace the code
/// there.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    // Tests and pipelines begin with empty volumes.
    if project
        .intent()
        .is_some_and(|intent| matches!(intent.intent, Intent::Test | Intent::Ci))
    {
        return;
    }
    let all: Vec<Over<'_>> = project.services().filter_map(over).collect();
    for found in &all {
        if findings.is_new(found.volume) {
            findings.extend(report(project, found, &all));
        }
    }
    for service in project.services() {
        for built in over_output(project, service) {
            if findings.is_new(built.volume) {
                findings.extend(report_output(project, service, &built));
            }
        }
    }
}

/// A volume over what the build of the image made.
struct OverOutput<'p> {
    mount: &'p Mount,
    volume: &'p str,
    /// Where it was made.
    made: String,
    /// The RUN that made it, or the COPY that brought it from another stage.
    by: Span,
}

fn over_output<'p>(project: &Project<'_>, service: Service<'p>) -> Vec<OverOutput<'p>> {
    let Some((image, stage)) = service
        .image()
        .and_then(|image| Some((image, image.target?)))
    else {
        return Vec::new();
    };
    let mounts = service
        .mounts()
        .iter()
        .filter(|mount| mount.kind == MountKind::Volume);
    let named: Vec<(&Mount, &str)> = mounts
        .filter_map(|mount| {
            Some((
                mount,
                mount
                    .source
                    .as_ref()
                    .filter(|source| source.origin.is_fixed())?
                    .as_str(),
            ))
        })
        .collect();
    // The program of the base image makes nothing of the project.
    let runs_base = service.spec().command.is_none()
        && service.spec().entrypoint.is_none()
        && image.config().is_some_and(|config| {
            config.cmd.invocation().is_none() && config.entrypoint.invocation().is_none()
        });
    let compiles = service.processes().iter().any(|process| {
        matches!(
            code_origin::maker(service, process),
            Some(Maker::Watcher(_) | Maker::Start(_))
        )
    });
    if named.is_empty() || compiles || !runs_base && at_start::makes_files(service) {
        return Vec::new();
    }
    let brought = image
        .artefacts()
        .iter()
        .filter(|artefact| !artefact.is_dependencies);
    let brought = brought.filter_map(|artefact| Some((artefact.container.clone()?, artefact.copy)));
    let made: Vec<(String, Span)> = project
        .stage_makes(image, stage)
        .into_iter()
        .chain(brought)
        .collect();
    let over = |(mount, volume): (&'p Mount, &'p str)| {
        let (made, by) = made.iter().rfind(|(made, _)| {
            path::name(made) != "node_modules" && path::below(made, &mount.target).is_some()
        })?;
        Some(OverOutput {
            mount,
            volume,
            made: made.clone(),
            by: *by,
        })
    };
    named.into_iter().filter_map(over).collect()
}

fn report_output(
    project: &Project<'_>,
    service: Service<'_>,
    built: &OverOutput<'_>,
) -> Option<Diagnostic> {
    let (name, volume) = (service.name(), built.volume);
    let message = format!(
        "`{name}` keeps {}, which its image built, in the volume `{volume}`: it stays that of the first image",
        built.made
    );
    let mut finding = Diagnostic::new(ID, built.mount.origin.span?, message)
        .note("filled once, when the volume was made")
        .service(name);
    finding = finding.label(built.by, "no build that comes later gets there");
    for (user, other) in mounts::users_of_volume(project, volume)
        .into_iter()
        .filter(|(user, _)| user.name.value != name)
    {
        if let Some(span) = other.origin.span {
            finding = finding.label(
                span,
                format!("`{}` sees the same old files", user.name.as_str()),
            );
        }
    }
    let help = format!(
        "Copy them into the volume at each start, or let the image that serves them hold them: `COPY --from` of that stage. Until then \
         `{volume}` must be removed for each release"
    );
    Some(finding.help(help))
}

fn over(service: Service<'_>) -> Option<Over<'_>> {
    if at_start::makes_files(service) {
        return None;
    }
    let kept = service
        .parts()
        .iter()
        .filter(|part| part.baked.is_directory && !part.census.is_empty())
        .find_map(|part| {
            let Arrival::Hidden(at) = part.arrival else {
                return None;
            };
            let mount = &service.mounts()[at];
            let volume = mount
                .source
                .as_ref()
                .filter(|source| mount.kind == MountKind::Volume && source.origin.is_fixed())?;
            Some((part, mount, volume.as_str()))
        });
    let (part, mount, volume) = kept?;
    Some(Over {
        service,
        part,
        mount,
        volume,
    })
}

fn report(project: &Project<'_>, found: &Over<'_>, all: &[Over<'_>]) -> Option<Diagnostic> {
    let Over {
        service,
        part,
        mount,
        volume,
    } = *found;
    let (name, target) = (service.name(), mount.target.as_str());
    let message = format!(
        "`{name}` runs the code in the volume `{volume}`, which keeps that of the first image: no build replaces it"
    );
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("filled once, when the volume was made")
        .service(name);
    finding = finding.label(
        part.baked.from_context,
        format!("the code is copied to {} here", part.baked.container),
    );
    for other in all
        .iter()
        .filter(|other| other.volume == volume && other.service.name() != name)
    {
        if let Some(span) = other.mount.origin.span.filter(|span| *span != finding.span) {
            finding = finding.label(span, format!("`{}` runs it as well", other.service.name()));
        }
    }
    for (user, other) in mounts::users_of_volume(project, volume) {
        let is_known = all
            .iter()
            .any(|over| over.service.name() == user.name.value);
        if let Some(span) = other.origin.span.filter(|_| !is_known) {
            finding = finding.label(
                span,
                format!("`{}` sees the same old files", user.name.as_str()),
            );
        }
    }
    let host = project.written(&part.baked.host);
    let verdict = Verdict::of(found.service, &part.baked.host, &[LinkName::Visible]);
    let until = verdict.as_ref().map_or_else(String::new, |verdict| {
        format!(". {}", verdict.until_then("each edit"))
    });
    let help = match project.may_be_development() {
        true => {
            format!(
                "For development mount the directory itself, `{host}:{target}`{until} (this deletes the data of the volume)"
            )
        }
        false => format!(
            "Keep only data in volumes: mount `{volume}` at a directory without code. Until then the volume must be removed for each release"
        ),
    };
    let finding = finding.help(help).fix(fix(project, found));
    Some(match verdict {
        Some(verdict) => finding.remedy(verdict.remedy()),
        None => finding,
    })
}

/// The directory of the host in the place of the volume, where it is exactly what the volume was
/// filled from.
fn fix(project: &Project<'_>, found: &Over<'_>) -> Option<Fix> {
    let is_same = found.part.baked.container.trim_end_matches('/')
        == found.mount.target.value.trim_end_matches('/');
    let span = found
        .mount
        .source
        .as_ref()?
        .span()
        .filter(|_| is_same && project.may_be_development())?;
    let sources = project.workspace().sources();
    if sources.get(span.file).slice(span) != found.volume {
        return None;
    }
    // The long form says `type: volume` on another line.
    let whole = found.mount.origin.span?;
    let is_short = !sources.get(whole.file).slice(whole).contains('\n');
    let host = project.written(&found.part.baked.host);
    is_short.then(|| Fix {
        title: format!("Mount {host} there"),
        safety: Safety::Unsafe,
        edits: vec![Edit::replace(span, host)],
    })
}
