//! Images that are built from a few directories of a repository and get all of it: an edit of any
//! other builds them again.
//!
//! Which directories a build reads is known where projects name each other: those of .NET. Of all
//! else nothing is said.

use std::path::Path;

use crate::cache::ignore_candidates::copy_of_everything;
use crate::image::{Action, Image, Run, Step, path};
use crate::project::Project;
use crate::text::{Source, Span};

/// A build that copies more than it reads.
pub struct BroadCopy<'p> {
    /// The image.
    pub image: &'p Image,
    /// The step that copies the whole context.
    pub copy: &'p Step,
    /// The command that names what is built.
    pub command: Span,
    /// The directories that it reads, in the context.
    pub reads: Vec<String>,
    /// Files at the top of the context that every project reads.
    pub shared: Vec<&'static str>,
}

/// What MSBuild and NuGet look for in the directories above a project.
const SHARED: [&str; 6] = [
    "Directory.Build.props",
    "Directory.Build.targets",
    "Directory.Packages.props",
    "global.json",
    "nuget.config",
    "NuGet.config",
];

/// More projects than anybody would list.
const MOST_PROJECTS: usize = 40;

/// The builds that copy a context whole and read a part of it, while another image of the project
/// is built from another part.
pub fn broad_copies<'p>(project: &'p Project<'_>) -> Vec<BroadCopy<'p>> {
    let all: Vec<BroadCopy<'p>> = project
        .images()
        .iter()
        .filter_map(|image| judge(project, image))
        .collect();
    let is_apart = |one: &BroadCopy<'_>, other: &BroadCopy<'_>| {
        let lies_apart = |main: &String| {
            !one.reads
                .iter()
                .any(|own| Path::new(main).starts_with(own) || Path::new(own).starts_with(main))
        };
        one.image.context.directory == other.image.context.directory
            && other.reads.first().is_some_and(lies_apart)
    };
    let keeps: Vec<bool> = all
        .iter()
        .map(|one| all.iter().any(|other| is_apart(one, other)))
        .collect();
    all.into_iter()
        .zip(keeps)
        .filter(|(_, keeps)| *keeps)
        .map(|(broad, _)| broad)
        .collect()
}

fn judge<'p>(project: &Project<'_>, image: &'p Image) -> Option<BroadCopy<'p>> {
    if image.dockerfile.tree.is_of_another_language() || !project.owns(&image.context.directory) {
        return None;
    }
    let copy = copy_of_everything(image)?;
    let Action::Copy(copied) = &copy.action else {
        return None;
    };
    let place = copied.destination.as_deref()?;
    // The stages that have the copy.
    let stages = image
        .needed()
        .into_iter()
        .filter(|stage| image.chain(*stage).contains(&copy.stage));
    let runs = stages
        .flat_map(|stage| &image.stages[stage].steps)
        .filter_map(|step| match &step.action {
            Action::Run(run) => Some((step, run)),
            _ => None,
        });
    let mut named: Vec<(String, Span)> = Vec::new();
    for (step, run) in runs {
        for (name, span) in projects_of(step, run)? {
            named.push((path::below(&name, place)?.to_owned(), span));
        }
    }
    let (_, command) = *named.first()?;
    let mut reads: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = named.into_iter().map(|(name, _)| name).collect();
    let mut known: Vec<String> = Vec::new();
    while let Some(name) = waiting.pop() {
        if known.contains(&name) {
            continue;
        }
        if known.len() >= MOST_PROJECTS {
            return None;
        }
        let source = project.workspace().read(&image.context.host(&name)).ok()?;
        let directory = name.rsplit_once('/')?.0.to_owned();
        waiting.extend(references(&source, &directory)?);
        if !reads.contains(&directory) {
            reads.push(directory);
        }
        known.push(name);
    }
    let files = project.workspace().files();
    let shared = SHARED
        .into_iter()
        .filter(|name| files.is_file(&image.context.host(name)))
        .collect();
    Some(BroadCopy {
        image,
        copy,
        command,
        reads,
        shared,
    })
}

/// The projects that the commands of a RUN build, as paths of the container; `None` when that is
/// not clear.
fn projects_of(step: &Step, run: &Run) -> Option<Vec<(String, Span)>> {
    let mut found: Vec<(String, Span)> = Vec::new();
    if run
        .installs
        .iter()
        .any(|install| !install.is_system() && install.manager != "dotnet")
    {
        return None;
    }
    let script = run.script.as_ref()?;
    for command in &script.commands {
        let words = command.argv();
        let is_build = words.first() == Some(&"dotnet")
            && words
                .get(1)
                .is_some_and(|verb| matches!(*verb, "restore" | "build" | "publish"));
        if !is_build {
            continue;
        }
        let project = words.iter().skip(2).find(|word| is_project(word))?;
        found.push((path::join(step.workdir.as_deref()?, project), command.span));
    }
    // Another program may read anything.
    run.others
        .iter()
        .all(|other| {
            found
                .iter()
                .any(|(_, span)| span.contains(*other) || other.contains(*span))
        })
        .then_some(found)
}

fn is_project(name: &str) -> bool {
    ["csproj", "fsproj", "vbproj"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")))
}

/// The projects that a project names; `None` when it names anything else that lies elsewhere, or by
/// a variable.
fn references(source: &Source, directory: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for line in source.text().lines() {
        let names_elsewhere = line.contains("..\\") || line.contains("../");
        if !line.contains("<ProjectReference") {
            // Documentation and the solution's own directory are of no matter to the build.
            if names_elsewhere
                && !line.contains("<DockerfileContext>")
                && !line.contains("<DockerComposeProjectPath>")
            {
                return None;
            }
            continue;
        }
        let Some((_, rest)) = line.split_once("Include=\"") else {
            continue;
        };
        let name = rest
            .split('"')
            .next()
            .unwrap_or_default()
            .replace('\\', "/");
        if name.contains(['$', '*', ';']) {
            return None;
        }
        let joined = path::join(&format!("/{directory}"), &name);
        found.push(joined.trim_start_matches('/').to_owned());
    }
    Some(found)
}
