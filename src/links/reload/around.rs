//! What lies around a process that reloads: the tool that does it, the shell before it, files and
//! packages beside its code.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compose::MountKind;
use crate::image::path;
use crate::knowledge;
use crate::knowledge::images;
use crate::knowledge::python;
use crate::knowledge::shells;
use crate::knowledge::{Family, Language, Tool};
use crate::process::{Process, Reload, Step};
use crate::project::Service;
use crate::project::filesystem;
use crate::repository::manifests::{self, Dependency, Lock};
use crate::text::{Source, Span};

/// Files beside the manifests in which people say how a tool is installed.
const OTHERS: [&str; 4] = ["Makefile", "justfile", "mise.toml", "setup.py"];

/// Directories of installed packages.
const PACKAGES: [&str; 5] = ["node_modules", ".venv", "venv", "env", "site-packages"];

/// Endings of files that configure a program.
const CONFIGURATION: [&str; 6] = ["yaml", "yml", "toml", "json", "ini", "env"];

impl<'p> Service<'p> {
    /// The tool that restarts a process, when nothing installs it: neither the Dockerfile nor a
    /// manifest names it.
    pub fn missing_tool(self, process: &Process) -> Option<&'static Tool> {
        let tool = knowledge::tool(process.program?.name)?;
        let image = self.image()?;
        let base = images::name(image.base_image(image.target?)?);
        // A package script or `npx` may find or fetch it elsewhere.
        let is_called_itself = process.chain.iter().all(|step| {
            matches!(
                step.what.as_str(),
                "command" | "CMD" | "ENTRYPOINT" | "entrypoint"
            )
        });
        let is_fetched = process.chain.iter().any(|step| {
            let source = self.project().workspace().sources().get(step.span.file);
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
        let cwd = self.host_of(&process.cwd);
        let starts: Vec<PathBuf> = cwd.into_iter().chain([image.context.host("")]).collect();
        let directories = starts.iter().flat_map(|start| {
            start
                .ancestors()
                .take_while(|above| above.starts_with(self.project().root()))
        });
        for directory in directories {
            let workspace = self.project().workspace();
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

    /// The script whose shell stays as process 1 while it waits for a process that it did not start
    /// with `exec`.
    pub fn shell_that_stays(self, process: &Process) -> Option<&Step> {
        let spec = self.spec();
        let is_told = |key: &str| spec.data.get(key).is_some();
        if is_told("init") || is_told("stop_grace_period") || is_told("stop_signal") {
            return None;
        }
        let start = process.first_word()?;
        let is_shell = shells::is_shell(start);
        let mut scripts = process
            .chain
            .iter()
            .filter(|step| step.what.starts_with("script "));
        let step = scripts.next().filter(|_| scripts.next().is_none())?;
        let source = self.project().workspace().sources().get(step.span.file);
        if process.written_at.file != step.span.file
            || !(is_shell || start.ends_with(knowledge::file_name(source.path().to_str()?)))
        {
            return None;
        }
        // The last command of the script, from its own first word.
        let line_start = source.text()[..process.written_at.start as usize]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let before = &source.text()[line_start..process.written_at.start as usize];
        let hands_over =
            before.split_whitespace().any(|word| word == "exec") || source.text().contains("trap ");
        (!hands_over && !before.trim_end().ends_with('\\')).then_some(step)
    }

    /// Installed packages on the host that the reloader of a process watches: where they lie, in
    /// the container, and the mount.
    pub fn watched_packages(self, process: &Process) -> Option<(PathBuf, String, usize)> {
        let watches_names = python::WATCH_PACKAGES.contains(&process.program?.name);
        let files = self.project().workspace().files();
        for root in process.watch_roots().filter(|_| watches_names)? {
            for name in PACKAGES {
                let container = path::join(&root, name);
                let seen = filesystem::seen(self.mounts(), &container);
                if let Some(seen) = seen.filter(|seen| files.is_directory(&seen.host)) {
                    return Some((seen.host, container, seen.mount));
                }
            }
        }
        None
    }

    /// A file of configuration that the code names, that is mounted, and for which the process does
    /// not reload.
    pub fn unwatched_file(self, process: &Process) -> Option<(PathBuf, Span)> {
        let watches = process.program?.watches;
        let is_read_as_it_is = matches!(
            process.language(),
            Some(Language::Python | Language::JavaScript)
        );
        if watches.is_empty()
            || !is_read_as_it_is
            || !matches!(process.reload, Reload::Yes { .. })
            || self.asks_for_more(process)
        {
            return None;
        }
        let files = self.project().workspace().files();
        let directory = filesystem::seen(self.mounts(), &process.cwd)?.host;
        let ending = |name: &str| {
            Path::new(name)
                .extension()
                .and_then(|ending| ending.to_str())
                .map(str::to_owned)
        };
        let is_watched = |name: &str| {
            watches
                .iter()
                .any(|pattern| ending(pattern) == ending(name))
        };
        let is_code = |file: &Path| {
            let name = file.to_string_lossy();
            is_watched(&name) && !name.contains("test")
        };
        for code in files
            .walk(&directory)
            .into_iter()
            .filter(|file| is_code(file))
            .take(200)
        {
            let Ok(source) = self.project().workspace().read(&code) else {
                continue;
            };
            for (at, name) in quoted(&source) {
                let is_configuration =
                    ending(name).is_some_and(|ending| CONFIGURATION.contains(&ending.as_str()));
                let host = directory.join(name);
                if is_configuration
                    && !is_watched(name)
                    && !name.starts_with('/')
                    && files.is_file(&host)
                {
                    return Some((crate::files::clean(&host), source.span(at..at + name.len())));
                }
            }
        }
        None
    }

    /// Whether a process is told to watch other files than it does by itself.
    fn asks_for_more(self, process: &Process) -> bool {
        let flags = [
            "--reload-include",
            "--ext",
            "-e",
            "--watch",
            "-w",
            "--config",
            "--exec",
        ];
        let beside = ["nodemon.json", "nodemon.config.js"];
        let has_file = || {
            beside
                .iter()
                .any(|name| self.host_of(&path::join(&process.cwd, name)).is_some())
        };
        process
            .words()
            .iter()
            .any(|word| flags.iter().any(|flag| word.starts_with(flag)))
            || has_file()
    }

    /// Where an ini file tells OPcache not to look at time stamps.
    pub fn opcache_without_timestamps(self, process: &Process) -> Option<Span> {
        let is_server = process
            .program
            .is_some_and(|program| program.family == Family::Server);
        if process.language() != Some(Language::Php) || !is_server {
            return None;
        }
        let is_ini = |container: &str| container.contains("/php") && container.ends_with(".ini");
        let mut found: Vec<PathBuf> = Vec::new();
        if let Some(image) = self.image() {
            let mounts = self.mounts();
            let visible = |container: &str| filesystem::covering(mounts, container).is_none();
            let baked = image.baked().iter().filter(|baked| {
                !baked.is_directory && is_ini(&baked.container) && visible(&baked.container)
            });
            found.extend(baked.map(|baked| baked.host.clone()));
        }
        let binds = self
            .mounts()
            .iter()
            .filter(|mount| mount.kind == MountKind::Bind && is_ini(&mount.target.value));
        found.extend(binds.filter_map(|mount| Some(PathBuf::from(&mount.source.as_ref()?.value))));
        let sources: Vec<Source> = found
            .iter()
            .filter_map(|host| self.project().workspace().read(host).ok())
            .collect();
        let setting = |name: &str| {
            sources.iter().rev().find_map(|source| {
                let mut start = 0;
                source.text().split_inclusive('\n').find_map(|line| {
                    let at = start;
                    start += line.len();
                    let (key, value) =
                        line.split_once('=').filter(|(key, _)| key.trim() == name)?;
                    let value = value
                        .split(';')
                        .next()
                        .unwrap_or_default()
                        .trim()
                        .trim_matches('"')
                        .to_owned();
                    Some((
                        value,
                        source
                            .span(at..at + key.len() + 1 + line[key.len() + 1..].trim_end().len()),
                    ))
                })
            })
        };
        let value_of = |written: &str| match written
            .strip_prefix("${")
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) => process
                .variable(name.split(":-").next().unwrap_or(name))
                .flatten()
                .map(str::to_owned),
            None => Some(written.to_owned()),
        };
        let is_off = |value: &str| {
            matches!(
                value.to_ascii_lowercase().as_str(),
                "0" | "off" | "false" | "no"
            )
        };
        let switched_off = setting("opcache.enable")
            .and_then(|(value, _)| value_of(&value))
            .is_some_and(|value| is_off(&value));
        let (value, at) = setting("opcache.validate_timestamps").filter(|_| !switched_off)?;
        value_of(&value)
            .is_some_and(|value| is_off(&value))
            .then_some(at)
    }
}

/// Whether a line of a Dockerfile says what runs in the container.
fn is_command_line(line: &str) -> bool {
    let line = line.trim_start().to_ascii_uppercase();
    ["CMD", "ENTRYPOINT", "#", "HEALTHCHECK"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// The quoted texts of a source that may be names of files, with where they stand.
fn quoted(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    source
        .text()
        .split_inclusive(['"', '\''])
        .map(move |part| {
            let at = start;
            start += part.len();
            (at, &part[..part.len().saturating_sub(1)])
        })
        .filter(|(_, name)| {
            name.len() < 80 && name.contains('.') && !name.contains(|c: char| c.is_whitespace())
        })
}
