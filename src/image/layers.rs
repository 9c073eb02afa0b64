//! The layers of a build, and which of them an edit makes again: what BuildKit would say, `CACHED`
//! or not, and why.
//!
//! A layer rests on the one below it, on what its own text says, on the variables that a RUN gets,
//! and on the contents of what it copies or mounts. The build is read twice, as it is and with the
//! edits, and the two are held against each other; what the edits change in the file system of a
//! stage is followed into the stages that copy from it.

use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::image::{
    Action, Base, Context, Copied, CopyFrom, Image, NamedSource, Run, RunMount, Step, path,
};
use crate::knowledge::makers;
use crate::text::Span;
use crate::workspace::Workspace;

mod cause;
mod context;
mod delta;
mod effects;
mod label;

pub use cause::{Cause, StageChange};
pub(crate) use delta::below_pattern;
pub(crate) use effects::writes_nothing;

use context::Hit;
use delta::{Certainty, Delta};

/// Edits whose effect on a build is asked for.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Files and directories of the host whose content is another one, or which come or go;
    /// absolute and clean.
    pub files: Vec<PathBuf>,
    /// Build arguments with another value, which may be known.
    pub args: Vec<(String, Option<String>)>,
    /// Lines of the Dockerfile, counted from 1, in which something else stands.
    pub lines: Vec<u32>,
}

/// The layers of a build.
#[derive(Debug)]
pub struct Layers {
    /// The build they belong to, with the edits as far as they are known.
    pub image: Image,
    /// The stages that are built, in order.
    pub stages: Vec<StageLayers>,
}

/// The layers of a stage.
#[derive(Debug)]
pub struct StageLayers {
    /// Its number.
    pub stage: usize,
    /// One for FROM, and one for each instruction.
    pub layers: Vec<Layer>,
}

/// An instruction, and what becomes of it.
#[derive(Debug)]
pub struct Layer {
    /// Its number among the steps of the stage; `None` for FROM.
    pub step: Option<usize>,
    /// How BuildKit names it in its progress: `[build 2/5]`.
    pub label: Option<String>,
    /// Whether it runs again.
    pub verdict: Verdict,
}

/// Whether an instruction runs again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It makes no layer.
    NoLayer,
    /// Its layer is still good.
    Cached,
    /// It runs again.
    Reruns(Cause),
    /// It runs again unless another layer, which does run again, comes out as it was.
    MayRerun(Cause),
}

impl Verdict {
    /// Why it runs again, certainly or possibly.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Verdict::Reruns(cause) | Verdict::MayRerun(cause) => Some(cause),
            Verdict::NoLayer | Verdict::Cached => None,
        }
    }

    fn of(certainty: Certainty, cause: Cause) -> Self {
        match certainty {
            Certainty::Certain => Verdict::Reruns(cause),
            Certainty::Possible => Verdict::MayRerun(cause),
        }
    }
}

/// What makes a step take its time: an install, a compiler; `None` for what is done at once.
pub fn heavy(step: &Step) -> Option<String> {
    let Action::Run(run) = &step.action else {
        return None;
    };
    let mut found: Vec<String> = Vec::new();
    let mut add = |what: String| {
        if !found.contains(&what) {
            found.push(what);
        }
    };
    for install in &run.installs {
        add(format!(
            "{} {}",
            install.manager,
            if install.builds() {
                "compiles"
            } else {
                "installs"
            }
        ));
    }
    for command in run
        .script
        .iter()
        .flat_map(|script| &script.commands)
        .filter(|command| run.others.contains(&command.span))
    {
        let program = command.program().map(path::name).unwrap_or_default();
        let builds = command
            .argv()
            .iter()
            .skip(1)
            .any(|word| matches!(word.split(':').next(), Some("build" | "compile" | "bundle")));
        if builds || makers::compiles(program) {
            add(format!("{program} builds"));
        }
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// What becomes of the layers of a build after these edits.
pub fn layers(workspace: &Workspace<'_>, image: &Image, changes: &Changes) -> Layers {
    let source = &image.dockerfile.tree.source;
    let instructions = image.dockerfile.tree.instructions.iter().enumerate();
    let is_edited = |span: Span| {
        let (first, last) = (
            source.line_on_disk(span.start) + 1,
            source.line_on_disk(span.end) + 1,
        );
        let comments = &image.dockerfile.tree.comments;
        // A comment between the lines of an instruction is no part of it.
        let is_comment = |line: u32| {
            comments
                .iter()
                .any(|comment| source.line_on_disk(comment.start) + 1 == line)
        };
        changes
            .lines
            .iter()
            .any(|line| (first..=last).contains(line) && !is_comment(*line))
    };
    let edited: FxHashSet<usize> = instructions
        .filter(|(_, instruction)| is_edited(instruction.span))
        .map(|(index, _)| index)
        .collect();
    let unknown = crate::image::EDITED;
    let args: Vec<(String, Option<String>)> = changes
        .args
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                Some(value.clone().unwrap_or_else(|| format!("{unknown}{name}"))),
            )
        })
        .collect();
    let after = image.edited(workspace, &args, &edited);
    // The Dockerfile lies in the context like any other file.
    let dockerfile = image.dockerfile.tree.source.path();
    let mut changes = changes.clone();
    changes
        .files
        .extend(Some(dockerfile.to_path_buf()).filter(|_| !changes.lines.is_empty()));
    // With a value that nobody knows the stages are those of today.
    let is_known = edited.is_empty() && changes.args.iter().all(|(_, value)| value.is_some());
    let shown = if is_known { &after } else { image };
    let mut walk = Walk::new(workspace, image, &after, &changes, &edited);
    let built: FxHashSet<usize> = image.needed().into_iter().collect();
    let stages = shown
        .needed()
        .into_iter()
        .map(|stage| walk.stage(shown, stage, built.contains(&stage)))
        .collect();
    Layers {
        image: shown.clone(),
        stages,
    }
}

struct Walk<'w> {
    workspace: &'w Workspace<'w>,
    before: &'w Image,
    after: &'w Image,
    changes: &'w Changes,
    edited: &'w FxHashSet<usize>,
    /// What has become of the stages walked so far.
    ends: FxHashMap<usize, State>,
    /// What has become of named contexts that other services build.
    built: FxHashMap<usize, State>,
}

/// What a layer rests on that is made again.
#[derive(Clone, Debug)]
enum Below {
    /// A layer of the same Dockerfile.
    Layer(Span),
    /// The image that another service builds.
    Built(String),
    /// A directory of the host.
    Directory(String),
}

impl State {
    /// The same, seen from another build: its lines mean nothing there.
    fn elsewhere(mut self, name: &str) -> Self {
        self.above = self
            .above
            .map(|(certainty, _)| (certainty, Below::Built(name.to_owned())));
        self
    }
}

/// What has become of a stage at one of its steps.
#[derive(Clone, Debug, Default)]
struct State {
    /// The layer that runs again and that everything behind rests on.
    above: Option<(Certainty, Below)>,
    /// The variables that have another value, and who sets them.
    variables: FxHashMap<String, Span>,
    /// What is different in its file system.
    delta: Delta,
}

impl<'w> Walk<'w> {
    fn new(
        workspace: &'w Workspace<'w>,
        before: &'w Image,
        after: &'w Image,
        changes: &'w Changes,
        edited: &'w FxHashSet<usize>,
    ) -> Self {
        let mut built = FxHashMap::default();
        for (at, context) in before.named_contexts.iter().enumerate() {
            let NamedSource::Built(image) = &context.source else {
                continue;
            };
            // Arguments and lines are those of one build.
            let files = Changes {
                files: changes.files.clone(),
                ..Changes::default()
            };
            let unedited = FxHashSet::default();
            let mut walk = Walk::new(workspace, image, image, &files, &unedited);
            for stage in image.needed() {
                walk.stage(image, stage, true);
            }
            let end = image.target.and_then(|target| walk.ends.remove(&target));
            built.insert(at, end.unwrap_or_default().elsewhere(&context.name));
        }
        Walk {
            workspace,
            before,
            after,
            changes,
            edited,
            ends: FxHashMap::default(),
            built,
        }
    }

    /// What is different in what a COPY or a mount takes from, when it is made by a build.
    fn made(&self, from: &CopyFrom) -> Option<&Delta> {
        match from {
            CopyFrom::Stage(stage) => self.ends.get(stage).map(|end| &end.delta),
            CopyFrom::Named(context) => self.built.get(context).map(|end| &end.delta),
            _ => None,
        }
    }

    fn stage(&mut self, shown: &Image, number: usize, was_built: bool) -> StageLayers {
        let stage = &shown.stages[number];
        let mut state = match stage.base {
            Base::Stage(below) => self.ends.get(&below).cloned().unwrap_or_default(),
            Base::Named(context) => self.built.get(&context).cloned().unwrap_or_default(),
            _ => State::default(),
        };
        if let Base::Stage(below) = stage.base {
            self.forget_covered(&mut state, below);
        }
        let key = |image: &Image| image.stages.get(number).map(|stage| stage.key.clone());
        let mut labels = label::Labels::new(shown, number);
        let mut from = Verdict::NoLayer;
        if matches!(stage.base, Base::Image(_) | Base::Unknown) {
            from = Verdict::Cached;
        }
        if !was_built || key(self.before) != key(self.after) {
            let cause = match (was_built, self.edited.contains(&stage.from)) {
                (false, _) => Cause::NotBuiltBefore,
                (true, true) => Cause::Text,
                (true, false) => Cause::Base,
            };
            state.above = Some((Certainty::Certain, Below::Layer(stage.span)));
            state.delta.everything(stage.span);
            from = Verdict::Reruns(cause);
        }
        if let Base::Named(at) = stage.base
            && let NamedSource::Directory(context) = &shown.named_contexts[at].source
        {
            state.above = Some((
                Certainty::Certain,
                Below::Directory(shown.named_contexts[at].name.clone()),
            ));
            let files = self
                .changes
                .files
                .iter()
                .filter_map(|file| context.relative(file));
            files
                .filter(|path| !context.patterns.is_ignored(path))
                .for_each(|path| state.delta.touch(format!("/{path}"), Certainty::Certain));
        }
        let mut layers = vec![Layer {
            step: None,
            label: labels.from(),
            verdict: from,
        }];
        for (at, step) in stage.steps.iter().enumerate() {
            let label = labels.of(step);
            let verdict = self.step(shown, &mut state, number, at);
            layers.push(Layer {
                step: Some(at),
                label,
                verdict,
            });
        }
        self.ends.insert(number, state);
        StageLayers {
            stage: number,
            layers,
        }
    }

    /// In a stage built on another, what ENV has set there lies again over its arguments.
    fn forget_covered(&self, state: &mut State, below: usize) {
        let value = |image: &Image, name: &str| {
            image
                .stages
                .get(below)
                .and_then(|stage| stage.config.variable(name).map(str::to_owned))
        };
        state.variables.retain(|name, _| {
            let before = value(self.before, name);
            before.is_none() || before != value(self.after, name)
        });
    }

    fn step(&self, shown: &Image, state: &mut State, stage: usize, at: usize) -> Verdict {
        let step = &shown.stages[stage].steps[at];
        let [before, after] = [self.before, self.after].map(|image| {
            image
                .stages
                .get(stage)
                .and_then(|stage| stage.steps.get(at))
        });
        self.set_variables(state, step, before, after);
        if !step.makes_layer() {
            return Verdict::NoLayer;
        }
        let is_same = before.map(|step| &step.key) == after.map(|step| &step.key);
        let own = if is_same {
            None
        } else {
            Some((Certainty::Certain, self.own_cause(state, step, shown)))
        };
        let inputs = match &step.action {
            Action::Copy(copied) => self.copy(shown, state, step, copied, own.is_some()),
            Action::Run(run) => self.run(shown, state, step, run),
            Action::Configure => None,
        };
        let is_linked = matches!(&step.action, Action::Copy(copied) if copied.link);
        let above = state.above.as_ref().map(|(certainty, below)| match below {
            Below::Layer(span) if is_linked => (*certainty, Cause::Relinked(*span)),
            Below::Layer(span) => (*certainty, Cause::Above(*span)),
            Below::Built(name) => (*certainty, Cause::Built(name.clone())),
            Below::Directory(name) => (*certainty, Cause::NeverKept(name.clone())),
        });
        // What is certain first, and of that what lies nearest.
        let mut causes: Vec<(Certainty, Cause)> =
            [own, inputs, above].into_iter().flatten().collect();
        causes.sort_by_key(|(certainty, _)| *certainty == Certainty::Possible);
        let found = causes.into_iter().next();
        if let (Some((certainty, _)), Action::Run(run)) = (&found, &step.action) {
            let edit = effects::Rerun {
                workspace: self.workspace,
                step,
                run,
                image: shown,
                is_edited: !is_same,
                certainty: *certainty,
            };
            effects::apply(
                &edit,
                &state.variables,
                &self.mounted(shown, run),
                &mut state.delta,
            );
        }
        if let Action::Run(run) = &step.action {
            effects::keep_links(step, run, &mut state.delta);
        }
        let Some((certainty, cause)) = found else {
            return Verdict::Cached;
        };
        let is_certain_already = state
            .above
            .as_ref()
            .is_some_and(|(above, _)| *above == Certainty::Certain);
        if !is_certain_already {
            state.above = Some((certainty, Below::Layer(step.span)));
        }
        Verdict::of(certainty, cause)
    }

    /// A variable that gets the value it had before is as it was, whatever happened to it
    /// meanwhile.
    fn set_variables(
        &self,
        state: &mut State,
        step: &Step,
        before: Option<&Step>,
        after: Option<&Step>,
    ) {
        let sets = |step: Option<&Step>| step.map(|step| step.sets.clone()).unwrap_or_default();
        let (before, after) = (sets(before), sets(after));
        for assigned in before.iter().chain(&after) {
            let is_same = before.iter().rfind(|other| other.name == assigned.name)
                == after.iter().rfind(|other| other.name == assigned.name);
            match is_same {
                true => _ = state.variables.remove(&assigned.name),
                false => _ = state.variables.insert(assigned.name.clone(), step.span),
            }
        }
    }

    /// Why the text of a step, variables resolved, is another one.
    fn own_cause(&self, state: &State, step: &Step, image: &Image) -> Cause {
        if self.edited.contains(&step.instruction) {
            return Cause::Text;
        }
        let text = image.dockerfile.tree.source.slice(step.span);
        let used = state
            .variables
            .iter()
            .find(|(name, _)| mentions(text, name));
        used.map_or(Cause::Setting, |(name, span)| Cause::Variable {
            name: name.clone(),
            set: *span,
        })
    }

    fn copy(
        &self,
        shown: &Image,
        state: &mut State,
        step: &Step,
        copied: &Copied,
        is_new: bool,
    ) -> Option<(Certainty, Cause)> {
        let destination = copied.destination.clone().unwrap_or_else(|| "/".to_owned());
        if is_new {
            state.delta.touch(destination, Certainty::Certain);
        }
        match &copied.from {
            CopyFrom::Context | CopyFrom::Named(_) if directory(shown, &copied.from).is_some() => {
                let context = directory(shown, &copied.from)?;
                let hits = context::copied(
                    self.workspace,
                    shown,
                    context,
                    step,
                    copied,
                    &self.changes.files,
                );
                for hit in &hits {
                    hit.lands
                        .iter()
                        .for_each(|path| state.delta.touch(path.clone(), hit.certainty));
                }
                cause_of(&hits)
            }
            from => {
                let theirs = self.made(from)?;
                let arrivals = theirs.arrivals(copied);
                for (path, certainty) in &arrivals {
                    state.delta.touch(path.clone(), *certainty);
                }
                let certainty = arrivals.iter().map(|(_, certainty)| *certainty).min()?;
                Some((certainty, self.taken(shown, from, theirs.reason(certainty))))
            }
        }
    }

    fn taken(&self, shown: &Image, from: &CopyFrom, reason: StageChange) -> Cause {
        match from {
            CopyFrom::Named(context) => Cause::Built(shown.named_contexts[*context].name.clone()),
            CopyFrom::Stage(stage) => Cause::Stage {
                stage: *stage,
                reason,
            },
            _ => Cause::Setting,
        }
    }

    fn run(
        &self,
        shown: &Image,
        state: &State,
        step: &Step,
        run: &Run,
    ) -> Option<(Certainty, Cause)> {
        let text = shown.dockerfile.tree.source.slice(step.span);
        if !state.variables.is_empty() {
            let mut names: Vec<(&String, &Span)> = state.variables.iter().collect();
            names.sort_by_key(|(name, span)| (!mentions(text, name), span.start, *name));
            let (name, set) = names[0];
            return Some((
                Certainty::Certain,
                Cause::Environment {
                    name: name.clone(),
                    set: *set,
                    used: mentions(text, name),
                },
            ));
        }
        let mounted = run.mounts.iter().filter_map(|mount| {
            if let Some(context) = directory(shown, &mount.from) {
                return cause_of(&context::mounted(
                    self.workspace.files(),
                    context,
                    mount,
                    &self.changes.files,
                ))
                .filter(|_| shows_context(mount));
            }
            let theirs = self.made(&mount.from)?;
            let certainty = theirs.hit(mount.source.as_deref().unwrap_or("/"))?;
            Some((
                certainty,
                self.taken(shown, &mount.from, theirs.reason(certainty)),
            ))
        });
        mounted.min_by_key(|(certainty, _)| *certainty)
    }

    /// The mounts of a RUN whose contents are different.
    fn mounted(&self, shown: &Image, run: &Run) -> Vec<String> {
        let is_changed = |mount: &&RunMount| match directory(shown, &mount.from) {
            Some(context) => {
                shows_context(mount)
                    && !context::mounted(
                        self.workspace.files(),
                        context,
                        mount,
                        &self.changes.files,
                    )
                    .is_empty()
            }
            None => self
                .made(&mount.from)
                .is_some_and(|theirs| theirs.hit(mount.source.as_deref().unwrap_or("/")).is_some()),
        };
        run.mounts
            .iter()
            .filter(is_changed)
            .filter_map(|mount| mount.target.clone())
            .collect()
    }
}

/// The directory of the host that a COPY or a mount takes from.
fn directory<'i>(image: &'i Image, from: &CopyFrom) -> Option<&'i Context> {
    match from {
        CopyFrom::Context => Some(&image.context),
        CopyFrom::Named(at) => match &image.named_contexts[*at].source {
            NamedSource::Directory(context) => Some(context),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a mount shows a directory of the host: a cache, unless it says from where, begins empty.
fn shows_context(mount: &RunMount) -> bool {
    mount.kind == "bind" || (mount.kind == "cache" && mount.from != CopyFrom::Context)
}

fn cause_of(hits: &[Hit]) -> Option<(Certainty, Cause)> {
    let first = hits.iter().min_by_key(|hit| hit.certainty)?;
    Some((
        first.certainty,
        Cause::File {
            path: first.path.clone(),
            others: hits.len() - 1,
            why: first.why,
        },
    ))
}

/// Whether a text names a variable.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_word(before) && !is_word(after)
    })
}

#[cfg(test)]
mod tests;
