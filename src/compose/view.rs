//! A view: which files people load together, and with which variables and profiles.

use std::path::PathBuf;

use crate::compose::environment::EnvFiles;
use crate::compose::interpolate::Unset;

/// One set of files that makes a project, and all that decides what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// The project directory: where relative paths start. Absolute and clean, as all paths here.
    pub directory: PathBuf,
    /// Where the program is started; `${PWD}`.
    pub working_directory: PathBuf,
    /// The files, in the order they are merged.
    pub files: Vec<PathBuf>,
    /// The active profiles; `*` stands for all.
    pub profiles: Vec<String>,
    /// Which env files give variables.
    pub env_files: EnvFiles,
    /// The environment of the process.
    pub environment: Vec<(String, String)>,
    /// The project name, if it is asked for.
    pub name: Option<String>,
    /// What stands for a variable that is not set.
    pub unset: Unset,
    /// Which steps of the loader are left out.
    pub without: Without,
    /// Why these files belong together.
    pub kind: ViewKind,
}

/// Steps of the loader that are left out: the switches of `docker compose config`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Without {
    /// `--no-interpolate`: variables stay as written, and no value gets its type.
    pub interpolation: bool,
    /// `--no-normalize`, `--compatibility`: nothing is added that nobody wrote.
    pub normalization: bool,
    /// `--no-consistency`: whether names stand for something is not asked.
    pub consistency: bool,
    /// `--no-env-resolution`: env files of services are not read.
    pub env_files: bool,
    /// `--no-path-resolution`: paths stay relative.
    pub paths: bool,
}

/// Why the files of a view belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ViewKind {
    /// What `docker compose` loads in the directory by itself.
    Default,
    /// The user named the files.
    Named,
    /// A file that stands alone.
    Alone,
    /// A file that says something only over another one.
    Overlay,
}

impl View {
    /// A view of these files, whose relative paths start at `directory`, with its `.env` and no
    /// other variables.
    pub fn new(directory: PathBuf, files: Vec<PathBuf>, kind: ViewKind) -> Self {
        View {
            working_directory: directory.clone(),
            env_files: EnvFiles::Default(vec![directory.clone()]),
            directory,
            files,
            profiles: Vec::new(),
            environment: Vec::new(),
            name: None,
            unset: Unset::default(),
            without: Without::default(),
            kind,
        }
    }
}
