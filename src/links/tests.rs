//! Where an edit gets to, and what makes it take effect.

use std::path::PathBuf;

use super::*;
use crate::compose::{View, ViewKind, load};
use crate::files::Memory;
use crate::project::intent::{Intent, Judgement};
use crate::project::stated::Stated;
use crate::workspace::Workspace;

const DOCKERFILE: &str = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n";

/// What is said of an edit of `path` for the service `api`, whose lines these are: each link with `+`, `-` or `?`, then the
/// effect.
#[track_caller]
fn check(lines: &str, dockerfile: &str, path: Option<&str>, expected: &[&str]) {
    let compose = format!("services:\n  api:\n    build: .\n{lines}");
    let files = Memory::new()
        .with("/p/compose.yaml", compose)
        .with("/p/Dockerfile", dockerfile)
        .with("/p/.dockerignore", "notes\n")
        .with("/p/requirements.txt", "uvicorn\n")
        .with("/p/api.env", "A=1\n")
        .with("/p/notes", "x\n")
        .with("/p/templates/page.html", "x\n")
        .with("/p/main.py", "app = 1\n")
        .with("/p/main.go", "package main\n")
        .with("/q/other.py", "x = 1\n");
    let workspace = Workspace::new(&files);
    let view = View::new(PathBuf::from("/p"), vec![PathBuf::from("/p/compose.yaml")], ViewKind::Default);
    let intent = Judgement { intent: Intent::Unknown, reasons: Vec::new(), is_aside: false, is_laid_under: false };
    let project = Project::of_compose(&workspace, load(&workspace, &view), intent, Path::new("/p"), &[], Stated::default());
    let chains = chains(&project, project.service("api").unwrap(), path.map(Path::new));
    let mut told = Vec::new();
    for chain in &chains {
        for link in &chain.links {
            let mark = match link.holds {
                Holds::Yes => "+",
                Holds::No => "-",
                Holds::Unknown => "?",
            };
            told.push(format!("{mark} {}: {}", link.name, link.text));
        }
        told.push(format!("= {:?}", chain.effect));
    }
    assert_eq!(told, expected);
}

#[test]
fn baked_code_needs_a_new_image() {
    let expected = ["- arrives: . is copied into the image, to /app: only a new image brings an edit", "= Rebuild"];
    check("", DOCKERFILE, None, &expected);
}

#[test]
fn mounted_code_without_a_reloader_needs_a_restart() {
    let expected = [
        "+ arrives: ./main.py is mounted at /app/main.py",
        "+ visible: nothing lies over /app/main.py",
        "+ read: `uvicorn` works in /app",
        "- read again: `uvicorn` keeps the code that it started with",
        "= Restart",
    ];
    check("    volumes: ['.:/app']\n", DOCKERFILE, Some("/p/main.py"), &expected);
}

#[test]
fn a_reloader_looks_at_files_of_its_language_only() {
    let lines = "    volumes: ['.:/app']\n    environment: {UVICORN_RELOAD: 'true'}\n";
    let arrives =
        |path: &str| [format!("+ arrives: ./{path} is mounted at /app/{path}"), format!("+ visible: nothing lies over /app/{path}")];
    let [one, two] = arrives("main.py");
    check(
        lines,
        DOCKERFILE,
        Some("/p/main.py"),
        &[&one, &two, "+ read: `uvicorn` works in /app", "+ read again: `uvicorn` restarts by itself (UVICORN_RELOAD)", "= Nothing"],
    );
    let [one, two] = arrives("templates/page.html");
    let only = "- read again: the reloader of `uvicorn` looks at **/*.py only";
    check(lines, DOCKERFILE, Some("/p/templates/page.html"), &[&one, &two, "+ read: `uvicorn` works in /app", only, "= Restart"]);
}

#[test]
fn a_volume_over_the_code_hides_it() {
    let lines = "    volumes: ['.:/app', 'pages:/app/templates']\nvolumes: {pages: }\n";
    let expected = [
        "+ arrives: ./templates/page.html is mounted at /app/templates/page.html",
        "- visible: the volume `pages` lies over /app/templates/page.html",
        "= RemoveVolume(\"pages\")",
    ];
    check(lines, DOCKERFILE, Some("/p/templates/page.html"), &expected);
}

#[test]
fn what_docker_reads_itself_needs_a_new_container_or_a_new_image() {
    let one = |text: &str, effect: &str| [format!("- arrives: {text}"), format!("= {effect}")];
    let told = |path: &str, text: &str, effect: &str| {
        let [link, effect] = one(text, effect);
        check("    env_file: api.env\n", DOCKERFILE, Some(path), &[&link, &effect]);
    };
    told("/p/api.env", "its variables are given to the container when that is made", "Recreate");
    told("/p/Dockerfile", "it says how the image is made: only a new image changes", "Rebuild");
    told("/p/.dockerignore", "it says what the build may copy: only a new image changes", "Rebuild");
    told("/p/requirements.txt", "`pip` reads it while the image is built", "Rebuild");
}

#[test]
fn dependencies_that_a_volume_keeps_need_more_than_a_new_image() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nCMD [\"node\", \"x.js\"]\n";
    let files = |mounts: &str, expected: &str| {
        let compose = format!("services: {{api: {{build: ., volumes: [{mounts}]}}}}\nvolumes: {{modules: }}\n");
        let files = Memory::new()
            .with("/p/compose.yaml", compose)
            .with("/p/Dockerfile", dockerfile)
            .with("/p/package.json", "{}")
            .with("/p/x.js", "");
        let workspace = Workspace::new(&files);
        let view = View::new(PathBuf::from("/p"), vec![PathBuf::from("/p/compose.yaml")], ViewKind::Default);
        let intent = Judgement { intent: Intent::Unknown, reasons: Vec::new(), is_aside: false, is_laid_under: false };
        let project = Project::of_compose(&workspace, load(&workspace, &view), intent, Path::new("/p"), &[], Stated::default());
        let chains = chains(&project, project.service("api").unwrap(), Some(Path::new("/p/package.json")));
        assert_eq!(format!("{:?}", chains[0].effect), expected);
    };
    files("'.:/app'", "Rebuild");
    files("'.:/app', /app/node_modules", "RemoveVolume(\"\")");
    files("'.:/app', 'modules:/app/node_modules'", "RemoveVolume(\"modules\")");
}

#[test]
fn what_no_mount_and_no_copy_holds_is_of_no_use() {
    check("", DOCKERFILE, Some("/q/other.py"), &["- arrives: nothing mounts, syncs or copies ../q/other.py", "= NoUse"]);
    check("", DOCKERFILE, Some("/p/notes"), &["- arrives: nothing mounts, syncs or copies ./notes", "= NoUse"]);
}

#[test]
fn sources_of_what_another_stage_compiles_need_a_new_image() {
    let dockerfile = "FROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/api .\nFROM scratch\nCOPY --from=build /out/api /api\nENTRYPOINT [\"/api\"]\n";
    let expected = ["- arrives: what the build makes of ./main.go is copied into the image: only a new image brings an edit", "= Rebuild"];
    check("", dockerfile, Some("/p/main.go"), &expected);
}
