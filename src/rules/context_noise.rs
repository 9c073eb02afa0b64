//! An ignore file that lets through what changes without an edit, or does harm, so that `COPY . .`
//! takes it along.

use crate::cache::ignore_candidates;
use crate::cache::ignore_candidates::Unneeded;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::project::Project;
use crate::rules::{Findings, of_image};
use crate::text::Source;

const ID: &str = "context-noise";

/// Looks at every ignore file once; a context without one is another rule's.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        let Some(file) = &image.context.ignore_file else {
            continue;
        };
        if let Some(finding) = judge(project, image, file)
            && findings.is_new(file.path())
        {
            findings.push(finding);
        }
    }
}

fn judge(project: &Project<'_>, image: &Image, file: &Source) -> Option<Diagnostic> {
    if image.dockerfile.tree.is_of_another_language() || !project.owns(&image.context.directory) {
        return None;
    }
    let copy = ignore_candidates::copy_of_everything(image)?;
    let found = ignore_candidates::unneeded(project, image);
    let first = found.first()?;
    let written = project.written(file.path());
    let names: Vec<String> = found
        .iter()
        .map(|unneeded| format!("`{}`", unneeded.example))
        .collect();
    let more = match names.len() {
        1 => names[0].clone(),
        2 => names.join(" and "),
        count => format!("{}, {} and {} more", names[0], names[1], count - 2),
    };
    let instruction = image.dockerfile.tree.source.slice(copy.span);
    let message =
        format!("`{instruction}` takes {more} along, which `{written}` does not keep out");
    let mut finding =
        Diagnostic::new(ID, copy.span, message).note(format!("{}: {}", first.example, first.what));
    finding = of_image(project, image, finding);
    let patterns: Vec<&str> = found
        .iter()
        .map(|unneeded| unneeded.pattern.as_str())
        .collect();
    Some(
        finding
            .help(format!("Add to `{written}`: {}", patterns.join(" ")))
            .fix(fix(file, &written, &found)),
    )
}

fn fix(file: &Source, written: &str, found: &[Unneeded]) -> Fix {
    let newline = if file.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = String::new();
    if !file.text().is_empty() && !file.text().ends_with('\n') {
        text.push_str(newline);
    }
    for unneeded in found {
        text.push_str(&unneeded.pattern);
        text.push_str(newline);
    }
    let edits = vec![Edit {
        span: file.whole().after(),
        text,
    }];
    Fix {
        title: format!("Keep that out by `{written}`"),
        safety: Safety::Safe,
        edits,
    }
}
