//! Installs behind a copy of all sources, and whether the copy may go behind them.

use std::path::Path;

use super::*;
use crate::files::Memory;
use crate::project::image::Build;

/// What is said of a Dockerfile among these files: the manifests to copy first, then what is not proven.
fn check(files: &[(&str, &str)]) -> Option<(Vec<String>, Vec<Obligation>)> {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(Path::new("/p").join(path), text));
    let workspace = Workspace::new(&memory);
    let dockerfile = workspace.read(Path::new("/p/Dockerfile")).unwrap();
    let image =
        Image::read(&workspace, &Build { dockerfile: &dockerfile, context: Path::new("/p"), target: None, args: &[], named_contexts: &[] });
    let late = late_installs(&workspace, &image).pop()?;
    let manifests = late.reorder.manifests.iter().map(|manifest| manifest.path.clone()).collect();
    Some((manifests, late.reorder.unproven.iter().map(|unproven| unproven.obligation).collect()))
}

#[test]
fn requirements_that_name_further_files_are_followed() {
    let late = check(&[
        ("Dockerfile", "FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements/dev.txt\n"),
        ("requirements/dev.txt", "-r base.txt\npytest\n"),
        ("requirements/base.txt", "flask\n"),
        ("main.py", ""),
    ]);
    assert_eq!(late, Some((vec!["requirements/dev.txt".into(), "requirements/base.txt".into()], vec![])));
}

#[test]
fn an_install_of_the_project_itself_is_not_late() {
    for install in ["pip install .", "pip install -e .", "pip install -r requirements.txt"] {
        let dockerfile = format!("FROM python\nWORKDIR /app\nCOPY . .\nRUN {install}\n");
        assert_eq!(check(&[("Dockerfile", &dockerfile), ("requirements.txt", "-e .\n"), ("main.py", "")]), None, "{install}");
    }
}

#[test]
fn own_install_scripts_are_not_proven_harmless() {
    let late = check(&[
        ("Dockerfile", "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"),
        ("package.json", r#"{"scripts": {"postinstall": "node setup.js"}}"#),
        ("package-lock.json", "{}"),
        ("index.js", ""),
    ]);
    assert_eq!(late.unwrap().1, [Obligation::NoScripts]);
}

#[test]
fn a_run_that_also_builds_cannot_be_moved() {
    let late = check(&[
        ("Dockerfile", "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("index.js", ""),
    ]);
    assert_eq!(late.unwrap().1, [Obligation::NothingBetween]);
}

#[test]
fn a_copy_without_source_code_changes_with_no_edit() {
    let late = check(&[
        ("Dockerfile", "FROM python\nWORKDIR /app\nCOPY deps/ .\nRUN pip install -r requirements.txt\nCOPY . .\n"),
        ("deps/requirements.txt", "flask\n"),
        ("main.py", ""),
    ]);
    assert_eq!(late, None);
}
