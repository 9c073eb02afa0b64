//! How an edit takes effect: the four links between a path of the host and a process, each with its
//! proof, and the least action.
//!
//! The edit *arrives* in the container, nothing hides it there so that it is *visible*, the process
//! *reads* that copy, and something makes it *read again*. There is one answer for a service and a
//! path: [`chains`]. Whoever prints, judges or plans reads it.

use std::path::{Path, PathBuf};

use crate::compose::Mount;
use crate::process::Process;
use crate::project::filesystem::Arrival;
use crate::project::{Project, Service};

mod action;
mod chain;
mod hidden;
mod inputs;
mod read;
mod read_again;
mod siblings;
mod variables;
mod watching;
mod way;
mod ways;

pub mod bringing;
pub mod code_origin;
pub mod commands;
pub mod compose_watch;
pub mod installed_copies;
pub mod reload;
pub mod replaced_command;
pub mod staying;
pub mod verdict;

pub use action::Action;
pub use chain::{Cause, Chain, Evidence, Link, LinkName, Watching};

/// The chains of an edit of a path: one for each way in and each process that reads it.
pub fn chains(service: Service<'_>, host: &Path) -> Vec<Chain> {
    let project = service.project();
    let mut chains: Vec<Chain> = inputs::chain(project, service, host).into_iter().collect();
    let is_input = !chains.is_empty();
    let place = Place::new(service);
    for process in service.processes() {
        for chain in place.chains(process, host) {
            // Where Docker itself reads the file, a copy in the image that nobody names is no way.
            let is_way = if is_input {
                chain.arrives.holds()
            } else {
                chains.is_empty() || chain.arrives.cause() != Some(Cause::NotBrought)
            };
            if is_way && !chains.contains(&chain) {
                chains.push(chain);
            }
        }
    }
    chains
}

/// The chains of an edit of a service's code.
pub fn chains_of_code(service: Service<'_>) -> Vec<Chain> {
    let place = Place::new(service);
    let mut chains: Vec<Chain> = Vec::new();
    for process in service.processes() {
        let code = code_of(service, process);
        if code.is_empty() {
            chains.push(without_code(process));
        }
        for host in code {
            for chain in place.chains(process, &host) {
                if !chains.contains(&chain) {
                    chains.push(chain);
                }
            }
        }
    }
    chains
}

/// The chain that decides: that with the dearest action. One that is not known decides only where
/// nothing else needs anything.
pub fn deciding(chains: &[Chain]) -> Option<&Chain> {
    let known = chains
        .iter()
        .filter(|chain| chain.action != Action::Unknown);
    let dearest = known.max_by(|one, other| {
        // Of equals the first is kept: `max_by` takes the last.
        let order = one.action.cmp(&other.action);
        order.then(std::cmp::Ordering::Greater)
    });
    let unknown = chains.iter().find(|chain| chain.action == Action::Unknown);
    match (dearest, unknown) {
        (Some(chain), Some(unknown)) if chain.action == Action::None => Some(unknown),
        (Some(chain), _) => Some(chain),
        (None, unknown) => unknown,
    }
}

/// The directories and files of the host that hold the code of a process: what the image has copies
/// of, what is mounted where it works, and what was compiled to what it runs.
pub fn code_of(service: Service<'_>, process: &Process) -> Vec<PathBuf> {
    let mut code: Vec<PathBuf> = Vec::new();
    for part in bringing::parts_read_by(service, process) {
        if part.census.is_empty() {
            continue;
        }
        code.push(part.baked.host.clone());
        if let Arrival::PartlyMounted(mounts) = &part.arrival {
            for mount in mounts {
                let source = service.mounts()[*mount].source.as_ref();
                code.extend(source.map(|source| PathBuf::from(&source.value)));
            }
        }
    }
    if code.is_empty() {
        let mounts = bringing::mounts_of_code(service, process).into_iter();
        code.extend(mounts.map(|(_, host)| host));
    }
    if code.is_empty() {
        code.extend(made_from(service, process));
    }
    code.dedup();
    code
}

/// The directories of the host from which another stage made what a process runs or serves.
fn made_from(service: Service<'_>, process: &Process) -> Vec<PathBuf> {
    let Some(image) = service.image() else {
        return Vec::new();
    };
    let files = service.project().workspace().files();
    let runs = code_origin::compiled_artefact(service, process);
    let mut found = Vec::new();
    for made in image.artefacts() {
        let is_run = runs.is_some_and(|runs| std::ptr::eq(runs, made));
        let container = made.container.as_deref();
        let is_read = container.is_some_and(|at| bringing::reads_at(process, at));
        let is_served = process.is_static_server() && !made.is_dependencies;
        if !(is_run || is_read && !made.is_dependencies || is_served) {
            continue;
        }
        for input in made.inputs.iter() {
            let has_code = !image.context.census(files, &input.host).is_empty();
            if has_code && !found.contains(&input.host) {
                found.push(input.host.clone());
            }
        }
    }
    found
}

fn without_code(process: &Process) -> Chain {
    let at = Some(process.written_at);
    let (arrives, action) = match &process.unknown {
        Some(reason) => {
            let text = format!("it is not known what runs: {reason}");
            (Link::unknown(text, at), Action::Unknown)
        }
        None => {
            let text = "it runs no code of the project";
            (Link::yes(text, at), Action::None)
        }
    };
    Chain {
        host: None,
        process: process.words().join(" "),
        container: None,
        arrives,
        visible: None,
        read: None,
        read_again: None,
        action,
        first: None,
        owners: Vec::new(),
        watching: None,
    }
}

/// Where edits are followed to.
struct Place<'p> {
    project: &'p Project<'p>,
    service: Service<'p>,
    /// All that lies over the image.
    mounts: &'p [Mount],
}

impl<'p> Place<'p> {
    fn new(service: Service<'p>) -> Self {
        Place {
            project: service.project(),
            service,
            mounts: service.mounts(),
        }
    }

    fn chains(&self, process: &Process, host: &Path) -> Vec<Chain> {
        let mut chains = Vec::new();
        for way in self.ways(process, host) {
            let mut chain = self.follow(process, host, &way);
            chain.watching = self.watching(process, host, &chain);
            chains.push(chain);
        }
        chains
    }

    fn follow(&self, process: &Process, host: &Path, way: &way::Way) -> Chain {
        let mut chain = Chain {
            host: Some(host.to_path_buf()),
            process: process.words().join(" "),
            container: way.container.clone(),
            arrives: way.arrives.clone(),
            visible: way.hidden.clone(),
            read: None,
            read_again: None,
            action: way.action.clone(),
            first: None,
            owners: way.owners.clone(),
            watching: None,
        };
        if chain.visible.is_some() || !chain.arrives.holds() {
            return chain;
        }
        let at = way.container.as_deref().unwrap_or_default();
        chain.visible = Some(Link::yes(format!("nothing lies over {at}"), None));
        let read = self.read(process, host, way);
        let goes_on = read.link.holds();
        chain.read = Some(read.link);
        chain.first = read.first;
        chain.action = chain.action.max(read.action);
        if goes_on {
            let (again, action) = self.read_again(process, host, way);
            chain.read_again = Some(again);
            chain.action = chain.action.max(action);
        }
        chain
    }
}

#[cfg(test)]
mod tests;
