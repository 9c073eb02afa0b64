//! `composelint layers`: the layers of a build, and which of them an edit makes again.

use std::io;

use anyhow::bail;

use super::arguments::{Layers as Arguments, Look};
use super::builds::{Build, Builds, view};
use super::{Setting, Status, count};
use crate::image::layers::{Changes, Layer, Layers, StageLayers, Verdict, heavy, layers};
use crate::image::{Action, Base, CopyFrom, Image, SourceKind, Step};
use crate::lint::RecipeTree;
use crate::report::one_line;
use crate::report::termcolor::{Color, ColorSpec, WriteColor};
use crate::text::Span;
use crate::workspace::Workspace;

mod json;

pub(super) fn run(setting: &Setting, arguments: Arguments) -> anyhow::Result<Status> {
    let changes = Changes {
        files: arguments
            .changed
            .iter()
            .map(|path| setting.absolute(path))
            .collect(),
        args: arguments
            .changed_args
            .iter()
            .map(|argument| named(argument))
            .collect(),
        lines: arguments
            .changed_lines
            .iter()
            .map(|lines| range(lines))
            .collect::<anyhow::Result<Vec<_>>>()?
            .concat(),
    };
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let view = view(setting, &workspace);
    let tree = RecipeTree {
        root: view
            .as_ref()
            .map_or_else(|_| setting.here.clone(), |view| view.directory.clone()),
        recipes: Vec::new(),
    };
    let builds = Builds::new(&workspace, &view, &tree);
    let build = builds.named(setting, &arguments.service)?;
    let image = &build.project.images()[build.image];
    if image.target.is_none() {
        bail!(
            "`{}` has no stage to build: `composelint check` says why",
            one_line(&build.name)
        );
    }
    let found = layers(&workspace, image, &changes);
    let printer = Printer {
        setting,
        build: &build,
        found: &found,
        changes: &changes,
    };
    match arguments.format.unwrap_or(setting.look()) {
        Look::Text => setting.print(true, |out| printer.print(out))?,
        Look::Json => {
            let value = printer.json();
            setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &value)?;
                writeln!(out)
            })?;
        }
    }
    Ok(Status::Clean)
}

/// `NAME`, or `NAME=value`.
fn named(argument: &str) -> (String, Option<String>) {
    match argument.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (argument.to_owned(), None),
    }
}

/// `7`, or `7-9`.
fn range(lines: &str) -> anyhow::Result<Vec<u32>> {
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    match (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
        (Ok(first), Ok(last)) if first >= 1 && first <= last && last - first < 10_000 => {
            Ok((first..=last).collect())
        }
        _ => bail!(
            "`{}` is no line: give a number, or two as in 7-9",
            one_line(lines)
        ),
    }
}

struct Printer<'p> {
    setting: &'p Setting,
    build: &'p Build<'p, 'p>,
    found: &'p Layers,
    changes: &'p Changes,
}

impl Printer<'_> {
    fn image(&self) -> &Image {
        &self.found.image
    }

    fn has_changes(&self) -> bool {
        !(self.changes.files.is_empty()
            && self.changes.args.is_empty()
            && self.changes.lines.is_empty())
    }

    fn print(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let image = self.image();
        let dockerfile = self.setting.relative(image.dockerfile.tree.source.path());
        writeln!(
            out,
            "{}: {dockerfile}, context {}",
            one_line(&self.build.name),
            self.setting.relative(&image.context.directory)
        )?;
        let rows: Vec<Row> = self
            .found
            .stages
            .iter()
            .flat_map(|stage| self.rows(stage))
            .collect();
        let widest = |text: &dyn Fn(&Row) -> usize, most: usize| {
            rows.iter().map(text).max().unwrap_or(0).min(most)
        };
        let label = widest(&|row| row.label.chars().count(), 24);
        let text = widest(&|row| row.text.chars().count(), 48);
        for row in &rows {
            if row.starts_stage {
                writeln!(out)?;
            }
            write!(
                out,
                "{:>4}  {:label$}  {:text$}  ",
                row.line,
                row.label,
                shortened(&row.text, text)
            )?;
            out.set_color(
                ColorSpec::new()
                    .set_fg(row.color)
                    .set_bold(row.color == Some(Color::Yellow)),
            )?;
            write!(out, "{}", row.verdict)?;
            out.reset()?;
            let note = one_line(&row.note);
            match note.is_empty() {
                true => writeln!(out)?,
                false => writeln!(
                    out,
                    "{:width$}{note}",
                    "",
                    width = 8_usize.saturating_sub(row.verdict.len())
                )?,
            }
        }
        let skipped = self.skipped();
        writeln!(out)?;
        if !skipped.is_empty() {
            writeln!(out, "Not built: {}.", skipped.join(", "))?;
        }
        self.print_sum(out)
    }

    fn print_sum(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let all: Vec<(usize, &Layer)> = self
            .layers()
            .filter(|(_, layer)| layer.verdict != Verdict::NoLayer)
            .collect();
        let again: Vec<&(usize, &Layer)> = all
            .iter()
            .filter(|(_, layer)| layer.verdict.cause().is_some())
            .collect();
        let is_heavy = |(stage, layer): &&(usize, &Layer)| {
            self.step(*stage, layer)
                .is_some_and(|step| heavy(step).is_some())
        };
        if !self.has_changes() {
            let heavy = all.iter().filter(is_heavy).count();
            return writeln!(
                out,
                "{}, {heavy} heavy. Say what you edit with --changed FILE to see what runs again.",
                count(all.len(), "layer")
            );
        }
        let heavy: Vec<String> = again
            .iter()
            .copied()
            .filter(is_heavy)
            .filter_map(|(stage, layer)| {
                Some(self.line(self.step(*stage, layer)?.span).to_string())
            })
            .collect();
        let heavy = match heavy.as_slice() {
            [] if again.is_empty() => String::new(),
            [] => ", none of them heavy".to_owned(),
            [line] => format!(", one of them heavy (line {line})"),
            lines => format!(
                ", {} of them heavy (lines {})",
                lines.len(),
                lines.join(", ")
            ),
        };
        writeln!(
            out,
            "{} of {} run again{heavy}.",
            again.len(),
            count(all.len(), "layer")
        )
    }

    fn layers(&self) -> impl Iterator<Item = (usize, &Layer)> {
        self.found
            .stages
            .iter()
            .flat_map(|stage| stage.layers.iter().map(|layer| (stage.stage, layer)))
    }

    fn step(&self, stage: usize, layer: &Layer) -> Option<&Step> {
        self.image().stages[stage].steps.get(layer.step?)
    }

    fn rows(&self, stage: &StageLayers) -> Vec<Row> {
        let mut rows: Vec<Row> = stage
            .layers
            .iter()
            .map(|layer| self.row(stage.stage, layer))
            .collect();
        if let Some(first) = rows.first_mut() {
            first.starts_stage = true;
        }
        rows
    }

    fn row(&self, stage: usize, layer: &Layer) -> Row {
        let image = self.image();
        let step = self.step(stage, layer);
        let span = step.map_or(image.stages[stage].span, |step| step.span);
        let (verdict, color) = match layer.verdict {
            Verdict::NoLayer => ("", None),
            Verdict::Cached => ("CACHED", Some(Color::Green)),
            Verdict::Reruns(_) => ("RE-RUN", Some(Color::Yellow)),
            Verdict::MayRerun(_) => ("RE-RUN", Some(Color::Yellow)),
        };
        let mut notes: Vec<String> = Vec::new();
        if let Some(cause) = layer.verdict.cause() {
            let doubt = if matches!(layer.verdict, Verdict::MayRerun(_)) {
                ", unless that comes out as before"
            } else {
                ""
            };
            notes.push(format!(
                "{}{doubt}",
                cause.tell(&|span| self.line(span), &|stage| self.stage_name(stage))
            ));
        }
        if let Some(step) = step {
            notes.extend(heavy(step).map(|what| format!("heavy: {what}")));
            if layer.verdict.cause().is_none() {
                notes
                    .extend(Some(self.inputs(step).join(", ")).filter(|inputs| !inputs.is_empty()));
            }
        }
        Row {
            line: self.line(span),
            label: layer.label.clone().unwrap_or_default(),
            text: self.text(span, step.is_some_and(|step| step.is_trigger)),
            verdict,
            color,
            note: notes.join("; "),
            starts_stage: false,
        }
    }

    /// An instruction on one line.
    fn text(&self, span: Span, is_trigger: bool) -> String {
        let source = &self.image().dockerfile.tree.source;
        let text: Vec<&str> = source
            .slice(span)
            .split_whitespace()
            .filter(|word| *word != "\\")
            .collect();
        let text = text.join(" ");
        one_line(if is_trigger {
            text.split_once(' ')
                .map_or(text.as_str(), |(_, trigger)| trigger)
        } else {
            &text
        })
    }

    fn line(&self, span: Span) -> u32 {
        self.image().dockerfile.tree.source.line_on_disk(span.start) + 1
    }

    fn stage_name(&self, stage: usize) -> String {
        let name = self
            .image()
            .stages
            .get(stage)
            .and_then(|stage| stage.name.clone());
        name.map_or_else(|| format!("stage {stage}"), |name| format!("`{name}`"))
    }

    /// What a step reads besides the layers below it.
    fn inputs(&self, step: &Step) -> Vec<String> {
        let from = |from: &CopyFrom| match from {
            CopyFrom::Context => String::new(),
            CopyFrom::Stage(other) => format!(" of {}", self.stage_name(*other)),
            CopyFrom::Named(context) => {
                format!(" of {}", self.image().named_contexts[*context].name)
            }
            CopyFrom::Image(image) => format!(" of {image}"),
            CopyFrom::Unknown => " of an unknown stage".to_owned(),
        };
        match &step.action {
            Action::Copy(copied) => copied
                .sources
                .iter()
                .map(|source| match &source.kind {
                    SourceKind::Everything if copied.from == CopyFrom::Context => {
                        "the whole context".to_owned()
                    }
                    SourceKind::Everything => format!("everything{}", from(&copied.from)),
                    SourceKind::Glob(paths) if paths.is_empty() => {
                        format!("{}, which matches nothing", source.text)
                    }
                    SourceKind::Glob(paths) if paths.len() < 4 => paths.join(", "),
                    SourceKind::Glob(paths) => {
                        format!("{} and {} more", paths[..2].join(", "), paths.len() - 2)
                    }
                    SourceKind::Missing => format!("{}, which is not in the context", source.text),
                    SourceKind::Remote => format!("{}, which is fetched", source.text),
                    _ => format!("{}{}", source.text, from(&copied.from)),
                })
                .collect(),
            Action::Run(run) => run
                .mounts
                .iter()
                .filter(|mount| matches!(mount.kind.as_str(), "bind" | "cache"))
                .map(|mount| match (mount.kind.as_str(), &mount.from) {
                    ("cache", CopyFrom::Context) => {
                        format!("cache {}", mount.target.as_deref().unwrap_or("?"))
                    }
                    (_, CopyFrom::Context) => match mount.source.as_deref().unwrap_or(".") {
                        "." | "/" | "" => "mounts the whole context".to_owned(),
                        source => format!("mounts {source}"),
                    },
                    (_, other) => format!(
                        "mounts {}{}",
                        mount.source.as_deref().unwrap_or("/"),
                        from(other)
                    ),
                })
                .collect(),
            Action::Configure => Vec::new(),
        }
    }

    /// Stages of the Dockerfile that this build does not need.
    fn skipped(&self) -> Vec<String> {
        let built: Vec<usize> = self.found.stages.iter().map(|stage| stage.stage).collect();
        let stages = 0..self.image().stages.len();
        stages
            .filter(|stage| !built.contains(stage))
            .map(|stage| self.stage_name(stage))
            .collect()
    }

    fn base(&self, stage: usize) -> Option<String> {
        match &self.image().stages[stage].base {
            Base::Image(image) => Some(image.clone()),
            Base::Stage(other) => Some(self.stage_name(*other).trim_matches('`').to_owned()),
            Base::Named(context) => Some(self.image().named_contexts[*context].name.clone()),
            Base::Scratch => Some("scratch".to_owned()),
            Base::Unknown => None,
        }
    }
}

struct Row {
    line: u32,
    label: String,
    text: String,
    verdict: &'static str,
    color: Option<Color>,
    note: String,
    starts_stage: bool,
}

fn shortened(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
        false => text.to_owned(),
    }
}
