//! Directories with sources that are copied before an install that reads no more than their
//! manifests.

use crate::cache;
use crate::cache::LateMembers;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::{Action, Image};
use crate::project::Project;
use crate::rules::{Findings, of_image};
use crate::text::Span;

const ID: &str = "install-reruns-for-source-only-change";

/// Judges the stages of every image.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        for late in cache::late_members(project, image) {
            findings.push(report(project, image, &late));
        }
    }
}

fn report(project: &Project<'_>, image: &Image, late: &LateMembers<'_>) -> Diagnostic {
    let source = &image.dockerfile.tree.source;
    let command: Vec<&str> = source
        .slice(late.install.command)
        .split_whitespace()
        .collect();
    let directories: Vec<String> = late
        .copies
        .iter()
        .map(|copy| format!("`{}`", copy.copied.sources[0].path))
        .collect();
    let place = match directories.as_slice() {
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [one, rest @ ..] => format!("{one} or {} others", rest.len()),
        [] => String::new(),
    };
    let shown: String = command.join(" ").chars().take(60).collect();
    let message =
        format!("`{shown}` runs again after every edit in {place}, though it reads no sources");
    let mut finding = Diagnostic::new(ID, late.install.command, message)
        .note("runs again when anything above has changed");
    for copy in &late.copies {
        finding = finding.label(
            copy.step.span,
            "brings sources in, so every edit changes it",
        );
    }
    finding = of_image(project, image, finding);
    let help = if late.copies.iter().any(|copy| !copy.manifests.is_empty()) {
        "Copy the manifests of these directories first, install, then copy the directories"
    } else {
        "Install first, then copy these directories"
    };
    finding.help(help).fix(fix(image, late))
}

fn fix(image: &Image, late: &LateMembers<'_>) -> Option<Fix> {
    if !late.is_movable {
        return None;
    }
    let source = &image.dockerfile.tree.source;
    let newline = if source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut edits = Vec::new();
    let mut moved = String::new();
    for copy in &late.copies {
        let copies = cache::manifest_copies(image, copy.step, copy.copied, &copy.manifests);
        edits.push(if copies.is_empty() {
            Edit::delete(whole_lines(image, copy.step.span))
        } else {
            Edit::replace(copy.step.span, copies.join(newline))
        });
        moved.push_str(newline);
        moved.push_str(source.slice(copy.step.span));
    }
    let run = image.stages.iter().flat_map(|stage| &stage.steps).find(
        |step| matches!(&step.action, Action::Run(run) if run.installs.iter().any(|install| install.command == late.install.command)),
    )?;
    edits.push(Edit {
        span: run.span.after(),
        text: moved,
    });
    Some(Fix {
        title: "Install first, then copy the sources".to_owned(),
        safety: Safety::Unsafe,
        edits,
    })
}

/// The instruction with the indentation before it and its line end.
fn whole_lines(image: &Image, span: Span) -> Span {
    let lines = image.dockerfile.tree.source.lines();
    Span::new(
        span.file,
        lines.start(lines.line(span.start)),
        lines.end(lines.line(span.end)),
    )
}
