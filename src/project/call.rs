//! How Docker Compose is called for a project: the options that it was asked about, as one types them.

use std::fmt;
use std::path::Path;

use crate::compose::{EnvFiles, View, ViewKind};

use super::written;

/// `docker compose` with the options that choose the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// `-f`; empty where Docker Compose finds the files by itself.
    pub files: Vec<String>,
    /// `--project-directory`
    pub directory: Option<String>,
    /// `--env-file`
    pub env_files: Vec<String>,
    /// `-p`
    pub name: Option<String>,
    /// `--profile`; `*` is all of them.
    pub profiles: Vec<String>,
}

impl Call {
    /// The call that loads a view. Paths are as one writes them in the project directory.
    pub fn of(view: &View) -> Call {
        let path = |path: &Path| {
            let text = written(&view.directory, path);
            text.strip_prefix("./").map_or(text.clone(), str::to_owned)
        };
        let files = if view.kind == ViewKind::Default {
            &[][..]
        } else {
            &view.files[..]
        };
        let first = view.files.first().and_then(|file| file.parent());
        let is_elsewhere = first.is_some_and(|first| first != view.directory);
        let env_files = match &view.env_files {
            EnvFiles::Given(files) => &files[..],
            EnvFiles::Default(_) => &[][..],
        };
        Call {
            files: files.iter().map(|file| path(file)).collect(),
            directory: (is_elsewhere && !files.is_empty()).then(|| ".".to_owned()),
            env_files: env_files.iter().map(|file| path(file)).collect(),
            name: view.name.clone(),
            profiles: view.profiles.clone(),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "docker compose")?;
        if let Some(directory) = &self.directory {
            write!(out, " --project-directory {}", quoted(directory))?;
        }
        for file in &self.files {
            write!(out, " -f {}", quoted(file))?;
        }
        for file in &self.env_files {
            write!(out, " --env-file {}", quoted(file))?;
        }
        if let Some(name) = &self.name {
            write!(out, " -p {}", quoted(name))?;
        }
        for profile in &self.profiles {
            write!(out, " --profile {}", quoted(profile))?;
        }
        Ok(())
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '/' | '.' | '_' | '-' | ':' | '@' | '+' | ',' | '=')
    };
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else if word == "*" {
        "\"*\"".to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
