//! A whole check: finds the projects, loads each, runs the rules, and puts the findings in order.
//!
//! Projects are independent of each other and are checked in parallel. A rule that panics is caught
//! and named, and so is a project that makes anything else panic; the others go on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::compose::value::{Data, Value};
use crate::compose::{self, Compose, INVALID_COMPOSE, ProjectOptions, View, ViewKind};
use crate::config::{Choice, Config, Configs};
use crate::diagnostic::{Diagnostic, RuleInfo, Severity};
use crate::intent;
use crate::project::Project;
use crate::project::user_annotations::{INVALID_SETTING, Stated};
use crate::rules::{self, Findings};
use crate::syntax::INVALID_SYNTAX;
use crate::workspace::{ReadError, Workspace};

mod embedded;
mod fold;
mod loaded;
mod suppress;
mod targets;

pub use fold::fold;
pub use targets::{RecipeTree, Scope, find};

/// What to check, and with which rules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Directories to search and files to take as they are; absolute and clean.
    pub paths: Vec<PathBuf>,
    /// What `docker compose` itself would be told: `-f`, `--profile`, `--env-file`, ….
    pub project: ProjectOptions,
    /// The only rules to run; when empty, all but those that are off by default.
    pub select: Vec<String>,
    /// Rules to run beside those that run anyway.
    pub extend_select: Vec<String>,
    /// Rules not to run.
    pub ignore: Vec<String>,
    /// Which `composelint.toml` holds.
    pub config: Choice,
    /// Whether the outcome is to hold the resolved projects, to compare them.
    pub keep_models: bool,
}

/// What a check found.
#[derive(Default)]
pub struct Outcome {
    /// The findings, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that another view has made as well, where models are kept: each view has to be rid
    /// of it by itself.
    pub repeated: Vec<Diagnostic>,
    /// The directories of the projects, sorted.
    pub directories: Vec<PathBuf>,
    /// The resolved projects, where they were asked for.
    pub models: Vec<Model>,
    /// How many projects were looked at.
    pub projects: usize,
    /// How many services they have.
    pub services: usize,
    /// How many Dockerfiles were read.
    pub dockerfiles: usize,
    /// How many files were read in all.
    pub files: usize,
    /// Paths named by the user that cannot be checked, with the reason.
    pub errors: Vec<(PathBuf, String)>,
    /// Whether something in a `composelint.toml` is not understood; it is among the findings.
    pub has_invalid_config: bool,
}

/// A resolved project.
pub struct Model {
    /// Its directory.
    pub directory: PathBuf,
    /// The compose files that were named or found, in order.
    pub files: Vec<PathBuf>,
    /// Whether all of it could be loaded.
    pub is_whole: bool,
    /// The document.
    pub data: Value<Data>,
}

/// Checks everything the options name.
pub fn check(workspace: &Workspace<'_>, options: &Options) -> Outcome {
    let mut outcome = Outcome::default();
    let configs = Configs::new(workspace, &options.config);
    let mut scope = targets::find(workspace, options, &mut outcome.errors);
    scope.exclude(&configs);
    let check_view = |(view, tree): &(View, usize)| {
        let name = view.files.first().unwrap_or(&view.directory);
        guarded(workspace, INVALID_COMPOSE, name, || {
            check_view(workspace, view, &scope.trees[*tree], options, &configs)
        })
    };
    let mut views: Vec<Checked> = scope.views.par_iter().map(check_view).collect();
    outcome.models = views
        .iter_mut()
        .filter_map(|checked| checked.model.take())
        .collect();
    let built: FxHashSet<&Path> = views
        .iter()
        .flat_map(|checked| &checked.dockerfiles)
        .map(PathBuf::as_path)
        .collect();
    // A Dockerfile that a project builds has been looked at with its context; the others are looked
    // at alone.
    let alone: Vec<&PathBuf> = scope
        .dockerfiles
        .iter()
        .filter(|path| !built.contains(path.as_path()))
        .collect();
    let check_dockerfile = |path: &&PathBuf| {
        guarded(workspace, INVALID_SYNTAX, path, || {
            check_dockerfile(workspace, path, options, &configs)
        })
    };
    let dockerfiles: Vec<Checked> = alone.par_iter().map(check_dockerfile).collect();
    outcome.projects = views.len();
    outcome.directories = scope
        .views
        .iter()
        .map(|(view, _)| view.directory.clone())
        .collect();
    outcome.directories.sort();
    outcome.directories.dedup();
    outcome.services = views.iter().map(|checked| checked.services).sum();
    outcome.dockerfiles = built.len() + dockerfiles.len();
    outcome.files = outcome.dockerfiles
        + scope
            .views
            .iter()
            .flat_map(|(view, _)| &view.files)
            .collect::<FxHashSet<_>>()
            .len();
    outcome.diagnostics = views
        .into_iter()
        .chain(dockerfiles)
        .flat_map(|checked| checked.diagnostics)
        .collect();
    let problems = configs.problems();
    outcome.has_invalid_config = !problems.is_empty();
    if options.select.is_empty() || options.select.iter().any(|id| id == INVALID_SETTING) {
        outcome.diagnostics.extend(problems);
    }
    let repeated = arrange(workspace, &mut outcome.diagnostics);
    if options.keep_models {
        outcome.repeated = repeated;
    }
    outcome
}

const PLEASE_REPORT: &str = "Please report it, with the files if you can share them";

/// What came of one view or one Dockerfile.
struct Checked {
    services: usize,
    dockerfiles: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    model: Option<Model>,
}

/// Runs a check that must not take the others down with it.
fn guarded(
    workspace: &Workspace<'_>,
    rule: &'static str,
    file: &Path,
    check: impl FnOnce() -> Checked,
) -> Checked {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| {
        // Reading the file may be what failed.
        let source = workspace
            .sources()
            .find(file)
            .unwrap_or_else(|| workspace.sources().add_missing(file));
        let place = source.whole().before();
        let message = "internal error: this could not be checked; everything else was";
        let diagnostic = Diagnostic::new(rule, place, message).help(PLEASE_REPORT);
        Checked {
            services: 0,
            dockerfiles: Vec::new(),
            diagnostics: vec![diagnostic],
            model: None,
        }
    })
}

fn check_view(
    workspace: &Workspace<'_>,
    view: &View,
    tree: &RecipeTree,
    options: &Options,
    configs: &Configs<'_>,
) -> Checked {
    let config = configs.of(&view.directory);
    let project = load(workspace, view, tree, config.stated(&view.files));
    let files = project
        .images()
        .iter()
        .map(|image| &image.dockerfile.tree.source)
        .filter(|source| source.embedded().is_none());
    let dockerfiles = files.map(|source| source.path().to_path_buf()).collect();
    let services = project.services().count();
    let diagnostics = judge(workspace, &project, options, &config);
    let model = |compose: Compose| Model {
        directory: view.directory.clone(),
        files: view.files.clone(),
        is_whole: compose.is_whole()
            && !compose
                .diagnostics
                .iter()
                .any(|problem| problem.severity == Severity::Error),
        data: compose.data,
    };
    let model = options
        .keep_models
        .then(|| project.into_compose().map(model))
        .flatten();
    Checked {
        services,
        dockerfiles,
        diagnostics,
        model,
    }
}

fn check_dockerfile(
    workspace: &Workspace<'_>,
    path: &Path,
    options: &Options,
    configs: &Configs<'_>,
) -> Checked {
    let config = configs.of(path.parent().unwrap_or(Path::new("/")));
    let diagnostics = match workspace.read(path) {
        Ok(source) => judge(
            workspace,
            &Project::of_dockerfile(workspace, &source),
            options,
            &config,
        ),
        Err(error) => vec![unreadable(workspace, path, &error)],
    };
    Checked {
        services: 0,
        dockerfiles: Vec::new(),
        diagnostics,
        model: None,
    }
}

/// Loads one view as a project. `told` is what the user states of it elsewhere than in its files.
pub fn load<'w>(
    workspace: &'w Workspace<'w>,
    view: &View,
    tree: &'w RecipeTree,
    told: Stated,
) -> Project<'w> {
    let compose = compose::load(workspace, view);
    let mut intent = intent::judge(&compose, &tree.root, &tree.recipes, workspace.files());
    // Whoever names files means them.
    intent.is_aside &= view.kind != ViewKind::Named;
    intent.is_laid_under &= view.kind != ViewKind::Named;
    Project::of_compose(workspace, compose, intent, &tree.root, &tree.recipes, told).called_by(view)
}

fn judge(
    workspace: &Workspace<'_>,
    project: &Project<'_>,
    options: &Options,
    config: &Config,
) -> Vec<Diagnostic> {
    let mut diagnostics = run_rules(project, options, config);
    diagnostics.retain(|finding| {
        let path = workspace.sources().get(finding.span.file);
        !config.ignores(finding.rule, path.path(), finding.service.as_deref())
    });
    let told = suppress::told_by_builds(project);
    suppress::apply(workspace, &told, &mut diagnostics);
    if embedded::place(workspace, &mut diagnostics) {
        // The file around may ignore them as well.
        suppress::apply(workspace, &told, &mut diagnostics);
    }
    diagnostics
}

/// Whether a rule runs. What the command line selects wins over what the configuration selects.
fn is_wanted(info: &RuleInfo, options: &Options, config: &Config) -> bool {
    let named = |names: &[String]| {
        names
            .iter()
            .any(|name| name == info.id || info.aliases.contains(&name.as_str()))
    };
    if named(&options.ignore) {
        return false;
    }
    if !options.select.is_empty() || named(&options.extend_select) {
        return named(&options.select) || named(&options.extend_select);
    }
    let is_selected = if config.select.is_empty() {
        info.is_default
    } else {
        named(&config.select)
    };
    (is_selected || named(&config.extend_select)) && !named(&config.ignore)
}

fn run_rules(project: &Project<'_>, options: &Options, config: &Config) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (rule, info) in rules::all()
        .iter()
        .zip(rules::infos())
        .filter(|(_, info)| is_wanted(info, options, config))
    {
        let found = catch_unwind(AssertUnwindSafe(|| {
            let mut findings = Findings::default();
            (rule.check)(project, &mut findings);
            findings.into_diagnostics()
        }));
        match found {
            Ok(found) => {
                let severity = config
                    .severity_of(rule.id)
                    .or((!info.is_graded).then_some(info.severity));
                diagnostics.extend(found.into_iter().map(|finding| {
                    let severity = severity.unwrap_or(finding.severity);
                    Diagnostic {
                        severity,
                        ..finding
                    }
                }));
            }
            Err(_) => diagnostics.extend(project.anchor().map(|span| {
                let message = format!(
                    "internal error: the rule `{}` failed on this project; the other rules went on",
                    rule.id
                );
                Diagnostic::new(rule.id, span, message).help(PLEASE_REPORT)
            })),
        }
    }
    diagnostics
}

fn unreadable(workspace: &Workspace<'_>, path: &Path, error: &ReadError) -> Diagnostic {
    let source = workspace.sources().add_missing(path);
    Diagnostic::new(
        INVALID_SYNTAX,
        source.whole(),
        format!("this file cannot be read: {error}"),
    )
}

/// By file and place, each finding once: a finding that several views share is one finding. Gives
/// back the others.
fn arrange(workspace: &Workspace<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
    let sources = workspace.sources();
    diagnostics.sort_by_cached_key(|finding| {
        let path = sources.get(finding.span.file).path().to_path_buf();
        (
            path,
            finding.span.start,
            finding.span.end,
            finding.rule,
            finding.message.clone(),
            finding.service.clone(),
        )
    });
    let mut repeated = Vec::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for finding in diagnostics.drain(..) {
        if kept.last().is_some_and(|last| {
            last.rule == finding.rule
                && last.span == finding.span
                && last.message == finding.message
        }) {
            repeated.push(finding)
        } else {
            kept.push(finding)
        }
    }
    *diagnostics = kept;
    repeated
}

#[cfg(test)]
mod tests;
