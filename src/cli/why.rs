//! `composelint why`: the four links between an edit and the processes of a service, each with file
//! and line.

use std::io;
use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;

use super::arguments::Why;
use super::{Setting, Status, chosen, closest};
use crate::compose::{Mount, MountKind};
use crate::links::{self, Chain, Effect, Holds};
use crate::project::Project;
use crate::report::termcolor::{Color, ColorSpec, WriteColor};
use crate::report::{Format, one_line};
use crate::text::Span;

pub(super) fn run(setting: &Setting, arguments: Why) -> anyhow::Result<Status> {
    let host: Option<PathBuf> = arguments.path.as_deref().map(|path| setting.absolute(path));
    if let Some(missing) = host.as_ref().filter(|path| !path.exists()) {
        bail!("there is no file {}", setting.relative(missing));
    }
    let name = arguments.service;
    let done = chosen::with(setting, None, |_, project| {
        let Some(service) = project.service(&name) else {
            let known = project
                .services()
                .map(|service| service.name().to_owned())
                .collect();
            let meant = closest(&name, known)
                .map(|meant| format!("; did you mean `{meant}`?"))
                .unwrap_or_default();
            bail!("there is no service `{}`{meant}", one_line(&name));
        };
        let chains = links::chains(project, service, host.as_deref());
        let told: Vec<Told> = chains
            .iter()
            .map(|chain| Told::new(setting, project, &name, chain))
            .collect();
        match setting.format {
            Format::Json => setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &told)?;
                writeln!(out)
            }),
            _ => setting.print(true, |out| {
                told.iter().try_for_each(|told| told.write(&name, out))
            }),
        }
    })?;
    Ok(if done.is_some() {
        Status::Clean
    } else {
        Status::Failed
    })
}

/// A chain as it is printed.
#[derive(Serialize)]
struct Told {
    path: Option<String>,
    process: Option<String>,
    links: Vec<ToldLink>,
    /// What makes the edit take effect, in words.
    effect: String,
    /// What to type, if anything.
    command: Option<String>,
}

#[derive(Serialize)]
struct ToldLink {
    link: &'static str,
    /// `yes`, `no` or `unknown`
    holds: &'static str,
    because: String,
    place: Option<String>,
}

impl Told {
    fn new(setting: &Setting, project: &Project<'_>, service: &str, chain: &Chain) -> Told {
        let place = |span: Span| {
            let source = project.workspace().sources().get(span.file);
            format!(
                "{}:{}",
                setting.relative(source.path()),
                source.line_on_disk(span.start) + 1
            )
        };
        let link = |link: &links::Link| ToldLink {
            link: link.name,
            holds: match link.holds {
                Holds::Yes => "yes",
                Holds::No => "no",
                Holds::Unknown => "unknown",
            },
            because: link.text.clone(),
            place: link.span.map(place),
        };
        let is_sure = chain
            .links
            .last()
            .is_none_or(|last| last.holds != Holds::Unknown);
        let (effect, command) = told_effect(project, &chain.effect, service, is_sure);
        Told {
            path: chain.host.as_deref().map(|host| setting.relative(host)),
            process: Some(chain.process.clone()).filter(|process| !process.is_empty()),
            links: chain.links.iter().map(link).collect(),
            effect: effect.to_owned(),
            command,
        }
    }

    fn write(&self, service: &str, out: &mut dyn WriteColor) -> io::Result<()> {
        let path = self.path.as_deref().unwrap_or("its code");
        let process = self
            .process
            .as_deref()
            .map(|process| format!(", run as `{process}`"))
            .unwrap_or_default();
        writeln!(
            out,
            "{}",
            one_line(&format!("{service}: an edit of {path}{process}"))
        )?;
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
            let place = link
                .place
                .as_deref()
                .map(|place| format!("  ({place})"))
                .unwrap_or_default();
            writeln!(out, "{}", one_line(&format!("{}{place}", link.because)))?;
        }
        let command = self
            .command
            .as_deref()
            .map(|command| format!(": {command}"))
            .unwrap_or_default();
        writeln!(out, "  => {}{}\n", self.effect, one_line(&command))
    }
}

/// What makes an edit take effect: in words, and what to type.
fn told_effect(
    project: &Project<'_>,
    effect: &Effect,
    service: &str,
    is_sure: bool,
) -> (&'static str, Option<String>) {
    match effect {
        Effect::Nothing => ("it takes effect by itself", None),
        Effect::Watch => (
            "it takes effect while watch runs",
            Some("docker compose watch".to_owned()),
        ),
        Effect::Restart if !is_sure => (
            "start the process anew, if it does not read it again by itself",
            Some(format!("docker compose restart {service}")),
        ),
        Effect::Restart => (
            "start the process anew",
            Some(format!("docker compose restart {service}")),
        ),
        Effect::Recreate => (
            "make the container anew; `restart` is not enough",
            Some(format!("docker compose up -d {service}")),
        ),
        Effect::MakeOnHost => (
            "compile on the host, then start the process anew",
            Some(format!("docker compose restart {service}")),
        ),
        Effect::Rebuild => (
            "build a new image and make the container anew; `restart` keeps the old code",
            Some(format!(
                "docker compose up -d --build {}",
                with_builders(project, service)
            )),
        ),
        Effect::RemoveVolume(volume) if volume.is_empty() => (
            "renew the anonymous volume",
            Some(format!(
                "docker compose up -d --build --renew-anon-volumes {}",
                with_builders(project, service)
            )),
        ),
        Effect::RemoveVolume(volume) => (
            "nothing short of removing the volume that hides it brings the edit in; its data goes with it",
            without_volume(project, volume),
        ),
        Effect::NoUse => ("this service cannot see it", None),
        Effect::Unknown => ("it cannot be known from the files alone", None),
    }
}

/// A service, and before it the one that builds its image when that is another: `--build` does
/// nothing for an image that is only named.
fn with_builders(project: &Project<'_>, service: &str) -> String {
    let Some(own) = project
        .service(service)
        .filter(|own| own.spec().build.is_none())
    else {
        return service.to_owned();
    };
    let builder = own
        .sharers_of_tag()
        .into_iter()
        .find(|other| other.spec().build.is_some());
    builder.map_or_else(
        || service.to_owned(),
        |builder| format!("{} {service}", builder.name()),
    )
}

/// The commands that make a named volume anew: it goes only when no container has it any more.
fn without_volume(project: &Project<'_>, volume: &str) -> Option<String> {
    let resource = project
        .compose()?
        .volumes
        .iter()
        .find(|resource| resource.name.value == volume)?;
    let name = resource.data.get("name")?.as_str()?;
    let shows = |mount: &Mount| {
        mount.kind == MountKind::Volume
            && mount
                .source
                .as_ref()
                .is_some_and(|source| source.value == volume)
    };
    let users = project
        .services()
        .filter(|service| service.spec().active && service.all_mounts().iter().any(shows));
    let users = users
        .map(|service| service.name())
        .collect::<Vec<&str>>()
        .join(" ");
    Some(format!(
        "docker compose rm --stop --force {users} && docker volume rm {name} && docker compose up -d --build {users}"
    ))
}
