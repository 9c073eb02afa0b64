//! What a repository tells of things that it does not hold: files that git ignores or that are
//! copied from a template, variables that scripts, build files, workflows and documents set.
//!
//! Who checks a fresh clone must not be told about everything that its first steps will make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::gitignore;
use crate::knowledge::{directories, paths};
use crate::text::{Source, Span};
use crate::workspace::Workspace;

/// More texts than that are not read.
const MOST_TEXTS: usize = 400;

/// Texts deeper than this below the root say nothing of the project as a whole.
const DEPTH: usize = 5;

/// Words in the names of files that one copies first.
const TEMPLATE_WORDS: [&str; 8] = [
    "example", "sample", "template", "dist", "default", "tmpl", "tpl", "exemple",
];

/// Commands and operators by which a line of a script makes a file or directory.
const WRITERS: [&str; 27] = [
    ">",
    ">>",
    "-o",
    "-out",
    "--out",
    "--output",
    "--output-file",
    "-O",
    "cp",
    "copy",
    "Copy-Item",
    "mv",
    "rsync",
    "ln",
    "tar",
    "unzip",
    "gunzip",
    "touch",
    "mkdir",
    "tee",
    "curl",
    "wget",
    "git",
    "gsutil",
    "aws",
    "envsubst",
    "scp",
];

/// Variables that every shell has, or every run of a workflow.
const ALWAYS_SET: [&str; 15] = [
    "APPDATA",
    "CI",
    "DISPLAY",
    "HOME",
    "HOSTNAME",
    "LANG",
    "LOGNAME",
    "PATH",
    "PWD",
    "SHELL",
    "SSH_AUTH_SOCK",
    "TMPDIR",
    "USER",
    "USERPROFILE",
    "XDG_RUNTIME_DIR",
];

/// Whether every shell, or every run of a workflow, has the variable.
pub fn is_always_set(variable: &str) -> bool {
    ALWAYS_SET.contains(&variable) || variable.starts_with("GITHUB_") || variable.starts_with("CI_")
}

/// What else a repository says.
pub struct Elsewhere<'p> {
    workspace: &'p Workspace<'p>,
    root: &'p Path,
    texts: Arc<Texts>,
}

/// What tells below a root.
struct Texts(Vec<Source>);

/// The scripts, build files, workflows, documents and env files below a root.
fn gather(workspace: &Workspace<'_>, root: &Path) -> Vec<Source> {
    let is_near = |path: &&PathBuf| {
        path.strip_prefix(root)
            .is_ok_and(|below| below.components().count() <= DEPTH)
    };
    let paths = workspace.files().walk(root);
    let tells = paths.iter().filter(is_near).filter(|path| is_telling(path));
    tells
        .take(MOST_TEXTS)
        .filter_map(|path| workspace.read(path).ok())
        .collect()
}

impl<'p> Elsewhere<'p> {
    /// Reads what tells below a root, once for all projects that lie there.
    pub(crate) fn read(workspace: &'p Workspace<'p>, root: &'p Path) -> Self {
        Elsewhere {
            workspace,
            root,
            texts: workspace.once(root, || Texts(gather(workspace, root))),
        }
    }

    /// Whether any of these texts has the word: the name of a variable or of a file.
    pub fn mentions(&self, word: &str) -> bool {
        self.texts
            .0
            .iter()
            .any(|source| has_word(source.text(), word))
    }

    /// Whether a script or a makefile has the words.
    pub fn has_script_with(&self, words: &str) -> bool {
        self.texts
            .0
            .iter()
            .any(|source| is_script(source.path()) && has_word(source.text(), words))
    }

    /// Whether the `.env` of a directory is left out of the repository, so that nobody knows what
    /// is set.
    pub fn hides_variables(&self, directory: &Path) -> bool {
        let file = directory.join(".env");
        self.is_ignored(&file) && !self.workspace.files().exists(&file)
    }

    /// Whether a line has both of these texts.
    pub fn has_line_with(&self, one: &str, other: &str) -> bool {
        // Most texts have neither: they are not read line by line.
        let both = self
            .texts
            .0
            .iter()
            .filter(|source| source.text().contains(one) && source.text().contains(other));
        both.flat_map(|source| source.text().lines())
            .any(|line| line.contains(one) && line.contains(other))
    }

    /// Whether a file that is not there is to be made by whoever works here: git ignores it, a
    /// template lies beside it, or a script or document names it.
    pub fn is_made_later(&self, path: &Path) -> bool {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        self.is_ignored(path) || self.has_template(path, name) || self.mentions(name)
    }

    /// Whether a file or directory that is not there is the product of something: git ignores it,
    /// its name is that of build output, a template lies beside it, or a line of a script or
    /// document that names it writes files.
    pub fn is_produced(&self, path: &Path) -> bool {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        // Above what is missing lie directories that somebody keeps, whatever their names.
        let missing = path
            .ancestors()
            .take_while(|above| !self.workspace.files().exists(above));
        let mut names = missing.filter_map(|above| above.file_name()?.to_str());
        let is_output = names.any(directories::is_made);
        is_output
            || paths::is_binary(name)
            || self.is_ignored(path)
            || self.has_template(path, name)
            || self.writes(name)
    }

    /// Whether a line with this name also has a command that writes files.
    fn writes(&self, name: &str) -> bool {
        let lines = self
            .texts
            .0
            .iter()
            .flat_map(|source| source.text().lines())
            .filter(|line| line.contains(name));
        lines.into_iter().any(|line| {
            let is_word = |part: &str| {
                part.trim_matches(|c: char| {
                    !c.is_alphanumeric() && c != '_' && c != '.' && c != '-'
                }) == name
            };
            let names_it = line
                .split(|c: char| {
                    c.is_whitespace() || matches!(c, '/' | '=' | ':' | '"' | '\'' | '`' | '{' | '}')
                })
                .any(is_word);
            names_it
                && line
                    .split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '(' | ';' | '|'))
                    .any(|word| WRITERS.contains(&word))
        })
    }

    /// Where a line copies a missing file from a template beside it (`cp .env.example .env`) that
    /// is not there either, and nothing else makes the file; with the name of the template.
    pub fn absent_template(&self, path: &Path) -> Option<(Span, String)> {
        let name = path.file_name()?.to_str()?;
        if self.has_template(path, name) {
            return None;
        }
        let is_template = |word: &str| {
            let rest = word
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(['.', '-', '_']));
            rest.is_some_and(|rest| TEMPLATE_WORDS.contains(&rest))
        };
        let ends = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '/' | '\\' | '"' | '\'' | '`' | '(' | ')' | ';' | ',' | ':' | '=' | '&'
                )
        };
        let mut found = None;
        for source in &self.texts.0 {
            let mut start = 0;
            for line in source.text().split_inclusive('\n') {
                let words = || {
                    line.split(ends)
                        .map(|word| word.trim_end_matches('.'))
                        .filter(|word| !word.is_empty())
                };
                let is_copy = words().any(|word| {
                    matches!(
                        word.to_ascii_lowercase().as_str(),
                        "cp" | "copy" | "copy-item" | "mv"
                    )
                });
                let template = words().find(|word| is_template(word));
                match template {
                    Some(template) if is_copy && found.is_none() => {
                        let at = start + line.find(template).unwrap_or(0);
                        found = Some((source.span(at..at + template.len()), template.to_owned()));
                    }
                    Some(_) => {}
                    // Another line makes it in another way.
                    None if words().any(|word| word == name)
                        && (is_copy
                            || line.contains('>')
                            || words().any(|word| matches!(word, "touch" | "tee" | "ln"))) =>
                    {
                        return None;
                    }
                    None => {}
                }
                start += line.len();
            }
        }
        // A template in another directory may be the one that is meant.
        let is_there = |template: &str| {
            self.workspace
                .files()
                .walk(self.root)
                .iter()
                .any(|path| path.file_name().is_some_and(|name| name == template))
        };
        found.filter(|(_, template)| !is_there(template))
    }

    /// Whether git leaves the file out, as far as the repository's own files say.
    pub fn is_ignored(&self, path: &Path) -> bool {
        gitignore::is_ignored(self.workspace, self.root, path)
    }

    fn has_template(&self, path: &Path, name: &str) -> bool {
        let Some(directory) = path.parent() else {
            return false;
        };
        let stem = name
            .trim_start_matches('.')
            .split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let entries = self.workspace.files().list(directory);
        entries.iter().any(|entry| {
            let other = entry.name.to_ascii_lowercase();
            other.contains(&stem) && TEMPLATE_WORDS.iter().any(|word| other.contains(word))
        })
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// Whether people run the file as it is.
fn is_script(path: &Path) -> bool {
    const NAMES: [&str; 4] = ["makefile", "gnumakefile", "justfile", "taskfile.yml"];
    const ENDINGS: [&str; 8] = [
        ".sh", ".bash", ".mk", ".ps1", ".bat", ".cmd", ".just", ".fish",
    ];
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether people write down there how the project is run and what it needs.
fn is_telling(path: &Path) -> bool {
    const NAMES: [&str; 20] = [
        "skaffold.yaml",
        "tiltfile",
        "docker-bake.json",
        "makefile",
        "gnumakefile",
        "justfile",
        "rakefile",
        "procfile",
        "jenkinsfile",
        "vagrantfile",
        "package.json",
        "taskfile.yml",
        ".gitlab-ci.yml",
        ".envrc",
        "pom.xml",
        "build.xml",
        "build.sbt",
        "tasks.py",
        "fabfile.py",
        "earthfile",
    ];
    const ENDINGS: [&str; 12] = [
        ".hcl",
        ".sh",
        ".bash",
        ".mk",
        ".md",
        ".ps1",
        ".bat",
        ".cmd",
        ".rst",
        ".just",
        ".gradle",
        ".gradle.kts",
    ];
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_workflow = path.components().any(|part| {
        matches!(
            part.as_os_str().to_str(),
            Some(".github" | ".circleci" | ".devcontainer")
        )
    });
    let is_env = name.starts_with(".env")
        || name.ends_with(".env")
        || name.contains(".env.")
        || name.starts_with("env.");
    NAMES.contains(&name.as_str())
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || is_workflow
        || is_env
}

#[cfg(test)]
mod tests;
