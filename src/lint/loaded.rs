//! Which compose files people really load together: what discovery finds, corrected by the calls in
//! scripts and documents.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::{View, ViewKind};
use crate::files::clean;
use crate::repository::recipes::{ComposeCall, Recipe, Tool};

/// The views of a tree. A file that the recipes load as part of a set is not looked at in another
/// company, and a project directory that every call gives is the one to resolve paths from. A file
/// that a call names is a project by itself where `is_new` says so, whatever its name.
pub(super) fn with_recipes(
    mut views: Vec<View>,
    recipes: &[Recipe],
    is_new: &dyn Fn(&Path) -> bool,
) -> Vec<View> {
    let calls: Vec<&ComposeCall> = recipes
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| !call.files.is_empty() && !call.remote)
        .collect();
    // In the order of the calls; a tree may hold thousands of projects and calls.
    let mut order: Vec<&Vec<PathBuf>> = Vec::new();
    let mut sets: FxHashMap<&Vec<PathBuf>, Vec<PathBuf>> = FxHashMap::default();
    for call in &calls {
        let Some((files, directory)) = call
            .paths
            .as_ref()
            .and_then(|files| Some((files, directory_of(call, files)?)))
        else {
            continue;
        };
        let directories = sets.entry(files).or_default();
        if directories.is_empty() {
            order.push(files);
        }
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    for view in &mut views {
        // What is laid over a file is started from where that file is.
        let alone = view
            .files
            .first()
            .filter(|_| view.kind == ViewKind::Overlay)
            .map(|main| vec![main.clone()]);
        let called = sets.get(&view.files).or_else(|| sets.get(alone.as_ref()?));
        if let Some([directory]) = called.map(Vec::as_slice)
            && *directory != view.directory
        {
            *view = View::new(directory.clone(), view.files.clone(), view.kind);
        }
    }
    let laid_over: FxHashSet<&PathBuf> = order
        .iter()
        .flat_map(|files| files.iter().skip(1))
        .collect();
    views.retain(|view| {
        view.kind != ViewKind::Overlay
            || !view
                .files
                .last()
                .is_some_and(|last| laid_over.contains(last))
    });
    // A file for `docker stack deploy` is read by another program, with rules of its own.
    let mut by_compose: FxHashSet<&Vec<PathBuf>> = FxHashSet::default();
    by_compose.extend(
        calls
            .iter()
            .filter(|call| call.tool != Tool::Stack)
            .filter_map(|call| call.paths.as_ref()),
    );
    let known: FxHashSet<Vec<PathBuf>> = views.iter().map(|view| view.files.clone()).collect();
    for files in order.into_iter().filter(|files| !known.contains(*files)) {
        let kind = match files.as_slice() {
            [only] if by_compose.contains(files) && !laid_over.contains(only) && is_new(only) => {
                ViewKind::Alone
            }
            [_] | [] => continue,
            _ => ViewKind::Named,
        };
        views.extend(
            sets[files]
                .iter()
                .take(1)
                .map(|directory| View::new(directory.clone(), files.clone(), kind)),
        );
    }
    views
}

/// The project directory of a call: as it says, or that of its first file.
fn directory_of(call: &ComposeCall, files: &[PathBuf]) -> Option<PathBuf> {
    match &call.project_directory {
        Some(given) if given.text.contains('$') => None,
        Some(given) => Some(clean(&call.directory.as_ref()?.join(&given.text))),
        None => files.first()?.parent().map(Path::to_path_buf),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Files, Memory};
    use crate::repository::recipes;
    use crate::workspace::Workspace;

    /// The files of each view and their project directory, when a Makefile has this recipe.
    fn views(recipe: &str) -> Vec<String> {
        let service = "services:\n  a:\n    image: x\n";
        let files = Memory::new()
            .with("/p/Makefile", format!("up:\n\t{recipe}\n"))
            .with("/p/infra/compose.yaml", service)
            .with(
                "/p/infra/compose.dev.yaml",
                "services:\n  a:\n    ports: [\"1:1\"]\n",
            )
            .with(
                "/p/infra/compose.more.yaml",
                "services:\n  a:\n    command: x\n",
            )
            .with("/p/infra/web.yml", service)
            .with("/p/infra/services.yml", "services:\n  a:\n    class: x\n");
        let workspace = Workspace::new(&files);
        let paths = files.walk(Path::new("/p"));
        let found = crate::compose::discover(&workspace, Path::new("/p"), &paths).views;
        let recipes = recipes::read(&workspace, Path::new("/p"), &paths);
        let views = with_recipes(found, &recipes, &|path| {
            crate::compose::is_compose_file(&workspace, path)
        });
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        views
            .iter()
            .map(|view| {
                format!(
                    "{} {}",
                    view.directory.display(),
                    view.files.iter().map(name).collect::<Vec<_>>().join("+")
                )
            })
            .collect()
    }

    #[test]
    fn a_project_directory_that_the_calls_give_is_believed() {
        let views = views("docker compose --project-directory . -f infra/compose.yaml up");
        assert!(views.contains(&"/p compose.yaml".to_owned()), "{views:?}");
    }

    #[test]
    fn a_file_that_a_call_names_may_have_any_name() {
        assert_eq!(
            views("docker compose -f infra/web.yml up").last().unwrap(),
            "/p/infra web.yml"
        );
        assert!(
            !views("docker stack deploy -c infra/web.yml x")
                .contains(&"/p/infra web.yml".to_owned())
        );
        assert!(
            !views("docker compose -f infra/services.yml up")
                .contains(&"/p/infra services.yml".to_owned())
        );
    }

    #[test]
    fn what_is_laid_over_a_file_has_its_project_directory() {
        let views = views("docker compose --project-directory . -f infra/compose.yaml up");
        assert!(
            views.contains(&"/p compose.yaml+compose.dev.yaml".to_owned()),
            "{views:?}"
        );
    }

    #[test]
    fn files_that_are_loaded_together_are_looked_at_together() {
        let views = views(
            "docker compose -f infra/compose.yaml -f infra/compose.dev.yaml -f infra/compose.more.yaml up",
        );
        assert_eq!(
            views,
            [
                "/p/infra compose.yaml",
                "/p/infra compose.yaml+compose.dev.yaml+compose.more.yaml"
            ]
        );
    }
}
