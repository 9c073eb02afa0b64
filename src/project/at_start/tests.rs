use crate::project::at_start;
use crate::testing;

const DOCKERFILE: &str = "FROM node:22-slim AS dev\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD [\"npx\", \"nodemon\", \"server.js\"]\n";
const COMPOSE: &str =
    "services:\n  a:\n    build: .\n    volumes: [\".:/app\", \"/app/node_modules\"]\n";

#[test]
fn packages_may_be_installed_as_the_container_starts_or_by_a_recipe() {
    let later = |compose: &str, others: &[(&str, &str)]| {
        let given = [
            ("compose.yaml", compose),
            ("Dockerfile", DOCKERFILE),
            (
                "package.json",
                "{\"scripts\": {\"start\": \"npm install && node server.js\"}}",
            ),
            ("server.js", ""),
        ];
        let files: Vec<_> = given.iter().chain(others).copied().collect();
        let project = testing::project(&files);
        at_start::installs_packages_later(project.service("a").expect("the project has it"))
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
