//! From a command to the program it runs in the end, one layer at a time.
//!
//! Each layer takes a [`Task`] and hands the next ones back; this loop drives them. The work is a
//! stack of commands, not a recursion: scripts may call each other in circles, and a
//! budget ends that.

use std::rc::Rc;

use super::script::Position;
use super::start::{self, expand, synthetic};
use super::task::{Item, Outcome, Task, join};
use super::{
    Input, PathContent, Process, Reads, Reload, Start, Trail, Variable, WordsAt, judge, manager,
    packages, python, tasks,
};
use crate::knowledge;
use crate::knowledge::images;
use crate::knowledge::shells::{self, is_python};
use crate::knowledge::{Family, Program, Reading, file_name};
use crate::text::{Cooked, Source, Span};

/// How many layers all commands of a container together may have.
const BUDGET: usize = 200;

pub(super) struct Resolver<'i, 'a> {
    input: &'i Input<'a>,
    start: Rc<Start>,
}

impl<'i, 'a> Resolver<'i, 'a> {
    pub(super) fn new(input: &'i Input<'a>) -> Self {
        Resolver {
            input,
            start: Rc::default(),
        }
    }

    pub(super) fn run(mut self) -> Vec<Process> {
        match self.first() {
            Ok(task) => self.follow(task),
            Err(process) => vec![*process],
        }
    }

    /// The command that the container starts with.
    fn first(&mut self) -> Result<Task, Box<Process>> {
        let image = &self.input.image;
        let cwd = self
            .input
            .working_dir
            .as_ref()
            .or(image.workdir.as_ref())
            .map_or_else(|| "/".to_owned(), |directory| join("/", directory));
        let environment = image
            .environment
            .iter()
            .chain(&self.input.environment)
            .cloned()
            .collect();
        let mut task = Task {
            items: Vec::new(),
            cwd,
            environment,
            chain: Vec::new(),
            side_effects: Vec::new(),
            script: None,
        };
        match start::words(self.input) {
            Err((reason, span)) => return Err(Box::new(self.unknown(task, reason, span))),
            Ok((start, steps)) => {
                for (at, word) in start.words.iter().enumerate() {
                    task.items.push(Item {
                        word: word.clone(),
                        place: WordsAt::Words(at),
                    });
                }
                task.chain = steps;
                self.start = Rc::new(start);
            }
        }
        Ok(task)
    }

    /// The processes that a command ends in.
    pub(super) fn follow(&self, task: Task) -> Vec<Process> {
        let mut processes = Vec::new();
        let mut stack = vec![task];
        let mut budget = BUDGET;
        while let Some(task) = stack.pop() {
            if budget == 0 {
                processes.push(self.unknown(
                    task,
                    "its scripts call one another too often to follow".to_owned(),
                    None,
                ));
                break;
            }
            budget -= 1;
            match self.outcome(task) {
                Outcome::Tasks(tasks) => stack.extend(tasks.into_iter().rev()),
                Outcome::Unknown(task, reason) => processes.push(self.unknown(task, reason, None)),
                Outcome::Program(task, program, judged) => {
                    processes.push(self.process(task, program, judged))
                }
            }
        }
        processes
    }

    fn outcome(&self, mut task: Task) -> Outcome {
        if task.items.is_empty() || task.texts() == ["exec"] {
            return Outcome::Unknown(
                task,
                "it runs what it is given, and nothing is given".to_owned(),
            );
        }
        if !task.items[0].word.literal {
            let first = task.items.remove(0);
            let Some(text) = expand(&first.word, &task.environment) else {
                let reason = format!("`{}` is known only in the container", first.text());
                task.items.insert(0, first);
                return Outcome::Unknown(task, reason);
            };
            let words: Vec<&str> = if first.word.quoted {
                vec![text.as_str()]
            } else {
                text.split_whitespace().collect()
            };
            let items = words
                .into_iter()
                .map(|word| Item::in_file(synthetic(word, first.word.span)));
            task.items.splice(0..0, items);
            return Outcome::Tasks(vec![task]);
        }
        let texts = task.texts();
        let name = file_name(texts[0]);
        if shells::is_shell(name) {
            return self.shell(task);
        }
        let by_script = packages::call(self.input, &task);
        if let Some(outcome) = by_script
            .or_else(|| manager::call(self.input, &task))
            .or_else(|| tasks::call(self.input, &task))
        {
            return outcome;
        }
        if let Some((_, length)) = knowledge::wrapper(&texts) {
            return Outcome::Tasks(vec![unwrap(&task, length)]);
        }
        if is_python(name) {
            return self.python(task);
        }
        if let Some(items) = node_modules(&task, name) {
            return Outcome::Tasks(vec![task.with(items)]);
        }
        match knowledge::recognise(&texts) {
            Some(program) => Outcome::Program(task, program, None),
            None => self.file(task),
        }
    }

    /// A shell: with `-c` its text, else the script it is given.
    fn shell(&self, task: Task) -> Outcome {
        let texts = task.texts();
        let mut at = 1;
        let mut is_text = false;
        while let Some(word) = texts
            .get(at)
            .filter(|word| word.starts_with(['-', '+']) && word.len() > 1)
        {
            let is_long = word.starts_with("--");
            is_text |= !is_long && word.starts_with('-') && word.contains('c');
            // `-o pipefail`, `-eo pipefail`
            at += if !is_long && word.ends_with('o') {
                2
            } else {
                1
            };
        }
        let Some(item) = task.items.get(at) else {
            return Outcome::Unknown(task, "it runs a shell without a command".to_owned());
        };
        if is_text {
            let word = match item.place {
                WordsAt::Words(word) => Some(word),
                _ => None,
            };
            let text = item.word.text.clone();
            // Behind the text stand `$0` and then the arguments.
            let arguments = task.items.get(at + 2..).unwrap_or_default().to_vec();
            return self.text(&task, &text, word, arguments);
        }
        let items = task.items[at..].to_vec();
        let task = task.with(items);
        self.script_file(task)
    }

    /// Shell text, with the arguments that `$@` stands for. `word` is the word of the start that
    /// the text is.
    fn text(
        &self,
        task: &Task,
        text: &Cooked,
        word: Option<usize>,
        arguments: Vec<Item>,
    ) -> Outcome {
        let script = crate::syntax::shell::parse(text);
        let position = word.map_or(Position::File, Position::Word);
        super::script::follow(task, &script, position, arguments)
    }

    /// A program that no table knows: a script of the project, or something that its build makes.
    fn file(&self, task: Task) -> Outcome {
        let name = task.items[0].text().to_owned();
        let is_transparent = matches!(
            file_name(&name),
            "docker-entrypoint.sh" | "docker-php-entrypoint"
        );
        match self.find_program(&task.cwd, &name) {
            PathContent::File(_) => self.script_file(task),
            PathContent::Made => Outcome::Program(task, &knowledge::BINARY, None),
            PathContent::Nothing if is_transparent => {
                Outcome::Tasks(vec![task.with(task.items[1..].to_vec())])
            }
            PathContent::Nothing if self.script_of_image(&name).is_some() => {
                let command = self.script_of_image(&name).unwrap_or_default();
                let at = task.items[0].word.span;
                let items = command
                    .iter()
                    .map(|word| Item::in_file(synthetic(word, at)))
                    .collect();
                Outcome::Tasks(vec![
                    task.with(items)
                        .step(format!("script `{name}` of the image"), at),
                ])
            }
            PathContent::Nothing if is_own_binary(&task.cwd, &name) => {
                Outcome::Program(task, &knowledge::BINARY, None)
            }
            PathContent::Nothing => match python::console_script(self.input, &task) {
                Some(outcome) => outcome,
                None if name.contains('/') => Outcome::Unknown(
                    task,
                    format!("`{name}` is not among the files of the project"),
                ),
                None => {
                    Outcome::Unknown(task, format!("`{name}` is no program that is known here"))
                }
            },
        }
    }

    /// What a start script of the base image runs.
    fn script_of_image(&self, script: &str) -> Option<&'static [&'static str]> {
        images::script_of(self.input.image.base.as_deref()?, script)
    }

    /// Finds a program as a shell does: by its path, or along `PATH`.
    fn find_program(&self, cwd: &str, name: &str) -> PathContent {
        if name.contains('/') {
            return self.input.look(&join(cwd, name));
        }
        self.on_path(name)
            .map_or(PathContent::Nothing, |path| self.input.look(&path))
    }

    /// Where a program lies that is named without a path.
    fn on_path(&self, name: &str) -> Option<String> {
        let directories = [
            "/usr/local/sbin",
            "/usr/local/bin",
            "/usr/sbin",
            "/usr/bin",
            "/sbin",
            "/bin",
        ];
        let mut paths = directories
            .iter()
            .filter(|_| !name.contains('/'))
            .map(|directory| join(directory, name));
        paths.find(|path| !matches!(self.input.look(path), PathContent::Nothing))
    }

    /// A text file that is run: by what its first line says, or its name.
    fn script_file(&self, mut task: Task) -> Outcome {
        let name = task.items[0].text().to_owned();
        let path = join(&task.cwd, &name);
        let source = match self.find_program(&task.cwd, &name) {
            PathContent::File(source) => source,
            PathContent::Made => {
                return Outcome::Unknown(
                    task,
                    format!("`{name}` is made while the image is built"),
                );
            }
            PathContent::Nothing => match self.input.look(&path).file() {
                Some(source) => source,
                None => {
                    return Outcome::Unknown(
                        task,
                        format!("`{name}` is not among the files of the project"),
                    );
                }
            },
        };
        let start = source.content_start() as usize;
        let first_line = source.text()[start..].lines().next().unwrap_or_default();
        let interpreter = first_line.strip_prefix("#!").map(|line| {
            let words = line.split_whitespace().map(file_name);
            words
                .filter(|word| *word != "env" && !word.starts_with('-'))
                .map(str::to_owned)
                .next()
                .unwrap_or_default()
        });
        let interpreter = interpreter.unwrap_or_else(|| shells::interpreter_of(&name).to_owned());
        // The shell of s6-overlay, which only sets variables before.
        if !shells::is_shell(&interpreter) && interpreter != "with-contenv" {
            let is_known = is_python(&interpreter)
                || knowledge::recognise(&[&interpreter])
                    .is_some_and(|program| program.family == Family::Interpreter);
            if !is_known {
                return Outcome::Unknown(task, format!("`{name}` is run by `{interpreter}`"));
            }
            task.items.insert(
                0,
                Item::in_file(synthetic(&interpreter, task.items[0].word.span)),
            );
            return Outcome::Tasks(vec![task]);
        }
        let body = source.whole();
        let script = crate::syntax::shell::parse(&Cooked::verbatim(&source, body));
        let arguments = task.items[1..].to_vec();
        let task = task.step(
            format!("script `{path}`"),
            source.span(start..start + first_line.len()),
        );
        super::script::follow(&task, &script, Position::File, arguments)
    }

    /// `python`: a module, a file, or text.
    fn python(&self, task: Task) -> Outcome {
        let texts = task.texts();
        let mut at = 1;
        while let Some(word) = texts.get(at) {
            match *word {
                "-m" => {
                    let module = task.items.get(at + 1..).unwrap_or_default().to_vec();
                    return python::module(self.input, task.with(module), task);
                }
                "-c" => return Outcome::Unknown(task, "it runs a text in Python".to_owned()),
                "-X" | "-W" => at += 2,
                word if word.starts_with('-') => at += 1,
                _ => break,
            }
        }
        let Some(file) = texts.get(at) else {
            return Outcome::Unknown(task, "it runs Python without a program".to_owned());
        };
        // `python manage.py runserver`, `python /usr/local/bin/gunicorn`
        let known = knowledge::recognise(&texts[at..]).is_some()
            || knowledge::wrapper(&texts[at..]).is_some();
        let items = task.items[at..].to_vec();
        if known && !is_python(file_name(file)) {
            return Outcome::Tasks(vec![task.with(items)]);
        }
        let path = join(&task.cwd, file);
        python::file(self.input, task, &path)
    }

    fn process(
        &self,
        task: Task,
        program: &'static Program,
        judged: Option<(Reload, Reads)>,
    ) -> Process {
        let (reload, reads) = judged.unwrap_or_else(|| {
            let reads = match program.reads {
                _ if program.family == Family::Compiled => {
                    let name = task.items[0].text();
                    Reads::Artifact(self.on_path(name).unwrap_or_else(|| join(&task.cwd, name)))
                }
                Reading::Source => Reads::Source,
                Reading::Artifact(path) => Reads::Artifact(join(&task.cwd, path)),
                Reading::Nothing => Reads::Unknown,
                Reading::File => self.reads_file(&task),
            };
            (judge::judge(self.input, &task, program), reads)
        });
        Process {
            program: Some(program),
            reload,
            reads,
            ..self.bare(task)
        }
    }

    /// An interpreter reads the file that it is given: a source, unless a build makes it.
    fn reads_file(&self, task: &Task) -> Reads {
        let is_made = |name: &str| {
            matches!(
                name.rsplit('.').next(),
                Some("jar" | "war" | "dll" | "exe" | "phar")
            )
        };
        let arguments = task.items[1..].iter().map(Item::text);
        let Some(file) = arguments
            .into_iter()
            .find(|word| !word.starts_with('-') && word.contains(['.', '/']))
        else {
            return Reads::Unknown;
        };
        let path = join(&task.cwd, file);
        let in_output = file.split('/').any(|part| {
            matches!(
                part,
                "dist" | "build" | "out" | ".output" | ".next" | ".svelte-kit"
            )
        });
        match self.input.look(&path) {
            _ if is_made(file) => Reads::Artifact(path),
            PathContent::Made => Reads::Artifact(path),
            PathContent::Nothing if in_output => Reads::Artifact(path),
            _ => Reads::Source,
        }
    }

    fn unknown(&self, task: Task, reason: String, span: Option<Span>) -> Process {
        let mut process = self.bare(task);
        process.written_at = span.unwrap_or(process.written_at);
        Process {
            reload: Reload::Unknown(reason.clone()),
            unknown: Some(reason),
            ..process
        }
    }

    fn bare(&self, task: Task) -> Process {
        let place = task.items.first().map_or(WordsAt::File, |item| item.place);
        let first = task.items.first().map(|item| item.word.span);
        let written_at = task
            .chain
            .last()
            .map(|step| step.span)
            .or(first)
            .or(self.input.image.base_span);
        Process {
            argv: task.items.into_iter().map(|item| item.word).collect(),
            written_at: first
                .or(written_at)
                .unwrap_or_else(|| Span::at(Source::detached("").id(), 0)),
            chain: task.chain,
            cwd: task.cwd,
            program: None,
            reload: Reload::None,
            side_effects: task.side_effects,
            reads: Reads::Unknown,
            unknown: None,
            trail: Trail {
                start: self.start.clone(),
                place,
                environment: task.environment,
                script: task.script,
            },
        }
    }
}

/// Takes a wrapper's own words away, and puts `python` where the wrapper stood for it.
fn unwrap(task: &Task, length: usize) -> Task {
    let texts = task.texts();
    let mut unwrapped = task.clone();
    // `uv run --directory x`, `pnpm -C x exec`
    let directory = texts[..length]
        .windows(2)
        .find(|pair| matches!(pair[0], "--directory" | "--cwd" | "-C" | "--chdir"));
    if let Some(pair) = directory {
        unwrapped.cwd = join(&task.cwd, pair[1]);
    }
    for word in texts[..length]
        .iter()
        .filter(|word| knowledge::is_assignment(word))
    {
        if let Some((name, value)) = word.split_once('=') {
            unwrapped.environment.push(Variable {
                name: name.to_owned(),
                value: Some(value.to_owned()),
                span: Some(task.span()),
            });
        }
    }
    unwrapped.items.drain(..length);
    let stands_for_python = unwrapped
        .items
        .first()
        .is_some_and(|item| item.text() == "-m" || item.text().ends_with(".py"));
    if stands_for_python && file_name(unwrapped.items[0].text()) != "manage.py" {
        unwrapped
            .items
            .insert(0, Item::in_file(synthetic("python", task.span())));
    }
    unwrapped
}

/// `node node_modules/.bin/next`: the package's program in the place of Node.js.
fn node_modules(task: &Task, name: &str) -> Option<Vec<Item>> {
    let at = match name {
        name if shells::is_node(name) => {
            (1..task.items.len()).find(|at| !task.items[*at].text().starts_with('-'))?
        }
        _ => 0,
    };
    let (_, inside) = task.items[at].text().rsplit_once("node_modules/")?;
    let package = inside
        .strip_prefix(".bin/")
        .unwrap_or(inside)
        .split('/')
        .next()?;
    let mut items = task.items[at..].to_vec();
    items[0] = Item {
        word: synthetic(package.trim_end_matches(".js"), items[0].word.span),
        place: items[0].place,
    };
    Some(items)
}

/// Whether a path that nothing is known of looks like a binary that the project's build puts beside
/// its sources.
fn is_own_binary(cwd: &str, name: &str) -> bool {
    let path = join(cwd, name);
    let is_of_system = ["/usr/", "/bin/", "/sbin/", "/opt/", "/etc/"]
        .iter()
        .any(|root| path.starts_with(root));
    let is_script = file_name(name).contains('.');
    name.contains('/') && !is_of_system && !is_script
}
