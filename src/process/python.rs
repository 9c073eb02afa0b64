//! Python programs that start their own server: `uvicorn.run(…)`, `app.run(…)` and what they are
//! told about reloading.
//!
//! This is no Python parser. Comments and strings are blanked out, and the calls that matter are
//! found in what is left.

use super::manifests;
use super::task::{Item, Outcome, Task, join};
use super::{Input, PathContent, Reads, Reload};
use crate::knowledge;
use crate::knowledge::python::source::{FRAMEWORKS, NO_APPS, RELOADING, STAYING};
use crate::text::{Source, Span};

mod imports;

const APP_OBJECT: &str = "uvicorn reloads only what it imports itself: the first argument must be a string such as \"main:app\"";

/// No file starts its server in more places.
const CALLS: usize = 16;

/// `python file.py`.
pub(super) fn file(input: &Input<'_>, task: Task, path: &str) -> Outcome {
    match input.look(path) {
        PathContent::File(source) => judge(input, task, &source, path),
        PathContent::Made => {
            Outcome::Unknown(task, format!("`{path}` is made while the image is built"))
        }
        PathContent::Nothing => Outcome::Unknown(
            task,
            format!("`{path}` is not among the files of the project"),
        ),
    }
}

/// `python -m module`: a tool that is known, or a file of the project. `whole` is the command as it
/// stands.
pub(super) fn module(input: &Input<'_>, module: Task, whole: Task) -> Outcome {
    let texts = module.texts();
    let Some(name) = texts.first() else {
        return Outcome::Unknown(whole, "it runs Python without a program".to_owned());
    };
    if knowledge::recognise(&texts).is_some() || knowledge::wrapper(&texts).is_some() {
        return Outcome::Tasks(vec![module]);
    }
    match module_file(input, &whole.cwd, name) {
        Some((source, path)) => judge(input, whole, &source, &path),
        None => Outcome::Unknown(
            whole.clone(),
            format!("the module `{name}` is not among the files of the project"),
        ),
    }
}

/// A program that `pyproject.toml` declares.
pub(super) fn console_script(input: &Input<'_>, task: &Task) -> Option<Outcome> {
    let name = task.items[0].text();
    let manifest = manifests::named(input, &task.cwd, "pyproject.toml")?;
    let program = manifest
        .programs
        .iter()
        .find(|program| program.name == name)?;
    let module = program.target.as_str().split(':').next()?;
    let title = format!("script \"{name}\" of pyproject.toml");
    let task = task.clone().step(title, program.name_span);
    Some(match module_file(input, &task.cwd, module) {
        Some((source, path)) => match judge(input, task, &source, &path) {
            // Which copy of the package it imports depends on how the package is installed.
            Outcome::Program(task, program, Some((reload, _))) => {
                let package = module.split('.').next().unwrap_or(module).to_owned();
                Outcome::Program(task, program, Some((reload, Reads::Package(package))))
            }
            other => other,
        },
        None => Outcome::Unknown(
            task,
            format!("the module `{module}` is not among the files of the project"),
        ),
    })
}

fn module_file(input: &Input<'_>, cwd: &str, module: &str) -> Option<(Source, String)> {
    let path = module.replace('.', "/");
    let candidates = [
        format!("{path}.py"),
        format!("{path}/__main__.py"),
        format!("src/{path}.py"),
        format!("src/{path}/__main__.py"),
    ];
    candidates
        .iter()
        .map(|candidate| join(cwd, candidate))
        .find_map(|path| Some((input.look(&path).file()?, path)))
}

/// What a file that is run does about reloading. `path` is where it lies in the container.
fn judge(input: &Input<'_>, mut task: Task, source: &Source, path: &str) -> Outcome {
    let code = Code::new(source);
    let row = |name: &str| knowledge::program(name).unwrap_or(&knowledge::BINARY);
    let done = |task: Task, name: &str, reload: Reload| {
        Outcome::Program(task, row(name), Some((reload, Reads::Source)))
    };
    if code.find("execute_from_command_line(").is_some() {
        let at = task
            .items
            .iter()
            .position(|item| item.text().ends_with(".py"))
            .unwrap_or(0);
        let mut items = task.items.split_off(at);
        items[0] = Item {
            word: super::start::synthetic("manage.py", items[0].word.span),
            place: items[0].place,
        };
        return Outcome::Tasks(vec![task.with(items)]);
    }
    if let Some(at) = ["start_reloader(", "run_process(", "jurigged.watch("]
        .iter()
        .find_map(|call| code.find(call))
    {
        return done(
            task,
            "python server",
            Reload::Yes {
                how: "a reloader in the source".to_owned(),
                at,
            },
        );
    }
    if let Some((reload, row)) = code.server(&task) {
        return done(task, row, reload);
    }
    let stays = |code: &Code<'_>| STAYING.iter().any(|call| code.find(call).is_some());
    if stays(&code) {
        return done(task, "python worker", Reload::None);
    }
    // What it imports may start the server, or a reloader.
    let Some(imported) = imports::reachable(input, source, path, &task.cwd) else {
        return done(
            task,
            "python",
            Reload::Unknown("it imports too much to be followed".to_owned()),
        );
    };
    let imported: Vec<Code<'_>> = imported.iter().map(Code::new).collect();
    let reloads = |code: &Code<'_>| RELOADING.iter().any(|word| code.masked.contains(word));
    if imported.iter().chain([&code]).any(reloads) {
        return done(
            task,
            "python",
            Reload::Unknown("something that it imports may reload it".to_owned()),
        );
    }
    match imported.iter().find_map(|code| code.server(&task)) {
        Some((Reload::None, row)) => return done(task, row, Reload::None),
        Some(_) => {
            return done(
                task,
                "python",
                Reload::Unknown("something that it imports may reload it".to_owned()),
            );
        }
        None => {}
    }
    let row = if imported.iter().any(stays) {
        "python worker"
    } else {
        "python"
    };
    done(task, row, Reload::None)
}

/// The verdict of several calls, if they say the same.
fn agree(verdicts: Vec<Reload>) -> Option<Reload> {
    let first = verdicts.first()?.clone();
    let same = verdicts
        .iter()
        .all(|verdict| std::mem::discriminant(verdict) == std::mem::discriminant(&first));
    Some(if same {
        first
    } else {
        Reload::Unknown("it starts its server in several ways".to_owned())
    })
}

/// A source with comments and strings blanked out, byte for byte.
struct Code<'s> {
    source: &'s Source,
    masked: String,
}

/// The arguments of a call: keyword or nothing, and the range of the value.
struct Call<'c> {
    code: &'c Code<'c>,
    arguments: Vec<(String, std::ops::Range<usize>)>,
    span: Span,
}

impl<'s> Code<'s> {
    fn new(source: &'s Source) -> Self {
        Code {
            source,
            masked: mask(source.text()),
        }
    }

    fn find(&self, text: &str) -> Option<Span> {
        self.masked
            .find(text)
            .map(|at| self.source.span(at..at + text.len()))
    }

    /// Every call of a function by its full name.
    fn calls(&self, name: &str) -> Vec<Call<'_>> {
        let open = format!("{name}(");
        let is_whole = |at: &usize| {
            !self.masked[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
        };
        let places = self
            .masked
            .match_indices(&open)
            .map(|(at, _)| at)
            .filter(is_whole);
        places
            .take(CALLS)
            .map(|at| self.call(at, at + open.len()))
            .collect()
    }

    fn call(&self, start: usize, open: usize) -> Call<'_> {
        let bytes = self.masked.as_bytes();
        let mut arguments = Vec::new();
        let (mut depth, mut at, mut begin) = (1, open, open);
        while at < bytes.len() && depth > 0 {
            match bytes[at] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                _ => {}
            }
            if (bytes[at] == b',' && depth == 1) || depth == 0 {
                arguments.extend(self.argument(begin, at));
                begin = at + 1;
            }
            at += 1;
        }
        Call {
            code: self,
            arguments,
            span: self.source.span(start..at),
        }
    }

    fn argument(&self, start: usize, end: usize) -> Option<(String, std::ops::Range<usize>)> {
        let text = &self.masked[start..end];
        if self.source.text()[start..end].trim().is_empty() {
            return None;
        }
        let (name, from) = match text.split_once('=') {
            Some((name, rest))
                if !rest.starts_with('=')
                    && name.trim().chars().all(|c| c.is_alphanumeric() || c == '_') =>
            {
                (name.trim().to_owned(), start + name.len() + 1)
            }
            _ => (String::new(), start),
        };
        Some((name, from..end))
    }

    /// The server that it starts: whether that reloads, and the name of the row that fits.
    fn server(&self, task: &Task) -> Option<(Reload, &'static str)> {
        let verdicts: Vec<Reload> = self
            .calls("uvicorn.run")
            .iter()
            .map(|call| call.uvicorn())
            .collect();
        if let Some(reload) = agree(verdicts) {
            return Some((reload, "python server"));
        }
        if let Some(found) = self.app_run(task) {
            return Some(found);
        }
        let is_tornado = self.masked.contains("tornado")
            && (self.masked.contains("autoreload=True") || self.masked.contains("debug=True"));
        let at = self
            .find("autoreload=True")
            .or_else(|| self.find("debug=True"))
            .filter(|_| is_tornado)?;
        Some((
            Reload::Yes {
                how: "autoreload".to_owned(),
                at,
            },
            "python server",
        ))
    }

    /// `app.run(…)` of Flask and those that took its form; the row that fits says how to help.
    fn app_run(&self, task: &Task) -> Option<(Reload, &'static str)> {
        let lower = self.masked.to_ascii_lowercase();
        let is_nicegui = lower.contains("nicegui");
        let is_named = |name: &str| {
            let mut places = lower.match_indices(name);
            places.any(|(at, _)| {
                let before = lower[..at].trim_end_matches(' ');
                let behind = lower[at + name.len()..].chars().next();
                (before.ends_with("import") || before.ends_with("from"))
                    && behind.is_none_or(|c| !c.is_alphanumeric())
            })
        };
        let is_web = lower.contains("create_app")
            || lower.contains("socketio")
            || FRAMEWORKS.iter().any(|name| is_named(name));
        if !is_nicegui && !is_web {
            return None;
        }
        let receivers = self
            .masked
            .match_indices(".run(")
            .map(|(at, open)| (at, at + open.len()));
        let servers = self
            .masked
            .match_indices(".run_server(")
            .map(|(at, open)| (at, at + open.len()));
        let mut verdicts = Vec::new();
        let mut is_told = false;
        for (at, open) in receivers.chain(servers).take(CALLS) {
            let before = &self.masked[..at];
            let receiver = before
                .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
                .next()
                .unwrap_or_default();
            if NO_APPS.contains(&receiver.split('.').next().unwrap_or_default()) {
                continue;
            }
            let call = self.call(at + 1, open);
            is_told |= call.value("debug").is_some();
            verdicts.push(if is_nicegui && receiver == "ui" {
                call.by_default("reload", true)
            } else {
                call.app()
            });
        }
        let reload = agree(verdicts)?;
        let variable = task
            .environment
            .iter()
            .rev()
            .find(|variable| variable.name == "FLASK_DEBUG");
        let is_on = variable.is_some_and(|variable| {
            variable
                .value
                .as_deref()
                .is_some_and(|value| !matches!(value, "" | "0" | "false" | "no"))
        });
        Some(match reload {
            Reload::None if is_on && !is_told => {
                let at = variable
                    .and_then(|variable| variable.span)
                    .unwrap_or(task.span());
                (
                    Reload::Yes {
                        how: "FLASK_DEBUG".to_owned(),
                        at,
                    },
                    "flask app.run",
                )
            }
            reload if is_told || is_nicegui || !lower.contains("flask") => {
                (reload, "python server")
            }
            reload => (reload, "flask app.run"),
        })
    }
}

impl Call<'_> {
    fn value(&self, name: &str) -> Option<(&str, Span)> {
        let (_, range) = self.arguments.iter().find(|(keyword, _)| keyword == name)?;
        let text = &self.code.source.text()[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        Some((
            text.trim(),
            self.code.source.span(start..start + text.trim().len()),
        ))
    }

    /// A switch that is `default` when it is not given.
    fn by_default(&self, name: &str, default: bool) -> Reload {
        match self.value(name) {
            Some(("True", at)) => Reload::Yes {
                how: format!("{name}=True"),
                at,
            },
            Some(("False", _)) => Reload::None,
            Some((value, _)) => {
                Reload::Unknown(format!("`{name}={value}` is known only when it runs"))
            }
            None if default => Reload::Yes {
                how: "its default".to_owned(),
                at: self.span,
            },
            None => Reload::None,
        }
    }

    fn uvicorn(&self) -> Reload {
        let is_object = self.arguments.first().is_some_and(|(keyword, range)| {
            let text = self.code.source.text()[range.clone()].trim_start();
            (keyword.is_empty() || keyword == "app") && !text.starts_with(['"', '\'', 'f', 'r'])
        });
        match self.by_default("reload", false) {
            Reload::Yes { at, .. } if is_object => Reload::Broken {
                reason: APP_OBJECT,
                at,
            },
            reload => reload,
        }
    }

    fn app(&self) -> Reload {
        let switches = ["use_reloader", "reloader", "auto_reload", "dev", "debug"];
        let given = switches.iter().find(|name| self.value(name).is_some());
        given.map_or(Reload::None, |name| self.by_default(name, false))
    }
}

/// Blanks comments and strings out, byte for byte, so that offsets stay.
fn mask(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'#' => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
            }
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote),
            _ => {
                at += 1;
                continue;
            }
        }
        for byte in &mut masked[start..at] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    // Only whole comments and strings became blanks, so that characters stay whole.
    String::from_utf8(masked).unwrap_or_default()
}

fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let is_long = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if is_long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !is_long => return at,
            byte if byte == quote && !is_long => return at + 1,
            _ if is_long && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
