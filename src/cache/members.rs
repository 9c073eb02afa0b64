//! Installs behind copies of single directories of sources: the packages of a workspace, or the
//! code below the manifest.

use rustc_hash::FxHashSet;

use crate::image::{Action, Copied, CopyFrom, Image, Inputs, Install, SourceKind, Step, path};
use crate::project::Project;
use crate::syntax::dockerfile::Keyword;
use crate::text::Span;

use super::plan::{filled, minds};
use super::{EarlyManifest, copies_sources, in_context, installs_of, is_of_project};

/// An install behind copies of directories whose sources it does not read.
#[derive(Debug)]
pub struct LateMembers<'i> {
    /// The install.
    pub install: &'i Install,
    /// The copies, in order; at least one.
    pub copies: Vec<MovedCopy<'i>>,
    /// Whether the copies can go behind the install, with the manifests in their place.
    pub is_movable: bool,
}

/// A copy that could stand behind the install.
#[derive(Debug)]
pub struct MovedCopy<'i> {
    /// The instruction.
    pub step: &'i Step,
    /// What it copies.
    pub copied: &'i Copied,
    /// The files of it that the install reads.
    pub manifests: Vec<EarlyManifest>,
}

/// At most one for each stage that a build needs: the first such install.
pub fn late_members<'i>(project: &Project<'_>, image: &'i Image) -> Vec<LateMembers<'i>> {
    image
        .needed()
        .into_iter()
        .filter_map(|stage| of_steps(project, image, &image.stages[stage].steps))
        .collect()
}

fn of_steps<'i>(
    project: &Project<'_>,
    image: &'i Image,
    steps: &'i [Step],
) -> Option<LateMembers<'i>> {
    // Behind a copy of everything it is all the same.
    for (at, step) in steps.iter().enumerate() {
        if takes_all(step) {
            return None;
        }
        for install in installs_of(step).filter(|install| {
            is_of_project(install) && install.understood && !install.manifests.is_empty()
        }) {
            // A RUN that does more may read what was copied.
            let late: FxHashSet<Span> = std::iter::once(install.command).collect();
            let reads_sources = |copied: &Copied| {
                let behind = steps[..=at]
                    .iter()
                    .skip_while(|step| step.span.start <= copied.destination_span.start);
                behind.into_iter().any(|step| {
                    matches!(step.action, Action::Run(_)) && minds(step, copied, &late).is_some()
                })
            };
            let inputs = image.inputs(project.workspace(), step, install)?;
            if !inputs.sources.is_empty() || !inputs.missing.is_empty() {
                return None;
            }
            let mut copies = copies_below(project, image, &steps[..at], install, &inputs);
            copies.retain(|copy| !reads_sources(copy.copied));
            if !copies.is_empty() {
                let is_movable = is_movable(image, &steps[..=at], install, &inputs, &copies);
                return Some(LateMembers {
                    install,
                    copies,
                    is_movable,
                });
            }
        }
    }
    None
}

/// The copies of one directory with sources each, to a place below that of the install.
fn copies_below<'i>(
    project: &Project<'_>,
    image: &Image,
    before: &'i [Step],
    install: &Install,
    inputs: &Inputs,
) -> Vec<MovedCopy<'i>> {
    let Some(directory) = install.directory.as_deref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for step in before
        .iter()
        .filter(|step| copies_sources(project, image, step))
    {
        let Action::Copy(copied) = &step.action else {
            continue;
        };
        let Some(destination) = copied.destination.as_deref() else {
            continue;
        };
        let is_below = path::below(destination, directory).is_some_and(|rest| !rest.is_empty());
        if !is_below || copied.sources.len() != 1 {
            continue;
        }
        let read = inputs
            .files
            .iter()
            .filter(|input| path::below(&input.container, destination).is_some());
        // One that the manager itself looks into - `config`, `patches`, a build of its own - is no
        // source to the install.
        let rest = path::below(destination, directory).unwrap_or_default();
        let is_its_own = install
            .manifests
            .iter()
            .any(|manifest| manifest.path.starts_with(&format!("{rest}/")));
        if is_its_own || read.clone().any(|input| input.is_directory) {
            continue;
        }
        let manifest = |input: &crate::image::Input| EarlyManifest {
            may_be_absent: project.elsewhere().is_ignored(&input.host),
            input: input.clone(),
        };
        found.push(MovedCopy {
            step,
            copied,
            manifests: read.map(manifest).collect(),
        });
    }
    found
}

/// Whether each copy passes all that stands between it and the install, means the same behind it,
/// and does not lie over what the install fills.
fn is_movable(
    image: &Image,
    steps: &[Step],
    install: &Install,
    inputs: &Inputs,
    copies: &[MovedCopy<'_>],
) -> bool {
    let late: FxHashSet<Span> = std::iter::once(install.command).collect();
    copies.iter().all(|copy| {
        let behind = steps
            .iter()
            .skip_while(|step| step.span != copy.step.span)
            .skip(1);
        let passes = behind
            .clone()
            .filter(|step| !copies.iter().any(|copy| copy.step.span == step.span))
            .all(|step| minds(step, copy.copied, &late).is_none());
        let is_plain =
            !copy.copied.parents && !copy.copied.excludes && copy.copied.heredocs.is_empty();
        let stays = !behind
            .clone()
            .any(|step| matches!(step.keyword, Keyword::Workdir | Keyword::Arg | Keyword::Env));
        let is_kept = filled(install, Some(inputs)).iter().all(|made| {
            let context = in_context(copy.copied, made);
            context.is_none_or(|context| {
                image
                    .context
                    .is_ignored(&image.context.host(&context).join("x"), false)
            })
        });
        let are_named = copy.manifests.iter().all(|manifest| {
            !manifest.may_be_absent
                && !manifest
                    .input
                    .path
                    .contains(['*', '?', '[', '\\', '$', '"', '\'', '#'])
        });
        passes && is_plain && stays && is_kept && are_named
    })
}

/// Whether a step copies all of the context.
fn takes_all(step: &Step) -> bool {
    let Action::Copy(copied) = &step.action else {
        return false;
    };
    let mut sources = copied.sources.iter();
    copied.from == CopyFrom::Context && sources.any(|source| source.kind == SourceKind::Everything)
}
