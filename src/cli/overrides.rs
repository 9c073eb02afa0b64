//! `composelint override`: prints the development override that a project lacks, or writes it where it belongs.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::arguments::{Override, Selection};
use super::{Setting, Status, terminal};
use crate::compose::View;
use crate::disk;
use crate::lint;
use crate::overrides::{self, Options};
use crate::workspace::Workspace;

pub(super) fn run(setting: &Setting, arguments: Override) -> anyhow::Result<Status> {
    let options = setting.lint_options(&Vec::from_iter(arguments.path), &Selection::default())?;
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let mut errors = Vec::new();
    let scope = lint::find(&workspace, &options, &mut errors);
    if !errors.is_empty() {
        errors.iter().for_each(|(path, reason)| setting.tell_error(path, reason));
        return Ok(Status::Failed);
    }
    let (view, tree) = choose(setting, &scope.views, &options.paths)?;
    let project = lint::load(&workspace, view, &scope.trees[tree]);
    let to: Option<PathBuf> = arguments.write.iter().flatten().next().map(|path| setting.absolute(path));
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

/// The project that is meant: the only one, or the first of the named directory itself.
fn choose<'v>(setting: &Setting, views: &'v [(View, usize)], paths: &[PathBuf]) -> anyhow::Result<(&'v View, usize)> {
    let is_named = |view: &View| paths.contains(&view.directory);
    if let Some((view, tree)) = views.iter().find(|(view, _)| is_named(view)).or(views.first().filter(|_| views.len() == 1)) {
        return Ok((view, *tree));
    }
    let mut directories: Vec<&Path> = views.iter().map(|(view, _)| view.directory.as_path()).collect();
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
