//! `composelint why`: the four links between an edit and the processes of a service, each with file
//! and line.

use std::io;
use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;

use super::arguments::Why;
use super::{Setting, Status, chosen, effects};
use crate::links::{self, Chain, Link, commands};
use crate::project::{Project, Service};
use crate::report::termcolor::{Color, ColorSpec, WriteColor};
use crate::report::{Format, one_line};
use crate::text::{Span, closest};

pub(super) fn run(setting: &Setting, arguments: Why) -> anyhow::Result<Status> {
    let host: Option<PathBuf> = arguments.path.as_deref().map(|path| setting.absolute(path));
    if let Some(missing) = host.as_ref().filter(|path| !path.exists()) {
        bail!("there is no file {}", setting.relative(missing));
    }
    let name = arguments.service;
    let done = chosen::with(setting, None, |_, project| {
        let Some(service) = project.service(&name) else {
            let meant = closest(&name, project.services().map(Service::name))
                .map(|meant| format!("; did you mean `{meant}`?"))
                .unwrap_or_default();
            bail!("there is no service `{}`{meant}", one_line(&name));
        };
        let chains = match &host {
            Some(host) => links::chains(service, host),
            None => links::chains_of_code(service),
        };
        let told = Answer::new(setting, project, service, &chains);
        match setting.format {
            Format::Json => setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &told)?;
                writeln!(out)
            }),
            _ => setting.print(true, |out| told.write(out)),
        }
    })?;
    Ok(if done.is_some() {
        Status::Clean
    } else {
        Status::Failed
    })
}

/// All that is said of one service.
#[derive(Serialize)]
struct Answer {
    service: String,
    /// The files that were read for it.
    files: Vec<String>,
    /// The least action for all ways together.
    action: &'static str,
    effect: String,
    /// What to type, if anything.
    command: Option<String>,
    ways: Vec<Way>,
}

/// A chain as it is printed.
#[derive(Serialize)]
struct Way {
    path: Option<String>,
    process: Option<String>,
    links: Vec<Told>,
    action: &'static str,
    /// The action in words.
    effect: String,
    /// What to type, if anything.
    command: Option<String>,
    /// What `docker compose watch` does while it runs.
    watching: Option<String>,
}

#[derive(Serialize)]
struct Told {
    link: &'static str,
    /// `yes`, `no` or `unknown`
    holds: &'static str,
    because: String,
    place: Option<String>,
}

impl Answer {
    fn new(
        setting: &Setting,
        project: &Project<'_>,
        service: Service<'_>,
        chains: &[Chain],
    ) -> Answer {
        let deciding = links::deciding(chains);
        let files = project.main_files();
        Answer {
            service: service.name().to_owned(),
            files: files.map(|path| setting.relative(path)).collect(),
            action: deciding.map_or("unknown", |chain| chain.action.name()),
            effect: deciding.map(effects::words).unwrap_or_default(),
            command: deciding.and_then(|chain| commands::command_of(service, chain)),
            ways: chains
                .iter()
                .map(|chain| Way::new(setting, project, service, chain))
                .collect(),
        }
    }

    fn write(&self, out: &mut dyn WriteColor) -> io::Result<()> {
        writeln!(
            out,
            "{}\n",
            one_line(&format!("read: {}", self.files.join(", ")))
        )?;
        for way in &self.ways {
            way.write(&self.service, out)?;
        }
        if self.ways.len() > 1 {
            writeln!(
                out,
                "all together => {}",
                told(&self.effect, self.command.as_deref())
            )?;
        }
        Ok(())
    }
}

impl Way {
    fn new(setting: &Setting, project: &Project<'_>, service: Service<'_>, chain: &Chain) -> Way {
        let place = |span: Span| {
            let source = project.workspace().sources().get(span.file);
            let line = source.line_on_disk(span.start) + 1;
            format!("{}:{line}", setting.relative(source.path()))
        };
        let mut links = Vec::new();
        for (name, link) in chain.links() {
            links.push(Told {
                link: name.as_str(),
                holds: match link {
                    Link::Holds(_) => "yes",
                    Link::Broken(..) => "no",
                    Link::Unknown(_) => "unknown",
                },
                because: link.evidence().text.clone(),
                place: link.evidence().span.map(place),
            });
        }
        Way {
            path: chain.host.as_deref().map(|host| setting.relative(host)),
            process: Some(chain.process.clone()).filter(|process| !process.is_empty()),
            links,
            action: chain.action.name(),
            effect: effects::words(chain),
            command: commands::command_of(service, chain),
            watching: chain
                .watching
                .as_ref()
                .map(|watching| watching.text.clone()),
        }
    }

    fn write(&self, service: &str, out: &mut dyn WriteColor) -> io::Result<()> {
        let path = self.path.as_deref().unwrap_or("its code");
        let process = match &self.process {
            Some(process) => format!(", run as `{process}`"),
            None => String::new(),
        };
        let head = format!("{service}: an edit of {path}{process}");
        writeln!(out, "{}", one_line(&head))?;
        for link in &self.links {
            let color = match link.holds {
                "yes" => Color::Green,
                "no" => Color::Red,
                _ => Color::Yellow,
            };
            write!(out, "  {:<11} ", link.link)?;
            out.set_color(ColorSpec::new().set_fg(Some(color)))?;
            write!(out, "{:<8}", link.holds)?;
            out.reset()?;
            let place = match &link.place {
                Some(place) => format!("  ({place})"),
                None => String::new(),
            };
            writeln!(out, "{}", one_line(&format!("{}{place}", link.because)))?;
        }
        if let Some(watching) = &self.watching {
            writeln!(out, "  {:<20}{}", "watch", one_line(watching))?;
        }
        writeln!(
            out,
            "  => {}\n",
            told(&self.effect, self.command.as_deref())
        )
    }
}

fn told(effect: &str, command: Option<&str>) -> String {
    let command = command
        .map(|command| format!(": {command}"))
        .unwrap_or_default();
    format!("{effect}{}", one_line(&command))
}
