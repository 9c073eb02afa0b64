//! The packages of the project that a process imports as they were installed, not as their files are
//! now.

use std::path::{Path, PathBuf};

use crate::image::{Action, Ecosystem, Image, Install, Step, path};
use crate::knowledge::{Imports, Language};
use crate::process::{Process, Reads};
use crate::project::Service;
use crate::project::host_paths;
use crate::text::Span;

/// A package of the project that a process imports as it was installed, not as its files are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledCopy {
    /// The command in a RUN that installs it.
    pub install: Span,
    /// Its name, as it is imported.
    pub package: String,
    /// The directory on the host that its modules lie in: what would have to be on `PYTHONPATH`.
    pub root: PathBuf,
    /// Where a mount shows that directory in the container; `None` when none does.
    pub shown_at: Option<String>,
    /// Why that copy is taken, a clause.
    pub why: &'static str,
}

/// The packages of the project that a Python process imports from where they were installed, so
/// that it does not see their files. Empty as well where it cannot be known.
pub fn of(service: Service<'_>, process: &Process) -> Vec<InstalledCopy> {
    let is_python = process.language() == Some(Language::Python);
    let Some(image) = service.image().filter(|_| is_python) else {
        return Vec::new();
    };
    // `pip install -e .` at the start replaces the copy with a reference.
    let installs_at_start = |argv: &[&str]| {
        argv.contains(&"install") || argv.contains(&"sync") || argv.contains(&"develop")
    };
    if process
        .side_effects
        .iter()
        .any(|command| installs_at_start(&command.argv()))
    {
        return Vec::new();
    }
    let packages = local_packages(service, image);
    let is_editable = |root: &Path| {
        packages
            .iter()
            .any(|package| package.editable && package.root == root)
    };
    let copies = packages
        .iter()
        .filter(|package| !package.editable && !is_editable(&package.root));
    copies
        .filter_map(|package| copy_of(service, process, package))
        .collect()
}

/// The directories on the host of those packages of the project of which the image holds only a
/// reference, each with the command that installs it.
pub fn editable_packages(service: Service<'_>) -> Vec<(PathBuf, Span)> {
    let packages = service
        .image()
        .map(|image| local_packages(service, image))
        .unwrap_or_default();
    packages
        .into_iter()
        .filter(|package| package.editable)
        .map(|package| (package.root, package.install.command))
        .collect()
}

fn copy_of(service: Service<'_>, process: &Process, package: &Local<'_>) -> Option<InstalledCopy> {
    let shown_at = host_paths::shown_at(service, &package.root);
    if has_on_path(service, process, &package.root)? {
        return None;
    }
    let program = process.program?;
    let starts_in_directory =
        program.imports == Imports::WorkingDirectory || process.name().starts_with("python");
    let is_beside = |name: &str| {
        let at = path::join(&process.cwd, name);
        let host = host_paths::host_of(service, &at)
            .or_else(|| host_paths::host_of(service, &format!("{at}.py")));
        host.is_some_and(|host| host.starts_with(&package.root))
    };
    let (name, why) = match &process.reads {
        Reads::Package(name) if package.names.contains(name) => (name.clone(), CONSOLE_SCRIPT),
        Reads::Package(_) => (package.names.first()?.clone(), OTHER_PACKAGE),
        Reads::Source => {
            let asked =
                modules(process).find(|name| package.names.iter().any(|known| known == name));
            match asked {
                Some(name) if starts_in_directory && !is_beside(name) && package.in_src => {
                    (name.to_owned(), SRC_LAYOUT)
                }
                Some(name) if starts_in_directory && !is_beside(name) => {
                    (name.to_owned(), ELSEWHERE)
                }
                Some(_) => return None,
                // Code of its own that is named by a path imports nobody knows what.
                None if host_paths::host_of(service, &process.cwd)?
                    .starts_with(&package.directory) =>
                {
                    return None;
                }
                None if package.names.iter().any(|name| is_beside(name)) => return None,
                None => (package.names.first()?.clone(), OTHER_PACKAGE),
            }
        }
        _ => return None,
    };
    Some(InstalledCopy {
        install: package.install.command,
        package: name,
        root: package.root.clone(),
        shown_at,
        why,
    })
}

/// Whether something puts a directory of the host before what is installed; `None` when that
/// cannot be known.
fn has_on_path(service: Service<'_>, process: &Process, root: &Path) -> Option<bool> {
    let words = process.words();
    let valued = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "--app-dir" | "--pythonpath" | "--chdir"))
        .map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| {
        let (name, value) = word.split_once('=')?;
        matches!(name, "--app-dir" | "--pythonpath" | "--chdir").then_some(value)
    });
    let variable = process
        .variable("PYTHONPATH")
        .map_or(Some(""), |value| value)?;
    let shows = |entry: &str| {
        host_paths::host_of(service, &path::join(&process.cwd, entry))
            .is_some_and(|host| host == root)
    };
    let entries = variable.split(':').filter(|entry| !entry.is_empty());
    Some(entries.chain(valued).chain(joined).any(shows))
}

/// The packages of the project that the image's build installs.
fn local_packages<'p>(service: Service<'p>, image: &'p Image) -> Vec<Local<'p>> {
    let files = service.project().workspace().files();
    let mut found = Vec::new();
    for (step, install) in python_installs(image) {
        let visible = image.seen_by(step);
        let host_of = |container: &str| {
            visible.iter().find_map(|seen| {
                let rest = path::below(container, &seen.container)?;
                Some(crate::files::clean(&seen.host.join(rest)))
            })
        };
        for package in &install.packages {
            let directory = match (package.path.starts_with('/'), &install.directory) {
                (true, _) => path::join("/", &package.path),
                (false, Some(directory)) => path::join(directory, &package.path),
                (false, None) => continue,
            };
            let Some(host) = host_of(&directory).filter(|host| service.project().owns(host)) else {
                continue;
            };
            let is_package = ["pyproject.toml", "setup.py", "setup.cfg"]
                .iter()
                .any(|name| files.is_file(&host.join(name)));
            let modules = |root: &Path| {
                let entries = files.list(root);
                let is_module = |name: &str| files.is_file(&root.join(name).join("__init__.py"));
                let names = entries
                    .iter()
                    .filter(|entry| entry.is_directory && is_module(&entry.name));
                names
                    .map(|entry| entry.name.clone())
                    .collect::<Vec<String>>()
            };
            let src = host.join("src");
            let in_src = !files.is_file(&src.join("__init__.py")) && !modules(&src).is_empty();
            let root = if in_src { src } else { host.clone() };
            let names = modules(&root);
            if is_package && !names.is_empty() {
                found.push(Local {
                    install,
                    directory: host,
                    root,
                    names,
                    in_src,
                    editable: package.editable,
                });
            }
        }
    }
    found
}

/// A package of the project, as a build installs it.
struct Local<'i> {
    install: &'i Install,
    /// The directory of its manifest on the host.
    directory: PathBuf,
    /// The directory on the host that its modules lie in.
    root: PathBuf,
    /// The names that can be imported.
    names: Vec<String>,
    in_src: bool,
    editable: bool,
}

/// The installs of Python packages in the stages that the image is made from.
fn python_installs(image: &Image) -> impl Iterator<Item = (&Step, &Install)> {
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    steps.flat_map(|step| {
        let installs = match &step.action {
            Action::Run(run) => run.installs.as_slice(),
            _ => &[],
        };
        installs
            .iter()
            .filter(|install| install.ecosystem == Ecosystem::Python)
            .map(move |install| (step, install))
    })
}

/// The top modules that the words of a command may name: `app` of `app.main:app` and of
/// `-A app.worker`.
fn modules(process: &Process) -> impl Iterator<Item = &str> {
    let words = process.argv.iter().skip(1).map(|word| word.text.as_str());
    words
        .filter(|word| !word.contains('/') && !word.starts_with('-'))
        .map(|word| word.split(['.', ':']).next().unwrap_or_default())
}

const SRC_LAYOUT: &str = "its modules lie in `src`, where nothing looks for them";

const ELSEWHERE: &str = "the process starts in a directory without it, and finds that copy";

const CONSOLE_SCRIPT: &str = "the command was installed with the package, and imports that copy";

const OTHER_PACKAGE: &str =
    "it was copied when it was installed; with `-e` only a reference would have been";

#[cfg(test)]
mod tests;
