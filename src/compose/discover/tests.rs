use super::*;
use crate::testing;

/// Discovers in `/p` and lists the views, fragments and Dockerfiles.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let workspace = testing::workspace(&testing::files(files));
    let discovery = discover(
        workspace,
        Path::new("/p"),
        &workspace.files().walk(Path::new("/p")),
    );
    let show = |paths: &[PathBuf]| {
        paths
            .iter()
            .map(|path| path.strip_prefix("/p").unwrap().display().to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut found: Vec<String> = discovery
        .views
        .iter()
        .map(|view| format!("{:?}: {}", view.kind, show(&view.files)))
        .collect();
    found.extend(
        discovery
            .fragments
            .iter()
            .map(|path| format!("fragment: {}", show(std::slice::from_ref(path)))),
    );
    found.extend(
        discovery
            .dockerfiles
            .iter()
            .map(|path| format!("dockerfile: {}", show(std::slice::from_ref(path)))),
    );
    assert_eq!(found, expected);
}

const WHOLE: &str = "services: {a: {image: x}}";

#[test]
fn files_of_a_directory_are_grouped() {
    check(
        &[
            ("docker-compose.yml", WHOLE),
            ("docker-compose.override.yml", "services: {a: {user: x}}"),
            ("docker-compose.dev.yml", "services: {a: {command: dev}}"),
            ("docker-compose.test.yml", "services: {t: {image: x}}"),
            (
                "ops.compose.yaml",
                "services: {o: {image: x, depends_on: [a]}}",
            ),
        ],
        &[
            "Default: docker-compose.yml docker-compose.override.yml",
            "Alone: docker-compose.test.yml",
            "Overlay: docker-compose.yml docker-compose.dev.yml",
            "Overlay: docker-compose.yml ops.compose.yaml",
        ],
    );
}

#[test]
fn files_named_after_a_stage_are_known_by_their_content() {
    check(
        &[
            ("local.yml", WHOLE),
            (
                "production.yml",
                "version: '3'\nx-a: 1\nservices: {a: {build: .}}",
            ),
            ("config/test.yml", "services: {_defaults: {autowire: true}}"),
            (
                "ci.yml",
                "steps: {a: {image: x}}\nservices: {db: {image: x}}",
            ),
            ("dev.yml", "services: [docker]"),
            ("web.yml", WHOLE),
            ("tests/dev.yml", WHOLE),
        ],
        &["Alone: local.yml", "Alone: production.yml"],
    );
}

#[test]
fn an_overlay_may_lie_below_its_base() {
    check(
        &[
            ("compose.yaml", WHOLE),
            ("docker/compose.dev.yaml", "services: {a: {user: x}}"),
            ("far/away/compose.dev.yaml", "services: {a: {user: x}}"),
        ],
        &[
            "Default: compose.yaml",
            "Overlay: compose.yaml docker/compose.dev.yaml",
            "Overlay: compose.yaml far/away/compose.dev.yaml",
        ],
    );
}

#[test]
fn a_main_file_that_means_nothing_alone_lies_over_the_one_above_or_is_part_of_something() {
    let needy = "services: {a: {volumes: ['./x:/x']}}";
    check(
        &[("compose.yaml", WHOLE), (".ci/x/compose.yaml", needy)],
        &[
            "Default: compose.yaml",
            "Overlay: compose.yaml .ci/x/compose.yaml",
        ],
    );
    check(
        &[("b/base-compose.yml", WHOLE), ("c/compose.yaml", needy)],
        &["Alone: b/base-compose.yml", "fragment: c/compose.yaml"],
    );
    check(&[("c/compose.yaml", needy)], &["Default: c/compose.yaml"]);
    check(
        &[
            ("compose.yaml", WHOLE),
            ("compose.db.yaml", "services: {db: {image: x}}"),
            ("compose.more.yaml", "services: {a: {depends_on: [db]}}"),
        ],
        &[
            "Default: compose.yaml",
            "Alone: compose.db.yaml",
            "Overlay: compose.yaml compose.db.yaml compose.more.yaml",
        ],
    );
}

#[test]
fn parts_of_other_projects_are_no_projects() {
    check(
        &[
            (
                "compose.yaml",
                "include: [api/compose.yaml]\nservices: {a: {extends: {file: common-compose.yml, service: base}}}",
            ),
            ("api/compose.yaml", WHOLE),
            ("common-compose.yml", "services: {base: {image: x}}"),
            (
                "docker-compose.prod.yml",
                "services: {a: {extends: {file: compose.yaml, service: a}}}",
            ),
        ],
        &["Default: compose.yaml", "Alone: docker-compose.prod.yml"],
    );
    check(
        &[("compose.yaml", "include: [compose.yaml]")],
        &["Default: compose.yaml"],
    );
    check(
        &[
            ("a/compose.yaml", "include: [../b/compose.yaml]"),
            ("b/compose.yaml", "include: [../a/compose.yaml]"),
        ],
        &["Default: a/compose.yaml"],
    );
}

#[test]
fn other_files_are_left_alone() {
    check(
        &[
            (
                "compose.yaml",
                "services:\n  {{ cookiecutter.name }}:\n    image: x\n",
            ),
            (
                "b/compose.yaml",
                "services: {a: {image: x, command: \"{{ .Names }}\"}}",
            ),
            ("my-compose.yml", "jobs: {a: {steps: []}}"),
            ("decompose.yaml", WHOLE),
            ("tasks/compose.yml", "- name: start"),
            ("docker-compose.ci.yml", "on: push"),
            ("api/Dockerfile.dev", ""),
            ("api/Dockerfile.dev.dockerignore", ""),
            ("web.Dockerfile", ""),
            ("Containerfile", ""),
        ],
        &[
            "Alone: decompose.yaml",
            "Default: b/compose.yaml",
            "dockerfile: Containerfile",
            "dockerfile: api/Dockerfile.dev",
            "dockerfile: web.Dockerfile",
        ],
    );
}

#[test]
fn a_broken_file_is_still_a_project() {
    check(
        &[("compose.yaml", "services: [")],
        &["Default: compose.yaml"],
    );
}

#[test]
fn a_template_of_a_dockerfile_is_no_dockerfile() {
    check(
        &[
            ("Dockerfile", "FROM a"),
            ("Dockerfile.liquid", "{% if x %}"),
            ("{{cookiecutter.slug}}/Dockerfile", "{% if x %}"),
        ],
        &["dockerfile: Dockerfile"],
    );
}
