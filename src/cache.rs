//! Installs of dependencies that run again after every edit, because all sources are copied before
//! them - and whether the copy may be moved behind them.
//!
//! A step of a build is cached until something it rests on has changed. `COPY . .` changes with
//! every edit, so everything behind it runs again. Moving it behind an install is the same build
//! with a better cache if, and only if, the [`Obligation`]s of `cache/proof.rs` hold.

use crate::image::{
    Action, Copied, CopyFrom, Image, Input, Inputs, Install, SourceKind, Step, path,
};
use crate::project::Project;
use crate::text::Span;

pub mod dotnet_context;
pub mod ignore_candidates;
pub mod ignore_files;
mod lock;
mod members;
mod plan;
mod proof;
mod two_steps;
mod volatile;
mod write;

pub use lock::{Unlocked, unlocked};
pub use members::{LateMembers, MovedCopy, late_members};
pub use proof::{Obligation, Unproven};
pub use two_steps::Before;
pub use volatile::{EarlyVariable, early_variables, lines_with_comments};
pub use write::manifest_copies;

/// Installs behind a copy of all sources, in one stage.
#[derive(Debug)]
pub struct LateInstall<'i> {
    /// The copy: COPY or ADD of a directory with sources.
    pub copy: &'i Step,
    /// What it copies.
    pub copied: &'i Copied,
    /// The installs, in order; at least one.
    pub installs: Vec<&'i Install>,
    /// Whether, and how, the copy can go behind them.
    pub reorder: Reorder,
    /// For an install that reads the sources itself: what it can have done before they come.
    pub before: Option<Before>,
}

/// How the copy would go behind the installs.
#[derive(Debug)]
pub struct Reorder {
    /// The files that the installs read, to be copied first; empty when earlier steps copy them
    /// already.
    pub manifests: Vec<EarlyManifest>,
    /// The step behind which the copy goes.
    pub last: Span,
    /// Directories that the installs fill and that the copy would then overwrite with those of the
    /// host, as paths in the context: they must be ignored.
    pub to_ignore: Vec<String>,
    /// What is not proven. Nothing: the reorder is safe.
    pub unproven: Vec<Unproven>,
}

impl Reorder {
    /// Whether it can be written at all, proven or not: nothing says that the build would fail or
    /// come out otherwise.
    pub fn is_possible(&self) -> bool {
        !self.unproven.iter().any(|unproven| unproven.breaks)
    }
}

/// A file to be copied before the installs.
#[derive(Clone, Debug)]
pub struct EarlyManifest {
    /// The file.
    pub input: Input,
    /// Whether git ignores it, so that another checkout may not have it.
    pub may_be_absent: bool,
}

/// What so many installs read proves enough about all behind them.
const MOST_INSTALLS: usize = 100;

/// The late installs of every stage that a build needs. At most one for each stage: the first copy
/// of all sources.
pub fn late_installs<'i>(project: &Project<'_>, image: &'i Image) -> Vec<LateInstall<'i>> {
    // What cannot go before the copy as a whole may do so in part.
    let in_stage = |stage| match late_install(project, image, stage) {
        Some(late) if late.reorder.is_possible() => Some(late),
        late => two_steps::late(project, image, stage)
            .filter(|two| late.is_none() || two.reorder.is_possible())
            .or(late),
    };
    image.needed().into_iter().filter_map(in_stage).collect()
}

fn late_install<'i>(
    project: &Project<'_>,
    image: &'i Image,
    stage: usize,
) -> Option<LateInstall<'i>> {
    let workspace = project.workspace();
    let steps = &image.stages[stage].steps[..];
    let at = steps
        .iter()
        .position(|step| copies_sources(project, image, step))?;
    let Action::Copy(copied) = &steps[at].action else {
        return None;
    };
    let behind = &steps[at + 1..];
    let mut installs: Vec<&Install> = Vec::new();
    let mut inputs: Vec<Option<Inputs>> = Vec::new();
    for step in behind {
        if installs.len() >= MOST_INSTALLS {
            break;
        }
        for install in
            installs_of(step).filter(|install| is_of_project(install) && is_behind(install, copied))
        {
            let read = image.inputs(workspace, step, install);
            // An install that reads what people edit is not late.
            let needs_sources = read
                .iter()
                .flat_map(|read| &read.sources)
                .any(|reason| !reason.is_script);
            // One whose manifests are nowhere works elsewhere than it seems.
            let is_lost = read.as_ref().is_some_and(|read| {
                read.files.is_empty() && read.ignored.is_empty() && !read.missing.is_empty()
            });
            if !needs_sources && !is_lost {
                installs.push(install);
                inputs.push(read);
            }
        }
    }
    // An empty environment is made at once.
    if installs.iter().all(|install| install.manager == "venv") {
        return None;
    }
    // What was installed before the copy already is only looked over again: pruned, or linked.
    let again = |install: &&Install| {
        steps[..at].iter().any(|step| {
            installs_of(step).any(|earlier| {
                earlier.ecosystem == install.ecosystem && !earlier.manifests.is_empty()
            })
        })
    };
    if installs.iter().all(again) {
        return None;
    }
    let read = installs.iter().copied().zip(inputs).collect();
    let plan = plan::Plan::new(project, image, plan::CopyPlace { stage, at, copied }, read);
    let reorder = Reorder {
        unproven: proof::unproven(&plan),
        last: plan.last(),
        manifests: plan.manifests,
        to_ignore: plan.to_ignore,
    };
    Some(LateInstall {
        copy: &steps[at],
        copied,
        installs,
        reorder,
        before: None,
    })
}

/// Whether a step copies a directory of the context with source code in it, so that it changes with
/// every edit.
fn copies_sources(project: &Project<'_>, image: &Image, step: &Step) -> bool {
    let Action::Copy(copied) = &step.action else {
        return false;
    };
    if copied.from != CopyFrom::Context || step.is_trigger {
        return false;
    }
    let has_code = |path: &str| {
        let host = image.context.host(path);
        !image
            .context
            .census(project.workspace().files(), &host)
            .is_empty()
    };
    copied.sources.iter().any(|source| match source.kind {
        SourceKind::Everything | SourceKind::Directory => has_code(&source.path),
        _ => false,
    })
}

/// Whether an install concerns the project's dependencies: it reads manifests of it, or names
/// packages. Tools of the image (`npm install -g`, `pip install --upgrade pip`) are quick, and
/// nothing that edits have to do with.
fn is_of_project(install: &Install) -> bool {
    let is_tool = install.manifests.is_empty()
        && install
            .flags
            .iter()
            .any(|flag| matches!(flag.as_str(), "-g" | "--global" | "--upgrade" | "-U"));
    !is_tool && !install.is_system() && !install.builds()
}

fn installs_of(step: &Step) -> impl Iterator<Item = &Install> {
    let run = match &step.action {
        Action::Run(run) => Some(run),
        _ => None,
    };
    run.into_iter().flat_map(|run| &run.installs)
}

/// Whether the copied sources are those that the install stands for: all of the context, or the
/// directory it works in. A copy of something beside it, such as a shared library, is not what
/// people edit all day.
fn is_behind(install: &Install, copied: &Copied) -> bool {
    let everything = copied
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::Everything);
    let works_in = |directory: &str| {
        copied
            .destination
            .as_deref()
            .is_some_and(|destination| path::below(directory, destination).is_some())
    };
    let reads_there =
        install.directory.as_deref().is_some_and(works_in) && !install.manifests.is_empty();
    let names_packages =
        install.manifests.is_empty() && install.understood && is_below(copied, install);
    // Without a manifest and with words that are not known, it may install what was just built.
    (everything && (install.understood || !install.manifests.is_empty()))
        || reads_there
        || names_packages
}

/// Whether the sources lie where the install works, or below.
fn is_below(copied: &Copied, install: &Install) -> bool {
    let Some((destination, directory)) = copied
        .destination
        .as_deref()
        .zip(install.directory.as_deref())
    else {
        return false;
    };
    path::below(destination, directory).is_some_and(|rest| !rest.contains('/'))
}

/// Where a container path lies in the context, seen through a copy of one directory.
fn in_context(copied: &Copied, container: &str) -> Option<String> {
    let destination = copied.destination.as_deref()?;
    let rest = path::below(container, destination)?;
    let mut sources = copied
        .sources
        .iter()
        .filter(|source| matches!(source.kind, SourceKind::Everything | SourceKind::Directory));
    let (source, None) = (sources.next()?, sources.next()) else {
        return None;
    };
    Some(
        path::join("/", &format!("{}/{rest}", source.path))
            .trim_start_matches('/')
            .to_owned(),
    )
}

#[cfg(test)]
mod tests;
