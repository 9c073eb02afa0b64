use std::path::Path;

use super::*;
use crate::files::Memory;
use crate::project::user_annotations::Stated;
use crate::testing;

fn name(generated: &Override) -> String {
    generated
        .target
        .path()
        .strip_prefix("/p")
        .unwrap()
        .display()
        .to_string()
}

#[track_caller]
fn generated(files: &Memory, to: Option<&Path>) -> Override {
    let (project, view) = testing::located(files);
    assert_eq!(project.problems().next(), None, "the project itself loads");
    generate(
        &project,
        &Options {
            to,
            ..Options::new(&view)
        },
    )
}

const API: &str = "services:\n  api:\n    build: ./api\n";
const DOCKERFILE: &str =
    "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";

fn api() -> Memory {
    testing::files(&[
        ("compose.yaml", API),
        ("api/Dockerfile", DOCKERFILE),
        ("api/main.py", "app = None\n"),
    ])
}

#[test]
fn a_project_that_lacks_nothing_gets_nothing() {
    let files = Memory::new().with("/p/compose.yaml", "services:\n  web:\n    image: nginx\n");
    let generated = generated(&files, None);
    assert!(generated.unchanged && generated.edits.is_empty() && generated.text.is_empty());
    assert_eq!(generated.notes, [""; 0]);
}

#[test]
fn what_only_some_files_know_is_not_written_where_others_load_it_too() {
    let site = "services:\n  queue:\n    image: rabbitmq\n    healthcheck: {test: [CMD, rabbitmq-diagnostics, ping]}\n  api:\n    depends_on: {queue: {condition: service_healthy}}\n";
    let files = api().with("/p/site.yaml", site).with(
        "/p/compose.override.yaml",
        "services:\n  api:\n    init: true\n",
    );
    let workspace = testing::workspace(&files);
    let view = testing::view(workspace, |options| {
        options.files = vec!["compose.yaml".into(), "site.yaml".into()];
    });
    let project = testing::load(workspace, &view, Stated::default());
    let to = Path::new("/p/compose.override.yaml");
    let generated = generate(
        &project,
        &Options {
            to: Some(to),
            ..Options::new(&view)
        },
    );
    assert!(
        generated.text.contains("./api:/app") && !generated.text.contains("queue"),
        "{}",
        generated.text
    );
}

#[test]
fn a_file_that_the_user_names_is_the_file() {
    let generated = &generated(&api(), Some(Path::new("/p/compose.mine.yaml")));
    assert_eq!(name(generated), "compose.mine.yaml");
    assert!(generated.text.contains("./api:/app"), "{}", generated.text);
    assert_eq!(
        generated.notes,
        ["load it with `docker compose -f compose.yaml -f compose.mine.yaml up -d --build`"]
    );
}

#[test]
fn what_a_file_beside_says_counts_though_nothing_loads_it() {
    let over = "services:\n  api:\n    volumes: [\"./api:/app\"] # mine\n";
    let generated = &generated(&api().with("/p/compose.dev.yaml", over), None);
    assert_eq!(name(generated), "compose.dev.yaml");
    assert!(generated.text.starts_with(over), "{}", generated.text);
    assert!(
        generated.text.contains("UVICORN_RELOAD") && generated.text.matches("/app").count() == 1,
        "{}",
        generated.text
    );
}

#[test]
fn another_project_beside_is_no_override() {
    let other = "services:\n  api:\n    image: api\n";
    let generated = generated(&api().with("/p/compose.dev.yaml", other), None);
    assert!(generated.unchanged && generated.text == other);
    assert!(
        generated.notes[0].starts_with("./compose.dev.yaml is a whole project of its own"),
        "{:?}",
        generated.notes
    );
}

#[test]
fn an_override_that_docker_compose_would_refuse_is_found_out() {
    let files = api();
    let (project, view) = testing::located(&files);
    let target = target::choose(&project);
    let proof = Proof::new(&project, &view, &target);
    let edit = |text: &str| [Edit::replace(target.source.whole(), text)];
    assert_eq!(
        proof.problem(&edit(
            "services:\n  api:\n    profiles: [full]\n  web:\n    image: nginx\n"
        )),
        None
    );
    let needs_a_disabled_one = "services:\n  api:\n    profiles: [full]\n  web:\n    image: nginx\n    depends_on: [api]\n";
    assert!(proof.problem(&edit(needs_a_disabled_one)).is_some());
    // What breaks the project is left out, and the rest stays.
    let broken = DevForm {
        service: "nobody".to_owned(),
        profiles: Some(dev::Reasoned {
            value: vec!["full".to_owned()],
            why: String::new(),
        }),
        ..DevForm::default()
    };
    let mut notes = Vec::new();
    let kept = proof.without_problems(
        &[dev::forms(&project, Mode::Mount).remove(0), broken],
        &mut notes,
    );
    assert!(!kept[0].is_empty() && kept[1].is_empty(), "{kept:?}");
    assert!(
        notes[0].starts_with("profiles are left out: with them, "),
        "{notes:?}"
    );
}

#[test]
fn watching_copies_files_in_the_place_of_mounts() {
    let base = "services:\n  api:\n    build: ./api\n  worker:\n    build: ./api\n    command: celery -A main worker\n  ui:\n    build: ./ui\n    x-composelint: {dev: mount}\n  old:\n    build: ./api\n    x-composelint: {dev: {mode: none}}\n";
    let ui = "FROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\nCMD [\"npx\", \"vite\"]\n";
    let dockerfile = DOCKERFILE.replace(
        "COPY . .",
        "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .",
    );
    let files = api()
        .with("/p/compose.yaml", base)
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/requirements.txt", "uvicorn\n")
        .with("/p/ui/Dockerfile", ui)
        .with("/p/ui/main.js", "")
        .with(
            "/p/ui/package.json",
            "{\"devDependencies\": {\"vite\": \"7\"}}",
        );
    let watched = |files: &Memory| {
        let (project, view) = testing::located(files);
        let found = generate(
            &project,
            &Options {
                mode: Some(Mode::Watch),
                ..Options::new(&view)
            },
        );
        (found.text, found.unchanged)
    };
    let (text, _) = watched(&files);
    assert_eq!(text, include_str!("tests/watch.yaml"), "\n{text}");
    assert!(
        watched(&files.with("/p/compose.override.yaml", &text)).1,
        "a second run has nothing to add"
    );
}

#[test]
fn only_the_services_that_are_named_are_said() {
    let base = "services:\n  api:\n    build: ./api\n  web:\n    build: ./api\n";
    let files = api().with("/p/compose.yaml", base);
    let (project, view) = testing::located(&files);
    let found = generate(
        &project,
        &Options {
            services: &["web".to_owned()],
            ..Options::new(&view)
        },
    );
    assert!(
        found.text.contains("\n  web:\n") && !found.text.contains("\n  api:\n"),
        "{}",
        found.text
    );
    assert!(found.text.starts_with(
        "# Development settings over compose.yaml, written by composelint override --services web;"
    ));
}
