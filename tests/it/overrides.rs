//! Worked examples: whole projects in `fixtures/overrides`, and the override that each of them
//! needs.
//!
//! `generated.yaml` holds what is to be written, to the letter; `COMPOSELINT_BLESS=1` writes it
//! anew. `wanted.yaml` was written by a person who knows the tools, and both must mean the same.
//! Where `docker-compose` is installed it must load the project with the override, with no profile,
//! with each, and with all.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::oracle::live;
use super::program::{copy, root, run};

const FOLDER: &str = "fixtures/overrides";
const GENERATED: &str = "generated.yaml";
const WANTED: &str = "wanted.yaml";

/// A project in a place of its own, with the override that was written for it.
struct Example {
    name: String,
    project: TempDir,
    /// The name of the override.
    file: String,
}

fn examples() -> Vec<Example> {
    let mut names: Vec<String> = fs::read_dir(root().join(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.into_iter().map(Example::written).collect()
}

impl Example {
    fn written(name: String) -> Example {
        let project = copy(&format!("{FOLDER}/{name}"));
        for answer in [GENERATED, WANTED] {
            fs::remove_file(project.path().join(answer)).ok();
        }
        let wrote = run(project.path(), "override --write");
        let file = wrote
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix("note: wrote "));
        let file = file
            .unwrap_or_else(|| panic!("{name}: nothing was written: {}", wrote.stderr))
            .to_owned();
        Example {
            name,
            project,
            file,
        }
    }

    fn path(&self) -> &Path {
        self.project.path()
    }

    /// The text that belongs to the example.
    fn answer(&self, file: &str) -> String {
        fs::read_to_string(root().join(FOLDER).join(&self.name).join(file)).unwrap_or_default()
    }

    /// The whole project with an override, all profiles enabled.
    fn meaning(&self, file: &str) -> serde_json::Value {
        let resolved = run(
            self.path(),
            &format!("resolve --format json -f compose.yaml -f {file} --profile *"),
        );
        assert_eq!(resolved.code, 0, "{}: {}", self.name, resolved.stderr);
        let mut meaning: serde_json::Value = serde_json::from_str(&resolved.stdout).unwrap();
        sort(&mut meaning);
        // What is said once and used twice has a key of its own in one file and not in the other.
        meaning
            .as_object_mut()
            .unwrap()
            .retain(|key, _| !key.starts_with("x-"));
        meaning
    }
}

/// Puts lists in order whose order means nothing: mounts, profiles and triggers.
fn sort(value: &mut serde_json::Value) {
    let Some(services) = value["services"].as_object_mut() else {
        return;
    };
    for service in services.values_mut() {
        for list in ["/volumes", "/profiles", "/develop/watch"] {
            if let Some(items) = service
                .pointer_mut(list)
                .and_then(serde_json::Value::as_array_mut)
            {
                items.sort_by_key(|item| item.to_string());
            }
        }
    }
}

#[test]
fn each_example_gets_its_override_to_the_letter() {
    for example in examples() {
        let text = fs::read_to_string(example.path().join(&example.file)).unwrap();
        if std::env::var_os("COMPOSELINT_BLESS").is_some() {
            fs::write(
                root().join(FOLDER).join(&example.name).join(GENERATED),
                &text,
            )
            .unwrap();
        }
        assert_eq!(text, example.answer(GENERATED), "{}:\n{text}", example.name);
    }
}

#[test]
fn each_example_gets_what_a_person_would_write() {
    for example in examples() {
        fs::write(example.path().join(WANTED), example.answer(WANTED)).unwrap();
        let [generated, wanted] = [example.meaning(&example.file), example.meaning(WANTED)];
        assert_eq!(generated, wanted, "{}", example.name);
    }
}

#[test]
fn an_example_lacks_nothing_once_it_has_its_override() {
    for example in examples() {
        let files = if example.file.contains("override") {
            String::new()
        } else {
            format!(" -f compose.yaml -f {}", example.file)
        };
        let checked = run(example.path(), &format!("override --check{files}"));
        assert_eq!(
            (checked.code, checked.stdout.as_str()),
            (0, ""),
            "{}",
            example.name
        );
        let again = run(example.path(), &format!("override{files}"));
        assert_eq!(again.stdout, "", "{}", example.name);
        let linted = run(
            example.path(),
            &format!("check --select missing-dev-mount,server-without-reload{files}"),
        );
        assert_eq!(linted.code, 0, "{}: {}", example.name, linted.stdout);
    }
}

#[test]
fn docker_compose_loads_each_example_with_every_set_of_profiles() {
    let Some(program) = live::program() else {
        return;
    };
    for example in examples() {
        let load = |arguments: &[&str]| {
            let mut command = Command::new(&program);
            command
                .current_dir(example.path())
                .env_clear()
                .env("HOME", example.path());
            let output = command
                .args(["-f", "compose.yaml", "-f", &example.file])
                .args(arguments)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{} {arguments:?}: {}",
                example.name,
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).unwrap()
        };
        let profiles = load(&["config", "--profiles"]);
        load(&["config", "--quiet"]);
        for profile in profiles.lines().chain(["*"]) {
            load(&["--profile", profile, "config", "--quiet"]);
        }
    }
}

#[test]
fn a_comparison_can_be_read_by_a_program() {
    let project = copy(&format!("{FOLDER}/spring-and-postgres"));
    let lacking = run(project.path(), "override --check --output-format json");
    let told: serde_json::Value = serde_json::from_str(&lacking.stdout).unwrap();
    assert_eq!(
        (
            lacking.code,
            told["file"].as_str(),
            told["exists"].as_bool()
        ),
        (1, Some("compose.dev.yaml"), Some(false))
    );
    assert!(
        told["differences"]
            .as_array()
            .is_some_and(|all| !all.is_empty() && all.iter().all(|one| one["line"].is_null())),
        "{told}"
    );
    run(project.path(), "override --write");
    let clean = run(project.path(), "override --check --output-format json");
    let told: serde_json::Value = serde_json::from_str(&clean.stdout).unwrap();
    assert_eq!(
        (clean.code, told["differences"].as_array().map(Vec::len)),
        (0, Some(0)),
        "{told}"
    );
}

#[test]
fn a_plan_names_the_keys_that_a_template_has_and_the_env_file_lacks() {
    let project = copy(&format!("{FOLDER}/spring-and-postgres"));
    fs::write(
        project.path().join(".env.example"),
        "# Keys.\nMAIL_HOST=localhost\nMAIL_PORT=25\nDEBUG=\n",
    )
    .unwrap();
    fs::write(project.path().join(".env"), "MAIL_HOST=mail\n").unwrap();
    let planned = run(project.path(), "plan");
    assert!(
        planned.stdout.contains(
            "`.env` lacks `MAIL_PORT`, `DEBUG`, which `.env.example` has (.env.example:3)"
        ),
        "{}",
        planned.stdout
    );
}
