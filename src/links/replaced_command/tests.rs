use super::replaced_reloader;
use crate::testing;

const DOCKERFILE: &str = "FROM node:22-slim AS dev\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD [\"npx\", \"nodemon\", \"server.js\"]\n";
const COMPOSE: &str =
    "services:\n  a:\n    build: .\n    volumes: [\".:/app\", \"/app/node_modules\"]\n";

/// Whether the command of service `a` takes the place of a reloader of its image.
fn hides_reloader(compose: &str, dockerfile: &str, script: (&str, &str)) -> bool {
    let project = testing::project(&[
        ("compose.yaml", compose),
        ("Dockerfile", dockerfile),
        (
            "package.json",
            "{\"scripts\": {\"start\": \"npm install && node server.js\"}}",
        ),
        ("server.js", ""),
        script,
    ]);
    let service = project.service("a").expect("the project has it");
    replaced_reloader(service).is_some()
}

#[test]
fn a_command_may_hide_the_reloader_of_a_stage_for_development() {
    let serves = ("server.js", "app.listen(80)");
    let hides = |compose: &str, dockerfile: &str| hides_reloader(compose, dockerfile, serves);
    let with = format!("{COMPOSE}    command: node server.js\n");
    assert!(hides(&with, DOCKERFILE));
    assert!(!hides(COMPOSE, DOCKERFILE));
    assert!(!hides(&with, &DOCKERFILE.replace("AS dev", "AS app")));
    assert!(!hides(
        &format!("{COMPOSE}    command: npx nodemon server.js\n"),
        DOCKERFILE
    ));
    let server = DOCKERFILE
        .replace("node:22", "python:3.13")
        .replace("CMD", "CMD uvicorn main:app --reload\nLABEL cmd=");
    assert!(hides(
        &format!("{COMPOSE}    command: uvicorn main:app\n"),
        &server
    ));
    assert!(
        !hides(
            &format!("{COMPOSE}    command: celery -A main worker\n"),
            &server
        ),
        "a worker has no use for the server's command"
    );
}

#[test]
fn a_worker_that_shares_the_stage_of_a_server_hides_no_reloader() {
    let hides = |more: &str| {
        let worker = ("worker.js", "queue.process(work)");
        hides_reloader(&format!("{COMPOSE}{more}"), DOCKERFILE, worker)
    };
    assert!(!hides("    command: celery -A app worker\n"));
    assert!(!hides("    command: node worker.js\n"));
    assert!(hides("    command: node worker.js\n    ports: ['80:80']\n"));
}
