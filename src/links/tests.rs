//! Where an edit gets to, and what makes it take effect.

use super::*;
use crate::testing;

const DOCKERFILE: &str = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";

/// The chains of an edit of `path`, or of the code, in the service `api`.
fn asked(project: &Project<'_>, path: Option<&str>) -> Vec<Chain> {
    let service = project
        .service("api")
        .expect("the test has a service `api`");
    match path {
        Some(path) => chains(service, Path::new(path)),
        None => chains_of_code(service),
    }
}

/// What is said of an edit of `path` for the service `api`, whose lines these are: each link with
/// `+`, `-` or `?`, then the effect.
#[track_caller]
fn check(lines: &str, dockerfile: &str, path: Option<&str>, expected: &[&str]) {
    let compose = format!("services:\n  api:\n    build: .\n{lines}");
    let project = testing::project(&[
        ("compose.yaml", &compose),
        ("Dockerfile", dockerfile),
        (".dockerignore", "notes\n"),
        ("requirements.txt", "uvicorn\n"),
        ("api.env", "A=1\n"),
        ("notes", "x\n"),
        ("templates/page.html", "x\n"),
        ("main.py", "app = 1\n"),
        ("main.go", "package main\n"),
        ("/q/other.py", "x = 1\n"),
    ]);
    let chains = asked(&project, path);
    let mut told = Vec::new();
    for chain in &chains {
        for (name, link) in chain.links() {
            let mark = match link {
                Link::Holds(_) => "+",
                Link::Broken(..) => "-",
                Link::Unknown(_) => "?",
            };
            told.push(format!(
                "{mark} {}: {}",
                name.as_str(),
                link.evidence().text
            ));
        }
        told.push(format!("= {:?}", chain.action));
    }
    assert_eq!(told, expected);
}

#[test]
fn baked_code_needs_a_new_image() {
    let expected = [
        "- arrives: . is copied into the image, to /app: only a new image brings an edit",
        "= Rebuild",
    ];
    check("", DOCKERFILE, None, &expected);
}

#[test]
fn mounted_code_without_a_reloader_needs_a_restart() {
    let expected = [
        "+ arrives: ./main.py is mounted at /app/main.py",
        "+ visible: nothing lies over /app/main.py",
        "+ read: `uvicorn` works in /app",
        "- read again: `uvicorn` keeps running the code it started with",
        "= Restart",
    ];
    check(
        "    volumes: ['.:/app']\n",
        DOCKERFILE,
        Some("/p/main.py"),
        &expected,
    );
}

#[test]
fn a_reloader_looks_at_files_of_its_language_only() {
    let lines = "    volumes: ['.:/app']\n    environment: {UVICORN_RELOAD: 'true'}\n";
    let arrives = |path: &str| {
        [
            format!("+ arrives: ./{path} is mounted at /app/{path}"),
            format!("+ visible: nothing lies over /app/{path}"),
        ]
    };
    let [one, two] = arrives("main.py");
    check(
        lines,
        DOCKERFILE,
        Some("/p/main.py"),
        &[
            &one,
            &two,
            "+ read: `uvicorn` works in /app",
            "+ read again: `uvicorn` restarts by itself (UVICORN_RELOAD)",
            "= None",
        ],
    );
    let [one, two] = arrives("templates/page.html");
    let only = "? read again: the reloader of `uvicorn` looks at **/*.py only; `uvicorn` may read it each time";
    check(
        lines,
        DOCKERFILE,
        Some("/p/templates/page.html"),
        &[
            &one,
            &two,
            "+ read: `uvicorn` works in /app",
            only,
            "= Restart",
        ],
    );
}

#[test]
fn a_volume_over_the_code_hides_it() {
    let lines = "    volumes: ['.:/app', 'pages:/app/templates']\nvolumes: {pages: }\n";
    let expected = [
        "+ arrives: ./templates/page.html is mounted at /app/templates/page.html",
        "- visible: the volume `pages` lies over /app/templates/page.html",
        "= DropVolume(\"pages\")",
    ];
    check(lines, DOCKERFILE, Some("/p/templates/page.html"), &expected);
}

#[test]
fn what_docker_reads_itself_needs_a_new_container_or_a_new_image() {
    let one = |text: &str, effect: &str| [format!("- arrives: {text}"), format!("= {effect}")];
    let told = |path: &str, text: &str, effect: &str| {
        let [link, effect] = one(text, effect);
        check(
            "    env_file: api.env\n",
            DOCKERFILE,
            Some(path),
            &[&link, &effect],
        );
    };
    told(
        "/p/api.env",
        "its variables are given to the container when that is created",
        "Up",
    );
    told(
        "/p/Dockerfile",
        "it says how the image is built: only a new image changes",
        "Rebuild",
    );
    told(
        "/p/.dockerignore",
        "it says what the build may copy: only a new image changes",
        "Rebuild",
    );
    told(
        "/p/requirements.txt",
        "`pip` reads it while the image is built",
        "Rebuild",
    );
}

#[test]
fn dependencies_that_a_volume_keeps_need_more_than_a_new_image() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nCMD [\"node\", \"x.js\"]\n";
    let files = |mounts: &str, expected: &str| {
        let compose = format!(
            "services: {{api: {{build: ., volumes: [{mounts}]}}}}\nvolumes: {{modules: }}\n"
        );
        let project = testing::project(&[
            ("compose.yaml", &compose),
            ("Dockerfile", dockerfile),
            ("package.json", "{}"),
            ("x.js", ""),
        ]);
        let chains = asked(&project, Some("/p/package.json"));
        assert_eq!(format!("{:?}", chains[0].action), expected);
    };
    files("'.:/app'", "Rebuild");
    files("'.:/app', /app/node_modules", "RebuildRenew");
    files(
        "'.:/app', 'modules:/app/node_modules'",
        "DropVolume(\"modules\")",
    );
}

#[test]
fn what_no_mount_and_no_copy_holds_is_of_no_use() {
    check(
        "",
        DOCKERFILE,
        Some("/q/other.py"),
        &[
            "- arrives: nothing mounts, syncs or copies ../q/other.py",
            "= None",
        ],
    );
    check(
        "",
        DOCKERFILE,
        Some("/p/notes"),
        &[
            "- arrives: nothing mounts, syncs or copies ./notes",
            "= None",
        ],
    );
}

#[test]
fn sources_of_what_another_stage_compiles_need_a_new_image() {
    let dockerfile = "FROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/api .\nFROM scratch\nCOPY --from=build /out/api /api\nENTRYPOINT [\"/api\"]\n";
    let expected = [
        "- arrives: what the build makes of ./main.go is copied into the image: only a new image brings an edit",
        "= Rebuild",
    ];
    check("", dockerfile, Some("/p/main.go"), &expected);
}

/// What is said of an edit of `path` for the service `api` of a project of these files: the last
/// link, then the action; or the action that is needed while `docker compose watch` runs.
#[track_caller]
fn check_files(files: &[(&str, &str)], path: &str, expected: &str) {
    let project = testing::project(files);
    let chains = asked(&project, Some(path));
    let links = chains[0].links();
    let (name, last) = links.last().unwrap();
    let holds = match last {
        Link::Holds(_) => "Yes",
        Link::Broken(..) => "No",
        Link::Unknown(_) => "Unknown",
    };
    let told = match &chains[0].watching {
        Some(watching) => format!("Watch {:?}", watching.action),
        None => format!("{} {holds} {:?}", name.as_str(), chains[0].action),
    };
    assert_eq!(told, expected);
}

const PYTHON: &str = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n";

/// The same for a service of these lines beside `main.py`, `data.txt` and `other/x`.
#[track_caller]
fn check_service(lines: &str, dockerfile: &str, path: &str, expected: &str) {
    let compose = format!("services:\n  api:\n    build: .\n{lines}");
    let files = [
        ("/p/compose.yaml", compose.as_str()),
        ("/p/Dockerfile", dockerfile),
        ("/p/main.py", "x"),
        ("/p/data.txt", "x"),
        ("/p/gen/x.py", "x"),
        ("/p/.env", "V=1\nW=2\n"),
    ];
    check_files(&files, path, expected);
}

#[test]
fn a_volume_of_the_image_keeps_what_it_was_filled_with() {
    let dockerfile = PYTHON.replace("CMD", "VOLUME /app\nCMD");
    check_service("", &dockerfile, "/p/main.py", "visible No RebuildRenew");
    check_service(
        "    volumes: ['.:/app']\n",
        &dockerfile,
        "/p/main.py",
        "read again No Restart",
    );
    let deeper = PYTHON.replace("CMD", "VOLUME /app/gen\nCMD");
    check_service(
        "    volumes: ['.:/app']\n",
        &deeper,
        "/p/gen/x.py",
        "visible No RebuildRenew",
    );
}

#[test]
fn a_volume_is_filled_only_with_what_the_image_has() {
    let lines = "    volumes: ['.:/app', '/app/gen']\n";
    check_service(lines, PYTHON, "/p/gen/x.py", "visible No RebuildRenew");
    check_service(
        lines,
        "FROM python:3.13\nWORKDIR /app\nCMD [\"python\", \"main.py\"]\n",
        "/p/gen/x.py",
        "visible No None",
    );
    let empty = "    volumes: [{type: volume, source: gen, target: /app/gen, volume: {nocopy: true}}]\nvolumes: {gen: }\n";
    check_service(empty, PYTHON, "/p/gen/x.py", "visible No None");
}

#[test]
fn a_named_volume_may_be_a_directory_of_the_host() {
    let lines = "    volumes: ['src:/app']\nvolumes: {src: {driver_opts: {type: none, o: bind, device: /p}}}\n";
    check_service(lines, PYTHON, "/p/main.py", "read again No Restart");
}

#[test]
fn volumes_of_another_service_are_seen_too() {
    let compose = "services:\n  data: {image: busybox, volumes: ['.:/app']}\n  api: {build: ., volumes_from: [data]}\n";
    let files = [
        ("/p/compose.yaml", compose),
        ("/p/Dockerfile", PYTHON),
        ("/p/main.py", "x"),
    ];
    check_files(&files, "/p/main.py", "read again No Restart");
}

#[test]
fn a_volume_that_another_image_fills_keeps_its_files() {
    let compose = "services:\n  build: {build: ., volumes: ['static:/app/static']}\n  api: {image: nginx, volumes: ['static:/usr/share/nginx/html']}\nvolumes: {static: }\n";
    let files = [
        ("/p/compose.yaml", compose),
        ("/p/Dockerfile", PYTHON),
        ("/p/static/index.html", "x"),
    ];
    check_files(
        &files,
        "/p/static/index.html",
        "visible No DropVolume(\"static\")",
    );
}

#[test]
fn files_of_configs_and_secrets_are_mounted_one_by_one() {
    let lines = "    secrets: [key]\nsecrets: {key: {file: ./data.txt}}\n";
    check_service(
        lines,
        "FROM python:3.13\nWORKDIR /app\nCOPY main.py .\nCMD [\"python\", \"main.py\"]\n",
        "/p/data.txt",
        "read again Unknown Restart",
    );
}

#[test]
fn a_mount_beside_what_the_process_reads_brings_nothing() {
    let lines = "    volumes: ['.:/code']\n";
    check_service(lines, PYTHON, "/p/main.py", "read No Rebuild");
    check_service(
        &format!("{lines}    working_dir: /code\n"),
        PYTHON,
        "/p/main.py",
        "read again No Restart",
    );
    check_service(
        &format!("{lines}    command: python /code/main.py\n"),
        PYTHON,
        "/p/main.py",
        "read again No Restart",
    );
    check_service(
        &format!("{lines}    command: python /app/main.py\n"),
        PYTHON,
        "/p/main.py",
        "read No Rebuild",
    );
}

#[test]
fn variables_of_a_file_act_where_they_are_used() {
    let dockerfile =
        "FROM python:3.13\nWORKDIR /app\nCOPY main.py .\nCMD [\"python\", \"main.py\"]\n";
    check_service(
        "    environment: {A: '${V}'}\n",
        dockerfile,
        "/p/.env",
        "arrives No Up",
    );
    let built = "services: {api: {build: {context: ., args: {A: '${V}'}}}}\n";
    let files = [
        ("/p/compose.yaml", built),
        ("/p/Dockerfile", dockerfile),
        ("/p/main.py", ""),
        ("/p/.env", "V=1\n"),
    ];
    check_files(&files, "/p/.env", "arrives No Rebuild");
    check_service("", dockerfile, "/p/.env", "arrives No None");
    check_service(
        "    volumes: ['.:/app']\n",
        dockerfile,
        "/p/.env",
        "read again Unknown Restart",
    );
}

#[test]
fn a_dockerfile_that_is_mounted_as_well_needs_a_new_image() {
    check_service(
        "    volumes: ['.:/app']\n",
        PYTHON,
        "/p/Dockerfile",
        "arrives No Rebuild",
    );
}

#[test]
fn web_servers_read_what_they_serve_each_time_and_their_settings_once() {
    let compose = "services: {api: {image: nginx, volumes: ['./html:/usr/share/nginx/html', './conf.d:/etc/nginx/conf.d']}}\n";
    let files = [
        ("/p/compose.yaml", compose),
        ("/p/html/a.html", "x"),
        ("/p/conf.d/a.conf", "x"),
    ];
    check_files(&files, "/p/html/a.html", "read again Yes None");
    let reload = "read again No Exec([\"nginx\", \"-s\", \"reload\"])";
    check_files(&files, "/p/conf.d/a.conf", reload);
}

#[test]
fn a_reloader_looks_where_it_is_told_and_not_at_files_mounted_by_themselves() {
    let dockerfile = PYTHON.replace(
        "\"python\", \"main.py\"",
        "\"uvicorn\", \"main:app\", \"--reload\"",
    );
    check_service(
        "    volumes: ['.:/app']\n",
        &dockerfile,
        "/p/main.py",
        "read again Yes None",
    );
    check_service(
        "    volumes: ['./main.py:/app/main.py']\n",
        &dockerfile,
        "/p/main.py",
        "read again Unknown Restart",
    );
    let told = dockerfile.replace("\"--reload\"", "\"--reload\", \"--reload-dir\", \"gen\"");
    check_service(
        "    volumes: ['.:/app']\n",
        &told,
        "/p/main.py",
        "read again No Restart",
    );
}

#[test]
fn watch_brings_what_its_trigger_notices_to_where_it_is_read() {
    let watch = |rule: &str| format!("    develop: {{watch: [{rule}]}}\n");
    let check = |rule: &str, path: &str, expected: &str| {
        check_service(&watch(rule), PYTHON, path, expected)
    };
    check(
        "{action: sync+restart, path: ., target: /app}",
        "/p/main.py",
        "Watch None",
    );
    check(
        "{action: sync+restart, path: ., target: /code}",
        "/p/main.py",
        "arrives No Rebuild",
    );
    check(
        "{action: sync+restart, path: ., target: /app, ignore: [gen/]}",
        "/p/gen/x.py",
        "arrives No Rebuild",
    );
    check(
        "{action: restart, path: .}",
        "/p/main.py",
        "arrives No Rebuild",
    );
    let mounted = format!(
        "    volumes: ['.:/app']\n{}",
        watch("{action: restart, path: .}")
    );
    check_service(&mounted, PYTHON, "/p/main.py", "Watch None");
    let kept = format!(
        "    volumes: [/app]\n{}",
        watch("{action: rebuild, path: .}")
    );
    check_service(&kept, PYTHON, "/p/main.py", "Watch RebuildRenew");
}

#[test]
fn scripts_of_a_database_run_only_at_its_first_start() {
    let project = |data: &str| {
        format!(
            "services: {{api: {{image: 'postgres:16', volumes: ['./sql:/docker-entrypoint-initdb.d'{data}]}}}}\nvolumes: {{pg: }}\n"
        )
    };
    let check = |data: &str, expected: &str| {
        check_files(
            &[("/p/compose.yaml", &project(data)), ("/p/sql/a.sql", "x")],
            "/p/sql/a.sql",
            expected,
        );
    };
    check("", "read No RebuildRenew");
    check(
        ", 'pg:/var/lib/postgresql/data'",
        "read No DropVolume(\"pg\")",
    );
    check(", './pg:/var/lib/postgresql/data'", "read No Unknown");
}

#[test]
fn what_the_start_reads_needs_a_restart_in_spite_of_a_reloader() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"run\", \"dev\"]\n";
    let compose = "services: {api: {build: ., volumes: ['.:/app']}}\n";
    let package = r#"{"scripts": {"dev": "node --watch server.js"}}"#;
    let files = [
        ("/p/compose.yaml", compose),
        ("/p/Dockerfile", dockerfile),
        ("/p/package.json", package),
        ("/p/server.js", "x"),
    ];
    check_files(&files, "/p/package.json", "read again No Restart");
    check_files(&files, "/p/server.js", "read again Yes None");
}

#[test]
fn sources_of_what_the_host_compiles_are_compiled_there() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"dist/server.js\"]\n";
    let compose = "services: {api: {build: ., volumes: ['.:/app']}}\n";
    let files = [
        ("/p/compose.yaml", compose),
        ("/p/Dockerfile", dockerfile),
        ("/p/dist/server.js", "x"),
        ("/p/src/server.ts", "x"),
    ];
    check_files(&files, "/p/src/server.ts", "read No Restart");
    check_files(&files, "/p/dist/server.js", "read again No Restart");
    let started = compose.replace(
        "build: .",
        "build: ., command: sh -c 'tsc && node dist/server.js'",
    );
    let files = [&[("/p/compose.yaml", started.as_str())][..], &files[1..]].concat();
    check_files(&files, "/p/src/server.ts", "read again No Restart");
}

#[test]
fn a_script_of_the_health_check_is_read_at_each_check() {
    let lines = "    volumes: ['.:/app']\n    healthcheck: {test: sh /app/data.txt}\n";
    check_service(lines, PYTHON, "/p/data.txt", "read again Yes None");
}
