//! Which copy of the code a process reads: the files themselves, a copy that was installed, or
//! something compiled from them.
//!
//! An edit that arrives in the container is of no use when the process reads another copy.

use std::path::{Path, PathBuf};

use crate::compose::MountKind;
use crate::image::{Action, Artefact, Ecosystem, Image, Install, Step, path};
use crate::knowledge;
use crate::knowledge::makers;
use crate::knowledge::{Family, Imports, Language};
use crate::process::{Process, Reads};
use crate::project::Service;
use crate::project::filesystem;
use crate::syntax::shell::Command;
use crate::text::{Source, Span};

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

/// Who makes what a process runs, where that is not the source itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The build of the image.
    Image,
    /// A command that runs before the process, at each start.
    Start(Span),
    /// A process, here or in another container with the same files, that compiles whenever they
    /// change.
    Watcher(Span),
    /// Whoever works on the host: this mount, an index into the service's `mounts`, shows it.
    Host(usize),
    /// It cannot be known.
    Unknown,
}

/// Directories of a path that are looked at; nobody's own path has more.
const MOST_PARTS: usize = 12;

const SRC_LAYOUT: &str = "its modules lie in `src`, where nothing looks for them";
const ELSEWHERE: &str = "the process starts in a directory without it, and finds that copy";
const CONSOLE_SCRIPT: &str = "the command was installed with the package, and imports that copy";
const OTHER_PACKAGE: &str =
    "it was copied when it was installed; with `-e` only a reference would have been";

impl<'p> Service<'p> {
    /// The packages of the project that a Python process imports from where they were installed, so
    /// that it does not see their files. Empty as well where it cannot be known.
    pub fn installed_copies(self, process: &Process) -> Vec<InstalledCopy> {
        let is_python = process.language() == Some(Language::Python);
        let Some(image) = self.image().filter(|_| is_python) else {
            return Vec::new();
        };
        // `pip install -e .` at the start puts a reference in the place of the copy.
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
        let packages = self.local_packages(image);
        let is_editable = |root: &Path| {
            packages
                .iter()
                .any(|package| package.editable && package.root == root)
        };
        let copies = packages
            .iter()
            .filter(|package| !package.editable && !is_editable(&package.root));
        copies
            .filter_map(|package| self.copy_of(process, package))
            .collect()
    }

    fn copy_of(self, process: &Process, package: &Local<'_>) -> Option<InstalledCopy> {
        let shown_at = self.shown_at(&package.root);
        if self.has_on_path(process, &package.root)? {
            return None;
        }
        let program = process.program?;
        let starts_in_directory =
            program.imports == Imports::WorkingDirectory || process.name().starts_with("python");
        let is_beside = |name: &str| {
            let at = path::join(&process.cwd, name);
            let host = self
                .host_of(&at)
                .or_else(|| self.host_of(&format!("{at}.py")));
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
                    None if self.host_of(&process.cwd)?.starts_with(&package.directory) => {
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
    fn has_on_path(self, process: &Process, root: &Path) -> Option<bool> {
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
            self.host_of(&path::join(&process.cwd, entry))
                .is_some_and(|host| host == root)
        };
        let entries = variable.split(':').filter(|entry| !entry.is_empty());
        Some(entries.chain(valued).chain(joined).any(shows))
    }

    /// The directories on the host of those packages of the project of which the image holds only a
    /// reference, each with the command that installs it.
    pub fn editable_packages(self) -> Vec<(PathBuf, Span)> {
        let packages = self
            .image()
            .map(|image| self.local_packages(image))
            .unwrap_or_default();
        packages
            .into_iter()
            .filter(|package| package.editable)
            .map(|package| (package.root, package.install.command))
            .collect()
    }

    /// The packages of the project that the image's build installs.
    fn local_packages(self, image: &'p Image) -> Vec<Local<'p>> {
        let files = self.project().workspace().files();
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
                let Some(host) =
                    host_of(&directory).filter(|host| host.starts_with(self.project().root()))
                else {
                    continue;
                };
                let is_package = ["pyproject.toml", "setup.py", "setup.cfg"]
                    .iter()
                    .any(|name| files.is_file(&host.join(name)));
                let modules = |root: &Path| {
                    let entries = files.list(root);
                    let is_module =
                        |name: &str| files.is_file(&root.join(name).join("__init__.py"));
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

    /// The host path of what lies at a path of the container: through a mount, or as the copy's
    /// original.
    pub fn host_of(self, container: &str) -> Option<PathBuf> {
        let files = self.project().workspace().files();
        let mounts = self.mounts();
        if filesystem::covering(mounts, container).is_some() {
            return filesystem::seen(mounts, container)
                .map(|seen| seen.host)
                .filter(|host| files.exists(host));
        }
        let copies = self.image()?.baked().iter().rev().filter_map(|baked| {
            let rest = path::below(container, &baked.container)?;
            (rest.is_empty() || baked.is_directory)
                .then(|| crate::files::clean(&baked.host.join(rest)))
        });
        copies.into_iter().find(|host| files.exists(host))
    }

    /// Where a bind mount shows a path of the host in the container, and nothing lies over it
    /// there.
    pub fn shown_at(self, host: &Path) -> Option<String> {
        let mounts = self.mounts();
        mounts.iter().enumerate().find_map(|(at, mount)| {
            let source = mount
                .source
                .as_ref()
                .filter(|source| mount.kind == MountKind::Bind && !source.origin.is_unknown())?;
            let rest = host.strip_prefix(&source.value).ok()?.to_str()?;
            let container = path::join(&mount.target.value, rest);
            (filesystem::covering(mounts, &container) == Some(at)).then_some(container)
        })
    }

    /// Who makes what a process runs; `None` when it reads the sources.
    pub fn maker(self, process: &Process) -> Option<Maker> {
        let Reads::Artifact(artifact) = &process.reads else {
            return None;
        };
        if let Some(command) = process
            .side_effects
            .iter()
            .rev()
            .find(|command| compiles(&command.argv()))
        {
            return Some(Maker::Start(command.span));
        }
        let mounts = self.mounts();
        let Some(covering) = filesystem::covering(mounts, artifact) else {
            return Some(if self.image().is_some() {
                Maker::Image
            } else {
                Maker::Unknown
            });
        };
        let Some(seen) = filesystem::seen(mounts, artifact) else {
            return Some(Maker::Unknown);
        };
        for other in self.project().services() {
            // Another container compiles for this one where it sees the same files.
            let shares = other.name() == self.name() || other.shown_at(&seen.host).is_some();
            let watcher = other
                .processes()
                .iter()
                .find(|other| compiles_on_change(other))
                .filter(|_| shares);
            if let Some(watcher) = watcher {
                return Some(Maker::Watcher(watcher.written_at));
            }
        }
        Some(Maker::Host(covering))
    }

    /// The `package.json` of the package that an artefact was made from: the one in the build
    /// context whose directory lies at the same place as the artefact does, as `apps/web` for
    /// `/srv/apps/web/server.js`, else that of the context.
    pub fn manifest_of(self, process: &Process) -> Option<Source> {
        let Reads::Artifact(artifact) = &process.reads else {
            return None;
        };
        let context = self.image()?.context.host("");
        let parts: Vec<&str> = artifact
            .split('/')
            .filter(|part| !part.is_empty())
            .take(MOST_PARTS)
            .collect();
        let places = (0..parts.len()).flat_map(|from| {
            (from + 1..=parts.len())
                .rev()
                .map(move |until| (from, until))
        });
        let directories = places
            .map(|(from, until)| context.join(parts[from..until].join("/")))
            .chain([context.clone()]);
        let manifests = directories.map(|directory| directory.join("package.json"));
        manifests
            .into_iter()
            .find_map(|manifest| self.project().workspace().read(&manifest).ok())
    }

    /// Whether a process is known to run the code as it was written, or what each start makes of
    /// that.
    pub fn starts_from_sources(self, process: &Process) -> bool {
        let is_made_first = || {
            process
                .program
                .is_some_and(|program| program.family != Family::Compiled)
                && matches!(self.maker(process), Some(Maker::Start(_)))
        };
        process.may_read_sources() || is_made_first()
    }

    /// What another stage compiled and this process runs.
    pub fn compiled_artefact(self, process: &Process) -> Option<&'p Artefact> {
        let Reads::Artifact(artifact) = &process.reads else {
            return None;
        };
        let covers = |made: &&Artefact| {
            made.container
                .as_deref()
                .is_some_and(|made| path::below(artifact, made).is_some())
        };
        let artefacts = self.image()?.artefacts();
        let is_named = |made: &&Artefact| path::name(&made.path) == path::name(artifact);
        artefacts
            .iter()
            .rfind(|made| covers(made) && is_named(made))
            .or_else(|| artefacts.iter().rfind(covers))
    }
}

impl Process {
    /// Whether it is known to run the code as it was written. What was compiled from it is not
    /// changed by a mount.
    pub fn may_read_sources(&self) -> bool {
        let Some(program) = self.program else {
            return false;
        };
        let runs_code = match program.family {
            Family::Foreign | Family::Static | Family::Compiled | Family::Build => false,
            // `tail -f /dev/null`
            Family::OneShot => program.language != Language::Other,
            Family::Server | Family::Worker | Family::Watcher | Family::Interpreter => true,
        };
        runs_code && !matches!(self.reads, Reads::Artifact(_))
    }

    /// Whether a Python process keeps compiled modules beside the sources, which hide an edit of
    /// the same second and size.
    pub fn writes_bytecode(&self) -> bool {
        let is_set = |name: &str| {
            self.variable(name)
                .is_some_and(|value| value.is_none_or(|value| !value.is_empty()))
        };
        let is_python = self.language() == Some(Language::Python);
        is_python
            && !is_set("PYTHONDONTWRITEBYTECODE")
            && !is_set("PYTHONPYCACHEPREFIX")
            && !self.words().contains(&"-B")
    }
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

impl Image {
    /// The commands of a stage, and of the stages below it, that make something from sources:
    /// `npm run build`, `go build`.
    pub fn builds_in(&self, stage: usize) -> impl Iterator<Item = &Command> {
        let scripts = self
            .history_of(stage)
            .into_iter()
            .filter_map(|step| match &step.action {
                Action::Run(run) => run.script.as_ref(),
                _ => None,
            });
        scripts
            .flat_map(|script| &script.commands)
            .filter(|command| compiles(&command.argv()))
    }
}

/// Whether a command makes something from sources and ends.
fn compiles(argv: &[&str]) -> bool {
    // `npx turbo run build`
    let argv = &argv[knowledge::wrapper(argv).map_or(0, |(_, length)| length)..];
    let runs_build = argv
        .iter()
        .any(|word| matches!(*word, "build" | "compile") || word.starts_with("build:"));
    let is_package_script = argv
        .first()
        .is_some_and(|name| makers::runs_package_scripts(name));
    is_package_script && runs_build
        || knowledge::recognise(argv).is_some_and(|program| program.family == Family::Build)
}

/// Whether a process compiles whenever files change: `tsc --watch`.
fn compiles_on_change(process: &Process) -> bool {
    process
        .program
        .is_some_and(|program| program.family == Family::Watcher)
        && process.reads == Reads::Source
}

#[cfg(test)]
mod tests;
