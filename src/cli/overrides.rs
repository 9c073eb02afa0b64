//! `composelint override`: prints the development override that a project lacks, or writes it where it belongs.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::arguments::{Override, Selection};
use super::{Setting, Status, terminal};
use crate::compose::View;
use crate::config::Configs;
use crate::disk;
use crate::lint;
use crate::overrides::{self, Options};
use crate::project::Project;
use crate::project::intent::Intent;
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Override) -> anyhow::Result<Status> {
    let (path, file) = places(setting, &arguments);
    let options = setting.lint_options(&Vec::from_iter(path), &Selection::default())?;
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let mut errors = Vec::new();
    let scope = lint::find(&workspace, &options, &mut errors);
    if !errors.is_empty() {
        errors.iter().for_each(|(path, reason)| setting.tell_error(path, reason));
        return Ok(Status::Failed);
    }
    let configs = Configs::new(&workspace, &options.config);
    let (view, project) = choose(setting, &workspace, &scope, &options.paths, &configs)?;
    let to: Option<PathBuf> = file.map(|path| setting.absolute(&path));
    let found = overrides::generate(&project, &Options { view, to: to.as_deref() });
    let path = found.target.path();
    let name = setting.relative(path);
    if found.unchanged {
        terminal::note(&format!("nothing to add to {name}"));
    } else if arguments.write.is_none() {
        setting.print_source(|out| write!(out, "{}", found.text))?;
    } else {
        let before = found.target.exists().then(|| found.target.text().as_bytes());
        if let Err(error) = disk::replace(path, before, found.text.as_bytes()) {
            bail!("{name} was not written: {error}");
        }
        terminal::note(&format!("{} {name}", if before.is_some() { "extended" } else { "wrote" }));
    }
    found.notes.iter().for_each(|note| terminal::note(note));
    Ok(Status::Clean)
}

/// The project's path and the file to write. In `--write DIRECTORY` the directory is the project's: it is no file to write.
fn places(setting: &Setting, arguments: &Override) -> (Option<PathBuf>, Option<PathBuf>) {
    let named = arguments.write.clone().flatten();
    match (&arguments.path, named) {
        (None, Some(directory)) if setting.absolute(&directory).is_dir() => (Some(directory), None),
        (path, file) => (path.clone(), file),
    }
}

/// The project that is meant: the only one, or that of the named directory itself. Of several sets of files in one directory
/// the one for development, so that a development file that exists is extended.
fn choose<'v, 'w>(
    setting: &Setting,
    workspace: &'w Workspace<'w>,
    scope: &'v lint::Scope,
    paths: &[PathBuf],
    configs: &Configs<'_>,
) -> anyhow::Result<(&'v View, Project<'w>)>
where
    'v: 'w,
{
    let mut named: Vec<&(View, usize)> = scope.views.iter().filter(|(view, _)| paths.contains(&view.directory)).collect();
    if named.is_empty() && scope.views.len() == 1 {
        named.extend(&scope.views);
    }
    let mut projects: Vec<(&View, Project<'w>)> = named
        .into_iter()
        .map(|(view, tree)| (view, lint::load(workspace, view, &scope.trees[*tree], configs.of(&view.directory).stated(&view.files))))
        .collect();
    let is_for_development = |project: &Project<'_>| project.intent().is_some_and(|judgement| judgement.intent == Intent::Development);
    if !projects.is_empty() {
        let at = projects.iter().rposition(|(_, project)| is_for_development(project)).unwrap_or(0);
        return Ok(projects.swap_remove(at));
    }
    let mut directories: Vec<&Path> = scope.views.iter().map(|(view, _)| view.directory.as_path()).collect();
    directories.dedup();
    let place = paths.first().map_or_else(|| ".".to_owned(), |path| setting.relative(path));
    match directories.as_slice() {
        [] => bail!("there is no compose project in {place}"),
        several => {
            let names: Vec<String> = several.iter().map(|path| setting.relative(path)).collect();
            bail!("there are several projects in {place}, name one: {}", names.join(", "))
        }
    }
}
