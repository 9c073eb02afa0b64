//! Programs that run several others: Procfile runners, supervisord, `concurrently` and its kin.

use super::Input;
use super::packages::shorthand;
use super::script::shell_items;
use super::start::synthetic;
use super::task::{Item, Outcome, Task, join};
use crate::knowledge::file_name;
use crate::text::{Cooked, Source, Span};

/// More commands than anybody runs in one container.
const LIMIT: usize = 32;

/// Follows a process manager to what it runs; `None` when the command is none.
pub(super) fn call(input: &Input<'_>, task: &Task) -> Option<Outcome> {
    let texts = task.texts();
    match file_name(texts[0]) {
        "foreman" | "honcho" | "overmind" | "hivemind" | "nf" | "forego" | "goreman" => {
            Some(procfile(input, task, &texts))
        }
        "supervisord" => Some(supervisord(input, task, &texts)),
        "concurrently" | "conc" => Some(concurrently(task, &texts)),
        "npm-run-all" | "run-p" | "run-s" | "npm-run-all2" => Some(run_all(task, &texts)),
        "s6-svscan" | "runsvdir" | "circusd" | "monit" | "init" | "systemd" | "s6-overlay" => {
            let reason = format!("`{}` runs what its own files say", file_name(texts[0]));
            Some(Outcome::Unknown(task.clone(), reason))
        }
        _ => None,
    }
}

/// The value of an option: `-f x`, `--file x`, `--file=x`.
fn option<'w>(texts: &[&'w str], names: &[&str]) -> Option<&'w str> {
    texts.iter().enumerate().find_map(|(at, word)| {
        if names.contains(word) {
            return texts.get(at + 1).copied();
        }
        let (name, value) = word.split_once('=')?;
        names.contains(&name).then_some(value)
    })
}

fn procfile(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    let name = option(texts, &["-f", "--procfile", "-j"]).unwrap_or("Procfile");
    let Some(source) = input.read(&task.cwd, name) else {
        return Outcome::Unknown(
            task.clone(),
            format!("`{name}` is not among the files of the project"),
        );
    };
    let mut behind = texts.iter().skip_while(|word| **word != "start").skip(1);
    let wanted = loop {
        match behind.next() {
            Some(&("-f" | "--procfile" | "-j" | "-p" | "-e" | "-m" | "-d")) => drop(behind.next()),
            Some(word) if word.starts_with('-') => {}
            word => break word,
        }
    };
    let mut tasks = Vec::new();
    for (line, start) in lines(&source) {
        let Some((process, command)) = line.split_once(':').filter(|_| !line.starts_with('#'))
        else {
            continue;
        };
        if command.trim().is_empty()
            || wanted.is_some_and(|wanted| *wanted != process)
            || tasks.len() > LIMIT
        {
            continue;
        }
        let at = start + line.len() - command.trim_start().len();
        let text = Cooked::verbatim(&source, source.span(at..at + command.trim().len()));
        let name_span = source.span(start..start + process.len());
        tasks.push(
            task.with(shell_items(&text))
                .step(format!("process \"{process}\" of {name}"), name_span),
        );
    }
    several(task, tasks, name)
}

fn supervisord(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    let named = option(texts, &["-c", "--configuration"]);
    let usual = [
        "supervisord.conf",
        "etc/supervisord.conf",
        "/etc/supervisord.conf",
        "/etc/supervisor/supervisord.conf",
    ];
    let found = named
        .map_or(&usual[..], |_| &[])
        .iter()
        .copied()
        .chain(named)
        .find_map(|path| Some((path, input.look(&join(&task.cwd, path)).file()?)));
    let Some((name, source)) = found else {
        return Outcome::Unknown(
            task.clone(),
            "the configuration of supervisord is not among the files of the project".to_owned(),
        );
    };
    let mut tasks: Vec<Task> = Vec::new();
    let mut program: Option<(String, Span)> = None;
    let mut command: Option<Cooked> = None;
    let mut directory: Option<String> = None;
    let mut is_started = true;
    let mut close = |program: Option<(String, Span)>,
                     command: Option<Cooked>,
                     directory: Option<String>,
                     is_started: bool| {
        if let (Some((program, span)), Some(command), true) =
            (program, command, is_started && tasks.len() <= LIMIT)
        {
            let mut next = task
                .with(shell_items(&command))
                .step(format!("program \"{program}\" of {name}"), span);
            next.cwd =
                directory.map_or_else(|| next.cwd.clone(), |directory| join(&next.cwd, &directory));
            tasks.push(next);
        }
    };
    for (line, start) in lines(&source) {
        if let Some(section) = line.strip_prefix('[') {
            close(program.take(), command.take(), directory.take(), is_started);
            is_started = true;
            program = section
                .strip_prefix("program:")
                .and_then(|rest| rest.split(']').next())
                .map(|name| {
                    (
                        name.trim().to_owned(),
                        source.span(start..start + line.len()),
                    )
                });
            continue;
        }
        let Some((key, value)) = line
            .split_once('=')
            .filter(|_| !line.starts_with([';', '#']))
        else {
            continue;
        };
        let at = start + line.len() - value.trim_start().len();
        // A comment starts with a semicolon behind a blank.
        let value = value.split(" ;").next().unwrap_or_default().trim();
        match key.trim() {
            "command" => {
                command = Some(Cooked::verbatim(&source, source.span(at..at + value.len())))
            }
            "directory" => directory = Some(value.to_owned()),
            "autostart" => is_started = value != "false",
            _ => {}
        }
    }
    close(program, command, directory, is_started);
    several(task, tasks, name)
}

fn concurrently(task: &Task, texts: &[&str]) -> Outcome {
    const VALUED: [&str; 14] = [
        "-n",
        "--names",
        "-c",
        "--prefix-colors",
        "-p",
        "--prefix",
        "-s",
        "--success",
        "-l",
        "--prefix-length",
        "--restart-tries",
        "--restart-after",
        "-m",
        "--max-processes",
    ];
    let mut tasks = Vec::new();
    let mut at = 1;
    while let Some(word) = texts.get(at) {
        if VALUED.contains(word) {
            at += 2;
            continue;
        }
        if !word.starts_with('-') && tasks.len() <= LIMIT {
            let text = &task.items[at].word.text;
            if text.as_str().contains('*') {
                return Outcome::Unknown(
                    task.clone(),
                    "`concurrently` runs every script that fits a pattern".to_owned(),
                );
            }
            tasks.push(task.with(shorthand(text)));
        }
        at += 1;
    }
    several(task, tasks, "concurrently")
}

/// `npm-run-all`: one after the other, or side by side.
fn run_all(task: &Task, texts: &[&str]) -> Outcome {
    let mut is_parallel = texts[0].ends_with("run-p");
    let mut names = Vec::new();
    for (at, word) in texts.iter().enumerate().skip(1) {
        match *word {
            "-p" | "--parallel" => is_parallel = true,
            "-s" | "--serial" | "--sequential" => is_parallel = false,
            word if word.starts_with('-') => {}
            word if word.contains('*') => {
                return Outcome::Unknown(
                    task.clone(),
                    format!("`{}` runs every script that fits a pattern", texts[0]),
                );
            }
            _ if names.len() <= LIMIT => names.push(at),
            _ => {}
        }
    }
    let call = |at: &usize| {
        let span = task.items[*at].word.span;
        let mut items: Vec<Item> = ["npm", "run"]
            .map(|word| Item::in_file(synthetic(word, span)))
            .to_vec();
        items.push(task.items[*at].clone());
        task.with(items)
    };
    let tasks: Vec<Task> = if is_parallel {
        names.iter().map(call).collect()
    } else {
        names.last().map(call).into_iter().collect()
    };
    several(task, tasks, texts[0])
}

fn several(task: &Task, tasks: Vec<Task>, name: &str) -> Outcome {
    match tasks.len() {
        0 => Outcome::Unknown(task.clone(), format!("`{name}` names no command")),
        1..=LIMIT => Outcome::Tasks(tasks),
        _ => Outcome::Unknown(
            task.clone(),
            format!("`{name}` names too many commands to follow"),
        ),
    }
}

/// The lines of a file, trimmed at their ends, with their offsets.
fn lines(source: &Source) -> impl Iterator<Item = (&str, usize)> {
    let mut start = 0;
    source.text().split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (line.trim_end(), at)
    })
}
