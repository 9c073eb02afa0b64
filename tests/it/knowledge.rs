//! Every row of the tables of tools, through every reader: what one rule knows of a package manager,
//! the others know as well.
//!
//! A gap is written in the row or in a list here, with its reason.

use std::path::Path;

use composelint::files::Memory;
use composelint::knowledge::manager::{self, Alone, CacheMount, Verb, Words};
use composelint::knowledge::wrappers::unwrapped;
use composelint::knowledge::{
    Ecosystem, Habit, Manager, manager_of, managers, programs, recognise, wrapper,
};
use composelint::lint::{self, Options};
use composelint::workspace::Workspace;

/// The ids of what a rule finds in files below `/p`.
fn found(rule: &str, files: &[(&str, &str)]) -> usize {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| {
        memory.with(Path::new("/p").join(path), *text)
    });
    let workspace = Workspace::new(&memory);
    let options = Options {
        paths: vec!["/p".into()],
        select: vec![rule.to_owned()],
        ..Options::default()
    };
    lint::check(&workspace, &options).diagnostics.len()
}

/// Each command of each manager.
fn commands() -> impl Iterator<Item = (&'static Manager, &'static Verb, &'static str)> {
    managers().flat_map(|manager| {
        let verbs = manager.verbs.iter();
        verbs.flat_map(move |verb| {
            let commands = verb.commands.iter();
            commands.map(move |command| (manager, verb, *command))
        })
    })
}

/// What a command is called with, so that it has something to do.
fn called(verb: &Verb, command: &str) -> String {
    match verb.words {
        Words::Packages if verb.manifests.is_empty() => format!("{command} something"),
        _ => command.to_owned(),
    }
}

/// The files that a command reads, with something in each.
fn manifests(verb: &Verb) -> Vec<(String, String)> {
    let names = verb.manifests.iter().map(|manifest| {
        let name = manifest.trim_end_matches('?');
        let name = name.split('|').next().unwrap_or(name);
        name.replace("**/", "").replace('*', "app")
    });
    let text = |name: &str| match name {
        "pyproject.toml" => "[project]\nname = \"app\"\n[build-system]\nrequires = []\n",
        "package.json" => "{\"dependencies\": {\"left-pad\": \"1.3.0\"}}\n",
        "go.mod" => "module app\n\nrequire example.org/x v1.0.0\n",
        "Cargo.toml" => "[package]\nname = \"app\"\n[dependencies]\nserde = \"1\"\n",
        "composer.json" => "{\"require\": {\"php\": \"^8\"}}\n",
        name if name.ends_with("proj") => "<PackageReference Include=\"X\" Version=\"1\" />\n",
        _ => "\n",
    };
    names
        .map(|name| (name.clone(), text(&name).to_owned()))
        .collect()
}

#[test]
fn every_command_that_fetches_is_an_install_at_start() {
    for (manager, verb, command) in commands() {
        let line = called(verb, command);
        let compose = format!(
            "services:\n  app:\n    image: python:3.13\n    working_dir: /app\n    volumes: [\"./app:/app\"]\n    command: [\"sh\", \"-c\", \"{line} && exec python main.py\"]\n"
        );
        let count = found(
            "install-at-start",
            &[("compose.yaml", &compose), ("app/main.py", "print()\n")],
        );
        let fetches = verb.fetches && !verb.builds();
        assert_eq!(count, usize::from(fetches), "{}: {line}", manager.name);
    }
}

#[test]
fn every_install_behind_a_copy_of_all_sources_is_late() {
    // The system's packages and tools of the image are nothing that edits have to do with; a package
    // that is named needs no manifest.
    let concerns = |manager: &Manager, verb: &Verb| {
        manager.ecosystem != Ecosystem::System && !verb.manifests.is_empty() && verb.fetches
    };
    // A member of its own: what Cargo fetches alone wants a target, and go-generate and the like are
    // not what a build does.
    const LEFT_OUT: &[&str] = &[
        "cargo fetch",
        "cargo vendor",
        "cargo check",
        "cargo test",
        "cargo run",
        "cargo zigbuild",
        "go generate",
        "go test",
        "go vet",
        "go run",
        "go mod tidy",
        "go mod vendor",
        "hatch build",
        "mix compile",
        "mix release",
        "mix phx.digest",
        "mix assets.deploy",
    ];
    for (manager, verb, command) in commands() {
        if !concerns(manager, verb) || LEFT_OUT.contains(&command) {
            continue;
        }
        let dockerfile = format!(
            "FROM example.org/tools:1\nWORKDIR /app\nCOPY . .\nRUN {command}\nCMD [\"./app\"]\n"
        );
        let mut files = manifests(verb);
        files.push(("Dockerfile".to_owned(), dockerfile));
        files.push(("main.py".to_owned(), "print()\n".to_owned()));
        files.push(("src/main.rs".to_owned(), "fn main() {}\n".to_owned()));
        files.push((
            "compose.yaml".to_owned(),
            "services:\n  app:\n    build: .\n".to_owned(),
        ));
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let count = found("copy-all-before-install", &files);
        assert_eq!(count, 1, "{}: {command}", manager.name);
    }
}

#[test]
fn every_cache_is_asked_for() {
    for (manager, verb, command) in commands() {
        let CacheMount::At(cache) = &manager.cache else {
            continue;
        };
        if verb.manifests.is_empty() || !verb.fetches || verb.builds() {
            continue;
        }
        let base = cache.image.unwrap_or("python");
        let dockerfile = format!("FROM {base}:3\nWORKDIR /app\nCOPY app ./\nRUN {command}\n");
        let compose = "services:\n  app:\n    build: .\n";
        let count = found(
            "install-without-cache-mount",
            &[
                ("Dockerfile", &dockerfile),
                ("compose.yaml", compose),
                ("app/x", ""),
            ],
        );
        let is_switched_off = cache
            .flags
            .iter()
            .any(|flag| command.split(' ').any(|word| word == *flag));
        assert_eq!(count, usize::from(!is_switched_off), "{command}");
    }
}

#[test]
fn every_wrapper_is_taken_off() {
    for manager in managers() {
        for command in manager.wrappers.iter().flat_map(|wrapper| wrapper.commands) {
            let line = format!("{command} uvicorn app:app");
            let words: Vec<&str> = line.split(' ').collect();
            let (_, own) = wrapper(&words).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(words[own..], ["uvicorn", "app:app"], "{line}");
        }
    }
    for (line, own) in [
        ("sudo -E apt-get install x", 2),
        ("python3.12 -m pip install x", 2),
        ("poetry run pip install x", 2),
        ("corepack enable", 0),
        ("uv pip install x", 0),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(unwrapped(&words), own, "{line}");
    }
}

#[test]
fn every_directory_of_packages_is_protected_from_a_mount() {
    for manager in managers() {
        for directory in manager.fills {
            // What pip and Bundler fill does not lie beside the code.
            let made = manager.verbs.iter().find(|verb| {
                let writes = format!("{:?}", verb.writes);
                writes.contains(&format!("Here(\"{directory}\")"))
                    && verb.fetches
                    && !verb.builds()
                    && !verb.manifests.is_empty()
            });
            let Some(verb) = made else { continue };
            let (program, image) = match manager.ecosystem {
                Ecosystem::Python => ("uvicorn app:app --reload", "python:3.13"),
                Ecosystem::Node => ("nodemon app.js", "node:24"),
                Ecosystem::Php => ("php-fpm", "php:8-fpm"),
                Ecosystem::Elixir => ("mix phx.server", "elixir:1.18"),
                _ => continue,
            };
            let dockerfile = format!(
                "FROM {image}\nWORKDIR /app\nCOPY . .\nRUN {}\nCMD {program}\n",
                verb.commands[0]
            );
            let compose = "services:\n  app:\n    build: ./app\n    volumes: [\"./app:/app\"]\n";
            let mut files = vec![
                ("compose.yaml".to_owned(), compose.to_owned()),
                ("app/Dockerfile".to_owned(), dockerfile),
                ("app/app.py".to_owned(), "app = 1\n".to_owned()),
                ("app/app.js".to_owned(), "x()\n".to_owned()),
                ("app/index.php".to_owned(), "<?php\n".to_owned()),
                ("app/lib/app.ex".to_owned(), "x\n".to_owned()),
            ];
            let own = manifests(verb).into_iter();
            files.extend(own.map(|(path, text)| (format!("app/{path}"), text)));
            let files: Vec<(&str, &str)> = files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .collect();
            let count = found("mount-hides-dependencies", &files);
            assert_eq!(count, 1, "{}: {directory}", manager.name);
        }
    }
}

#[test]
fn every_manager_brings_packages_by_its_commands() {
    for (manager, verb, command) in commands() {
        let line = called(verb, command);
        let words: Vec<&str> = line.split(' ').collect();
        let is_of_project = manager.ecosystem != Ecosystem::System;
        let fetches = verb.fetches && !verb.builds() && is_of_project;
        // `cargo chef` is called through Cargo.
        let refreshes = manager_of(words[0]).map_or(&[][..], |manager| manager.refreshes);
        let refreshes =
            refreshes.contains(&"*") || words.get(1).is_some_and(|word| refreshes.contains(word));
        assert_eq!(
            manager::brings_packages(&words),
            fetches || refreshes,
            "{line}"
        );
    }
}

#[test]
fn every_flag_that_keeps_a_manager_from_its_packages_does() {
    for manager in managers() {
        let word = match manager.refreshes.first() {
            Some(&"*") | None => "package",
            Some(word) => word,
        };
        for flag in manager.kept_by {
            let words = [manager.programs[0], word, flag];
            assert!(!manager::brings_packages(&words), "{words:?}");
        }
    }
}

#[test]
fn what_can_be_done_alone_is_told_of_the_verb_that_does_it() {
    for (manager, verb, command) in commands() {
        if let Alone::Command { words, .. } = verb.alone {
            let words = words.split(' ').filter(|word| !word.starts_with('-'));
            let line: Vec<&str> = std::iter::once(manager.programs[0]).chain(words).collect();
            let alone = manager::verb_of(&line).unwrap_or_else(|| panic!("{command}"));
            assert!(alone.verb.fetches && !alone.verb.builds(), "{command}");
        }
    }
}

#[test]
fn every_program_is_recognised_and_judged() {
    for program in programs() {
        for command in program.commands {
            if command.contains('*') {
                continue;
            }
            let words: Vec<&str> = command.split(' ').collect();
            let row = recognise(&words).unwrap_or_else(|| panic!("{command}"));
            assert!(
                row.name == program.name || row.commands.len() > 1 || row.habit == program.habit,
                "`{command}` of {} is {}",
                program.name,
                row.name
            );
        }
        let can_reload = !program.on.is_empty() || program.habit != Habit::Keeps;
        assert!(
            can_reload || program.off.is_empty(),
            "{}: what is off was never on",
            program.name
        );
    }
}
