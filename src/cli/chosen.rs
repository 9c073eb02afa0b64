//! The one project that a command looks at.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Setting;
use super::arguments::Selection;
use crate::compose::{View, ViewKind};
use crate::config::Configs;
use crate::lint;
use crate::project::Project;
use crate::project::purpose::Intent;
use crate::workspace::Workspace;

/// Which of several sets of files in one directory is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Prefer {
    /// The one that people start to develop: one for development that a script or document of the
    /// repository loads, or else what `docker compose up` starts there.
    Used,
    /// The one for development, whether anybody loads it or not, so that it is extended.
    Development,
}

/// Loads the project of a path, or of the working directory, and looks at it; of several the one
/// that people use. `None` when it could not be found out what is meant, which has been told.
pub(super) fn with<T>(
    setting: &Setting,
    path: Option<PathBuf>,
    look: impl FnOnce(&View, &Project<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    preferring(Prefer::Used, setting, path, look)
}

/// The same with a preference.
pub(super) fn preferring<T>(
    prefer: Prefer,
    setting: &Setting,
    path: Option<PathBuf>,
    look: impl FnOnce(&View, &Project<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    let options = setting.lint_options(&Vec::from_iter(path), &Selection::default())?;
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let mut errors = Vec::new();
    let scope = lint::find(&workspace, &options, &mut errors);
    if !errors.is_empty() {
        errors
            .iter()
            .for_each(|(path, reason)| setting.tell_error(path, reason));
        return Ok(None);
    }
    let configs = Configs::new(&workspace, &options.config);
    let (view, project) = choose(
        prefer,
        setting,
        &workspace,
        &scope,
        &options.paths,
        &configs,
    )?;
    look(view, &project).map(Some)
}

/// The project that is meant: the only one, or that of the named directory itself. Of several sets
/// of files in one directory the preferred one.
fn choose<'v, 'w>(
    prefer: Prefer,
    setting: &Setting,
    workspace: &'w Workspace<'w>,
    scope: &'v lint::Scope,
    paths: &[PathBuf],
    configs: &Configs<'_>,
) -> anyhow::Result<(&'v View, Project<'w>)>
where
    'v: 'w,
{
    let mut named: Vec<&(View, usize)> = scope
        .views
        .iter()
        .filter(|(view, _)| paths.contains(&view.directory))
        .collect();
    if named.is_empty() && scope.views.len() == 1 {
        named.extend(&scope.views);
    }
    let mut projects: Vec<(&View, Project<'w>)> = named
        .into_iter()
        .map(|(view, tree)| {
            (
                view,
                lint::load(
                    workspace,
                    view,
                    &scope.trees[*tree],
                    configs.of(&view.directory).stated(&view.files),
                ),
            )
        })
        .collect();
    let is_for_development = |project: &Project<'_>| {
        project
            .intent()
            .is_some_and(|judgement| judgement.intent == Intent::Development)
    };
    if !projects.is_empty() {
        let is_called = |(view, project): &(&View, Project<'_>)| {
            let mut calls = project.recipes().iter().flat_map(|recipe| &recipe.calls);
            is_for_development(project) && calls.any(|call| call.loads(&view.files))
        };
        let is_default = |(view, _): &(&View, Project<'_>)| view.kind == ViewKind::Default;
        let by_itself = if prefer == Prefer::Used {
            projects
                .iter()
                .rposition(is_called)
                .or_else(|| projects.iter().position(is_default))
        } else {
            None
        };
        let at = by_itself
            .or_else(|| {
                projects
                    .iter()
                    .rposition(|(_, project)| is_for_development(project))
            })
            .unwrap_or(0);
        return Ok(projects.swap_remove(at));
    }
    let mut directories: Vec<&Path> = scope
        .views
        .iter()
        .map(|(view, _)| view.directory.as_path())
        .collect();
    directories.dedup();
    let place = paths
        .first()
        .map_or_else(|| ".".to_owned(), |path| setting.relative(path));
    match directories.as_slice() {
        [] => bail!("there is no compose project in {place}"),
        several => {
            let names: Vec<String> = several.iter().map(|path| setting.relative(path)).collect();
            bail!(
                "there are several projects in {place}, name one: {}",
                names.join(", ")
            )
        }
    }
}
