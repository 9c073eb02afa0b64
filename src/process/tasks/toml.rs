//! Tasks in `pyproject.toml`, `pixi.toml` and `Pipfile`: those of poe, PDM, Hatch, Rye, Pixi and
//! Pipenv.

use toml_edit::{DocumentMut, Item as Toml};

use super::{Body, LINES, follow, place, unknown};
use crate::knowledge::file_name;
use crate::knowledge::python::tasks::{TaskRunner, task_runner};
use crate::process::Input;
use crate::process::task::{Item, Outcome, Task};
use crate::text::{Cooked, Source};

/// Follows a task by its name; `None` when the file has no such task, and the words are a program.
pub(super) fn call(input: &Input<'_>, task: &Task, texts: &[&str]) -> Option<Outcome> {
    let tool = file_name(texts[0]);
    let runner = task_runner(tool)?;
    let at = match runner.run {
        None => 1,
        Some(run) => texts.iter().position(|word| *word == run)? + 1,
    };
    let at = at
        + texts
            .get(at..)?
            .iter()
            .take_while(|word| word.starts_with('-'))
            .count();
    let wanted = *texts.get(at)?;
    // A runner of tasks only runs nothing else.
    let runs_tasks_only = runner.run.is_none();
    let read = |(file, keys): &(&'static str, &'static [&'static str])| {
        Some((*file, *keys, input.read(&task.cwd, file)?))
    };
    let Some((file, keys, source)) = runner.tables.iter().find_map(read) else {
        return runs_tasks_only.then(|| {
            unknown(
                task,
                format!(
                    "`{}` of `{}` is not among the files of the project",
                    runner.tables[0].0, task.cwd
                ),
            )
        });
    };
    let document: Option<DocumentMut> = source.text().parse().ok();
    let Some(found) = document
        .as_ref()
        .and_then(|document| find(document, runner, keys, wanted))
    else {
        return runs_tasks_only.then(|| unknown(task, format!("`{file}` has no task `{wanted}`")));
    };
    let name = wanted.rsplit(':').next().unwrap_or(wanted);
    let Some(lines) = lines(&source, found).filter(|_| !runs_tasks_only || !found.is_array())
    else {
        return Some(unknown(
            task,
            format!("task `{name}` of {file} is known only when it runs"),
        ));
    };
    let arguments: Vec<Item> = task.items.get(at + 1..).unwrap_or_default().to_vec();
    let body = Body {
        title: format!("task `{name}` of {file}"),
        name: place(&source, name),
        lines,
        before: Vec::new(),
        directory: task.cwd.clone(),
    };
    Some(follow(task, body, arguments))
}

fn find<'d>(
    document: &'d DocumentMut,
    runner: &TaskRunner,
    keys: &[&str],
    wanted: &str,
) -> Option<&'d Toml> {
    let mut table = document.as_item();
    for key in keys {
        table = table.get(key)?;
    }
    if !runner.in_environments {
        return table.get(wanted);
    }
    // `env:script`
    let (environment, script) = wanted.split_once(':').unwrap_or(("default", wanted));
    table.get(environment)?.get("scripts")?.get(script)
}

/// The commands of a task: a text, a list of texts (Hatch), or a table with `cmd` or `shell`. A
/// task of other tasks, or one that is written in Python, has none.
fn lines(source: &Source, task: &Toml) -> Option<Vec<Cooked>> {
    let text = |text: &str| Cooked::synthetic(text, place(source, text));
    if let Some(list) = task.as_array() {
        return list
            .iter()
            .take(LINES)
            .map(|item| item.as_str().map(text))
            .collect();
    }
    let command = task
        .get("cmd")
        .or_else(|| task.get("shell"))
        .unwrap_or(task);
    match command.as_array() {
        // `cmd = ["uvicorn", "app:app"]`
        Some(words) => {
            let words: Option<Vec<&str>> = words.iter().map(|word| word.as_str()).collect();
            Some(vec![text(&words?.join(" "))])
        }
        None => Some(vec![text(command.as_str()?.trim())]),
    }
}
