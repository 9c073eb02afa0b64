//! How BuildKit names the steps of a stage in its progress: `[build 2/5]`.
//!
//! Source: `prefixCommand` and its callers in BuildKit's `dockerfile2llb`, read in August 2026.

use crate::image::{Action, Base, CopyFrom, Image, Step};
use crate::syntax::dockerfile::Keyword;

/// Counts the steps of a stage.
pub(super) struct Labels {
    stage: String,
    total: usize,
    index: usize,
    has_from: bool,
}

impl Labels {
    pub(super) fn new(image: &Image, number: usize) -> Self {
        let stage = &image.stages[number];
        let has_from = matches!(stage.base, Base::Image(_) | Base::Unknown);
        let is_counted = |step: &&Step| {
            let is_step = matches!(
                step.keyword,
                Keyword::Add | Keyword::Copy | Keyword::Run | Keyword::Workdir
            );
            is_step || step.is_trigger
        };
        // BuildKit counts a named context, and prints no line for it.
        let is_counted_base = has_from || matches!(stage.base, Base::Named(_));
        let total = usize::from(is_counted_base) + stage.steps.iter().filter(is_counted).count();
        let name = match &stage.name {
            Some(name) => format!("{name} "),
            None if is_alone(image) => String::new(),
            None => format!("stage-{number} "),
        };
        let name = if is_alone(image) { String::new() } else { name };
        Labels {
            stage: name,
            total,
            index: 0,
            has_from,
        }
    }

    /// The name of FROM, when it brings something.
    pub(super) fn from(&mut self) -> Option<String> {
        self.has_from.then(|| self.next())
    }

    /// The name of a step, when it makes a layer.
    pub(super) fn of(&mut self, step: &Step) -> Option<String> {
        step.makes_layer().then(|| self.next())
    }

    fn next(&mut self) -> String {
        self.index += 1;
        let width = self.total.max(1).ilog10() as usize + 1;
        format!("[{}{:>width$}/{}]", self.stage, self.index, self.total)
    }
}

/// Whether BuildKit sees one stage only: what is copied or mounted from elsewhere counts as one
/// too.
fn is_alone(image: &Image) -> bool {
    let brings_stage = |step: &Step| match &step.action {
        Action::Copy(copied) => matches!(copied.from, CopyFrom::Image(_)),
        Action::Run(run) => !run.mounts.is_empty(),
        Action::Configure => false,
    };
    image.stages.len() == 1 && !image.stages[0].steps.iter().any(brings_stage)
}
