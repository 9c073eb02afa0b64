use super::*;
use crate::files::Memory;
use crate::testing;

const BASE: &str =
    "services:\n  api:\n    build: ./api\n  tools:\n    image: adminer\n    profiles: [tools]\n";

fn files() -> Memory {
    let dockerfile =
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";
    testing::files(&[
        ("compose.yaml", BASE),
        ("api/Dockerfile", dockerfile),
        ("api/main.py", "app = None\n"),
    ])
}

fn text(files: &Memory) -> (String, String) {
    let (project, view) = testing::located(files);
    let found = generate(&project, &Options::new(&view));
    (found.source.path().display().to_string(), found.text)
}

#[test]
fn a_makefile_gets_targets_that_say_what_starts_and_what_does_not() {
    let (path, text) = text(&files().with("/p/Makefile", "test:\n\tpytest\n"));
    assert_eq!(path, "/p/Makefile");
    assert_eq!(
        text,
        "test:\n\tpytest\n\n# Development, written by composelint; edit freely.\n.PHONY: dev-fast dev-full dev-down\n\n\
         dev-fast: ## Starts api; not tools (profile tools)\n\t-@composelint plan\n\tdocker compose up -d --build\n\n\
         dev-full: ## Starts everything\n\t-@composelint plan --profile \"*\"\n\tdocker compose --profile \"*\" up -d --build\n\n\
         dev-down: ## Stops everything\n\tdocker compose --profile \"*\" down\n"
    );
}

#[test]
fn a_target_whose_name_is_taken_stays_what_it_is() {
    let (_, text) = text(&files().with("/p/justfile", "dev-fast:\n    echo mine\n"));
    assert!(
        text.starts_with("dev-fast:\n    echo mine\n\n# Development")
            && text.matches("dev-fast").count() == 1,
        "{text}"
    );
    assert!(
        text.contains("\n# Stops everything\ndev-down:\n    docker compose --profile \"*\" down\n"),
        "{text}"
    );
}

#[test]
fn scripts_of_a_package_are_json_afterwards() {
    for manifest in [
        "{\n    \"name\": \"p\",\n    \"scripts\": {\n        \"test\": \"jest\"\n    }\n}\n",
        "{\"scripts\": {}}",
        "{\n  \"name\": \"p\"\n}\n",
    ] {
        let (path, text) = text(&files().with("/p/package.json", manifest));
        let value: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(path, "/p/package.json");
        assert_eq!(
            value["scripts"]["dev-fast"], "composelint plan; docker compose up -d --build",
            "{text}"
        );
        assert_eq!(
            value["scripts"]["dev-down"], "docker compose --profile \"*\" down",
            "{text}"
        );
    }
}

#[test]
fn what_is_written_is_not_written_again() {
    let files = files().with("/p/Makefile", "");
    let (_, once) = text(&files);
    assert_eq!(text(&files.with("/p/Makefile", &once)).1, once);
}
