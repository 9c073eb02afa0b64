//! What is stated is believed.

use super::*;
use crate::process::Reload;
use crate::project::Project;
use crate::testing;

/// A project of one server, with these lines in its compose file and what is said elsewhere.
fn server(extension: &str, told: Stated) -> Project<'static> {
    let compose = format!("services:\n  api:\n    build: .\n    volumes: ['.:/app']\n{extension}");
    let files = testing::files(&[
        ("compose.yaml", &compose),
        (
            "Dockerfile",
            r#"
            FROM python:3.13
            WORKDIR /app
            COPY . .
            CMD ["uvicorn", "main:app"]
            "#,
        ),
        ("main.py", "app = 1\n"),
    ]);
    let workspace = testing::workspace(&files);
    testing::load(workspace, &testing::view(workspace, |_| {}), told)
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
        let project = server(extension, Stated::default());
        project.service("api").unwrap().processes()[0]
            .reload
            .clone()
    };
    assert_eq!(reload(""), Reload::None);
    assert!(
        matches!(reload("    x-composelint: {reload: own}\n"), Reload::Yes { how, .. } if how == "stated")
    );
}

#[test]
fn a_service_that_nobody_develops_here_is_no_developed_service() {
    let developed = |extension: &str| {
        let project = server(extension, Stated::default());
        project.developed_services().count()
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
        let project = server(extension, Stated::default());
        project.service("api").unwrap().parts().len()
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
    let project = server("    x-composelint: {role: core, dev: watch}\n", told);
    let stated = project.service("api").unwrap().stated();
    assert_eq!(stated.role.as_ref().map(|said| said.value), Some(Role::Job));
    assert_eq!(
        stated.mode.as_ref().map(|said| said.value),
        Some(Mode::Watch)
    );
}

#[test]
fn what_is_not_understood_is_told_and_the_rest_is_heeded() {
    let project = server(
        "    x-composelint: {role: main, reload: own, src: x}\n",
        Stated::default(),
    );
    assert_eq!(
        problems(&project),
        [
            "`main` is not understood here, and says nothing",
            "`src` is not a setting of a service of composelint, and says nothing"
        ]
    );
    assert!(project.service("api").unwrap().stated().reloads.is_some());
}
