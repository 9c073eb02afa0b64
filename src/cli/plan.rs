//! `composelint plan`: what would start and what not, and what is missing for it, before anything
//! is started.

use std::io;
use std::time::Duration;

use serde::Serialize;

use super::arguments;
use super::chosen;
use super::{Setting, Status, count, effects};
use crate::compose::Condition;
use crate::links::commands::{self, Need};
use crate::links::{Action, Chain};
use crate::plan::{self, Plan};
use crate::project::Project;
use crate::report::termcolor::{Color, ColorSpec, WriteColor};
use crate::report::{Format, one_line};
use crate::startup::{Start, told as time};
use crate::text::Span;

/// Ends with 1 when Docker Compose would refuse to start the project as it is.
pub(super) fn run(setting: &Setting, arguments: arguments::Plan) -> anyhow::Result<Status> {
    let done = chosen::with(setting, arguments.path, |view, project| {
        let Some(plan) = plan::plan(project, view) else {
            return Ok(Status::Clean);
        };
        let told = Told::new(setting, project, &plan);
        match setting.format {
            Format::Json => setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &told)?;
                writeln!(out)
            })?,
            _ => setting.print(true, |out| told.write(out))?,
        }
        Ok(if told.is_refused {
            Status::Findings
        } else {
            Status::Clean
        })
    })?;
    Ok(done.unwrap_or(Status::Failed))
}

/// A plan as it is printed.
#[derive(Serialize)]
struct Told {
    profiles: Vec<String>,
    starting: Vec<String>,
    not_starting: Vec<Off>,
    missing: Vec<Missing>,
    /// Whether Docker Compose would refuse to start it.
    is_refused: bool,
    start: Way,
    edits: Vec<Edit>,
    #[serde(skip)]
    edit_lines: Vec<String>,
    command: String,
    full_command: Option<String>,
}

#[derive(Serialize)]
struct Off {
    service: String,
    profiles: Vec<String>,
    used_by: Vec<User>,
}

#[derive(Serialize)]
struct User {
    service: String,
    /// Whether Docker Compose refuses the project for it.
    breaks: bool,
    place: Option<String>,
}

#[derive(Serialize)]
struct Missing {
    text: String,
    refuses: bool,
    place: Option<String>,
}

/// The critical path.
#[derive(Serialize)]
struct Way {
    /// A lower bound, in seconds, of when the last service starts.
    seconds: f64,
    /// Whether a job must end before, which takes nobody knows how long.
    waits_for_job: bool,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    service: String,
    /// What the next one waits for.
    until: Option<&'static str>,
    /// How long that takes at least.
    seconds: f64,
}

#[derive(Serialize)]
struct Edit {
    service: String,
    /// The least that makes an edit take effect, by its name.
    action: &'static str,
    /// The action in words.
    effect: String,
    /// What to type, if anything.
    command: Option<String>,
    #[serde(skip)]
    chain: Chain,
}

impl Told {
    fn new(setting: &Setting, project: &Project<'_>, plan: &Plan) -> Told {
        let place = |span: Span| {
            let source = project.workspace().sources().get(span.file);
            format!(
                "{}:{}",
                setting.relative(source.path()),
                source.line_on_disk(span.start) + 1
            )
        };
        let user = |user: &plan::User| User {
            service: user.service.clone(),
            breaks: !user.is_optional,
            place: user.span.map(place),
        };
        let off = |off: &plan::Off| Off {
            service: off.service.clone(),
            profiles: off.profiles.clone(),
            used_by: off.users.iter().map(user).collect(),
        };
        let missing = |missing: &plan::Missing| Missing {
            text: missing.text.clone(),
            refuses: missing.refuses,
            place: missing.span.map(place),
        };
        let not_starting: Vec<Off> = plan.off.iter().map(off).collect();
        let missing: Vec<Missing> = plan.missing.iter().map(missing).collect();
        let breaks = not_starting
            .iter()
            .flat_map(|off| &off.used_by)
            .any(|user| user.breaks);
        let edits: Vec<Edit> = plan
            .edits
            .iter()
            .map(|(service, chain)| Edit::new(project, service, chain))
            .collect();
        Told {
            profiles: plan.profiles.clone(),
            starting: plan.starting.clone(),
            is_refused: breaks
                || plan.starting.is_empty()
                || missing.iter().any(|missing| missing.refuses),
            not_starting,
            missing,
            start: Way::new(&plan.critical_path),
            edit_lines: edit_lines(project, &edits),
            edits,
            command: plan.command.clone(),
            full_command: plan.full_command.clone(),
        }
    }

    fn write(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let profiles = match self.profiles.as_slice() {
            [] => String::new(),
            some => format!(
                ", with the {} {}",
                if some.len() == 1 {
                    "profile"
                } else {
                    "profiles"
                },
                some.join(", ")
            ),
        };
        let total = self.starting.len() + self.not_starting.len();
        line(
            out,
            &format!(
                "starts ({} of {total}{profiles}): {}",
                self.starting.len(),
                list(&self.starting)
            ),
        )?;
        let title = |off: &Off| format!("{} (profile {})", off.service, off.profiles.join(" or "));
        let (unused, used): (Vec<&Off>, Vec<&Off>) = self
            .not_starting
            .iter()
            .partition(|off| off.used_by.is_empty());
        for off in used {
            line(out, &format!("does not start: {}", title(off)))?;
            off.used_by
                .iter()
                .try_for_each(|user| user.write(&off.service, out))?;
        }
        if !unused.is_empty() {
            let names: Vec<String> = unused.iter().map(|off| title(off)).collect();
            line(
                out,
                &format!(
                    "does not start, and nothing that starts uses it: {}",
                    names.join(", ")
                ),
            )?;
        }
        for missing in &self.missing {
            let place = missing
                .place
                .as_deref()
                .map(|place| format!(" ({place})"))
                .unwrap_or_default();
            let refuses = if missing.refuses {
                "; Docker Compose refuses the project"
            } else {
                ""
            };
            marked(
                out,
                missing.refuses,
                &format!("{}{refuses}{place}", missing.text),
            )?;
        }
        self.start.write(out)?;
        for text in &self.edit_lines {
            line(out, text)?;
        }
        line(out, &format!("start: {}", self.command))?;
        match &self.full_command {
            Some(command) => line(
                out,
                &format!("start all {}: {command}", count(total, "service")),
            ),
            None => Ok(()),
        }
    }
}

impl User {
    fn write(&self, off: &str, out: &mut dyn WriteColor) -> io::Result<()> {
        let place = self
            .place
            .as_deref()
            .map(|place| format!(" ({place})"))
            .unwrap_or_default();
        match self.breaks {
            true => marked(
                out,
                true,
                &format!(
                    "  {} needs {off}{place}; Docker Compose refuses the project",
                    self.service
                ),
            ),
            false => marked(
                out,
                false,
                &format!("  {} uses {off}{place}: it will not find it", self.service),
            ),
        }
    }
}

impl Way {
    fn new(path: &[Start]) -> Way {
        let step = |(at, start): (usize, &Start)| {
            let wait = path.get(at + 1).and_then(|next| next.waits_for.as_ref());
            Step {
                service: start.service.clone(),
                until: wait.map(|wait| match wait.condition {
                    Condition::Started => "started",
                    Condition::Healthy => "healthy",
                    Condition::Completed => "completed",
                }),
                seconds: wait
                    .map(|wait| wait.takes.as_secs_f64())
                    .unwrap_or_default(),
            }
        };
        Way {
            seconds: path
                .last()
                .map(|last| last.at.as_secs_f64())
                .unwrap_or_default(),
            waits_for_job: path.last().is_some_and(|last| last.after_job),
            steps: path.iter().enumerate().map(step).collect(),
        }
    }

    fn write(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        let duration =
            |seconds: f64| time(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
        if self.steps.len() < 2 {
            return line(out, "longest wait: none, all services start at once");
        }
        let step = |step: &Step| match step.until {
            Some("healthy") => format!(
                "{} (first probe after {})",
                step.service,
                duration(step.seconds)
            ),
            Some("completed") => format!("{} (until it ends)", step.service),
            _ => step.service.clone(),
        };
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        let job = if self.waits_for_job {
            " and the time that jobs take"
        } else {
            ""
        };
        line(
            out,
            &format!(
                "longest wait: {}: at least {}{job}",
                steps.join(" → "),
                duration(self.seconds)
            ),
        )
    }
}

impl Edit {
    fn new(project: &Project<'_>, service: &str, chain: &Chain) -> Edit {
        Edit {
            service: service.to_owned(),
            action: chain.action.name(),
            effect: effects::words(chain),
            command: commands::line(project, &[Need::of(service, chain)]),
            chain: chain.clone(),
        }
    }
}

/// What the edits of several services need, those with one action together.
fn edit_lines(project: &Project<'_>, edits: &[Edit]) -> Vec<String> {
    let mut told: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for edit in edits {
        if told.contains(&edit.effect.as_str()) {
            continue;
        }
        told.push(&edit.effect);
        let alike: Vec<&Edit> = edits
            .iter()
            .filter(|other| other.effect == edit.effect)
            .collect();
        let names: Vec<String> = alike.iter().map(|edit| edit.service.clone()).collect();
        let needs: Vec<Need> = alike
            .iter()
            .map(|edit| Need::of(&edit.service, &edit.chain))
            .collect();
        let what = match commands::line(project, &needs) {
            Some(command) => command,
            None if edit.chain.action == Action::None => edit.effect.clone(),
            None => format!("{}: see `composelint why {}`", edit.effect, edit.service),
        };
        lines.push(format!("edits to {}: {what}", list(&names)));
    }
    lines
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

fn line(out: &mut dyn WriteColor, text: &str) -> io::Result<()> {
    writeln!(out, "{}", one_line(text))
}

/// A line that says what is wrong, in red where nothing starts for it.
fn marked(out: &mut dyn WriteColor, is_fatal: bool, text: &str) -> io::Result<()> {
    out.set_color(ColorSpec::new().set_fg(Some(if is_fatal {
        Color::Red
    } else {
        Color::Yellow
    })))?;
    let indent = text.len() - text.trim_start().len();
    write!(out, "{}! {}", &text[..indent], one_line(text.trim_start()))?;
    out.reset()?;
    writeln!(out)
}
