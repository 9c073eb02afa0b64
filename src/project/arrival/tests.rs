//! How an edit arrives in a container: what the image holds, what is mounted over it, what a watch trigger brings.

use std::path::Path;

use crate::compose::{self, View, ViewKind};
use crate::files::Memory;
use crate::project::filesystem::Arrival;
use crate::project::{Project, Service, intent};
use crate::workspace::Workspace;

const DOCKERFILE: &str = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";

/// Loads one service, `api`, with these lines in the compose file, among these files of `./api`.
fn with_api<T>(dockerfile: &str, lines: &str, files: &[&str], ask: impl FnOnce(Service<'_>) -> T) -> T {
    let memory = files.iter().fold(Memory::new(), |memory, path| memory.with(Path::new("/p").join(path), ""));
    let memory =
        memory.with("/p/api/Dockerfile", dockerfile).with("/p/compose.yaml", format!("services:\n  api:\n    build: ./api\n{lines}"));
    let workspace = Workspace::new(&memory);
    let view = View::new("/p".into(), vec!["/p/compose.yaml".into()], ViewKind::Default);
    let compose = compose::load(&workspace, &view);
    assert_eq!(compose.diagnostics, [], "the project loads");
    let intent = intent::judge(&compose, Path::new("/p"), &[], &memory);
    let project = Project::of_compose(&workspace, compose, intent, Path::new("/p"), &[]);
    ask(project.service("api").expect("the service is there"))
}

fn arrival(lines: &str) -> Arrival {
    with_api(DOCKERFILE, lines, &["api/main.py", "api/lib/util.py", "data/x.csv"], |service| service.parts()[0].arrival.clone())
}

#[test]
fn an_edit_arrives_through_what_lies_over_the_copy() {
    for (lines, expected) in [
        ("", Arrival::Baked),
        ("    volumes: [./api:/app]\n", Arrival::Mounted(0)),
        ("    volumes: [.:/app]\n", Arrival::Mounted(0)),
        ("    volumes: [./api/lib:/app/lib]\n", Arrival::PartlyMounted(vec![0])),
        ("    volumes: [./api:/code]\n", Arrival::MountedElsewhere(0)),
        ("    volumes: [code:/app]\nvolumes: {code: {}}\n", Arrival::Hidden(0)),
        ("    volumes: [/app]\n", Arrival::Hidden(0)),
        ("    tmpfs: [/app]\n", Arrival::Hidden(0)),
        // Data below the code is no code.
        ("    volumes: [./data:/app/data]\n", Arrival::Baked),
        // Of two mounts the deeper one decides, whatever their order.
        ("    volumes: [./api:/app, ./data:/]\n", Arrival::Mounted(0)),
    ] {
        assert_eq!(arrival(lines), expected, "{lines}");
    }
}

#[test]
fn a_watch_trigger_brings_what_it_syncs_or_rebuilds() {
    let watch = |trigger: &str| arrival(&format!("    develop: {{watch: [{trigger}]}}\n"));
    assert_eq!(watch("{path: ./api, action: sync, target: /app}"), Arrival::Watched(0));
    assert_eq!(watch("{path: ./api, action: rebuild}"), Arrival::Watched(0));
    // A manifest alone is rebuilt: an edit of the code does not arrive.
    assert_eq!(watch("{path: ./api/requirements.txt, action: rebuild}"), Arrival::Baked);
    assert_eq!(watch("{path: ./api, action: restart}"), Arrival::Baked);
}

#[test]
fn what_a_variable_decides_is_not_judged() {
    assert_eq!(arrival("    volumes: [\"${CODE}:/app\"]\n"), Arrival::Unknown);
    assert_eq!(arrival("    volumes: [\"${MOUNT:-./data:/data}\"]\n"), Arrival::Unknown);
    // Where only the source of another mount is chosen, the code is as baked as before.
    assert_eq!(arrival("    volumes: [\"${DATA:-./data}:/data\"]\n"), Arrival::Baked);
}

#[test]
fn a_process_reads_what_lies_around_its_working_directory_or_is_named() {
    let dockerfile = "FROM python:3.12\nWORKDIR /srv\nCOPY lib /opt/lib\nCOPY app ./app\nCMD [\"python\", \"app/main.py\"]\n";
    let read = with_api(dockerfile, "", &["api/lib/util.py", "api/app/main.py"], |service| {
        let parts = service.parts_read_by(&service.processes()[0]);
        parts.iter().map(|part| part.baked.container.clone()).collect::<Vec<_>>()
    });
    assert_eq!(read, ["/srv/app"]);
}

#[test]
fn mounted_code_that_the_image_does_not_hold_is_brought_all_the_same() {
    let dockerfile = "FROM python:3.12\nWORKDIR /app\nCMD [\"uvicorn\", \"main:app\"]\n";
    let bringer = |lines: &str| {
        with_api(dockerfile, lines, &["api/main.py", "config/x.yaml"], |service| service.bringer(&service.processes()[0]).is_some())
    };
    assert!(bringer("    volumes: [./api:/app]\n"));
    assert!(!bringer("    volumes: [./config:/app]\n"), "configuration is no code");
    assert!(!bringer("    volumes: [/elsewhere:/app]\n"), "what lies outside of the repository is not the user's code");
}

#[test]
fn a_service_that_names_the_image_of_another_runs_its_build() {
    let memory = Memory::new().with("/p/Dockerfile", DOCKERFILE).with("/p/main.py", "").with(
        "/p/compose.yaml",
        "services:\n  web:\n    build: .\n    image: shop\n  worker:\n    image: shop\n  db:\n    image: postgres\n",
    );
    let workspace = Workspace::new(&memory);
    let view = View::new("/p".into(), vec!["/p/compose.yaml".into()], ViewKind::Default);
    let compose = compose::load(&workspace, &view);
    let intent = intent::judge(&compose, Path::new("/p"), &[], &memory);
    let project = Project::of_compose(&workspace, compose, intent, Path::new("/p"), &[]);
    let names: Vec<&str> = project.users_of(&project.images()[0]).map(Service::name).collect();
    assert_eq!(names, ["web", "worker"]);
}
