//! The four links between an edit on the host and a running process, each with its proof: the edit
//! arrives in the container, nothing hides it there, the process reads that copy, and something
//! makes it read it again.

use std::path::{Path, PathBuf};

use crate::compose::Mount;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::text::Span;

mod arrival;
pub mod bringing;
pub mod code_origin;
pub mod compose_watch;
mod inputs;
mod reading;
pub mod reload;
pub mod replaced_command;
mod variables;

/// Whether a link holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not: an edit gets no further.
    No,
    /// It cannot be known.
    Unknown,
}

/// One of the four links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `arrives`, `visible`, `read` or `read again`.
    pub name: &'static str,
    /// Whether it holds.
    pub holds: Holds,
    /// What shows it, a clause.
    pub text: String,
    /// Where that is written, if anywhere.
    pub span: Option<Span>,
}

/// The way of an edit to one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What is edited: a file or directory of the host; `None` where the service has no code of the
    /// project.
    pub host: Option<PathBuf>,
    /// The process, as its command line; empty where it is not known.
    pub process: String,
    /// The links, in order, up to the first that does not hold.
    pub links: Vec<Link>,
    /// The least that makes an edit take effect.
    pub effect: Effect,
}

/// The least that makes an edit take effect, the cheapest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing needs to be done.
    Nothing,
    /// It takes effect while `docker compose watch` runs.
    Watch,
    /// `docker compose restart`
    Restart,
    /// `docker compose up -d`: the container is made anew.
    Recreate,
    /// Something on the host must be made anew, and the process started anew.
    MakeOnHost,
    /// `docker compose up -d --build`
    Rebuild,
    /// A named volume must go first: this one.
    RemoveVolume(String),
    /// No service can see it.
    NoUse,
    /// It cannot be known.
    Unknown,
}

/// The ways of an edit of a path to the processes of a service; without a path, of its code.
pub fn chains(project: &Project<'_>, service: Service<'_>, host: Option<&Path>) -> Vec<Chain> {
    if let Some(host) = host
        && let Some(chain) = inputs::chain(project, service, host)
    {
        return vec![chain];
    }
    let place = Place {
        project,
        service,
        mounts: service.all_mounts(),
    };
    let mut chains: Vec<Chain> = Vec::new();
    for process in service.processes() {
        let code = match host {
            Some(host) => vec![host.to_path_buf()],
            None => code_of(service, process),
        };
        if code.is_empty() {
            chains.push(without_code(process));
        }
        chains.extend(code.into_iter().map(|host| place.chain(process, host)));
    }
    chains.dedup();
    chains
}

/// The directories and files of the host that hold the code of a process: what the image has copies
/// of, and what is mounted where it works.
pub fn code_of(service: Service<'_>, process: &Process) -> Vec<PathBuf> {
    let parts = service
        .parts_read_by(process)
        .into_iter()
        .filter(|part| !part.census.is_empty());
    let mut code: Vec<PathBuf> = parts.map(|part| part.baked.host.clone()).collect();
    if code.is_empty() && service.bringer(process).is_some() {
        code.extend(
            service
                .mounts_of_code(process)
                .into_iter()
                .map(|(_, host)| host),
        );
    }
    code.dedup();
    code
}

fn without_code(process: &Process) -> Chain {
    let (holds, text) = match &process.unknown {
        Some(reason) => (
            Holds::Unknown,
            format!("it is not known what runs: {reason}"),
        ),
        None => (Holds::Yes, "it runs no code of the project".to_owned()),
    };
    let effect = if holds == Holds::Unknown {
        Effect::Unknown
    } else {
        Effect::Nothing
    };
    let links = vec![Link {
        name: "arrives",
        holds,
        text,
        span: Some(process.written_at),
    }];
    Chain {
        host: None,
        process: process.words().join(" "),
        links,
        effect,
    }
}

/// Where edits are followed to.
struct Place<'p> {
    project: &'p Project<'p>,
    service: Service<'p>,
    /// All that lies over the image.
    mounts: Vec<Mount>,
}

impl<'p> Place<'p> {
    fn chain(&self, process: &Process, host: PathBuf) -> Chain {
        let mut links = Vec::new();
        let arrival = self.arrival(process, &host);
        let mut effect = arrival.effect.clone();
        links.push(arrival.link);
        if let Some(hidden) = arrival.hidden {
            links.push(hidden);
        } else if links[0].holds == Holds::Yes {
            let at = arrival.container.as_deref().unwrap_or_default();
            let text = match arrival.is_file {
                true => format!(
                    "nothing lies over {at}; a file that is mounted by itself stays the old one when an editor replaces it"
                ),
                false => format!("nothing lies over {at}"),
            };
            links.push(Link {
                name: "visible",
                holds: Holds::Yes,
                text,
                span: None,
            });
            let (read, by_reading) = self.read(process, &host, arrival.container.as_deref());
            let goes_on = read.holds == Holds::Yes;
            links.push(read);
            effect = effect.max(by_reading);
            if goes_on {
                let (again, by_reload) = match arrival.restarts {
                    true => {
                        let text = "the process starts anew with it".to_owned();
                        (
                            Link {
                                name: "read again",
                                holds: Holds::Yes,
                                text,
                                span: None,
                            },
                            Effect::Nothing,
                        )
                    }
                    false => self.read_again(
                        process,
                        &host,
                        &arrival.container.unwrap_or_default(),
                        arrival.is_file,
                    ),
                };
                links.push(again);
                effect = effect.max(by_reload);
            }
        }
        Chain {
            host: Some(host),
            process: process.words().join(" "),
            links,
            effect,
        }
    }
}

#[cfg(test)]
mod tests;
