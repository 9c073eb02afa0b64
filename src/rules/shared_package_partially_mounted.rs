//! A directory of code that several images hold a copy of, mounted in some of their services only.

use std::collections::BTreeMap;
use std::path::Path;

use crate::dev;
use crate::dev::{DevForm, DevForms};
use crate::diagnostic::Diagnostic;
use crate::project::filesystem::{Arrival, Part};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "shared-package-partially-mounted";

/// A service with its copy of a directory.
struct Holder<'p> {
    service: Service<'p>,
    part: &'p Part,
}

/// Compares the services of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let built = || {
        project
            .developed_services()
            .filter(|service| service.spec().build.is_some())
    };
    let holders: Vec<Holder<'_>> = built()
        .flat_map(|service| {
            service
                .parts()
                .iter()
                .filter(|part| part.is_code() && part.baked.is_directory)
                .map(move |part| Holder { service, part })
        })
        .collect();
    let mut by_host: BTreeMap<&Path, Vec<&Holder<'_>>> = BTreeMap::new();
    for holder in &holders {
        by_host
            .entry(holder.part.baked.host.as_path())
            .or_default()
            .push(holder);
    }
    for (host, same) in by_host {
        let Some(mounted) = same
            .iter()
            .find(|other| matches!(other.part.arrival, Arrival::Mounted(_)))
        else {
            continue;
        };
        // A service without any mount of its code lacks more than this.
        let is_lacking = |other: &&Holder<'_>| {
            other.part.arrival == Arrival::Baked && has_other_code(other, host)
        };
        let lacking: Vec<&Holder<'_>> = same.iter().copied().filter(is_lacking).collect();
        if !lacking.is_empty() {
            findings.extend(report(project, mounted, &lacking));
        }
    }
}

fn has_other_code(holder: &Holder<'_>, host: &Path) -> bool {
    holder
        .service
        .parts()
        .iter()
        .any(|part| part.is_code() && part.baked.host != host && part.arrival.arrives())
}

fn report(
    project: &Project<'_>,
    mounted: &Holder<'_>,
    lacking: &[&Holder<'_>],
) -> Option<Diagnostic> {
    let first = lacking.first()?;
    let Arrival::Mounted(at) = mounted.part.arrival else {
        return None;
    };
    let (name, other, host) = (
        first.service.name(),
        mounted.service.name(),
        project.written(&first.part.baked.host),
    );
    let message = match lacking.len() {
        1 => format!(
            "`{name}` runs the copy of {host} in its image, while `{other}` sees edits of it"
        ),
        many => format!(
            "`{name}` and {} more run the copy of {host} in their images, while `{other}` sees edits of it",
            many - 1
        ),
    };
    let span = |holder: &Holder<'_>| {
        holder
            .service
            .mounts()
            .iter()
            .find_map(|mount| mount.origin.span)
            .unwrap_or_else(|| holder.service.spec().key())
    };
    let mut finding = Diagnostic::new(ID, span(first), message)
        .note(format!("nothing mounts {host}"))
        .service(name);
    finding = finding.label(first.part.baked.from_context, "copied into the image here");
    finding = finding.label(
        mounted.service.mounts()[at].origin.span?,
        format!("`{other}` mounts it here"),
    );
    for lacks in &lacking[1..] {
        finding = finding.label(
            span(lacks),
            format!("`{}` does not either", lacks.service.name()),
        );
    }
    let container = &first.part.baked.container;
    let forms = DevForms::of(project);
    let form = |lacks: &&Holder<'_>| {
        let form = forms.of_service(lacks.service.name())?;
        let binds: Vec<_> = form
            .binds
            .iter()
            .filter(|bind| bind.value.host == host)
            .cloned()
            .collect();
        (!binds.is_empty()).then(|| DevForm {
            service: form.service.clone(),
            binds,
            ..DevForm::default()
        })
    };
    let forms: Vec<DevForm> = lacking.iter().filter_map(form).collect();
    let fix = if forms.is_empty() {
        None
    } else {
        dev::fix(project, &forms, format!("Mount {host} there as well"))
    };
    Some(
        finding
            .help(format!("Mount it there as well: `- {host}:{container}`"))
            .fix(fix),
    )
}
