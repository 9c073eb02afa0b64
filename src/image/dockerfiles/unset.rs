//! Which variables nobody has set where an instruction uses them, and why one may say so though the
//! base image is not read.

use rustc_hash::FxHashSet;

use super::variables::{self, Use};
use super::{BuildFile, Line};
use crate::image::{AUTOMATIC, Base, Image};
use crate::knowledge::images;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::text::Span;

/// A use of a variable that is empty.
pub struct UnsetVariable {
    /// The use.
    pub used: Use,
    /// Why it is empty.
    pub why: WhyUnset,
}

/// Why a variable is empty where it is used.
pub enum WhyUnset {
    /// No stage declares it.
    Undeclared,
    /// It is declared here, before the first FROM, and known in FROM only.
    Global(Span),
    /// It is set here, further down in the stage.
    Later(Span),
    /// A variable with a name like this one is set.
    Misspelt(String),
    /// It is set here, in another stage.
    OtherStage(Span),
}

/// What ARG and ENV set.
struct Definition {
    name: String,
    span: Span,
    stage: Option<usize>,
}

impl BuildFile<'_> {
    /// The uses, behind the first FROM, of variables that nobody has set. What a base image sets is
    /// mostly not known: then a name must look like a mistake.
    pub fn unset_variables(&self) -> Vec<UnsetVariable> {
        let all: Vec<Definition> = self.lines.iter().flat_map(definitions).collect();
        let mut found = Vec::new();
        for line in self
            .lines
            .iter()
            .filter(|line| !line.is_trigger && line.instruction.keyword != Keyword::From)
        {
            let Some(stage) = line.stage else { continue };
            let uses = variables::uses_of(self.file, line.instruction);
            if uses.is_empty() {
                continue;
            }
            let chain = self.chain(stage);
            let known: Vec<&Definition> = all
                .iter()
                .filter(|known| {
                    known.stage.is_some_and(|stage| chain.contains(&stage))
                        && known.span.start < line.instruction.span.start
                })
                .collect();
            let same_line: FxHashSet<String> = names(line.instruction).into_iter().collect();
            for used in uses {
                let name = used.name.as_str();
                let is_own = same_line.contains(name);
                if known.iter().any(|known| known.name == name)
                    || is_own && !sets_itself(line.instruction, &used)
                    || is_of_builder(name)
                    || used.has_default
                {
                    continue;
                }
                if let Some(why) = why_unset(self, stage, name, &known, &all, is_own) {
                    found.push(UnsetVariable { used, why });
                }
            }
        }
        found
    }
}

fn definitions(line: &Line<'_>) -> Vec<Definition> {
    names(line.instruction)
        .into_iter()
        .map(|name| Definition {
            name,
            span: line.instruction.span,
            stage: line.stage,
        })
        .collect()
}

fn names(instruction: &Instruction) -> Vec<String> {
    match (&instruction.arguments, instruction.keyword) {
        (Arguments::Pairs(pairs), Keyword::Env) => pairs
            .iter()
            .map(|pair| pair.key.text.as_str().to_owned())
            .collect(),
        (_, Keyword::Arg) => instruction
            .words()
            .iter()
            .map(|word| {
                word.text
                    .as_str()
                    .split('=')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a use stands in the value of the very variable that it names, `ENV A=$A`, and nothing
/// else in the instruction sets that.
fn sets_itself(instruction: &Instruction, used: &Use) -> bool {
    let is_within = |span: Span| span.start <= used.span.start && used.span.end <= span.end;
    match (&instruction.arguments, instruction.keyword) {
        (Arguments::Pairs(pairs), Keyword::Env) => {
            let mut own = pairs
                .iter()
                .filter(|pair| pair.key.text.as_str() == used.name);
            let first = own.next();
            own.next().is_none() && first.is_some_and(|pair| is_within(pair.value.span))
        }
        (_, Keyword::Arg) => {
            let name = |text: &str| text.split('=').next() == Some(used.name.as_str());
            let mut own = instruction
                .words()
                .iter()
                .filter(|word| name(word.text.as_str()));
            let first = own.next();
            own.next().is_none() && first.is_some_and(|word| is_within(word.span))
        }
        _ => false,
    }
}

fn is_of_builder(name: &str) -> bool {
    let is_proxy = name.to_ascii_uppercase().ends_with("_PROXY");
    name == "PATH" || is_proxy || name.starts_with("BUILDKIT_") || name == "SOURCE_DATE_EPOCH"
}

fn why_unset(
    file: &BuildFile<'_>,
    stage: usize,
    name: &str,
    known: &[&Definition],
    all: &[Definition],
    is_own: bool,
) -> Option<WhyUnset> {
    let base = file.images.iter().find_map(|image| lowest(image, stage));
    let sets = base.as_deref().and_then(|base| images::sets(base, name));
    if sets == Some(true) {
        return None;
    }
    let is_certain = sets == Some(false);
    // `PYTHON_VERSION`, `JAVA_HOME`: names that images of languages set themselves.
    let is_usual = name.ends_with("_VERSION")
        || name.ends_with("_HOME")
        || matches!(name, "HOME" | "GOPATH" | "LANG");
    if !is_certain && (is_usual || is_own) {
        return None;
    }
    if AUTOMATIC.contains(&name) {
        return Some(WhyUnset::Undeclared);
    }
    // What the instruction itself sets is no reason.
    let mut same = all
        .iter()
        .filter(|known| known.name == name && !(is_own && known.stage == Some(stage)));
    if let Some(global) = same.clone().find(|known| known.stage.is_none()) {
        return Some(WhyUnset::Global(global.span));
    }
    if let Some(later) = same.clone().find(|known| known.stage == Some(stage)) {
        return Some(WhyUnset::Later(later.span));
    }
    let names = known.iter().map(|known| known.name.as_str());
    if let Some(near) = variables::nearest(name, names.chain(["PATH"])) {
        return Some(WhyUnset::Misspelt(near.to_owned()));
    }
    if let Some(other) = same.next() {
        return Some(WhyUnset::OtherStage(other.span));
    }
    is_certain.then_some(WhyUnset::Undeclared)
}

/// The image at the bottom of a stage.
fn lowest(image: &Image, stage: usize) -> Option<String> {
    let mut stage = image.stages.get(stage)?;
    loop {
        match &stage.base {
            Base::Stage(below) => stage = image.stages.get(*below)?,
            Base::Image(name) => return Some(name.clone()),
            Base::Scratch => return Some("scratch".to_owned()),
            Base::Named(_) | Base::Unknown => return None,
        }
    }
}
