//! Tasks in `pyproject.toml` and `Pipfile`: those of poe, PDM, Hatch, Rye and Pipenv.

use toml_edit::{DocumentMut, Item as Toml};

use super::{Body, LINES, follow, place, unknown};
use crate::knowledge::file_name;
use crate::process::Input;
use crate::process::task::{Item, Outcome, Task};
use crate::text::{Cooked, Source};

/// Follows a task by its name; `None` when the file has no such task, and the words are a program.
pub(super) fn call(input: &Input<'_>, task: &Task, texts: &[&str]) -> Option<Outcome> {
    let tool = file_name(texts[0]);
    let at = match tool {
        "poe" => 1,
        _ => texts.iter().position(|word| *word == "run")? + 1,
    };
    let at = at
        + texts
            .get(at..)?
            .iter()
            .take_while(|word| word.starts_with('-'))
            .count();
    let wanted = *texts.get(at)?;
    let file = if tool == "pipenv" {
        "Pipfile"
    } else {
        "pyproject.toml"
    };
    let Some(source) = input.read(&task.cwd, file) else {
        return (tool == "poe").then(|| {
            unknown(
                task,
                format!(
                    "`{file}` of `{}` is not among the files of the project",
                    task.cwd
                ),
            )
        });
    };
    let document: Option<DocumentMut> = source.text().parse().ok();
    let Some(found) = document
        .as_ref()
        .and_then(|document| find(document, tool, wanted))
    else {
        return (tool == "poe").then(|| unknown(task, format!("`{file}` has no task `{wanted}`")));
    };
    let name = wanted.rsplit(':').next().unwrap_or(wanted);
    let Some(lines) = lines(&source, found).filter(|_| tool != "poe" || !found.is_array()) else {
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

fn find<'d>(document: &'d DocumentMut, tool: &str, wanted: &str) -> Option<&'d Toml> {
    let of_tool = || document.get("tool")?.get(tool);
    match tool {
        "poe" => of_tool()?.get("tasks")?.get(wanted),
        "pdm" | "rye" => of_tool()?.get("scripts")?.get(wanted),
        "pipenv" => document.get("scripts")?.get(wanted),
        // `env:script`
        _ => {
            let (environment, script) = wanted.split_once(':').unwrap_or(("default", wanted));
            of_tool()?
                .get("envs")?
                .get(environment)?
                .get("scripts")?
                .get(script)
        }
    }
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
