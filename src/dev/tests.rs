use super::target::Target;
use super::*;
use crate::diagnostic::Safety;
use crate::files::Memory;
use crate::project::user_annotations::Mode;
use crate::testing;

const DOCKERFILE: &str = "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";
const BASE: &str = "services:\n  api:\n    build: ./api\n";

/// A service in Python whose code is baked, behind the compose file `name`.
fn api(name: &str) -> Memory {
    testing::files(&[
        (name, BASE),
        ("api/Dockerfile", DOCKERFILE),
        ("api/main.py", "app = None\n"),
        ("api/requirements.txt", "uvicorn\n"),
    ])
}

/// The project that these files of `/p` make.
#[track_caller]
fn project(files: &Memory, names: &[&str]) -> Project<'static> {
    let project = testing::named(files, names);
    assert_eq!(project.problems().next(), None, "the project itself loads");
    project
}

/// The file where settings go, how sure that is, and whether Docker Compose loads it by itself.
fn target_of(files: &Memory, names: &[&str]) -> (String, Safety, bool) {
    let project = &project(files, names);
    let Target {
        source,
        safety,
        is_automatic,
        ..
    } = target::choose(project);
    (
        source
            .path()
            .strip_prefix("/p")
            .unwrap()
            .display()
            .to_string(),
        safety,
        is_automatic,
    )
}

/// The text of the file where settings go, with all of them, and what was left out.
fn extended(files: &Memory, names: &[&str]) -> (String, Vec<String>) {
    let project = &project(files, names);
    let target = target::choose(project);
    let written = write::edits(project, &target, &forms(project, Mode::Mount));
    (
        Edit::apply_all(target.source.text(), &written.edits),
        written.left,
    )
}

/// What stands in the form of the one service, as lines.
fn check(files: &Memory, expected: &[&str]) {
    let project = &project(files, &["compose.yaml"]);
    let forms = forms(project, Mode::Mount);
    let mut lines = Vec::new();
    for form in &forms {
        lines.extend(
            form.binds
                .iter()
                .map(|bind| format!("{}:{}", bind.value.host, bind.value.container)),
        );
        lines.extend(form.syncs.iter().map(|sync| {
            format!(
                "{} {}:{}",
                sync.value.then.action(),
                sync.value.host,
                sync.value.container
            )
        }));
        lines.extend(form.protected.iter().map(|volume| volume.value.clone()));
        lines.extend(form.environment.iter().map(|entry| {
            format!(
                "{}={}",
                entry.value.name,
                entry.value.value.as_deref().unwrap_or("?")
            )
        }));
        lines.extend(
            form.command
                .iter()
                .map(|command| format!("{:?}", command.value)),
        );
        lines.extend(form.restart_on.iter().map(|restart| {
            format!(
                "restart {} {}",
                restart.value.host,
                restart.value.include.join(" ")
            )
        }));
        lines.extend(form.notes.iter().map(|note| format!("note: {note}")));
    }
    assert_eq!(lines, expected);
}

// Where it goes.

#[test]
fn a_new_override_is_named_in_the_style_of_the_main_file() {
    for (main, file) in [
        ("compose.yaml", "compose.override.yaml"),
        ("compose.yml", "compose.override.yml"),
        ("docker-compose.yml", "docker-compose.override.yml"),
    ] {
        assert_eq!(
            target_of(&api(main), &[main]),
            (file.to_owned(), Safety::Safe, true)
        );
    }
}

#[test]
fn a_main_file_that_docker_compose_does_not_look_for_gets_a_development_file() {
    assert_eq!(
        target_of(&api("stack.yml"), &["stack.yml"]),
        ("stack.dev.yml".to_owned(), Safety::Safe, false)
    );
}

#[test]
fn where_people_name_the_main_file_an_override_would_not_be_loaded() {
    let files = api("compose.yaml").with(
        "/p/Makefile",
        "run:\n\tdocker compose -f compose.yaml up -d\n",
    );
    assert_eq!(target_of(&files, &["compose.yaml"]).0, "compose.dev.yaml");
    let files = api("compose.yaml").with("/p/.env", "COMPOSE_FILE=compose.yaml\n");
    assert_eq!(target_of(&files, &["compose.yaml"]).0, "compose.dev.yaml");
}

#[test]
fn an_override_is_not_loaded_by_itself_where_production_runs() {
    let base = "services:\n  api:\n    build: ./api\n    environment: {NODE_ENV: production}\n";
    assert_eq!(
        target_of(
            &api("compose.yaml").with("/p/compose.yaml", base),
            &["compose.yaml"]
        )
        .0,
        "compose.dev.yaml"
    );
}

#[test]
fn a_file_for_development_is_extended_and_there_is_never_a_second_one() {
    let over = "services:\n  api:\n    ports: [\"8000:8000\"]\n";
    let loaded = api("compose.yaml").with("/p/compose.override.yml", over);
    assert_eq!(
        target_of(&loaded, &["compose.yaml", "compose.override.yml"]),
        ("compose.override.yml".to_owned(), Safety::Unsafe, true)
    );
    let beside = api("docker-compose.yml").with("/p/docker-compose.dev.yml", over);
    assert_eq!(
        target_of(&beside, &["docker-compose.yml"]),
        ("docker-compose.dev.yml".to_owned(), Safety::Unsafe, false)
    );
}

#[test]
fn a_file_for_something_else_is_no_sibling() {
    let over = "services:\n  api:\n    ports: [\"8000:8000\"]\n";
    let files = api("compose.yaml")
        .with("/p/compose-keycloak-override.yml", over)
        .with("/p/compose.dev.yaml", BASE);
    // `compose.dev.yaml` is a project of its own, which is a sign that the main file is not for
    // development.
    assert_eq!(
        target_of(
            &files.with("/p/docker-compose.local.yml", over),
            &["compose.yaml"]
        )
        .0,
        "docker-compose.local.yml"
    );
}

#[test]
fn what_composelint_wrote_it_may_extend() {
    let over = "# Development settings over compose.yaml, written by composelint; edit freely.\nservices: {}\n";
    let files = api("compose.yaml").with("/p/compose.override.yaml", over);
    assert_eq!(
        target_of(&files, &["compose.yaml", "compose.override.yaml"]).1,
        Safety::Safe
    );
}

// What it says.

#[test]
fn what_is_there_is_not_said_again() {
    let base = "services:\n  api:\n    build: ./api\n    volumes: [\"./api:/app\"]\n    environment: {UVICORN_RELOAD: \"true\"}\n";
    check(&api("compose.yaml").with("/p/compose.yaml", base), &[]);
}

#[test]
fn a_mount_without_a_reloader_gets_the_reloader_alone() {
    let base = "services:\n  api:\n    build: ./api\n    volumes: [\"./api:/app\"]\n";
    check(
        &api("compose.yaml").with("/p/compose.yaml", base),
        &["UVICORN_RELOAD=true", "PYTHONDONTWRITEBYTECODE=1"],
    );
}

#[test]
fn files_that_are_copied_one_by_one_are_mounted_with_their_directory() {
    let dockerfile = "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY main.py .\nCMD [\"python\", \"main.py\"]\n";
    let files = api("compose.yaml").with("/p/api/Dockerfile", dockerfile);
    check(&files, &["./api:/app", "PYTHONDONTWRITEBYTECODE=1"]);
}

#[test]
fn a_directory_is_not_mounted_over_files_that_come_from_elsewhere() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY src ./\nCMD [\"node\", \"--watch-path=.\", \"index.js\"]\n";
    let files = api("compose.yaml")
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/src/index.js", "")
        .with("/p/api/package.json", "{}");
    check(
        &files,
        &[
            "note: ./api/src is not mounted at /app: it would hide /app/package.json (Dockerfile `COPY package.json ./`)",
        ],
    );
}

#[test]
fn packages_under_a_mount_stay_those_of_the_image() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"index.js\"]\n";
    let files = api("compose.yaml")
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/index.js", "")
        .with("/p/api/package.json", "{}");
    check(
        &files,
        &[
            "./api:/app",
            "/app/node_modules",
            "Words([\"node\", \"--watch-path=.\", \"index.js\"])",
            "note: after a change of package.json run `docker compose up -d --build -V api`: -V renews the volumes that hold the packages",
        ],
    );
}

#[test]
fn packages_outside_of_the_mount_need_no_volume() {
    let dockerfile = "FROM node:22\nWORKDIR /deps\nCOPY package.json ./\nRUN npm ci\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"--watch-path=.\", \"index.js\"]\n";
    let files = api("compose.yaml")
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/index.js", "")
        .with("/p/api/package.json", "{}");
    check(&files, &["./api:/app"]);
}

#[test]
fn a_tool_that_nobody_lists_is_named_and_not_used() {
    let dockerfile = DOCKERFILE.replace(
        "\"uvicorn\", \"main:app\"",
        "\"celery\", \"-A\", \"main\", \"worker\"",
    );
    let files = api("compose.yaml").with("/p/api/Dockerfile", dockerfile);
    check(
        &files,
        &[
            "./api:/app",
            "PYTHONDONTWRITEBYTECODE=1",
            "restart ./api **/*.py",
            "note: `celery` keeps the code it started with; once a manifest lists `watchfiles`, that can restart it; until then an edit needs `docker compose restart api`, which `docker compose watch` does",
        ],
    );
}

#[test]
fn a_health_check_that_nobody_waits_for_stays_as_slow_as_it_is() {
    let base = "services:\n  db:\n    image: postgres:17\n    healthcheck: {test: [CMD, pg_isready]}\n  api:\n    image: nginx\n    depends_on: [db]\n";
    let project = &project(
        &api("compose.yaml").with("/p/compose.yaml", base),
        &["compose.yaml"],
    );
    assert_eq!(forms(project, Mode::Mount), []);
}

#[test]
fn nothing_is_mounted_where_a_base_image_keeps_its_own_files() {
    for (copy, there) in [
        ("COPY . /usr/local/bin", "/usr/local/bin"),
        ("COPY . /", "/"),
    ] {
        let dockerfile = format!(
            "FROM python:3.12-slim\n{copy}\nCMD [\"python\", \"/usr/local/bin/main.py\"]\n"
        );
        let files = api("compose.yaml").with("/p/api/Dockerfile", dockerfile);
        check(
            &files,
            &[&format!(
                "note: ./api lies in the image at {there}: a mount would hide what the base image keeps there"
            )],
        );
    }
}

#[test]
fn a_single_file_among_those_of_the_base_image_is_copied_by_watching() {
    let dockerfile = "FROM python:3.12-slim\nCOPY main.py /usr/local/bin/\nCMD [\"python\", \"/usr/local/bin/main.py\"]\n";
    let files = api("compose.yaml").with("/p/api/Dockerfile", dockerfile);
    check(
        &files,
        &[
            "sync+restart ./api/main.py:/usr/local/bin/main.py",
            "PYTHONDONTWRITEBYTECODE=1",
        ],
    );
}

#[test]
fn a_directory_that_holds_no_code_yet_is_mounted_where_the_process_starts() {
    let mut files = Memory::new().with("/p/compose.yaml", BASE);
    files.write("/p/api/Dockerfile", DOCKERFILE);
    files.write("/p/api/requirements.txt", "uvicorn\n");
    check(
        &files,
        &[
            "./api:/app",
            "UVICORN_RELOAD=true",
            "PYTHONDONTWRITEBYTECODE=1",
        ],
    );
    // What an image of somebody else keeps there is not known.
    files.write(
        "/p/api/Dockerfile",
        DOCKERFILE.replace("python:3.12-slim", "example.org/shop"),
    );
    check(&files, &[]);
}

#[test]
fn what_an_image_without_development_packages_can_do_is_done() {
    let dockerfile = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json .\nRUN npm install --omit=dev\nCOPY . .\nCMD [\"node\", \"server.js\"]\n";
    let manifest =
        r#"{"scripts": {"dev": "nodemon server.js"}, "devDependencies": {"nodemon": "3"}}"#;
    let files = Memory::new()
        .with("/p/compose.yaml", BASE)
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/package.json", manifest)
        .with(
            "/p/api/server.js",
            "require('http').createServer(() => {}).listen(80)\n",
        );
    let project = &project(&files, &["compose.yaml"]);
    let words = ["node", "--watch-path=.", "server.js"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(
        forms(project, Mode::Mount)[0]
            .command
            .as_ref()
            .map(|command| &command.value),
        Some(&Command::Words(words))
    );
}

#[test]
fn a_stage_without_the_health_check_that_others_wait_for_is_not_taken() {
    let base = "services:\n  api:\n    build: {context: ./api, target: prod}\n  web:\n    image: nginx\n    depends_on: {api: {condition: service_healthy}}\n";
    let stages = "FROM node:22 AS dev\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"--watch\", \"server.js\"]\nFROM node:22 AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"bun\", \"server.js\"]\n";
    for (health, target) in [("HEALTHCHECK CMD true\n", None), ("", Some("dev"))] {
        let files = Memory::new()
            .with("/p/compose.yaml", base)
            .with("/p/api/Dockerfile", format!("{stages}{health}"))
            .with(
                "/p/api/server.js",
                "require('http').createServer(() => {}).listen(80)\n",
            );
        let project = &project(&files, &["compose.yaml"]);
        let forms = forms(project, Mode::Mount);
        let found = forms
            .iter()
            .find_map(|form| form.build_target.as_ref())
            .map(|target| target.value.as_str());
        assert_eq!(found, target, "{forms:?}");
    }
}

#[test]
fn what_docker_compose_watch_syncs_is_not_mounted_as_well() {
    let base = "services:\n  api:\n    build: ./api\n    environment: {UVICORN_RELOAD: \"1\"}\n    develop:\n      watch:\n        - {path: ./api/app, action: sync, target: /app/app}\n";
    let dockerfile = DOCKERFILE.replace("COPY . .", "COPY app ./app\nCOPY main.py .");
    let files = api("compose.yaml")
        .with("/p/compose.yaml", base)
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/app/x.py", "");
    check(&files, &[]);
}

#[test]
fn a_shared_directory_is_mounted_beside_the_one_that_is() {
    let base = "services:\n  api:\n    build: .\n    environment: {UVICORN_RELOAD: \"1\"}\n    volumes: [\"./api:/app\"]\n";
    let dockerfile = "FROM python:3.12-slim\nWORKDIR /app\nCOPY api .\nCOPY libs /libs\nCMD [\"uvicorn\", \"main:app\"]\n";
    let files = api("compose.yaml")
        .with("/p/compose.yaml", base)
        .with("/p/Dockerfile", dockerfile)
        .with("/p/libs/common.py", "");
    check(
        &files,
        &[
            "./libs:/libs",
            "UVICORN_RELOAD_DIRS=/app:/libs",
            "PYTHONDONTWRITEBYTECODE=1",
        ],
    );
}

#[test]
fn a_stage_with_the_very_name_goes_before_one_that_has_it_in_its_name() {
    let dockerfile = "FROM node:22 AS development\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"run\", \"dev\"]\nFROM development AS dev-envs\nRUN apt-get install git\n\
                      FROM development AS build\nRUN npm run build\nFROM nginx\nCOPY --from=build /app/dist /usr/share/nginx/html\n";
    let manifest = r#"{"scripts": {"dev": "vite", "build": "vite build"}}"#;
    let files = api("compose.yaml")
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/api/package.json", manifest)
        .with("/p/api/src/main.ts", "");
    let project = &project(&files, &["compose.yaml"]);
    let form = &forms(project, Mode::Mount)[0];
    assert_eq!(
        form.build_target
            .as_ref()
            .map(|target| target.value.as_str()),
        Some("development")
    );
    assert_eq!(
        form.binds[0].value,
        Bind {
            host: "./api".to_owned(),
            container: "/app".to_owned()
        }
    );
}

// How it is written.

#[test]
fn an_override_that_a_person_wrote_keeps_every_line_of_it() {
    let over = "# Ours.\nservices:\n  api:\n    # The debugger.\n    ports: [\"5678:5678\"]   # debugpy\n    environment:\n      - LOG=debug\n    volumes:\n      - ./data:/data # uploads\n\nnetworks: {}\n";
    let files = api("compose.yaml").with("/p/compose.override.yaml", over);
    let (text, left) = extended(&files, &["compose.yaml", "compose.override.yaml"]);
    assert_eq!(left, [""; 0]);
    assert_eq!(
        text,
        "# Ours.\nservices:\n  api:\n    # The debugger.\n    ports: [\"5678:5678\"]   # debugpy\n    environment:\n      - LOG=debug\n      \
         - UVICORN_RELOAD=true  # `uvicorn` reads `UVICORN_RELOAD`\n      \
         - PYTHONDONTWRITEBYTECODE=1  # an edit of the same second and size would be hidden by a stale .pyc\n    \
         volumes:\n      - ./data:/data # uploads\n      - ./api:/app  # Dockerfile `COPY . .` (WORKDIR /app)\n    \
         develop:\n      watch:\n        - {path: ./api/requirements.txt, action: rebuild}  # Dockerfile `RUN pip install -r requirements.txt`\n\nnetworks: {}\n"
    );
}

#[test]
fn what_a_person_said_is_left_and_told() {
    let dockerfile = DOCKERFILE.replace("\"uvicorn\", \"main:app\"", "\"hypercorn\", \"main:app\"");
    let over = "services:\n  api:\n    command: hypercorn main:app --workers 2\n";
    let files = api("compose.yaml")
        .with("/p/api/Dockerfile", dockerfile)
        .with("/p/compose.override.yaml", over);
    let (text, left) = extended(&files, &["compose.yaml", "compose.override.yaml"]);
    assert!(
        text.starts_with(over) && text.contains("./api:/app"),
        "{text}"
    );
    assert_eq!(
        left,
        [
            "`command` of `api` stands in compose.override.yaml already and is left as it is; development wants \
            \"hypercorn\", \"main:app\", \"--workers\", \"2\", \"--reload\""
        ]
    );
}

#[test]
fn a_new_file_has_the_line_ends_of_the_main_one() {
    let files = api("compose.yaml").with("/p/compose.yaml", BASE.replace('\n', "\r\n"));
    let (text, _) = extended(&files, &["compose.yaml"]);
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
}

#[test]
fn signs_that_mean_something_are_written_so_that_they_do_not() {
    let dockerfile = DOCKERFILE.replace(
        "\"uvicorn\", \"main:app\"",
        "\"hypercorn\", \"$APP\", \"a: b\"",
    );
    let (text, _) = extended(
        &api("compose.yaml").with("/p/api/Dockerfile", dockerfile),
        &["compose.yaml"],
    );
    assert!(
        text.contains(r#"command: ["hypercorn", "$$APP", "a: b", "--reload"]"#),
        "{text}"
    );
}

#[test]
fn a_partial_form_says_its_part() {
    let project = &project(&api("compose.yaml"), &["compose.yaml"]);
    let form = &forms(project, Mode::Mount)[0];
    assert!(!form.code_only().binds.is_empty() && form.code_only().profiles.is_none());
    assert!(form.reload_only().binds.is_empty() && !form.reload_only().environment.is_empty());
    assert!(form.profiles_only().is_empty());
    let fix = fix(project, &[form.reload_only()], "Reload").unwrap();
    assert_eq!((fix.safety, fix.edits.len()), (Safety::Safe, 1));
    assert!(fix.edits[0].text.contains("UVICORN_RELOAD") && !fix.edits[0].text.contains("volumes"));
}
