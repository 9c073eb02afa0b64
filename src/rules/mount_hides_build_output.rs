//! A mount over what the image built, where the container runs just that.

use crate::diagnostic::Diagnostic;
use crate::image::{Image, path};
use crate::links::code_origin::{self, Maker};
use crate::process::{Process, Reads};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "mount-hides-build-output";

/// Judges every process of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for process in service.processes() {
            findings.extend(judge(project, service, process));
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let Reads::Artifact(artifact) = &process.reads else {
        return None;
    };
    let Some(Maker::Host(at)) = code_origin::maker(service, process) else {
        return None;
    };
    let files = project.workspace().files();
    let mount = &service.mounts()[at];
    let source = mounts::bind_source(mount)
        .filter(|source| project.owns(source) && files.is_directory(source))?;
    let seen = mounts::shown(service, artifact)?;
    let made = maker(service.image()?, artifact)?;
    // The output alone is mounted where it is built on the host.
    let is_sources =
        mounts::of_code(service).iter().any(|(code, _)| *code == at) && seen.host != source;
    let rest = seen.host.strip_prefix(source).ok()?;
    let output = source.join(rest.components().next()?);
    if !is_sources
        || files.exists(&seen.host)
        || files.exists(&output)
        || at_start::makes_files(service)
    {
        return None;
    }
    let (name, program) = (service.name(), process.name());
    let message = format!(
        "`{name}` mounts {} over {artifact}, which its image built and `{program}` runs",
        project.written(source)
    );
    let finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note(format!("there is no {}", project.written(&seen.host)));
    let finding = finding
        .label(made, "built here")
        .label(process.written_at, "run from here")
        .service(name);
    let help = format!(
        "For development run the sources with a reloader in the place of {artifact}; otherwise mount only what the build does not write, or keep it with a volume behind the mount, `- {}`",
        directory(artifact)
    );
    Some(finding.help(help))
}

/// The step that made it: a build in this stage, or the copy of what another one made.
fn maker(image: &Image, artifact: &str) -> Option<Span> {
    let covers = |made: &Option<String>| {
        made.as_deref()
            .is_some_and(|made| path::below(artifact, made).is_some())
    };
    let copied = image
        .artefacts()
        .iter()
        .rfind(|artefact| covers(&artefact.container))
        .map(|artefact| artefact.copy);
    copied.or_else(|| Some(code_origin::builds_in(image, image.target?).last()?.span))
}

fn directory(artifact: &str) -> &str {
    match artifact.rsplit_once('/') {
        Some((directory, name)) if name.contains('.') && !name.starts_with('.') => directory,
        _ => artifact,
    }
}
