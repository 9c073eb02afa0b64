//! Several containers that build into one directory of the host, each over what the others built.

use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::image::path;
use crate::process::Process;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "build-output-shared";

/// A container that builds into a mount.
struct Writer<'p> {
    service: Service<'p>,
    process: &'p Process,
    mount: usize,
    /// What it writes, on the host.
    output: PathBuf,
}

/// Compares the services of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let writers: Vec<Writer<'_>> = project
        .developed_services()
        .flat_map(|service| {
            service
                .processes()
                .iter()
                .filter_map(move |process| writer(service, process))
        })
        .collect();
    for writer in &writers {
        let others: Vec<&Writer<'_>> = writers
            .iter()
            .filter(|other| {
                other.output == writer.output
                    && other.service.name() != writer.service.name()
                    && other.service.spec().runs_beside(writer.service.spec())
            })
            .collect();
        if !others.is_empty() && findings.is_new(&writer.output) {
            findings.extend(report(project, writer, &others));
        }
    }
}

fn writer<'p>(service: Service<'p>, process: &'p Process) -> Option<Writer<'p>> {
    let output = output(process)?;
    let seen = mounts::shown(service, &path::join(&process.cwd, &output))?;
    Some(Writer {
        service,
        process,
        mount: seen.mount,
        output: seen.host,
    })
}

/// The program that a watcher compiles again and again, where its command says so:
/// `go build -o main`.
fn output(process: &Process) -> Option<String> {
    let words = process.words();
    let line = words
        .iter()
        .find(|word| word.contains("go build") && word.contains(" -o "))?;
    let mut parts = line.split_whitespace().skip_while(|part| *part != "-o");
    parts.next();
    let output = parts.next()?.trim_matches(['"', '\'']);
    (!output.contains('$')).then(|| output.to_owned())
}

fn report(project: &Project<'_>, first: &Writer<'_>, others: &[&Writer<'_>]) -> Option<Diagnostic> {
    let names: Vec<String> = others
        .iter()
        .map(|other| format!("`{}`", other.service.name()))
        .collect();
    let (name, output) = (first.service.name(), project.written(&first.output));
    let message = format!(
        "`{name}` and {} all build {output} in one mounted directory: a container may run what another one built",
        names.join(", ")
    );
    let span = |writer: &Writer<'_>| writer.service.mounts()[writer.mount].origin.span;
    let mut finding = Diagnostic::new(ID, span(first)?, message)
        .note("builds go through here to the host")
        .service(name);
    finding = finding.label(first.process.written_at, "written here");
    for other in others {
        if let Some(span) = span(other) {
            finding = finding.label(span, format!("`{}` mounts the same", other.service.name()));
        }
        finding = finding.label(other.process.written_at, "and here");
    }
    Some(
        finding.help(
            "Let each build write outside of the mount, `-o /tmp/main` for one, and start that",
        ),
    )
}
