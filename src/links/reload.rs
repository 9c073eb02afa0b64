//! Whether a process stays, keeps old code although edits arrive, and where its reloader looks.

use std::path::{Path, PathBuf};

use crate::compose::Condition;
use crate::image::path;
use crate::knowledge;
use crate::knowledge::{Family, Language, Roots};
use crate::links::bringing::Bringer;
use crate::links::code_origin::Maker;
use crate::process;
use crate::process::{DroppedCommand, Process, Reads, Reload};
use crate::project::filesystem;
use crate::project::{Service, container};
use crate::repository::sources::Census;
use crate::text::Span;

/// Code that is mounted and imported, but lies where the reloader of the process does not look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwatched {
    /// The directory in the container.
    pub directory: String,
    /// The mount that shows it, as an index into the service's `mounts`.
    pub mount: usize,
    /// What makes the process import from there.
    pub imported_by: Span,
}

mod around;

/// What a program does that runs until it is stopped, in the words of its language.
const STAYING: &[(Language, &[&str])] = &[
    (
        Language::JavaScript,
        &[
            ".listen(",
            "createServer(",
            "setInterval(",
            ".consume(",
            ".subscribe(",
            "new Worker(",
            ".process(",
            "serve(",
            ".login(",
            ".launch(",
            "NestFactory",
            "while (true",
            "cron.schedule(",
        ],
    ),
    (
        Language::Php,
        &[
            "while (true",
            "while(true",
            "while (1",
            "->consume(",
            "->run()",
            "->wait()",
            "basic_consume(",
        ],
    ),
    (
        Language::Ruby,
        &[
            "loop do",
            "while true",
            "Sinatra",
            "sinatra",
            ".subscribe(",
            "run!",
            "sleep",
        ],
    ),
];

/// How many files of its own a script is followed to.
const FILES: usize = 20;

impl<'p> Service<'p> {
    /// Whether the entrypoint drops what `command:` says.
    pub fn dropped_command(self) -> Option<DroppedCommand> {
        container::with_input(self.setup(), process::dropped_command)
    }

    /// Whether a process runs until it is stopped. A script that may just as well end at once is
    /// one that stays when the service publishes a port, is started again whenever it ends, or is
    /// asked for its health.
    pub fn stays(self, process: &Process) -> bool {
        let awaited_end = self
            .project()
            .services()
            .flat_map(|other| &other.spec().depends_on)
            .any(|dependency| {
                dependency.service.value == self.name()
                    && dependency.condition == Condition::Completed
            });
        if awaited_end {
            return false;
        }
        match process.program.map(|program| program.family) {
            Some(Family::Server | Family::Worker | Family::Watcher) => true,
            Some(Family::Interpreter) => self.must_stay() || self.says_that_it_stays(process),
            _ => false,
        }
    }

    /// Whether the compose file treats the service as one that stays.
    fn must_stay(self) -> bool {
        let spec = self.spec();
        let is_restarted = spec
            .restart
            .as_ref()
            .is_some_and(|policy| matches!(policy.value.as_str(), "always" | "unless-stopped"));
        let is_waited_for = self
            .project()
            .services()
            .flat_map(|other| &other.spec().depends_on)
            .any(|dependency| {
                dependency.service.value == self.name()
                    && dependency.condition == Condition::Healthy
            });
        is_restarted || is_waited_for || !spec.ports.is_empty() || spec.healthcheck.is_some()
    }

    /// Whether the script that an interpreter runs, or one beside it that it loads, does what only
    /// programs do that stay.
    fn says_that_it_stays(self, process: &Process) -> bool {
        let Some((_, words)) = STAYING
            .iter()
            .find(|(language, _)| Some(*language) == process.language())
        else {
            return false;
        };
        let files = self.project().workspace().files();
        let mut open: Vec<PathBuf> = self.script_of(process).into_iter().collect();
        let mut seen = 0;
        while let Some(file) = open.pop() {
            let Ok(source) = self.project().workspace().read(&file) else {
                continue;
            };
            if words.iter().any(|word| source.text().contains(word)) {
                return true;
            }
            seen += 1;
            if seen > FILES {
                return false;
            }
            // `require('./app')`, `import x from "../lib/x.js"`
            let quoted = source
                .text()
                .split(['"', '\'', '`'])
                .skip(1)
                .step_by(2)
                .filter(|text| text.starts_with('.'));
            let beside = file.parent().unwrap_or(Path::new("/")).to_path_buf();
            for name in quoted.take(FILES) {
                let endings = ["", ".js", ".ts", ".mjs", "/index.js", "/index.ts"];
                let found = endings
                    .iter()
                    .map(|ending| crate::files::clean(&beside.join(format!("{name}{ending}"))));
                open.extend(found.into_iter().find(|host| files.is_file(host)));
            }
        }
        false
    }

    /// The file on the host that an interpreter runs.
    fn script_of(self, process: &Process) -> Option<PathBuf> {
        let files = self.project().workspace().files();
        process
            .words()
            .into_iter()
            .skip(1)
            .filter(|word| !word.starts_with('-'))
            .find_map(|word| {
                let at = path::join(&process.cwd, word);
                let endings = ["", ".js", ".ts", "/index.js"];
                endings.iter().find_map(|ending| {
                    self.host_of(&format!("{at}{ending}"))
                        .filter(|host| files.is_file(host))
                })
            })
    }

    /// What brings edits of its code to a process that stays, reads the sources or what each start
    /// makes of them, and was meant to be asked about: nothing when something starts it anew with
    /// each edit.
    pub fn brought_without_restart(self, process: &Process) -> Option<Bringer> {
        let reads = match process.reads {
            Reads::Source | Reads::Package(_) => self.installed_copies(process).is_empty(),
            Reads::Artifact(_) => matches!(self.maker(process), Some(Maker::Start(_))),
            _ => false,
        };
        let bringer = self
            .bringer(process)
            .filter(|bringer| !bringer.restarts && reads)?;
        self.stays(process).then_some(bringer)
    }

    /// Whether a script works on messages, jobs or a clock rather than answer requests.
    pub fn is_worker(self, process: &Process) -> bool {
        let answers = |source: &crate::text::Source| {
            [
                ".listen(",
                "createServer(",
                "serve(",
                "Server(",
                "NestFactory",
            ]
            .iter()
            .any(|word| source.text().contains(word))
        };
        let script = self
            .script_of(process)
            .and_then(|script| self.project().workspace().read(&script).ok());
        process.language() == Some(Language::Python)
            || script.is_some_and(|source| !answers(&source))
    }

    /// Whether the command that decides what runs stands in a compose file.
    pub fn says_in_compose(self, process: &Process) -> bool {
        let mut commands = self.spec().command.iter().chain(&self.spec().entrypoint);
        commands.any(|command| {
            command
                .span()
                .is_some_and(|span| span.contains(process.written_at))
        })
    }

    /// The arguments that make the reloader of a process look at these directories as well.
    pub fn flags_to_watch(self, process: &Process, directories: &[&str]) -> Option<Vec<String>> {
        let Roots::Named(flags) = process.program?.roots else {
            return None;
        };
        // The arguments of a program that wraps the server would become the server's.
        let flag = flags.iter().find(|flag| flag.starts_with("--reload"))?;
        let is_named = process.words().iter().any(|word| word.starts_with(flag));
        let roots = if is_named { &[][..] } else { &["."][..] };
        Some(
            roots
                .iter()
                .chain(directories)
                .flat_map(|directory| [(*flag).to_owned(), (*directory).to_owned()])
                .collect(),
        )
    }

    /// Code that a process imports from mounted directories at which its reloader does not look.
    pub fn unwatched(self, process: &Process) -> Vec<Unwatched> {
        let Some(roots) = process.watch_roots() else {
            return Vec::new();
        };
        let files = self.project().workspace().files();
        let mut found: Vec<Unwatched> = Vec::new();
        for (directory, imported_by) in self.imported_directories(process) {
            let is_apart = roots.iter().all(|root| {
                path::below(&directory, root).is_none() && path::below(root, &directory).is_none()
            });
            let Some(seen) = filesystem::seen(self.mounts(), &directory).filter(|_| is_apart)
            else {
                continue;
            };
            let is_own = seen.host.starts_with(self.project().root());
            // What the watched tree shows at another path is watched there.
            let is_watched = roots
                .iter()
                .filter_map(|root| self.host_of(root))
                .any(|root| seen.host.starts_with(&root));
            let has_code = || {
                process.language().is_some_and(|language| {
                    Census::of(files, &seen.host, &|_, _| false).number_of(language) > 0
                })
            };
            let is_known = found.iter().any(|known| known.directory == directory);
            if is_own && !is_watched && !is_known && has_code() {
                found.push(Unwatched {
                    directory,
                    mount: seen.mount,
                    imported_by,
                });
            }
        }
        found
    }

    /// Directories of the container from which a Python process imports, other than the one it
    /// starts in.
    fn imported_directories(self, process: &Process) -> Vec<(String, Span)> {
        if process.language() != Some(Language::Python) {
            return Vec::new();
        }
        let mut found = Vec::new();
        // `pip install -e ../lib` before the server starts.
        for command in &process.side_effects {
            let words = command.argv();
            let is_install =
                words.contains(&"install") && words.iter().any(|word| word.contains("pip"));
            let editable = command
                .words
                .windows(2)
                .filter(|pair| is_install && matches!(pair[0].text.as_str(), "-e" | "--editable"));
            found.extend(editable.map(|pair| {
                (
                    without_extras(pair[1].text.as_str()).to_owned(),
                    command.span,
                )
            }));
        }
        if let (Some(Some(entries)), Some(span)) = (
            process.variable("PYTHONPATH"),
            process.variable_span("PYTHONPATH"),
        ) {
            found.extend(
                entries
                    .split(':')
                    .filter(|entry| !entry.is_empty())
                    .map(|entry| (entry.to_owned(), span)),
            );
        }
        let mut found: Vec<(String, Span)> = found
            .into_iter()
            .map(|(entry, span)| (path::join(&process.cwd, &entry), span))
            .collect();
        found.extend(
            self.editable_packages()
                .into_iter()
                .filter_map(|(host, span)| Some((self.shown_at(&host)?, span))),
        );
        found
    }
}

fn without_extras(path: &str) -> &str {
    path.split('[').next().unwrap_or(path)
}

impl Process {
    /// The directories of the container at which its reloader looks; `None` when it looks
    /// elsewhere, or nobody knows.
    pub fn watch_roots(&self) -> Option<Vec<String>> {
        if !matches!(self.reload, Reload::Yes { .. }) {
            return None;
        }
        let words = self.words();
        let named: Vec<&str> = match self.program?.roots {
            Roots::Loaded | Roots::Unknown => return None,
            Roots::Named(flags) => {
                let joined = |word: &'_ str| {
                    flags
                        .iter()
                        .find_map(|flag| Some(word.strip_prefix(flag)?.strip_prefix('=')?.len()))
                };
                let behind = words
                    .windows(2)
                    .filter(|pair| flags.contains(&pair[0]))
                    .map(|pair| pair[1]);
                let joined = words
                    .iter()
                    .filter_map(|word| joined(word).map(|length| &word[word.len() - length..]));
                let named: Vec<&str> = behind.chain(joined).collect();
                match self
                    .variable(knowledge::UVICORN_DIRECTORIES)
                    .filter(|_| named.is_empty() && flags.contains(&"--reload-dir"))
                {
                    Some(directories) => directories?
                        .split(':')
                        .filter(|directory| !directory.is_empty())
                        .collect(),
                    None => named,
                }
            }
            Roots::Behind => words
                .iter()
                .skip(1)
                .filter(|word| !word.starts_with('-'))
                .skip(1)
                .copied()
                .collect(),
        };
        if named.iter().any(|name| name.contains('$')) {
            return None;
        }
        match named.is_empty() {
            true => Some(vec![self.cwd.clone()]),
            false => Some(
                named
                    .into_iter()
                    .map(|name| path::join(&self.cwd, name))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
