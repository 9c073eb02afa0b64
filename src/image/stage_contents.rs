//! What a stage certainly does not hold.
//!
//! A path can come from the base image, from a COPY or from a RUN. Each is asked whether it may
//! have brought the path; what is not wholly understood may have brought anything.

use std::path::Path;

use crate::files::Kind;
use crate::image::layers;
use crate::image::{
    Action, Base, Context, Copied, CopyFrom, Ecosystem, Image, Install, NamedSource, Run,
    SourceKind, Step, path,
};
use crate::knowledge::{images, manager, manager_of, outputs, wrapper};
use crate::repository::manifests;
use crate::repository::mentions::Elsewhere;
use crate::syntax::json;
use crate::syntax::shell::{self, Command, Word};
use crate::text::{Cooked, Source, Span};
use crate::workspace::Workspace;

/// Stages that copy from each other are followed so far.
const DEPTH: usize = 8;

/// Whether it is certain that nothing is at a path when a stage is finished. For a file of the
/// context that only is not there yet, it is not. `root` is the repository, as far as it is looked
/// at.
pub fn lacks(
    workspace: &Workspace<'_>,
    root: &Path,
    image: &Image,
    stage: usize,
    path: &str,
) -> bool {
    let is_plain =
        path.starts_with('/') && path != "/" && !path::is_glob(path) && !path.contains(['$', '\\']);
    is_plain
        && !image.dockerfile.tree.is_of_another_language()
        && Search {
            workspace,
            root,
            image,
            depth: 0,
        }
        .lacks(stage, path)
}

/// What build tools make in a stage, as far as it is known: paths, and the RUN that makes them.
pub fn made_by_tools(
    workspace: &Workspace<'_>,
    root: &Path,
    image: &Image,
    stage: usize,
) -> Vec<(String, Span)> {
    let search = Search {
        workspace,
        root,
        image,
        depth: 0,
    };
    let mut made = Vec::new();
    for step in image.history_of(stage) {
        let Action::Run(run) = &step.action else {
            continue;
        };
        // No command brings this; all are looked at.
        let mut runner = Runner::new(&search, step, run, "/\0");
        run.script
            .iter()
            .flat_map(|script| &script.commands)
            .for_each(|command| _ = runner.brings(command));
        made.extend(runner.made.into_iter().map(|path| (path, step.span)));
    }
    made
}

struct Search<'s> {
    workspace: &'s Workspace<'s>,
    root: &'s Path,
    image: &'s Image,
    depth: usize,
}

impl Search<'_> {
    fn lacks(&self, stage: usize, path: &str) -> bool {
        let chain = self.image.chain(stage);
        let lowest = chain.first().map(|lowest| &self.image.stages[*lowest].base);
        let base_lacks = match lowest {
            Some(Base::Scratch) => true,
            Some(Base::Image(reference)) => images::lacks(reference, path),
            _ => false,
        };
        self.depth < DEPTH
            && base_lacks
            && self.image.history_of(stage).into_iter().all(|step| match &step.action {
                Action::Copy(copied) => !self.copy_brings(copied, path),
                Action::Run(run) => !self.run_brings(step, run, path),
                Action::Configure => step.workdir.as_deref().is_none_or(|workdir| path::below(workdir, path).is_none()),
            })
            // WORKDIR makes its directory.
            && chain.iter().all(|stage| {
                let workdir = self.image.stages[*stage].config.workdir.as_deref();
                workdir.is_none_or(|workdir| path::below(workdir, path).is_none())
            })
    }

    fn copy_brings(&self, copied: &Copied, wanted: &str) -> bool {
        let Some(destination) = copied.destination.as_deref() else {
            return true;
        };
        // Above its destination a COPY makes directories.
        if path::below(destination, wanted).is_some() {
            return true;
        }
        let Some(rest) = path::below(wanted, destination) else {
            return false;
        };
        if copied.parents {
            return true;
        }
        let first = rest.split('/').next().unwrap_or_default();
        if copied.heredocs.iter().any(|name| name == first) {
            return true;
        }
        copied
            .sources
            .iter()
            .any(|source| match (&copied.from, &source.kind) {
                (CopyFrom::Context, SourceKind::File) => path::name(&source.path) == rest,
                (CopyFrom::Context, SourceKind::Directory | SourceKind::Everything) => {
                    self.context_holds(&self.image.context, &source.path, rest)
                }
                (CopyFrom::Context, SourceKind::Glob(paths)) => paths.iter().any(|path| {
                    let is_directory = self.image.context.kind(self.workspace.files(), path)
                        == Some(Kind::Directory);
                    if is_directory {
                        self.context_holds(&self.image.context, path, rest)
                    } else {
                        path::name(path) == first
                    }
                }),
                (CopyFrom::Named(at), SourceKind::Directory | SourceKind::Everything) => {
                    match &self.image.named_contexts[*at].source {
                        NamedSource::Directory(context) => {
                            self.context_holds(context, &source.path, rest)
                        }
                        _ => true,
                    }
                }
                (CopyFrom::Stage(other), SourceKind::Inside | SourceKind::Everything)
                    if !path::is_glob(&source.path) =>
                {
                    // A directory lands as what is in it, a file under its name.
                    let as_directory = path::join(&source.path, rest);
                    let below = Search {
                        depth: self.depth + 1,
                        ..*self
                    };
                    path::name(&source.path) == first || !below.lacks(*other, &as_directory)
                }
                _ => true,
            })
    }

    /// Whether a path below a directory of the context is there, or may be by the time somebody
    /// builds.
    fn context_holds(&self, context: &Context, directory: &str, rest: &str) -> bool {
        let path = path::join(&format!("/{directory}"), rest);
        let path = path.trim_start_matches('/');
        let host = context.host(path);
        let is_out = context.is_ignored(&host, false) && context.is_ignored(&host, true);
        !is_out
            && (self.workspace.files().exists(&host)
                || Elsewhere::read(self.workspace, self.root).is_ignored(&host))
    }

    fn run_brings(&self, step: &Step, run: &Run, wanted: &str) -> bool {
        let Some(script) = &run.script else {
            return true;
        };
        // In a workspace every member gets its own.
        let installs_node = || {
            run.installs
                .iter()
                .any(|install| install.ecosystem == Ecosystem::Node)
        };
        if wanted.split('/').any(|part| part == "node_modules") && installs_node() {
            return true;
        }
        let mut runner = Runner::new(self, step, run, wanted);
        script.commands.iter().any(|command| runner.brings(command))
    }
}

/// Whether one path lies at, below or around the other.
fn meets(one: &str, other: &str) -> bool {
    path::below(one, other).is_some() || path::below(other, one).is_some()
}

/// Follows the commands of a RUN, and the scripts of `package.json` that they call.
struct Runner<'r, 's> {
    search: &'r Search<'s>,
    step: &'r Step,
    /// The RUN, as long as it is its own commands.
    run: Option<&'r Run>,
    directory: Option<String>,
    wanted: &'r str,
    /// What the tools whose places are known make.
    made: Vec<String>,
    depth: usize,
}

impl<'r, 's> Runner<'r, 's> {
    fn new(search: &'r Search<'s>, step: &'r Step, run: &'r Run, wanted: &'r str) -> Self {
        Runner {
            search,
            step,
            run: Some(run),
            directory: step.workdir.clone(),
            wanted,
            made: Vec::new(),
            depth: 0,
        }
    }

    /// Whether a command may make the path.
    fn brings(&mut self, command: &Command) -> bool {
        let redirected = command
            .redirections
            .iter()
            .filter(|redirection| redirection.operator.contains('>'));
        if redirected.into_iter().any(|redirection| {
            let target = redirection.target.text.as_str();
            !target
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
                && self.may_be(&redirection.target)
        }) {
            return true;
        }
        let words = command.argv();
        let Some(program) = words.first().map(|program| path::name(program)) else {
            return false;
        };
        let named = || {
            command
                .words
                .iter()
                .skip(1)
                .filter(|word| !word.text.as_str().starts_with('-'))
        };
        match program {
            "cd" => {
                self.directory = named().next().and_then(|word| self.path_of(word));
                command.depth > 0 && self.directory.is_some()
            }
            "chgrp" | "chmod" | "chown" | "mkdir" | "rm" | "rmdir" | "touch" | "truncate" => {
                named().any(|word| self.may_be(word))
            }
            "cp" | "mv" | "install" => named().next_back().is_none_or(|word| self.may_be(word)),
            _ if layers::writes_nothing(program) => false,
            _ => match self.run.map(|run| {
                (
                    run,
                    run.installs
                        .iter()
                        .find(|install| install.command == command.span),
                )
            }) {
                Some((_, Some(install))) if install.is_system() => false,
                Some((_, Some(install))) if !install.builds() => self.install_brings(install),
                // A command that leaves sources alone makes at most what it names.
                Some((run, None)) if !run.others.contains(&command.span) => {
                    words.iter().any(|word| word.contains(self.wanted))
                }
                _ => self.tool_brings(command, &words),
            },
        }
    }

    fn path_of(&self, word: &Word) -> Option<String> {
        let text = word.text.as_str();
        if !word.literal && text.contains(['$', '`', '~', '{']) {
            return None;
        }
        match text.starts_with('/') {
            true => Some(path::join("/", text)),
            false => Some(path::join(self.directory.as_deref()?, text)),
        }
    }

    /// Whether what a word names may be the path, or be around or below it.
    fn may_be(&self, word: &Word) -> bool {
        self.path_of(word).is_none_or(|path| {
            let known = path.find(['*', '?', '[']).map_or(path.as_str(), |star| {
                &path[..path[..star].rfind('/').unwrap_or(0)]
            });
            meets(known, self.wanted)
        })
    }

    fn install_brings(&mut self, install: &Install) -> bool {
        let Some(directory) = install.directory.clone() else {
            return true;
        };
        let goes_elsewhere = install.flags.iter().any(|flag| {
            flag == "-t"
                || ["--target", "--prefix", "--root"]
                    .iter()
                    .any(|moved| flag.starts_with(moved))
        });
        if !install.understood
            || goes_elsewhere
            || install
                .writes
                .iter()
                .any(|written| meets(written, self.wanted))
        {
            return true;
        }
        let is_here = path::below(self.wanted, &directory).is_some();
        let runs_scripts =
            manager(install.manager).is_some_and(|manager| manager.scripts.is_some());
        match install.manager {
            _ if runs_scripts => {
                let hooks = ["preinstall", "install", "postinstall", "prepare"];
                let directory = Some(directory);
                let outer = std::mem::replace(&mut self.directory, directory);
                let brings = hooks
                    .iter()
                    .any(|hook| self.script_brings(hook) == Some(true));
                self.directory = outer;
                brings
            }
            "pip" => install
                .packages
                .iter()
                .any(|package| meets(&path::join(&directory, &package.path), self.wanted)),
            _ => is_here,
        }
    }

    /// A command that makes something of its own.
    fn tool_brings(&mut self, command: &Command, words: &[&str]) -> bool {
        let words = &words[wrapper(words).map_or(0, |(_, own)| own)..];
        let scripts = words
            .first()
            .and_then(|program| manager_of(program)?.scripts);
        match (words, scripts) {
            ([_, run, script], Some(scripts)) if scripts.run.contains(run) => {
                self.script_brings(script).unwrap_or(true)
            }
            ([_, script], Some(scripts)) if scripts.runs_bare(script) => {
                self.script_brings(script).unwrap_or(true)
            }
            (["go", "build", ..], _) => self.go_brings(command),
            _ => self.output_brings(command, words),
        }
    }

    /// Whether a script of `package.json` may make the path; `None` when there is no such script.
    fn script_brings(&mut self, name: &str) -> Option<bool> {
        let Some(manifest) = self.file("package.json") else {
            return Some(true);
        };
        let declared = manifests::of(self.search.workspace, &manifest);
        let mut texts = Vec::new();
        for name in [format!("pre{name}"), name.to_owned(), format!("post{name}")] {
            let script = declared.script("npm", &name);
            let text = script.and_then(|script| script.lines.as_ref()?.first());
            texts.extend(text.map(|text| (name, text.as_str().to_owned())));
        }
        if !texts.iter().any(|(found, _)| found == name) {
            return None;
        }
        if self.depth >= DEPTH {
            return Some(true);
        }
        let (run, directory) = (self.run.take(), self.directory.clone());
        self.depth += 1;
        let brings = texts.iter().any(|(_, text)| {
            let script = shell::parse(&Cooked::synthetic(text, manifest.whole()));
            script.commands.iter().any(|command| self.brings(command))
        });
        self.depth -= 1;
        (self.run, self.directory) = (run, directory);
        Some(brings)
    }

    fn go_brings(&mut self, command: &Command) -> bool {
        let words = command.argv();
        let Some(at) = words.iter().position(|word| *word == "-o") else {
            return self.is_here();
        };
        let Some(word) = command.words.get(at + 1) else {
            return true;
        };
        self.made.extend(
            self.path_of(word)
                .filter(|_| !word.text.as_str().ends_with('/')),
        );
        self.may_be(word)
    }

    fn is_here(&self) -> bool {
        self.directory
            .as_deref()
            .is_none_or(|directory| path::below(self.wanted, directory).is_some())
    }

    /// A build tool of which it is known where it writes.
    fn output_brings(&mut self, command: &Command, words: &[&str]) -> bool {
        let (Some(output), Some(directory)) = (outputs::output(words), self.directory.clone())
        else {
            return true;
        };
        let directory = directory.as_str();
        let has_own_place = words.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            word.contains("out")
                || word.contains("dest")
                || word.contains("dir")
                || word == "-p"
                || word.contains("project")
        });
        let own = words
            .iter()
            .skip(output.command.split(' ').count())
            .filter(|word| !word.starts_with('-'));
        // `vite build app` builds what lies there.
        let is_moved = output.command != "eslint"
            && own
                .into_iter()
                .any(|word| !matches!(*word, "production" | "development" | "staging"));
        let is_set = |name: &str| {
            command
                .assignments
                .iter()
                .any(|assignment| assignment.name == name)
                || self.search.image.stages[self.step.stage]
                    .config
                    .env
                    .iter()
                    .any(|variable| variable.name == name)
                || self
                    .settings(&[".env"])
                    .iter()
                    .any(|source| source.text().contains(name))
        };
        if has_own_place || is_moved || output.variable.is_some_and(is_set) {
            return true;
        }
        let settings = self.settings(output.settings);
        let is_elsewhere = |text: &str| {
            [
                "from './",
                "from \"./",
                "from '../",
                "from \"../",
                "require('.",
                "require(\".",
            ]
            .iter()
            .any(|import| text.contains(import))
        };
        if settings.iter().any(|source| {
            is_elsewhere(source.text())
                || output
                    .moved_by
                    .iter()
                    .any(|word| source.text().contains(word))
        }) {
            return true;
        }
        if output.typescript && self.typescript_brings(directory) {
            return true;
        }
        let not_asked = |path: &str, words: &[&str]| {
            path::below(self.wanted, &path::join(directory, path)).is_some()
                && !settings
                    .iter()
                    .any(|source| words.iter().any(|word| source.text().contains(word)))
        };
        self.made.extend(
            output
                .writes
                .first()
                .filter(|_| !output.typescript)
                .map(|written| path::join(directory, written)),
        );
        if output
            .asked_for
            .iter()
            .any(|(path, words)| not_asked(path, words))
        {
            return false;
        }
        output
            .writes
            .iter()
            .any(|written| meets(&path::join(directory, written), self.wanted))
    }

    /// Whether the compiler of TypeScript may make the path: it writes where its configuration
    /// says, or beside the sources.
    fn typescript_brings(&self, directory: &str) -> bool {
        let settings = self.settings(&["tsconfig"]);
        let mut places = Vec::new();
        for source in &settings {
            let text = source.text();
            if text.contains("\"../") || text.contains("rootDir") && text.contains("\"..\"") {
                return true;
            }
            let parsed = self.search.workspace.json(source);
            for key in ["outDir", "outFile", "declarationDir", "tsBuildInfoFile"] {
                let value = parsed.tree.at(&["compilerOptions", key]);
                places.extend(
                    value
                        .and_then(json::Node::as_str)
                        .map(|value| path::join(directory, &value)),
                );
            }
        }
        let is_module = [
            ".js",
            ".mjs",
            ".cjs",
            ".jsx",
            ".d.ts",
            ".map",
            ".tsbuildinfo",
        ]
        .iter()
        .any(|ending| self.wanted.ends_with(ending));
        settings.is_empty() || is_module || places.iter().any(|place| meets(place, self.wanted))
    }

    /// A file of the project in the directory of the commands, as the stage holds it.
    fn file(&self, name: &str) -> Option<Source> {
        let workspace = self.search.workspace;
        self.directories()
            .into_iter()
            .find_map(|host| workspace.read(&host.join(name)).ok())
    }

    /// The files in the directory of the commands whose names begin so.
    fn settings(&self, begins: &[&str]) -> Vec<Source> {
        let workspace = self.search.workspace;
        let mut found = Vec::new();
        for host in self.directories() {
            let entries = workspace.files().list(&host);
            let names = entries.iter().filter(|entry| {
                !entry.is_directory && begins.iter().any(|begin| entry.name.starts_with(begin))
            });
            found.extend(names.filter_map(|entry| workspace.read(&host.join(&entry.name)).ok()));
        }
        found
    }

    /// The directories of the host that lie in the directory of the commands.
    fn directories(&self) -> Vec<std::path::PathBuf> {
        let Some(directory) = self.directory.as_deref() else {
            return Vec::new();
        };
        let seen = self.search.image.seen_by(self.step);
        let below = seen.iter().filter(|seen| seen.is_directory);
        let mut hosts: Vec<std::path::PathBuf> = below
            .filter_map(|seen| {
                Some(crate::files::clean(
                    &seen.host.join(path::below(directory, &seen.container)?),
                ))
            })
            .collect();
        // A single file stands for the directory that it comes from.
        let single = seen.iter().filter(|seen| {
            !seen.is_directory
                && path::below(&seen.container, directory).is_some_and(|rest| !rest.contains('/'))
        });
        hosts
            .extend(single.filter_map(|seen| seen.host.parent().map(std::path::Path::to_path_buf)));
        hosts.dedup();
        hosts
    }
}

#[cfg(test)]
mod tests;
