//! Projects in memory for unit tests: one call from the texts of files to what a test asks.
//!
//! Files lie below `/p`. A text that starts with a line break is a document that is indented like
//! the code around it: [`dedent`] takes the indentation away. Everything is loaded as [`lint`]
//! loads it, with the recipes and the intent of the repository and what its files state. What a
//! test makes lives until the test program ends, so that a test can return and keep it.

use std::path::Path;

use crate::compose::{ProjectOptions, View, locate};
use crate::files::Memory;
use crate::image::{Build, Image};
use crate::lint::{self, RecipeTree};
use crate::project::Project;
use crate::project::user_annotations::Stated;
use crate::repository::recipes;
use crate::workspace::Workspace;

/// The project that `docker compose` loads in `/p`.
#[track_caller]
pub(crate) fn project(texts: &[(&str, &str)]) -> Project<'static> {
    located(&files(texts)).0
}

/// The Dockerfile `/p/Dockerfile` alone, as a project without compose files.
#[track_caller]
pub(crate) fn dockerfile(texts: &[(&str, &str)]) -> Project<'static> {
    let workspace = workspace(&files(texts));
    let source = workspace.read(Path::new("/p/Dockerfile"));
    Project::of_dockerfile(workspace, &source.expect("the test has /p/Dockerfile"))
}

/// The image that `/p/Dockerfile` builds in `/p`.
#[track_caller]
pub(crate) fn image(workspace: &Workspace<'_>) -> Image {
    image_with(workspace, |build| build)
}

/// The same with the target, arguments and contexts that `change` sets.
#[track_caller]
pub(crate) fn image_with<'a>(
    workspace: &Workspace<'_>,
    change: impl FnOnce(Build<'a>) -> Build<'a>,
) -> Image {
    let source = workspace.read(Path::new("/p/Dockerfile"));
    let source = Box::leak(Box::new(source.expect("the test has /p/Dockerfile")));
    let build = Build {
        dockerfile: source,
        context: Path::new("/p"),
        target: None,
        args: &[],
        named_contexts: &[],
    };
    Image::read(workspace, &change(build))
}

/// The project that `docker compose` loads in `/p`, and its files.
#[track_caller]
pub(crate) fn located(files: &Memory) -> (Project<'static>, View) {
    let workspace = workspace(files);
    let view = view(workspace, |_| {});
    (load(workspace, &view, Stated::default()), view)
}

/// The project of the files below `/p` that `-f` names.
#[track_caller]
pub(crate) fn named(files: &Memory, names: &[&str]) -> Project<'static> {
    let workspace = workspace(files);
    let view = view(workspace, |options| {
        options.files = names.iter().map(Into::into).collect();
    });
    load(workspace, &view, Stated::default())
}

/// The files that `docker compose` loads in `/p` with the options that `change` sets.
#[track_caller]
pub(crate) fn view(workspace: &Workspace<'_>, change: impl FnOnce(&mut ProjectOptions)) -> View {
    let mut options = ProjectOptions {
        working_directory: "/p".into(),
        ..ProjectOptions::default()
    };
    change(&mut options);
    locate(workspace, &options).expect("the test has a project")
}

/// The project of a view, with what the user states elsewhere than in its compose files.
pub(crate) fn load(
    workspace: &'static Workspace<'static>,
    view: &View,
    told: Stated,
) -> Project<'static> {
    let root = Path::new("/p");
    let tree = RecipeTree {
        root: root.to_path_buf(),
        recipes: recipes::read(workspace, root, &workspace.files().walk(root)),
    };
    lint::load(workspace, view, Box::leak(Box::new(tree)), told)
}

/// A workspace over files in memory.
pub(crate) fn workspace(files: &Memory) -> &'static Workspace<'static> {
    let files = Box::leak(Box::new(files.clone()));
    Box::leak(Box::new(Workspace::new(files)))
}

/// Files below `/p` (or at their absolute paths), from documents as they are written in a test.
pub(crate) fn files(texts: &[(&str, &str)]) -> Memory {
    let mut files = Memory::new();
    for (path, text) in texts {
        files.write(Path::new("/p").join(path), dedent(text));
    }
    files
}

/// A document without the indentation of the code around it. A text that does not start with a line
/// break is taken as it is.
pub(crate) fn dedent(text: &str) -> String {
    let Some(document) = text.strip_prefix('\n') else {
        return text.to_owned();
    };
    let indentation = document
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut plain = String::new();
    for line in document.trim_end_matches(' ').split_inclusive('\n') {
        plain.push_str(line.get(indentation..).unwrap_or("\n"));
    }
    plain
}

#[test]
fn a_document_loses_the_indentation_of_the_code_around_it() {
    let text = "
        services:

          api:
            image: x
        ";
    assert_eq!(dedent(text), "services:\n\n  api:\n    image: x\n");
    assert_eq!(dedent("  a\n"), "  a\n", "a text of one line is left alone");
}

#[test]
fn a_project_is_loaded_with_all_that_the_repository_says_of_it() {
    let project = project(&[
        (
            "compose.yaml",
            "
            services:
              a:
                build: .
                x-composelint: {reload: own}
            ",
        ),
        ("Dockerfile", "FROM node:22\nCMD node server.js\n"),
        ("Makefile", "up:\n\tdocker compose up --build\n"),
    ]);
    let service = project.service("a").expect("the service is there");
    assert!(service.stated().reloads.is_some() && service.image().is_some());
    assert_eq!(project.recipes().len(), 1);
}
