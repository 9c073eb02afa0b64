//! Ignore files that no build reads: they lie in a directory that builds copy and none of them has
//! as its context.

use std::path::{Path, PathBuf};

use crate::image::{Action, CopyFrom, Image, SourceKind};
use crate::project::Project;
use crate::syntax::ignore;
use crate::text::Source;

/// An ignore file where no build looks for one.
pub struct Misplaced<'p> {
    /// The file.
    pub source: Source,
    /// A build that copies its directory: the one that it was written for, where that is known.
    pub image: &'p Image,
    /// Its directory, as a path in the context of that build.
    pub below: String,
}

/// The ignore files in the build contexts that no build reads.
pub fn misplaced<'p>(project: &'p Project<'_>) -> Vec<Misplaced<'p>> {
    if project.compose().is_none() || project.images().is_empty() {
        return Vec::new();
    }
    let workspace = project.workspace();
    // One repository may hold a thousand projects: the list is made once, and each looks at its own
    // part.
    let all = workspace.once(project.root(), || {
        IgnoreFiles::find(&workspace.files().walk(project.root()))
    });
    let mut contexts: Vec<&Path> = project
        .images()
        .iter()
        .map(|image| image.context.directory.as_path())
        .collect();
    contexts.sort();
    let mut outer: Option<&Path> = None;
    let mut found = Vec::new();
    for context in contexts {
        // A context within another one has been looked at with it.
        if !outer.is_some_and(|outer| context.starts_with(outer)) {
            found.extend(all.below(context).filter_map(|path| judge(project, path)));
            outer = Some(context);
        }
    }
    found
}

/// The ignore files of a repository, sorted.
struct IgnoreFiles(Vec<PathBuf>);

impl IgnoreFiles {
    fn find(paths: &[PathBuf]) -> Self {
        let mut found: Vec<PathBuf> = paths
            .iter()
            .filter(|path| path.ends_with(".dockerignore"))
            .cloned()
            .collect();
        found.sort();
        IgnoreFiles(found)
    }

    fn below<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = &'a PathBuf> {
        let first = self.0.partition_point(|path| path.as_path() < directory);
        self.0[first..]
            .iter()
            .take_while(move |path| path.starts_with(directory))
    }
}

fn judge<'p>(project: &'p Project<'_>, path: &Path) -> Option<Misplaced<'p>> {
    let directory = path.parent()?;
    let copying: Vec<&Image> = project
        .images()
        .iter()
        .map(|image| &**image)
        .filter(|image| copies(image, directory))
        .collect();
    // The build that the file was written for is the one whose Dockerfile lies beside it.
    let is_beside = |image: &&&Image| image.dockerfile.tree.source.path().starts_with(directory);
    let image = *copying.iter().find(is_beside).or(copying.first())?;
    if is_context(project, directory) || may_be_built_alone(project, directory) {
        return None;
    }
    let source = project.workspace().read(path).ok()?;
    let below = image.context.relative(directory)?;
    // Where the right file says the same, this one is only left over.
    let (patterns, _) = ignore::parse(&source);
    let is_left_over = patterns
        .iter()
        .filter(|pattern| !pattern.negated && !pattern.text.contains(['*', '?', '[']))
        .all(|pattern| {
            let path = format!("{below}/{}", pattern.text);
            image.context.patterns.is_ignored(&path)
        });
    (!is_left_over).then_some(Misplaced {
        source,
        image,
        below,
    })
}

/// Whether any compose file builds with this directory as its context.
fn is_context(project: &Project<'_>, directory: &Path) -> bool {
    project
        .images()
        .iter()
        .any(|image| image.context.directory == directory)
        || project
            .neighbours()
            .builds
            .iter()
            .any(|build| build.context == directory)
}

/// Whether a Dockerfile there is built by something else than compose files, with its own directory
/// as the context.
fn may_be_built_alone(project: &Project<'_>, directory: &Path) -> bool {
    let builds = &project.neighbours().builds;
    let is_built = |path: &Path| {
        builds.iter().any(|build| build.dockerfile == path)
            || project
                .images()
                .iter()
                .any(|image| image.dockerfile.tree.source.path() == path)
    };
    let entries = project.workspace().files().list(directory);
    let mut dockerfiles = entries.iter().filter(|entry| {
        let name = entry.name.to_ascii_lowercase();
        !entry.is_directory
            && (name.contains("dockerfile") || name.contains("containerfile"))
            && !name.ends_with("ignore")
    });
    let name = directory
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let elsewhere = project.elsewhere();
    dockerfiles.any(|entry| !is_built(&directory.join(&entry.name)))
        || ["docker build", "buildx build", "context:", "podman build"]
            .iter()
            .any(|call| elsewhere.has_line_with(call, name))
}

/// Whether a build copies a directory, with the files that its ignore file is about.
fn copies(image: &Image, directory: &Path) -> bool {
    if image.context.directory == directory
        || !directory.starts_with(&image.context.directory)
        || image.context.is_ignored(directory, true)
    {
        return false;
    }
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    let mut sources = steps.filter_map(|step| match &step.action {
        Action::Copy(copied) if copied.from == CopyFrom::Context => Some(&copied.sources),
        _ => None,
    });
    sources.any(|sources| {
        sources.iter().any(|source| match source.kind {
            SourceKind::Everything => true,
            SourceKind::Directory => directory.starts_with(image.context.host(&source.path)),
            _ => false,
        })
    })
}
