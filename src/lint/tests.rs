//! What no project can do to another one.

use std::io;
use std::sync::Arc;

use super::*;
use crate::files::{Entry, Files, Kind, Memory};

/// A file system in which one Dockerfile cannot even be looked at: a stand-in for a mistake of
/// ours.
struct Cursed(Memory);

impl Files for Cursed {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        assert!(
            !path.starts_with("/p/cursed") || !path.ends_with("Dockerfile"),
            "a mistake of ours"
        );
        self.0.read(path)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.0.kind(path)
    }

    fn list(&self, directory: &Path) -> Arc<[Entry]> {
        self.0.list(directory)
    }

    fn walk(&self, directory: &Path) -> Vec<PathBuf> {
        self.0.walk(directory)
    }
}

#[test]
fn a_project_that_makes_us_panic_is_named_and_the_others_are_checked() {
    let compose = "services:\n  api:\n    build: .\n";
    let dockerfile = "FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
    let files = ["cursed", "well"]
        .into_iter()
        .fold(Memory::new(), |files, name| {
            let path = |file: &str| format!("/p/{name}/{file}");
            files
                .with(path("compose.yaml"), compose)
                .with(path("Dockerfile"), dockerfile)
                .with(path("requirements.txt"), "x")
                .with(path("a.py"), "")
        });
    let files = Cursed(files);
    let workspace = Workspace::new(&files);
    let outcome = check(
        &workspace,
        &Options {
            paths: vec![PathBuf::from("/p")],
            ..Options::default()
        },
    );
    let found = |rule: &str, file: &str| {
        let is_there = |diagnostic: &&Diagnostic| {
            diagnostic.rule == rule
                && workspace.sources().get(diagnostic.span.file).path() == Path::new(file)
        };
        outcome
            .diagnostics
            .iter()
            .find(is_there)
            .map(|diagnostic| diagnostic.message.as_str())
    };
    for (rule, file) in [
        (INVALID_COMPOSE, "/p/cursed/compose.yaml"),
        (INVALID_SYNTAX, "/p/cursed/Dockerfile"),
    ] {
        let Some(message) = found(rule, file) else {
            panic!("{file} is not told of")
        };
        assert!(message.starts_with("internal error: "), "{message}");
    }
    assert!(found("copy-all-before-install", "/p/well/Dockerfile").is_some());
}

#[test]
fn what_a_generator_of_projects_fills_in_is_no_project_yet() {
    let compose = "services:\n  {%- if db %}\n  db: {image: x}\n  {%- endif %}\n";
    let files = Memory::new()
        .with("/p/{{cookiecutter.name}}/compose.yaml", compose)
        .with("/p/{{name}}/Dockerfile", "{% raw %}\n");
    let workspace = Workspace::new(&files);
    let outcome = check(
        &workspace,
        &Options {
            paths: vec![PathBuf::from("/p")],
            ..Options::default()
        },
    );
    assert_eq!(
        (
            outcome.diagnostics.len(),
            outcome.projects,
            outcome.dockerfiles
        ),
        (0, 0, 0)
    );
}

#[test]
fn what_one_repository_says_is_nothing_to_another() {
    let compose = "services:\n  api:\n    image: 'x:${TAG}'\n";
    let files = Memory::new()
        .with("/p/a/.git/HEAD", "x")
        .with("/p/a/compose.yaml", compose)
        .with("/p/a/README.md", "Set TAG first\n")
        .with("/p/b/.git/HEAD", "x")
        .with("/p/b/compose.yaml", compose);
    let workspace = Workspace::new(&files);
    let options = Options {
        paths: vec![PathBuf::from("/p")],
        select: vec!["unset-variable".to_owned()],
        ..Options::default()
    };
    let outcome = check(&workspace, &options);
    let told: Vec<_> = outcome
        .diagnostics
        .iter()
        .map(|finding| {
            workspace
                .sources()
                .get(finding.span.file)
                .path()
                .to_path_buf()
        })
        .collect();
    assert_eq!(told, [PathBuf::from("/p/b/compose.yaml")]);
}
