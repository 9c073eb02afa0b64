//! An install of dependencies behind a copy of all sources, so that it runs again after every edit.

use crate::cache;
use crate::cache::ignore_candidates;
use crate::cache::{Before, LateInstall};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::{Image, SourceKind, path};
use crate::project::Project;
use crate::rules::{Findings, of_image};
use crate::text::{Source, Span};

const ID: &str = "copy-all-before-install";

/// Judges every image of the project, whatever the project is for: a build is slow everywhere.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        for late in cache::late_installs(project, image) {
            findings.push(report(project, image, &late));
        }
    }
}

fn report(project: &Project<'_>, image: &Image, late: &LateInstall<'_>) -> Diagnostic {
    let source = &image.dockerfile.tree.source;
    // The install of the manifests is what takes long; a tool beside it is not.
    let install = late
        .installs
        .iter()
        .find(|install| !install.manifests.is_empty())
        .unwrap_or(&late.installs[0]);
    let command = shorten(source.slice(install.command));
    let copy = shorten(source.slice(late.copy.span));
    let message = match &late.before {
        Some(before) => format!(
            "`{command}` {} again after every edit{}, because `{copy}` comes before it",
            before.repeats,
            place(late)
        ),
        None => format!(
            "`{command}` runs again after every edit{}, because `{copy}` comes before it",
            place(late)
        ),
    };
    let mut finding = Diagnostic::new(ID, install.command, message)
        .note("runs again when anything above has changed")
        .label(
            late.copy.span,
            "brings sources in, so every edit changes it",
        );
    for other in late
        .installs
        .iter()
        .filter(|other| other.command != install.command)
    {
        finding = finding.label(other.command, "and so does this");
    }
    finding = of_image(project, image, finding);
    let names: Vec<&str> = late
        .reorder
        .manifests
        .iter()
        .map(|manifest| manifest.input.path.as_str())
        .collect();
    let what = match (&late.before, names.as_slice()) {
        (Some(Before { run: None, .. }), _) if install.manager == "cargo" => {
            "Compile the dependencies first, as `cargo chef` does, or mount caches over `target` and the registry".to_owned()
        }
        (Some(before), names) => what_before(before, names),
        (None, []) => "Install first, then copy the sources".to_owned(),
        (None, names) => format!("Copy {} first, install, then copy the rest", list(names)),
    };
    let reasons: Vec<&str> = late
        .reorder
        .unproven
        .iter()
        .map(|unproven| unproven.reason.as_str())
        .collect();
    let help = match reasons.as_slice() {
        [] => what,
        reasons => format!(
            "{what}. Look first whether that is the same build: {}",
            reasons.join("; ")
        ),
    };
    finding.help(help).fix(fix(project, image, late))
}

fn what_before(before: &Before, names: &[&str]) -> String {
    let copy = if names.is_empty() {
        String::new()
    } else {
        format!("Copy {} first, ", list(names))
    };
    let fetch = match before.command.as_str() {
        "" => "fetch what they name".to_owned(),
        command => format!("run `{command}`"),
    };
    let sentence = format!("{copy}{fetch}, and then copy the rest");
    sentence[..1].to_uppercase() + &sentence[1..]
}

/// Where the edits are that matter, when it is not the whole context.
fn place(late: &LateInstall<'_>) -> String {
    match late.copied.sources.as_slice() {
        [source] if source.kind == SourceKind::Directory => format!(" in `{}`", source.path),
        _ => String::new(),
    }
}

/// The manifests in the place of the copy, and the copy behind the installs.
fn fix(project: &Project<'_>, image: &Image, late: &LateInstall<'_>) -> Option<Fix> {
    if !late.reorder.is_possible() {
        return None;
    }
    let source = &image.dockerfile.tree.source;
    let newline = if source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut copies = cache::manifest_copies(image, late.copy, late.copied, &late.reorder.manifests);
    let mut moved = vec![source.slice(late.copy.span).to_owned()];
    if let Some(before) = &late.before {
        moved.insert(0, before.run.clone()?);
    }
    let stays = late.reorder.last == late.copy.span;
    if stays {
        copies.append(&mut moved);
    }
    let mut edits = if copies.is_empty() {
        vec![Edit::delete(whole_lines(source, late.copy.span))]
    } else {
        vec![Edit::replace(late.copy.span, copies.join(newline))]
    };
    if !stays {
        edits.push(Edit {
            span: late.reorder.last.after(),
            text: format!("{newline}{}", moved.join(newline)),
        });
    }
    if let Some((command, lead)) = late.before.as_ref().and_then(|before| before.lead.clone()) {
        edits.push(Edit {
            span: command.before(),
            text: lead,
        });
    }
    edits.extend(ignore(project, image, late));
    let (title, is_sure) = match &late.before {
        Some(_) => (
            "Do what needs the manifests only before the sources are copied",
            false,
        ),
        None => (
            "Copy the manifests first, install, then copy the sources",
            late.reorder.unproven.is_empty(),
        ),
    };
    Some(Fix {
        title: title.to_owned(),
        safety: if is_sure {
            Safety::Safe
        } else {
            Safety::Unsafe
        },
        edits,
    })
}

/// What the installs fill must not be overwritten by what the host has of the same name.
fn ignore(project: &Project<'_>, image: &Image, late: &LateInstall<'_>) -> Option<Edit> {
    if late.reorder.to_ignore.is_empty() {
        return None;
    }
    let context = &image.context;
    let file = context.ignore_file.clone();
    let file = file.unwrap_or_else(|| {
        project
            .workspace()
            .read_or_new(&context.directory.join(".dockerignore"))
    });
    let newline = if file.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = String::new();
    if !file.text().is_empty() && !file.text().ends_with('\n') {
        text.push_str(newline);
    }
    let mut patterns: Vec<String> = Vec::new();
    for made in &late.reorder.to_ignore {
        // That of a member of a workspace: there are others, or will be.
        let pattern = match (late.reorder.to_ignore.len(), path::name(made)) {
            (2.., name) => format!("**/{name}"),
            _ => made.clone(),
        };
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    // A new file keeps out the rest of what nobody wants in there, too.
    if !file.exists() && ignore_candidates::copy_of_everything(image).is_some() {
        let more = ignore_candidates::unneeded(project, image)
            .into_iter()
            .map(|unneeded| unneeded.pattern);
        patterns.extend(
            more.filter(|pattern| {
                !patterns
                    .iter()
                    .any(|own| own == pattern || pattern.strip_prefix("**/") == Some(own))
            })
            .collect::<Vec<_>>(),
        );
    }
    for pattern in patterns {
        text.push_str(&pattern);
        text.push_str(newline);
    }
    Some(Edit {
        span: file.whole().after(),
        text,
    })
}

/// The instruction with the indentation before it and its line end.
fn whole_lines(source: &Source, span: Span) -> Span {
    let lines = source.lines();
    Span::new(
        span.file,
        lines.start(lines.line(span.start)),
        lines.end(lines.line(span.end)),
    )
}

fn shorten(text: &str) -> String {
    let line = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" \\ ", " ");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [names @ .., last] if names.len() < 4 => format!("{} and {last}", names.join(", ")),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more files", rest.len()),
    }
}
