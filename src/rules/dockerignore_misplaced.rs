//! An ignore file where no build looks for one.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::image::{Action, CopyFrom, Image, SourceKind};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::ignore;

const ID: &str = "dockerignore-misplaced";

/// Looks at every ignore file in the build contexts.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.compose().is_none() || project.images().is_empty() {
        return;
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
    contexts.dedup();
    let mut seen: Vec<&Path> = Vec::new();
    for context in contexts {
        // A context within another one has been looked at with it.
        if !seen.iter().any(|outer| context.starts_with(outer)) {
            findings.extend(all.below(context).filter_map(|path| judge(project, path)));
            seen.push(context);
        }
    }
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

fn judge(project: &Project<'_>, path: &Path) -> Option<Diagnostic> {
    let directory = path.parent()?;
    // The build that the file was written for is the one whose Dockerfile lies beside it.
    let is_beside = |image: &Image| image.dockerfile.tree.source.path().starts_with(directory);
    let copying = || {
        project
            .images()
            .iter()
            .map(|image| &**image)
            .filter(|image| copies(image, directory))
    };
    let image = copying()
        .find(|image| is_beside(image))
        .or_else(|| copying().next())?;
    if is_context(project, directory) || may_be_built_alone(project, directory) {
        return None;
    }
    let source = project.workspace().read(path).ok()?;
    let below = image.context.relative(directory)?;
    // Where the right file says the same, this one is only left over.
    let (patterns, _) = ignore::parse(&source);
    let mut wanted = patterns
        .iter()
        .filter(|pattern| !pattern.negated && !pattern.text.contains(['*', '?', '[']));
    if wanted.all(|pattern| {
        image
            .context
            .patterns
            .is_ignored(&format!("{below}/{}", pattern.text))
    }) {
        return None;
    }
    let context = project.written(&image.context.directory);
    let first = source
        .text()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
        .len();
    let start = source.content_start() as usize;
    let message = format!(
        "no build reads `{}`: Docker looks for it in the build context, which is `{context}`",
        project.written(path)
    );
    let mut finding = Diagnostic::new(ID, source.span(start..start.max(first)), message)
        .note("has no effect here");
    if let Some(service) = project.users_of(image).next() {
        let build = service.spec().build.as_ref();
        let place = build.and_then(|build| build.context.span().or(build.origin.span));
        finding = place
            .into_iter()
            .fold(finding, |finding, span| {
                finding.label(span, "the build context")
            })
            .service(service.name());
    }
    let dockerfile = &image.dockerfile.tree.source;
    let own = dockerfile.path().file_name()?.to_str()?;
    let right = project.written(&image.context.directory.join(".dockerignore"));
    let beside =
        match dockerfile.embedded().is_none() && dockerfile.path().parent() == Some(directory) {
            true => format!(" or into `{own}.dockerignore` beside the Dockerfile"),
            false => String::new(),
        };
    Some(finding.help(format!(
        "Move its patterns, with `{below}/` before each, into `{right}`{beside}"
    )))
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
