//! What the paths that a user names hold: projects, and Dockerfiles outside of them.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::{self, EnvFiles, LocateError, ProjectOptions, View, ViewKind};
use crate::files::{Kind, clean};
use crate::repository::recipes;
use crate::repository::recipes::Recipe;
use crate::syntax::dockerfile::Keyword;
use crate::workspace::Workspace;

use super::{Options, loaded};
use crate::config::Configs;

/// Everything that is to be checked.
#[derive(Default)]
pub struct Scope {
    /// The projects, each with the number of the tree it was found in.
    pub views: Vec<(View, usize)>,
    /// The Dockerfiles, those that a project builds included.
    pub dockerfiles: Vec<PathBuf>,
    /// The directory trees that were searched.
    pub trees: Vec<RecipeTree>,
}

/// A directory tree and how people call Docker Compose in it.
pub struct RecipeTree {
    /// The directory.
    pub root: PathBuf,
    /// Every call in its scripts and documents.
    pub recipes: Vec<Recipe>,
}

/// Finds what is to be checked. A path that cannot be checked goes into `errors` with the reason,
/// and the others go on.
pub fn find(
    workspace: &Workspace<'_>,
    options: &Options,
    errors: &mut Vec<(PathBuf, String)>,
) -> Scope {
    let mut scope = Scope::default();
    if let Some(missing) = given_env_files(options)
        .into_iter()
        .find(|path| !workspace.files().exists(path))
    {
        errors.push((
            options.project.working_directory.clone(),
            LocateError::NoEnvFile(missing).to_string(),
        ));
        return scope;
    }
    let named = !options.project.files.is_empty() || options.project.project_directory.is_some();
    if named {
        match compose::locate(workspace, &options.project) {
            Ok(view) => scope.add_view(workspace, view),
            Err(error) => {
                errors.push((options.project.working_directory.clone(), error.to_string()))
            }
        }
    }
    for path in &options.paths {
        match workspace.files().kind(path) {
            Some(Kind::Directory) => scope.add_directory(workspace, path, options, errors),
            Some(_) if is_compose_name(path) => scope.add_view(workspace, file_view(path, options)),
            Some(_) if is_something_else(workspace, path) => {
                errors.push((
                    path.clone(),
                    "it is neither a compose file (.yaml or .yml) nor a Dockerfile".to_owned(),
                ));
            }
            Some(_) => scope.dockerfiles.push(path.clone()),
            None => errors.push((path.clone(), "no such file or directory".to_owned())),
        }
    }
    scope.dockerfiles.sort();
    scope.dockerfiles.dedup();
    scope
}

impl Scope {
    /// Leaves out what the settings exclude.
    pub(super) fn exclude(&mut self, configs: &Configs<'_>) {
        self.views.retain(|(view, _)| {
            let config = configs.of(&view.directory);
            // What is named is meant.
            view.kind == ViewKind::Named || !view.files.iter().any(|path| config.excludes(path))
        });
        self.dockerfiles.retain(|path| {
            !configs
                .of(path.parent().unwrap_or(Path::new("/")))
                .excludes(path)
        });
    }

    fn add_directory(
        &mut self,
        workspace: &Workspace<'_>,
        root: &Path,
        options: &Options,
        errors: &mut Vec<(PathBuf, String)>,
    ) {
        let mut paths = workspace.files().walk(root);
        paths.retain(|path| !is_test_data(root, path) && !is_template(root, path));
        let discovery = compose::discover(workspace, root, &paths);
        let mut views = discovery.views;
        let repositories = repositories(workspace, root, &views);
        let mut own: Vec<Vec<PathBuf>> = vec![Vec::new(); repositories.len()];
        for path in paths {
            own[repository_of(&repositories, &path)].push(path);
        }
        let tree = |(root, own): (&PathBuf, Vec<PathBuf>)| RecipeTree {
            recipes: recipes::read(workspace, root, &own),
            root: root.clone(),
        };
        let trees: Vec<RecipeTree> = repositories.iter().zip(own).map(tree).collect();
        let met: FxHashSet<PathBuf> = views
            .iter()
            .flat_map(|view| view.files.clone())
            .chain(discovery.fragments)
            .collect();
        let is_new = |path: &Path| !met.contains(path) && compose::is_compose_file(workspace, path);
        let mut grouped: Vec<(View, usize)> = Vec::new();
        for (number, tree) in trees.iter().enumerate() {
            let own: Vec<View> = views
                .extract_if(.., |view| {
                    repository_of(&repositories, &view.directory) == number
                })
                .collect();
            grouped.extend(
                loaded::with_recipes(own, &tree.recipes, &is_new)
                    .into_iter()
                    .map(|view| (view, number)),
            );
        }
        match by_variable(workspace, root, options) {
            Ok(Some(named)) => {
                grouped.retain(|(view, _)| {
                    view.files != named.files
                        && (view.kind != ViewKind::Default || view.directory != root)
                });
                let tree = repository_of(&repositories, &named.directory);
                grouped.insert(0, (named, tree));
            }
            Ok(None) => {}
            Err(error) => errors.push((root.to_path_buf(), error.to_string())),
        }
        let first = self.trees.len();
        self.views.extend(
            grouped
                .into_iter()
                .map(|(view, tree)| (told(view, options), first + tree)),
        );
        self.trees.extend(trees);
        self.dockerfiles.extend(discovery.dockerfiles);
    }

    /// A project that was named by its files: the scripts beside it still tell how people call it.
    fn add_view(&mut self, workspace: &Workspace<'_>, view: View) {
        let root = view.directory.clone();
        let entries = workspace.files().list(&root);
        let paths: Vec<PathBuf> = entries
            .iter()
            .filter(|entry| !entry.is_directory)
            .map(|entry| root.join(&entry.name))
            .collect();
        self.views.push((view, self.trees.len()));
        self.trees.push(RecipeTree {
            recipes: recipes::read(workspace, &root, &paths),
            root,
        });
    }
}

/// The repositories that hold these projects, below a directory and itself: what one says is
/// nothing to the others.
fn repositories(workspace: &Workspace<'_>, root: &Path, views: &[View]) -> Vec<PathBuf> {
    let mut found = vec![root.to_path_buf()];
    let mut seen: FxHashSet<&Path> = FxHashSet::default();
    for above in views.iter().flat_map(|view| {
        view.directory
            .ancestors()
            .take_while(|above| *above != root)
    }) {
        if seen.insert(above)
            && above.starts_with(root)
            && workspace.files().is_directory(&above.join(".git"))
        {
            found.push(above.to_path_buf());
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The innermost repository that a path lies in, by its number; the first one for what lies
/// outside.
fn repository_of(repositories: &[PathBuf], path: &Path) -> usize {
    let mut found = path.ancestors().filter_map(|above| {
        repositories
            .binary_search_by(|known| known.as_path().cmp(above))
            .ok()
    });
    found.next().unwrap_or_default()
}

/// A compose file that was named is taken as it is, without the override beside it, as
/// `docker compose -f` does.
fn file_view(path: &Path, options: &Options) -> View {
    let directory = path.parent().unwrap_or(Path::new("/")).to_path_buf();
    told(
        View::new(directory, vec![path.to_path_buf()], ViewKind::Named),
        options,
    )
}

/// The project of a directory where `COMPOSE_FILE` names its files: in its `.env` or, for the
/// working directory, in the environment. It takes the place of what Docker Compose would find
/// there by name.
fn by_variable(
    workspace: &Workspace<'_>,
    root: &Path,
    options: &Options,
) -> Result<Option<View>, LocateError> {
    let mut project = ProjectOptions {
        working_directory: root.to_path_buf(),
        ..options.project.clone()
    };
    project.env_files = given_env_files(options);
    if root != options.project.working_directory {
        project
            .environment
            .retain(|(name, _)| name != "COMPOSE_FILE");
    }
    match compose::locate(
        workspace,
        &ProjectOptions {
            files: Vec::new(),
            project_directory: None,
            ..project
        },
    ) {
        Ok(view) => Ok(Some(view).filter(|view| view.kind == ViewKind::Named)),
        // A directory with the name of a compose file is none; only who asks for one project is
        // told.
        Err(
            LocateError::NothingFound(_)
            | LocateError::NotAFile {
                by_variable: false, ..
            },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The view with what the user says of every project.
fn told(view: View, options: &Options) -> View {
    let project = &options.project;
    let given = given_env_files(options);
    View {
        profiles: if project.profiles.is_empty() {
            view.profiles
        } else {
            project.profiles.clone()
        },
        env_files: if given.is_empty() {
            view.env_files
        } else {
            EnvFiles::Given(given)
        },
        environment: project.environment.clone(),
        name: project.project_name.clone(),
        ..view
    }
}

/// `--env-file`, absolute.
fn given_env_files(options: &Options) -> Vec<PathBuf> {
    let project = &options.project;
    project
        .env_files
        .iter()
        .map(|path| clean(&project.working_directory.join(path)))
        .collect()
}

/// Whether a file below `root` is input of somebody's tests: no project, though it looks like one.
fn is_test_data(root: &Path, path: &Path) -> bool {
    // Nearly every path is done with here.
    let bytes = path.as_os_str().as_encoded_bytes();
    if !["fixtures", "testdata"]
        .iter()
        .any(|name| memchr::memmem::find(bytes, name.as_bytes()).is_some())
    {
        return false;
    }
    let below = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<&str> = below
        .components()
        .filter_map(|part| part.as_os_str().to_str())
        .collect();
    names.iter().enumerate().any(|(at, name)| match *name {
        "testdata" | "testfiles" | "test-fixtures" | "__fixtures__" => true,
        "fixtures" => names[..at]
            .iter()
            .any(|name| matches!(*name, "test" | "tests" | "testing" | "spec" | "__tests__")),
        // `testfiles-negative`
        name => name.starts_with("testfiles-"),
    })
}

/// Whether a file below `root` is one that a generator of projects fills in:
/// `{{cookiecutter.name}}/compose.yaml`. It says nothing before.
fn is_template(root: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    memchr::memmem::find(below.as_os_str().as_encoded_bytes(), b"{{").is_some()
}

/// Whether a file that is not YAML can be no Dockerfile either: neither its name nor how it begins
/// is that of one.
fn is_something_else(workspace: &Workspace<'_>, path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if name.contains("dockerfile") || name.contains("containerfile") {
        return false;
    }
    let Ok(source) = workspace.read(path) else {
        return false;
    };
    let parsed = workspace.dockerfile(&source);
    let begins = parsed.tree.instructions.first().is_some_and(|first| {
        let is_sound = parsed
            .diagnostics
            .iter()
            .all(|problem| !first.span.contains(problem.span));
        matches!(first.keyword, Keyword::From | Keyword::Arg) && is_sound
    });
    !begins
}

/// YAML is taken for a compose file.
fn is_compose_name(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        ending.eq_ignore_ascii_case("yml") || ending.eq_ignore_ascii_case("yaml")
    })
}
