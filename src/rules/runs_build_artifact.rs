//! Sources that are mounted into a container which runs what was built from them in the image.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::project::image::{Image, path};
use crate::project::intent::Intent;
use crate::project::knowledge::Language;
use crate::project::process::{Process, Reads};
use crate::project::reading::Maker;
use crate::project::sources::Census;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "runs-build-artifact";

/// Judges every service of a project that is no test: the mount is of no use in production either.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let is_test = project.intent().is_none_or(|intent| matches!(intent.intent, Intent::Test | Intent::Ci));
    for service in project.services().filter(|service| !is_test && service.is_developed()) {
        findings.extend(service.processes().iter().find_map(|process| judge(project, service, process)));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let Reads::Artifact(artifact) = &process.reads else { return None };
    let image = service.image()?;
    if service.maker(process) != Some(Maker::Image) || is_watched(service) {
        return None;
    }
    let (made, inputs) = inputs(service, image, process);
    let files = project.workspace().files();
    let mounted = service.code_mounts().into_iter().find_map(|(at, host)| {
        let is_input = inputs.iter().any(|input| host.starts_with(input) || input.starts_with(&host));
        // Scripts, templates and migrations beside the program are read as they are.
        let census = Census::of(files, &host, &|_, _| false);
        let is_compiled = census.main().is_some_and(|language| match language {
            Language::JavaScript => process.language() == Some(language) && holds_entry(project, &host, artifact),
            _ => process.language() == Some(language) || census.interpreted() < census.number_of(language),
        });
        (is_input && is_compiled).then_some((at, host))
    });
    let (at, host) = mounted?;
    let mount = &service.spec().mounts[at];
    let (name, program, host) = (service.name(), process.name(), project.written(&host));
    let message = format!("`{name}` mounts {host}, but runs {artifact}, which was built in its image: an edit changes nothing");
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message).note("nothing compiles these").service(name);
    finding = finding.label(made?, format!("{artifact} comes from here"));
    if !process.argv.is_empty() {
        finding = finding.label(process.written_at, format!("`{program}` is what runs"));
    }
    if project.intent().is_some_and(|intent| intent.intent == Intent::Production) {
        return Some(finding.help("Take the mount out: what runs here comes from the image alone"));
    }
    let help = format!(
        "For development build a stage with the tools and let a watcher compile and start the sources; \
         until then each edit needs `docker compose up -d --build {name}`, and the mount is of no use"
    );
    Some(finding.help(help))
}

/// Whether a directory holds the source of what runs: `src/main.ts` for `dist/main.js`.
fn holds_entry(project: &Project<'_>, host: &Path, artifact: &str) -> bool {
    let stem = path::name(artifact).split('.').next().unwrap_or_default().to_owned();
    let is_entry = |file: &PathBuf| file.file_stem().is_some_and(|name| name.to_str() == Some(&stem));
    // A bundle in a directory of its own, such as `.next`, has no file that it is named after.
    stem.is_empty() || !path::name(artifact).contains('.') || project.workspace().files().walk(host).iter().any(is_entry)
}

/// Whether a watch trigger builds or compiles on an edit.
fn is_watched(service: Service<'_>) -> bool {
    !service.spec().watch.is_empty()
}

/// What made the artefact, and which files of the host it was made from.
fn inputs(service: Service<'_>, image: &Image, process: &Process) -> (Option<Span>, Vec<PathBuf>) {
    match service.compiled_artefact(process) {
        Some(artefact) => (Some(artefact.copy), artefact.inputs.iter().map(|input| input.host.clone()).collect()),
        None => {
            let made = image.target.and_then(|stage| image.builds_in(stage).last()).map(|command| command.span);
            (made, image.baked().iter().map(|baked| baked.host.clone()).collect())
        }
    }
}
