//! Images of one repository that copy all of it and are built from a part: an edit of any part
//! builds all of them again.

use crate::cache::dotnet_context::{BroadCopy, broad_copies};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "broad-copy-in-monorepo";

/// Names at most so many directories.
const MOST_NAMED: usize = 6;

/// Reports each context once, at the first image that copies it; the others are labelled.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut left = broad_copies(project);
    while !left.is_empty() {
        let context = left[0].image.context.directory.clone();
        let same: Vec<BroadCopy<'_>> = left
            .extract_if(.., |broad| broad.image.context.directory == context)
            .collect();
        findings.extend(report(project, &same));
    }
}

fn report(project: &Project<'_>, all: &[BroadCopy<'_>]) -> Option<Diagnostic> {
    let (first, others) = all.split_first()?;
    let service = project.users_of(first.image).next()?;
    let name = service.name();
    let copy = first.image.dockerfile.tree.source.slice(first.copy.span);
    let context = project.written(&first.image.context.directory);
    let whole = if context == "." {
        "the whole project".to_owned()
    } else {
        format!("all of `{context}`")
    };
    let message = format!(
        "`{copy}` takes {whole} into the build of `{name}`, which reads {} of its directories",
        first.reads.len()
    );
    let mut finding = Diagnostic::new(ID, first.copy.span, message)
        .note("an edit of any other directory builds it again")
        .service(name);
    finding = finding.label(first.command, "builds this, and what it refers to");
    for other in others
        .iter()
        .filter(|other| other.copy.span != first.copy.span)
    {
        let names: Vec<&str> = project
            .users_of(other.image)
            .map(|user| user.name())
            .collect();
        finding = finding.label(
            other.copy.span,
            format!("and so it is with `{}`", names.join("`, `")),
        );
    }
    let mut copies: Vec<String> = Vec::new();
    if !first.shared.is_empty() {
        copies.push(format!("COPY {} ./", first.shared.join(" ")));
    }
    copies.extend(
        first
            .reads
            .iter()
            .map(|directory| format!("COPY {directory} {directory}")),
    );
    let help = match copies.len() {
        ..=MOST_NAMED => format!("Copy what it reads: `{}`", copies.join("`, `")),
        count => format!(
            "Copy what it reads, in {count} lines: `{}`, …",
            copies[..MOST_NAMED].join("`, `")
        ),
    };
    Some(finding.help(help))
}
