//! The demo at the root, and the stack that it was before: what composelint finds, repairs and
//! writes takes the one to the other.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use composelint::compose::Service as Spec;
use composelint::disk::Disk;
use composelint::lint;
use composelint::process::{Process, Reload};
use composelint::project::user_annotations::Stated;
use composelint::project::{Project, Service};
use composelint::workspace::Workspace;

use crate::oracle::live;
use crate::program::{copy, root, run};

#[test]
fn the_demo_is_clean_under_its_own_linter() {
    let run = run(root(), "check .");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            0,
            "All checks passed! (1 project, 8 services, 6 Dockerfiles)\n"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn the_stale_stack_breaks_every_rule_about_edits() {
    let run = run(root(), "check fixtures/stale-stack");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for rule in [
        "missing-dev-mount",
        "server-without-reload",
        "copy-all-before-install",
        "no-profile-split",
    ] {
        assert!(
            run.stdout.contains(&format!("[{rule}]")),
            "no finding of {rule} in\n{}",
            run.stdout
        );
    }
}

#[test]
fn fix_and_override_make_the_stale_stack_the_demo() {
    let stack = copy("fixtures/stale-stack");
    let at = |words: &str| run(stack.path(), words);
    assert_eq!(at("check").code, 1, "it is stale");

    at("fix");
    let written = at("override --write");
    assert_eq!(written.code, 0, "{}", written.stderr);

    let checked = at("check");
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert_eq!(
        at("fix").stdout,
        checked.stdout,
        "there is nothing left to do"
    );
    assert_eq!(meaning(stack.path()), meaning(root()));
}

#[test]
fn the_override_alone_makes_the_stale_stack_the_demo() {
    let stack = copy("fixtures/stale-stack");
    let written = run(stack.path(), "override --write");
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert_eq!(meaning(stack.path()), meaning(root()));
}

#[test]
fn the_oracle_loads_the_stack_with_its_override_in_every_profile() {
    let Some(docker_compose) = live::program() else {
        return;
    };
    let stack = copy("fixtures/stale-stack");
    assert_eq!(run(stack.path(), "override --write").code, 0);
    for (profile, services) in [("", 4), ("voice", 5), ("memory", 6), ("full", 8)] {
        let mut config = Command::new(&docker_compose);
        let answer = config
            .args(["config", "--services"])
            .env("COMPOSE_PROFILES", profile)
            .current_dir(stack.path())
            .output()
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&answer.stdout),
            String::from_utf8_lossy(&answer.stderr),
        );
        assert!(
            answer.status.success() && out.lines().count() == services,
            "profile `{profile}`: {out}{err}"
        );
    }
}

#[test]
fn the_stale_stack_runs_the_code_of_the_demo() {
    for service in ["guardian", "nlu", "orchestrator", "voice", "memory"] {
        for file in ["main.py", "requirements.txt"] {
            let [demo, stale] = ["services", "fixtures/stale-stack/services"]
                .map(|folder| fs::read(root().join(folder).join(service).join(file)).unwrap());
            assert!(demo == stale, "{service}/{file} differs");
        }
    }
}

/// What a project means to whoever edits it: where code arrives, what runs and reloads, who waits
/// for whom, what starts.
fn meaning(directory: &Path) -> String {
    let workspace = Workspace::new(&Disk);
    let directory = fs::canonicalize(directory).unwrap();
    let options = lint::Options {
        paths: vec![directory.clone()],
        ..lint::Options::default()
    };
    let scope = lint::find(&workspace, &options, &mut Vec::new());
    let (view, tree) = scope
        .views
        .iter()
        .find(|(view, _)| view.directory == directory)
        .unwrap();
    let project = lint::load(&workspace, view, &scope.trees[*tree], Stated::default());
    let mut services: Vec<String> = project
        .services()
        .map(|service| service_meaning(&project, service))
        .collect();
    services.sort();
    services.concat()
}

fn service_meaning(project: &Project<'_>, service: Service<'_>) -> String {
    let spec: &Spec = service.spec();
    let host = |path: &str| {
        Path::new(path)
            .strip_prefix(project.directory())
            .map_or(path.to_owned(), |path| path.to_string_lossy().into_owned())
    };
    let mut text = format!("{}\n", service.name());
    let mut line = |what: &str, mut items: Vec<String>| {
        items.sort();
        writeln!(text, "  {what}: {}", items.join(", ")).unwrap();
    };
    line(
        "image",
        spec.image.iter().map(|image| image.value.clone()).collect(),
    );
    line(
        "build",
        spec.build
            .iter()
            .map(|build| host(&build.context_directory.as_ref().unwrap().to_string_lossy()))
            .collect(),
    );
    line(
        "runs",
        service
            .processes()
            .iter()
            .map(|process| format!("{} {}", command(process), reloads(&process.reload)))
            .collect(),
    );
    line(
        "mounts",
        spec.mounts
            .iter()
            .map(|mount| {
                format!(
                    "{} at {}",
                    host(mount.source.as_ref().map_or("", |source| source)),
                    mount.target.value
                )
            })
            .collect(),
    );
    let value = |value: &Option<composelint::compose::Value<String>>| {
        value
            .as_ref()
            .map_or("passed on".to_owned(), |value| value.value.clone())
    };
    line(
        "environment",
        spec.environment
            .iter()
            .map(|entry| format!("{}={}", entry.key.value, value(&entry.value)))
            .collect(),
    );
    line(
        "ports",
        spec.ports
            .iter()
            .map(|port| {
                format!(
                    "{}:{}",
                    value(&port.published),
                    port.target.as_ref().map_or(0, |port| port.value)
                )
            })
            .collect(),
    );
    let health = spec.healthcheck.iter();
    line(
        "health",
        health
            .map(|health| {
                format!(
                    "{:?} {:?} {:?}",
                    plain(&health.interval),
                    plain(&health.timeout),
                    plain(&health.retries)
                )
            })
            .collect(),
    );
    line(
        "waits for",
        spec.depends_on
            .iter()
            .map(|other| {
                format!(
                    "{} {:?} required={}",
                    other.service.value, other.condition, other.required
                )
            })
            .collect(),
    );
    line(
        "profiles",
        spec.profiles
            .iter()
            .map(|profile| profile.value.clone())
            .collect(),
    );
    text
}

/// The words of a process, without the number of its workers: a uvicorn that reloads has one,
/// whatever it is told.
fn command(process: &Process) -> String {
    process.words().join(" ").replace(" --workers 2", "")
}

fn reloads(reload: &Reload) -> &'static str {
    match reload {
        Reload::Yes { .. } => "and reloads",
        Reload::None | Reload::Broken { .. } => "and keeps its code",
        Reload::PerRequest | Reload::Hot => "and reads again",
        Reload::NotAServer | Reload::Unknown(_) => "",
    }
}

fn plain<T: Clone>(value: &Option<composelint::compose::Value<T>>) -> Option<T> {
    value.as_ref().map(|value| value.value.clone())
}
