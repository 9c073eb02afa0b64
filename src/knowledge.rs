//! What is known of the world's tools, as tables: package managers and what they run, read and fill;
//! servers, whether they notice an edit by themselves and how to make them; images; shells; the
//! command lines of Docker.
//!
//! One file an ecosystem. A row makes claims about somebody else's program: `source` says where it
//! can be checked. Nobody else keeps a list of tools: what another room wants to know of one it asks
//! here, so that a new row is known to every reader at once.

mod dart;
pub mod directories;
pub mod docker;
mod dotnet;
mod elixir;
mod go;
pub mod harmless;
pub mod health;
pub mod images;
mod jvm;
pub mod makers;
pub mod manager;
pub mod node;
pub mod noise;
mod others;
pub mod outputs;
pub mod paths;
mod package_manager;
mod php;
pub mod polling;
pub mod ports;
mod program;
pub mod python;
mod recognise;
mod reloaders;
mod ruby;
mod rust;
pub mod schemes;
pub mod shells;
pub mod system;
pub mod tools;
pub mod words;
mod wrapper;
pub mod wrappers;

pub use images::Entry;
pub use manager::{Ecosystem, Manager, manager, manager_of, managers};
pub use polling::{PollingVariable, polling_variable};
pub use program::{Dev, Family, Habit, Imports, Language, Program, Reading, Roots, Sign};
pub use recognise::{BINARY, program, programs, recognise};
pub use reloaders::{Reloader, Rereads, reloader, rereads};
pub use tools::{Tool, tool};
pub use wrapper::Wrapper;
pub use wrappers::{is_assignment, wrapper};

/// The variable with the directories in which uvicorn looks for edits, `:` between them; it reads
/// every option so. Source: uvicorn.dev/settings (`UVICORN_*`), click's handling of paths given
/// more than once.
pub const UVICORN_DIRECTORIES: &str = "UVICORN_RELOAD_DIRS";

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
