//! `npm run`, `yarn`, `pnpm`, `bun run`: from a package script to its command.

use std::sync::Arc;

use super::Input;
use super::manifests;
use super::script::{Position, follow, shell_items};
use super::start::synthetic;
use super::task::{Item, Outcome, PackageScript, Task, join};
use crate::knowledge::manager::{Scripts, manager_of};
use crate::knowledge::node::WORKSPACE_FILES;
use crate::repository::manifests::Manifest;
use crate::syntax::shell;
use crate::text::{Cooked, Span};

/// A call of a package manager, taken apart.
struct Call<'w> {
    script: &'w str,
    /// Whether the script must be one: `run x`, `start`. Else it may be a program of a package.
    is_script: bool,
    directory: Option<&'w str>,
    workspace: Option<&'w str>,
    /// Index of the script's name, and of the first argument for it.
    name: usize,
    arguments: usize,
}

/// Follows a call of a package manager; `None` when it runs no script.
pub(super) fn call(input: &Input<'_>, task: &Task) -> Option<Outcome> {
    let texts = task.texts();
    let row = manager_of(texts[0])?;
    let (manager, scripts) = (row.name, row.scripts?);
    let call = parse(manager, scripts, &texts)?;
    let mut directory = join(&task.cwd, call.directory.unwrap_or("."));
    if let Some(workspace) = call.workspace {
        match find_workspace(input, &directory, workspace) {
            Some(found) => directory = found,
            None => {
                return Some(Outcome::Unknown(
                    task.clone(),
                    format!("no package `{workspace}` can be found from `{directory}`"),
                ));
            }
        }
    }
    let Some((manifest, at)) = manifest_above(input, &directory) else {
        // `bun index.ts` runs a file.
        let reason =
            format!("`package.json` of `{directory}` is not among the files of the project");
        return (manager != "bun" || call.is_script)
            .then(|| Outcome::Unknown(task.clone(), reason));
    };
    directory = at;
    let arguments = task
        .items
        .get(call.arguments..)
        .unwrap_or_default()
        .to_vec();
    let Some((text, key)) = script(&manifest, call.script) else {
        return missing(input, task, manager, &call, &directory, arguments);
    };
    let step = format!("{manager} script \"{}\"", call.script);
    let mut next = task.with(Vec::new()).step(step, key);
    next.cwd.clone_from(&directory);
    next.script = Some(PackageScript {
        manager: manager.to_owned(),
        directory,
        name: call.script.to_owned(),
        place: task.items[0].place,
    });
    if let Some((before, _)) = script(&manifest, &format!("pre{}", call.script)) {
        next.side_effects.extend(shell::parse(&before).commands);
    }
    Some(run(&next, &text, arguments))
}

/// Runs a script's text; its arguments go behind the last command.
fn run(task: &Task, text: &Cooked, arguments: Vec<Item>) -> Outcome {
    match follow(task, &shell::parse(text), Position::File, Vec::new()) {
        Outcome::Tasks(mut tasks) => {
            if let Some(last) = tasks.last_mut() {
                last.items.extend(arguments);
            }
            Outcome::Tasks(tasks)
        }
        other => other,
    }
}

/// No such script: npm's own `start`, or a program of a package.
fn missing(
    input: &Input<'_>,
    task: &Task,
    manager: &str,
    call: &Call<'_>,
    directory: &str,
    arguments: Vec<Item>,
) -> Option<Outcome> {
    let at = task.span();
    if call.script == "start" && input.read(directory, "server.js").is_some() {
        let items = ["node", "server.js"].map(|word| Item::in_file(synthetic(word, at)));
        let mut next = task.with(items.into_iter().chain(arguments).collect());
        next.cwd = directory.to_owned();
        return Some(Outcome::Tasks(vec![next]));
    }
    if call.is_script || manager == "npm" {
        return Some(Outcome::Unknown(
            task.clone(),
            format!("`package.json` has no script `{}`", call.script),
        ));
    }
    if manager == "bun" && call.script.contains('.') {
        return None;
    }
    let items = task.items[call.name..=call.name]
        .iter()
        .cloned()
        .chain(arguments);
    let mut next = task.with(items.collect());
    next.cwd = directory.to_owned();
    Some(Outcome::Tasks(vec![next]))
}

fn parse<'w>(manager: &str, scripts: &Scripts, texts: &[&'w str]) -> Option<Call<'w>> {
    let mut call = Call {
        script: "",
        is_script: false,
        directory: None,
        workspace: None,
        name: 0,
        arguments: texts.len(),
    };
    let mut at = 1;
    while let Some(word) = texts.get(at) {
        let (option, joined) = word
            .split_once('=')
            .map_or((*word, None), |(option, value)| (option, Some(value)));
        let value = joined.or(texts
            .get(at + 1)
            .copied()
            .filter(|_| scripts.valued.contains(&option)));
        match option {
            "--prefix" | "-C" | "--cwd" | "--dir" => call.directory = value,
            "-w" | "--workspace" | "--filter" | "-F" if scripts.valued.contains(&option) => {
                call.workspace = value
            }
            _ => {}
        }
        if option.starts_with('-') {
            at += if joined.is_none() && scripts.valued.contains(&option) {
                2
            } else {
                1
            };
            // `bun --watch x` is a call of Bun, not of a script.
            if manager == "bun" && matches!(option, "--watch" | "--hot") {
                return None;
            }
            continue;
        }
        match *word {
            "workspace" if manager == "yarn" && call.script.is_empty() => {
                call.workspace = texts.get(at + 1).copied();
                at += 2;
            }
            name if !call.is_script && scripts.run.contains(&name) => {
                call.is_script = true;
                at += 1;
            }
            name if !call.is_script && !scripts.runs_bare(name) => return None,
            name => {
                call.script = name;
                call.is_script |= matches!(name, "start" | "test") && manager != "bun";
                (call.name, call.arguments) = (at, at + 1);
                break;
            }
        }
    }
    if call.script.is_empty() {
        return None;
    }
    // npm takes options up to `--`; the others hand everything on.
    if manager == "npm" {
        let dashes = texts[call.arguments..]
            .iter()
            .position(|word| *word == "--");
        let options = &texts[call.arguments..dashes.map_or(texts.len(), |at| call.arguments + at)];
        for (nth, word) in options.iter().enumerate() {
            match word
                .split_once('=')
                .map_or((*word, options.get(nth + 1).copied()), |(option, value)| {
                    (option, Some(value))
                }) {
                ("--prefix" | "-C", value) => call.directory = value,
                ("-w" | "--workspace", value) => call.workspace = value,
                _ => {}
            }
        }
        call.arguments = dashes.map_or(texts.len(), |at| call.arguments + at + 1);
    } else if texts.get(call.arguments) == Some(&"--") {
        call.arguments += 1;
    }
    Some(call)
}

/// The `package.json` of a directory or of the nearest above, as package managers look for it.
pub(super) fn manifest_above(
    input: &Input<'_>,
    directory: &str,
) -> Option<(Arc<Manifest>, String)> {
    let mut directory = directory.to_owned();
    for _ in 0..8 {
        if let Some(manifest) = manifests::named(input, &directory, "package.json") {
            return Some((manifest, directory));
        }
        if directory == "/" {
            break;
        }
        directory = join(&directory, "..");
    }
    None
}

/// The text of a script, and where its name is written.
pub(super) fn script(manifest: &Manifest, name: &str) -> Option<(Cooked, Span)> {
    let script = manifest.script("npm", name)?;
    Some((script.lines.as_ref()?.first()?.clone(), script.name_span))
}

/// The directory of a workspace package, by its path or its name.
pub(super) fn find_workspace(input: &Input<'_>, root: &str, name: &str) -> Option<String> {
    let by_path = join(root, name);
    if input.read(&by_path, "package.json").is_some() {
        return Some(by_path);
    }
    let is_named = |directory: &str| {
        let manifest = manifests::named(input, directory, "package.json")?;
        (manifest.name.as_ref()?.as_str() == name).then(|| directory.to_owned())
    };
    // A directory cannot be listed here; packages usually lie in one named like them.
    let short = name.rsplit('/').next().unwrap_or(name);
    let roots = WORKSPACE_FILES
        .iter()
        .filter_map(|(file, _)| manifests::named(input, root, file));
    roots
        .collect::<Vec<_>>()
        .iter()
        .flat_map(|manifest| &manifest.members)
        .find_map(|pattern| {
            let pattern = pattern.as_str();
            match pattern.strip_suffix("/*").or(pattern.strip_suffix("/**")) {
                Some(parent) => is_named(&join(root, &format!("{parent}/{short}"))),
                None => is_named(&join(root, pattern)),
            }
        })
}

/// A command of `concurrently` or a Procfile that names a script: `npm:dev`.
pub(super) fn shorthand(text: &Cooked) -> Vec<Item> {
    let at = text.span();
    match text.as_str().split_once(':') {
        Some((manager, name)) if runs_scripts(manager) && !name.contains(' ') => {
            [manager, "run", name]
                .map(|word| Item::in_file(synthetic(word, at)))
                .to_vec()
        }
        _ => shell_items(text),
    }
}

/// Whether a program runs scripts of `package.json`.
pub(super) fn runs_scripts(program: &str) -> bool {
    manager_of(program).is_some_and(|manager| manager.scripts.is_some())
}
