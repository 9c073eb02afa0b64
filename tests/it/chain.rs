//! One truth: `check`, `why`, `services` and `plan` say the same of an edit, for every project in
//! `fixtures/` and every example of every rule document.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::run;
use crate::rule_documents::examples_on_disk;

/// The projects of `fixtures/`, and the examples of the rule documents, each in a directory.
fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let mut holds_compose = false;
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            holds_compose |= matches!(name.as_str(), "compose.yaml" | "docker-compose.yml");
            if path.is_dir() {
                folders.push(path);
            }
        }
        if holds_compose {
            found.push(folder);
        }
    }
    found.sort();
    found
}

fn json(directory: &Path, command: &str) -> Option<Value> {
    let output = run(directory, &format!("{command} --output-format json"));
    serde_json::from_str(&output.stdout).ok()
}

/// What contradicts what in one project; `compared` counts the findings that were held against
/// `why`.
fn contradictions(directory: &Path, compared: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    let (Some(services), Some(plan)) = (json(directory, "services"), json(directory, "plan"))
    else {
        return found;
    };
    for row in services.as_array().into_iter().flatten() {
        let name = row["service"].as_str().unwrap_or_default();
        // Docker Compose refuses such a name, and the words of a run are separated by spaces.
        if name.contains(' ') {
            continue;
        }
        let Some(why) = json(directory, &format!("why {name}")) else {
            found.push(format!("{name}: why says nothing"));
            continue;
        };
        for key in ["action", "command"] {
            if row[key] != why[key] {
                let (row, why) = (&row[key], &why[key]);
                found.push(format!("{name}: services says {row}, why says {why}"));
            }
        }
        let edits = plan["edits"].as_array().into_iter().flatten();
        for edit in edits.filter(|edit| edit["service"] == name) {
            for key in ["action", "command"] {
                if edit[key] != why[key] {
                    let (edit, why) = (&edit[key], &why[key]);
                    found.push(format!("{name}: plan says {edit}, why says {why}"));
                }
            }
        }
    }
    let check = json(directory, "check").unwrap_or_default();
    // What the other commands read; a finding about another set of files is not theirs.
    for finding in check["diagnostics"].as_array().into_iter().flatten() {
        let remedy = &finding["remedy"];
        let (Some(service), Some(path)) = (finding["service"].as_str(), remedy["path"].as_str())
        else {
            continue;
        };
        let command = remedy["command"].as_str().unwrap_or_default();
        if command.contains(" -f ") {
            continue;
        }
        let Some(why) = json(directory, &format!("why {service} {path}")) else {
            continue;
        };
        *compared += 1;
        let ways: Vec<&Value> = why["ways"].as_array().into_iter().flatten().collect();
        let agrees = ways.iter().any(|way| {
            let links = way["links"].as_array().into_iter().flatten();
            let stops = links.filter(|link| link["holds"] != "yes");
            way["action"] == remedy["action"]
                && way["command"] == remedy["command"]
                && stops.into_iter().any(|link| link["link"] == remedy["link"])
        });
        if !agrees {
            let rule = &finding["rule"];
            found.push(format!(
                "{service}: {rule} says {remedy}, why {path} says {why:#}"
            ));
        }
    }
    found
}

#[test]
fn every_command_says_the_same_of_an_edit_in_a_fixture() {
    let projects = projects();
    assert!(projects.len() > 3, "fixtures/ was not found");
    let mut complaints = Vec::new();
    let mut compared = 0;
    for project in projects {
        for complaint in contradictions(&project, &mut compared) {
            complaints.push(format!("{}: {complaint}", project.display()));
        }
    }
    assert!(compared > 0, "no finding was compared");
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_command_says_the_same_of_an_edit_in_a_rule_document() {
    let mut complaints = Vec::new();
    let mut compared = 0;
    examples_on_disk(|title, directory| {
        for complaint in contradictions(directory, &mut compared) {
            complaints.push(format!("{title}: {complaint}"));
        }
    });
    assert!(compared > 20, "only {compared} findings were compared");
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
