use std::path::Path;

use super::*;
use crate::files::Memory;
use crate::overrides::generate;
use crate::project::user_annotations::Mode;
use crate::testing;

const BASE: &str = "services:\n  api:\n    build: ./api\n    command: hypercorn main:app\n";
const DOCKERFILE: &str =
    "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"hypercorn\", \"main:app\"]\n";

fn api() -> Memory {
    testing::files(&[
        ("compose.yaml", BASE),
        ("api/Dockerfile", DOCKERFILE),
        ("api/main.py", "app = None\n"),
        ("api/requirements.txt", "hypercorn\n"),
    ])
}

/// The files with the override that is generated for them.
fn written(files: &Memory, mode: Option<Mode>) -> Memory {
    let (project, view) = &testing::located(files);
    let generated = generate(
        project,
        &Options {
            mode,
            ..Options::new(view)
        },
    );
    files.clone().with(generated.target.path(), &generated.text)
}

/// What `--check` tells, each with its line.
fn told(files: &Memory) -> Vec<String> {
    let (project, view) = &testing::located(files);
    let drift = check(project, &Options::new(view));
    let line = |place: Span| drift.source.lines().line(place.start) + 1;
    let place = |difference: &Difference| {
        difference
            .place
            .map(line)
            .map(|line| format!("{line}: "))
            .unwrap_or_default()
    };
    drift
        .differences
        .iter()
        .map(|difference| format!("{}{}", place(difference), difference.text))
        .collect()
}

#[test]
fn what_was_just_generated_has_not_drifted() {
    assert_eq!(told(&written(&api(), None)), [""; 0]);
    assert_eq!(told(&written(&api(), Some(Mode::Watch))), [""; 0]);
}

#[test]
fn without_an_override_all_of_it_is_missing() {
    let told = told(&api());
    assert!(
        told[0].starts_with("`api` is not here; it needs command: "),
        "{told:?}"
    );
}

#[test]
fn another_command_of_the_base_is_told_with_its_line() {
    let files =
        written(&api(), None).with("/p/compose.yaml", BASE.replace("main:app", "app.main:app"));
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].ends_with(
            "command of `api` would now be `hypercorn app.main:app --reload`, and is `hypercorn main:app --reload`: ./compose.yaml:4 starts `hypercorn app.main:app`"
        ),
        "{told:?}"
    );
}

#[test]
fn a_command_that_is_not_needed_any_more_is_told() {
    let files = written(&api(), None).with(
        "/p/compose.yaml",
        BASE.replace("main:app", "main:app --reload"),
    );
    assert!(
        told(&files)[0].contains("`api` needs no command of its own any more"),
        "{:?}",
        told(&files)
    );
}

#[test]
fn a_new_service_and_a_new_shared_directory_are_missing() {
    let files = written(&api(), None)
        .with(
            "/p/compose.yaml",
            format!("{BASE}  web:\n    build: ./web\n"),
        )
        .with("/p/web/Dockerfile", DOCKERFILE)
        .with("/p/web/main.py", "app = None\n");
    assert!(
        told(&files)
            .iter()
            .any(|line| line.contains("`web` is not here; it needs")),
        "{:?}",
        told(&files)
    );
    let shared = api()
        .with("/p/compose.yaml", "services:\n  api:\n    build: .\n")
        .with(
            "/p/Dockerfile",
            "FROM python:3.12-slim\nWORKDIR /app\nCOPY api ./\nCMD [\"hypercorn\", \"main:app\"]\n",
        )
        .with("/p/libs/common.py", "x = 1\n");
    let more = "FROM python:3.12-slim\nWORKDIR /app\nCOPY api ./\nCOPY libs /libs\nCMD [\"hypercorn\", \"main:app\"]\n";
    let files = written(&shared, None).with("/p/Dockerfile", more);
    assert_eq!(told(&files).len(), 1, "{:?}", told(&files));
    assert!(
        told(&files)[0]
            .ends_with("`api` lacks volumes: ./libs:/libs (Dockerfile `COPY libs /libs`)"),
        "{:?}",
        told(&files)
    );
}

#[test]
fn a_mount_at_the_place_where_the_code_was_is_out_of_date() {
    let files = written(&api(), None).with("/p/api/Dockerfile", DOCKERFILE.replace("/app", "/srv"));
    assert!(
        told(&files)
            .iter()
            .any(|line| line.contains("`api` holds ./api at /srv now, not at /app")),
        "{:?}",
        told(&files)
    );
}

#[test]
fn a_service_that_is_gone_and_a_path_that_is_gone_are_told_of_any_file() {
    let over = "services:\n  api:\n    command: hypercorn main:app --reload\n    volumes: [./api:/app, ./lib:/lib]\n  web:\n    ports: ['80:80']\n";
    let told = told(&api().with("/p/compose.override.yaml", over));
    assert!(
        told.iter()
            .any(|line| line.starts_with("4: `api` names ./lib")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|line| line.starts_with("5: there is no service `web` any more")),
        "{told:?}"
    );
}

#[test]
fn what_a_person_adds_or_says_in_a_file_of_their_own_is_theirs() {
    let files = written(&api(), None);
    let path = Path::new("/p/compose.override.yaml");
    let (project, _) = testing::located(&files);
    let text = project.workspace().read(path).unwrap().text().to_owned();
    let more = text.replace(
        "    volumes:\n",
        "    ports: [\"5678:5678\"]\n    volumes:\n      - ./api:/debug\n",
    );
    assert_eq!(told(&files.with(path, more)), [""; 0]);
    let own = "services:\n  api:\n    command: python -m debug\n    volumes: [\"./api:/app\"]\n    environment: {PYTHONDONTWRITEBYTECODE: \"1\"}\n";
    assert!(
        !told(&api().with(path, own))
            .iter()
            .any(|line| line.contains("command of"))
    );
}

#[test]
fn a_process_that_does_not_reload_any_more_wants_a_restart_after_each_edit() {
    let base = BASE.replace("hypercorn main:app", "uvicorn main:app");
    let files = written(&api().with("/p/compose.yaml", &base), Some(Mode::Watch));
    let told = told(&files.with(
        "/p/compose.yaml",
        BASE.replace("hypercorn main:app", "python main.py"),
    ));
    assert!(
        told.iter().any(|line| line
            .contains("would now want sync+restart for ./api, and has sync: ./compose.yaml:4")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|line| line
                .contains("`api` sets UVICORN_RELOAD, which what it runs now does not read")),
        "{told:?}"
    );
}
