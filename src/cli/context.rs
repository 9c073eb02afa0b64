//! `composelint context`: what enters a build context, what is kept out and by which line, and what
//! changes most often.

use std::io;
use std::path::Path;

use super::arguments::{ContextOf as Arguments, Look};
use super::builds::{Build, Builds, view};
use super::{Setting, Status, count};
use crate::disk::{Disk, History, ignored_by_git};
use crate::image::Image;
use crate::image::build_context::{Amount, Sent, sent};
use crate::image::layers;
use crate::image::layers::{Changes, Verdict};
use crate::lint::RecipeTree;
use crate::report::one_line;
use crate::report::termcolor::{ColorSpec, WriteColor};
use crate::text::Span;
use crate::workspace::Workspace;

mod json;

/// So many rows of each table are for people; JSON has all.
const ROWS: usize = 10;

/// So many of the files that change most often are looked at.
const MOST_LOOKED_AT: usize = 1000;

pub(super) fn run(setting: &Setting, arguments: Arguments) -> anyhow::Result<Status> {
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
    let chosen = match &arguments.name {
        Some(name) => vec![builds.named(setting, name)?],
        None if view.is_err() => vec![builds.named(setting, ".")?],
        None => builds.all()?,
    };
    let reports: Vec<Report<'_>> = chosen
        .iter()
        .map(|build| Report::new(setting, &workspace, build))
        .collect();
    match arguments.format.unwrap_or(setting.look()) {
        Look::Text => setting.print(true, |out| match reports.as_slice() {
            [report] => report.print(out),
            reports => print_summary(out, reports),
        })?,
        Look::Json => {
            let values: Vec<json::Context> = reports.iter().map(Report::json).collect();
            setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &values)?;
                writeln!(out)
            })?;
        }
    }
    Ok(Status::Clean)
}

/// One line a build, the largest first.
fn print_summary(out: &mut dyn WriteColor, reports: &[Report<'_>]) -> io::Result<()> {
    let mut reports: Vec<&Report<'_>> = reports.iter().collect();
    reports.sort_by_key(|report| std::cmp::Reverse(report.sent.taken.bytes));
    let width = reports
        .iter()
        .map(|report| report.build.name.chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    for report in &reports {
        let Sent {
            taken,
            all,
            ignored,
            useless,
            ..
        } = &report.sent;
        let kept_out: u64 = ignored.iter().map(|ignored| ignored.amount.bytes).sum();
        let waste: u64 = useless.iter().map(|useless| useless.amount.bytes).sum();
        let name = one_line(&report.build.name);
        let context = report.setting.relative(&report.image.context.directory);
        write!(
            out,
            "{name:width$}  {:>9} of {:>9}  {:>12}  {context}",
            size(taken.bytes),
            size(all.bytes),
            count_of(taken.files)
        )?;
        if kept_out > 0 {
            write!(out, ", {} kept out", size(kept_out))?;
        }
        if waste > 0 {
            write!(out, ", {} of no use", size(waste))?;
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "\nName a service to see its files: composelint context {}",
        one_line(reports[0].build.name.split(',').next().unwrap_or_default())
    )
}

/// A file that changes often, and what that costs.
struct Busy {
    path: String,
    commits: usize,
    layers: usize,
    heavy: Vec<u32>,
}

struct Report<'r> {
    setting: &'r Setting,
    build: &'r Build<'r, 'r>,
    image: &'r Image,
    sent: Sent,
    /// How many layers the build has.
    layers: usize,
    /// How many commits were looked at, and what they changed; `None` where there is no history.
    history: Option<(usize, Vec<Busy>)>,
}

impl<'r> Report<'r> {
    fn new(setting: &'r Setting, workspace: &Workspace<'_>, build: &'r Build<'r, 'r>) -> Self {
        let image = &*build.project.images()[build.image];
        let directory = &image.context.directory;
        let history = History::of(directory);
        let unwanted = match &history {
            Some(history) => ignored_by_git(directory, history),
            None => Vec::new(),
        };
        let sent = sent(&Disk, image, &unwanted);
        let cost = |path: &str| {
            let changes = Changes {
                files: vec![directory.join(path)],
                ..Changes::default()
            };
            cost(workspace, image, &changes)
        };
        let (_, layers, _) = cost("");
        let history = history.map(|history| {
            let changed = history.changed();
            let mut busy = Vec::new();
            for (path, commits) in changed.files.into_iter().take(MOST_LOOKED_AT) {
                // What changed once tells nothing.
                if commits < 2 || busy.len() == ROWS {
                    break;
                }
                if !directory.join(&path).is_file() {
                    continue;
                }
                let (layers, _, heavy) = cost(&path);
                // What enters no layer costs nothing.
                if layers > 0 {
                    busy.push(Busy {
                        path,
                        commits,
                        layers,
                        heavy,
                    });
                }
            }
            (changed.commits, busy)
        });
        Report {
            setting,
            build,
            image,
            sent,
            layers,
            history,
        }
    }

    fn line(&self, span: Span) -> u32 {
        self.image.dockerfile.tree.source.line_on_disk(span.start) + 1
    }

    fn instruction(&self, span: Span) -> String {
        let text = self
            .image
            .dockerfile
            .tree
            .source
            .slice(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        one_line(&text).chars().take(60).collect()
    }

    /// `.dockerignore:3`.
    fn pattern_place(&self, span: Span) -> String {
        let Some(source) = &self.image.context.ignore_file else {
            return String::new();
        };
        format!(
            "{}:{}",
            self.setting.relative(source.path()),
            source.line_on_disk(span.start) + 1
        )
    }

    fn print(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let Sent {
            all,
            taken,
            whole,
            is_cut,
            ..
        } = &self.sent;
        let relative = |path: &Path| self.setting.relative(path);
        let dockerfile = relative(self.image.dockerfile.tree.source.path());
        out.set_color(ColorSpec::new().set_bold(true))?;
        write!(out, "{}", one_line(&self.build.name))?;
        out.reset()?;
        let ignore_file = self
            .image
            .context
            .ignore_file
            .as_ref()
            .map(|source| relative(source.path()));
        let ignore_file = ignore_file.unwrap_or_else(|| "no .dockerignore".to_owned());
        writeln!(
            out,
            ": context {}, {dockerfile}, {ignore_file}",
            relative(&self.image.context.directory)
        )?;
        match whole {
            Some(copy) => {
                writeln!(
                    out,
                    "{} enter the build: `{}` (line {}) takes all of it",
                    told(*all),
                    self.instruction(*copy),
                    self.line(*copy)
                )?;
            }
            None => {
                writeln!(
                    out,
                    "{} enter the build: what the Dockerfile names, of {} in the context",
                    told(*taken),
                    told(*all)
                )?;
            }
        }
        if *is_cut {
            writeln!(
                out,
                "the tree is larger than this: not all of it was looked at"
            )?;
        }
        self.print_largest(out)?;
        self.print_ignored(out)?;
        self.print_useless(out)?;
        self.print_busy(out)
    }

    fn print_largest(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let is_large = |amount: &Amount| amount.bytes * 50 > self.sent.taken.bytes;
        let rows: Vec<&(String, Amount)> = self
            .sent
            .directories
            .iter()
            .filter(|(_, amount)| is_large(amount))
            .take(ROWS)
            .collect();
        if rows.len() > 1 {
            writeln!(out, "\nlargest directories")?;
            for (path, amount) in rows {
                let name = if path.is_empty() {
                    "files at the top"
                } else {
                    path
                };
                writeln!(
                    out,
                    "  {:>9}  {:>12}  {}",
                    size(amount.bytes),
                    count_of(amount.files),
                    one_line(name)
                )?;
            }
        }
        let large = self
            .sent
            .largest
            .iter()
            .filter(|(_, bytes)| *bytes >= 1_000_000 && *bytes * 50 > self.sent.taken.bytes);
        for (number, (path, bytes)) in large.take(5).enumerate() {
            if number == 0 {
                writeln!(out, "\nlargest files")?;
            }
            writeln!(out, "  {:>9}  {}", size(*bytes), one_line(path))?;
        }
        Ok(())
    }

    fn print_ignored(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let mut rows: Vec<_> = self
            .sent
            .ignored
            .iter()
            .filter(|ignored| ignored.amount.files > 0)
            .collect();
        rows.sort_by_key(|ignored| std::cmp::Reverse(ignored.amount.bytes));
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nkept out")?;
        for ignored in rows.iter().take(ROWS) {
            let Amount { files, bytes } = ignored.amount;
            writeln!(
                out,
                "  {:>9}  {:>12}  {}  {}",
                size(bytes),
                count_of(files),
                self.pattern_place(ignored.span),
                one_line(&ignored.pattern)
            )?;
        }
        if rows.len() > ROWS {
            writeln!(out, "  and by {} more", count(rows.len() - ROWS, "line"))?;
        }
        Ok(())
    }

    fn print_useless(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        if self.sent.useless.is_empty() {
            return Ok(());
        }
        let file = match &self.image.context.ignore_file {
            Some(source) => self.setting.relative(source.path()),
            None => self
                .setting
                .relative(&self.image.context.host(".dockerignore")),
        };
        writeln!(out, "\nworth a line in {file}")?;
        for useless in self.sent.useless.iter().take(ROWS) {
            let Amount { files, bytes } = useless.amount;
            writeln!(
                out,
                "  {:>9}  {:>12}  {}  {}",
                size(bytes),
                count_of(files),
                one_line(&useless.pattern),
                useless.what
            )?;
        }
        Ok(())
    }

    fn print_busy(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let Some((commits, busy)) = &self.history else {
            return Ok(());
        };
        if busy.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\nchanges most often, in the last {}",
            count(*commits, "commit")
        )?;
        let widest = busy
            .iter()
            .map(|busy| busy.path.chars().count())
            .max()
            .unwrap_or(0)
            .min(60);
        for Busy {
            path,
            commits,
            layers,
            heavy,
        } in busy
        {
            let lines: Vec<String> = heavy.iter().map(ToString::to_string).collect();
            let heavy = match lines.as_slice() {
                [] => String::new(),
                [line] => format!(", heavy: line {line}"),
                lines => format!(", heavy: lines {}", lines.join(", ")),
            };
            writeln!(
                out,
                "  {commits:>4}×  {:widest$}  {layers} of {} run again{heavy}",
                one_line(path),
                count(self.layers, "layer")
            )?;
        }
        Ok(())
    }
}

/// How many layers run again, of how many, and the lines of the heavy ones.
fn cost(workspace: &Workspace<'_>, image: &Image, changes: &Changes) -> (usize, usize, Vec<u32>) {
    let found = layers::layers(workspace, image, changes);
    let source = &image.dockerfile.tree.source;
    let (mut again, mut all, mut heavy) = (0, 0, Vec::new());
    for stage in &found.stages {
        for layer in stage
            .layers
            .iter()
            .filter(|layer| layer.verdict != Verdict::NoLayer)
        {
            all += 1;
            if layer.verdict.cause().is_none() {
                continue;
            }
            again += 1;
            let step = layer
                .step
                .map(|step| &found.image.stages[stage.stage].steps[step]);
            let step = step.filter(|step| layers::heavy(step).is_some());
            heavy.extend(step.map(|step| source.line_on_disk(step.span.start) + 1));
        }
    }
    (again, all, heavy)
}

/// `1,234 files, 45 MB`.
fn told(amount: Amount) -> String {
    format!("{}, {}", count_of(amount.files), size(amount.bytes))
}

fn count_of(files: u64) -> String {
    let digits = files.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} file{}", if files == 1 { "" } else { "s" })
}

/// As `docker images` prints it.
#[allow(clippy::cast_precision_loss, reason = "three digits are printed")]
fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 {
            return if value < 9.95 && unit != "B" {
                format!("{value:.1} {unit}")
            } else {
                format!("{value:.0} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}
