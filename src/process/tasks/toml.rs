//! Tasks in `pyproject.toml`, `pixi.toml` and `Pipfile`: those of poe, PDM, Hatch, Rye, Pixi and
//! Pipenv.

use super::{Body, follow, unknown};
use crate::knowledge::file_name;
use crate::knowledge::python::tasks::task_runner;
use crate::process::Input;
use crate::process::task::{Item, Outcome, Task};
use crate::repository::manifests;

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
    let read = |(file, _): &(&'static str, &'static [&'static str])| {
        Some((*file, input.read(&task.cwd, file)?))
    };
    let Some((file, source)) = runner.tables.iter().find_map(read) else {
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
    let parsed = manifests::of(input.workspace, &source);
    let whole = if runner.in_environments && !wanted.contains(':') {
        format!("default:{wanted}")
    } else {
        wanted.to_owned()
    };
    let Some(script) = parsed.script(runner.program, &whole) else {
        return runs_tasks_only.then(|| unknown(task, format!("`{file}` has no task `{wanted}`")));
    };
    let name = wanted.rsplit(':').next().unwrap_or(wanted);
    // To a tool that runs tasks only, a list is a task of other tasks.
    let lines = script
        .lines
        .clone()
        .filter(|_| !runs_tasks_only || !script.is_list);
    let Some(lines) = lines else {
        return Some(unknown(
            task,
            format!("task `{name}` of {file} is known only when it runs"),
        ));
    };
    let arguments: Vec<Item> = task.items.get(at + 1..).unwrap_or_default().to_vec();
    let body = Body {
        title: format!("task `{name}` of {file}"),
        name: script.name_span,
        lines,
        before: Vec::new(),
        directory: task.cwd.clone(),
    };
    Some(follow(task, body, arguments))
}
