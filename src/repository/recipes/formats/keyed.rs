//! YAML files whose scalars are commands: workflows and pipelines of any CI system, and Taskfiles.
//!
//! No schema is needed: a scalar that calls Docker Compose where a command may stand is a command,
//! and the job is the key it lies under.

use super::{File, Format, parent_of_hidden, replace_references};
use crate::repository::recipes::Argument;
use crate::syntax::yaml::{Kind, Node};
use crate::text::Cooked;

/// Keys whose values are for people, not for a shell.
const PROSE_KEYS: [&str; 9] = [
    "name",
    "desc",
    "description",
    "summary",
    "displayName",
    "if",
    "key",
    "title",
    "about",
];

/// Keys that hold named things: the next key is the name.
const COLLECTIONS: [&str; 5] = ["jobs", "tasks", "stages", "pipelines", "vars"];

/// Keys that say where a step runs.
const DIRECTORY_KEYS: [&str; 4] = [
    "working-directory",
    "working_directory",
    "workingDirectory",
    "dir",
];

/// Deeper than this no pipeline nests its steps.
const DEPTH_LIMIT: usize = 24;

/// A scalar that may be a command.
struct CommandScalar<'t> {
    job: Option<Node<'t>>,
    directory: Option<Node<'t>>,
    text: Cooked,
}

pub(super) fn read(file: &mut File, format: Format) {
    let parsed = file.places.workspace.yaml(file.source);
    file.scope.parentheses_are_variables = format == Format::Taskfile;
    let hidden = file.scope.directory != file.scope.root && format == Format::Pipeline;
    if hidden {
        file.start = vec![repository(file)];
    }
    let start = file.start.clone();
    let mut found = Vec::new();
    for root in parsed.tree.documents() {
        if let Some(vars) = root.get("vars").filter(|_| format == Format::Taskfile) {
            for entry in vars
                .entries()
                .filter(|entry| entry.value.kind() == Kind::Scalar)
            {
                file.scope.assign(
                    &entry.key.text(),
                    replace_references(&entry.value.cooked(), "{{", "}}"),
                );
            }
        }
        collect(root, format == Format::Taskfile, &mut found);
    }
    let (open, close) = if format == Format::Taskfile {
        ("{{", "}}")
    } else {
        ("${{", "}}")
    };
    for job in found.chunk_by(|left, right| left.job.map(Node::id) == right.job.map(Node::id)) {
        for part in job
            .chunk_by(|left, right| left.directory.map(Node::id) == right.directory.map(Node::id))
        {
            let name = part[0].job.map(|job| Argument {
                text: job.text().into_owned(),
                span: job.span(),
            });
            file.start.clone_from(&start);
            if let Some(directory) = part[0].directory {
                let text = directory.text();
                file.start = if text.contains(['$', '{']) {
                    Vec::new()
                } else {
                    start
                        .iter()
                        .map(|at| crate::files::clean(&at.join(&*text)))
                        .collect()
                };
            }
            let texts: Vec<_> = part
                .iter()
                .map(|found| replace_references(&found.text, open, close))
                .collect();
            // A step of a workflow and a command of a task get a shell each, the lines of other
            // pipelines share one.
            file.recipe(name, &texts, format == Format::Taskfile || hidden);
        }
    }
}

/// Every scalar that mentions compose or moves to another directory, or every scalar, in the order
/// of the document.
fn collect<'t>(root: Node<'t>, all: bool, found: &mut Vec<CommandScalar<'t>>) {
    // A node, the job it belongs to, the directory it runs in, how deep it lies, and whether the
    // next key is a job's name.
    let mut open = vec![(root, None, None, 0_usize, true)];
    while let Some((node, job, directory, depth, names_a_job)) = open.pop() {
        match node.kind() {
            Kind::Scalar => {
                let text = node.cooked();
                if all
                    || text.as_str().contains("ompose")
                    || text.as_str().starts_with("cd ")
                    || text.as_str().contains("stack deploy")
                {
                    found.push(CommandScalar {
                        job,
                        directory,
                        text,
                    });
                }
            }
            _ if depth >= DEPTH_LIMIT => {}
            Kind::Mapping => {
                let directory = DIRECTORY_KEYS
                    .iter()
                    .find_map(|key| node.get(key))
                    .filter(|node| node.kind() == Kind::Scalar)
                    .or(directory);
                let first = open.len();
                for entry in node.entries() {
                    let key = entry.key.text();
                    if PROSE_KEYS.contains(&&*key) && entry.value.kind() == Kind::Scalar {
                        continue;
                    }
                    let is_collection = names_a_job && COLLECTIONS.contains(&&*key);
                    let job = if names_a_job && !is_collection {
                        Some(entry.key)
                    } else {
                        job
                    };
                    open.push((entry.value, job, directory, depth + 1, is_collection));
                }
                open[first..].reverse();
            }
            Kind::Sequence => {
                let first = open.len();
                open.extend(
                    node.items()
                        .map(|item| (item, job, directory, depth + 1, false)),
                );
                open[first..].reverse();
            }
            Kind::Alias => {}
        }
    }
}

/// The directory that a hidden CI directory belongs to.
fn repository(file: &File) -> std::path::PathBuf {
    let mut directory = file.scope.directory;
    while let Some(parent) = directory
        .parent()
        .filter(|parent| parent.starts_with(file.scope.root))
    {
        if directory
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with('.'))
        {
            return parent.to_path_buf();
        }
        directory = parent;
    }
    parent_of_hidden(&file.scope)
}
