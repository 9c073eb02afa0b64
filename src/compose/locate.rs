//! What `docker compose` would load: options, `COMPOSE_FILE`, `.env`, and the files it looks for by
//! itself.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use crate::compose::environment::{EnvFiles, Environment, Reader};
use crate::compose::interpolate::{TEXT_BUDGET, Unset};
use crate::compose::view::{View, ViewKind, Without};
use crate::files::{Kind, clean};
use crate::workspace::Workspace;

/// Names of the main file, the most preferred first.
pub const MAIN_NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// Names of the file that is laid over the main one, the most preferred first.
pub const OVERRIDE_NAMES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The variable that switches `.env` off.
const NO_ENV_FILE: &str = "COMPOSE_DISABLE_ENV_FILE";

/// What a user says about the project: the options of `docker compose` and the environment of the
/// process.
#[derive(Clone, Debug, Default)]
pub struct ProjectOptions {
    /// `-f`, as given. `-` is standard input: the caller lays its text over the file of that name
    /// in the working directory.
    pub files: Vec<PathBuf>,
    /// `--profile`
    pub profiles: Vec<String>,
    /// `--env-file`, as given.
    pub env_files: Vec<PathBuf>,
    /// `--project-directory`, as given.
    pub project_directory: Option<PathBuf>,
    /// `-p`
    pub project_name: Option<String>,
    /// Where the program is started: absolute.
    pub working_directory: PathBuf,
    /// The environment of the process.
    pub environment: Vec<(String, String)>,
    /// What stands for a variable that is not set.
    pub unset: Unset,
    /// Which steps of the loader are left out.
    pub without: Without,
}

/// Why there is nothing to load.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LocateError {
    /// No compose file here or in any directory above.
    NothingFound(PathBuf),
    /// A compose file that is named is not there, or is none.
    NotAFile {
        /// As named.
        path: PathBuf,
        /// Whether a directory is there.
        is_directory: bool,
        /// Whether `COMPOSE_FILE` names it.
        by_variable: bool,
    },
    /// An env file that is named is not there.
    NoEnvFile(PathBuf),
    /// An env file that is named is a directory.
    EnvFileIsADirectory(PathBuf),
    /// `COMPOSE_DISABLE_ENV_FILE` is neither true nor false.
    NotABoolean(String),
}

impl std::fmt::Display for LocateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LocateError::NothingFound(directory) => {
                write!(
                    f,
                    "no compose file in {} or in a directory above it",
                    directory.display()
                )
            }
            LocateError::NotAFile {
                path,
                is_directory,
                by_variable,
            } => {
                let problem = if *is_directory {
                    "is a directory"
                } else {
                    "does not exist"
                };
                let named = if *by_variable {
                    ", which COMPOSE_FILE names,"
                } else {
                    ""
                };
                write!(f, "the compose file {}{named} {problem}", path.display())
            }
            LocateError::NotABoolean(value) => write!(
                f,
                "COMPOSE_DISABLE_ENV_FILE is `{value}`: it must be true or false"
            ),
            LocateError::NoEnvFile(path) => {
                write!(f, "the env file {} does not exist", path.display())
            }
            LocateError::EnvFileIsADirectory(path) => {
                write!(f, "the env file {} is a directory", path.display())
            }
        }
    }
}

impl std::error::Error for LocateError {}

/// Finds the files that `docker compose` would load with these options.
///
/// # Errors
/// [`LocateError`] when there is no project, or when a file that is named does not exist.
pub fn locate(workspace: &Workspace<'_>, options: &ProjectOptions) -> Result<View, LocateError> {
    let here = clean(&options.working_directory);
    let from_here = |path: &Path| clean(&here.join(path));
    let files = workspace.files();
    let asked = options.project_directory.as_deref().map(from_here);
    let given: Vec<PathBuf> = options.files.iter().map(|path| from_here(path)).collect();
    for (path, shown) in given.iter().zip(&options.files) {
        check(workspace, path, shown, false)?;
    }
    let first = options
        .files
        .iter()
        .position(|path| path.as_os_str() != "-")
        .map(|at| &given[at]);
    let start = asked
        .clone()
        .or_else(|| directory_of(first))
        .unwrap_or_else(|| here.clone());

    let mut environment = Environment::of_process(&options.environment);
    let mut env_files = env_files(options, &environment, &here, &start)?;
    if let EnvFiles::Given(paths) = &env_files {
        for path in paths {
            match files.kind(path) {
                None => return Err(LocateError::NoEnvFile(path.clone())),
                Some(Kind::Directory) => {
                    return Err(LocateError::EnvFileIsADirectory(path.clone()));
                }
                Some(_) => {}
            }
        }
    }
    // What is wrong with the files is said when the view is loaded.
    let mut unheard = Vec::new();
    let budget = Cell::new(TEXT_BUDGET);
    let mut reader = Reader {
        workspace,
        unset: options.unset,
        budget: &budget,
        diagnostics: &mut unheard,
    };
    environment.add_files(&mut reader, &env_files);
    let mut of_process = options.environment.clone();
    if matches!(env_files, EnvFiles::Default(_)) && environment.boolean(NO_ENV_FILE)? {
        // A `.env` that switches itself off says only what begins with `COMPOSE_`.
        let said = environment
            .iter()
            .filter(|(name, _)| name.starts_with("COMPOSE_"));
        let known: Vec<(String, String)> = said
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        of_process.retain(|(name, _)| !known.iter().any(|(other, _)| other == name));
        of_process.extend(known);
        env_files = EnvFiles::Default(Vec::new());
    }

    let (kind, paths) = match (given.is_empty(), environment.value("COMPOSE_FILE")) {
        (false, _) => (ViewKind::Named, given),
        (true, Some(list)) => (
            ViewKind::Named,
            from_variable(
                workspace,
                list,
                environment.value("COMPOSE_PATH_SEPARATOR"),
                &here,
            )?,
        ),
        (true, None) => {
            let start = asked.as_ref().unwrap_or(&here);
            let found = start
                .ancestors()
                .find_map(|directory| files_named(directory, |path| files.exists(path)));
            let found = found.ok_or_else(|| LocateError::NothingFound(start.clone()))?;
            found
                .iter()
                .try_for_each(|path| check(workspace, path, path, false))?;
            (ViewKind::Default, found)
        }
    };
    let first = paths
        .iter()
        .find(|path| **path != from_here(Path::new("-")));
    let directory = asked
        .or_else(|| directory_of(first))
        .unwrap_or_else(|| here.clone());
    if let EnvFiles::Default(directories) = &mut env_files
        && !directories.is_empty()
        && !directories.contains(&directory)
    {
        directories.push(directory.clone());
        environment.add_files(&mut reader, &env_files);
    }
    let profiles = match options.profiles.is_empty() {
        true => comma_list(environment.value("COMPOSE_PROFILES")),
        false => options.profiles.clone(),
    };
    Ok(View {
        directory,
        working_directory: here,
        files: paths,
        profiles,
        env_files,
        environment: of_process,
        name: options.project_name.clone(),
        unset: options.unset,
        without: options.without,
        kind,
    })
}

/// The main file of a directory and the file over it, if there is a main file.
pub fn default_files(workspace: &Workspace<'_>, directory: &Path) -> Option<Vec<PathBuf>> {
    files_named(directory, |path| workspace.files().is_file(path))
}

/// The files that discovery finds and does not load, each list behind the file that it prefers to
/// them.
pub fn passed_over(workspace: &Workspace<'_>, view: &View) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let Some(directory) =
        directory_of(view.files.first()).filter(|_| view.kind == ViewKind::Default)
    else {
        return Vec::new();
    };
    let there = |names: [&str; 4]| {
        names
            .map(|name| directory.join(name))
            .into_iter()
            .filter(|path| workspace.files().is_file(path))
    };
    let lists = [MAIN_NAMES, OVERRIDE_NAMES]
        .into_iter()
        .filter_map(|names| {
            let mut found = there(names);
            let used = found.next()?;
            Some((used, found.collect::<Vec<_>>()))
        });
    lists
        .filter(|(used, others)| !others.is_empty() && view.files.contains(used))
        .collect()
}

fn files_named(directory: &Path, is_there: impl Fn(&Path) -> bool) -> Option<Vec<PathBuf>> {
    let first = |names: [&str; 4]| {
        names
            .into_iter()
            .map(|name| directory.join(name))
            .find(|path| is_there(path))
    };
    let main = first(MAIN_NAMES)?;
    Some(std::iter::once(main).chain(first(OVERRIDE_NAMES)).collect())
}

fn env_files(
    options: &ProjectOptions,
    environment: &Environment,
    here: &Path,
    start: &Path,
) -> Result<EnvFiles, LocateError> {
    let given = match options.env_files.is_empty() {
        true => match environment.value("COMPOSE_ENV_FILES") {
            // Blanks belong to the names.
            Some(list) if !list.is_empty() => list.split(',').map(PathBuf::from).collect(),
            _ => Vec::new(),
        },
        false => options.env_files.clone(),
    };
    if !given.is_empty() {
        return Ok(EnvFiles::Given(
            given.iter().map(|path| clean(&here.join(path))).collect(),
        ));
    }
    Ok(EnvFiles::Default(if environment.boolean(NO_ENV_FILE)? {
        Vec::new()
    } else {
        vec![start.to_path_buf()]
    }))
}

impl Environment {
    /// A variable as Go's `strconv.ParseBool` reads it; false when it is not set.
    fn boolean(&self, name: &str) -> Result<bool, LocateError> {
        match self.value(name) {
            Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(true),
            None | Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(false),
            Some(other) => Err(LocateError::NotABoolean(other.to_owned())),
        }
    }
}

fn from_variable(
    workspace: &Workspace<'_>,
    list: &str,
    separator: Option<&str>,
    here: &Path,
) -> Result<Vec<PathBuf>, LocateError> {
    let separator = separator
        .filter(|separator| !separator.is_empty())
        .unwrap_or(if cfg!(windows) { ";" } else { ":" });
    list.split(separator)
        .map(|entry| {
            let path = clean(&here.join(entry));
            check(workspace, &path, Path::new(entry), true).map(|()| path)
        })
        .collect()
}

fn check(
    workspace: &Workspace<'_>,
    path: &Path,
    shown: &Path,
    by_variable: bool,
) -> Result<(), LocateError> {
    match workspace.files().kind(path) {
        Some(Kind::File | Kind::Other) => Ok(()),
        kind => Err(LocateError::NotAFile {
            path: shown.to_path_buf(),
            is_directory: kind.is_some(),
            by_variable,
        }),
    }
}

fn directory_of(file: Option<&PathBuf>) -> Option<PathBuf> {
    file.and_then(|file| file.parent()).map(Path::to_path_buf)
}

/// The items of a list between commas, as variables of Docker Compose have them.
pub(super) fn comma_list(value: Option<&str>) -> Vec<String> {
    value
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;
