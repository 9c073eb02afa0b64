use super::*;
use crate::compose::{self, View, ViewKind};
use crate::files::{Files, Memory};
use crate::intent;
use crate::repository::recipes;
use crate::workspace::Workspace;

/// Loads `/p/compose.yaml` and lets `answer` look at the project.
fn with<T>(files: &[(&str, &str)], answer: impl FnOnce(&Project<'_>) -> T) -> T {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| {
        memory.with(Path::new("/p").join(path), text)
    });
    let workspace = Workspace::new(&memory);
    let root = Path::new("/p");
    let recipes = recipes::read(&workspace, root, &memory.walk(root));
    let compose = compose::load(
        &workspace,
        &View::new(
            root.to_path_buf(),
            vec![root.join("compose.yaml")],
            ViewKind::Named,
        ),
    );
    let intent = intent::judge(&compose, root, &recipes, &memory);
    answer(&Project::of_compose(
        &workspace,
        compose,
        intent,
        root,
        &recipes,
        Stated::default(),
    ))
}

/// What the first process of service `a` reads, the most important part first.
#[track_caller]
fn check_read(dockerfile: &str, files: &[&str], expected: &[&str]) {
    let mut all = vec![
        ("compose.yaml", "services: {a: {build: .}}"),
        ("Dockerfile", dockerfile),
    ];
    all.extend(files.iter().map(|path| (*path, "")));
    let read = with(&all, |project| {
        let service = project.service("a").unwrap();
        service
            .parts_read_by(&service.processes()[0])
            .iter()
            .map(|part| project.written(&part.baked.host))
            .collect::<Vec<_>>()
    });
    assert_eq!(read, expected);
}

#[test]
fn what_a_command_names_comes_before_what_lies_beside_it() {
    check_read(
        "FROM python\nWORKDIR /app\nCOPY shared shared\nCOPY api .\nCMD celery -A tasks worker\n",
        &["shared/a.py", "shared/b.py", "shared/c.py", "api/tasks.py"],
        &["./api", "./shared"],
    );
    check_read(
        "FROM python\nWORKDIR /app\nCOPY lib lib\nCOPY main.py .\nCMD uvicorn main:app\n",
        &["lib/a.py", "lib/b.py", "main.py"],
        &["./main.py", "./lib"],
    );
    check_read(
        "FROM python\nCOPY rng.py /\nCMD [\"python\", \"rng.py\"]\n",
        &["rng.py"],
        &["./rng.py"],
    );
}

/// The problems with builds, as one text.
#[track_caller]
fn check_problems(files: &[(&str, &str)], expected: &str) {
    let problems = with(files, |project| {
        project
            .problems()
            .map(|problem| problem.message.clone())
            .collect::<Vec<_>>()
            .join("\n")
    });
    assert_eq!(problems, expected);
}

#[test]
fn a_build_without_its_dockerfile_is_reported_once_for_each_place() {
    check_problems(
        &[("compose.yaml", "services: {a: {build: ./api}}")],
        "`a` cannot be built: its build context `./api` is no directory",
    );
    check_problems(
        &[
            (
                "compose.yaml",
                "x-app: &app {build: ./api}\nservices:\n  a: *app\n  b: *app\n",
            ),
            ("api/main.py", ""),
        ],
        "`a` cannot be built: there is no `Dockerfile` in its build context",
    );
}

#[test]
fn a_context_that_not_every_checkout_has_is_not_missing() {
    for context in ["vendor/laravel/sail/runtimes/8.4", "/opt/site/api"] {
        check_problems(
            &[(
                "compose.yaml",
                &format!("services: {{a: {{build: {context}}}}}"),
            )],
            "",
        );
    }
    let modules = "[submodule \"api\"]\n\tpath = services/api\n\turl = https://example.org/api\n";
    check_problems(
        &[
            ("compose.yaml", "services: {a: {build: ./services/api}}"),
            (".gitmodules", modules),
        ],
        "",
    );
}

#[test]
fn a_variable_without_a_value_is_empty_in_the_text_of_a_compose_file_unless_that_leaves_no_dockerfile()
 {
    for (line, is_read) in [
        ("LABEL rev=${REV}", true),
        ("RUN echo ${REV}", true),
        ("FROM node:${REV}", false),
        ("${REV} x", false),
    ] {
        let compose = format!(
            "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM node\n        {line}\n"
        );
        assert_eq!(
            with(&[("compose.yaml", &compose)], |project| project
                .images()
                .len()
                == 1),
            is_read,
            "{line}"
        );
    }
}
