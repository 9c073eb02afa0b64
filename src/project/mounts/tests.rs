use super::*;
use crate::testing;

const DOCKERFILE: &str = "FROM node:22-slim AS dev\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD [\"npx\", \"nodemon\", \"server.js\"]\n";
const COMPOSE: &str =
    "services:\n  a:\n    build: .\n    volumes: [\".:/app\", \"/app/node_modules\"]\n";

/// Asks service `a` of a project with a compose file, a Dockerfile and other files.
fn ask<T>(
    compose: &str,
    dockerfile: &str,
    others: &[(&str, &str)],
    answer: impl FnOnce(Service<'_>) -> T,
) -> T {
    let given = [
        ("compose.yaml", compose),
        ("Dockerfile", dockerfile),
        (
            "package.json",
            "{\"scripts\": {\"start\": \"npm install && node server.js\"}}",
        ),
        ("server.js", ""),
    ];
    let files: Vec<_> = given.iter().chain(others).copied().collect();
    let project = testing::project(&files);
    answer(project.service("a").expect("the project has it"))
}

fn packages(dockerfile: &str) -> Vec<String> {
    ask(COMPOSE, dockerfile, &[], |service| {
        service
            .packages()
            .into_iter()
            .map(|packages| packages.container)
            .collect()
    })
}

#[test]
fn an_install_fills_a_directory_with_packages() {
    assert_eq!(packages(DOCKERFILE), ["/app/node_modules"]);
}

#[test]
fn where_uv_puts_packages_is_not_known_in_an_image_that_nobody_knows() {
    let on = |image: &str| {
        packages(&format!(
            "FROM {image}\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync\n"
        ))
    };
    assert_eq!(on("python:3.12"), ["/app/.venv"]);
    assert_eq!(
        on("ghcr.io/astral-sh/uv:python3.12-bookworm"),
        ["/app/.venv"]
    );
    assert!(on("acme/python-base:3").is_empty());
}

#[test]
fn packages_that_are_moved_away_are_not_there() {
    assert!(
        packages(&DOCKERFILE.replace("npm ci", "npm ci && mv /app/node_modules /node_modules"))
            .is_empty()
    );
    assert!(
        packages(&DOCKERFILE.replace("COPY . .", "RUN rm -rf node_modules\nCOPY . .")).is_empty()
    );
}

#[test]
fn packages_may_be_installed_as_the_container_starts_or_by_a_recipe() {
    let later = |compose: &str, others: &[(&str, &str)]| {
        ask(compose, DOCKERFILE, others, |service| {
            service.installs_packages_later()
        })
    };
    assert!(!later(COMPOSE, &[]));
    assert!(later(&format!("{COMPOSE}    command: npm start\n"), &[]));
    assert!(later(
        &format!("{COMPOSE}    command: uv run uvicorn main:app\n"),
        &[]
    ));
    assert!(!later(
        &format!("{COMPOSE}    command: uv run --no-sync uvicorn main:app\n"),
        &[]
    ));
    assert!(later(
        &format!("{COMPOSE}    command: [sh, -c, 'npm ci && node server.js']\n"),
        &[]
    ));
    assert!(later(
        COMPOSE,
        &[("Makefile", "add:\n\tdocker compose exec a npm install\n")]
    ));
    assert!(!later(
        COMPOSE,
        &[("Makefile", "add:\n\tdocker compose exec b npm install\n")]
    ));
    assert!(later(
        &format!("{COMPOSE}    command: dotnet watch --project x.csproj run\n"),
        &[]
    ));
    assert!(!later(
        &format!("{COMPOSE}    command: dotnet watch run --no-restore\n"),
        &[]
    ));
}

#[test]
fn a_mount_lies_over_a_volume_of_the_image() {
    let over = |compose: &str| {
        ask(
            compose,
            &DOCKERFILE.replace("CMD", "VOLUME /app\nCMD"),
            &[],
            |service| {
                service
                    .mount_over("/app/src")
                    .is_some_and(|mount| mount.via == crate::compose::Via::ImageVolume)
            },
        )
    };
    assert!(over("services:\n  a:\n    build: .\n"));
    assert!(!over(COMPOSE));
}
