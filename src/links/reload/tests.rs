use super::watch_roots;
use crate::links::bringing;
use crate::project::Service;
use crate::testing;

/// Asks something of service `a`.
fn ask<T>(files: &[(&str, &str)], answer: impl FnOnce(Service<'_>) -> T) -> T {
    answer(testing::project(files).service("a").unwrap())
}

#[test]
fn a_mount_of_settings_brings_no_edits_of_the_code() {
    let brings = |mount: &str| {
        let compose = format!("services:\n  a:\n    build: .\n    volumes: ['{mount}']\n");
        let mut files = vec![
            ("compose.yaml".to_owned(), compose),
            (
                "Dockerfile".to_owned(),
                "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD uvicorn main:app\n".to_owned(),
            ),
        ];
        files.push(("config/__init__.py".to_owned(), String::new()));
        files.extend((0..9).map(|number| (format!("core/m{number}.py"), String::new())));
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        ask(&files, |service| {
            let brings = bringing::bringer(service, &service.processes()[0]).is_some();
            assert_eq!(
                service
                    .parts()
                    .iter()
                    .any(|part| bringing::brings(service, part)),
                brings,
                "{mount}"
            );
            brings
        })
    };
    assert!(!brings("./config:/app/config"));
    assert!(brings("./core:/app/core"));
    assert!(brings(".:/app"));
}

#[test]
fn the_arguments_of_a_reloader_say_where_it_looks() {
    let roots = |command: &str| {
        let compose = format!(
            "services:\n  a:\n    image: python:3.12\n    working_dir: /app\n    command: {command}\n"
        );
        ask(&[("compose.yaml", &compose)], |service| {
            watch_roots(&service.processes()[0])
        })
    };
    let some = |paths: &[&str]| {
        Some(
            paths
                .iter()
                .map(|path| (*path).to_owned())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(roots("uvicorn a:b --reload"), some(&["/app"]));
    assert_eq!(
        roots("uvicorn a:b --reload --reload-dir src --reload-dir=/libs"),
        some(&["/app/src", "/libs"])
    );
    assert_eq!(
        roots("watchfiles 'celery -A p worker' /app/p ../libs"),
        some(&["/app/p", "/libs"])
    );
    assert_eq!(
        roots("watchmedo auto-restart -d . -R -- celery -A p worker"),
        some(&["/app"])
    );
    assert_eq!(roots("gunicorn --reload a:b"), None);
    assert_eq!(roots("uvicorn a:b"), None);
}

#[test]
fn code_mounted_into_an_image_with_the_tools_alone_arrives() {
    let arrives = |mounts: &str, dockerfile: &str| {
        let compose = format!("services:\n  a:\n    build: .\n    volumes: [{mounts}]\n");
        let files = [
            ("compose.yaml", compose.as_str()),
            ("Dockerfile", dockerfile),
            ("pom.xml", ""),
            ("src/main/java/App.java", ""),
            ("config/settings.py", ""),
        ];
        ask(&files, |service| {
            crate::dev::brought_but_not_reloaded(service, &service.processes()[0]).is_some()
        })
    };
    let tools = "FROM maven:3\nWORKDIR /app\nCOPY pom.xml .\nCMD [\"mvn\", \"spring-boot:run\"]\n";
    assert!(arrives("'./src:/app/src', './pom.xml:/app/pom.xml'", tools));
    assert!(!arrives(
        "'./pom.xml:/app/pom.xml', './config:/app/config'",
        tools
    ));
}

#[test]
fn what_is_compiled_at_the_start_alone_is_kept() {
    let keeps = |command: &str| {
        let compose = format!(
            "services:\n  a:\n    build: .\n    ports: ['80:80']\n    command: {command}\n    volumes: ['.:/app']\n"
        );
        let files = [
            ("compose.yaml", compose.as_str()),
            ("Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\n"),
            (
                "package.json",
                r#"{"scripts": {"build": "tsc", "start": "node dist/index.js"}}"#,
            ),
            ("src/index.ts", "app.listen(80)"),
        ];
        ask(&files, |service| {
            crate::dev::brought_but_not_reloaded(service, &service.processes()[0]).is_some()
        })
    };
    assert!(keeps("sh -c 'npm run build && npm start'"));
    assert!(!keeps("npm start"));
}
