//! A manifest that is copied alone, so that the install does not see the lock file.

use crate::cache;
use crate::cache::Unlocked;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::{Action, Image, SourceKind, path};
use crate::project::Project;
use crate::rules::{Findings, of_image};

const ID: &str = "manifest-copied-without-lock";

/// Judges the installs of every image.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        for unlocked in cache::unlocked(project, image) {
            findings.push(report(project, image, &unlocked));
        }
    }
}

fn report(project: &Project<'_>, image: &Image, unlocked: &Unlocked<'_>) -> Diagnostic {
    let source = &image.dockerfile.tree.source;
    let name = path::name(&unlocked.lock);
    let command = source
        .slice(unlocked.install.command)
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    let message = format!(
        "`{command}` does not see `{}`: it may install other versions than the ones that are locked",
        unlocked.lock
    );
    let mut finding =
        Diagnostic::new(ID, unlocked.install.command, message).note(format!("finds no `{name}`"));
    if let Some((copy, _)) = unlocked.copy {
        finding = finding.label(copy.span, "copies the manifest alone");
    }
    finding = of_image(project, image, finding);
    finding
        .help(format!("Copy `{}` as well", unlocked.lock))
        .fix(fix(image, unlocked))
}

/// The lock file beside the manifest in the same COPY, or in one of its own when that names a file.
fn fix(image: &Image, unlocked: &Unlocked<'_>) -> Option<Fix> {
    let (copy, index) = unlocked.copy?;
    let Action::Copy(copied) = &copy.action else {
        return None;
    };
    let source = &image.dockerfile.tree.source;
    let lock = unlocked.lock.as_str();
    let written = &copied.sources[index];
    let arrives =
        copied.into_directory && copied.destination.as_deref() == Some(unlocked.directory.as_str());
    let is_plain = !lock.contains([' ', '*', '?', '[', '$', '\\', '"'])
        && matches!(written.kind, SourceKind::File | SourceKind::Glob(_));
    if !arrives || !is_plain {
        return None;
    }
    // As the manifest is written: `./package.json`, or in the JSON form with quotes.
    let text = source.slice(written.span);
    let lead = if text.trim_start_matches('"').starts_with("./") {
        "./"
    } else {
        ""
    };
    let added = if text.starts_with('"') {
        format!(", \"{lead}{lock}\"")
    } else {
        format!(" {lead}{lock}")
    };
    Some(Fix {
        title: format!("Copy `{lock}` with the manifest"),
        safety: Safety::Safe,
        edits: vec![Edit {
            span: written.span.after(),
            text: added,
        }],
    })
}
