//! A manifest that is copied for an install, and once more with everything else.

use crate::diagnostic::Diagnostic;
use crate::image::{Action, Copied, CopyFrom, Install, SourceKind, Step, path};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "manifest-copied-twice";

/// Looks at every COPY with an install behind it.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for stage in project.images().iter().flat_map(|image| &image.stages) {
        for (first, second) in stage.steps.iter().zip(stage.steps.iter().skip(1)) {
            if let Some(finding) = judge(first, second, &stage.steps)
                && findings.is_new(finding.span)
            {
                findings.push(finding);
            }
        }
    }
}

fn judge(first: &Step, second: &Step, steps: &[Step]) -> Option<Diagnostic> {
    let (Action::Copy(copied), Action::Run(run)) = (&first.action, &second.action) else {
        return None;
    };
    let [install] = run.installs.as_slice() else {
        return None;
    };
    let destination = copied.destination.as_deref()?.trim_end_matches('/');
    let is_for_it = copied.from == CopyFrom::Context
        && install.directory.as_deref() == Some(destination)
        && names_manifests(copied, install);
    // An install that makes a file needs a place to make it; one that needs sources needs more than
    // these.
    if !is_for_it
        || !run.others.is_empty()
        || !install.understood
        || install.needs_sources.is_some()
        || copied.chown.is_some()
    {
        return None;
    }
    let again = steps
        .iter()
        .skip_while(|step| step.span != second.span)
        .find(|step| match &step.action {
            Action::Copy(again) => {
                again.from == CopyFrom::Context
                    && again
                        .destination
                        .as_deref()
                        .map(|to| to.trim_end_matches('/'))
                        == Some(destination)
                    && again
                        .sources
                        .iter()
                        .any(|source| source.kind == SourceKind::Everything)
            }
            _ => false,
        })?;
    let names: Vec<String> = copied
        .sources
        .iter()
        .map(|source| format!("`{}`", source.text))
        .collect();
    let message = format!(
        "this brings {} for the install, and a later COPY brings all of it again",
        names.join(", ")
    );
    let mounts: Vec<String> = copied
        .sources
        .iter()
        .map(|source| {
            format!(
                "--mount=type=bind,source={0},target={0}",
                source.text.trim_start_matches("./")
            )
        })
        .collect();
    let finding = Diagnostic::new(ID, first.span, message).label(again.span, "copied again");
    Some(finding.help(format!(
        "Mount them for that one step instead: `RUN {} …`",
        mounts.join(" ")
    )))
}

/// Whether all that is copied are files that the install reads.
fn names_manifests(copied: &Copied, install: &Install) -> bool {
    let reads = |name: &str| {
        install
            .manifests
            .iter()
            .flat_map(|manifest| manifest.path.split('|'))
            .any(|manifest| manifest == name)
    };
    copied.sources.iter().all(|source| {
        source.kind == SourceKind::File
            && !source.path.contains('/')
            && reads(path::name(&source.path))
    }) && !copied.sources.is_empty()
        && copied.heredocs.is_empty()
}
