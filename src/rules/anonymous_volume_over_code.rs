//! A volume without a name over code of the image: each new container takes it over from the one
//! before.

use crate::compose::{MountKind, Via};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::links::LinkName;
use crate::links::verdict::Verdict;
use crate::project::at_start;
use crate::project::filesystem::{Arrival, Part};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "anonymous-volume-over-code";

/// Judges the services of a project that may be for development, and the VOLUMEs of their images.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .developed_services()
        .filter(|service| !at_start::makes_files(*service))
    {
        let code = service
            .parts()
            .iter()
            .filter(|part| part.baked.is_directory && !part.census.is_empty());
        for part in code {
            let Some((span, in_image)) = volume_over(service, part) else {
                continue;
            };
            if findings.is_new(span) {
                findings.push(report(project, service, part, span, in_image));
            }
        }
    }
}

/// The volume over a copy of code, and whether the image declares it.
fn volume_over(service: Service<'_>, part: &Part) -> Option<(Span, bool)> {
    let Arrival::Hidden(at) = part.arrival else {
        return None;
    };
    let mount = &service.mounts()[at];
    let is_anonymous = mount.kind == MountKind::AnonymousVolume && mount.target.origin.is_fixed();
    let span = mount.origin.span.filter(|_| is_anonymous)?;
    Some((span, mount.via == Via::ImageVolume))
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    part: &Part,
    span: Span,
    in_image: bool,
) -> Diagnostic {
    let verdict = Verdict::of(service, &part.baked.host, &[LinkName::Visible]);
    let until = verdict.as_ref().map_or_else(String::new, |verdict| {
        format!(". {}", verdict.until_then("each edit"))
    });
    let (name, host) = (service.name(), project.written(&part.baked.host));
    let message = format!(
        "`{name}` keeps {host} in a volume without a name: a new container gets the code of the one before, not that of a new image"
    );
    let mut finding = Diagnostic::new(ID, span, message)
        .note(format!("over {}", part.baked.container))
        .service(name);
    finding = finding.label(
        part.baked.from_context,
        format!("the code is copied to {} here", part.baked.container),
    );
    let fix = match in_image {
        true => None,
        false => project.yaml_of(span).tree.item_at(span).and_then(|item| {
            Fix::of(
                "Take the volume out",
                Safety::Unsafe,
                edit::remove_item(item),
            )
        }),
    };
    let help = match in_image {
        true => {
            format!("Take VOLUME out of the Dockerfile, or name a directory without code{until}")
        }
        false => format!("Take the volume out{until}"),
    };
    let finding = finding.help(help).fix(fix);
    match verdict {
        Some(verdict) => finding.remedy(verdict.remedy()),
        None => finding,
    }
}
