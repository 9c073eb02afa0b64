//! How people call Docker Compose: every call in the scripts, CI files and documents of a
//! repository.
//!
//! The calls say which files are loaded together, which services are started by name, and what is
//! built or restarted. What a call leaves to a variable that nobody can know is marked as unknown,
//! never guessed.

use std::path::{Path, PathBuf};

use crate::files::same;
use crate::text::{Source, Span};
use crate::workspace::Workspace;

mod command;
mod formats;
mod resolve;
mod script;
mod walk;
mod words;

/// A target, a script, a job or a code block that calls Docker Compose, with its calls in the order
/// they are written.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The file.
    pub source: Source,
    /// Who runs it.
    pub kind: RecipeKind,
    /// What people call it: the make target, the npm script, the CI job, the heading above a code
    /// block.
    pub name: Option<Argument>,
    /// The calls.
    pub calls: Vec<ComposeCall>,
}

/// Who runs a recipe.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum RecipeKind {
    /// A person, as it is: makefiles, scripts, editor tasks.
    Runnable,
    /// A machine: workflows and pipelines.
    Ci,
    /// A person, by hand: documents.
    Document,
}

/// One call of Docker Compose.
#[derive(Clone, Debug)]
pub struct ComposeCall {
    /// The program.
    pub tool: Tool,
    /// The compose files it names, by `-f` or `COMPOSE_FILE`; empty when it leaves them to
    /// discovery.
    pub files: Vec<Argument>,
    /// False when more files may be named than are known.
    pub files_known: bool,
    /// `--profile` and `COMPOSE_PROFILES`
    pub profiles: Vec<Argument>,
    /// `-p`
    pub project_name: Option<Argument>,
    /// `--env-file`
    pub env_files: Vec<Argument>,
    /// `--project-directory`
    pub project_directory: Option<Argument>,
    /// `up`, `build`, …
    pub subcommand: Argument,
    /// The options behind the subcommand.
    pub flags: Vec<Flag>,
    /// The services it names; empty for all of them.
    pub services: Vec<Argument>,
    /// False when more services may be named than are known.
    pub services_known: bool,
    /// What `run` and `exec` run in the container.
    pub command: Vec<Argument>,
    /// The directory it runs in, where that is known.
    pub directory: Option<PathBuf>,
    /// The compose files it loads, in order: those it names, or those that discovery finds. `None`
    /// when that is not known or one of them is not there.
    pub paths: Option<Vec<PathBuf>>,
    /// Whether it runs on another machine, through `ssh` or a host option.
    pub remote: bool,
    /// Whether it runs only under a condition.
    pub conditional: bool,
    /// The call where it is used; parts of it may be written elsewhere, in a variable.
    pub span: Span,
}

/// Programs that read compose files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// `docker compose` or `docker-compose`
    Compose,
    /// `podman compose` or `podman-compose`
    Podman,
    /// `docker stack deploy`
    Stack,
    /// An editor that reads `devcontainer.json`
    DevContainer,
}

/// A word of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// What the program gets.
    pub text: String,
    /// Where it is written; in the definition of a variable, if it comes from one.
    pub span: Span,
}

/// An option of a subcommand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The name with its dashes; `-dV` is two flags.
    pub name: String,
    /// Its value, if it takes one and that is known.
    pub value: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// Compose files that somebody loads together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSet {
    /// The files, in the order they are merged.
    pub files: Vec<PathBuf>,
    /// Who loads them; the first of [`RecipeKind`] if several do.
    pub kind: RecipeKind,
    /// The first call that does.
    pub span: Span,
    /// Whether that call names them; otherwise discovery finds them.
    pub named: bool,
}

/// Reads every recipe in `paths`, the files of the project below `root`. Files that do not mention
/// compose are read once and not kept.
pub fn read(workspace: &Workspace, root: &Path, paths: &[PathBuf]) -> Vec<Recipe> {
    walk::read(workspace, root, paths)
}

/// The distinct sets of files that the recipes load, in the order of the recipes.
pub fn file_sets(recipes: &[Recipe]) -> Vec<FileSet> {
    let mut sets: Vec<FileSet> = Vec::new();
    for recipe in recipes {
        for call in &recipe.calls {
            let Some(files) = &call.paths else { continue };
            match sets.iter_mut().find(|set| same(&set.files, files)) {
                Some(set) if recipe.kind < set.kind => {
                    (set.kind, set.span) = (recipe.kind, call.span);
                    set.named |= !call.files.is_empty();
                }
                Some(set) => set.named |= !call.files.is_empty(),
                None => sets.push(FileSet {
                    files: files.clone(),
                    kind: recipe.kind,
                    span: call.span,
                    named: !call.files.is_empty(),
                }),
            }
        }
    }
    sets
}

impl ComposeCall {
    /// Whether the subcommand is `name`.
    pub fn is(&self, name: &str) -> bool {
        self.subcommand.text == name
    }

    /// Whether it starts containers: `up`, `start`, `run`, `watch`, `restart`, or a stack is
    /// deployed.
    pub fn starts(&self) -> bool {
        ["up", "start", "run", "watch", "restart"]
            .iter()
            .any(|name| self.is(name))
            || self.tool == Tool::Stack
    }

    /// Whether the subcommand has one of these options, short or long.
    pub fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|flag| {
            names.contains(&flag.name.as_str()) && flag.value.as_deref() != Some("false")
        })
    }

    /// Whether it loads exactly these files.
    pub fn loads(&self, files: &[PathBuf]) -> bool {
        self.paths
            .as_deref()
            .is_some_and(|paths| same(paths, files))
    }
}

impl Recipe {
    /// The file's name with the recipe's own, as people write it: `make dev`, `npm run dev`,
    /// `README.md (Quick start)`.
    pub fn title(&self) -> String {
        let file = self
            .source
            .path()
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        match &self.name {
            None => file.to_owned(),
            Some(name) => match file.to_ascii_lowercase().as_str() {
                "makefile" | "gnumakefile" => format!("make {}", name.text),
                "justfile" | ".justfile" => format!("just {}", name.text),
                "package.json" => format!("npm run {}", name.text),
                "taskfile.yml" | "taskfile.yaml" => format!("task {}", name.text),
                _ => format!("{file} ({})", name.text),
            },
        }
    }
}

#[cfg(test)]
mod tests;
