//! The stages of a Dockerfile: what each is built from, and the steps that make it.

use rustc_hash::FxHashSet;

use crate::files::Files;
use crate::syntax::dockerfile::{Arguments, Dockerfile, Instruction, Keyword};
use crate::text::Span;

use super::config::Config;
use super::context::Context;
use super::named::{NamedContext, NamedSource};
use super::scope::Scope;
use super::stage_names::{Meaning, Names};
use super::step::{Step, Surroundings};
use crate::knowledge::images;

/// More stages than that are not read; no build of people has them.
pub const MOST_STAGES: usize = 200;

/// No person writes more instructions; who has a file with more of them gets no stages, so that
/// nobody takes a part of them for the whole.
pub const MOST_INSTRUCTIONS: usize = 5000;

/// The same for triggers, which run in every stage above.
const MOST_TRIGGERS: usize = 5000;

/// A stage: everything from one FROM to the next.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name in lower case.
    pub name: Option<String>,
    /// The FROM instruction's index in the Dockerfile.
    pub from: usize,
    /// The FROM instruction.
    pub span: Span,
    /// What it is built from.
    pub base: Base,
    /// Its own instructions behind FROM, in order.
    pub steps: Vec<Step>,
    /// The configuration at its end, all below it included.
    pub config: Config,
    /// What FROM names, variables resolved, with its platform.
    pub key: String,
}

/// What a stage is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// An image of a registry, or a named context that is none of the other kinds:
    /// `python:3.12-slim`.
    Image(String),
    /// An earlier stage.
    Stage(usize),
    /// A named context that is a directory or built by another service: its number.
    Named(usize),
    /// Nothing: `FROM scratch`.
    Scratch,
    /// The name depends on a variable that is not known.
    Unknown,
}

/// What a build is given besides its Dockerfile.
pub(super) struct Given<'a> {
    pub(super) context: &'a Context,
    pub(super) files: &'a dyn Files,
    pub(super) args: &'a [(String, Option<String>)],
    pub(super) named_contexts: &'a [NamedContext],
    /// Instructions that are read as if something else stood there.
    pub(super) edited: &'a FxHashSet<usize>,
}

/// What stands for a text that nobody knows yet. No Dockerfile can hold it.
pub const EDITED: &str = "\0edited";

/// Reads all stages.
pub(super) fn read(file: &Dockerfile, given: &Given<'_>) -> (Vec<Stage>, Names) {
    let names = Names::new(given.named_contexts);
    if file.instructions.len() > MOST_INSTRUCTIONS {
        return (Vec::new(), names);
    }
    let mut reader = Reader {
        file,
        given,
        names,
        global: Scope::global(file.escape),
        done: Vec::new(),
        triggered: 0,
    };
    let mut current: Option<Open> = None;
    for (index, instruction) in file.instructions.iter().enumerate() {
        match (instruction.keyword, &mut current) {
            (Keyword::From, _) => {
                reader.done.extend(current.take());
                if reader.done.len() == MOST_STAGES {
                    break;
                }
                current = Some(reader.open(index, instruction));
            }
            (_, Some(open)) => reader.take(open, index, false, instruction),
            (Keyword::Arg, None) => {
                _ = reader
                    .global
                    .declare(instruction, given.args, None, reader.salt(index))
            }
            _ => {}
        }
    }
    reader.done.extend(current);
    (
        reader.done.into_iter().map(|open| open.stage).collect(),
        reader.names,
    )
}

/// A stage, and the variables in force at its end.
struct Open {
    stage: Stage,
    scope: Scope,
}

struct Reader<'a> {
    file: &'a Dockerfile,
    given: &'a Given<'a>,
    names: Names,
    global: Scope,
    done: Vec<Open>,
    /// How many triggers have run.
    triggered: usize,
}

impl Reader<'_> {
    /// Reads FROM, and runs the ONBUILD triggers of the stage below.
    fn open(&mut self, index: usize, instruction: &Instruction) -> Open {
        let words = instruction.words();
        let image = words
            .first()
            .and_then(|word| self.global.expand(word.text.as_str()))
            .filter(|image| !image.is_empty());
        let base = match image {
            None => Base::Unknown,
            Some(image) => match self.names.meaning(&image, self.done.len()) {
                Meaning::Stage(stage) => Base::Stage(stage),
                Meaning::Named(context) => Base::Named(context),
                Meaning::Image(image) if image == "scratch" => Base::Scratch,
                Meaning::Image(image) => Base::Image(image),
            },
        };
        let name = words.get(2).map(|word| word.text.as_str().to_lowercase());
        let platform = instruction
            .flag("platform")
            .and_then(|flag| flag.value.as_ref());
        let key: Vec<String> = words
            .iter()
            .take(1)
            .chain(platform)
            .map(|word| self.global.key(word.text.as_str()))
            .collect();
        let key = key.join(" ") + self.salt(index);
        self.names.push(name.clone());
        let escape = self.file.escape;
        let at = |workdir: Option<&str>| Config {
            workdir: workdir.map(str::to_owned),
            ..Config::default()
        };
        let (config, mut scope) = match &base {
            Base::Stage(below) => (
                self.done[*below].stage.config.clone(),
                self.done[*below].scope.clone(),
            ),
            Base::Image(image) => (at(images::workdir(image)), Scope::stage(escape, false)),
            Base::Scratch => (at(Some("/")), Scope::stage(escape, true)),
            Base::Named(context) => match self.names.context(*context) {
                NamedSource::Built(image) => (
                    image.config().cloned().unwrap_or_default(),
                    Scope::stage(escape, false),
                ),
                _ => (at(Some("/")), Scope::stage(escape, true)),
            },
            Base::Unknown => (at(None), Scope::stage(escape, false)),
        };
        // What ENV has set wins again over an ARG behind it.
        config
            .env
            .iter()
            .for_each(|variable| scope.set_env(&variable.name, variable.value.clone()));
        let below = if let Base::Stage(below) = base {
            Some(below)
        } else {
            None
        };
        let stage = Stage {
            name,
            from: index,
            span: instruction.span,
            base,
            steps: Vec::new(),
            config,
            key,
        };
        let mut open = Open { stage, scope };
        for step in below
            .map(|below| self.done[below].stage.steps.as_slice())
            .unwrap_or_default()
        {
            if let Arguments::Onbuild(trigger) = &self.file.instructions[step.instruction].arguments
                && !step.is_trigger
                && self.triggered < MOST_TRIGGERS
            {
                self.triggered += 1;
                self.take(&mut open, step.instruction, true, trigger);
            }
        }
        open
    }

    /// Adds a step to a stage and lets it take effect.
    fn take(&self, open: &mut Open, index: usize, is_trigger: bool, instruction: &Instruction) {
        let Open { stage, scope } = open;
        let number = self.done.len();
        let surroundings = Surroundings {
            context: self.given.context,
            files: self.given.files,
            names: &self.names,
            stage: number,
            config: &stage.config,
            scope,
        };
        let salt = self.salt(index);
        let mut step = Step {
            instruction: index,
            is_trigger,
            stage: number,
            keyword: instruction.keyword,
            span: instruction.span,
            workdir: stage.config.workdir.clone(),
            user: stage
                .config
                .user
                .as_ref()
                .and_then(|user| user.value.clone()),
            action: surroundings.action(instruction),
            sets: Vec::new(),
            key: surroundings.key(instruction, salt),
        };
        step.sets = match instruction.keyword {
            Keyword::Arg => scope.declare(instruction, self.given.args, Some(&self.global), salt),
            _ => stage.config.apply(instruction, number, scope, salt),
        };
        stage.steps.push(step);
    }

    /// What makes the text of an instruction another one, if it is read as edited.
    fn salt(&self, index: usize) -> &'static str {
        if self.given.edited.contains(&index) {
            EDITED
        } else {
            ""
        }
    }
}
