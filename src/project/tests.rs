use crate::testing;

/// The problems with builds, as one text.
#[track_caller]
fn check_problems(files: &[(&str, &str)], expected: &str) {
    let project = &testing::project(files);
    let problems = project
        .problems()
        .map(|problem| problem.message.clone())
        .collect::<Vec<_>>()
        .join("\n");
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
            {
                let project = &testing::project(&[("compose.yaml", &compose)]);
                project.images().len() == 1
            },
            is_read,
            "{line}"
        );
    }
}
