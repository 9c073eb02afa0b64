//! Whether `command` of a service takes the place of an instruction of the image that would start a
//! process which notices edits.

use crate::compose;
use crate::knowledge::Family;
use crate::knowledge::words;
use crate::links::staying;
use crate::process::{self, DroppedCommand, Process, Reads, Reload};
use crate::project::Service;
use crate::project::container::{self, Setup};
use crate::text::Span;

/// The CMD of a stage for development that would notice edits, where the `command` of the service
/// takes its place with one that does not.
pub fn replaced_reloader(service: Service<'_>) -> Option<Span> {
    let spec = service.spec();
    spec.command.as_ref()?;
    let image = service.image()?;
    let stage = image.selected()?.name.as_deref()?;
    if !is_for_development(stage) || !keeps_a_server(service) {
        return None;
    }
    let without = compose::Service {
        command: None,
        ..spec.clone()
    };
    let setup = Setup {
        service: &without,
        ..service.setup()
    };
    let then = container::facts(setup, service.stated()).processes;
    if then.is_empty() || !then.iter().all(notices) || !are_of_a_kind(service.processes(), &then) {
        return None;
    }
    Some(image.config()?.cmd.invocation()?.span)
}

/// Whether the entrypoint drops what `command:` says.
pub fn dropped_command(service: Service<'_>) -> Option<DroppedCommand> {
    container::with_input(service.setup(), process::dropped_command)
}

/// Whether the name of a stage says that it is for development.
fn is_for_development(stage: &str) -> bool {
    stage.split(['-', '_', '.']).any(words::is_of_development)
}

/// Whether all that runs now is a server that keeps the sources it started with. A worker that
/// shares the image of a server is to run something else than the image says.
fn keeps_a_server(service: Service<'_>) -> bool {
    service.processes().iter().all(|process| {
        let is_server = match process.program.map(|program| program.family) {
            Some(Family::Server) => true,
            Some(Family::Interpreter) => {
                !service.spec().ports.is_empty() || !staying::is_worker(service, process)
            }
            _ => false,
        };
        is_server && process.reload == Reload::None && process.reads == Reads::Source
    })
}

/// Whether no worker takes the place of a server: one beside it shares its stage, but has no use
/// for the command of the server.
fn are_of_a_kind(now: &[Process], then: &[Process]) -> bool {
    let then: Vec<bool> = then.iter().filter_map(is_worker).collect();
    now.iter()
        .filter_map(is_worker)
        .all(|own| then.iter().all(|other| *other == own))
}

/// `None` where the program does not tell.
fn is_worker(process: &Process) -> Option<bool> {
    match process.program?.family {
        Family::Server => Some(false),
        Family::Worker => Some(true),
        _ => None,
    }
}

fn notices(process: &Process) -> bool {
    matches!(
        process.reload,
        Reload::Yes { .. } | Reload::Hot | Reload::PerRequest
    )
}

#[cfg(test)]
mod tests;
