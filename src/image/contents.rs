//! What of the build context lies in a stage's file system, and what the build itself made there.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::files::{Files, Kind};
use crate::text::Span;

use super::context::Context;
use super::installs::Install;
use super::named::{NamedContext, NamedSource};
use super::path;
use super::stage::{Base, Stage};
use super::step::{Action, Copied, CopyFrom, SourceKind, Step};

/// A file or directory of the context that ended up in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baked {
    /// The file or directory on the host, absolute.
    pub host: PathBuf,
    /// Where it lies in the container, absolute. For a directory its contents lie there.
    pub container: String,
    /// Whether it is a directory: all of it that the ignore file lets through.
    pub is_directory: bool,
    /// The COPY that brought it into this stage (or a stage below it).
    pub copy: Span,
    /// The COPY that took it from the context; the same as `copy` unless it came through another
    /// stage.
    pub from_context: Span,
    /// The stage it came through, by `COPY --from`; `None` when it was copied from the context
    /// straight away.
    pub through: Option<usize>,
    /// Whether a RUN that may have changed it stood between `from_context` and `copy`, in the stage
    /// it came through. One that installs dependencies does not.
    pub worked_on: bool,
    /// Whether only a part of the directory arrives (`--exclude`).
    pub partial: bool,
}

/// Something that a stage made, copied into another: a binary, a bundle, installed packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Where it lies in the container; `None` when unknown.
    pub container: Option<String>,
    /// The stage that made it.
    pub stage: usize,
    /// Its path in that stage.
    pub path: String,
    /// The COPY that brought it.
    pub copy: Span,
    /// Whether an install of dependencies wrote it (`node_modules`, a virtual environment).
    pub is_dependencies: bool,
    /// What of the context lay in the stage that made it.
    pub inputs: Arc<[Baked]>,
}

/// What a stage holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) baked: Arc<[Baked]>,
    pub(super) artefacts: Vec<Artefact>,
}

/// How much one source of `COPY --from` brings; a chain of copies of everything would double at
/// each link.
const MOST_ARRIVALS: usize = 200;

/// How much a stage is known to hold of each kind. Stages that copy whole stages into each other
/// would hold ever more.
const MOST_THINGS: usize = 2000;

/// The contents of stage `target` and of the stages that it needs; the others are left empty.
pub(super) fn of(
    stages: &[Stage],
    target: usize,
    context: &Context,
    named: &[NamedContext],
    files: &dyn Files,
) -> Vec<Contents> {
    let needed = needed(stages, target);
    let mut known: Vec<Contents> = vec![Contents::default(); stages.len()];
    // A stage copies from earlier ones only.
    for (index, stage) in stages
        .iter()
        .enumerate()
        .filter(|(index, _)| needed.contains(index))
    {
        known[index] = Builder::new(stages, stage, &known, context, named, files).build();
    }
    known
}

/// The stages that `target` is made from, itself included.
pub(super) fn needed(stages: &[Stage], target: usize) -> FxHashSet<usize> {
    let mut needed = FxHashSet::default();
    let mut open = vec![target];
    while let Some(index) = open.pop() {
        let Some(stage) = stages.get(index) else {
            continue;
        };
        if !needed.insert(index) {
            continue;
        }
        if let Base::Stage(below) = stage.base {
            open.push(below);
        }
        for step in &stage.steps {
            match &step.action {
                Action::Copy(Copied {
                    from: CopyFrom::Stage(other),
                    ..
                }) => open.push(*other),
                Action::Run(run) => {
                    open.extend(run.mounts.iter().filter_map(|mount| match mount.from {
                        CopyFrom::Stage(other) => Some(other),
                        _ => None,
                    }))
                }
                _ => {}
            }
        }
    }
    needed
}

struct Builder<'a> {
    stages: &'a [Stage],
    stage: &'a Stage,
    known: &'a [Contents],
    context: &'a Context,
    named: &'a [NamedContext],
    files: &'a dyn Files,
    baked: Vec<Baked>,
    artefacts: Vec<Artefact>,
    /// Container directories that exist at this point, as far as is known.
    directories: FxHashSet<String>,
}

impl<'a> Builder<'a> {
    fn new(
        stages: &'a [Stage],
        stage: &'a Stage,
        known: &'a [Contents],
        context: &'a Context,
        named: &'a [NamedContext],
        files: &'a dyn Files,
    ) -> Self {
        let Contents { baked, artefacts } = match stage.base {
            Base::Stage(below) => known[below].clone(),
            Base::Named(at) => match &named[at].source {
                // The artefacts belong to stages of another build.
                NamedSource::Built(image) => Contents {
                    baked: image.baked().into(),
                    artefacts: Vec::new(),
                },
                _ => Contents::default(),
            },
            _ => Contents::default(),
        };
        let directories = baked
            .iter()
            .filter(|baked| baked.is_directory)
            .map(|baked| baked.container.clone())
            .collect();
        Builder {
            stages,
            stage,
            known,
            context,
            named,
            files,
            baked: baked.to_vec(),
            artefacts,
            directories,
        }
    }

    fn build(mut self) -> Contents {
        for step in &self.stage.steps {
            self.directories.extend(step.workdir.clone());
            if let Action::Copy(copied) = &step.action {
                self.copy(step, copied);
                self.baked.truncate(MOST_THINGS);
                self.artefacts.truncate(MOST_THINGS);
            }
        }
        Contents {
            baked: self.baked.into(),
            artefacts: self.artefacts,
        }
    }

    fn copy(&mut self, step: &Step, copied: &Copied) {
        match copied.from {
            CopyFrom::Context => self.copy_from_context(step, copied, self.context),
            CopyFrom::Named(at) => {
                if let NamedSource::Directory(context) = &self.named[at].source {
                    self.copy_from_context(step, copied, context);
                }
            }
            CopyFrom::Stage(other) => self.copy_from_stage(step, copied, other),
            CopyFrom::Image(_) | CopyFrom::Unknown => {}
        }
    }

    fn copy_from_context(&mut self, step: &Step, copied: &Copied, context: &Context) {
        let Some(destination) = &copied.destination else {
            return;
        };
        let mut found: Vec<(String, bool)> = Vec::new();
        for source in &copied.sources {
            match &source.kind {
                SourceKind::Everything | SourceKind::Directory => {
                    found.push((source.path.clone(), true))
                }
                SourceKind::File => found.push((source.path.clone(), false)),
                SourceKind::Glob(paths) => found.extend(paths.iter().filter_map(|path| {
                    let kind = context.kind(self.files, path)?;
                    Some((path.clone(), kind == Kind::Directory))
                })),
                SourceKind::Archive
                | SourceKind::Remote
                | SourceKind::Inside
                | SourceKind::Missing
                | SourceKind::Unknown => {}
            }
        }
        let into_directory =
            copied.into_directory || found.len() > 1 || self.directories.contains(destination);
        for (path, is_directory) in found {
            let container = match (copied.parents, is_directory) {
                (true, _) => path::join(destination, &path),
                (false, false) if into_directory => path::join(destination, path::name(&path)),
                _ => destination.clone(),
            };
            if is_directory {
                self.directories.insert(container.clone());
            }
            self.baked.push(Baked {
                host: context.host(&path),
                container,
                is_directory,
                copy: step.span,
                from_context: step.span,
                through: None,
                worked_on: false,
                partial: copied.excludes,
            });
        }
    }

    fn copy_from_stage(&mut self, step: &Step, copied: &Copied, other: usize) {
        let Some(theirs) = self.known.get(other) else {
            return;
        };
        for source in &copied.sources {
            if !matches!(source.kind, SourceKind::Everything | SourceKind::Inside) {
                continue;
            }
            let destination = copied.destination.as_deref();
            let arrived = theirs.baked.iter().filter_map(|baked| {
                self.arrival(step, copied, other, &source.path, destination, baked)
            });
            let arrived: Vec<Baked> = arrived.take(MOST_ARRIVALS).collect();
            // A file that is in the context is no artefact, nor is a directory of a stage that ran
            // nothing.
            let is_named = |baked: &Baked| {
                !baked.is_directory && baked.host.ends_with(path::name(&source.path))
            };
            let is_whole =
                arrived.iter().any(is_named) || (!self.has_run(other) && !arrived.is_empty());
            self.baked.extend(arrived);
            if !is_whole {
                self.artefacts.push(Artefact {
                    container: destination.map(str::to_owned),
                    stage: other,
                    path: source.path.clone(),
                    copy: step.span,
                    is_dependencies: self.installs_write(other, &source.path),
                    inputs: theirs.baked.clone(),
                });
            }
        }
    }

    /// What becomes of something in another stage when `source` is copied from there.
    fn arrival(
        &self,
        step: &Step,
        copied: &Copied,
        other: usize,
        source: &str,
        destination: Option<&str>,
        baked: &Baked,
    ) -> Option<Baked> {
        let destination = destination?;
        let (host, container, is_directory) =
            if let Some(rest) = path::below(&baked.container, source) {
                // The source is a directory around it, or the file itself.
                let container = match rest {
                    "" if !baked.is_directory && copied.into_directory => {
                        path::join(destination, path::name(source))
                    }
                    "" => destination.to_owned(),
                    rest => path::join(destination, rest),
                };
                (baked.host.clone(), container, baked.is_directory)
            } else {
                // The source lies in a copied directory: it is from the context if it exists there.
                let rest = path::below(source, &baked.container).filter(|_| baked.is_directory)?;
                let relative = self.context.relative(&baked.host.join(rest))?;
                let kind = self.context.kind(self.files, &relative)?;
                let is_directory = kind == Kind::Directory;
                let container = match copied.into_directory && !is_directory {
                    true => path::join(destination, path::name(source)),
                    false => destination.to_owned(),
                };
                (self.context.host(&relative), container, is_directory)
            };
        Some(Baked {
            host,
            container,
            is_directory,
            copy: step.span,
            from_context: baked.from_context,
            through: Some(other),
            worked_on: baked.worked_on || self.runs_after(other, baked.copy),
            partial: baked.partial || copied.excludes,
        })
    }

    /// The steps of a stage and of the stages below it, from the first.
    fn history(&self, stage: usize) -> impl Iterator<Item = &'a Step> {
        chain(self.stages, stage)
            .into_iter()
            .flat_map(|stage| &self.stages[stage].steps)
    }

    fn has_run(&self, stage: usize) -> bool {
        self.history(stage)
            .any(|step| matches!(step.action, Action::Run(_)))
    }

    fn runs_after(&self, stage: usize, copy: Span) -> bool {
        let changes_files = |step: &Step| match &step.action {
            Action::Run(run) => !run.others.is_empty() || run.installs.iter().any(Install::builds),
            _ => false,
        };
        self.history(stage)
            .skip_while(|step| step.span != copy)
            .any(changes_files)
    }

    fn installs_write(&self, stage: usize, source: &str) -> bool {
        let installs = self.history(stage).filter_map(|step| match &step.action {
            Action::Run(run) => Some(&run.installs),
            _ => None,
        });
        let mut written = installs
            .flatten()
            .filter(|install| !install.builds())
            .flat_map(|install| &install.writes);
        written.any(|written| path::below(source, written).is_some())
            || source.contains("/site-packages")
            || source.contains("/node_modules")
    }
}

/// A stage and the stages below it, the lowest first.
pub(super) fn chain(stages: &[Stage], stage: usize) -> Vec<usize> {
    let mut chain = vec![stage];
    while let Some(Base::Stage(below)) = chain
        .last()
        .and_then(|last| stages.get(*last))
        .map(|stage| &stage.base)
    {
        chain.push(*below);
    }
    chain.reverse();
    chain
}
