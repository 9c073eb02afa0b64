//! A mount of the code at another path than the one that the process reads it from.

use crate::compose::Mount;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::LinkName;
use crate::links::bringing;
use crate::links::code_origin;
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::filesystem::{Arrival, Part};
use crate::project::packages;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "mount-target-mismatch";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .developed_services()
        .filter(|service| service.spec().build.is_some())
    {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let process = service
        .processes()
        .iter()
        .find(|process| code_origin::may_read_sources(process))?;
    let parts = bringing::parts_read_by(service, process);
    let part = parts.into_iter().find(|part| part.is_code())?;
    let Arrival::MountedElsewhere(at) = part.arrival else {
        return None;
    };
    let mount = &service.mounts()[at];
    if is_used(service, process, mount) {
        return None;
    }
    let verdict = Verdict::of(
        service,
        &part.baked.host,
        &[LinkName::Read, LinkName::Arrives],
    )?;
    let (name, target) = (service.name(), mount.target.as_str());
    let (host, container) = (project.written(&part.baked.host), &part.baked.container);
    let message = format!(
        "`{name}` mounts its code at {target}, but runs the copy that its image holds at {container}"
    );
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("nothing reads the files here")
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
    let help = format!(
        "Mount {host} at {container}. {}",
        verdict.until_then("each edit")
    );
    let fix = fix(project, service, part, mount);
    Some(finding.help(help).fix(fix).remedy(verdict.remedy()))
}

/// Whether something that the container is told names the place of the mount: a command, its
/// directory, a variable.
fn is_used(service: Service<'_>, process: &Process, mount: &Mount) -> bool {
    let target = mount.target.value.trim_end_matches('/');
    let spec = service.spec();
    let in_commands = service
        .processes()
        .iter()
        .any(|process| process.words().iter().any(|word| word.contains(target)));
    let in_side_effects = process
        .side_effects
        .iter()
        .any(|command| command.argv().iter().any(|word| word.contains(target)));
    let in_variables = spec
        .environment
        .iter()
        .filter_map(|entry| entry.value.as_ref())
        .any(|value| value.value.contains(target));
    let config = service.image().and_then(|image| image.config());
    let mut of_image = config.into_iter().flat_map(|config| &config.env);
    let in_image = of_image.any(|variable| {
        variable
            .value
            .as_deref()
            .is_none_or(|value| value.contains(target))
    });
    in_commands || in_side_effects || in_variables || in_image || process.cwd.starts_with(target)
}

/// The same mount at the other path; where packages lie under it, they stay the image's own.
fn fix(project: &Project<'_>, service: Service<'_>, part: &Part, mount: &Mount) -> Option<Fix> {
    let source = mount.source.as_ref()?;
    let is_whole =
        std::path::Path::new(&source.value) == part.baked.host && part.baked.is_directory;
    let span = mount
        .target
        .span()
        .filter(|_| is_whole && mount.target.origin.is_fixed())?;
    let sources = project.workspace().sources();
    let written = sources.get(span.file);
    let text = written.slice(span);
    if text != mount.target.value
        && text.trim_end_matches('/') != mount.target.value.trim_end_matches('/')
    {
        return None;
    }
    let container = part.baked.container.trim_end_matches('/');
    if container.is_empty() {
        return None;
    }
    let hides = packages::of(service)
        .iter()
        .any(|packages| crate::image::path::below(&packages.container, container).is_some());
    if hides {
        return None;
    }
    let title = format!("Mount {} at {container}", project.written(&part.baked.host));
    Some(Fix {
        title,
        safety: Safety::Safe,
        edits: vec![Edit::replace(span, container)],
    })
}
