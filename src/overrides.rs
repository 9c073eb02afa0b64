//! The development override that a project lacks, as a whole file: what `composelint override`
//! prints and writes.
//!
//! What a project needs is derived in [`crate::dev`]. Here it becomes the new text of one
//! file, and is proven: the project is loaded with it, in memory, with no profile, with each and
//! with all, and what would break it is left out.

use std::collections::BTreeSet;
use std::path::Path;

use crate::compose::{self, View};
use crate::dev;
use crate::dev::target;
use crate::dev::target::Target;
use crate::dev::{DevForm, write};
use crate::diagnostic::Edit;
use crate::files::{Files, Overlay};
use crate::project::Project;
use crate::project::user_annotations::Mode;
use crate::text::Source;
use crate::workspace::Workspace;
use crate::{intent, roles};

pub mod drift;
pub mod recipes;

/// What to generate, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The view that the project was loaded from.
    pub view: &'o View,
    /// The file to write into; where it belongs when nothing is said. Absolute and clean.
    pub to: Option<&'o Path>,
    /// How edits are to arrive where the project does not say; as the file that is there was asked
    /// for, else by mounts.
    pub mode: Option<Mode>,
    /// For which services; all of them when empty.
    pub services: &'o [String],
}

impl<'o> Options<'o> {
    /// Everything that the project needs, where it belongs.
    pub fn new(view: &'o View) -> Self {
        Options {
            view,
            to: None,
            mode: None,
            services: &[],
        }
    }

    /// The file to write into, which knows what it was asked for.
    fn target(&self, project: &Project<'_>) -> Target {
        let mut target = match self.to {
            Some(path) => target::at(project, path),
            None => target::choose(project),
        };
        target.asked.mode = self.mode.or(target.asked.mode);
        if !self.services.is_empty() {
            target.asked.services = self.services.to_vec();
        }
        target
    }
}

/// An override: a file and its new text.
#[derive(Debug)]
pub struct Override {
    /// The file; it may not exist yet.
    pub target: Source,
    /// All of its new text; the old one when nothing changes.
    pub text: String,
    /// The same as edits of the file.
    pub edits: Vec<Edit>,
    /// What was left out and why, and how to load the file when it is not loaded by itself.
    pub notes: Vec<String>,
    /// Whether there is nothing to write.
    pub unchanged: bool,
}

/// Generates the override that a project lacks.
pub fn generate(project: &Project<'_>, options: &Options<'_>) -> Override {
    let target = options.target(project);
    if target.stands_alone {
        return written(&target, Vec::new(), vec![no_override(project, &target)]);
    }
    let view = beside(options.view, &target);
    with_view(project, &view, &target, |project| {
        over(project, &view, &target)
    })
}

fn no_override(project: &Project<'_>, target: &Target) -> String {
    format!(
        "{} is a whole project of its own, not an override; run `composelint override -f {0}` for it, or name another file",
        project.written(target.source.path())
    )
}

/// The view with the file that is written: what it says already counts, though nothing may load it
/// by itself.
fn beside(view: &View, target: &Target) -> View {
    let mut view = view.clone();
    if target.source.exists() && !target.is_loaded {
        view.files.push(target.source.path().to_path_buf());
    }
    view
}

/// Looks at the project that other files than those of `project` make.
fn with_view<T>(
    project: &Project<'_>,
    view: &View,
    target: &Target,
    look: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let is_same = !target.source.exists()
        || target.is_loaded == view.files.iter().any(|path| path == target.source.path());
    if is_same {
        return look(project);
    }
    let workspace = project.workspace();
    let compose = compose::load(workspace, view);
    let intent = intent::judge(
        &compose,
        project.root(),
        project.recipes(),
        workspace.files(),
    );
    look(&Project::of_compose(
        workspace,
        compose,
        intent,
        project.root(),
        project.recipes(),
        project.stated().clone(),
    ))
}

/// What is needed of the services that are asked for.
fn wanted(project: &Project<'_>, target: &Target, notes: &mut Vec<String>) -> Vec<DevForm> {
    let mut all = dev::forms(project, target.asked.mode.unwrap_or(Mode::Mount));
    let services = &target.asked.services;
    if !services.is_empty() {
        let tags: Vec<String> = all
            .iter()
            .filter(|form| services.contains(&form.service) && form.build_target.is_none())
            .filter_map(|form| Some(form.image.as_ref()?.value.clone()))
            .collect();
        // A tag of development needs the service that builds it.
        let builds = |form: &DevForm| {
            form.build_target.is_some()
                && form
                    .image
                    .as_ref()
                    .is_some_and(|image| tags.contains(&image.value))
        };
        all.retain(|form| services.contains(&form.service) || builds(form));
        for form in &mut all {
            (form.profiles, form.softened) = (None, Vec::new());
        }
        all.retain(|form| !form.is_empty() || !form.notes.is_empty());
    }
    notes.extend(all.iter().flat_map(|form| {
        form.notes
            .iter()
            .map(|note| format!("{}: {note}", form.service))
    }));
    all
}

fn over(project: &Project<'_>, view: &View, target: &Target) -> Override {
    let mut notes = Vec::new();
    let all = proven(project, view, target, &mut notes);
    let found = write::edits(project, target, &all);
    notes.extend(found.left);
    if !found.edits.is_empty() && !target.is_automatic && !target.is_loaded {
        notes.push(format!(
            "load it with `docker compose{} up -d --build`",
            written_files(project, view, target)
        ));
    }
    written(target, found.edits, notes)
}

/// The files of a view with the override, as options of Docker Compose.
fn written_files(project: &Project<'_>, view: &View, target: &Target) -> String {
    let path = target.source.path();
    let files = view
        .files
        .iter()
        .map(|path| path.as_path())
        .filter(|file| *file != path)
        .chain([path]);
    files
        .map(|path| format!(" -f {}", project.written(path).trim_start_matches("./")))
        .collect()
}

/// What is needed, without that with which the project could not be loaded.
fn proven(
    project: &Project<'_>,
    view: &View,
    target: &Target,
    notes: &mut Vec<String>,
) -> Vec<DevForm> {
    let all = wanted(project, target, notes);
    let proof = Proof::new(project, view, target);
    match proof.problem(&write::edits(project, target, &all).edits) {
        None => all,
        Some(_) => proof.without_problems(&all, notes),
    }
}

fn written(target: &Target, edits: Vec<Edit>, notes: Vec<String>) -> Override {
    let text = Edit::apply_all(target.source.text(), &edits);
    Override {
        target: target.source.clone(),
        text,
        unchanged: edits.is_empty(),
        edits,
        notes,
    }
}

/// The project with an override over it, loaded in memory.
struct Proof<'p> {
    project: &'p Project<'p>,
    /// The sets of files that will load it, and what is wrong with each without it.
    views: Vec<(View, Vec<String>)>,
    target: &'p Target,
}

impl<'p> Proof<'p> {
    fn new(project: &'p Project<'p>, view: &View, target: &'p Target) -> Self {
        let files = project.workspace().files();
        let path = target.source.path().to_path_buf();
        let with_it = |view: &View| {
            let mut wider = view.clone();
            if !wider.files.contains(&path) {
                wider.files.push(path.clone());
            }
            (wider, problems(files, view))
        };
        let mut views = vec![with_it(view)];
        if let Some(main) = target.loaded_beside(files).filter(|_| !target.is_automatic) {
            let beside = View {
                files: vec![main],
                ..view.clone()
            };
            let there = if target.source.exists() {
                with_it(&beside).0
            } else {
                beside.clone()
            };
            views.push((with_it(&beside).0, problems(files, &there)));
        }
        Proof {
            project,
            views,
            target,
        }
    }

    /// The first thing that would be wrong with these edits and is not without them.
    fn problem(&self, edits: &[Edit]) -> Option<String> {
        let mut overlay = Overlay::new(self.project.workspace().files());
        if edits.is_empty() {
            return None;
        }
        overlay.write(
            self.target.source.path(),
            Edit::apply_all(self.target.source.text(), edits),
        );
        self.views.iter().find_map(|(view, before)| {
            problems(&overlay, view)
                .into_iter()
                .find(|problem| !before.contains(problem))
        })
    }

    /// As many of the forms as the project can be loaded with. What is taken out is told.
    fn without_problems(&self, all: &[DevForm], notes: &mut Vec<String>) -> Vec<DevForm> {
        let mut kept: Vec<DevForm> = all.iter().map(DevForm::profiles_only).collect();
        if let Some(problem) = self.problem(&write::edits(self.project, self.target, &kept).edits) {
            notes.push(format!("profiles are left out: with them, {problem}"));
            kept = all
                .iter()
                .map(|form| DevForm {
                    service: form.service.clone(),
                    ..DevForm::default()
                })
                .collect();
        }
        for (at, form) in all.iter().enumerate() {
            let before = kept[at].clone();
            kept[at] = DevForm {
                profiles: before.profiles.clone(),
                softened: before.softened.clone(),
                ..form.clone()
            };
            if let Some(problem) =
                self.problem(&write::edits(self.project, self.target, &kept).edits)
            {
                notes.push(format!("{} is left out: with it, {problem}", form.service));
                kept[at] = before;
            }
        }
        kept
    }
}

/// What is wrong with a view: with its own profiles, with each that there is, and with all.
fn problems(files: &dyn Files, view: &View) -> Vec<String> {
    let workspace = Workspace::new(files);
    let first = compose::load(&workspace, view);
    let sets: BTreeSet<&str> = first
        .services
        .iter()
        .flat_map(|service| &service.profiles)
        .map(|profile| profile.value.as_str())
        .collect();
    // A service that needs a disabled one is refused in any set of profiles.
    let violations = roles::check_sets(&first, &[], &[]).into_iter();
    let mut found: Vec<String> = violations
        .map(|violation| {
            format!(
                "`{}` could not start without `{}`",
                violation.service, violation.needs
            )
        })
        .collect();
    found.extend(
        first
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.message.clone()),
    );
    for set in sets.into_iter().chain(["*"]) {
        let other = compose::load(
            &workspace,
            &View {
                profiles: vec![set.to_owned()],
                ..view.clone()
            },
        );
        found.extend(
            other
                .diagnostics
                .into_iter()
                .map(|diagnostic| diagnostic.message),
        );
    }
    found
}

#[cfg(test)]
mod tests;
