//! Whether the tool that restarts a process is there at all.

use std::path::PathBuf;
use std::sync::Arc;

use crate::knowledge::images;
use crate::knowledge::{self, Tool};
use crate::process::Process;
use crate::project::Service;
use crate::project::host_paths;
use crate::repository::manifests::{self, Dependency, Lock};

/// The tool that restarts a process, when nothing installs it: neither the Dockerfile nor a
/// manifest names it.
pub fn missing_tool(service: Service<'_>, process: &Process) -> Option<&'static Tool> {
    let tool = knowledge::tool(process.program?.name)?;
    let image = service.image()?;
    let base = images::name(image.base_image(image.target?)?);
    // A package script or `npx` may find or fetch it elsewhere.
    let is_called_itself = process.chain.iter().all(|step| {
        matches!(
            step.what.as_str(),
            "command" | "CMD" | "ENTRYPOINT" | "entrypoint"
        )
    });
    let is_fetched = process.chain.iter().any(|step| {
        let source = service.project().workspace().sources().get(step.span.file);
        ["npx", "dlx", "bunx", "exec"]
            .iter()
            .any(|word| source.slice(step.span).contains(word))
    });
    if !tool.bases.contains(&base) || !is_called_itself || is_fetched {
        return None;
    }
    let names = |text: &str| tool.packages.iter().any(|package| text.contains(package));
    let dockerfile = image.dockerfile.tree.source.text();
    // Scripts that a RUN calls, packages of the system and whole environments from elsewhere
    // may bring anything.
    let may_bring = [
        ".sh",
        "make ",
        "curl",
        "wget",
        "conda",
        "nix",
        "FROM ghcr",
        "COPY --from=ghcr",
    ];
    let without_command: String = dockerfile
        .lines()
        .filter(|line| !is_command_line(line))
        .collect::<Vec<_>>()
        .join("\n");
    if names(&without_command) || may_bring.iter().any(|word| dockerfile.contains(word)) {
        return None;
    }
    if process
        .side_effects
        .iter()
        .any(|command| command.argv().contains(&"install") || names(&command.argv().join(" ")))
    {
        return None;
    }
    let cwd = host_paths::host_of(service, &process.cwd);
    let starts: Vec<PathBuf> = cwd.into_iter().chain([image.context.host("")]).collect();
    let directories = starts.iter().flat_map(|start| {
        start
            .ancestors()
            .take_while(|above| service.project().owns(above))
    });
    for directory in directories {
        let workspace = service.project().workspace();
        let found = manifests::in_directory(workspace, directory);
        let written = |dependency: &Dependency| {
            let source = workspace.sources().get(dependency.span.file);
            names(&dependency.name) || names(source.slice(dependency.span))
        };
        let is_locked = |lock: &Arc<Lock>| lock.packages().any(names);
        let is_told = |file: &&str| {
            let source = workspace.read(&directory.join(file));
            source.is_ok_and(|source| names(source.text()))
        };
        if found.dependencies().any(written)
            || found.locks.iter().any(is_locked)
            || OTHERS.iter().any(is_told)
        {
            return None;
        }
    }
    Some(tool)
}

/// Files beside the manifests in which people say how a tool is installed.
const OTHERS: [&str; 4] = ["Makefile", "justfile", "mise.toml", "setup.py"];

/// Whether a line of a Dockerfile says what runs in the container.
fn is_command_line(line: &str) -> bool {
    let line = line.trim_start().to_ascii_uppercase();
    ["CMD", "ENTRYPOINT", "#", "HEALTHCHECK"]
        .iter()
        .any(|start| line.starts_with(start))
}
