//! Sources that are mounted into a container which runs what was built from them in the image.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::image::{Image, path};
use crate::knowledge::{Family, Language};
use crate::links::LinkName;
use crate::links::code_origin::{self, Maker};
use crate::links::verdict::Verdict;
use crate::process::{Process, Reads};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::purpose::Intent;
use crate::project::{Project, Service};
use crate::repository::sources::Census;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "runs-build-artifact";

/// Judges every service of a project that is no test: the mount is of no use in production either.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let is_test = project
        .intent()
        .is_none_or(|intent| matches!(intent.intent, Intent::Test | Intent::Ci));
    for service in project
        .services()
        .filter(|service| !is_test && service.is_developed())
    {
        let told = service.processes().iter().find_map(|process| {
            judge(project, service, process).or_else(|| judge_pages(project, service, process))
        });
        findings.extend(told);
    }
}

/// A web server that serves the pages which were built in its image, while their sources are
/// mounted where it does not look.
fn judge_pages(
    project: &Project<'_>,
    service: Service<'_>,
    process: &Process,
) -> Option<Diagnostic> {
    process
        .program
        .filter(|program| program.family == Family::Static)?;
    let image = service.image()?;
    // In production the pages are to come from the image.
    let is_production = project
        .intent()
        .is_some_and(|intent| intent.intent == Intent::Production);
    if is_production || is_watched(service) || at_start::makes_files(service) {
        return None;
    }
    let files = project.workspace().files();
    // A server may be told to look elsewhere: by its words, or by a configuration that lies in the
    // image.
    let texts: Vec<String> = image
        .baked()
        .iter()
        .filter(|baked| !baked.is_directory)
        .filter_map(|baked| {
            Some(
                project
                    .workspace()
                    .read(&baked.host)
                    .ok()?
                    .text()
                    .to_owned(),
            )
        })
        .collect();
    let is_named = |target: &str| {
        texts.iter().any(|text| text.contains(target))
            || process.words().iter().any(|word| word.contains(target))
    };
    let pages = image
        .artefacts()
        .iter()
        .filter(|made| !made.is_dependencies);
    let pages = pages.filter_map(|made| Some((made, made.container.as_deref()?)));
    let (mount, host, made, container) = pages.into_iter().find_map(|(made, container)| {
        let found = mounts::of_code(service).into_iter().find(|(at, host)| {
            let target = service.mounts()[*at].target.as_str();
            let is_input = made
                .inputs
                .iter()
                .any(|input| host.starts_with(&input.host) || input.host.starts_with(host));
            let is_apart = path::below(container, target).is_none()
                && path::below(target, container).is_none();
            let is_source =
                Census::of(files, host, &|_, _| false).main() == Some(Language::JavaScript);
            is_input && is_apart && is_source && !is_named(target)
        });
        found.map(|(at, host)| (&service.mounts()[at], host, made, container))
    })?;
    // What else is mounted may well be the pages, built on the host.
    let is_covered = service
        .mounts()
        .iter()
        .any(|other| path::below(container, &other.target).is_some());
    if is_covered {
        return None;
    }
    let links = [LinkName::Arrives, LinkName::Read];
    let verdict = Verdict::of(service, &host, &links)?;
    let (name, program, host) = (service.name(), process.name(), project.written(&host));
    let message = format!(
        "`{name}` mounts {host}, but `{program}` serves {container}, which was built in its image: an edit changes nothing"
    );
    let finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("nothing builds these")
        .service(name);
    let finding = finding.label(made.copy, format!("{container} comes from here"));
    let help = format!(
        "For development run the server of the framework in a stage with the sources, such as the one that builds the pages. {}",
        verdict.until_then("each edit")
    );
    Some(finding.help(help).remedy(verdict.remedy()))
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let Reads::Artifact(artifact) = &process.reads else {
        return None;
    };
    let image = service.image()?;
    if code_origin::maker(service, process) != Some(Maker::Image) || is_watched(service) {
        return None;
    }
    let (made, inputs) = inputs(service, image, process);
    let files = project.workspace().files();
    let mounted = mounts::of_code(service).into_iter().find_map(|(at, host)| {
        let is_input = inputs
            .iter()
            .any(|input| host.starts_with(input) || input.starts_with(&host));
        // Scripts, templates and migrations beside the program are read as they are.
        let census = Census::of(files, &host, &|_, _| false);
        let is_compiled = census.main().is_some_and(|language| match language {
            Language::JavaScript => {
                process.language() == Some(language) && holds_entry(project, &host, artifact)
            }
            _ => {
                process.language() == Some(language)
                    || census.interpreted() < census.number_of(language)
            }
        });
        (is_input && is_compiled).then_some((at, host))
    });
    let (at, host) = mounted?;
    let mount = &service.mounts()[at];
    let links = [LinkName::Arrives, LinkName::Read];
    let verdict = Verdict::of(service, &host, &links)?;
    let (name, program, host) = (service.name(), process.name(), project.written(&host));
    let message = format!(
        "`{name}` mounts {host}, but runs {artifact}, which was built in its image: an edit changes nothing"
    );
    let mut finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note("nothing compiles these")
        .service(name);
    finding = finding.label(made?, format!("{artifact} comes from here"));
    if !process.argv.is_empty() {
        finding = finding.label(process.written_at, format!("`{program}` is what runs"));
    }
    if project
        .intent()
        .is_some_and(|intent| intent.intent == Intent::Production)
    {
        let help = "Remove the mount: what runs here comes from the image alone";
        return Some(finding.help(help).remedy(verdict.remedy()));
    }
    let help = format!(
        "For development build a stage with the tools and let a watcher compile and start the sources. {}",
        verdict.until_then("each edit")
    );
    Some(finding.help(help).remedy(verdict.remedy()))
}

/// Whether a directory holds the source of what runs: `src/main.ts` for `dist/main.js`.
fn holds_entry(project: &Project<'_>, host: &Path, artifact: &str) -> bool {
    let stem = path::name(artifact)
        .split('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    let is_entry = |file: &PathBuf| {
        file.file_stem()
            .is_some_and(|name| name.to_str() == Some(&stem))
    };
    // A bundle in a directory of its own, such as `.next`, has no file that it is named after.
    stem.is_empty()
        || !path::name(artifact).contains('.')
        || project.workspace().files().walk(host).iter().any(is_entry)
}

/// Whether a watch trigger builds or compiles on an edit.
fn is_watched(service: Service<'_>) -> bool {
    !service.spec().watch.is_empty()
}

/// What made the artefact, and which files of the host it was made from.
fn inputs(service: Service<'_>, image: &Image, process: &Process) -> (Option<Span>, Vec<PathBuf>) {
    match code_origin::compiled_artefact(service, process) {
        Some(artefact) => (
            Some(artefact.copy),
            artefact
                .inputs
                .iter()
                .map(|input| input.host.clone())
                .collect(),
        ),
        None => {
            let made = image
                .target
                .and_then(|stage| code_origin::builds_in(image, stage).last())
                .map(|command| command.span);
            (
                made,
                image
                    .baked()
                    .iter()
                    .map(|baked| baked.host.clone())
                    .collect(),
            )
        }
    }
}
