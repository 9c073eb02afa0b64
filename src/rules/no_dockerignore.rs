//! A build that copies its whole context, and nothing keeps out what changes or does harm without
//! being needed.

use crate::cache::ignore_candidates;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::knowledge::directories;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "no-dockerignore";

/// Looks at every context once.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.compose().is_none() {
        return;
    }
    for image in project
        .images()
        .iter()
        .filter(|image| image.context.ignore_file.is_none())
    {
        if let Some(finding) = judge(project, image)
            && findings.is_new(&image.context.directory)
        {
            findings.push(finding);
        }
    }
}

fn judge(project: &Project<'_>, image: &Image) -> Option<Diagnostic> {
    if image.dockerfile.tree.is_of_another_language() || !project.owns(&image.context.directory) {
        return None;
    }
    let copy = ignore_candidates::copy_of_everything(image)?;
    let noise = noise(project, image);
    // What most people keep elsewhere must be there to be worth a word.
    let matters = |name: &str| {
        matches!(name, ".git" | "node_modules")
            || project
                .workspace()
                .files()
                .exists(&image.context.host(name))
    };
    if !noise.iter().any(|name| matters(name)) {
        return None;
    }
    let service = project.users_of(image).next()?;
    let build = service.spec().build.as_ref()?;
    let span = build.context.span().or(build.origin.span)?;
    let names: Vec<String> = noise.iter().map(|name| format!("`{name}`")).collect();
    let context = project.written(&image.context.directory);
    // Of the services that build from one context, and the files that say so, each would say the
    // same.
    let message = format!(
        "nothing keeps {} out of what is built from `{context}`, which is copied whole",
        names.join(" and ")
    );
    let finding = Diagnostic::new(ID, span, message)
        .note("has no .dockerignore")
        .label(copy.span, "copies the whole context");
    let source = project
        .workspace()
        .read_or_new(&image.context.host(".dockerignore"));
    let mut patterns: Vec<String> = noise
        .iter()
        .map(|name| {
            if *name == ".git" {
                (*name).to_owned()
            } else {
                format!("**/{name}")
            }
        })
        .collect();
    // What else lies there and nobody wants would be told next.
    for other in ignore_candidates::unneeded(project, image) {
        if !patterns.iter().any(|pattern| {
            pattern.trim_start_matches("**/") == other.pattern.trim_start_matches("**/")
        }) {
            patterns.push(other.pattern);
        }
    }
    let edit = Edit::replace(source.whole(), patterns.join("\n") + "\n");
    let fix = Fix::new(
        format!("Write a .dockerignore for `{context}`"),
        Safety::Safe,
        edit,
    );
    Some(
        finding
            .help(format!("Write a .dockerignore in `{context}`"))
            .fix((!source.exists()).then_some(fix)),
    )
}

/// What of the context nobody wants in an image, and no step or watch trigger names.
fn noise(project: &Project<'_>, image: &Image) -> Vec<&'static str> {
    let files = project.workspace().files();
    let is_there = |name: &str| files.exists(&image.context.host(name));
    let mut noise = Vec::new();
    if is_there(".git") {
        noise.push(".git");
    }
    for (manifest, filled) in directories::filled_beside() {
        if is_there(manifest) && !noise.contains(&filled) {
            noise.push(filled);
        }
    }
    noise.retain(|name| !ignore_candidates::is_wanted(project, image, name));
    noise
}
