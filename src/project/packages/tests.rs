use crate::project::packages;
use crate::testing;

const DOCKERFILE: &str = "FROM node:22-slim AS dev\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD [\"npx\", \"nodemon\", \"server.js\"]\n";

/// The directories that a Dockerfile fills with packages.
fn packages(dockerfile: &str) -> Vec<String> {
    let files = [
        ("compose.yaml", "services:\n  a:\n    build: .\n"),
        ("Dockerfile", dockerfile),
        ("package.json", "{}"),
        ("server.js", ""),
    ];
    let project = testing::project(&files);
    packages::of(project.service("a").expect("the project has it"))
        .into_iter()
        .map(|packages| packages.container)
        .collect()
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
