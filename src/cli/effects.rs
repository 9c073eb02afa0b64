//! The least action of a chain in words, the same in every command.

use crate::links::{Action, Chain};

/// What makes an edit take effect, in words.
pub(super) fn words(chain: &Chain) -> String {
    let text = match &chain.action {
        Action::None if chain.is_live() => "takes effect by itself",
        Action::None => "this service cannot see it",
        Action::Reload => "send the process a signal to reload",
        Action::Exec(_) => "tell the process to read it again",
        Action::Restart if !chain.is_certain() => {
            "restart the container, unless the process reads it again by itself"
        }
        Action::Restart => "restart the container",
        Action::StopStart => "stop and start the container: `restart` keeps the old text",
        Action::Up => "recreate the container: `restart` is not enough",
        Action::Recreate => "recreate the container",
        Action::Rebuild => {
            "rebuild the image and recreate the container: `restart` keeps the old code"
        }
        Action::RebuildRenew => {
            "rebuild the image and recreate the container and its anonymous volumes"
        }
        Action::DropVolume(_) => "only removing the volume helps (this deletes its data)",
        Action::Refetch => "rebuild the image without its cache",
        Action::DownUp => "take the project down and start it again",
        Action::Unknown => "cannot be told from the files alone",
    };
    match chain.first {
        Some(first) => format!("{}, then {text}", lower_first(first)),
        None => text.to_owned(),
    }
}

fn lower_first(text: &str) -> String {
    let text = text.strip_suffix(" first").unwrap_or(text);
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
