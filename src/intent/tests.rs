use super::*;
use crate::compose;
use crate::repository::recipes;
use crate::testing;

/// Judges the files `loaded` of a repository at `/p`: the verdict and its strongest reason.
fn check(files: &[(&str, &str)], loaded: &[&str], expected: (Intent, &str)) {
    let judgement = judgement(files, loaded);
    let first = judgement
        .because()
        .next()
        .map(|reason| reason.text.clone())
        .unwrap_or_default();
    assert_eq!(
        (judgement.intent, first.as_str()),
        expected,
        "{:#?}",
        judgement.reasons
    );
}

fn judgement(files: &[(&str, &str)], loaded: &[&str]) -> Judgement {
    let workspace = testing::workspace(&testing::files(files));
    let view = testing::view(workspace, |options| {
        options.files = loaded.iter().map(Into::into).collect();
    });
    let (root, files) = (Path::new("/p"), workspace.files());
    let recipes = recipes::read(workspace, root, &files.walk(root));
    judge(&compose::load(workspace, &view), root, &recipes, files)
}

const APP: &str = "services:\n  app:\n    build: ./app\n";

fn app(lines: &str) -> String {
    format!(
        "{APP}{}",
        lines
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    )
}

#[test]
fn without_signs_nothing_is_said_and_development_is_possible() {
    check(
        &[("compose.yaml", APP)],
        &["compose.yaml"],
        (Intent::Unknown, ""),
    );
    assert!(judgement(&[("compose.yaml", APP)], &["compose.yaml"]).may_be_development());
}

#[test]
fn the_name_of_the_last_file_decides() {
    let files = [
        ("compose.yaml", APP),
        ("compose.override.yaml", APP),
        ("compose.prod.yaml", APP),
        ("docker-compose.test.yml", APP),
    ];
    check(
        &files,
        &["compose.yaml", "compose.override.yaml"],
        (
            Intent::Development,
            "`compose.override.yaml` is one of its files",
        ),
    );
    check(
        &files,
        &["compose.yaml", "compose.prod.yaml"],
        (
            Intent::Production,
            "`compose.prod.yaml` is one of its files",
        ),
    );
    check(
        &files,
        &["docker-compose.test.yml"],
        (
            Intent::Test,
            "`docker-compose.test.yml` is one of its files",
        ),
    );
}

#[test]
fn a_file_lies_where_it_is_used() {
    check(
        &[("deploy/compose.yaml", APP)],
        &["deploy/compose.yaml"],
        (Intent::Production, "it lies in `deploy`"),
    );
    check(
        &[(".devcontainer/compose.yaml", APP)],
        &[".devcontainer/compose.yaml"],
        (Intent::Development, "it lies in `.devcontainer`"),
    );
}

#[test]
fn the_files_beside_a_plain_one_say_what_it_is_not() {
    check(
        &[("compose.yaml", APP), ("compose.prod.yaml", APP)],
        &["compose.yaml"],
        (
            Intent::Development,
            "`compose.prod.yaml` beside it is for production",
        ),
    );
    let with_both = [
        ("compose.yaml", APP),
        ("compose.dev.yaml", APP),
        ("compose.prod.yaml", APP),
    ];
    assert!(!judgement(&with_both, &["compose.yaml"]).may_be_development());
}

#[test]
fn recipes_say_what_the_files_are_for() {
    let make = ("Makefile", "dev:\n\tdocker compose up\n");
    check(
        &[("compose.yaml", APP), make],
        &["compose.yaml"],
        (Intent::Development, "`make dev` starts it"),
    );
    let ship = ("deploy.sh", "ssh host 'docker compose up -d'\n");
    check(
        &[("compose.yaml", APP), ship],
        &["compose.yaml"],
        (
            Intent::Production,
            "it is started on another machine (`deploy.sh`)",
        ),
    );
    let stack = (
        "Makefile",
        "ship:\n\tdocker stack deploy -c compose.yaml app\n",
    );
    check(
        &[("compose.yaml", APP), stack],
        &["compose.yaml"],
        (
            Intent::Production,
            "it is deployed as a stack (`make ship`)",
        ),
    );
    let ci = (
        ".github/workflows/x.yml",
        "jobs:\n  check:\n    steps:\n      - run: docker compose up -d\n",
    );
    check(
        &[("compose.yaml", APP), ci],
        &["compose.yaml"],
        (Intent::Ci, "only pipelines start it (`x.yml (check)`)"),
    );
}

#[test]
fn the_content_speaks_for_itself() {
    let alone = |lines: &str, expected| {
        check(
            &[("compose.yaml", &app(lines))],
            &["compose.yaml"],
            expected,
        )
    };
    alone(
        "develop: {watch: [{path: ./app, action: rebuild}]}",
        (Intent::Development, "`app` is watched"),
    );
    alone(
        "volumes: ['./app:/code']",
        (Intent::Development, "the sources of `app` are mounted"),
    );
    alone(
        "environment: {NODE_ENV: production}",
        (Intent::Production, "`NODE_ENV` is `production`"),
    );
    alone(
        "environment: [FLASK_DEBUG=1]",
        (Intent::Development, "`FLASK_DEBUG` is `1`"),
    );
    alone(
        "command: [uvicorn, 'a:b', --reload]",
        (Intent::Development, "a command has `--reload`"),
    );
    alone(
        "deploy: {placement: {constraints: [node.role == manager]}}",
        (Intent::Production, "`app` has `deploy.placement`"),
    );
    alone(
        "env_file: [{path: .env.prod, required: false}]",
        (Intent::Production, "it reads `.env.prod`"),
    );
    alone(
        "labels: ['traefik.http.routers.a.tls.certresolver=le']",
        (Intent::Production, "`app` gets certificates"),
    );
}

#[test]
fn a_value_that_nobody_knows_is_no_sign() {
    check(
        &[(
            "compose.yaml",
            &app("environment: ['NODE_ENV=${MODE}production']"),
        )],
        &["compose.yaml"],
        (Intent::Unknown, ""),
    );
}

#[test]
fn the_first_comment_counts() {
    let text = format!("# The stack for local development.\n{APP}# production\n");
    check(
        &[("compose.yaml", &text)],
        &["compose.yaml"],
        (
            Intent::Development,
            "its first comment says \"The stack for local development.\"",
        ),
    );
}

#[test]
fn contradicting_signs_are_no_verdict() {
    let both = app("environment: {NODE_ENV: production}\nvolumes: ['./app:/code']");
    check(
        &[("compose.yaml", &both)],
        &["compose.yaml"],
        (Intent::Unknown, ""),
    );
    assert!(!judgement(&[("compose.yaml", &both)], &["compose.yaml"]).may_be_development());
}

#[test]
fn hints_of_production_alone_do_not_forbid_advice() {
    let hints = app("restart: always\nports: ['443:443']");
    assert!(judgement(&[("compose.yaml", &hints)], &["compose.yaml"]).may_be_development());
}

#[test]
fn beside_the_files_that_start_by_themselves_others_are_for_something_special() {
    let files = [("compose.yaml", APP), ("compose.logging.yaml", APP)];
    assert!(judgement(&files, &["compose.yaml"]).may_be_development());
    assert!(!judgement(&files, &["compose.logging.yaml"]).may_be_development());
    assert!(judgement(&files[1..], &["compose.logging.yaml"]).may_be_development());
}

#[test]
fn whoever_adds_a_file_for_development_does_not_develop_without_it() {
    let plain = app("environment:\n  - ORIGIN=http://localhost:3000\n  - APP_ENV=development");
    let make = (
        "Makefile",
        "dev:\n\tdocker compose -f compose.yaml -f compose.dev.yaml up\n",
    );
    let files = [
        ("compose.yaml", plain.as_str()),
        ("compose.dev.yaml", APP),
        make,
    ];
    assert!(!judgement(&files, &["compose.yaml"]).may_be_development());
    assert_eq!(
        judgement(&files, &["compose.yaml", "compose.dev.yaml"]).intent,
        Intent::Development
    );
}

#[test]
fn whoever_starts_only_a_database_works_outside_of_the_containers() {
    let files = format!("{APP}  db:\n    image: postgres\n");
    let readme =
        |services: &str| format!("# Development\n```sh\ndocker compose up -d {services}\n```\n");
    let with = |services: &str| {
        judgement(
            &[
                ("compose.yaml", files.as_str()),
                ("README.md", readme(services).as_str()),
            ],
            &["compose.yaml"],
        )
    };
    assert!(with("db").reasons.is_empty());
    assert_eq!(with("").intent, Intent::Development);
    assert_eq!(with("app db").intent, Intent::Development);
}

#[test]
fn a_file_for_development_that_only_adds_to_services_shows_what_the_plain_one_is_not() {
    let plain = app("environment:\n  - NODE_ENV=development");
    let fragment = "services:\n  app:\n    volumes: [./app:/app]\n";
    assert!(
        !judgement(
            &[
                ("compose.yaml", plain.as_str()),
                ("compose.dev.yaml", fragment)
            ],
            &["compose.yaml"]
        )
        .may_be_development()
    );
}
