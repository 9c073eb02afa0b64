//! What a build produces: the stages of a Dockerfile, the steps of the selected one, and the
//! container's file system as far as the build context decides about it.
//!
//! A base image is not read. What depends on it, or on a variable that nobody here knows, is
//! `None`: a rule must be silent about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::syntax::dockerfile::{Arguments, Dockerfile, Instruction, Keyword, Word};
use crate::text::{Source, Span};
use crate::workspace::{Parsed, Workspace};

pub mod absent;
mod added;
mod build_arguments;
pub mod build_context;
pub mod config;
pub mod context;
pub mod dockerfiles;
pub mod inputs;
pub mod installs;
pub mod layers;
pub mod named;
pub mod path;
pub mod stage;
pub mod stage_contents;
mod stage_names;
pub mod step;

mod contents;
pub(crate) mod glob;
mod refused;
mod scope;

pub use absent::Absent;
pub use config::{Config, Environment, Form, Healthcheck, Invocation, Placed, Setting, Variable};
pub use contents::{Artefact, Baked};
pub use context::Context;
pub use inputs::{Input, Inputs, SourceNeed};
pub use installs::{Ecosystem, Install, LocalPackage, ManifestPattern};
pub use named::{NamedContext, NamedSource};
pub use refused::refused_by_values;
pub use scope::{AUTOMATIC, Assigned};
pub use stage::{Base, EDITED, MOST_INSTRUCTIONS, MOST_STAGES, Stage};
pub use step::{Action, Copied, CopyFrom, Run, RunMount, SourceKind, SourcePath, Step};

/// A build, as `docker build` or the `build:` of a service asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// The Dockerfile.
    pub dockerfile: &'a Source,
    /// The directory of the build context, absolute and clean.
    pub context: &'a Path,
    /// The stage to build; the last one without it.
    pub target: Option<&'a str>,
    /// Build arguments; one without a value is not passed on.
    pub args: &'a [(String, Option<String>)],
    /// Further contexts, which hide stages and images of the same name.
    pub named_contexts: &'a [NamedContext],
}

/// What a build produces.
#[derive(Clone, Debug)]
pub struct Image {
    /// The Dockerfile's tree.
    pub dockerfile: Arc<Parsed<Dockerfile>>,
    /// The build context.
    pub context: Context,
    /// Further contexts given to the build.
    pub named_contexts: Vec<NamedContext>,
    /// Values given to the build's arguments.
    pub args: Vec<(String, Option<String>)>,
    /// All stages, in order.
    pub stages: Vec<Stage>,
    /// The selected stage; `None` when the build names one that does not exist, or there is none at
    /// all.
    pub target: Option<usize>,
    /// The name of the stage that the build asks for.
    asked: Option<String>,
    /// What each stage that the selected one needs holds.
    contents: Vec<contents::Contents>,
}

impl Image {
    /// Works a build out.
    pub fn read(workspace: &Workspace<'_>, build: &Build<'_>) -> Image {
        Image {
            dockerfile: workspace.dockerfile(build.dockerfile),
            context: Context::read(workspace, build.context, build.dockerfile.path()),
            named_contexts: build.named_contexts.to_vec(),
            args: build.args.to_vec(),
            stages: Vec::new(),
            target: None,
            asked: build
                .target
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            contents: Vec::new(),
        }
        .work_out(workspace, &FxHashSet::default())
    }

    /// The same build with other arguments, and as if something else stood in the place of these
    /// instructions.
    pub fn edited(
        &self,
        workspace: &Workspace<'_>,
        args: &[(String, Option<String>)],
        instructions: &FxHashSet<usize>,
    ) -> Image {
        let mut image = self.clone();
        image.args.extend(args.iter().cloned());
        image.work_out(workspace, instructions)
    }

    /// The same build of another stage.
    pub fn of_stage(&self, workspace: &Workspace<'_>, stage: &str) -> Image {
        Image {
            asked: Some(stage.to_owned()),
            ..self.clone()
        }
        .work_out(workspace, &FxHashSet::default())
    }

    fn work_out(self, workspace: &Workspace<'_>, edited: &FxHashSet<usize>) -> Image {
        let files = workspace.files();
        let given = stage::Given {
            context: &self.context,
            files,
            args: &self.args,
            named_contexts: &self.named_contexts,
            edited,
        };
        let (stages, names) = stage::read(&self.dockerfile.tree, &given);
        let target = match &self.asked {
            None => stages.len().checked_sub(1),
            Some(name) => names.find(name, stages.len()),
        };
        let contents = target
            .map(|target| contents::of(&stages, target, &self.context, &self.named_contexts, files))
            .unwrap_or_default();
        Image {
            stages,
            target,
            contents,
            ..self
        }
    }

    /// The selected stage.
    pub fn selected(&self) -> Option<&Stage> {
        self.stages.get(self.target?)
    }

    /// The configuration of the image.
    pub fn config(&self) -> Option<&Config> {
        self.selected().map(|stage| &stage.config)
    }

    /// The instruction of a step; for a trigger the one behind ONBUILD.
    pub fn instruction(&self, step: &Step) -> &Instruction {
        let instruction = &self.dockerfile.tree.instructions[step.instruction];
        match &instruction.arguments {
            Arguments::Onbuild(trigger) if step.is_trigger => trigger,
            _ => instruction,
        }
    }

    /// A stage and the stages below it that it is built on, the lowest first.
    pub fn chain(&self, stage: usize) -> Vec<usize> {
        contents::chain(&self.stages, stage)
    }

    /// The steps that make the selected stage, those of the stages below it first.
    pub fn history(&self) -> Vec<&Step> {
        self.target
            .map(|target| self.history_of(target))
            .unwrap_or_default()
    }

    /// The steps that make a stage, those of the stages below it first.
    pub fn history_of(&self, stage: usize) -> Vec<&Step> {
        contents::chain(&self.stages, stage)
            .into_iter()
            .flat_map(|stage| &self.stages[stage].steps)
            .collect()
    }

    /// The stages that the selected one is made from, itself included, in order.
    pub fn needed(&self) -> Vec<usize> {
        self.target
            .map(|target| self.needed_by(target))
            .unwrap_or_default()
    }

    /// The same for another stage.
    pub fn needed_by(&self, stage: usize) -> Vec<usize> {
        let mut needed: Vec<usize> = contents::needed(&self.stages, stage).into_iter().collect();
        needed.sort_unstable();
        needed
    }

    /// The image at the bottom of a stage's chain: `python:3.12-slim`.
    pub fn base_image(&self, stage: usize) -> Option<&str> {
        let lowest = contents::chain(&self.stages, stage).first().copied()?;
        match &self.stages.get(lowest)?.base {
            Base::Image(image) => Some(image),
            _ => None,
        }
    }

    /// What of the build context ends up in the selected stage, in the order of the steps: a later
    /// one lies over an earlier one.
    pub fn baked(&self) -> &[Baked] {
        self.target
            .map(|target| self.baked_in(target))
            .unwrap_or_default()
    }

    /// The same for another stage that the selected one needs.
    pub fn baked_in(&self, stage: usize) -> &[Baked] {
        self.contents
            .get(stage)
            .map(|contents| &*contents.baked)
            .unwrap_or_default()
    }

    /// What other stages made and the selected stage took over.
    pub fn artefacts(&self) -> &[Artefact] {
        let contents = self.target.and_then(|target| self.contents.get(target));
        contents
            .map(|contents| contents.artefacts.as_slice())
            .unwrap_or_default()
    }

    /// What of the context a RUN sees: what was copied before it and its bind mounts. The first
    /// lies over the others.
    pub fn seen_by(&self, step: &Step) -> Vec<Seen> {
        let mut seen = Vec::new();
        if let Action::Run(run) = &step.action {
            let binds = run
                .mounts
                .iter()
                .filter(|mount| mount.kind == "bind" && mount.from == CopyFrom::Context);
            seen.extend(binds.filter_map(|mount| {
                let source = path::join("/", mount.source.as_deref().unwrap_or_default());
                let host = self.context.host(source.trim_start_matches('/'));
                // A file is told from a directory by what follows: nothing lies below a file.
                Some(Seen {
                    host,
                    container: mount.target.clone()?,
                    is_directory: true,
                })
            }));
        }
        let before: FxHashSet<Span> = self
            .history_of(step.stage)
            .into_iter()
            .map(|step| step.span)
            .take_while(|span| *span != step.span)
            .collect();
        let baked = self
            .baked_in(step.stage)
            .iter()
            .rev()
            .filter(|baked| before.contains(&baked.copy));
        seen.extend(baked.map(|baked| Seen {
            host: baked.host.clone(),
            container: baked.container.clone(),
            is_directory: baked.is_directory,
        }));
        seen
    }
}

/// The image of every FROM, in order, as it is when a build is given no arguments; `None` where the
/// builder decides.
pub fn bases_by_default(file: &Dockerfile) -> Vec<Option<String>> {
    from_words(file, &[])
        .into_iter()
        .map(|words| words.base)
        .collect()
}

/// What stands in a FROM once its variables are put in; `None` where that is not known.
pub struct FromWords {
    /// The image, or the stage below.
    pub base: Option<String>,
    /// The value of `--platform`.
    pub platform: Option<String>,
    /// Whether the image asks with `:?` for a variable that has no value.
    pub lacks_argument: bool,
}

/// The words of every FROM, in order, for a build that is given these arguments.
pub fn from_words(file: &Dockerfile, args: &[(String, Option<String>)]) -> Vec<FromWords> {
    let mut scope = scope::Scope::global(file.escape);
    let mut words = Vec::new();
    for instruction in &file.instructions {
        match instruction.keyword {
            Keyword::From => {
                let expanded = |word: Option<&Word>| {
                    word.map_or(Ok(None), |word| scope.expand_certain(word.text.as_str()))
                };
                let platform = instruction
                    .flag("platform")
                    .and_then(|flag| flag.value.as_ref());
                let base = expanded(instruction.words().first());
                let lacks_argument = base.is_err();
                let platform = expanded(platform).unwrap_or_default();
                words.push(FromWords {
                    base: base.unwrap_or_default(),
                    platform,
                    lacks_argument,
                });
            }
            Keyword::Arg if words.is_empty() => _ = scope.declare(instruction, args, None, ""),
            _ => {}
        }
    }
    words
}

/// A part of the context in the file system of a RUN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// On the host, absolute.
    pub host: PathBuf,
    /// In the container, absolute.
    pub container: String,
    /// Whether other paths may lie below it.
    pub is_directory: bool,
}

#[cfg(test)]
mod tests;
