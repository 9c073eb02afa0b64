//! What a RUN that runs again makes different: exactly for simple commands (`cat a > b`, `cp`,
//! `mkdir`), by their places for installs, and anything for the rest.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::image::{Image, Run, Step, path};
use crate::knowledge::shells;
use crate::syntax::shell::{self, Command, Operator, Word};
use crate::text::{Cooked, Span};
use crate::workspace::Workspace;

use super::delta::{Certainty, Delta};
use super::mentions;

/// Programs that write to nothing but their output, and whose words are no files.
const SPEAKERS: [&str; 25] = [
    ":", "basename", "cd", "dirname", "echo", "exit", "expr", "export", "false", "id", "nproc",
    "printf", "pwd", "return", "seq", "set", "shift", "sleep", "tr", "true", "umask", "uname",
    "unset", "wait", "whoami",
];

/// Programs that write to nothing but their output, and read the files that their words name.
const READERS: [&str; 36] = [
    "[",
    "awk",
    "base64",
    "cat",
    "cksum",
    "cmp",
    "comm",
    "cut",
    "diff",
    "du",
    "egrep",
    "fgrep",
    "fold",
    "grep",
    "head",
    "join",
    "ls",
    "md5sum",
    "nl",
    "od",
    "paste",
    "readlink",
    "realpath",
    "rev",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "sort",
    "stat",
    "strings",
    "tac",
    "tail",
    "test",
    "uniq",
    "wc",
    "xxd",
];

/// Programs that put what their words name at the last of them.
const COPIERS: [&str; 3] = ["cp", "install", "mv"];

/// Programs that make or change what their words name, and read nothing.
const MAKERS: [&str; 9] = [
    "chgrp", "chmod", "chown", "ln", "mkdir", "rm", "rmdir", "touch", "truncate",
];

/// Programs whose output is another one each time.
const FICKLE: [&str; 4] = ["date", "hostname", "mktemp", "uuidgen"];

/// Whether a program writes to nothing but its output.
pub(crate) fn writes_nothing(program: &str) -> bool {
    SPEAKERS.contains(&program) || READERS.contains(&program)
}

/// A RUN that runs again.
pub(super) struct Rerun<'i> {
    pub(super) workspace: &'i Workspace<'i>,
    pub(super) step: &'i Step,
    pub(super) run: &'i Run,
    pub(super) image: &'i Image,
    /// Whether its own text is another one.
    pub(super) is_edited: bool,
    /// Whether it is sure that it runs again.
    pub(super) certainty: Certainty,
}

/// Adds what a RUN makes different to what is different already. `variables` have another value,
/// `mounted` are the targets of mounts that show something else.
pub(super) fn apply(
    rerun: &Rerun<'_>,
    variables: &FxHashMap<String, Span>,
    mounted: &[String],
    delta: &mut Delta,
) {
    let Some(script) = &rerun.run.script else {
        return delta.everything(rerun.step.span);
    };
    let mut runner = Runner {
        rerun,
        variables,
        mounted,
        delta,
        directory: rerun.step.workdir.clone(),
        locals: FxHashSet::default(),
        flow: None,
        condition: None,
        directories: Vec::new(),
        is_edited: rerun.is_edited,
        depth: 0,
    };
    if redirects_a_compound(rerun.image.dockerfile.tree.source.slice(rerun.step.span)) {
        return runner.delta.everything(rerun.step.span);
    }
    for command in &script.commands {
        runner.command(command);
    }
}

/// Keeps the symbolic links that a RUN makes, whether it runs again or not.
pub(super) fn keep_links(step: &Step, run: &Run, delta: &mut Delta) {
    let linkers = run
        .script
        .iter()
        .flat_map(|script| &script.commands)
        .filter(|command| command.program().map(path::name) == Some("ln"));
    for command in linkers {
        let words = command.words.iter().skip(1).map(|word| word.text.as_str());
        let (options, names): (Vec<&str>, Vec<&str>) =
            words.partition(|word| word.starts_with('-'));
        let is_symbolic = options.iter().any(|option| {
            *option == "--symbolic" || !option.starts_with("--") && option.contains('s')
        });
        let is_plain = |name: &&str| !name.contains(['$', '`', '*', '?', '[']);
        let (true, [target, link], Some(directory)) = (
            is_symbolic && names.iter().all(is_plain),
            names.as_slice(),
            &step.workdir,
        ) else {
            continue;
        };
        // A link that is a directory already gets the new one into it.
        for link in [
            path::join(directory, link),
            path::join(&path::join(directory, link), path::name(target)),
        ] {
            let around = link
                .rsplit_once('/')
                .map_or("/", |(around, _)| around)
                .to_owned();
            delta.link(link, path::join(&around, target));
        }
    }
}

/// Whether what a loop or a group prints goes somewhere else: no single command tells that.
fn redirects_a_compound(text: &str) -> bool {
    text.match_indices(['>', '|']).any(|(at, _)| {
        let before = text[..at]
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '&')
            .trim_end();
        let is_word = |word: &str| {
            before
                .strip_suffix(word)
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        before.ends_with(['}', ')']) || ["done", "fi", "esac"].into_iter().any(is_word)
    })
}

struct Runner<'r> {
    rerun: &'r Rerun<'r>,
    variables: &'r FxHashMap<String, Span>,
    mounted: &'r [String],
    delta: &'r mut Delta,
    directory: Option<String>,
    /// Variables of the script that depend on what is different.
    locals: FxHashSet<String>,
    /// Whether what flows through the pipe is different.
    flow: Option<Certainty>,
    /// Whether what the last commands decided may be different.
    condition: Option<Certainty>,
    /// Directories that the script makes.
    directories: Vec<String>,
    /// Whether the commands themselves are others.
    is_edited: bool,
    /// How many scripts call each other.
    depth: usize,
}

/// Scripts that call each other are followed so far.
const DEPTH: usize = 3;

impl Runner<'_> {
    fn command(&mut self, command: &Command) {
        let words = &command.words;
        let program = command
            .program()
            .map(path::name)
            .unwrap_or_default()
            .to_owned();
        let arguments: Vec<&Word> = words.iter().skip(1).collect();
        let said = words.iter().filter_map(|word| self.depends(word)).min();
        for assignment in &command.assignments {
            if self.depends(&assignment.value).is_some() {
                self.locals.insert(assignment.name.clone());
            }
        }
        let fed = command
            .redirections
            .iter()
            .filter(|redirection| redirection.operator.ends_with('<'));
        let fed = fed
            .filter_map(|redirection| self.reads(&redirection.target))
            .min();
        let condition = self.condition.filter(|_| command.conditional);
        // What an edit of it makes different is not known.
        let edited = self.is_edited.then_some(Certainty::Possible);
        let mut output = [said, fed, self.flow, condition, edited]
            .into_iter()
            .flatten()
            .min();
        // The first word of these is what they look for.
        let skipped = usize::from(matches!(
            program.as_str(),
            "grep" | "egrep" | "fgrep" | "sed" | "awk"
        ));
        let files = || {
            arguments
                .iter()
                .filter(|word| !word.text.as_str().starts_with('-'))
                .skip(skipped)
        };
        let is_in_place = arguments
            .iter()
            .any(|word| word.text.as_str().starts_with("-i") || word.text.as_str() == "--in-place");
        match program.as_str() {
            "" => {}
            "cd" => self.change_directory(arguments.first().copied()),
            "env" | "printenv" | "export" | "set"
                if arguments.is_empty() && !self.variables.is_empty() =>
            {
                output = Some(Certainty::Certain)
            }
            "env" | "printenv" if arguments.is_empty() => {}
            "sed" if is_in_place => {
                if let Some(certainty) = output {
                    files().for_each(|word| self.writes(word, certainty));
                }
            }
            "sed" => {
                output = output
                    .into_iter()
                    .chain(files().filter_map(|word| self.reads(word)))
                    .min()
            }
            "tee" => {
                if let Some(certainty) = output {
                    files().for_each(|word| self.writes(word, certainty));
                }
            }
            "find"
                if !arguments.iter().any(|word| {
                    matches!(
                        word.text.as_str(),
                        "-exec" | "-execdir" | "-delete" | "-ok" | "-fprint"
                    )
                }) =>
            {
                output = output
                    .into_iter()
                    .chain(files().filter_map(|word| self.reads(word)))
                    .min();
            }
            name if FICKLE.contains(&name) => output = Some(Certainty::Certain),
            name if SPEAKERS.contains(&name) => {}
            name if READERS.contains(&name) => {
                output = output
                    .into_iter()
                    .chain(files().filter_map(|word| self.reads(word)))
                    .min()
            }
            name if COPIERS.contains(&name) => {
                self.copy(&files().copied().collect::<Vec<_>>(), output)
            }
            name if MAKERS.contains(&name) => {
                if let Some(certainty) = output {
                    files().for_each(|word| self.writes(word, certainty));
                }
                if name == "mkdir" {
                    let made: Vec<String> = files().filter_map(|word| self.path_of(word)).collect();
                    self.directories.extend(made);
                }
            }
            _ if self.script(&program, &arguments) => {}
            _ => self.other(command),
        }
        for redirection in command
            .redirections
            .iter()
            .filter(|redirection| redirection.operator.contains('>'))
        {
            let is_to_a_number = redirection
                .target
                .text
                .as_str()
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
            if let Some(certainty) = output.filter(|_| !is_to_a_number) {
                self.writes(&redirection.target, certainty);
            }
        }
        self.flow = output.filter(|_| command.next == Operator::Pipe);
        if matches!(program.as_str(), "test" | "[" | "grep" | "cmp" | "diff") {
            self.condition = self.condition.into_iter().chain(output).min();
        }
    }

    /// A command that is not simple.
    fn other(&mut self, command: &Command) {
        let step = self.rerun.step;
        let run = self.rerun.run;
        match run
            .installs
            .iter()
            .find(|install| install.command == command.span)
        {
            Some(install) if !install.builds() && install.needs_sources.is_none() => {
                for written in &install.writes {
                    self.delta.touch(written.clone(), Certainty::Possible);
                }
                let baked = self.rerun.image.baked_in(step.stage).iter();
                self.delta.install(
                    step.span,
                    baked.map(|baked| baked.container.clone()).collect(),
                );
            }
            None if self.depth == 0 && !run.others.contains(&command.span) => {}
            _ => self.delta.everything(step.span),
        }
    }

    /// A shell script of the project: what it does is done here. Whether it is one that can be
    /// followed.
    fn script(&mut self, program: &str, arguments: &[&Word]) -> bool {
        let is_shell = shells::is_shell(program);
        let named = match (is_shell, arguments) {
            (true, [only]) => only.text.as_str(),
            _ => return false,
        };
        let Some(directory) = self
            .directory
            .clone()
            .or_else(|| named.starts_with('/').then(|| "/".to_owned()))
        else {
            return false;
        };
        let container = path::join(&directory, named);
        let baked = self
            .rerun
            .image
            .baked_in(self.rerun.step.stage)
            .iter()
            .rev();
        let mut hosts =
            baked.filter(|baked| !baked.worked_on).filter_map(|baked| {
                match path::below(&container, &baked.container)? {
                    "" if !baked.is_directory => Some(baked.host.clone()),
                    rest => baked.is_directory.then(|| baked.host.join(rest)),
                }
            });
        let Some(source) = hosts
            .next()
            .and_then(|host| self.rerun.workspace.read(&host).ok())
        else {
            return false;
        };
        let interpreter = source
            .text()
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("#!"))
            .unwrap_or("sh");
        if self.depth >= DEPTH
            || !interpreter.trim().ends_with("sh")
            || redirects_a_compound(source.text())
        {
            return false;
        }
        let outer = self.is_edited;
        self.is_edited |= self.reads_path(&container).is_some();
        self.depth += 1;
        for command in &shell::parse(&Cooked::synthetic(source.text(), source.whole())).commands {
            self.command(command);
        }
        self.depth -= 1;
        self.is_edited = outer;
        self.directory = Some(directory);
        true
    }

    fn copy(&mut self, words: &[&Word], output: Option<Certainty>) {
        let Some((target, sources)) = words.split_last() else {
            return;
        };
        let Some(destination) = self.path_of(target) else {
            return self.delta.everything(self.rerun.step.span);
        };
        let written = target.text.as_str();
        let is_directory = sources.len() > 1
            || written.ends_with('/')
            || matches!(path::name(written), "." | "..");
        let is_directory = is_directory
            || self.directories.contains(&destination)
            || self.directory.as_deref() == Some(&destination);
        for source in sources {
            let Some(certainty) = [output, self.reads(source)].into_iter().flatten().min() else {
                continue;
            };
            let name = source.text.as_str();
            let is_one =
                is_directory && !path::is_glob(name) && !matches!(path::name(name), "." | "..");
            let lands = if is_one {
                path::join(&destination, path::name(name))
            } else {
                destination.clone()
            };
            self.touch(lands, certainty);
        }
    }

    fn change_directory(&mut self, word: Option<&Word>) {
        self.directory = word.and_then(|word| self.path_of(word));
    }

    /// The file that a word names.
    fn path_of(&self, word: &Word) -> Option<String> {
        let text = word.text.as_str();
        if text.contains(['$', '`', '~']) && !word.literal {
            return None;
        }
        match text.starts_with('/') {
            true => Some(path::join("/", text)),
            false => Some(path::join(self.directory.as_deref()?, text)),
        }
    }

    fn writes(&mut self, word: &Word, certainty: Certainty) {
        match self.path_of(word) {
            Some(path) if path.starts_with("/dev/") => {}
            Some(path) => self.touch(path, certainty),
            None => self.delta.everything(self.rerun.step.span),
        }
    }

    fn touch(&mut self, path: String, certainty: Certainty) {
        // Up to the star it is known.
        let path = match path.find(['*', '?', '[']) {
            Some(star) => path[..path[..star].rfind('/').unwrap_or(0)].to_owned(),
            None => path,
        };
        self.delta.touch(
            if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            certainty.max(self.rerun.certainty),
        );
    }

    /// Whether the file that a word names is different.
    fn reads(&self, word: &Word) -> Option<Certainty> {
        let Some(path) = self.path_of(word) else {
            return self.delta.hit("/").map(|_| Certainty::Possible);
        };
        self.reads_path(&path)
    }

    fn reads_path(&self, path: &str) -> Option<Certainty> {
        if path.starts_with("/proc/") || path.ends_with("random") && path.starts_with("/dev/") {
            return Some(Certainty::Certain);
        }
        if self
            .mounted
            .iter()
            .any(|mount| path::below(path, mount).is_some() || path::below(mount, path).is_some())
        {
            return Some(Certainty::Certain);
        }
        self.delta.hit(path)
    }

    /// Whether a word's own text depends on what is different.
    fn depends(&self, word: &Word) -> Option<Certainty> {
        let text = word.text.as_str();
        if word.literal || !text.contains(['$', '`']) {
            return None;
        }
        let mut names = self.variables.keys().chain(&self.locals);
        if text.contains("RANDOM") || text.contains("$$") || names.any(|name| mentions(text, name))
        {
            return Some(Certainty::Certain);
        }
        if !text.contains("$(") && !text.contains('`') {
            return None;
        }
        let words = text
            .split(|c: char| c.is_whitespace() || "$()`\"'|;&<>".contains(c))
            .filter(|word| !word.is_empty());
        let found = words.filter_map(|word| match word {
            word if FICKLE.contains(&word) => Some(Certainty::Certain),
            word if word.starts_with('/') => self.reads_path(&path::join("/", word)),
            word => self
                .directory
                .as_deref()
                .and_then(|directory| self.reads_path(&path::join(directory, word))),
        });
        found.min()
    }
}
