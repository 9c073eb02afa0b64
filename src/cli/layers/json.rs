//! The layers of a build for programs.

use serde::Serialize;

use super::Printer;
use crate::image::layers::{Layer, StageLayers, Verdict, heavy};

/// A build.
#[derive(Serialize)]
pub(super) struct Build {
    name: String,
    dockerfile: String,
    context: String,
    changed: Changed,
    stages: Vec<Stage>,
    /// Names of stages that are not built.
    skipped: Vec<String>,
}

#[derive(Serialize)]
struct Changed {
    files: Vec<String>,
    args: Vec<String>,
    lines: Vec<u32>,
}

#[derive(Serialize)]
struct Stage {
    number: usize,
    name: Option<String>,
    base: Option<String>,
    layers: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    line: u32,
    /// As in the progress of `docker build`.
    label: Option<String>,
    instruction: String,
    /// `cached`, `re-run`, or `none` for what makes no layer.
    status: &'static str,
    /// Whether the status is sure; if not, it depends on what another layer comes out as.
    certain: bool,
    reason: Option<String>,
    inputs: Vec<String>,
    workdir: Option<String>,
    user: Option<String>,
    heavy: Option<String>,
}

impl Printer<'_> {
    pub(super) fn json(&self) -> Build {
        let image = self.image();
        Build {
            name: self.build.name.clone(),
            dockerfile: self.setting.relative(image.dockerfile.tree.source.path()),
            context: self.setting.relative(&image.context.directory),
            changed: Changed {
                files: self
                    .changes
                    .files
                    .iter()
                    .map(|path| self.setting.relative(path))
                    .collect(),
                args: self
                    .changes
                    .args
                    .iter()
                    .map(|(name, _)| name.clone())
                    .collect(),
                lines: self.changes.lines.clone(),
            },
            stages: self
                .found
                .stages
                .iter()
                .map(|stage| self.json_of_stage(stage))
                .collect(),
            skipped: self
                .skipped()
                .iter()
                .map(|name| name.trim_matches('`').to_owned())
                .collect(),
        }
    }

    fn json_of_stage(&self, stage: &StageLayers) -> Stage {
        Stage {
            number: stage.stage,
            name: self.image().stages[stage.stage].name.clone(),
            base: self.base(stage.stage),
            layers: stage
                .layers
                .iter()
                .map(|layer| self.json_of_layer(stage.stage, layer))
                .collect(),
        }
    }

    fn json_of_layer(&self, stage: usize, layer: &Layer) -> Row {
        let step = self.step(stage, layer);
        let span = step.map_or(self.image().stages[stage].span, |step| step.span);
        let cause = layer.verdict.cause();
        Row {
            line: self.line(span),
            label: layer.label.clone(),
            instruction: self.text(span, step.is_some_and(|step| step.is_trigger)),
            status: match layer.verdict {
                Verdict::NoLayer => "none",
                Verdict::Cached => "cached",
                Verdict::Reruns(_) | Verdict::MayRerun(_) => "re-run",
            },
            certain: !matches!(layer.verdict, Verdict::MayRerun(_)),
            reason: cause
                .map(|cause| cause.tell(&|span| self.line(span), &|stage| self.stage_name(stage))),
            inputs: step.map(|step| self.inputs(step)).unwrap_or_default(),
            workdir: step.and_then(|step| step.workdir.clone()),
            user: step.and_then(|step| step.user.clone()),
            heavy: step.and_then(heavy),
        }
    }
}
