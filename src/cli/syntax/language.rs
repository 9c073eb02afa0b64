//! The languages whose trees `composelint syntax` prints.

use crate::text::Source;

/// A language with a tree.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) enum Language {
    Dockerfile,
    Yaml,
    /// An ignore file
    Ignore,
    /// An env file
    Env,
    Makefile,
    Shell,
    Markdown,
    Json,
}

impl Language {
    /// The language of a file by its name; what is not known is a Dockerfile, which may have any
    /// name.
    pub(super) fn of(source: &Source) -> Self {
        let name = source
            .path()
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if is(&[".yaml", ".yml"]) {
            Language::Yaml
        } else if is(&[".dockerignore", ".containerignore"]) {
            Language::Ignore
        } else if is(&[".env"]) || name.starts_with(".env.") {
            Language::Env
        } else if is(&["makefile", ".mk"]) {
            Language::Makefile
        } else if is(&[".sh", ".bash"]) {
            Language::Shell
        } else if is(&[".md", ".markdown"]) {
            Language::Markdown
        } else if is(&[".json"]) {
            Language::Json
        } else {
            Language::Dockerfile
        }
    }
}
