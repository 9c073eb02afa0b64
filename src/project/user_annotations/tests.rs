//! What is stated is believed.

use std::path::{Path, PathBuf};

use super::*;
use crate::compose::{View, ViewKind, load};
use crate::files::Memory;
use crate::process::Reload;
use crate::project::Project;
use crate::project::purpose::Judgement;
use crate::workspace::Workspace;

/// Loads a project of one server and asks it something.
fn with<T>(extension: &str, told: Stated, ask: impl FnOnce(&Project<'_>) -> T) -> T {
    let compose = format!("services:\n  api:\n    build: .\n    volumes: ['.:/app']\n{extension}");
    let files = Memory::new()
        .with("/p/compose.yaml", compose)
        .with(
            "/p/Dockerfile",
            "FROM python:3.13\nWORKDIR /app\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n",
        )
        .with("/p/main.py", "app = 1\n");
    let workspace = Workspace::new(&files);
    let view = View::new(
        PathBuf::from("/p"),
        vec![PathBuf::from("/p/compose.yaml")],
        ViewKind::Default,
    );
    let compose = load(&workspace, &view);
    let intent = Judgement {
        intent: Intent::Unknown,
        reasons: Vec::new(),
        is_aside: false,
        is_laid_under: false,
    };
    ask(&Project::of_compose(
        &workspace,
        compose,
        intent,
        Path::new("/p"),
        &[],
        told,
    ))
}

fn problems(project: &Project<'_>) -> Vec<String> {
    project
        .problems()
        .filter(|problem| problem.rule == INVALID_SETTING)
        .map(|problem| problem.message.clone())
        .collect()
}

#[test]
fn a_server_that_is_said_to_reload_reloads() {
    let reload = |extension: &str| {
        with(extension, Stated::default(), |project| {
            project.service("api").unwrap().processes()[0]
                .reload
                .clone()
        })
    };
    assert_eq!(reload(""), Reload::None);
    assert!(
        matches!(reload("    x-composelint: {reload: own}\n"), Reload::Yes { how, .. } if how == "stated")
    );
}

#[test]
fn a_service_that_nobody_develops_here_is_no_developed_service() {
    let developed = |extension: &str| {
        with(extension, Stated::default(), |project| {
            project.developed_services().count()
        })
    };
    assert_eq!(developed(""), 1);
    assert_eq!(developed("    x-composelint: {dev: none}\n"), 0);
    assert_eq!(developed("    x-composelint: {dev: {mode: none}}\n"), 0);
    assert_eq!(developed("    x-composelint: {sources: []}\n"), 0);
    assert_eq!(
        developed("x-composelint: {intent: production}\n"),
        0,
        "nor in files for production"
    );
}

#[test]
fn sources_that_are_stated_are_all_there_are() {
    let parts = |extension: &str| {
        with(extension, Stated::default(), |project| {
            project.service("api").unwrap().parts().len()
        })
    };
    assert_eq!(parts("    x-composelint: {sources: [./]}\n"), 1);
    assert_eq!(parts("    x-composelint: {sources: [../elsewhere]}\n"), 0);
}

#[test]
fn what_is_told_elsewhere_wins_over_the_compose_file_and_leaves_the_rest() {
    let job = Statement {
        service: "api".to_owned(),
        role: Some(Said {
            value: Role::Job,
            span: None,
        }),
        ..Statement::default()
    };
    let told = Stated {
        intent: None,
        services: vec![job],
    };
    with(
        "    x-composelint: {role: core, dev: watch}\n",
        told,
        |project| {
            let stated = project.service("api").unwrap().stated();
            assert_eq!(stated.role.as_ref().map(|said| said.value), Some(Role::Job));
            assert_eq!(
                stated.mode.as_ref().map(|said| said.value),
                Some(Mode::Watch)
            );
        },
    );
}

#[test]
fn what_is_not_understood_is_told_and_the_rest_is_heeded() {
    with(
        "    x-composelint: {role: main, reload: own, src: x}\n",
        Stated::default(),
        |project| {
            assert_eq!(
                problems(project),
                [
                    "`main` is not understood here, and says nothing",
                    "`src` is not a setting of a service of composelint, and says nothing"
                ]
            );
            assert!(project.service("api").unwrap().stated().reloads.is_some());
        },
    );
}
