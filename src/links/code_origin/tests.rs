use crate::links::code_origin;
use crate::testing;

const COMPOSE: &str = "services:\n  a:\n    build: .\n    volumes: [\".:/app\"]\n";

/// Who makes what service `a` runs.
#[track_caller]
fn check_maker(compose: &str, dockerfile: &str, expected: &str) {
    let package =
        r#"{"scripts": {"start": "npm run build && node dist/main.js", "watch": "tsc --watch"}}"#;
    let files = [
        ("compose.yaml", compose),
        ("Dockerfile", dockerfile),
        ("package.json", package),
        ("src/main.ts", ""),
    ];
    let project = testing::project(&files);
    let service = project.service("a").unwrap();
    let shown = format!(
        "{:?}",
        code_origin::maker(service, service.processes().last().unwrap())
    );
    assert!(shown.starts_with(expected), "{shown}");
}

#[test]
fn what_runs_is_made_by_the_image_at_the_start_by_a_watcher_or_on_the_host() {
    let dockerfile = |command: &str| {
        format!("FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD {command}\n")
    };
    let main = dockerfile("node dist/main.js");
    check_maker("services: {a: {build: .}}", &main, "Some(Image)");
    check_maker(
        "services: {a: {build: ., volumes: [\"./src:/app/src\"]}}",
        &main,
        "Some(Image)",
    );
    check_maker(COMPOSE, &main, "Some(Host(0))");
    check_maker(COMPOSE, &dockerfile("npm start"), "Some(Start(");
    check_maker(
        &format!(
            "{COMPOSE}  b:\n    build: .\n    command: npm run watch\n    volumes: [\".:/app\"]\n"
        ),
        &main,
        "Some(Watcher(",
    );
    check_maker(COMPOSE, &dockerfile("node src/main.ts"), "None");
}

#[test]
fn a_runner_of_package_scripts_builds_behind_a_wrapper_too() {
    for command in [
        "npm run build",
        "npx turbo run build --filter=web...",
        "turbo build",
        "pnpm dlx nx build web",
    ] {
        assert!(
            super::compiles(&command.split(' ').collect::<Vec<_>>()),
            "{command}"
        );
    }
    assert!(!super::compiles(&["npx", "serve", "-s", "build"][..2]));
}

#[test]
fn the_manifest_of_an_artefact_lies_at_the_same_place_in_the_context() {
    let dockerfile = "FROM node:22 AS made\nWORKDIR /src\nCOPY . .\nRUN npx turbo build\nFROM node:22\nWORKDIR /srv\n\
        COPY --from=made /src/apps/web/build ./apps/web/build\nCMD [\"node\", \"apps/web/build/server.js\"]\n";
    let files = [
        ("compose.yaml", "services:\n  a:\n    build: .\n"),
        ("Dockerfile", dockerfile),
        ("package.json", "{\"name\": \"root\"}"),
        ("apps/web/package.json", "{\"name\": \"web\"}"),
    ];
    let project = testing::project(&files);
    let service = project.service("a").unwrap();
    let manifest = code_origin::manifest_of(service, &service.processes()[0]).expect("it has one");
    assert!(manifest.path().ends_with("apps/web/package.json"));
}

#[test]
fn what_each_start_compiles_starts_from_the_sources() {
    let starts_from_sources = |start: &str| {
        let package = format!("{{\"scripts\": {{\"start\": \"{start}\"}}}}");
        let files = [
            ("compose.yaml", "services:\n  a:\n    build: .\n"),
            (
                "Dockerfile",
                "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD npm start\n",
            ),
            ("package.json", &package),
            ("src/server.ts", ""),
        ];
        let project = testing::project(&files);
        let service = project.service("a").unwrap();
        code_origin::starts_from_sources(service, &service.processes()[0])
    };
    assert!(starts_from_sources("tsc && node dist/server.js"));
    assert!(!starts_from_sources("node dist/server.js"));
}
