//! How people start and stop services that have profiles.

use crate::compose::Compose;
use crate::project::Project;
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind, Tool};

/// A call that stops the project and leaves containers of a profile running.
pub struct Leak<'p> {
    /// The recipe.
    pub recipe: &'p Recipe,
    /// The call in it.
    pub call: &'p ComposeCall,
    /// The profile that is left running.
    pub profile: &'p str,
    /// The call that starts it.
    pub started_by: &'p ComposeCall,
    /// The recipe which that is in.
    pub starter: &'p Recipe,
}

/// The calls in scripts that stop everything without a profile, although a script starts services
/// of one and leaves them running. What `.env` enables is stopped as well.
pub fn leaks<'p>(project: &'p Project<'_>) -> Vec<Leak<'p>> {
    let Some(compose) = project.compose() else {
        return Vec::new();
    };
    let scripts = || {
        project
            .recipes()
            .iter()
            .filter(|recipe| recipe.kind == RecipeKind::Runnable)
    };
    let started = scripts()
        .flat_map(|recipe| recipe.calls.iter().map(move |call| (recipe, call)))
        .find_map(|(recipe, call)| {
            let stays =
                call.is("up") && call.has(&["-d", "--detach", "--wait"]) && is_of(compose, call);
            let leaves = |profile: &&str| {
                compose.services.iter().any(|service| {
                    !service.active && service.is_active_with(&[(*profile).to_owned()])
                })
            };
            let profile = call
                .profiles
                .iter()
                .map(|profile| profile.text.as_str())
                .filter(|_| stays)
                .find(|profile| *profile != "*" && leaves(profile))?;
            Some((recipe, call, profile))
        });
    let Some((starter, started_by, profile)) = started else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for recipe in scripts() {
        // One that stops with profiles as well, or only one of several sets, knows what it does.
        let stops =
            |call: &&ComposeCall| (call.is("down") || call.is("stop")) && is_of(compose, call);
        let stopping: Vec<&ComposeCall> = recipe.calls.iter().filter(stops).collect();
        if stopping.iter().any(|call| !call.profiles.is_empty()) {
            continue;
        }
        let all = stopping.into_iter().filter(|call| {
            call.services.is_empty() && call.services_known && call.tool == Tool::Compose
        });
        found.extend(all.map(|call| Leak {
            recipe,
            call,
            profile,
            started_by,
            starter,
        }));
    }
    found
}

/// Whether a call loads a file of this project, and nothing that is not known.
fn is_of(compose: &Compose, call: &ComposeCall) -> bool {
    let is_own =
        |path: &std::path::PathBuf| compose.files.iter().any(|source| source.path() == path);
    call.paths
        .as_ref()
        .is_some_and(|paths| paths.iter().any(is_own))
}
